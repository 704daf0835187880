// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The chronology of a child, the forms of four types of file, and files that
// are begun, as a list for pages.mjs (tests/web/serve_child.c serves them).
import { WIDTHS, setLook, headFaults, overflowFaults, axeFaults, walk } from './harness.mjs';
import { peopleIn, signInOf } from './people.mjs';

const PAPER = 700;
const people = peopleIn('CANDOUR_CHILD');
const signIn = signInOf(people);

const as = (session, name, path, more = {}) => ({ session, name, path, ...more });
const signsIn = (session, name, who) => as(session, name, '/sign-in', { plain: false, steps: signIn(who) });

// Every form that is linked from the page, whatever is folded.
async function everyForm(page) {
	const links = await page.locator('main a[href^="/files/"]').evaluateAll((all) =>
		all.map((a) => a.getAttribute('href')).filter((href) => /^\/files\/([A-Z]+-\d+|new)\/[a-z]+\.[a-z.-]+/.test(href)));
	const forms = [...new Set(links)];
	if (forms.length < 5) {
		throw new Error(`leads to ${forms.length} forms`);
	}
	for (const form of forms) {
		await page.goto(new URL(form, page.url()).href);
		for (const width of WIDTHS) {
			await setLook(page, { width });
			const faults = [...await headFaults(page), ...await axeFaults(page), ...await overflowFaults(page),
				...(await walk(page)).faults];
			if (faults.length > 0) {
				throw new Error(`${form} at ${width}: ${faults[0]}`);
			}
		}
	}
}

// On paper: all of it, who printed it, and nothing to press.
async function onPaper(page) {
	await setLook(page, { width: PAPER, media: 'print' });
	const shown = await page.evaluate(() => ({
		entries: document.querySelectorAll('.cd-entry').length,
		controls: Array.from(document.querySelectorAll('button, select, input:not([type=hidden]), nav, ' +
			'.govuk-service-navigation')).filter((el) => el.getClientRects().length > 0)
			.map((el) => el.className || el.localName),
		foot: document.querySelector('.cd-print-foot')?.getClientRects().length > 0,
		table: document.querySelector('table')?.getClientRects().length > 0,
		picture: Array.from(document.querySelectorAll('.cd-time > svg'))
			.filter((el) => el.getClientRects().length > 0).length,
	}));
	const faults = await overflowFaults(page);
	await setLook(page, { width: 1280 });
	if (shown.entries <= 50 || shown.controls.length > 0 || !shown.foot || !shown.table ||
		shown.picture !== 1 || faults.length > 0) {
		throw new Error(`on paper: ${JSON.stringify(shown)} ${faults.join(', ')}`);
	}
}

// More rows by the script: another one, empty, with names of its own, and the first as it was typed.
async function moreRows(page) {
	await page.locator('#actions\\.0\\.by-date').fill('7');
	const before = await page.locator('.cd-row').count();
	await page.locator('[data-cd-more]').click();
	const after = await page.locator('.cd-row').count();
	const name = await page.locator('.cd-row').last().locator('input[name$=".by-date-d"]').getAttribute('name');
	const kept = await page.locator('#actions\\.0\\.by-date').inputValue();
	if (after !== before + 1 || name !== `actions.${after - 1}.by-date-d` || kept !== '7') {
		throw new Error(`${before} rows became ${after}, named ${name}, the first says "${kept}"`);
	}
}

// Typing leaves the rows that have the words.
async function filtersRows(page) {
	await page.locator('#filter').fill('missing');
	const rows = await page.locator('[data-cd-row]:not([hidden])').allInnerTexts();
	if (rows.length !== 1 || !rows[0].includes('missing')) {
		throw new Error(`leaves ${rows.join(', ')}`);
	}
}

// Both pictures fit, and so do their twins for narrow screens.
async function twoPictures(page) {
	for (const [width, name] of [[1280, 'wide'], [320, 'tall']]) {
		await setLook(page, { width });
		const shown = await page.locator('.cd-time > svg:visible').evaluateAll((all) => all.map((el) => el.getAttribute('class')));
		if (shown.join() !== `cd-time--${name},cd-time--${name}`) {
			throw new Error(`at ${width}: ${shown.join()}`);
		}
	}
	await setLook(page, { width: 1280 });
}

// Whatever place of the page the form asks for: what is wrong is before the reader, and leads to its field.
async function toldOnTop(page) {
	await page.locator('#from').fill('2026-12-28');
	await page.locator('#to').fill('2026-12-27');
	await page.locator('.cd-filter button').click();
	await page.locator('.govuk-error-summary').waitFor();
	await page.waitForLoadState('load');
	await page.waitForTimeout(200);
	const summary = await page.evaluate(() => ({
		focused: document.activeElement?.className,
		top: document.querySelector('.govuk-error-summary').getBoundingClientRect().top,
		high: innerHeight,
	}));
	if (summary.focused !== 'govuk-error-summary' || summary.top < 0 || summary.top > summary.high) {
		throw new Error(`after an error: ${JSON.stringify(summary)}`);
	}
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	const field = await page.evaluate(() => [document.activeElement?.id, document.activeElement?.value]);
	if (field.join() !== 'to,2026-12-27') {
		throw new Error(`its link leads to ${field.join()}`);
	}
}

export default function pages() {
	const list = [
		signsIn('social', 'my work of a social worker', 'sunita'),
		as('social', 'child', '/files/CH-1'),
		as('social', 'child, two pictures', '/files/CH-1', { look: false, plain: false, steps: [twoPictures] }),
		as('social', 'child, every form', '/files/CH-1', { look: false, plain: false, steps: [everyForm] }),
		as('social', 'chronology', '/files/CH-1/chronology'),
		as('social', 'chronology, filtered', '/files/CH-1/chronology?agency=council&kind=child&from=2026-11-26&words=yes', {
			steps: [{ see: 'In the person' }] }),
		as('social', 'chronology, nothing found', '/files/CH-1/chronology?agency=partnership', {
			steps: [{ see: 'No entry is like that.' }] }),
		as('social', 'chronology, a wrong day', '/files/CH-1/chronology?from=x', {
			steps: [{ see: 'must be a real date' }] }),
		as('social', 'chronology, a wrong day by its form', '/files/CH-1/chronology', {
			look: false, plain: false, steps: [toldOnTop] }),
		as('social', 'chronology by its form', '/files/CH-1/chronology', { steps: [
			{ select: ['#agency', 'police'] }, { click: '.cd-filter button' }, { see: 'A child is missing' },
			{ click: '.cd-chips a' }, { see: 'The child' } ] }),
		as('social', 'chronology, oldest first', '/files/CH-1/chronology?order=oldest'),
		as('social', 'chronology, all words', '/files/CH-1/chronology?open=all'),
		as('social', 'chronology to print', '/files/CH-1/chronology?print=yes'),
		as('social', 'chronology on paper', '/files/CH-1/chronology?print=yes', {
			look: false, plain: false, steps: [onPaper] }),
		as('social', 'begin a file', '/work/begin'),
		as('social', 'begin a file, looked for', '/work/begin', { look: false, plain: false, steps: [filtersRows] }),
		as('social', 'a file begun about a child', '/files/new/missing.reported?child=CH-1'),
		signsIn('screener', 'my work of a screener', 'amara'),
		as('screener', 'a concern of four types', '/files/C-1'),
		as('screener', 'a concern, every form', '/files/C-1', { look: false, plain: false, steps: [everyForm] }),
		as('screener', 'a challenge begun', '/files/new/challenge.raised?child=C-1', { steps: [
			{ select: ['#to', 'team-manager'] }, { check: '#urgent' }, { fill: ['#words', 'Nobody looked.'] } ] }),
		as('social', 'a table to fill in', '/files/CH-2/plan.made'),
		as('social', 'more rows by script', '/files/CH-2/plan.made', { look: false, plain: false, steps: [moreRows] }),
	];
	return list.map((item) => ({ plain: true, ...item }));
}

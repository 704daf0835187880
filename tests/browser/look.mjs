// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The style sheet and the script by themselves, on the pages in samples/: every
// part by day and night, narrow and wide, right to left, in forced colours and
// on paper; and what the script does, with the browser's clock moved by hand.
//
//   node tests/browser/look.mjs ASSETS [PICTURES]    ASSETS is BUILD/assets
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './serve.mjs';
import { checkPages, counter } from './pages.mjs';
import { openBrowser, setLook, axeFaults, overflowFaults, shoot, WIDTHS } from './harness.mjs';

const samples = path.join(path.dirname(fileURLToPath(import.meta.url)), 'samples');
const NAMES = ['public', 'staff'];
const TARGETS = { public: 44, staff: 24 };
const AWAY = 'weather.example';

const expect = (holds, fault) => (holds ? [] : [fault]);

// The test: opens a page, does `body`, tells what was wrong.
async function prove(browser, say, name, where, body, options = {}) {
	const session = await browser.openSession({ allow: [AWAY], ...options });
	let faults;
	try {
		await session.page.clock.install({ time: new Date('2026-11-19T10:12:00Z') });
		await session.go(where);
		faults = await body(session.page);
	} catch (error) {
		faults = [error.message.split('\n')[0]];
	}
	say(name, [...faults, ...session.takeFaults()]);
	await session.close();
}

const isBlank = (page) => page.evaluate(() => {
	const cover = document.querySelector('.cd-blank');
	return Boolean(cover) && !document.body.innerText.includes('What is happening');
});

// Where the browser went, or tried to.
function leaves(page) {
	return page.waitForRequest((request) => new URL(request.url()).host === AWAY, { timeout: 3000 })
		.then(() => true, () => false);
}

async function pressShift(page, times) {
	for (let i = 0; i < times; i++) {
		await page.keyboard.press('Shift');
	}
}

async function proveScript(browser, say) {
	const test = (name, body, options) => prove(browser, say, name, '/public.html', body, options);

	await test('the error summary has the focus, its link puts it into the field', async (page) => {
		const summary = await page.evaluate(() =>
			document.activeElement.classList.contains('govuk-error-summary'));
		await page.locator('.govuk-error-summary a').first().click();
		const field = await page.evaluate(() => document.activeElement.id);
		return [...expect(summary, 'the summary has no focus'), ...expect(field === 'happening', `focus on ${field}`)];
	});
	await test('Shift three times leaves, and the page is blank at once', async (page) => {
		const left = leaves(page);
		await pressShift(page, 3);
		const blank = await isBlank(page);
		return [...expect(await left, 'did not leave'), ...expect(blank, 'words are still to be seen')];
	});
	await test('Shift with a letter, or twice, stays', async (page) => {
		const left = leaves(page);
		await page.locator('#happening').focus();
		for (let i = 0; i < 4; i++) {
			await page.keyboard.press('Shift+A');
		}
		await pressShift(page, 2);
		return expect(!await left, 'left although somebody only typed');
	});
	await test('the exit link leaves in place of the page', async (page) => {
		const left = leaves(page);
		await page.locator('.govuk-exit-this-page__button').click({ noWaitAfter: true });
		return expect(await left, 'did not leave');
	});
	await test('ten idle minutes blank the page, "Go on" brings it back with what was typed', async (page) => {
		await page.locator('#happening').fill('half a sentence');
		await page.clock.runFor('09:30');
		const early = await isBlank(page);
		await page.clock.runFor('00:40');
		const blank = await isBlank(page);
		await page.keyboard.press('Enter');
		const typed = await page.locator('#happening').inputValue();
		return [...expect(!early, 'blank before its time'), ...expect(blank, 'not blank after ten minutes'),
			...expect(!await isBlank(page), 'stays blank'),
			...expect(typed === 'half a sentence', `kept "${typed}"`)];
	});
	await test('a key in the ninth minute starts the ten again', async (page) => {
		await page.clock.runFor('09:00');
		await page.keyboard.press('Tab');
		await page.clock.runFor('09:00');
		return expect(!await isBlank(page), 'blank although a key was pressed');
	});
	await test('five minutes before the end the page says so, and at the end again', async (page) => {
		const box = page.locator('.cd-session');
		const hidden = await box.isHidden();
		await page.clock.runFor('55:10');
		await page.keyboard.press('Enter'); // "Go on": the idle page lies over it
		const warned = (await box.innerText()).includes('kept until');
		await page.clock.runFor('05:00');
		await page.keyboard.press('Tab');
		const over = await page.locator('[data-cd-session-over]').isVisible();
		return [...expect(hidden, 'shown at the start'), ...expect(warned, 'does not warn'), ...expect(over, 'does not tell the end')];
	});
	await test('the room left is counted in characters, not in halves of them', async (page) => {
		const box = page.locator('.govuk-character-count [aria-hidden]');
		const said = () => box.innerText();
		await page.locator('#happening').fill('x'.repeat(35));
		const early = await box.isVisible();
		await page.locator('#happening').fill('🙂'.repeat(39));
		const one = await said();
		await page.locator('#happening').fill('x'.repeat(42));
		const over = await said();
		return [...expect(!early, 'said before nine tenths are written'), ...expect(one === 'You have 1 character left', one), ...expect(over === 'You have 2 characters too many', over)];
	});
	await test('an error that is pointed at is read by night', async (page) => {
		await setLook(page, { width: 320, dark: true });
		await page.locator('.govuk-error-summary a').first().hover();
		return (await axeFaults(page)).filter((fault) => fault.includes('contrast'));
	});
	await test('the print button appears with the script alone', async (page) =>
		expect(await page.locator('[data-cd-print]').isVisible(), 'is hidden'));
	await prove(browser, say, 'without script the exit is a plain link and nothing hidden shows', '/public.html',
		async (page) => [
			...expect(await page.locator('a.govuk-exit-this-page__button').isVisible(), 'no exit'),
			...expect(await page.locator('[data-cd-print]').isHidden(), 'a print button that does nothing'),
			...expect(await page.locator('.cd-session').isHidden(), 'a warning without a clock'),
		], { script: false });
}

async function proveMedia(browser, say, pictures) {
	for (const name of NAMES) {
		const session = await browser.openSession();
		const picture = (kind, width) =>
			(pictures ? shoot(session.page, path.join(pictures, `${name}-${kind}-${width}.png`)) : undefined);
		await session.go(`/${name}.html`);
		for (const width of WIDTHS) {
			await setLook(session.page, { width, forced: true });
			await picture('forced', width);
			await session.page.evaluate(() => { document.documentElement.dir = 'rtl'; });
			await setLook(session.page, { width });
			const faults = await overflowFaults(session.page);
			await picture('rtl', width);
			await session.page.evaluate(() => { document.documentElement.dir = 'ltr'; });
			say(`${name}: right to left at ${width} px`, [...faults, ...session.takeFaults()]);
		}
		await setLook(session.page, { width: 700, dark: true, media: 'print' });
		const shown = await session.page.evaluate(() => ({
			paper: getComputedStyle(document.body).backgroundColor,
			buttons: Array.from(document.querySelectorAll(
				'.govuk-button, .govuk-exit-this-page, .govuk-language-navigation, textarea'))
				.filter((el) => el.getClientRects().length > 0).length,
			foot: Array.from(document.querySelectorAll('.cd-print-foot'))
				.every((el) => el.getClientRects().length > 0),
		}));
		await picture('print', 700);
		say(`${name}: on paper`, [
			...expect(shown.paper === 'rgb(255, 255, 255)', `paper is ${shown.paper}`),
			...expect(shown.buttons === 0, `${shown.buttons} buttons or fields on paper`),
			...expect(shown.foot, 'its foot is missing'), ...session.takeFaults()]);
		await session.close();
	}
}

async function main([assets, pictures]) {
	if (!assets) {
		console.error('usage: node tests/browser/look.mjs ASSETS [PICTURES]');
		return 2;
	}
	const server = await serve([['/assets/', path.resolve(assets)], ['/', samples]]);
	const { say, end } = counter();
	await checkPages(server.base, NAMES.map((name) => ({ name, path: `/${name}.html`, target: TARGETS[name] })), { pictures, say });
	const browser = await openBrowser(server.base);
	await proveScript(browser, say);
	await proveMedia(browser, say, pictures);
	await browser.close();
	await server.close();
	return end();
}

process.exitCode = await main(process.argv.slice(2));

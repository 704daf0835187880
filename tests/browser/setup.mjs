// SPDX-License-Identifier: AGPL-3.0-or-later
//
// First set-up from the code to the list, each page with its errors, on a
// register that was just made and is served: pages.mjs BASE setup.mjs.
//
// CANDOUR_SETUP_CODE is the set-up code that init printed.
import { digits } from './people.mjs';

const go = { click: 'main form button' };
const named = (name) => `[name="${name}"]`;
const typeDigits = async (page) =>
	page.locator('#digits').fill(digits(await page.locator('strong.cd-hash').innerText()));

// On paper each share is a sheet of its own, and nothing else is.
async function sheets(page) {
	await page.emulateMedia({ media: 'print' });
	const seen = await page.evaluate(() => ({
		shares: document.querySelectorAll('.cd-share').length,
		others: Array.from(document.querySelectorAll('h1, button, footer, .cd-screen-only'))
			.filter((el) => el.getClientRects().length > 0).map((el) => el.className || el.localName),
	}));
	const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
	await page.emulateMedia({ media: null });
	const pages = (pdf.match(/\/Type\s*\/Page\b/g) ?? []).length;
	if (seen.others.length > 0) {
		throw new Error(`on paper: ${seen.others.join(', ')}`);
	}
	if (pages !== seen.shares) {
		throw new Error(`${seen.shares} shares are ${pages} sheets`);
	}
}

const page = (name, path, steps = [], more = {}) =>
	({ name: `set up, ${name}`, session: 'founder', path, steps, ...more });
// Without a script too, where it changes nothing.
const again = (name, path, steps = []) => page(name, path, steps, { plain: true });

export default [
	again('code', '/setup'),
	again('code, error', '/setup', [{ fill: ['#code', 'WRONG'] }, go,
		{ see: 'This is not the set-up code of this register' }]),
	page('code, given', '/setup', [{ fill: ['#code', process.env.CANDOUR_SETUP_CODE] }, go,
		{ url: '/setup/account' }], { look: false }),
	again('account', '/setup/account'),
	again('account, error', '/setup/account', [{ fill: ['#name', 'ada'] }, { fill: ['#password', 'short'] }, go,
		{ see: 'A password has at least 12 letters' }]),
	page('account, made', '/setup/account', [{ fill: ['#name', 'ada'] }, { fill: ['#person', 'Ada Clarke'] },
		{ fill: ['#password', 'twelve letters or more'] }, go, { url: '/setup/second-factor' }]),
	page('second factor, error', '/setup/second-factor', [{ fill: ['#digits', '1'] }, go,
		{ see: 'These are not the digits of now' }]),
	page('second factor, given', '/setup/second-factor', [typeDigits, go, { url: '/setup/names' }],
		{ look: false }),
	again('names', '/setup/names'),
	again('names, error', '/setup/names', [go, { see: 'Write: Area' }]),
	page('names, given', '/setup/names', [{ fill: [named('partnership'), 'Northmere Partnership <i>'] },
		{ fill: [named('area'), 'Northmere'] }, go, { url: '/setup/calendar' }], { look: false }),
	again('calendar', '/setup/calendar'),
	again('calendar, error', '/setup/calendar', [{ check: '#calendar-no' }, go,
		{ see: 'write a layer of the rules with your calendar' }]),
	page('calendar, given', '/setup/calendar', [{ 'tab-to': 'Yes, they work by it' }, { press: 'Space' },
		{ press: 'Enter' }, { url: '/setup/agencies' }], { look: false }),
	again('agencies', '/setup/agencies'),
	again('agencies, error', '/setup/agencies', [go, { see: 'Write: Police' }]),
	page('agencies, given', '/setup/agencies', [{ fill: [named('agency.council'), 'Northmere Council'] },
		{ fill: [named('agency.police'), 'Northmere Police'] }, { fill: [named('agency.health'), 'Northmere NHS'] },
		{ fill: [named('scrutineer'), 'Prof. Lee'] }, go, { url: '/setup/shares' }], { look: false }),
	again('shares', '/setup/shares'),
	again('shares, error', '/setup/shares', [go, { see: 'Write: Who keeps share 3' }]),
	page('shares, given', '/setup/shares', [{ fill: [named('officer.1'), 'The nurse'] },
		{ fill: [named('officer.2'), 'The chair'] }, { fill: [named('officer.3'), 'The director'] }, go,
		{ url: '/setup/rules' }], { look: false }),
	again('rules', '/setup/rules'),
	again('rules, error', '/setup/rules', [go, { see: 'Say that you agree' }]),
	page('rules, agreed', '/setup/rules', [{ check: '#rules' }, go, { url: '/setup/check' }], { look: false }),
	again('check', '/setup/check', [{ see: 'Not named' }]),
	page('check, recorded', '/setup/check', [go, { url: '/setup/done' }], { look: false }),
	again('done', '/setup/done', [{ see: 'Ask other organisations to countersign the log' }, { see: 'Training only: do not report here' }]),
	{ name: 'privacy, not filled', path: '/privacy', steps: [{ see: 'We are Northmere Partnership <i>' }], plain: true },
	again('particulars', '/particulars'),
	page('particulars, filled', '/particulars', [{ fill: [named('privacy.officer'), 'Dana Reed\n1 High Street'] }, go,
		{ see: 'Recorded' }]),
	again('shares of the key', '/key-shares', [{ see: 'Fewer than 2 shares confirmed' }]),
	again('confirm your share', '/key-shares/1'),
	again('confirm your share, error', '/key-shares/1', [{ fill: ['#first', 'AAAAA'] }, { fill: ['#second', 'BBBBB'] },
		go, { see: 'is not as it was printed: read it again' }]),
	again('new shares', '/key-shares/new'),
	again('new shares, error', '/key-shares/new', [{ fill: ['#count', 'one'] }, go,
		{ see: 'a whole number from 2 to 32' }]),
	page('new shares, made', '/key-shares/new', [go, { see: 'Tear here' }, sheets]),
	{ name: 'start, training', path: '/', steps: [{ see: 'Training only: do not report here' }], plain: true },
	{ name: 'set up, closed to others', path: '/setup',
		steps: [{ see: 'This register has its first administrator already' }], plain: true },
];

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The pages of those who signed in, as a list for pages.mjs:
//
//   serve_practice 127.0.0.1:8123 > people.json &
//   CANDOUR_PEOPLE=people.json node tests/browser/pages.mjs BASE tests/browser/practice.mjs
//
// CANDOUR_PEOPLE is what serve_practice printed: who can sign in, and how.
import { WIDTHS, setLook, headFaults, overflowFaults, walk } from './harness.mjs';
import { peopleIn, signInOf } from './people.mjs';

const PAPER = 700;

const people = peopleIn('CANDOUR_PEOPLE');
const signIn = signInOf(people);

const as = (session, name, path, more = {}) => ({ session, name, path, ...more });

// A code serves once: nobody signs in a second time to look without a script.
const signsIn = (session, name, who) => as(session, name, '/sign-in', { plain: false, steps: signIn(who) });

// The page on paper: nothing to press, no fields, and a foot that says who printed it.
async function onPaper(page) {
	await setLook(page, { width: PAPER, media: 'print' });
	const shown = await page.evaluate(() => ({
		paper: getComputedStyle(document.body).backgroundColor,
		controls: Array.from(document.querySelectorAll('button, .govuk-button, input:not([type=hidden]), ' +
			'textarea, .govuk-service-navigation, .cd-do'))
			.filter((el) => el.getClientRects().length > 0).map((el) => el.className || el.localName),
		foot: document.querySelector('.cd-print-foot')?.getClientRects().length > 0,
		words: document.querySelector('#words + dl')?.getClientRects().length > 0,
	}));
	await setLook(page, { width: 1280 });
	if (shown.paper !== 'rgb(255, 255, 255)') {
		throw new Error(`paper is ${shown.paper}`);
	}
	if (shown.controls.length > 0) {
		throw new Error(`on paper: ${shown.controls.join(', ')}`);
	}
	if (!shown.foot || !shown.words) {
		throw new Error(shown.foot ? 'the words are not on paper' : 'its foot is missing');
	}
}

// What must be on paper is, on every sheet with who printed it, and no word of a table is cut in two.
function paperShows(...selectors) {
	return async (page) => {
		await setLook(page, { width: PAPER, media: 'print' });
		const missing = await page.evaluate((all) => [...all, '.cd-print-foot'].filter(
			(selector) => !(document.querySelector(selector)?.getClientRects().length > 0)), selectors);
		const cut = await page.evaluate(() => Array.from(document.querySelectorAll('.cd-stack td, .cd-stack th'))
			.filter((cell) => getComputedStyle(cell).overflowWrap === 'anywhere').length);
		const faults = await overflowFaults(page);
		await setLook(page, { width: 1280 });
		if (missing.length > 0 || cut > 0 || faults.length > 0) {
			throw new Error(`on paper: not there: ${missing.join(', ')}; cut: ${cut}; ${faults.join(', ')}`);
		}
	};
}

// Another name at each press: an account is added once.
const addAccount = (page) => page.locator('#name').fill(`newcomer-${Date.now()}`);

// Its owner begins it with the code that was shown.
async function beginAccount(page) {
	const code = await page.locator('main .cd-hash').innerText();
	const name = /For (newcomer-\d+) alone/.exec(await page.locator('main').innerText())[1];
	await page.goto(new URL('/sign-in/first', page.url()).href);
	await page.locator('#name').fill(name);
	await page.locator('#code').fill(code);
	await page.locator('#password').fill('twelve letters or more');
	await page.locator('#again').fill('twelve letters or more');
	await page.locator('main button').click();
	await page.getByText('Your second factor').waitFor();
}

// A form is opened, filled and sent by the keyboard alone, from My work on.
const byKeyboard = [
	{ 'tab-to': 'Find' }, { press: 'Enter' }, { url: '/find' },
	{ 'tab-to': 'Name, date of birth, address' }, { type: 'C-3' },
	{ 'tab-to': 'It is part of my work' }, { press: 'Space' }, { press: 'Enter' },
	{ see: 'What was found' },
	{ 'tab-to': 'Concern C-3' }, { press: 'Enter' }, { url: '/files/C-3' },
	{ 'tab-to': 'Also possible' }, { press: 'Enter' },
	{ 'tab-to': 'Make a note' }, { press: 'Enter' }, { url: '/files/C-3/note.made' },
	{ 'tab-to': 'Your note' }, { type: 'Written by keyboard.' },
	{ 'tab-to': 'Make a note' }, { press: 'Enter' }, { see: 'Recorded' },
];

// Every form that this office may open here, one after the other: each is a page of its kind.
function everyForm(faultsOf) {
	return async (page) => {
		const links = await page.locator('main a[href^="/files/"]').evaluateAll((all) =>
			all.map((a) => a.getAttribute('href')).filter((href) => /^\/files\/[A-Z]+-\d+\/[a-z.-]+$/.test(href)));
		const forms = [...new Set(links)];
		if (forms.length < 3) {
			throw new Error(`leads to ${forms.length} forms`);
		}
		for (const form of forms) {
			await page.goto(new URL(form, page.url()).href);
			const faults = await faultsOf(page);
			if (faults.length > 0) {
				throw new Error(`${form}: ${faults[0]}`);
			}
		}
	};
}

// What holds with and without script, at the narrowest.
async function narrowFaults(page) {
	await setLook(page, { width: WIDTHS[0] });
	return [...await headFaults(page), ...await overflowFaults(page), ...(await walk(page)).faults];
}

// Answers of a decision that a gate holds back.
function decideNone() {
	return [
		{ fill: ['#threshold', '2026-1'] },
		{ check: '#evidence' },
		(page) => page.locator('[name=reason-none]').first().evaluate((el) => el.tagName).then((tag) =>
			(tag === 'SELECT' ? page.locator('#reason-none').selectOption({ index: 1 }) :
				page.locator('#reason-none').check())),
		{ fill: ['#reasons', 'Nothing to worry about.'] },
		{ click: '#send' },
	];
}

// Every page but the first of a session is reached once more without a script.
export default function pages() {
	const list = [
		{ name: 'sign in', path: '/sign-in' },
		{ name: 'sign in, nothing written', path: '/sign-in',
			steps: [{ click: 'main button' }, { see: 'Write your account name' }] },
		{ name: 'digits', path: '/sign-in', steps: [
			{ fill: ['#name', 'amara'] }, { fill: ['#password', 'x'] }, { click: 'main button' },
			{ see: '6 digits' } ] },
		{ name: 'wrong digits', path: '/sign-in', steps: [
			{ fill: ['#name', 'nobody'] }, { fill: ['#password', 'x'] }, { click: 'main button' },
			{ fill: ['#digits', '123456'] }, { click: 'main button' },
			{ see: 'The account name, the password or the digits are not right' } ] },
		{ name: 'lost device', path: '/sign-in/lost' },
		{ name: 'one-time code', path: '/sign-in/first' },
		{ name: 'one-time code, wrong', path: '/sign-in/first', steps: [
			{ fill: ['#name', 'petra'] }, { fill: ['#code', 'AAAAA-BBBBB-CCCCC-DDDDD'] },
			{ fill: ['#password', 'twelve letters or more'] }, { fill: ['#again', 'twelve letters or more'] },
			{ click: 'main button' }, { see: 'is not right' } ] },
		signsIn('screener', 'my work', 'amara'),
		as('screener', 'my work again', '/work', { look: false }),
		as('screener', 'many at once', '/work', { steps: [
			{ click: 'main a[href^="/work/burst"]' }, { see: 'many at once' } ] }),
		as('screener', 'by keyboard from my work', '/work', { look: false, steps: byKeyboard }),
		as('screener', 'my work with initials', '/work?show=initials'),
		as('screener', 'office', '/office'),
		as('screener', 'concern', '/files/C-3'),
		as('screener', 'concern on paper', '/files/C-3', { look: false, steps: [onPaper] }),
		as('screener', 'concern with all words', '/files/C-3?open=all'),
		as('screener', 'entry', '/entries/52'),
		as('screener', 'form to decide', '/files/C-2/concern.decided'),
		as('screener', 'form to decide, empty', '/files/C-2/concern.decided',
			{ steps: [{ click: '#send' }, { see: 'There is a problem' }] }),
		as('screener', 'form to ask', '/files/C-2/concern.asked'),
		as('screener', 'form with files', '/files/C-2/concern.added'),
		as('screener', 'every form of a concern', '/files/C-2', { look: false, steps: [everyForm(narrowFaults)] }),
		as('screener', 'form filled by keyboard', '/files/C-3/concern.acknowledged', { look: false, steps: [
			{ 'tab-to': 'Whoever reported' }, { press: 'Space' }, { 'tab-to': 'On the page behind the code' },
			{ press: 'Space' }, { 'tab-to': 'Record that receipt was told' }, { press: 'Enter' },
			{ see: 'Recorded' } ] }),
		as('screener', 'form of a later time', '/files/C-2/duty.extended'),
		as('screener', 'form of a correction', '/files/C-2/entry.corrected?of=54'),
		as('screener', 'an act of another office', '/files/C-2/concern.answered', { status: 403 }),
		as('screener', 'an act before its state', '/files/C-2/concern.reopened', { status: 409 }),
		as('screener', 'decided for nothing, asked again', '/files/C-85/concern.decided', { steps: [
			{ select: ['#decision', 'none'] }, ...decideNone(),
			{ see: 'This is kept for ever' } ] }),
		as('screener', 'decided for nothing', '/files/C-2/concern.decided', { steps: [
			{ select: ['#decision', 'none'] }, ...decideNone(),
			{ see: 'What is missing' }, { see: 'There' } ] }),
		as('screener', 'asked again by keyboard', '/files/C-85/concern.decided', { look: false, steps: [
			{ select: ['#decision', 'none'] }, ...decideNone(),
			{ see: 'Who is told' }, { 'tab-to': 'Go back' }, { press: 'Enter' },
			{ url: '/files/C-85/concern.decided' }, { see: 'You began this' } ] }),
		as('screener', 'it waits for a second reader', '/files/C-85/concern.decided', { plain: false, steps: [
			{ select: ['#decision', 'none'] }, ...decideNone(),
			{ click: 'main form .govuk-button--warning' }, { see: 'It waits for a second reader' } ] }),
		as('screener', 'my work after a clash', '/work?done=52&beside=50', { steps: [
			{ see: 'somebody else wrote here too' } ] }),
		as('screener', 'refused at work', '/accounts', { status: 403 }),
		as('screener', 'not there, at work', '/files/C-9999', { status: 404 }),
		as('screener', 'acknowledged', '/files/C-2/concern.acknowledged', { steps: [
			{ check: 'input[name=to][value=referrer]' }, { check: 'input[name=how][value=phone]' },
			{ fill: ['#reply', 'We have it. <b>Thank you</b> & goodbye'] }, { click: '#send' },
			{ see: 'Receipt told to whoever reported' } ] }),
		as('screener', 'draft kept', '/files/C-2/note.made', { steps: [
			{ fill: ['#text', 'Half a thought'] }, { click: 'button[name=save]' }, { url: '/work' },
			{ see: 'Drafts' } ] }),
		as('screener', 'form with a draft', '/files/C-2/note.made', { steps: [{ see: 'You began this' }] }),
		as('screener', 'readings of a file', '/files/C-3/readings'),
		as('screener', 'own readings', '/readings'),
		as('screener', 'own readings on paper', '/readings', { look: false, steps: [paperShows('.cd-stack')] }),
		as('screener', 'call', '/work/call'),
		as('screener', 'code read aloud', '/work/call', { steps: [
			{ check: 'input[name=danger-now][value=no]' },
			{ select: ['#source', 'neighbour'] }, { fill: ['#happening', 'He cries at night.'] },
			{ check: 'input[name=harm][value=not-yet-known]' },
			{ check: 'input[name=harm-sign][value=unknown]' }, { click: '#send' },
			{ see: 'Your code is four words' } ] }),
		as('screener', 'find', '/find'),
		as('screener', 'matches', '/matches'),
		as('screener', 'almost invisible', '/invisible'),
		as('screener', 'found', '/find', { steps: [
			{ fill: ['#q', 'c-3'] }, { check: '#why' }, { click: 'main button' }, { see: 'Concern C-3' } ] }),
		as('screener', 'found nothing', '/find', { steps: [
			{ fill: ['#q', 'c-9999'] }, { check: '#why' }, { click: 'main button' }, { see: 'Nothing' } ] }),
		as('screener', 'find, error', '/find', { steps: [
			{ click: 'main button' }, { see: 'There is a problem' } ] }),
		as('screener', 'who told us', '/files/C-85', { steps: [
			{ click: 'a:has-text("Who told us")' }, { see: 'The one next door' } ] }),
		as('screener', 'late', '/late'),
		as('screener', 'late on paper', '/late', { look: false, steps: [paperShows('.cd-stack')] }),
		as('screener', 'late by office', '/late?by=office'),
		as('screener', 'late by rule', '/late?by=rule'),
		as('screener', 'late by ladder', '/late?by=ladder'),
		as('screener', 'late by keyboard', '/late', { look: false, steps: [
			{ 'tab-to': 'By office' }, { press: 'Enter' }, { url: '/late?by=office' }, { see: 'How many are late' } ] }),
		as('screener', 'file of an office', '/files/O-2'),
		as('screener', 'offices', '/offices'),
		as('screener', 'hand over', '/offices/screener/hand-over'),
		as('screener', 'hand over on paper', '/offices/screener/hand-over', { look: false, steps: [
			paperShows('#duty .govuk-checkboxes__item:nth-child(2) label', '.cd-sign') ] }),
		as('screener', 'hand over by keyboard, error', '/offices/screener/hand-over', { look: false, steps: [
			{ 'tab-to': 'Hand these over' }, { press: 'Enter' }, { see: 'There is a problem' } ] }),
		as('screener', 'hand over, error', '/offices/screener/hand-over', { steps: [
			{ click: 'main form button' }, { see: 'There is a problem' } ] }),
		as('screener', 'rules in force', '/pack'),
		as('screener', 'rules in force on paper', '/pack', { look: false, steps: [paperShows('.cd-stack', '#ladders')] }),
		as('screener', 'a rule in sentences', '/pack/T01'),
		as('screener', 'a gate in sentences', '/pack/G1'),
		as('screener', 'a kind in sentences', '/pack/concern.decided'),
		as('screener', 'a type of file, drawn', '/pack/concern'),
		as('screener', 'a large type of file, drawn', '/pack/child'),
		as('screener', 'a type of file on paper', '/pack/child', { look: false, steps: [paperShows('.cd-states', '.cd-stack')] }),
		as('screener', 'health', '/health'),
		as('screener', 'prove anew', '/sign-in/again?to=/accounts'),
		signsIn('administrator', 'my work of an administrator', 'ruth'),
		as('administrator', 'accounts', '/accounts'),
		as('administrator', 'account to be ended', '/accounts', { steps: [
			{ click: 'main a[href$="/end"] >> nth=0' }, { see: 'What follows' }] }),
		as('administrator', 'glass to break', '/files/C-2/access.broken', { steps: [
			{ see: 'Why must you read this now?' } ] }),
		as('administrator', 'account added', '/accounts', { steps: [
			addAccount, { click: 'main form[action="/accounts"] button' }, { see: 'It is shown once' },
			beginAccount ] }),
		as('administrator', 'form of an office', '/files/new/office.made'),
		as('administrator', 'form of a holder', '/files/O-2/office.held'),
		{ name: 'health for anybody', path: '/health' },
		as('administrator', 'particulars', '/particulars'),
		as('administrator', 'particulars, nothing changed', '/particulars', { steps: [
			{ click: 'main form button' }, { see: 'Nothing was recorded' } ] }),
		as('administrator', 'particulars, error', '/particulars', { steps: [
			{ fill: ['#area', 'A name that is much too long for the head of a page'] },
			{ click: 'main form button' }, { see: 'must be 40 characters or fewer' } ] }),
		as('screener', 'particulars of a screener', '/particulars'),
		{ name: 'set up, closed', path: '/setup' },
		as('screener', 'no such file', '/files/C-99999', { status: 404 }),
		as('screener', 'accounts of a screener', '/accounts', { status: 403 }),
		signsIn('manager', 'my work of a manager', 'tomas'),
		as('manager', 'concern for a manager', '/files/C-1'),
		as('manager', 'answer of a second reader', '/files/C-84', { steps: [
			{ click: 'a[href^="/files/C-84/second.given"]' }, { see: 'What waits for you' },
			{ see: 'I need to know more' }, { not: 'I withdraw it' }, { see: 'Settles:' } ] }),
		as('manager', 'second reader by keyboard', '/files/C-84', { look: false, steps: [
			{ click: 'a[href^="/files/C-84/second.given"]' }, { see: 'What waits for you' },
			{ 'tab-to': 'answer' }, { press: 'ArrowDown' }, { press: 'ArrowDown' },
			{ 'tab-to': 'Why?' }, { type: 'Which school?' },
			{ 'tab-to': 'Answer as a second reader' }, { press: 'Enter' }, { see: 'Recorded' } ] }),
		signsIn('worker', 'my work, first day', 'sunita'),
		as('worker', 'my work, nothing owed', '/work', { steps: [{ see: 'Nothing is owed by Social worker' }] }),
		as('worker', 'readings, none', '/readings'),
		as('worker', 'nothing to hand over', '/offices/social-worker/hand-over', { steps: [
			{ see: 'There is nothing to hand over' } ] }),
		{ name: 'my work without script', session: 'plain', script: false, path: '/sign-in',
			steps: signIn('petra') },
		{ name: 'concern without script', session: 'plain', script: false, path: '/files/C-3' },
		{ name: 'form without script', session: 'plain', script: false, path: '/files/C-3/note.made', steps: [
			{ fill: ['#text', 'Written without a script.'] }, { click: '#send' }, { see: 'Recorded' } ] },
		{ name: 'call without script', session: 'plain', script: false, path: '/work/call' },
	];
	return list.map((item) => ({ plain: true, ...item }));
}

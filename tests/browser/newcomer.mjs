// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Somebody who has never been here reports a first concern, from the start page
// to the code: what they read, point at and type is counted, and reckoned in
// seconds by the paces below. The count is the test, no clock is; the time that
// the pages themselves took is printed beside it.
//
//   node tests/browser/newcomer.mjs BASE [paced]      paced: really wait so long
//
// They read each page's question, the answers down to their own, and what they
// touch; what may be left out they leave out, by its question.
import { openBrowser } from './harness.mjs';
import { counter } from './pages.mjs';

// Silent reading of English, 238 words a minute (Brysbaert 2019); the rest from
// the keystroke-level model (Card, Moran and Newell 1980).
const PACE_MS = { word: 60000 / 238, key: 200, point: 1100, press: 200, think: 1350 };
const BAR_MS = 60000;

const paced = process.argv[3] === 'paced';
const spent = { pages: 1, word: 0, key: 0, point: 0, press: 0, think: 0 };
let readers = 0;
let machine = 0;

async function spend(page, what, count = 1) {
	spent[what] += count;
	readers += PACE_MS[what] * count;
	if (paced) {
		await page.waitForTimeout(PACE_MS[what] * count);
	}
}

async function read(page, text) {
	await spend(page, 'word', text.trim().split(/\s+/).length);
}

async function touch(page, place) {
	await spend(page, 'point');
	await spend(page, 'press');
	await place.click();
}

// A question by its answers: the words of each, down to the one that is theirs.
async function choose(page, id) {
	const chosen = page.locator(`#${id}`);
	const asked = chosen.locator('xpath=ancestor::fieldset[1]');
	await read(page, await asked.locator('legend').innerText());
	for (const label of await asked.locator('label').all()) {
		await read(page, await label.innerText());
		if (await label.getAttribute('for') === id) {
			return touch(page, label);
		}
	}
	throw new Error(`no answer is called ${id}`);
}

async function write(page, id, words) {
	await read(page, await page.locator(`label[for=${id}]`).innerText());
	await touch(page, page.locator(`#${id}`));
	await spend(page, 'think');
	await spend(page, 'key', words.length);
	await page.keyboard.type(words);
}

// To the next page by what is called `words`; its question is read there.
async function goOn(page, words) {
	const place = page.locator(`main :is(a, button):has-text("${words}")`).first();
	await read(page, words);
	await spend(page, 'point');
	await spend(page, 'press');
	const before = performance.now();
	await place.click();
	await page.waitForLoadState('load');
	machine += performance.now() - before;
	spent.pages++;
	await read(page, await page.locator('h1').innerText());
}

async function report(session) {
	const { page } = session;
	await session.go('/');
	await read(page, await page.locator('h1').innerText());
	await goOn(page, 'Tell us now');
	await choose(page, 'danger-now-2');
	await choose(page, 'about-2');
	await goOn(page, 'Continue');
	await write(page, 'child', 'Ava Lowe');
	await goOn(page, 'Continue');
	await write(page, 'happening', 'Her stepdad hits her.');
	for (const leaves of ['happening', 'when-where', 'words', 'files', 'contact', 'you']) {
		if (new URL(page.url()).pathname !== `/report/${leaves}`) {
			return [`stands at ${page.url()}, not at ${leaves}`];
		}
		await goOn(page, 'Continue');
	}
	await goOn(page, 'Send this now');
	return new URL(page.url()).pathname === '/report/done' ? [] : [`stands at ${page.url()}`];
}

async function main([base]) {
	const { say, end } = counter();
	const browser = await openBrowser(base);
	const session = await browser.openSession();
	let faults;
	const begun = performance.now();
	try {
		faults = await report(session);
	} catch (error) {
		faults = [error.message.split('\n')[0]];
	}
	const took = performance.now() - begun;
	await browser.close();
	say('newcomer: a first concern is sent, and nothing but four answers was asked', faults);
	say('newcomer: 11 pages, 14 touches',
		spent.pages === 11 && spent.point === 14 ? [] : [JSON.stringify(spent)]);
	say('newcomer: under a minute by the paces of a person',
		readers < BAR_MS ? [] : [`${Math.round(readers / 1000)} s`]);
	console.log(`# newcomer: ${(readers / 1000).toFixed(1)} s of theirs, ${(machine / 1000).toFixed(1)} s of the pages; ` +
		`${spent.pages} pages, ${spent.word} words read, ${spent.key} keys, ${spent.point} touches`);
	if (paced) {
		console.log(`# newcomer: ${(took / 1000).toFixed(1)} s by the clock, waiting and the test's own work included`);
	}
	return end();
}

process.exitCode = await main(process.argv.slice(2));

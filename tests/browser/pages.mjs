// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Looks at pages as a reader would: by axe, by keyboard, at 320 and 1280 px, by
// day and by night, and takes a picture of each.
//
//   node tests/browser/pages.mjs BASE LIST [PICTURES]
//
// BASE is the address of a running register. LIST is a .json file holding an
// array, or a .mjs whose default export is one (or a function of BASE giving
// one). PICTURES is a folder for NAME-WIDTH[-dark].png. Each item:
//
//   name      what the lines and pictures are called
//   path      the page to open ("/report/danger")
//   steps     what to do there before looking (below)
//   session   items of one name share cookies; without it each is a new visitor
//   script    false: the browser runs no script (axe is then left out)
//   status    the answer expected of path, 200 unless said
//   look      false: do the steps only
//   plain     true: reached once more by a browser that runs no script, with the
//             session's cookies, and looked at without axe at 320 px. Its steps
//             must hold twice
//   target    least size of what can be touched: 24 px unless said
//   allow     hosts that the steps leave for on purpose
//
// Steps, each an object with one key (or, in a .mjs, a function of the page and
// the remembered words; what it throws is the failure):
//   {"goto": "/path"}            {"click": "selector"}       {"press": "Enter"}
//   {"fill": ["#id", "words"]}   {"check": "#id"}            {"select": ["#id", "value"]}
//   {"upload": ["#id", "file"]}  {"type": "words"}           {"tab-to": "part of a name"}
//   {"see": "words"}             {"not": "words"}            {"title": "words"}
//   {"url": "/path"}             {"remember": ["name", "selector"]}, later {{name}}
//
// Prints `ok N - name` or `not ok N - name`, the faults as `#` lines below it,
// and last `# tests N passed P failed F`. Exit 0: none failed, 1: some did,
// 2: called wrongly.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import {
	WIDTHS, openBrowser, setLook, axeFaults, overflowFaults, walk, headFaults, shoot,
} from './harness.mjs';

// All rules at every width and by night too; else all of them once, and by night what night changes.
const LONG = process.env.CANDOUR_LOOK === 'long';
const TAB_MAX = 200;
const PATIENCE = 50; // tenths of a second

// Counts and prints; shared by every test of this folder.
export function counter() {
	let n = 0;
	let failed = 0;
	return {
		say(name, faults) {
			n++;
			failed += faults.length > 0 ? 1 : 0;
			console.log(`${faults.length > 0 ? 'not ok' : 'ok'} ${n} - ${name}`);
			faults.forEach((fault) => console.log(`#   ${fault}`));
		},
		end() {
			console.log(`# tests ${n} passed ${n - failed} failed ${failed}`);
			return failed === 0 ? 0 : 1;
		},
	};
}

async function tabTo(page, part) {
	for (let i = 0; i < TAB_MAX; i++) {
		await page.keyboard.press('Tab');
		const name = await page.evaluate(() => {
			const el = document.activeElement;
			// A page that has just come has no stop yet: its body says everything.
			if (!el || el === document.body) {
				return '';
			}
			return [el?.labels?.[0]?.textContent, el?.textContent, el?.id, el?.name].join(' ');
		});
		if (name.includes(part)) {
			return;
		}
	}
	throw new Error(`no stop of the keyboard is called "${part}"`);
}

// What a key set off may take a moment, and a page that goes while it is read is read again.
async function comes(holds) {
	for (let i = 0; i < PATIENCE; i++) {
		if (await Promise.resolve().then(holds).catch(() => false)) {
			return true;
		}
		await new Promise((done) => { setTimeout(done, 100); });
	}
	return false;
}

async function shownText(page) {
	return (await page.locator('body').innerText()).replace(/\s+/g, ' ');
}

const DO = {
	goto: (page, where, base) => page.goto(new URL(where, base).href),
	click: (page, selector) => page.locator(selector).first().click(),
	press: (page, key) => page.keyboard.press(key),
	type: (page, words) => page.keyboard.type(words),
	fill: (page, [selector, words]) => page.locator(selector).fill(words),
	check: (page, selector) => page.locator(selector).check(),
	select: (page, [selector, value]) => page.locator(selector).selectOption(value),
	upload: (page, [selector, file]) => page.locator(selector).setInputFiles(file),
	'tab-to': tabTo,
	see: async (page, words) => {
		if (!await comes(async () => (await shownText(page)).includes(words))) {
			throw new Error(`does not say "${words}"`);
		}
	},
	not: async (page, words) => {
		if ((await shownText(page)).includes(words)) {
			throw new Error(`says "${words}"`);
		}
	},
	title: async (page, words) => {
		if (await page.title() !== words) {
			throw new Error(`is titled "${await page.title()}", not "${words}"`);
		}
	},
	url: async (page, where) => {
		const at = () => new URL(page.url()).pathname + new URL(page.url()).search;
		if (!await comes(() => at() === where)) {
			throw new Error(`stands at ${at()}, not ${where}`);
		}
	},
};

function withWords(value, words) {
	if (Array.isArray(value)) {
		return value.map((part) => withWords(part, words));
	}
	return typeof value !== 'string' ? value :
		value.replace(/\{\{([\w-]+)\}\}/g, (whole, name) => words[name] ?? whole);
}

export async function takeStep(page, step, base, words) {
	if (typeof step === 'function') {
		// It may measure: words stand there before their style does.
		await page.waitForLoadState('load');
		return step(page, words);
	}
	const [verb, raw] = Object.entries(step)[0];
	const value = withWords(raw, words);
	if (verb === 'remember') {
		words[value[0]] = (await page.locator(value[1]).innerText()).trim().replace(/\s+/g, ' ');
		return undefined;
	}
	if (!DO[verb]) {
		throw new Error(`no step is called "${verb}"`);
	}
	return DO[verb](page, value, base);
}

async function reach(session, item, base, words) {
	if (item.path) {
		const answer = await session.go(withWords(item.path, words));
		const status = answer?.status() ?? 0;
		if (status !== (item.status ?? 200)) {
			throw new Error(`answered ${status}, not ${item.status ?? 200}`);
		}
	}
	for (const [i, step] of (item.steps ?? []).entries()) {
		try {
			await takeStep(session.page, step, base, words);
		} catch (error) {
			throw new Error(`step ${i + 1} ${JSON.stringify(step) ?? ''}: ${error.message.split('\n')[0]}`);
		}
	}
	// Its words may stand there before its style does.
	await session.page.waitForLoadState('load');
}

// The same session in a browser that runs no script.
async function openTwin(browser, session) {
	const twin = await browser.openSession({ script: false });
	await twin.page.context().addCookies(await session.page.context().cookies());
	return twin;
}

// Steps of a page that a script would help with are taken again without one.
async function checkPlain(browser, session, item, words, say) {
	const twin = await openTwin(browser, session);
	let faults = [];
	try {
		await reach(twin, item, browser.base, words);
		faults = await lookAt(twin, item, WIDTHS[0], false);
	} catch (error) {
		faults = [error.message.split('\n')[0]];
	}
	say(`${item.name}: without script`, [...faults, ...twin.takeFaults()]);
	await twin.close();
}

async function lookAt(session, item, width, dark, pictures) {
	const { page } = session;
	const faults = [];
	await setLook(page, { width, dark });
	if (session.script && (LONG || pictures || width === WIDTHS[0])) {
		faults.push(...await axeFaults(page, { colours: dark && !LONG && !pictures }));
	}
	faults.push(...await headFaults(page), ...await overflowFaults(page));
	// By keyboard once: what is reached, and how large it is, is the same; for pictures at every width.
	if (!dark && (width === WIDTHS[0] || pictures)) {
		faults.push(...(await walk(page, { target: item.target })).faults);
	}
	if (pictures) {
		const name = item.name.replace(/[^\w]+/g, '-').toLowerCase();
		await shoot(page, path.join(pictures, `${name}-${width}${dark ? '-dark' : ''}.png`));
	}
	return faults;
}

export async function checkPages(base, items, { pictures, say }) {
	const browser = await openBrowser(base);
	const sessions = new Map();
	const words = {};
	for (const item of items) {
		const kept = item.session && sessions.get(item.session);
		const session = kept || await browser.openSession({ script: item.script, allow: item.allow });
		if (item.session) {
			sessions.set(item.session, session);
		}
		let broken = [];
		try {
			await reach(session, item, browser.base, words);
		} catch (error) {
			broken = [error.message.split('\n')[0]];
		}
		say(`${item.name}: is reached`, [...broken, ...session.takeFaults()]);
		if (broken.length === 0 && item.look !== false) {
			for (const dark of [false, true]) {
				// Colours are the same at every width: by night the narrow one is looked at, or all for pictures.
				for (const width of dark && !pictures ? WIDTHS.slice(0, 1) : WIDTHS) {
					const faults = await lookAt(session, item, width, dark, pictures);
					say(`${item.name}: ${width} px by ${dark ? 'night' : 'day'}`,
						[...faults, ...session.takeFaults()]);
				}
			}
			await setLook(session.page, { width: 1280 });
		}
		if (item.plain && session.script) {
			await checkPlain(browser, session, item, words, say);
		}
		if (!item.session) {
			await session.close();
		}
	}
	await browser.close();
}

async function readList(file, base) {
	if (file.endsWith('.json')) {
		return JSON.parse(fs.readFileSync(file, 'utf8'));
	}
	const list = (await import(pathToFileURL(path.resolve(file)).href)).default;
	return typeof list === 'function' ? list(base) : list;
}

async function main([base, file, pictures]) {
	if (!base || !file) {
		console.error('usage: node tests/browser/pages.mjs BASE LIST [PICTURES]');
		return 2;
	}
	const { say, end } = counter();
	await checkPages(base, await readList(file, base), { pictures, say });
	return end();
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
	process.exitCode = await main(process.argv.slice(2));
}

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A browser for tests: Chromium by playwright-core, axe-core for the rules a
// machine can check, and what axe does not see: sideways scrolling, the walk by
// keyboard, requests to other hosts, refusals of the content policy.
//
//   CANDOUR_NODE      folder with node_modules   (default build/node, see tools/assets --tests)
//   CANDOUR_CHROMIUM  the browser                (default /usr/bin/chromium)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const node = path.resolve(process.env.CANDOUR_NODE || path.join(root, 'build/node'));
const need = createRequire(path.join(node, 'package.json'));
const { chromium } = need('playwright-core');
const axeSource = fs.readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

export const WIDTHS = [320, 1280];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const COLOURS = { type: 'rule', values: ['color-contrast'] };
const STOPS_MAX = 400;
const TARGET_PX = 24;

// One browser; each session (cookies, profile) is a context of its own.
export async function openBrowser(base) {
	const browser = await chromium.launch({
		executablePath: process.env.CANDOUR_CHROMIUM || '/usr/bin/chromium',
		headless: true,
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
			'--disable-background-networking', '--disable-component-update', '--disable-sync'],
	});
	return {
		base: new URL(base),
		openSession: (options) => openSession(browser, new URL(base), options),
		close: () => browser.close(),
	};
}

// A session's `faults` gather what no page may do, whichever test sees it:
// asking another host, an error of a script, a refusal by the content policy.
// `allow`: hosts that a test leaves for on purpose.
export async function openSession(browser, base, { script = true, allow = [], ...rest } = {}) {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 800 },
		javaScriptEnabled: script,
		ignoreHTTPSErrors: true,
		reducedMotion: 'reduce',
		locale: 'en-GB',
		timezoneId: 'Europe/London',
		...rest,
	});
	const page = await context.newPage();
	const faults = [];
	await context.route('**/*', (route) => {
		const url = new URL(route.request().url());
		if (url.host === base.host || url.protocol === 'data:' || url.protocol === 'blob:') {
			return route.continue();
		}
		if (allow.includes(url.host)) {
			// "No content": the browser stays where it is, so that the test can look.
			return route.fulfill({ status: 204 });
		}
		faults.push(`asked another host: ${url.host}`);
		return route.abort();
	});
	page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
	page.on('console', (message) => {
		// A page that answers 4xx or 5xx is told as an error too; its test knows.
		if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
			faults.push(`console: ${message.text()}`);
		}
	});
	page.on('requestfailed', (request) => {
		const url = new URL(request.url());
		// A reader who goes on before all has come is no fault of the page.
		const left = request.failure()?.errorText === 'net::ERR_ABORTED';
		if (!left && url.host === base.host && request.resourceType() !== 'document') {
			faults.push(`did not load: ${url.pathname}`);
		}
	});
	page.on('response', (response) => {
		const kind = response.request().resourceType();
		if (response.status() >= 400 && (kind === 'stylesheet' || kind === 'script' || kind === 'image')) {
			faults.push(`${response.status()}: ${new URL(response.url()).pathname}`);
		}
	});
	return {
		page,
		script,
		faults,
		takeFaults: () => faults.splice(0),
		go: (where) => page.goto(new URL(where, base).href, { waitUntil: 'load' }),
		close: () => context.close(),
	};
}

export async function setLook(page, { width, height = 800, dark = false, forced = false, media = 'screen' }) {
	await page.setViewportSize({ width, height });
	await page.emulateMedia({
		colorScheme: dark ? 'dark' : 'light',
		forcedColors: forced ? 'active' : 'none',
		media,
	});
}

// Sentences, one a broken rule and place. Evaluated, not added as a script
// element, so that the page's own content policy stays in force.
export async function axeFaults(page, { colours = false } = {}) {
	if (!await page.evaluate(() => Boolean(globalThis.axe))) {
		await page.evaluate(axeSource);
	}
	const result = await page.evaluate(
		(rules) => globalThis.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }),
		colours ? COLOURS : RULES);
	return result.violations.flatMap((rule) => rule.nodes.map(
		(at) => `axe ${rule.id}: ${rule.help}: ${at.target.join(' ')} ` +
			`${(at.any[0] || at.all[0] || at.none[0])?.message ?? ''}`.trim()));
}

// How far a page can be scrolled sideways, and by what; nothing when it fits.
export async function overflowFaults(page) {
	return page.evaluate(() => {
		const wide = document.documentElement.clientWidth;
		const over = document.documentElement.scrollWidth - wide;
		if (over <= 0) {
			return [];
		}
		const all = Array.from(document.querySelectorAll('body *'));
		const culprit = all.find((el) => {
			const box = el.getBoundingClientRect();
			return box.right > wide + 1 && box.width > 0 && getComputedStyle(el).position !== 'fixed';
		}) || all.findLast((el) => el.scrollWidth > el.clientWidth && el.clientWidth > 0);
		const name = culprit ? `${culprit.localName}.${culprit.className}` : 'unknown';
		return [`scrolls sideways by ${over} px: ${name}`];
	});
}

// Walks the page by Tab from its head. Answers the stops in order, and what is
// wrong with any: out of sight, no ring, under the exit bar, too small.
export async function walk(page, { target = TARGET_PX } = {}) {
	await page.evaluate(() => {
		document.activeElement?.blur?.();
		getSelection()?.removeAllRanges();
		window.scrollTo(0, 0);
		// The browser goes on from where the last focus was: start at the top.
		const top = document.createElement('span');
		top.tabIndex = -1;
		document.body.prepend(top);
		top.focus();
		top.remove();
		globalThis.candourSeen = new Set();
	});
	const stops = [];
	const faults = [];
	for (let i = 0; i < STOPS_MAX; i++) {
		await page.keyboard.press('Tab');
		const stop = await page.evaluate(lookAtStop, target);
		if (!stop) {
			break;
		}
		stops.push(stop);
		faults.push(...stop.faults.map((fault) => `keyboard: "${stop.name}" ${fault}`));
	}
	await page.evaluate(() => document.activeElement?.blur?.());
	return { stops, faults };
}

// Runs inside the page.
function lookAtStop(target) {
	const el = document.activeElement;
	if (!el || el === document.body || el === document.documentElement || globalThis.candourSeen.has(el)) {
		return null;
	}
	globalThis.candourSeen.add(el);
	const label = el.labels?.[0];
	const choice = el.matches('input[type=radio], input[type=checkbox]');
	const shown = choice && label ? label : el;
	const box = shown.getBoundingClientRect();
	const style = getComputedStyle(el);
	const ring = choice && label ? getComputedStyle(label, '::before') : style;
	const name = (el.getAttribute('aria-label') || label?.textContent || el.textContent || el.name || el.localName)
		.trim().replace(/\s+/g, ' ').slice(0, 60);
	const faults = [];

	const inView = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight &&
		box.right > 0 && box.left < innerWidth;
	if (!inView) {
		faults.push('is out of sight when it has the focus');
	} else {
		// Its first line: a long link may wrap round other text.
		const line = shown.getClientRects()[0] || box;
		const x = Math.min(Math.max(line.left + Math.min(line.width / 2, 20), 0), innerWidth - 1);
		const y = Math.min(Math.max(line.top + line.height / 2, 0), innerHeight - 1);
		const above = document.elementFromPoint(x, y);
		if (above && !shown.contains(above) && !above.contains(shown) && !el.contains(above)) {
			faults.push(`lies under ${above.localName}.${above.className}`);
		}
	}
	const outlined = ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) > 0 &&
		!/rgba\(.*, 0\)|transparent/.test(ring.outlineColor);
	if (!outlined && ring.boxShadow === 'none') {
		faults.push('shows no ring');
	}
	// A link inside a sentence is as high as its line (WCAG 2.5.8, inline).
	const inline = el.localName === 'a' && style.display === 'inline' &&
		Array.from(el.parentElement.childNodes).some((n) => n !== el && n.textContent.trim() !== '');
	// A choice is touched on its box or on its label.
	const high = Math.round(Math.max(box.height, el.getBoundingClientRect().height));
	const long = Math.round(Math.max(box.width, el.getBoundingClientRect().width));
	if (!inline && (high < target || long < target)) {
		faults.push(`is ${long} x ${high} px`);
	}
	return { name, tag: el.localName, faults };
}

// What a reader must find on every page, script or no script.
export async function headFaults(page) {
	return page.evaluate(() => {
		const faults = [];
		const count = (selector) => document.querySelectorAll(selector).length;
		if (count('h1') !== 1) {
			faults.push(`has ${count('h1')} h1`);
		}
		if (!document.documentElement.lang) {
			faults.push('has no language');
		}
		if (!document.title.trim()) {
			faults.push('has no title');
		}
		if (count('[style]') !== 0 || count('style') !== 0) {
			faults.push('has inline style');
		}
		if (count('script:not([src])') !== 0) {
			faults.push('has an inline script');
		}
		const ids = Array.from(document.querySelectorAll('[id]'), (el) => el.id);
		const twice = ids.find((id, i) => ids.indexOf(id) !== i);
		if (twice) {
			faults.push(`has the id "${twice}" twice`);
		}
		const described = new Set(Array.from(document.querySelectorAll('[aria-describedby]'),
			(el) => el.getAttribute('aria-describedby').split(/\s+/)).flat());
		for (const message of document.querySelectorAll('p.govuk-error-message')) {
			if (![message.id, message.parentElement.id].some((id) => id && described.has(id))) {
				faults.push(`says "${message.textContent.trim()}" to no field`);
			}
		}
		for (const link of document.querySelectorAll('.govuk-error-summary a[href^="#"]')) {
			const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
			if (!place?.matches('input, select, textarea, button, a[href], [tabindex]')) {
				faults.push(`the error "${link.textContent}" leads to no field`);
			}
		}
		for (const id of described) {
			if (!ids.includes(id)) {
				faults.push(`describes a field by "${id}", which is not there`);
			}
		}
		return faults;
	});
}

// The whole page as one screen, so that what is fixed to an edge lies at the edge.
export async function shoot(page, file) {
	fs.mkdirSync(path.dirname(file), { recursive: true });
	const { width, height } = page.viewportSize();
	const whole = await page.evaluate(() => document.documentElement.scrollHeight);
	await page.setViewportSize({ width, height: Math.max(whole, height) });
	await page.evaluate(() => window.scrollTo(0, 0));
	// 'initial' and 'allow': the picture is taken without adding style to the page.
	await page.screenshot({ path: file, fullPage: true, caret: 'initial', animations: 'allow' });
	await page.setViewportSize({ width, height });
}

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The saved receipt: receipt.mjs BASE [PICTURES]. A report is sent, its receipt
// saved, and opened from the disk by a browser without a network. It says yes;
// and no whatever is changed in it. The vectors of CANDOUR_VECTORS (default
// tests/data/tlog) are judged by the same script.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBrowser, openSession, setLook, axeFaults, overflowFaults, shoot, WIDTHS } from './harness.mjs';
import { counter } from './pages.mjs';

const [base, pictures] = process.argv.slice(2);
const SIZE_MAX = 150 * 1024;
const WORDS = 'He hits her.\n\nShe said: “<script>alert(1)</script> & nothing” — السلام 🦊\n\n\nAnd then\nnothing.';
const CHANGED = Number(process.env.CANDOUR_CHANGED || 2); // of each part
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'candour-receipt-'));
const count = counter();
const browser = await openBrowser(base);

async function send() {
	const session = await browser.openSession();
	const { page } = session;
	const on = async () => page.click('button:has-text("Continue")');
	await session.go('/report/danger');
	await page.check('#danger-now-2').catch(() => page.check('#danger-now'));
	await page.check('#about-2');
	await on();
	await session.go('/report/child');
	await page.fill('#child', 'Ava');
	await page.fill('#home', '12 Mill Lane').catch(() => undefined);
	await on();
	await session.go('/report/happening');
	await page.fill('#happening', WORDS);
	await page.check('#harm');
	await on();
	await session.go('/report/when-where');
	await page.check('#when-kind');
	await on();
	await session.go('/report/check');
	await page.check('[name="keep-words"]');
	await page.click('button:has-text("Send this now")');
	await page.waitForURL('**/report/done');
	return session;
}

async function save(session, fields) {
	const answer = await session.page.request.post(new URL('/report/note.html', base).href, {
		form: fields, headers: { Origin: new URL(base).origin },
	});
	if (answer.status() !== 200)
		throw new Error(`the receipt answered ${answer.status()}`);
	return { text: await answer.text(), headers: answer.headers() };
}

async function opened(text, more = {}) {
	const file = path.join(folder, 'note.html');
	fs.writeFileSync(file, text);
	const session = await browser.openSession({ offline: true, ...more });
	await session.page.context().unroute('**/*');
	const asked = [];
	session.page.on('request', (request) => asked.push(request.url()));
	await session.page.goto(pathToFileURL(file).href);
	return { ...session, asked, verdict: await session.page.locator('#verdict').getAttribute('class'),
		said: await session.page.locator('#verdict').innerText() };
}

// Changes one character of a part of the file, so that it stays the same kind of character.
function change(text, from, to, at) {
	const c = text[from + at % (to - from)];
	const other = /[0-9]/.test(c) ? (Number(c) + 1) % 10 : /[a-y]/i.test(c) ? String.fromCharCode(c.charCodeAt(0) + 1) : null;
	if (other === null)
		return null;
	const i = from + at % (to - from);
	return text.slice(0, i) + other + text.slice(i + 1);
}

function part(text, open, close) {
	const from = text.indexOf(open) + open.length;
	return [from, text.indexOf(close, from)];
}

async function changedIsSeen(text, name, open, close) {
	const faults = [];
	const [from, to] = part(text, open, close);
	const step = Math.max(1, Math.floor((to - from) / CHANGED));
	let tried = 0;
	for (let at = 0; at < to - from; at += step) {
		const other = change(text, from, to, at);
		if (other === null)
			continue;
		const one = await opened(other);
		tried++;
		if (one.verdict !== 'bad')
			faults.push(`changed at ${at} of ${to - from}, it says: ${one.said.split('\n')[0]}`);
		await one.close();
	}
	count.say(`a_change_of_${name}_is_seen (${tried})`, tried ? faults : ['nothing was changed']);
}

async function vectors() {
	const at = path.join(process.env.CANDOUR_VECTORS || 'tests/data/tlog', 'receipt.json');
	const data = JSON.parse(fs.readFileSync(at, 'utf8'));
	// Beside its packages.
	const beside = path.join(process.env.CANDOUR_NODE, 'receipt');
	fs.mkdirSync(beside, { recursive: true });
	fs.copyFileSync('assets/receipt.js', path.join(beside, 'receipt.js'));
	const { checkReceipt } = await import(pathToFileURL(path.join(beside, 'receipt.js')).href);
	const faults = [];
	for (const one of data.cases.filter((c) => c.receipt !== undefined)) {
		const found = checkReceipt({ proof: one.receipt, policy: one.policy ?? data.policy, report: one.report });
		if (found.result !== one.result)
			faults.push(`${one.name}: ${found.result}, not ${one.result} (${found.why})`);
	}
	count.say(`the_script_judges_receipts_as_the_program_does (${data.cases.length})`, faults);
}

try {
	await vectors();
	const session = await send();
	const bare = await save(session, {}), whole = await save(session, { words: '1', code: '1' });
	const text = whole.text;
	const safe = [];
	if (!/attachment/.test(whole.headers['content-disposition'] ?? ''))
		safe.push('it is no download');
	if (!/^sandbox(;|$)/.test(whole.headers['content-security-policy'] ?? ''))
		safe.push('it is not in a sandbox');
	if (Buffer.byteLength(text) > SIZE_MAX)
		safe.push(`it has ${Buffer.byteLength(text)} bytes`);
	if (/12 Mill Lane|Ava</.test(text))
		safe.push('it says more than was ticked');
	if (bare.text.includes('He hits her') || bare.text.includes('class="code"'))
		safe.push('it says what was not ticked');
	count.say(`the_receipt_is_a_small_download_in_a_sandbox (${Buffer.byteLength(text)} bytes)`, safe);

	for (const [name, one] of [['bare', bare.text], ['with_words', text]]) {
		const file = await opened(one), faults = [...file.takeFaults()];
		if (file.verdict !== 'good')
			faults.push(`it says: ${file.said}`);
		if (file.asked.length !== 1)
			faults.push(`it asked ${file.asked.join(' ')}`);
		if (name === 'with_words' && !/to the letter/.test(file.said))
			faults.push('nothing is said of the words');
		if (!/promise[sd], and signed/.test(file.said))
			faults.push('nothing is said of the promise');
		for (const width of WIDTHS) {
			await setLook(file.page, { width });
			faults.push(...await axeFaults(file.page), ...await overflowFaults(file.page));
			if (pictures)
				await shoot(file.page, path.join(pictures, `receipt-${name}-${width}.png`));
		}
		count.say(`the_receipt_${name}_says_yes_without_a_network`, faults);
		await file.close();
	}

	const plain = await opened(text, { script: false });
	count.say('without_script_it_says_how_to_check_it', /Without scripts, check it as is said below/.test(plain.said) ? [] : [plain.said]);
	await plain.close();

	await changedIsSeen(text, 'the_proof', 'id="tlog-proof">', '</script>');
	await changedIsSeen(text, 'the_words', '<pre class="words">', '</pre>');
	await changedIsSeen(text, 'what_proves_the_words', '<pre id="parts" hidden>', '</pre>');
	await changedIsSeen(text, 'the_promise', '<pre id="promise">', '</pre>');
	await changedIsSeen(text, 'the_key_of_the_promise', '<code id="promise-key">', '</code>');
	await changedIsSeen(text, 'the_number', '<span data-fact="entry">', '</span>');
	await changedIsSeen(text, 'the_time', '<span data-fact="recorded">', '</span>');
	await changedIsSeen(text, 'the_register', '<span data-fact="origin">', '</span>');
	await session.close();
} finally {
	await browser.close();
	fs.rmSync(folder, { recursive: true });
}
process.exit(count.end());

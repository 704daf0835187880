// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The saved receipt: receipt.mjs BASE [PICTURES]. A report is sent, its receipt
// saved, and opened from the disk by a browser without a network. It says yes;
// and no whatever is changed in it; with the signatures of ten witnesses it says so, and is small still. The page that
// checks receipts does so on the device, and sends nothing. The vectors of CANDOUR_VECTORS (default
// tests/data/tlog) are judged by the same script.
import crypto from 'node:crypto';
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
const SAID = 'She said it was an accident.';
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
	await session.go('/report/words');
	await page.fill('#said', SAID);
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

// Words told twice, in each other's place, or one of them left out; a mark taken from what the proof says.
async function movedIsSeen(text) {
	const faults = [];
	const words = [...text.matchAll(/<pre class="words">[^]*?<\/pre>/g)].map((match) => match[0]);
	if (words.length !== 2)
		faults.push(`${words.length} texts are shown, not two`);
	const [one, two] = words, pair = (first, second) =>
		text.replace(one, () => '<!--1-->').replace(two, () => second).replace('<!--1-->', () => first);
	const moved = { twice: pair(one, one), 'the other twice': pair(two, two), changed: pair(two, one), less: pair(one, ''),
		'without mark': text.replace(' data-fact="recorded"', '') };
	for (const [name, other] of Object.entries(moved)) {
		const file = await opened(other);
		if (other === text || file.verdict !== 'bad')
			faults.push(`${name}: it says: ${file.said.split('\n')[0]}`);
		await file.close();
	}
	count.say('words_that_are_moved_are_seen', faults);
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

// --- ten witnesses -----------------------------------------------------------------------------

const sum = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts.map((one) => Buffer.from(one)))).digest();

// A witness's verifier key, and its line under a checkpoint (C2SP tlog-cosignature).
function witnessOf(i, text, time) {
	const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
	const name = `witness-${i}.example.org/northmere`;
	const key = Buffer.concat([Buffer.of(4), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
	const id = sum(name + '\n', key).subarray(0, 4), at = Buffer.alloc(8);
	at.writeBigUInt64BE(BigInt(time));
	const signature = crypto.sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), privateKey);
	return { name: `w${i}`, vkey: `${name}+${id.toString('hex')}+${key.toString('base64')}`,
		line: `\u2014 ${name} ${Buffer.concat([id, at, signature]).toString('base64')}\n` };
}

function put(text, open, close, inner) {
	const [from, to] = part(text, open, close);
	return text.slice(0, from) + inner + text.slice(to);
}

// The saved receipt as it would be had ten signed its checkpoint.
function cosigned(text) {
	const [from, to] = part(text, 'id="tlog-proof">', '</script>');
	const proof = text.slice(from, to);
	const note = proof.slice(proof.indexOf('\n\n') + 2);
	const checkpoint = note.slice(0, note.lastIndexOf('\n\n') + 1);
	const all = Array.from({ length: 10 }, (_, i) => witnessOf(i, checkpoint, 1790000000 + i));
	const grown = proof + all.map((one) => one.line).join('');
	const [first, last] = part(text, '<pre id="policy">', '</pre>');
	const policy = text.slice(first, last).replace(/^quorum .*$/m, '') +
		all.map((one) => `witness ${one.name} ${one.vkey} https://${one.name}.example.org/\n`).join('') +
		`group outside 7 ${all.map((one) => one.name).join(' ')}\nquorum outside\n`;
	const whole = put(put(text, 'id="tlog-proof">', '</script>', grown), '<pre id="policy">', '</pre>', policy);
	return put(whole, '<code id="proof-sum">', '</code>', sum(grown).toString('hex'));
}

async function ten(text) {
	const whole = cosigned(text), bytes = Buffer.byteLength(whole), faults = [];
	const file = await opened(whole);
	faults.push(...file.takeFaults());
	if (file.verdict !== 'good' || !/others outside signed it/.test(file.said))
		faults.push(`it says: ${file.said}`);
	if ((file.said.match(/Countersigned by witness-/g) ?? []).length !== 10)
		faults.push('it does not name the ten');
	if (bytes >= SIZE_MAX)
		faults.push(`it has ${bytes} bytes`);
	await file.close();
	count.say(`with_ten_witnesses_it_is_witnessed_and_small (${bytes} bytes)`, faults);
	await changedIsSeen(whole, 'a_cosignature', '\u2014 witness-9.example.org/northmere ', '\n');
}

// --- the page that checks ----------------------------------------------------------------------

async function foundHere(session, name, text) {
	await session.go('/verify');
	const asked = [], { page } = session;
	const note = (request) => asked.push(request.url());
	await page.setInputFiles('#file', { name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
	page.on('request', note);
	await page.click('button:has-text("Check")');
	await page.waitForSelector('#found-here[data-found]', { timeout: 5000 }).catch(() => undefined);
	page.off('request', note);
	return { word: await page.getAttribute('#found-here', 'data-found'), said: await page.innerText('#found-here'), asked };
}

async function here(text) {
	const session = await browser.openSession(), faults = [];
	const [from, to] = part(text, 'id="tlog-proof">', '</script>');
	const proof = text.slice(from, to);
	const last = proof.length - 20, other = proof[last] === 'A' ? 'B' : 'A';
	const FILES = [
		['note.tlog-proof', proof, 'signed', /^Yes\. This entry is in the register\.\s+Entry \d+, recorded \w+/],
		['note.html', text, 'signed', /^Yes\./],
		['note.tlog-proof', proof.slice(0, last) + other + proof.slice(last + 1), 'signature', /^No\. The signature is not ours\./],
		['note.txt', 'Something else', 'malformed', /^No\. This is not a whole receipt\./],
	];
	for (const [name, bytes, word, says] of FILES) {
		const found = await foundHere(session, name, bytes);
		if (found.word !== word || !says.test(found.said))
			faults.push(`${name}: ${found.word}: ${found.said}`);
		if (found.asked.length)
			faults.push(`${name}: it asked ${found.asked.join(' ')}`);
	}
	if (!await session.page.isVisible('text=This page checks on your device and sends nothing.') ||
		await session.page.isVisible('text=This page sends the proof'))
		faults.push('it does not say that it sends nothing');
	for (const width of WIDTHS) {
		await setLook(session.page, { width });
		faults.push(...await axeFaults(session.page), ...await overflowFaults(session.page));
	}
	faults.push(...session.takeFaults());
	await session.close();
	count.say('the_page_checks_on_the_device_and_sends_nothing', faults);

	const plain = await browser.openSession({ script: false });
	await plain.go('/verify');
	await plain.page.setInputFiles('#file', { name: 'note.tlog-proof', mimeType: 'text/plain', buffer: Buffer.from(proof) });
	await plain.page.click('button:has-text("Check")');
	const said = await plain.page.innerText('main');
	count.say('without_script_the_register_answers', /Yes\. This entry is in the register\./.test(said) &&
		/This page sends the proof/.test(said) ? [] : [said]);
	await plain.close();
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
		if (!/What was owed to you, by whom and by when/.test(file.said))
			faults.push('it does not say that what is owed is not proved');
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
	await movedIsSeen(text);
	await changedIsSeen(text, 'what_proves_the_words', '<pre id="parts" hidden>', '</pre>');
	await changedIsSeen(text, 'the_promise', '<pre id="promise">', '</pre>');
	await changedIsSeen(text, 'the_key_of_the_promise', '<code id="promise-key">', '</code>');
	await changedIsSeen(text, 'the_number', '<span data-fact="entry">', '</span>');
	await changedIsSeen(text, 'the_time', '<span data-fact="recorded">', '</span>');
	await changedIsSeen(text, 'the_local_time', '<span data-local>', '</span>');
	await changedIsSeen(text, 'the_offset_of_the_local_time', '<span data-offset>', '</span>');
	await changedIsSeen(text, 'the_time_of_the_promise', '<span data-due>', '</span>');
	await changedIsSeen(text, 'the_register', '<span data-fact="origin">', '</span>');
	await session.close();
	await ten(text);
	await here(text);
} finally {
	await browser.close();
	fs.rmSync(folder, { recursive: true });
}
process.exit(count.end());

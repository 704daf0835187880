// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Checks a receipt on the reader's own device: the file of its proof, by a
// policy, with the words if they are there, and the promise that came with it.
// The same checks in the same order as `candour receipt`, and the same words for
// the first that fails. Formats: signed notes, checkpoints, cosignatures,
// policies and proofs of c2sp.org; Merkle paths of RFC 6962.
import * as ed25519 from '@noble/ed25519';
import { sha256 } from '@noble/hashes/sha256';
import { sha512 } from '@noble/hashes/sha512';

ed25519.etc.sha512Sync = (...parts) => sha512(ed25519.etc.concatBytes(...parts));

const KEY_OF_LOG = 1;
const KEY_OF_WITNESS = 4;
const KEY_UNCOUNTED = 6; // ML-DSA: read, and never counted
const RECEIPT_MAX = 65536;
const PATH_MAX = 63;
const SIGNATURES_MAX = 100;
const PIECES_MAX = 1000;
const DEPTH_MAX = 9;

class Fault extends Error {}

function must(holds, why) {
	if (!holds)
		throw new Fault(why);
}

// --- bytes -------------------------------------------------------------------------------------

const encoder = new TextEncoder();
const bytesOf = (text) => encoder.encode(text);

function join(...parts) {
	const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const hash = (...parts) => sha256(join(...parts));

// Strict: no other character, no other padding, no bits beside it.
function fromBase64(text) {
	if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
		return null;
	const raw = atob(text);
	return btoa(raw) === text ? Uint8Array.from(raw, (c) => c.charCodeAt(0)) : null;
}

function fromHex(text) {
	if (!/^[0-9a-f]{64}$/.test(text))
		return null;
	return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

// A number without leading zero, up to `max`; null: it is none.
function number(text, max = 9223372036854775807n) {
	return /^(?:0|[1-9][0-9]{0,18})$/.test(text) && BigInt(text) <= max ? BigInt(text) : null;
}

// --- keys and notes ----------------------------------------------------------------------------

const isName = (name) => name.length > 0 && !/[+\p{White_Space}]/u.test(name);

function readKey(text) {
	const at = text.indexOf('+'), next = text.indexOf('+', at + 1);
	const name = text.slice(0, at), id = text.slice(at + 1, next);
	const key = at > 0 && next > 0 ? fromBase64(text.slice(next + 1)) : null;
	must(isName(name) && /^[0-9a-f]{8}$/.test(id) && key && key.length > 1, 'This is no verifier key');
	const sum = hash(bytesOf(name + '\n'), key).slice(0, 4);
	must([...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('') === id,
		`The id of the key of '${name}' is not that of its bytes`);
	must(key[0] === KEY_UNCOUNTED || ((key[0] === KEY_OF_LOG || key[0] === KEY_OF_WITNESS) && key.length === 33),
		`The key of '${name}' is of no known type`);
	return { name, id: sum, type: key[0], pub: key.slice(1), text };
}

function readNote(raw) {
	must(!/[\u0000-\u0009\u000b-\u001f]/.test(raw), 'A signed note is text without control characters');
	const split = raw.lastIndexOf('\n\n');
	must(split >= 0 && raw.endsWith('\n') && raw.length > split + 2, 'This is no signed note');
	const lines = raw.slice(split + 2, -1).split('\n').map((line) => {
		const found = /^\u2014 ([^ ]+) (.*)$/u.exec(line);
		const bytes = found && isName(found[1]) ? fromBase64(found[2]) : null;
		must(bytes && bytes.length > 4, 'A line behind the last empty line is no signature');
		return { name: found[1], id: bytes.slice(0, 4), signature: bytes.slice(4) };
	});
	must(lines.length <= SIGNATURES_MAX, 'A signed note has at most 100 signatures');
	return { text: raw.slice(0, split + 1), lines };
}

function holds(key, message, signature) {
	try {
		return signature.length === 64 && ed25519.verify(signature, message, key.pub, { zip215: false });
	} catch {
		return false;
	}
}

// The seconds at which a witness signed, 0 of a log's key; null: it does not hold.
function verifyLine(key, text, signature) {
	if (key.type === KEY_OF_LOG)
		return holds(key, bytesOf(text), signature) ? 0n : null;
	if (signature.length !== 72)
		return null;
	let time = 0n;
	for (const byte of signature.slice(0, 8))
		time = (time << 8n) | BigInt(byte);
	if (time > 9223372036854775807n)
		return null;
	return holds(key, bytesOf(`cosignature/v1\ntime ${time}\n${text}`), signature.slice(8)) ? time : null;
}

// Which of the keys signed; of one key the first line counts.
function verifyNote(note, keys) {
	const signers = [];
	for (const line of note.lines) {
		const key = keys.find((one) => one.name === line.name && same(one.id, line.id));
		if (!key || key.type === KEY_UNCOUNTED || signers.some((one) => one.key === key))
			continue;
		const time = verifyLine(key, note.text, line.signature);
		must(time !== null, `The signature of '${key.name}' does not hold`);
		signers.push({ key, time });
	}
	must(signers.length > 0, 'No trusted key signed this');
	return signers;
}

function readCheckpoint(text) {
	const lines = text.slice(0, -1).split('\n');
	const size = lines.length >= 3 ? number(lines[1]) : null;
	const root = lines.length >= 3 ? fromBase64(lines[2]) : null;
	must(lines.every((line) => line.length) && size !== null && root && root.length === 32,
		'The checkpoint is not whole');
	must(size > 0n || same(root, sha256(new Uint8Array())), 'A checkpoint of no entries has the root of none');
	return { origin: lines[0], size, root };
}

// --- policies ----------------------------------------------------------------------------------

function readPolicy(text) {
	const policy = { logs: [], members: new Map(), quorum: undefined };
	const words = ['log', 'witness', 'group', 'quorum', 'any', 'all', 'none'];
	const isNew = (name) => must(!words.includes(name) && !policy.members.has(name), 'The policy names something twice');
	for (const line of text.split('\n')) {
		const parts = line.split(/[ \t]+/).filter((part) => part.length);
		if (!parts.length || parts[0].startsWith('#'))
			continue;
		if (parts[0] === 'log' && (parts.length === 2 || parts.length === 3)) {
			policy.logs.push(readKey(parts[1]));
		} else if (parts[0] === 'witness' && (parts.length === 3 || parts.length === 4)) {
			isNew(parts[1]);
			policy.members.set(parts[1], { key: readKey(parts[2]) });
		} else if (parts[0] === 'group' && parts.length >= 4) {
			isNew(parts[1]);
			const of = parts.slice(3);
			must(of.every((name) => policy.members.has(name)), 'The policy names what no line above defines');
			const needed = parts[2] === 'any' ? 1 : parts[2] === 'all' ? of.length : Number(number(parts[2]) ?? 0n);
			must(needed >= 1 && needed <= of.length, 'A group of the policy needs more than it has');
			policy.members.set(parts[1], { needed, of });
		} else if (parts[0] === 'quorum' && parts.length === 2 && policy.quorum === undefined) {
			policy.quorum = parts[1] === 'none' ? null : parts[1];
			must(policy.quorum === null || policy.members.has(policy.quorum), 'The quorum names what no line defines');
		} else {
			must(false, 'A line of the policy is none');
		}
	}
	must(policy.quorum !== undefined, 'The policy has no quorum line');
	policy.keys = [...policy.logs, ...[...policy.members.values()].filter((one) => one.key).map((one) => one.key)];
	return policy;
}

function isMet(policy, signers, name = policy.quorum) {
	if (name === null)
		return true;
	const member = policy.members.get(name);
	if (member.key)
		return signers.some((one) => one.key === member.key);
	return member.of.filter((one) => isMet(policy, signers, one)).length >= member.needed;
}

// --- entries -----------------------------------------------------------------------------------

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isMoment(text) {
	const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.[0-9]{3}Z$/.exec(text);
	if (!found)
		return false;
	const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
	const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
		day <= MONTHS[month - 1] + (month === 2 && isLeap ? 1 : 0) && hour < 24 && minute < 60 && second < 60;
}

const HEADER = [
	['index', (v) => number(v, 9007199254740991n) !== null],
	['recorded', isMoment],
	['kind', (v) => v.length <= 64 && /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(v)],
	['file', (v) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(v)],
	['by', (v) => v === '-' || v === 'register' || /^[0-7][0-9A-HJKMNP-TV-Z]{25}\/[a-z0-9][a-z0-9._-]{0,63}$/.test(v)],
	['plain', (v) => /^[0-9a-f]{64}$/.test(v)],
	['sealed', (v) => v === '-' || /^[0-9a-f]{64}$/.test(v)],
	['box', (v) => v === '-' || /^[0-9a-f]{64}$/.test(v)],
];

function readHeader(text) {
	const lines = text.split('\n');
	const header = { text };
	must(text.length <= 512 && lines.length === 10 && lines[9] === '' && lines[0] === 'candour/entry/v1',
		'This is no entry');
	HEADER.forEach(([name, fits], i) => {
		const line = lines[i + 1];
		must(line.startsWith(name + ' ') && fits(line.slice(name.length + 1)), `The entry's line '${name}' is not whole`);
		header[name] = line.slice(name.length + 1);
	});
	must((header.sealed === '-') === (header.box === '-'), 'An entry is sealed or it is not');
	return header;
}

function takeSalt(lines, name) {
	if (!lines[0].startsWith(name + ' '))
		return null;
	const salt = fromHex(lines.shift().slice(name.length + 1));
	must(salt, 'The block of the receipt is not whole');
	return salt;
}

function readBlock(text) {
	const bytes = fromBase64(text);
	must(bytes && bytes.length <= 1024 && bytes.every((byte) => byte < 0x80), 'The block of the receipt is not whole');
	const lines = String.fromCharCode(...bytes).split('\n');
	must(lines.shift() === 'candour/receipt/v1', 'The block is not that of a receipt of Candour');
	const opener = takeSalt(lines, 'opener');
	must(opener, 'The block of the receipt is not whole');
	const plainSalt = takeSalt(lines, 'plain-salt'), sealedSalt = takeSalt(lines, 'sealed-salt');
	return { opener, plainSalt, sealedSalt, header: readHeader(lines.join('\n')) };
}

function readReceipt(raw) {
	must(bytesOf(raw).length <= RECEIPT_MAX && !raw.includes('\r'), 'A receipt is text of at most 64 KiB');
	const split = raw.indexOf('\n\n');
	must(split >= 0, 'The receipt has no checkpoint behind an empty line');
	const lines = raw.slice(0, split).split('\n');
	must(lines[0] === 'c2sp.org/tlog-proof@v1' && lines.length >= 3 && lines[1].startsWith('extra ') &&
		lines[2].startsWith('index '), 'This is no receipt');
	const block = readBlock(lines[1].slice(6));
	const index = number(lines[2].slice(6));
	const path = lines.slice(3).map(fromBase64);
	must(index !== null && path.length <= PATH_MAX && path.every((one) => one && one.length === 32),
		'The path of the receipt is not whole');
	const note = readNote(raw.slice(split + 2));
	return { ...block, index, path, note, checkpoint: readCheckpoint(note.text) };
}

// RFC 9162 2.1.3.2.
function isIncluded(leaf, index, size, path, root) {
	if (index >= size)
		return false;
	let fn = index, sn = size - 1n, at = leaf;
	for (const one of path) {
		if (sn === 0n)
			return false;
		if (fn & 1n || fn === sn) {
			at = hash(Uint8Array.of(1), one, at);
			while (!(fn & 1n) && fn !== 0n) {
				fn >>= 1n;
				sn >>= 1n;
			}
		} else {
			at = hash(Uint8Array.of(1), at, one);
		}
		fn >>= 1n;
		sn >>= 1n;
	}
	return sn === 0n && same(at, root);
}

const leafOf = (receipt) =>
	hash(Uint8Array.of(0), hash(bytesOf('candour/commit/v1\n'), receipt.opener, bytesOf(receipt.header.text)));

// --- words -------------------------------------------------------------------------------------

// JSON as entries have it: no null, no fraction, each key once, no lone surrogate, no NUL.
function readJson(text) {
	let at = 0;
	const white = () => {
		while (at < text.length && ' \t\n\r'.includes(text[at]))
			at++;
	};
	const take = (c) => {
		white();
		must(text[at] === c, 'The words are no JSON');
		at++;
	};
	const string = () => {
		white();
		const found = /^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/.exec(text.slice(at));
		must(found, 'The words are no JSON');
		at += found[0].length;
		const value = JSON.parse(found[0]);
		must(!value.includes('\u0000') && !/[\ud800-\udfff]/u.test(value), 'The words hold what no text can hold');
		return value;
	};
	const list = (open, close, one) => {
		take(open);
		white();
		if (text[at] === close) {
			at++;
			return;
		}
		for (;;) {
			one();
			white();
			if (text[at] !== ',')
				break;
			at++;
		}
		take(close);
	};
	const value = (depth) => {
		must(depth <= DEPTH_MAX, 'The words are nested too deep');
		white();
		const made = text[at] === '[' ? [] : new Map();
		if (text[at] === '[') {
			list('[', ']', () => made.push(value(depth + 1)));
			return made;
		}
		if (text[at] === '{') {
			list('{', '}', () => {
				const key = string();
				take(':');
				must(/^[a-z][a-z0-9_-]{0,63}$/.test(key) && !made.has(key), 'A name in the words is none, or there twice');
				made.set(key, value(depth + 1));
			});
			return made;
		}
		if (text[at] === '"')
			return string();
		const found = /^(?:true|false|-?[1-9][0-9]{0,15}|0)(?![0-9.eE])/.exec(text.slice(at));
		must(found, 'The words are no JSON of an entry');
		at += found[0].length;
		if (found[0] === 'true' || found[0] === 'false')
			return found[0] === 'true';
		must(Number.isSafeInteger(Number(found[0])), 'A number in the words is too large');
		return Number(found[0]);
	};
	const read = value(1);
	white();
	must(at === text.length, 'Something stands behind the words');
	return read;
}

// RFC 8785, as far as entries need it.
function canonical(value) {
	if (value instanceof Map)
		return '{' + [...value.keys()].sort().map((key) => `"${key}":${canonical(value.get(key))}`).join(',') + '}';
	if (Array.isArray(value))
		return '[' + value.map(canonical).join(',') + ']';
	return JSON.stringify(value);
}

// Words are cut behind each empty line, so that a piece can be shown by itself.
function pieces(words) {
	const found = [];
	let from = 0, line = 0;
	while (line < words.length && found.length < PIECES_MAX - 1) {
		const end = words.indexOf('\n', line);
		if (end < 0)
			break;
		if (end === line || (end === line + 1 && words[line] === '\r')) {
			found.push(words.slice(from, end + 1));
			from = end + 1;
		}
		line = end + 1;
	}
	if (from < words.length || !found.length)
		found.push(words.slice(from));
	return found;
}

function sealedHash(sealed, salt) {
	const parts = [bytesOf('candour/sealed/v1\n')];
	for (const field of [...sealed.keys()].sort()) {
		const value = sealed.get(field);
		const texts = typeof value === 'string' ? pieces(value) : [canonical(value)];
		parts.push(bytesOf(`${field} ${texts.length}\n`));
		texts.forEach((text, i) => {
			const own = hash(bytesOf('candour/part-salt/v1\n'), salt, bytesOf(`${field} ${i}\n`));
			parts.push(hash(bytesOf('candour/part/v1\n'), own, bytesOf((typeof value === 'string' ? 's' : 'j') + text)));
		});
	}
	return hash(...parts);
}

export const sumOf = (text) => hex(sha256(bytesOf(text)));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function checkReport(text, receipt) {
	const report = readJson(text);
	must(report instanceof Map && report.size > 0 &&
		[...report].every(([key, value]) => (key === 'plain' || key === 'sealed') && value instanceof Map),
		'The words are not those of an entry');
	const plain = report.get('plain'), sealed = report.get('sealed');
	must((!plain || receipt.plainSalt) && (!sealed || receipt.sealedSalt),
		'The receipt does not hold the salt that would prove the words');
	must(!plain || hex(hash(bytesOf('candour/plain/v1\n'), receipt.plainSalt, bytesOf(canonical(plain)))) ===
		receipt.header.plain, 'The answers are not those that were recorded');
	must(!sealed || hex(sealedHash(sealed, receipt.sealedSalt)) === receipt.header.sealed,
		'The words are not those that were sealed');
}

/*
 * What the parts of an entry say, each field that is shown whole, or null: they are not those that
 * were sealed. `text` is JSON: [{"field","salt","text"} or {"field","kept"}], salts and what stands
 * for a part that is kept back as hex.
 */
export function readParts(text, found) {
	try {
		const fields = new Map(), list = JSON.parse(text);
		for (const one of list) {
			const salt = one.salt === undefined ? null : fromHex(one.salt);
			const sum = salt ? hash(bytesOf('candour/part/v1\n'), salt, bytesOf('s' + one.text)) : fromHex(one.kept);
			must(sum, 'A part is not whole');
			const field = fields.get(one.field) ?? { sums: [], text: '' };
			field.sums.push(sum);
			field.text = salt && field.text !== null ? field.text + one.text : null;
			fields.set(one.field, field);
		}
		const all = [bytesOf('candour/sealed/v1\n')];
		for (const [name, field] of fields)
			all.push(bytesOf(`${name} ${field.sums.length}\n`), ...field.sums);
		must(hex(hash(...all)) === found.header.sealed, 'The parts are not those that were sealed');
		return [...fields.values()].map((field) => field.text).filter((shown) => shown !== null);
	} catch {
		return null;
	}
}

// --- all ---------------------------------------------------------------------------------------

/*
 * What checking finds: result is "witnessed", "signed", or the first check that fails (malformed,
 * origin, signature, index, inclusion, report); why is a sentence. `report` is JSON
 * {"plain":{…},"sealed":{…}}, or nothing.
 */
export function checkReceipt({ proof, policy: policyText, report }) {
	const found = { result: 'malformed', why: '' };
	try {
		const policy = readPolicy(policyText);
		const receipt = readReceipt(proof);
		Object.assign(found, { header: receipt.header, checkpoint: receipt.checkpoint, leaf: leafOf(receipt) });
		found.result = 'origin';
		must(policy.logs.some((key) => key.name === receipt.checkpoint.origin), 'The receipt is of another register');
		found.result = 'signature';
		found.signers = verifyNote(receipt.note, policy.keys);
		must(found.signers.some((one) => one.key.type === KEY_OF_LOG && one.key.name === receipt.checkpoint.origin),
			'The register itself did not sign');
		found.result = 'index';
		must(String(receipt.index) === receipt.header.index, 'The number of the receipt is not that of its entry');
		found.result = 'inclusion';
		must(isIncluded(found.leaf, receipt.index, receipt.checkpoint.size, receipt.path, receipt.checkpoint.root),
			'The entry is not in the log that was signed');
		found.result = 'report';
		if (report !== undefined && report !== null)
			checkReport(report, receipt);
		found.witnesses = found.signers.filter((one) => one.key.type === KEY_OF_WITNESS)
			.map((one) => ({ name: one.key.name, at: new Date(Number(one.time) * 1000) }));
		found.asks = policy.quorum !== null;
		found.result = found.asks && isMet(policy, found.signers) ? 'witnessed' : 'signed';
	} catch (fault) {
		if (!(fault instanceof Fault))
			throw fault;
		found.why = fault.message;
	}
	return found;
}

/* A promise for the entry of a receipt that was found good: by when, or a sentence on what is wrong. */
export function checkPromise(note, keyText, found) {
	try {
		const key = readKey(keyText), read = readNote(note);
		verifyNote(read, [key]);
		const { header, checkpoint, leaf } = found;
		const by = /\nby ([^\n]+)\n$/.exec(read.text);
		must(by && isMoment(by[1]) && key.name === checkpoint.origin + '/promise' && read.text ===
			`candour/promise/v1\norigin ${checkpoint.origin}\nindex ${header.index}\nleaf ${hex(leaf)}\n` +
			`recorded ${header.recorded}\nby ${by[1]}\n`, 'The promise is not for this entry');
		return { by: new Date(by[1]) };
	} catch (fault) {
		if (!(fault instanceof Fault))
			throw fault;
		return { why: fault.message };
	}
}

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A saved receipt that checks itself, with no network: what it found stands on
// top, in plain words, and what it cannot know.
import { checkReceipt, checkPromise, readParts, sumOf } from './receipt.js';

const textOf = (id) => document.getElementById(id)?.textContent ?? null;

function add(to, name, text) {
	const made = document.createElement(name);
	if (text !== undefined)
		made.textContent = text;
	to.append(made);
	return made;
}

function timeOf(date) {
	const local = date.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'short' });
	return `${local} (${date.toISOString().replace('.000Z', 'Z')})`;
}

// --- what is shown must be what was proved -----------------------------------------------------

const even = (text) => text.replace(/\r\n?/g, '\n').replace(/^\n+/, '');

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

// "Thursday 19 November 2026 at 10:12am", so many minutes east of universal time.
function wordsOf(date, minutes) {
	const at = new Date(date.getTime() + minutes * 60000);
	const hour = at.getUTCHours(), minute = at.getUTCMinutes();
	const shown = minute === 0 && hour % 12 === 0 ? ['midnight', 'midday'][hour / 12] :
		`${hour % 12 || 12}${minute ? ':' + String(minute).padStart(2, '0') : ''}${hour < 12 ? 'am' : 'pm'}`;
	return `${DAYS[at.getUTCDay()]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()} at ${shown}`;
}

// Minutes of "UTC+01:00", or null.
function minutesOf(text) {
	const read = /^UTC(?:([+-])(0\d|1[0-4]):(00|15|30|45))?$/.exec(text);
	return read && (read[1] === '-' ? -1 : 1) * (60 * Number(read[2] ?? 0) + Number(read[3] ?? 0));
}

// A sentence on a time of the clock that is not the one that was proved, or nothing.
function differsInTime(found, promise) {
	const recorded = new Date(found.header.recorded);
	const shown = document.querySelector('[data-local]').textContent;
	const minutes = minutesOf(document.querySelector('[data-offset]').textContent);
	if (minutes === null || shown !== wordsOf(recorded, minutes))
		return `This file shows “${shown}”, and the proof says “${found.header.recorded}”.`;
	const due = document.querySelector('[data-due]');
	if (due && Math.trunc(Date.parse(due.textContent) / 1000) !== Math.trunc((promise?.by.getTime() ?? NaN) / 1000))
		return `This file shows “${due.textContent}”, and the promise does not.`;
	return null;
}

// A sentence on what differs, or nothing.
function differs(found, parts) {
	const { header, checkpoint } = found;
	const facts = { entry: header.index, origin: checkpoint.origin, recorded: header.recorded };
	const told = [...document.querySelectorAll('[data-fact]')];
	if (!Object.keys(facts).every((name) => told.some((shown) => shown.dataset.fact === name)))
		return 'What the proof is of does not stand in this file.';
	for (const shown of told) {
		if (shown.textContent !== facts[shown.dataset.fact])
			return `This file shows “${shown.textContent}”, and the proof says “${facts[shown.dataset.fact]}”.`;
	}
	const words = [...document.querySelectorAll('.words')];
	const known = parts === null ? [] : readParts(parts, found);
	if (known === null)
		return 'The words in this file are not those that were received.';
	if (words.length !== known.length || !words.every((shown, i) => even(known[i]) === even(shown.textContent)))
		return 'Words in this file are not those that were received.';
	return null;
}

// --- what is said ------------------------------------------------------------------------------

const WHY = {
	malformed: 'The proof in this file is not whole.',
	origin: 'The proof is of another register.',
	signature: 'A signature in this file does not hold.',
	index: 'The proof and its entry do not fit.',
	inclusion: 'The entry is not in the log that was signed.',
};

function sayBad(box, why, more) {
	box.className = 'bad';
	add(box, 'h2', 'No. This file does not hold together.');
	add(box, 'p', why);
	if (more && more !== why)
		add(box, 'p', `What failed: ${more}.`.replace(/\.\.$/, '.'));
	add(box, 'p', 'Somebody or something changed it. Keep it, and show it to somebody you trust. A new receipt can be had with your code, where you sent your words.');
}

function sayGood(box, found, parts, promise) {
	box.className = 'good';
	add(box, 'h2', found.result === 'witnessed' ? 'Yes. This file holds together, and others outside signed it.' : 'Yes. This file holds together.');
	const list = add(box, 'ul');
	add(list, 'li', `Received: ${timeOf(new Date(found.header.recorded))}.`);
	add(list, 'li', parts ? 'The words in this file are those that were received, to the letter.' :
		'Your words are not in this file, so nothing was checked of them.');
	add(list, 'li', `They are entry ${found.header.index} of ${found.checkpoint.size} in the register ${found.checkpoint.origin}, which signed so.`);
	for (const witness of found.witnesses)
		add(list, 'li', `Countersigned by ${witness.name}: ${timeOf(witness.at)}.`);
	if (found.result === 'witnessed')
		return;
	add(list, 'li', found.witnesses.length ? 'Fewer outside have countersigned than the register asks for.' : 'Nobody outside has countersigned this copy.');
	if (!promise)
		return;
	const what = found.asks ? 'others outside will have countersigned it' : 'what it publishes will hold it';
	add(list, 'li', promise.by > new Date() ? `The register promises, and signed, that ${what} by ${timeOf(promise.by)}. Get the newer receipt then.` :
		`The register promised, and signed, that ${what} by ${timeOf(promise.by)}. If it cannot give you a newer receipt, this file proves that it broke its word.`);
}

function sayUnknown(box) {
	add(box, 'p', 'What this check cannot know:');
	const list = add(box, 'ul');
	add(list, 'li', 'Whether this page itself is honest. A page that checks itself proves nothing about itself: compare the signs of the key below with those you were given in another way, or check with another program.');
	add(list, 'li', 'What was owed to you, by whom and by when. The proof does not reach those lines, and anybody may have changed them: your code shows what is owed.');
	add(list, 'li', 'What was done since, and who has read it. Type your code where you sent your words.');
}

function check(box) {
	const parts = textOf('parts');
	// Salts are proved by nothing but the words that they are for, which may not be here.
	if (sumOf(textOf('tlog-proof')) !== textOf('proof-sum'))
		return sayBad(box, 'The lines of the proof are not those that were saved.');
	const found = checkReceipt({ proof: textOf('tlog-proof'), policy: textOf('policy') });
	if (found.result !== 'witnessed' && found.result !== 'signed')
		return sayBad(box, WHY[found.result], found.why);
	const note = textOf('promise');
	const promise = note === null ? null : checkPromise(note, textOf('promise-key'), found);
	if (promise?.why)
		return sayBad(box, 'The promise in this file does not hold.', promise.why);
	const wrong = differs(found, parts) ?? differsInTime(found, promise);
	if (wrong)
		return sayBad(box, wrong);
	return sayGood(box, found, parts, promise);
}

const box = document.getElementById('verdict');
box.replaceChildren();
try {
	check(box);
} catch (fault) {
	sayBad(box, 'This browser could not check it.', String(fault.message));
}
sayUnknown(box);

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The page that checks a receipt, where scripts run: what is chosen or pasted is
// judged here and sent nowhere. It says the page's own words, the same as the
// register's answer says. What it takes: the lines of a proof, or a saved
// receipt, of which it reads the lines and runs nothing.
import { checkReceipt } from './receipt.js';

const here = document.getElementById('here');
const form = here?.closest('main').querySelector('form');

// A text box ends its lines in CR LF; a receipt has no CR. In a saved receipt the lines stand as they are.
const linesOf = (text) => (/<script type="text\/plain" id="tlog-proof">([^<]*)/.exec(text)?.[1] ?? text).replace(/\r/g, '');

async function chosen() {
	const file = form.elements.file.files[0];
	return file ? linesOf(await file.text()) : linesOf(form.elements.proof.value);
}

// No witness signed it, and each key of the register that did was known to others by then.
function isDoubtful(found) {
	if (found.result !== 'signed')
		return false;
	const doubts = new Map([...here.querySelectorAll('[data-since]')].map((one) => [one.textContent, one.dataset.since]));
	const ours = found.signers.filter((one) => one.key.type === 1).map((one) => doubts.get(one.key.text));
	return ours.length > 0 && ours.every((since) => since) &&
		ours.some((since) => new Date(found.header.recorded) >= new Date(since));
}

const timeOf = (date) => date.toLocaleString(document.documentElement.lang || 'en-GB', { dateStyle: 'full', timeStyle: 'short' });

const filled = (words, values) => words.replace(/\{([a-z]+)\}/g, (whole, name) => values[name] ?? whole);

function add(to, name, words, style) {
	const made = document.createElement(name);
	made.textContent = words;
	made.className = style;
	to.append(made);
	return made;
}

function say(found) {
	const word = isDoubtful(found) ? 'doubtful' : found.result;
	const verdict = here.querySelector(`[data-word="${word}"]`);
	const said = document.getElementById('found-here');
	said.replaceChildren();
	const heading = add(said, 'h2', verdict.dataset.answer, 'govuk-heading-m');
	if (verdict.dataset.holds !== undefined) {
		const when = timeOf(new Date(found.header.recorded));
		add(said, 'p', filled(here.dataset.recorded, { index: found.header.index, when }), 'govuk-body');
	}
	add(said, 'p', verdict.dataset.sentence, 'govuk-body');
	for (const one of verdict.dataset.holds !== undefined ? found.witnesses : [])
		add(said, 'p', filled(here.dataset.by, { name: one.name, when: timeOf(one.at) }), 'govuk-body');
	said.dataset.found = word;
	heading.tabIndex = -1;
	heading.focus();
}

async function check(event) {
	// Nothing was chosen: the page says so as it does without scripts.
	if (!form.elements.file.files.length && !form.elements.proof.value.trim())
		return;
	event.preventDefault();
	try {
		say(checkReceipt({ proof: await chosen(), policy: here.querySelector('[data-policy]').textContent }));
	} catch {
		document.getElementById('found-here').textContent = here.dataset.unable;
	}
}

if (form) {
	form.addEventListener('submit', check);
	for (const one of document.querySelectorAll('[data-sent], [data-kept]'))
		one.hidden = one.dataset.sent !== undefined;
}

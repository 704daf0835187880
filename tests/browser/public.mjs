// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The public pages, as a reporter meets them: pages.mjs BASE public.mjs. A code
// of a late concern (as serve_drill prints it) comes in CANDOUR_LATE_CODE.
const TARGET = 44;
const late = process.env.CANDOUR_LATE_CODE || '';

const leave = { click: 'button:has-text("Continue")' };

// One journey to the last page, each page looked at on the way.
function journey(session, script, about) {
	const page = (name, path, steps, more = {}) =>
		({ name: `${session}-${name}`, session, path, steps, script, target: TARGET, ...more });
	const other = about === 'child';
	const pages = [
		page('start', '/', [{ see: 'Tell us if a child is being hurt, or might be' }]),
		page('danger', '/report/danger', []),
		page('danger-error', '/report/danger', [leave, { see: 'There is a problem' },
			{ title: 'Error: Right now - Northmere' }]),
		page('danger-yes', '/report/danger', [{ check: '#danger-now' },
			{ check: other ? '#about-2' : '#about' }, leave, { url: '/report/danger-now' }]),
		page('child', '/report/child', []),
		page('child-error', '/report/child', [{ fill: ['#child', 'Ava <b>"&\''] },
			{ fill: ['#age-said', 'nine'] }, leave, { see: 'Age must be a whole number from 0 to 25' }]),
		page('child-on', '/report/child', [{ fill: ['#child', 'Ava <b>"&\''] },
			{ fill: ['#age-said', '9'] }, leave, { url: '/report/happening' }], { look: false }),
		page('happening', '/report/happening', []),
		page('happening-error', '/report/happening', [leave,
			{ see: 'Write something about what is happening, even a few words' }]),
		page('happening-on', '/report/happening',
			[{ fill: ['#happening', 'He hits her.\n<script>alert(1)</script>'] },
				{ check: '#harm' }, leave, { url: '/report/when-where' }], { look: false }),
		page('when-where', '/report/when-where', []),
		page('when-where-on', '/report/when-where', [{ check: '#when-kind' }, leave,
			{ url: other ? '/report/words' : '/report/files' }], { look: false }),
	];
	if (other) {
		pages.push(page('words', '/report/words', []));
	}
	pages.push(
		page('files', '/report/files', []),
		page('files-error', '/report/files', [{ upload: ['#files', '/dev/null'] }, leave,
			{ see: 'is empty' }]),
		page('contact', '/report/contact', []),
		page('contact-error', '/report/contact', [{ check: '#way-2' }, leave,
			{ see: 'Enter a phone number, like 07700 900 982' }]),
	);
	if (other) {
		pages.push(page('you', '/report/you', []));
	}
	pages.push(
		page('check', '/report/check', [{ see: 'You have not sent it yet.' }, { see: 'Left out' },
			{ see: 'Ava <b>"&' }]),
		page('sent', '/report/check', [{ click: 'button:has-text("Send this now")' },
			{ url: '/report/done' }, { see: 'We have it' },
			{ title: 'We have it - Northmere' }]),
		page('done', '/report/done', [{ see: 'What happens now' }]),
		page('done-2', '/report/done', [{ click: 'button:has-text("I have written it down")' },
			{ see: 'Your code is off the screen' }]),
	);
	return pages;
}

const alone = (name, path, steps = [], more = {}) =>
	({ name, path, steps, target: TARGET, ...more });

const back = late ? [
	alone('status', '/return', [{ fill: ['#code', late] }, { click: 'button:has-text("Open")' },
		{ url: '/return/status' }, { see: 'We are late' }], { session: 'late' }),
	alone('status-error', '/return/status', [{ click: 'button:has-text("Send")' },
		{ see: 'Write what you want to tell us' }], { session: 'late' }),
	alone('challenge', '/return/challenge', [], { session: 'late' }),
	alone('challenge-error', '/return/challenge',
		[{ click: 'button:has-text("Send my challenge")' },
			{ see: 'Choose what you do not agree with' }], { session: 'late' }),
	alone('reach', '/return/contact', [], { session: 'late' }),
	alone('reach-error', '/return/contact',
		[{ click: 'button:has-text("Send how you may reach me")' },
			{ see: 'Choose how we may reach you' }], { session: 'late' }),
	alone('status-added', '/return/status', [{ fill: ['#more', 'One more thing <i>'] },
		{ click: 'button:has-text("Send")' }, { see: 'We have what you wrote.' }],
	{ session: 'late' }),
] : [];

// The roads beside a concern, from the start page on: how many of them there are is the pack's.
const begin = (text) => [{ click: `a:has-text("${text}")` }];
const roads = [
	alone('road', '/', [...begin('A child is missing'), { see: 'Call 999 if you think' }], { session: 'road' }),
	alone('road-complaint', '/', [...begin('Make a complaint'), { see: 'You get a code' }], { session: 'road' }),
	...[1, 2, 3, 4, 5, 6].map((n) => alone(`road-2-${n}`, `/tell/2/${n}`, [], { session: 'road' })),
	...[1, 3].map((n) => alone(`road-3-${n}`, `/tell/3/${n}`, [], { session: 'road' })),
	alone('road-error', '/tell/3/1', [leave, { see: 'Write an answer: When was the child last seen?' },
		{ title: 'Error: Question 1 - Northmere' }], { session: 'road' }),
	alone('road-on', '/tell/3/2', [{ check: '#from' }, leave, { url: '/tell/3/3' }], { session: 'road', look: false }),
	alone('road-check', '/tell/3/check', [{ see: 'You have not sent it yet.' }, { see: 'Left out' }],
		{ session: 'road' }),
];

export default [
	...journey('other', true, 'child'),
	...journey('me', true, 'me'),
	...journey('plain', false, 'child'),
	alone('return', '/return'),
	alone('return-error', '/return', [{ fill: ['#code', 'lantren otter maple river 4071'] },
		{ click: 'button:has-text("Open")' }, { see: 'Did you mean "lantern"?' }]),
	...back,
	...roads,
	alone('lost', '/return/lost'),
	alone('safe', '/safe'),
	alone('pause', '/pause', [], { target: 24 }),
	alone('accessibility', '/accessibility'),
	alone('privacy', '/privacy'),
	alone('figures', '/figures'),
	alone('verify', '/verify'),
	alone('verify-error', '/verify', [{ click: 'button:has-text("Check")' },
		{ see: 'Choose the file of your receipt' }]),
	alone('not-found', '/there-is-none', [], { status: 404 }),
];

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A register that can be read and not written: pages.mjs BASE closed.mjs, with
// the second address that serve_practice prints. What is sent is answered 503.
const page = (name, path, steps = [], more = {}) => ({ name, path, steps, plain: true, ...more });

export default [
	page('closed, start', '/'),
	page('closed, report', '/report/danger', [
		{ check: '#danger-now-2' }, { check: '#about-2' }, { click: 'button:has-text("Continue")' },
		{ see: 'We cannot take this right now' }, { see: '999' }]),
	page('closed, sign in', '/sign-in', [
		{ fill: ['#name', 'amara'] }, { fill: ['#password', 'x'] }, { click: 'main button' },
		{ see: 'We cannot take this right now' }]),
	page('closed, health', '/health', [{ see: 'Something does not work as it should' }], { status: 503 }),
];

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Too many wrong codes: pages.mjs BASE limited.mjs, with the second address that
// serve_drill prints. One wrong code a minute passes there, the next is answered 429.
const wrong = [{ fill: ['#code', 'lantern otter maple river 4071'] },
	{ click: 'button:has-text("Open")' }];

export default [
	{ name: 'limited, one wrong code', path: '/return', look: false,
		steps: [...wrong, { see: 'That code does not open anything.' }] },
	{ name: 'limited, wait', path: '/return', target: 44, plain: true,
		steps: [...wrong, { see: 'Wait a little' }, { see: 'You can try again at' },
			{ see: 'Your report is safe. If somebody is in danger, call 999.' }] },
];

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who can sign in, as a program that serves printed it, and how they do.
import fs from 'node:fs';
import crypto from 'node:crypto';

const SYMBOLS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

// `variable` of the environment names the file.
export const peopleIn = (variable) => () => JSON.parse(fs.readFileSync(process.env[variable], 'utf8'));

// The six digits of an authenticator now (RFC 6238).
export function digits(secret) {
	const bits = [...secret].map((c) => SYMBOLS.indexOf(c).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
	const mac = crypto.createHmac('sha1', key).update(counter).digest();
	const number = (mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000;
	return String(number).padStart(6, '0');
}

// Each code serves once, so that somebody signs in once in a run. What is printed is read when it is
// typed: a list is made before anybody serves.
export const signInOf = (people) => (name) => [
	{ fill: ['#name', name] },
	(page) => page.locator('#password').fill(people().password),
	{ click: 'main button' },
	(page) => page.locator('#digits').fill(digits(people().people[name])),
	{ click: 'main button' },
	{ url: '/work' },
];

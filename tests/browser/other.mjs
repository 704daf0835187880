// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One journey by the rules of another nation, from the first words to the end,
// as a list for pages.mjs (tests/web/serve_other.c serves it): packs/wales has no
// name in common with England's, and every page is drawn from it.
import { peopleIn, signInOf } from './people.mjs';

const people = peopleIn('CANDOUR_OTHER');
const signIn = signInOf(people);

const go = { click: 'main form:not(.cd-leave) button:has-text("Continue")' };
const nia = (name, path, steps) => ({ session: 'nia', name: `wales, ${name}`, path, steps });

export default [
	{ session: 'neighbour', name: 'wales, told', path: '/report/danger', steps: [
		{ check: '#danger-now-2' }, { check: '#about-2' }, go,
		{ url: '/report/child' }, { fill: ['#child', 'Nia'] }, { not: 'School or nursery' }, go,
		{ url: '/report/happening' }, { fill: ['#happening', 'She is hungry.'] }, go,
		{ url: '/report/when-where' }, go, { url: '/report/words' }, go,
		{ url: '/report/contact' }, go, { url: '/report/you' }, go,
		{ url: '/report/check' }, { click: 'button:has-text("Send this now")' },
		{ url: '/report/done' }, { see: 'We have it' }] },
	nia('my work', '/sign-in', [
		...signIn('nia'), { see: 'Decide how the report is answered' }]),
	nia('report', '/files/RP-1', [{ see: 'She is hungry.' }, { see: 'Decide how it is answered' }]),
	nia('first look', '/files/RP-1/report.screened', [
		{ check: 'input[name="danger"][value="no"]' }, { fill: ['#basis', 'Rang the school.'] }, { click: '#send' },
		{ see: 'Recorded' }]),
	nia('decided', '/files/RP-1/report.decided', [
		{ check: 'input[name="decision"][value="none"]' }, { fill: ['#reasons', 'A meal was missed once.'] },
		{ click: '#send' }, { see: 'What follows' }, { click: 'button.govuk-button--warning' },
		{ see: 'Recorded' }]),
	nia('not yet', '/files/RP-1/report.ended', [
		(page) => page.locator('[name="because"]').first().check(), { click: '#send' },
		{ see: 'Whoever reported has not been told' }]),
	nia('told what was decided', '/files/RP-1/report.told', [
		(page) => page.locator('[name="to"]').first().check(), { click: '#send' }, { see: 'Recorded' }]),
	nia('asked before the end', '/files/RP-1/report.ended', [
		(page) => page.locator('[name="because"]').first().check(), { click: '#send' },
		{ see: 'This is kept for ever' }]),
	nia('ended', '/files/RP-1/report.ended', [
		(page) => page.locator('[name="because"]').first().check(), { click: '#send' },
		{ click: 'button.govuk-button--warning' }, { see: 'Ended' },
		{ see: 'Nothing is owed on this file.' }]),
	nia('rules', '/pack?whole=yes', [{ see: 'Decide how the report is answered' }]),
];

// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The status page of a mirror, a file: mirror.mjs BASE GOOD BAD [PICTURES]. It asks nobody, keeps every rule that a machine
// can check, scrolls nowhere sideways, and prints whole, with an alarm and without.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBrowser, setLook, axeFaults, overflowFaults, shoot, WIDTHS } from './harness.mjs';
import { counter } from './pages.mjs';

const [base, good, bad, pictures] = process.argv.slice(2);
const count = counter();
const browser = await openBrowser(base);
try {
	for (const [name, file, says] of [['all_fits', good, 'All that was looked at fits'], ['an_alarm', bad, 'What to do:']]) {
		const session = await browser.openSession({ offline: true }), { page } = session, asked = [];
		await page.context().unroute('**/*');
		page.on('request', (request) => asked.push(request.url()));
		await page.goto(pathToFileURL(file).href);
		const faults = [];
		if (asked.length !== 1)
			faults.push(`it asked ${asked.join(' ')}`);
		if (!(await page.locator('main').innerText()).includes(says))
			faults.push(`it does not say: ${says}`);
		for (const media of ['screen', 'print'])
			for (const width of WIDTHS) {
				await setLook(page, { width, media });
				faults.push(...await overflowFaults(page));
				if (media === 'screen')
					faults.push(...await axeFaults(page), ...await axeFaults(page, { colours: true }));
				if (pictures)
					await shoot(page, path.join(pictures, `mirror-${name}-${media}-${width}.png`));
			}
		count.say(`the_page_of_a_mirror_where_${name}`, faults);
		await session.close();
	}
} finally {
	await browser.close();
}
process.exit(count.end());

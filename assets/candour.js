/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Small helps for those whose browser runs scripts. Every page works without.
 *
 * It keeps nothing in the browser, asks no other host, writes no style into
 * the page (so the strict policy script-src 'self' holds) and shows only words
 * that the page itself brought, so that they can be translated.
 *
 * What a page says to it:
 *   a.govuk-exit-this-page__button        leaving fast: a click, or Shift three times
 *   .govuk-error-summary                  gets the focus; its links put it into the field
 *   body[data-cd-idle="10"]               minutes without a key or touch until the page is
 *     data-cd-idle-text="Go on"           laid over with a blank one that has this button
 *   [data-cd-session="3300"] hidden       seconds the answers are still kept; shown
 *     data-cd-session-warn="300"          this long before the end
 *     > [data-cd-session-over] hidden     shown at the end; its other children go
 *   .govuk-character-count                says how much room is left:
 *     data-maxlength="10000"                code points
 *     data-threshold="90"                   said from so many per cent on; without it at once
 *     data-cd-left, data-cd-left-one        "You have {n} characters left", "… 1 character …"
 *     data-cd-over, data-cd-over-one        "You have {n} characters too many", …
 *   form[data-cd-words="/words/…"]         asked, when the typing rests, for advice on the
 *     [data-cd-advice="FIELD"]              words of its fields, which is shown here
 *   [data-cd-print] hidden                a button that opens the printer
 *   [data-cd-filter-in]                   a list to look through: what is typed into the box of its
 *     > [data-cd-filter] hidden           hidden part leaves those [data-cd-row] that have it
 *   [data-cd-rows="50"]                   a table of so many rows at most; [data-cd-more] beside it
 *                                         is the button that shows more of them
 */
(() => {
	'use strict';

	const SHIFTS = 3;
	const SHIFTS_WITHIN_MS = 5000;
	const BEAT_MS = 5000;
	const SPEAK_AFTER_MS = 1000;

	const all = (selector) => Array.from(document.querySelectorAll(selector));

	/* Lays a blank page over this one. With words: a button that takes it away. */
	function blank(words, done) {
		if (document.querySelector('.cd-blank')) {
			return;
		}
		const cover = document.createElement('div');
		const focused = document.activeElement;
		cover.className = 'cd-blank';
		if (words) {
			const go = document.createElement('button');
			go.type = 'button';
			go.className = 'cd-as-link';
			go.textContent = words;
			go.addEventListener('click', () => {
				cover.remove();
				document.documentElement.classList.remove('cd-is-blank');
				if (focused instanceof HTMLElement) {
					focused.focus();
				}
				done();
			});
			cover.append(go);
		}
		document.body.append(cover);
		document.documentElement.classList.add('cd-is-blank');
		cover.firstElementChild?.focus();
	}

	/* The page goes blank at once; the way out may take a second to load. */
	function leave(href) {
		blank('', () => {});
		window.location.replace(href);
	}

	function exitThisPage() {
		const link = document.querySelector('a.govuk-exit-this-page__button');
		if (!link) {
			return;
		}
		let shifts = [];
		let alone = false;
		link.addEventListener('click', (event) => {
			event.preventDefault();
			leave(link.href);
		});
		/* Shift with a letter is typing, not a call for help. */
		document.addEventListener('keydown', (event) => {
			if (event.key !== 'Shift') {
				alone = false;
				shifts = [];
			} else if (!event.repeat) {
				alone = true;
			}
		});
		document.addEventListener('keyup', (event) => {
			if (event.key !== 'Shift' || !alone) {
				return;
			}
			alone = false;
			const now = Date.now();
			shifts = shifts.filter((at) => now - at < SHIFTS_WITHIN_MS);
			shifts.push(now);
			if (shifts.length >= SHIFTS) {
				leave(link.href);
			}
		});
		/* Coming back by the browser's arrow must not show what was left. */
		window.addEventListener('pageshow', (event) => {
			if (event.persisted) {
				window.location.reload();
			}
		});
	}

	/* The label or legend is shown too, not the bare field under the edge. */
	function headOf(field) {
		const group = field.closest('fieldset');
		return group?.querySelector('legend') ||
			document.querySelector(`label[for="${CSS.escape(field.id)}"]`) || field;
	}

	function errorSummary() {
		const summary = document.querySelector('.govuk-error-summary');
		if (!summary) {
			return;
		}
		// A place further down that the address names would be scrolled to instead.
		if (location.hash) {
			history.replaceState(history.state, '', location.pathname + location.search);
		}
		summary.tabIndex = -1;
		summary.addEventListener('blur', () => summary.removeAttribute('tabindex'), { once: true });
		summary.focus();
		summary.addEventListener('click', (event) => {
			const link = event.target.closest?.('a[href^="#"]');
			const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
			if (!field) {
				return;
			}
			event.preventDefault();
			headOf(field).scrollIntoView();
			field.focus({ preventScroll: true });
		});
	}

	function idle() {
		const minutes = Number(document.body.dataset.cdIdle);
		if (!(minutes > 0)) {
			return;
		}
		const words = document.body.dataset.cdIdleText || 'Go on';
		let last = Date.now();
		const awake = () => { last = Date.now(); };
		/* A telephone that slept runs no timer: the wall clock decides on waking. */
		const look = () => {
			if (Date.now() - last >= minutes * 60000) {
				blank(words, awake);
			}
		};
		const stir = () => {
			look();
			if (!document.querySelector('.cd-blank')) {
				awake();
			}
		};
		for (const name of ['keydown', 'pointerdown', 'input', 'scroll']) {
			document.addEventListener(name, stir, { passive: true, capture: true });
		}
		document.addEventListener('visibilitychange', look);
		setInterval(look, BEAT_MS);
	}

	function sessionEnds(box) {
		const opened = Date.now();
		const seconds = Number(box.dataset.cdSession);
		const warn = Number(box.dataset.cdSessionWarn) || 300;
		const over = box.querySelector('[data-cd-session-over]');
		let timer = 0;
		const look = () => {
			const left = seconds - (Date.now() - opened) / 1000;
			if (left > warn) {
				return;
			}
			box.hidden = false;
			if (left <= 0) {
				clearInterval(timer);
				if (over) {
					Array.from(box.children).forEach((child) => { child.hidden = child !== over; });
				}
			}
		};
		if (!(seconds > 0)) {
			return;
		}
		box.setAttribute('role', 'status');
		timer = setInterval(look, BEAT_MS);
		document.addEventListener('visibilitychange', look);
		look();
	}

	function characterCount(box) {
		const field = box.querySelector('textarea, input');
		const said = box.querySelector('.govuk-character-count__message');
		const most = Number(box.dataset.maxlength);
		const from = Number(box.dataset.threshold) || 0;
		if (!field || !said || !(most > 0)) {
			return;
		}
		/* Seen at once, heard when the typing rests. */
		const heard = said.cloneNode(false);
		heard.removeAttribute('id');
		heard.className = 'govuk-visually-hidden';
		heard.setAttribute('aria-live', 'polite');
		said.after(heard);
		const seen = said.cloneNode(false);
		seen.removeAttribute('id');
		seen.setAttribute('aria-hidden', 'true');
		said.classList.add('govuk-visually-hidden');
		said.after(seen);

		const sentence = (left) => {
			const n = Math.abs(left);
			const way = left < 0 ? 'cdOver' : 'cdLeft';
			const words = (n === 1 && box.dataset[`${way}One`]) || box.dataset[way] || '{n}';
			return words.replace('{n}', n.toLocaleString(document.documentElement.lang || 'en'));
		};
		let speak = 0;
		const show = () => {
			/* Code points, as the register counts them; a line end is one. */
			const left = most - Array.from(field.value).length;
			const isSaid = most - left >= most * from / 100;
			seen.hidden = !isSaid;
			seen.textContent = sentence(left);
			seen.classList.toggle('govuk-error-message', left < 0);
			seen.classList.toggle('govuk-hint', left >= 0);
			field.classList.toggle('govuk-textarea--error', left < 0 ||
				field.getAttribute('aria-invalid') === 'true' ||
				Boolean(field.closest('.govuk-form-group--error')));
			clearTimeout(speak);
			speak = setTimeout(() => { heard.textContent = isSaid ? seen.textContent : ''; }, SPEAK_AFTER_MS);
		};
		field.addEventListener('input', show);
		show();
	}

	/* Advice on words stands beside the field; the text is never touched. */
	function wordAdvice(form) {
		const places = Array.from(form.querySelectorAll('[data-cd-advice]'));
		const fieldOf = (place) => form.elements.namedItem(place.dataset.cdAdvice);
		let timer = 0;
		let asked = 0;
		const show = (advice) => places.forEach((place) => {
			const lines = advice.filter((one) => one.field === place.dataset.cdAdvice).map((one) => one.sentence);
			if (place.dataset.cdSaid === lines.join('\n')) {
				return;
			}
			place.dataset.cdSaid = lines.join('\n');
			place.replaceChildren(...lines.map((line) => {
				const p = document.createElement('p');
				p.className = 'govuk-inset-text';
				p.textContent = line;
				return p;
			}));
		});
		const ask = async () => {
			const body = new URLSearchParams({ csrf: form.elements.namedItem('csrf').value });
			const mine = ++asked;
			places.forEach((place) => body.append(place.dataset.cdAdvice, fieldOf(place)?.value || ''));
			try {
				const answer = await fetch(form.dataset.cdWords, { method: 'POST', body, headers: { Accept: 'application/json' } });
				const model = answer.ok ? await answer.json() : null;
				if (model && mine === asked) {
					show(model.advice);
				}
			} catch {
				/* Without the register there is no advice; nothing is lost. */
			}
		};
		places.forEach((place) => fieldOf(place)?.addEventListener?.('input', () => {
			clearTimeout(timer);
			timer = setTimeout(ask, SPEAK_AFTER_MS);
		}));
	}

	function printers() {
		all('[data-cd-print]').forEach((button) => {
			button.hidden = false;
			button.addEventListener('click', () => window.print());
		});
	}

	/* Rows that have every word, and the headings and groups that still have rows below them. */
	function filterBox(part) {
		const box = part.querySelector('input');
		const list = part.closest('[data-cd-filter-in]');
		if (!box || !list) {
			return;
		}
		const rows = Array.from(list.querySelectorAll('[data-cd-row]'));
		const heads = Array.from(list.querySelectorAll('h2, h3, .cd-option-group'));
		const look = () => {
			const words = box.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
			rows.forEach((row) => {
				const text = row.textContent.toLowerCase();
				const chosen = row.querySelector('input:checked') !== null;
				row.hidden = !chosen && !words.every((word) => text.includes(word));
			});
			const shown = (head) => {
				for (let el = head.nextElementSibling; el && !heads.includes(el); el = el.nextElementSibling) {
					const some = el.matches('[data-cd-row]') ? [el] : el.querySelectorAll('[data-cd-row]');
					if (Array.from(some).some((row) => !row.hidden)) {
						return true;
					}
				}
				return false;
			};
			heads.forEach((head) => { head.hidden = !shown(head); });
		};
		part.hidden = false;
		box.addEventListener('input', look);
		/* Enter would send the form that the list stands in. */
		box.addEventListener('keydown', (event) => {
			if (event.key === 'Enter') {
				event.preventDefault();
			}
		});
	}

	/* "actions.1.what" becomes "actions.2.what", wherever a row names its fields. */
	function nextRow(row, from, to) {
		const copy = row.cloneNode(true);
		const renamed = (text) => text.replaceAll(`.${from}.`, `.${to}.`);
		for (const el of copy.querySelectorAll('*')) {
			for (const name of ['id', 'name', 'for', 'aria-describedby']) {
				if (el.hasAttribute(name)) {
					el.setAttribute(name, renamed(el.getAttribute(name)));
				}
			}
			if (el.matches('input[type=radio], input[type=checkbox]')) {
				el.checked = false;
			} else if (el.matches('input, textarea')) {
				el.value = '';
			} else if (el.matches('select')) {
				el.selectedIndex = 0;
			}
		}
		copy.querySelectorAll('.govuk-error-message').forEach((el) => el.remove());
		copy.querySelectorAll('.govuk-form-group--error').forEach((el) =>
			el.classList.remove('govuk-form-group--error'));
		const no = copy.querySelector('.cd-row__no');
		if (no?.lastChild) {
			no.lastChild.textContent = no.lastChild.textContent.replace(/\d+/, String(to + 1));
		}
		return copy;
	}

	function moreRows(button) {
		const table = button.parentElement.querySelector('[data-cd-rows]');
		const most = Number(table?.dataset.cdRows);
		if (!table) {
			return;
		}
		button.addEventListener('click', (event) => {
			const count = table.children.length;
			event.preventDefault();
			if (count === 0 || count >= most) {
				return;
			}
			const row = nextRow(table.lastElementChild, count - 1, count);
			table.append(row);
			button.hidden = count + 1 >= most;
			row.querySelector('input, select, textarea')?.focus();
		});
	}

	function begin() {
		exitThisPage();
		errorSummary();
		idle();
		all('[data-cd-session]').forEach(sessionEnds);
		all('.govuk-character-count[data-maxlength]').forEach(characterCount);
		printers();
		all('form[data-cd-words]').forEach(wordAdvice);
		all('[data-cd-filter]').forEach(filterBox);
		all('[data-cd-more]').forEach(moreRows);
	}

	if (document.readyState === 'loading') {
		document.addEventListener('DOMContentLoaded', begin);
	} else {
		begin();
	}
})();

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any bytes as a value of any column: what comes out is folded text in its
 * room, folding it again changes nothing, and a date or number that was read
 * reads as the same when it is written out.
 */
#include "target.h"

#include "match/date.h"
#include "match/number.h"
#include "match/place.h"
#include "match/sound.h"
#include "match/text.h"

#define THIS_YEAR 2026

static void try_fold(void (*fold)(struct str, struct norm_text *), struct str text)
{
	struct norm_text once, again;
	fold(text, &once);
	MUST_HOLD(str_is_utf8(norm_str(&once)) &&
	          str_utf8_count(norm_str(&once)) <= NORM_POINTS_MAX);
	MUST_HOLD(once.n == 0 || (once.bytes[0] != ' ' && once.bytes[once.n - 1] != ' '));
	fold(norm_str(&once), &again);
	MUST_HOLD(str_eq(norm_str(&once), norm_str(&again)));
}

static void try_names(struct str text)
{
	struct norm_text first, surname;
	char key[16];
	try_fold(norm_fold, text);
	try_fold(norm_fold_script, text);
	try_fold(norm_name, text);
	norm_full_name(text, &first, &surname);
	MUST_HOLD(first.n == 0 || !norm_is_no_name(norm_str(&first)) ||
	          str_eq(norm_str(&first), STR("n k")));
	MUST_HOLD(str_is_utf8(norm_str(&first)) && str_is_utf8(norm_str(&surname)));
	MUST_HOLD(sound_key(norm_str(&surname), key, sizeof key) <= sizeof key);
	MUST_HOLD(sound_key(text, key, 0) == 0);
	(void)norm_sex(text);
}

static void try_date(struct str text)
{
	struct norm_date date, again;
	bool dmy, mdy;
	(void)norm_date_orders(text, &dmy, &mdy);
	for (enum norm_order order = NORM_DMY; order <= NORM_MDY; order++) {
		char written[16];
		if (!norm_date(text, order, THIS_YEAR, &date))
			continue;
		int n = snprintf(written, sizeof written, date.month ? "%04d-%02u-%02u" : "%04d",
		                 date.year, (unsigned)date.month, (unsigned)date.day);
		MUST_HOLD(norm_date((struct str){ written, (size_t)n }, order, THIS_YEAR, &again));
		MUST_HOLD(date.year == again.year && date.month == again.month &&
		          date.day == again.day);
	}
}

static void try_numbers(struct str text)
{
	char phone[16], upn[14], upn_again[14];
	uint64_t digits;
	bool is_valid, is_temporary;
	bool is_phone = norm_phone(text, phone);
	MUST_HOLD(is_phone ? strlen(phone) >= 9 : phone[0] == 0);
	for (size_t i = 0; phone[i]; i++)
		MUST_HOLD(phone[i] >= '0' && phone[i] <= '9');
	MUST_HOLD(!norm_nhs(text, &digits, &is_valid) || digits < UINT64_C(10000000000));
	if (norm_upn(text, upn, &is_valid, &is_temporary)) {
		MUST_HOLD(norm_upn(str_from_c(upn), upn_again, &is_valid, &is_temporary));
		MUST_HOLD(str_eq(str_from_c(upn), str_from_c(upn_again)));
	}
}

static void try_places(struct str text)
{
	struct norm_postcode code, again;
	struct norm_text bytes;
	struct norm_address a;
	if (norm_postcode(text, &code)) {
		char whole[8];
		int n = snprintf(whole, sizeof whole, "%s%s", code.out, code.in);
		MUST_HOLD(norm_postcode((struct str){ whole, (size_t)n }, &again));
		MUST_HOLD(str_eq(str_from_c(code.out), str_from_c(again.out)));
	}
	norm_address(text, &bytes, &a);
	MUST_HOLD(bytes.n <= NORM_ROOM && str_is_utf8((struct str){ bytes.bytes, bytes.n }));
	MUST_HOLD(a.unit.n + a.number.n + a.street.n + a.locality.n <= bytes.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_from_bytes(data, size);
	try_names(text);
	try_date(text);
	try_numbers(text);
	try_places(text);
	return 0;
}

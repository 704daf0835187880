/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each function of normalisation as text to text, as the vectors have it:
 * parts with "|" between, nothing for what is missing.
 */
#ifndef CANDOUR_TESTS_MATCH_NORM_CASES_H
#define CANDOUR_TESTS_MATCH_NORM_CASES_H

#include <stdio.h>

#include "match/date.h"
#include "match/number.h"
#include "match/place.h"
#include "match/sound.h"
#include "match/text.h"

#define NORM_THIS_YEAR 2026 /* of the vectors */
#define ANSWER_ROOM 2304

struct answer {
	char text[ANSWER_ROOM];
};

static void answer_text(const char *fn, struct str input, struct answer *answer)
{
	struct norm_text text;
	if (fn[0] == 'f')
		norm_fold(input, &text);
	else if (fn[0] == 's')
		norm_fold_script(input, &text);
	else
		norm_name(input, &text);
	snprintf(answer->text, sizeof answer->text, "%.*s", STR_ARG(norm_str(&text)));
}

static void answer_date(struct str input, enum norm_order order, struct answer *answer)
{
	static const char *const FLAGS[] = { "", "M", "Y", "D" };
	struct norm_date date;
	if (norm_date(input, order, NORM_THIS_YEAR, &date))
		snprintf(answer->text, sizeof answer->text, "%04d-%02d-%02d %s", date.year,
		         date.month, date.day, FLAGS[date.sure]);
}

static void answer_postcode(struct str input, struct answer *answer)
{
	struct norm_postcode code;
	if (norm_postcode(input, &code))
		snprintf(answer->text, sizeof answer->text, "%s|%s", code.out, code.in);
}

static void answer_nowhere(struct str input, struct answer *answer)
{
	struct norm_postcode code;
	if (!norm_postcode(input, &code) && code.is_nowhere)
		snprintf(answer->text, sizeof answer->text, "%s|%s", code.out, code.in);
}

static void answer_numbers(const char *fn, struct str input, struct answer *answer)
{
	char phone[16], upn[14];
	uint64_t digits;
	bool is_valid, is_temporary;
	if (strcmp(fn, "phone") == 0 && norm_phone(input, phone))
		snprintf(answer->text, sizeof answer->text, "%s", phone);
	if (strcmp(fn, "nhs") == 0 && norm_nhs(input, &digits, &is_valid) && is_valid)
		snprintf(answer->text, sizeof answer->text, "%010" PRIu64, digits);
	if (strcmp(fn, "nhs kept") == 0 && norm_nhs(input, &digits, &is_valid))
		snprintf(answer->text, sizeof answer->text, "%010" PRIu64 "%s", digits,
		         is_valid ? "" : " wrong");
	if (strcmp(fn, "upn") == 0 && norm_upn(input, upn, &is_valid, &is_temporary) && is_valid)
		snprintf(answer->text, sizeof answer->text, "%s", upn);
	if (strcmp(fn, "upn kept") == 0 && norm_upn(input, upn, &is_valid, &is_temporary))
		snprintf(answer->text, sizeof answer->text, "%s%s%s", upn, is_valid ? "" : " wrong",
		         is_temporary ? " temporary" : "");
}

static void answer_address(struct str input, struct answer *answer)
{
	struct norm_text bytes;
	struct norm_address a;
	norm_address(input, &bytes, &a);
	snprintf(answer->text, sizeof answer->text, "%.*s|%.*s|%.*s|%.*s", STR_ARG(a.unit),
	         STR_ARG(a.number), STR_ARG(a.street), STR_ARG(a.locality));
}

static void answer_full_name(struct str input, struct answer *answer)
{
	struct norm_text first, surname;
	norm_full_name(input, &first, &surname);
	snprintf(answer->text, sizeof answer->text, "%.*s|%.*s", STR_ARG(norm_str(&first)),
	         STR_ARG(norm_str(&surname)));
}

static void answer_orders(struct str input, struct answer *answer)
{
	bool dmy, mdy;
	if (norm_date_orders(input, &dmy, &mdy))
		snprintf(answer->text, sizeof answer->text, "dmy %s mdy %s", dmy ? "yes" : "no",
		         mdy ? "yes" : "no");
}

static void answer_key(struct str input, struct answer *answer)
{
	struct norm_text folded;
	norm_fold(input, &folded);
	size_t n = sound_key(norm_str(&folded), answer->text, ANSWER_ROOM - 1);
	answer->text[n] = 0;
}

/* What `fn` makes of `input`; false: no such function. */
static bool norm_answer(const char *fn, struct str input, struct answer *answer)
{
	static const char *const SEXES[] = { "", "female", "male" };
	answer->text[0] = 0;
	if (strcmp(fn, "fold") == 0 || strcmp(fn, "script") == 0 || strcmp(fn, "name") == 0)
		answer_text(fn, input, answer);
	else if (strcmp(fn, "full name") == 0)
		answer_full_name(input, answer);
	else if (strcmp(fn, "sex") == 0)
		snprintf(answer->text, sizeof answer->text, "%s", SEXES[norm_sex(input)]);
	else if (strcmp(fn, "date") == 0 || strcmp(fn, "date mdy") == 0)
		answer_date(input, fn[4] ? NORM_MDY : NORM_DMY, answer);
	else if (strcmp(fn, "orders") == 0)
		answer_orders(input, answer);
	else if (strcmp(fn, "postcode") == 0)
		answer_postcode(input, answer);
	else if (strcmp(fn, "nowhere") == 0)
		answer_nowhere(input, answer);
	else if (strcmp(fn, "address") == 0)
		answer_address(input, answer);
	else if (strcmp(fn, "key") == 0)
		answer_key(input, answer);
	else if (strncmp(fn, "phone", 5) == 0 || strncmp(fn, "nhs", 3) == 0 ||
	         strncmp(fn, "upn", 3) == 0)
		answer_numbers(fn, input, answer);
	else
		return false;
	return true;
}

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/value.h"

#include <stdio.h>

#include "match/number.h"
#include "match/place.h"

static void take_text(struct value *out, size_t n, struct str text)
{
	out->texts[n] = text;
}

static void make_name(struct str text, struct value *out)
{
	norm_name(text, &out->room);
	if (!norm_is_no_name(norm_str(&out->room)))
		take_text(out, 0, norm_str(&out->room));
}

static void make_full(struct str text, struct value *out)
{
	norm_full_name(text, &out->room, &out->more);
	take_text(out, 0, norm_str(&out->room));
	take_text(out, 1, norm_str(&out->more));
}

static void make_middle(struct str text, struct value *out)
{
	norm_name(text, &out->room);
	take_text(out, 0, norm_str(&out->room));
}

static void make_postcode(struct str text, struct value *out)
{
	struct norm_postcode postcode;
	if (!norm_postcode(text, &postcode) || postcode.is_nowhere)
		return;
	int n = snprintf(out->room.bytes, sizeof out->room.bytes, "%s%s%s", postcode.out,
	                 postcode.in[0] ? "" : "-", postcode.in);
	take_text(out, 0, (struct str){ out->room.bytes, (size_t)n });
}

/* Number and street, and the street. */
static void make_address(struct str text, struct value *out)
{
	struct norm_address address;
	size_t n = 0;
	norm_address(text, &out->room, &address);
	take_text(out, 1, address.street);
	if (!address.number.n || !address.street.n)
		return;
	memcpy(out->house, address.number.p, address.number.n);
	n = address.number.n;
	out->house[n++] = CLAIM_HOUSE_SEPARATOR;
	memcpy(out->house + n, address.street.p, address.street.n);
	take_text(out, 0, (struct str){ out->house, n + address.street.n });
}

static void make_phone(struct str text, struct value *out)
{
	if (norm_phone(text, out->room.bytes))
		take_text(out, 0, str_from_c(out->room.bytes));
}

/* As it is, in small letters: its marks tell apart. */
static void make_email(struct str text, struct value *out)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n && n < NORM_ROOM; i++) {
		char c = text.p[i];
		if (c != ' ')
			out->room.bytes[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	take_text(out, 0, (struct str){ out->room.bytes, n });
}

static void make_nhs(struct str text, struct value *out)
{
	uint64_t digits;
	bool is_valid;
	if (!norm_nhs(text, &digits, &is_valid))
		return;
	int n = snprintf(out->room.bytes, sizeof out->room.bytes, "%010llu%s",
	                 (unsigned long long)digits, is_valid ? "" : "!");
	take_text(out, 0, (struct str){ out->room.bytes, (size_t)n });
}

static void make_upn(struct str text, struct value *out)
{
	char upn[14];
	bool is_valid, is_temporary;
	if (!norm_upn(text, upn, &is_valid, &is_temporary))
		return;
	int n = snprintf(out->room.bytes, sizeof out->room.bytes, "%s%s%s", upn,
	                 is_valid ? "" : "!", is_temporary ? "~" : "");
	take_text(out, 0, (struct str){ out->room.bytes, (size_t)n });
}

static void make_date(const struct value_how *how, struct str text, struct value *out)
{
	struct norm_date date;
	if (!norm_date(text, how->order, how->this_year, &date))
		return;
	int n = snprintf(out->room.bytes, sizeof out->room.bytes, "%04d%02u%02u%u", date.year,
	                 date.month, date.day, date.sure);
	take_text(out, 0, (struct str){ out->room.bytes, (size_t)n });
}

static void make_folded(struct str text, struct value *out)
{
	norm_fold(text, &out->room);
	take_text(out, 0, norm_str(&out->room));
}

void value_make(enum field field, const struct value_how *how, struct str text, struct value *out)
{
	out->texts[0] = out->texts[1] = STR("");
	out->number = 0;
	switch ((int)field) {
	case FIELD_FIRST:
	case FIELD_SURNAME:
		make_name(text, out);
		break;
	case FIELD_FULL:
		make_full(text, out);
		break;
	case FIELD_MIDDLE:
		make_middle(text, out);
		break;
	case FIELD_DOB:
		make_date(how, text, out);
		break;
	case FIELD_SEX:
		out->number = (uint32_t)norm_sex(text);
		break;
	case FIELD_POSTCODE:
		make_postcode(text, out);
		break;
	case FIELD_ADDRESS:
		make_address(text, out);
		break;
	case FIELD_PHONE:
		make_phone(text, out);
		break;
	case FIELD_EMAIL:
		make_email(text, out);
		break;
	case FIELD_NHS:
		make_nhs(text, out);
		break;
	case FIELD_UPN:
		make_upn(text, out);
		break;
	default: /* an agency, a number of somebody's own */
		make_folded(text, out);
	}
}

size_t value_texts(enum field field)
{
	return field == FIELD_ADDRESS || field == FIELD_FULL ? 2 : 1;
}

struct value_set *value_set_of(struct claims *claims, enum field field, size_t n)
{
	switch ((int)field) {
	case FIELD_FIRST:
	case FIELD_SURNAME:
	case FIELD_FULL:
		return &claims->names;
	case FIELD_MIDDLE:
		return &claims->middles;
	case FIELD_DOB:
		return &claims->dates;
	case FIELD_POSTCODE:
		return &claims->postcodes;
	case FIELD_ADDRESS:
		return n ? &claims->streets : &claims->houses;
	case FIELD_PHONE:
		return &claims->phones;
	case FIELD_EMAIL:
		return &claims->emails;
	case FIELD_NHS:
		return &claims->nhs;
	case FIELD_UPN:
		return &claims->upns;
	case FIELD_AGENCY:
		return &claims->agencies;
	case FIELD_OTHER:
	case FIELD_OTHER + 1:
		return &claims->others[field - FIELD_OTHER];
	default:
		return NULL;
	}
}

/* --- into a claim
 * ------------------------------------------------------------------------------------- */

static void keep_phone(struct claim *claim, uint32_t code)
{
	for (size_t i = 0; code && i < CLAIM_PHONES; i++) {
		if (claim->phone[i] == code)
			return;
		if (!claim->phone[i]) {
			claim->phone[i] = code;
			return;
		}
	}
}

void value_keep(struct claim *claim, enum field field, uint32_t code, uint32_t second)
{
	switch ((int)field) {
	case FIELD_FIRST:
		claim->first = claim->first ? claim->first : code;
		break;
	case FIELD_SURNAME:
		claim->surname = claim->surname ? claim->surname : code;
		break;
	case FIELD_FULL:
		claim->first = claim->first ? claim->first : code;
		claim->surname = claim->surname ? claim->surname : second;
		break;
	case FIELD_MIDDLE:
		claim->middle = code;
		break;
	case FIELD_DOB:
		claim->dob = code;
		break;
	case FIELD_SEX:
		claim->sex = (uint8_t)code;
		break;
	case FIELD_POSTCODE:
		claim->postcode = code;
		break;
	case FIELD_ADDRESS:
		claim->house = code;
		claim->street = second;
		break;
	case FIELD_PHONE:
		keep_phone(claim, code);
		break;
	case FIELD_EMAIL:
		claim->email = code;
		break;
	case FIELD_NHS:
		claim->nhs = code;
		break;
	case FIELD_UPN:
		claim->upn = code;
		break;
	case FIELD_AGENCY:
		claim->agency = (uint8_t)code;
		break;
	case FIELD_OTHER:
	case FIELD_OTHER + 1:
		claim->other[field - FIELD_OTHER] = code;
		break;
	default: /* an id */
		break;
	}
}

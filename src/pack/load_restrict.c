/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds by which fewer may read, by which more may again, by which what is owed goes over, and of
 * which owners are told: the fields that say so. */
#include "pack/load_kind.h"

/* The field that `key` of the body names; STR_NONE where it is left out, or is not of the type. */
static struct str field_at(struct reading *r, const struct yaml *body, const char *key,
                           enum pack_type type, const char *expected)
{
	const struct yaml *at = member_of(body, key);
	const struct pack_field *field = at ? kind_field(r, at, at->text, key) : NULL;
	if (!field)
		return STR_NONE;
	if (field->type == type && !field->is_sealed)
		return field->name;
	loader_error_at(r->load->loader, at, "%.*s: %s names \"%.*s\"; expected %s",
	                STR_ARG(r->kind->name), key, STR_ARG(field->name), expected);
	return STR_NONE;
}

static struct str entries_at(struct reading *r, const struct yaml *body)
{
	return field_at(r, body, "entries", PACK_ENTRY, "a plain field of type entry");
}

static struct str duty_at(struct reading *r, const struct yaml *body)
{
	return field_at(r, body, "of", PACK_DUTY, "a plain field of type duty");
}

static bool is_plain_duty(const struct pack_field *field)
{
	return field && field->type == PACK_DUTY && !field->is_sealed;
}

/* takes: { duties: FIELD, offered: KIND.FIELD } */
void kind_read_takes(struct reading *r)
{
	const struct yaml *takes = member_of(r->node, "takes");
	struct pack_takes *out = takes ? loader_alloc(r->load->loader, 1, sizeof *out) : NULL;
	const struct yaml *offered = takes ? member_of(takes, "offered") : NULL;
	if (!out || !offered)
		return;
	out->duties = field_at(r, takes, "duties", PACK_DUTY, "a plain field of type duty");
	size_t dot = offered->text.n;
	while (dot > 0 && offered->text.p[dot - 1] != '.')
		dot--;
	struct str kind = str_sub(offered->text, 0, dot ? dot - 1 : 0);
	out->offered = str_sub(offered->text, dot, offered->text.n);
	size_t number =
		load_resolve(r->load, offered, kind, r->kind->name, "kind", &r->load->whole->kinds);
	if (number == SIZE_MAX)
		return;
	out->offer = &r->load->kinds[number];
	if (!is_plain_duty(pack_field_find(out->offer, out->offered)))
		loader_error_at(
			r->load->loader, offered,
			"%.*s: offered names \"%.*s\"; expected KIND.FIELD, a plain field of"
			" type duty",
			STR_ARG(r->kind->name), STR_ARG(offered->text));
	if (out->duties.n)
		r->kind->takes = out;
}

void kind_read_restricts(struct reading *r)
{
	const struct yaml *restricts = member_of(r->node, "restricts");
	const struct yaml *lifts = member_of(r->node, "lifts");
	struct pack_restricts *less =
		restricts ? loader_alloc(r->load->loader, 1, sizeof *less) : NULL;
	struct pack_lifts *more = lifts ? loader_alloc(r->load->loader, 1, sizeof *more) : NULL;
	if (less) {
		*less = (struct pack_restricts){
			.until = field_at(r, restricts, "until", PACK_DATE,
			                  "a plain field of type date"),
			.to = field_at(r, restricts, "to", PACK_OFFICE,
			               "a plain field of type office"),
			.entries = entries_at(r, restricts),
			.reason = field_at(r, restricts, "reason", PACK_CODE,
			                   "a plain field of type code"),
			.of = duty_at(r, restricts),
		};
		r->kind->restricts = less;
	}
	if (more) {
		*more = (struct pack_lifts){ .entries = entries_at(r, lifts),
			                     .of = duty_at(r, lifts) };
		r->kind->lifts = more;
	}
	if (restricts && lifts)
		loader_error_key(r->load->loader, lifts,
		                 "%.*s restricts and lifts at once; expected one of them",
		                 STR_ARG(r->kind->name));
}

/* tells-owners: FIELD or [FIELD+] */
void kind_read_tells_owners(struct reading *r)
{
	const struct yaml *node = member_of(r->node, "tells-owners");
	const struct yaml *item = node && node->type == YAML_SEQUENCE ? node->first : node;
	struct str *list =
		node ? loader_alloc(r->load->loader, 1 + count_of(node), sizeof *list) : NULL;
	r->kind->tells_owners = list;
	for (; list && item; item = item == node ? NULL : item->next) {
		const struct pack_field *field = kind_field(r, item, item->text, "tells-owners");
		if (field && (field->type != PACK_FILE || field->is_sealed))
			loader_error_at(r->load->loader, item,
			                "%.*s: tells-owners names \"%.*s\"; expected a plain field"
			                " of type file",
			                STR_ARG(r->kind->name), STR_ARG(item->text));
		else if (field)
			list[r->kind->tells_owners_count++] = field->name;
	}
}

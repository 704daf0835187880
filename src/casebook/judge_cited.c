/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What an act with needs rests on (L7): the entries that it names stand on its
 * own file or on one linked to it. What any act links its file to, or says is
 * alike to it, is another file. The conditions of a pack see none of this.
 */
#include "casebook/fields.h"
#include "casebook/fold_parts.h"
#include "casebook/turn_parts.h"
#include "casebook/world.h"

#define PLAIN_DEPTH 8

static const char FILE_SQL[] = "SELECT file FROM entry WHERE idx = ?1";
/* By the primary key, from either end. */
static const char LINKED_SQL[] =
	"SELECT 1 FROM link WHERE a = ?1 AND b = ?2 AND removed IS NULL"
	" UNION ALL SELECT 1 FROM link WHERE a = ?2 AND b = ?1 AND removed IS NULL";

static bool refuse(struct turn *turn, struct verdict *verdict, const char *because,
                   const struct pack_field *field, const char *what)
{
	verdict->judgement = JUDGED_REFUSED_DOOR;
	verdict->because = str_from_c(because);
	verdict->sentence = fields_sentence(turn->fold->arena, field->label,
	                                    arena_format(turn->fold->arena, ": %s", what));
	return true;
}

static const struct json *first_of(const struct json *value)
{
	return value && value->type == JSON_ARRAY ? value->first : value;
}

static const struct json *next_of(const struct json *value, const struct json *item)
{
	return value->type == JSON_ARRAY ? item->next : NULL;
}

/* Whether one of the files that the field names is `file`. */
static bool names_file(struct turn *turn, const struct judged *judged, struct str field,
                       int64_t file, bool *names, struct err *err)
{
	const struct json *value = json_member(judged->plain, field);
	*names = false;
	for (const struct json *item = first_of(value); item && !*names;
	     item = next_of(value, item)) {
		int64_t n;
		if (!file_row_by_id(turn->store, turn->fold->file_tags, item->string, &n, err))
			return false;
		*names = n == file;
	}
	return true;
}

/* Whether a field by which the act links its file names `file`. */
static bool links_now(struct turn *turn, const struct judged *judged, int64_t file, bool *links,
                      struct err *err)
{
	*links = false;
	for (size_t i = 0; !*links && i < judged->kind->link_count; i++) {
		if (!names_file(turn, judged, judged->kind->links[i].field, file, links, err))
			return false;
	}
	return true;
}

/* By whatever kind: a file is not linked to itself, and is no other that may be alike to it. */
static bool judge_own_file(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                           struct err *err)
{
	const struct pack_kind *kind = judged->kind;
	bool is_proposal = kind == turn->fold->pack->matching.propose;
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		bool is_link = is_proposal && str_eq(field->name, STR("other")), is_own = false;
		for (size_t k = 0; k < kind->link_count; k++)
			is_link = is_link || str_eq(kind->links[k].field, field->name);
		if (!is_link)
			continue;
		if (!names_file(turn, judged, field->name, judged->row->n, &is_own, err))
			return false;
		if (is_own)
			return refuse(turn, verdict, "own-file", field,
			              "that is this file itself; name another");
	}
	return true;
}

static bool may_cite(struct turn *turn, const struct judged *judged, int64_t index, bool *may,
                     struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL, *linked = NULL;
	*may = false;
	if (!store_prepare(turn->store, FILE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, index);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	int64_t file = store_int(found, 0);
	*may = file == judged->row->n;
	if (*may || !store_prepare(turn->store, LINKED_SQL, &linked, err))
		return *may;
	store_bind_int(linked, 1, judged->row->n);
	store_bind_int(linked, 2, file);
	step = store_step(linked, err);
	*may = step == STORE_ROW;
	return step == STORE_ROW || (step == STORE_DONE && links_now(turn, judged, file, may, err));
}

static bool joins(const struct pack_relation *relation, const struct pack_file_type *a,
                  const struct pack_file_type *b)
{
	return (relation->from >> a->number & 1) && (relation->to >> b->number & 1);
}

/* Two files that are joined in the one way are not joined in the other. */
static bool judge_not_with(struct turn *turn, const struct judged *judged,
                           const struct pack_link *link, int64_t file, struct verdict *verdict,
                           struct err *err)
{
	static const char JOINED_SQL[] =
		"SELECT 1 FROM link WHERE a = ?1 AND relation = ?3 AND b = ?2 AND removed IS NULL"
		" UNION ALL"
		" SELECT 1 FROM link WHERE a = ?2 AND relation = ?3 AND b = ?1 AND removed IS NULL";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	const struct pack_relation *other = link->relation->not_with;
	if (!other)
		return true;
	if (!store_prepare(turn->store, JOINED_SQL, &found, err))
		return false;
	store_bind_int(found, 1, judged->row->n);
	store_bind_int(found, 2, file);
	store_bind_str(found, 3, other->name);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	return refuse(turn, verdict, "not-with", pack_field_find(judged->kind, link->field),
	              arena_format(turn->fold->arena,
	                           "the two files are joined by \"%.*s\", which goes against"
	                           " this; take that away first",
	                           STR_ARG(other->name))
	                      .p);
}

/* A link has a file at either end that its relation names. */
static bool judge_ends(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                       struct err *err)
{
	static const char TYPE_SQL[] = "SELECT type FROM file WHERE n = ?1";
	const struct pack_kind *kind = judged->kind;
	for (size_t i = 0; i < kind->link_count; i++) {
		const struct pack_field *field = pack_field_find(kind, kind->links[i].field);
		const struct json *value = json_member(judged->plain, kind->links[i].field);
		for (const struct json *item = first_of(value); item; item = next_of(value, item)) {
			CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
			int64_t n;
			if (!file_row_by_id(turn->store, turn->fold->file_tags, item->string, &n,
			                    err) ||
			    !store_prepare(turn->store, TYPE_SQL, &found, err))
				return false;
			store_bind_int(found, 1, n);
			if (store_step(found, err) == STORE_FAILED)
				return false;
			const struct pack_file_type *other = pack_file_type_find(
				turn->fold->pack,
				store_is_null(found, 0) ? STR("") : store_str(found, 0));
			if (field && other &&
			    !joins(kind->links[i].relation, judged->type, other) &&
			    !joins(kind->links[i].relation, other, judged->type))
				return refuse(
					turn, verdict, "wrong-ends", field,
					arena_format(
						turn->fold->arena,
						"no file of type \"%.*s\" is joined so to one of type "
						"\"%.*s\"; name another, or leave it out",
						STR_ARG(judged->type->title), STR_ARG(other->title))
						.p);
			if (!judge_not_with(turn, judged, &kind->links[i], n, verdict, err))
				return false;
		}
	}
	return true;
}

static const struct pack_field *restricted_entries(const struct pack_kind *kind)
{
	struct str name = kind->restricts ? kind->restricts->entries
	                  : kind->lifts   ? kind->lifts->entries
	                                  : STR_NONE;
	return name.p ? pack_field_find(kind, name) : NULL;
}

static bool judge_own_entries(struct turn *turn, const struct judged *judged,
                              const struct pack_field *field, struct verdict *verdict,
                              struct err *err)
{
	const struct json *value = field ? json_member(judged->plain, field->name) : NULL;
	for (const struct json *item = first_of(value); item; item = next_of(value, item)) {
		CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
		if (!store_prepare(turn->store, FILE_SQL, &found, err))
			return false;
		store_bind_int(found, 1, item->integer);
		enum store_step step = store_step(found, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE || store_int(found, 0) != judged->row->n)
			return refuse(turn, verdict, "other-file", field,
			              arena_format(turn->fold->arena,
			                           "entry %" PRId64 " stands on another file; name"
			                           " entries of this one",
			                           item->integer)
			                      .p);
	}
	return true;
}

/* Who answers for what he owes names that, and no other's, nor what is owed elsewhere or no more.
 */
static bool judge_own_duty(struct turn *turn, const struct judged *judged,
                           const struct pack_settle *line, struct verdict *verdict, struct err *err)
{
	static const char OWED_SQL[] =
		"SELECT file, office FROM duty WHERE id = ?1 AND closed IS NULL";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	const struct pack_field *field = pack_field_find(judged->kind, line->field);
	bool is_own = false;
	int64_t id;
	if (!field || !duty_name_read(json_text(judged->plain, line->field), &id))
		return true;
	if (!store_prepare(turn->store, OWED_SQL, &found, err))
		return false;
	store_bind_int(found, 1, id);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_ROW && store_int(found, 0) == judged->row->n) {
		struct str office = arena_copy(turn->fold->arena, store_str(found, 1));
		if (!fold_owes(turn->fold, id, office, judged->act->actor.office, &is_own, err))
			return false;
	}
	return is_own || refuse(turn, verdict, "not-own", field,
	                        "your office does not owe that on this file; name what it owes");
}

/* What is restricted, or opened again, is of the file itself: another has readers of its own. So is
 * what an answer settles: to what another file asks, it is given there. */
static bool judge_of_file(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                          struct err *err)
{
	const struct pack_kind *kind = judged->kind;
	if (!judge_own_entries(turn, judged, restricted_entries(kind), verdict, err))
		return false;
	for (size_t i = 0; i < kind->settle_count && verdict->judgement == JUDGED_ADMITTED; i++) {
		const struct pack_settle *line = &kind->settles[i];
		const struct pack_field *field = line->only == PACK_ONLY_OPENED && !line->on
		                                         ? pack_field_find(kind, line->field)
		                                         : NULL;
		if (!judge_own_entries(turn, judged, field, verdict, err))
			return false;
		if (line->is_own && verdict->judgement == JUDGED_ADMITTED &&
		    !judge_own_duty(turn, judged, line, verdict, err))
			return false;
	}
	return true;
}

static bool judge_entries(struct turn *turn, const struct judged *judged,
                          const struct pack_field *field, struct verdict *verdict, struct err *err)
{
	const struct json *value = json_member(judged->plain, field->name);
	for (const struct json *item = first_of(value); item; item = next_of(value, item)) {
		bool may;
		if (!may_cite(turn, judged, item->integer, &may, err))
			return false;
		if (!may)
			return refuse(turn, verdict, "other-file", field,
			              arena_format(turn->fold->arena,
			                           "entry %" PRId64
			                           " stands on another file; name entries of this "
			                           "file, or of one linked to it",
			                           item->integer)
			                      .p);
	}
	return true;
}

static bool names(const struct json *value, struct str office)
{
	for (const struct json *item = first_of(value); item; item = next_of(value, item)) {
		if (item->type == JSON_STRING && str_eq(item->string, office))
			return true;
	}
	return false;
}

/* Who is said to have written it did: an office does not agree for another. */
static bool judge_made_by(struct turn *turn, const struct judged *judged,
                          const struct pack_field *field, struct verdict *verdict, struct err *err)
{
	static const char HEADER_SQL[] = "SELECT header FROM entry WHERE idx = ?1";
	const struct json *value = json_member(judged->plain, field->name);
	for (const struct json *item = first_of(value); item; item = next_of(value, item)) {
		CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
		struct log_header header;
		if (!store_prepare(turn->store, HEADER_SQL, &read, err))
			return false;
		store_bind_int(read, 1, item->integer);
		enum store_step step = store_step(read, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_ROW && !log_header_read(store_blob(read, 0), &header, err))
			return false;
		if (step == STORE_ROW && header.by == LOG_BY_ACCOUNT &&
		    names(json_member(judged->plain, field->made_by), header.office))
			continue;
		const struct pack_field *by = pack_field_find(judged->kind, field->made_by);
		return refuse(turn, verdict, "made-by", field,
		              arena_format(turn->fold->arena,
		                           "entry %" PRId64 " was not written by the office that"
		                           " \"%.*s\" names; ask that office to write it",
		                           item->integer, STR_ARG(by ? by->label : field->made_by))
		                      .p);
	}
	return true;
}

/* What an answer names is about the same files as the answer. */
static bool judge_agrees(struct turn *turn, const struct judged *judged,
                         const struct pack_field *field, struct verdict *verdict, struct err *err)
{
	static const char PLAIN_SQL[] = "SELECT plain FROM entry WHERE idx = ?1";
	struct arena *arena = turn->fold->arena;
	const struct json *value = json_member(judged->plain, field->name);
	const struct json *own = json_member(judged->plain, field->agrees_on);
	for (const struct json *item = first_of(value); item && own; item = next_of(value, item)) {
		CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
		const struct json *there = NULL;
		if (!store_prepare(turn->store, PLAIN_SQL, &read, err))
			return false;
		store_bind_int(read, 1, item->integer);
		enum store_step step = store_step(read, err);
		if (step == STORE_FAILED ||
		    (step == STORE_ROW && !json_read(arena, arena_copy(arena, store_str(read, 0)),
		                                     PLAIN_DEPTH, &there, err)))
			return false;
		const struct json *said = there ? json_member(there, field->agrees_on) : NULL;
		bool agrees = said != NULL;
		for (const struct json *mine = first_of(own); mine && agrees;
		     mine = next_of(own, mine))
			agrees = names(said, mine->string);
		if (agrees)
			continue;
		const struct pack_field *on = pack_field_find(judged->kind, field->agrees_on);
		return refuse(turn, verdict, "agrees-on", field,
		              arena_format(arena,
		                           "entry %" PRId64 " does not say the same of \"%.*s\";"
		                           " name the entry that does, or leave it out",
		                           item->integer,
		                           STR_ARG(on ? on->label : field->agrees_on))
		                      .p);
	}
	return true;
}

bool judge_cited(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                 struct err *err)
{
	const struct pack_kind *kind = judged->kind;
	if (!judged->row || kind->is_built_in)
		return true;
	if (!judge_of_file(turn, judged, verdict, err))
		return false;
	if (verdict->judgement == JUDGED_ADMITTED && judged->type &&
	    !judge_ends(turn, judged, verdict, err))
		return false;
	for (size_t i = 0; i < kind->field_count && verdict->judgement == JUDGED_ADMITTED; i++) {
		if (kind->fields[i].made_by.p &&
		    !judge_made_by(turn, judged, &kind->fields[i], verdict, err))
			return false;
		if (kind->fields[i].agrees_on.p && verdict->judgement == JUDGED_ADMITTED &&
		    !judge_agrees(turn, judged, &kind->fields[i], verdict, err))
			return false;
	}
	if (verdict->judgement == JUDGED_ADMITTED && !judge_own_file(turn, judged, verdict, err))
		return false;
	if (kind->need_count == 0)
		return true;
	for (size_t i = 0; i < kind->field_count && verdict->judgement == JUDGED_ADMITTED; i++) {
		if (kind->fields[i].type == PACK_ENTRY &&
		    !judge_entries(turn, judged, &kind->fields[i], verdict, err))
			return false;
	}
	return true;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whether each act was one that the rules of its day let through. Whoever wrote
 * the database could alter a view or an entry while an act was judged, and put
 * it back: the log then holds an act that its own past refuses.
 */
#include "casebook/adopting.h"
#include "casebook/chart.h"
#include "casebook/counted.h"
#include "casebook/turn_parts.h"
#include "casebook/verify.h"
#include "casebook/world.h"

#define SECONDS_MAX 16

/* By the primary key; as the entries before this one left it. */
static const char WAITING_SQL[] = "SELECT w.account, w.office, w.given, e.header FROM waiting AS w"
				  " JOIN entry AS e ON e.idx = w.entry WHERE w.entry = ?1";

struct seconds {
	struct str roles[SECONDS_MAX];
	size_t count;
	instant since; /* when the act began to wait; 0: it did not */
};

/* Who agreed to what waited; ERR_INPUT: it was another's. */
static bool read_seconds(struct fold *fold, const struct folding *entry, struct seconds *out,
                         struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	int64_t waited = json_number(entry->plain, STR("waited"), -1);
	if (waited < 0)
		return true;
	if (!store_prepare(fold->store, WAITING_SQL, &found, err))
		return false;
	store_bind_int(found, 1, waited);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE || !str_eq(store_str(found, 0), entry->account) ||
	    !str_eq(store_str(found, 1), entry->office))
		return err_set(err, ERR_INPUT,
		               "It is not by whom the act was that waited as %" PRId64, waited);
	struct log_header header;
	if (!log_header_glance(store_blob(found, 3), &header, err))
		return false;
	out->since = header.recorded;
	struct str given = arena_copy(fold->arena, store_str(found, 2));
	while (given.n && out->count < SECONDS_MAX && str_cut(&given, ' ', &out->roles[out->count]))
		out->count++;
	return true;
}

/* The file before the entry; a blank one when the entry begins it. */
static bool read_file(struct fold *fold, const struct folding *entry, struct file_row *blank,
                      struct file_row **out, struct err *err)
{
	*blank = (struct file_row){ .n = -1, .type = fold_type_begun(fold, entry) };
	*out = blank;
	return fold_file(fold, entry->file, out, err) || err->code == ERR_ABSENT;
}

static bool is_after_opening(struct fold *fold, const struct folding *entry, bool *is_after,
                             struct err *err)
{
	static const char OPENED_SQL[] =
		"SELECT 1 FROM entry WHERE file = 0 AND kind = 'register.opened'"
		" AND idx < ?1 LIMIT 1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(fold->store, OPENED_SQL, &found, err))
		return false;
	store_bind_int(found, 1, entry->index);
	enum store_step step = store_step(found, err);
	*is_after = step == STORE_ROW;
	return step != STORE_FAILED;
}

/* What an administrator of an open register does to others, and so never alone. */
static bool is_for_two(const struct fold *fold, const struct folding *entry)
{
	const struct chart_office *acting = chart_find(fold->chart, entry->office);
	struct str kind = entry->kind_name;
	if (str_eq(kind, STR("account.changed")))
		return str_eq(json_text(entry->plain, STR("what")), STR("reset"));
	if (str_eq(kind, STR("account.ended")))
		return judge_has_seat(fold->chart, json_text(entry->plain, STR("account")),
		                      entry->recorded);
	return judge_is_administrator(acting) &&
	       (str_eq(kind, STR("office.held")) || str_eq(kind, STR("office.left")) ||
	        str_eq(kind, STR("office.deputised")) || str_eq(kind, STR("mirror.agreed")));
}

static bool check_two(struct fold *fold, const struct folding *entry, const struct seconds *seconds,
                      struct err *err)
{
	bool is_after;
	if (casebook_is_drill(fold->book) || !fold->chart || !is_for_two(fold, entry))
		return true;
	for (size_t i = 0; i < seconds->count; i++) {
		if (str_eq(seconds->roles[i], STR("register-administrator")))
			return true;
	}
	if (!is_after_opening(fold, entry, &is_after, err))
		return false;
	return !is_after ||
	       err_set(err, ERR_INPUT, "One administrator did it alone, and two were wanted");
}

/* An answer that counts was corrected with the office that the rules of its day name. */
static bool check_corrected(const struct fold *fold, const struct folding *entry,
                            const struct seconds *seconds, struct err *err)
{
	if (!str_eq(entry->kind_name, STR("entry.corrected")) ||
	    !judge_correction_takes_two(fold->pack, entry->plain))
		return true;
	for (size_t i = 0; i < seconds->count; i++) {
		if (str_eq(seconds->roles[i], fold->pack->correction_second->name))
			return true;
	}
	return err_set(err, ERR_INPUT, "It was corrected by one alone, and two were wanted");
}

/* A pack says of itself what it changes; and what loosens is nothing for two agencies alone. */
static bool check_adopted(struct fold *fold, const struct folding *entry,
                          const struct seconds *seconds, struct err *err)
{
	const struct pack *next = book_pack(fold->book, fold->pack_n + 1);
	const struct pack_office *role = pack_scrutineer(fold->pack);
	struct pack_comparison found;
	if (!str_eq(entry->kind_name, STR("pack.adopted")) || !next)
		return true;
	if (!pack_compare(fold->pack, next, fold->arena, &found, err))
		return false;
	struct str said = json_text(entry->plain, STR("change"));
	if (!str_eq(said, pack_change_word(found.change)))
		return err_set(err, ERR_INPUT, "It says that the pack is %.*s, and it is %.*s",
		               STR_ARG(said), STR_ARG(pack_change_word(found.change)));
	if (!adopting_needs_scrutineer(found.change))
		return true;
	for (size_t i = 0; role && i < seconds->count; i++)
		if (str_eq(seconds->roles[i], role->name))
			return true;
	return err_set(err, ERR_INPUT,
	               "It loosens the rules, and the independent scrutineer did not agree");
}

static bool check_state(const struct folding *entry, const struct file_row *row, struct err *err)
{
	const struct pack_file_type *type = row ? row->type : NULL;
	if (!type || row->n < 0)
		return true;
	return (entry->kind->from[type->number] >> row->state & 1) ||
	       err_set(err, ERR_INPUT,
	               "The rules of its day refuse it: it is not made while the file is %.*s",
	               STR_ARG(type->states[row->state]));
}

bool verify_judged(struct fold *fold, const struct folding *entry, struct err *err)
{
	struct seconds seconds = { .count = 0 };
	struct verdict verdict = { .judgement = JUDGED_ADMITTED };
	struct file_row blank, *row;
	struct entry_world before;
	if (entry->by == CASEBOOK_BY_REGISTER || !entry->kind)
		return true;
	if (!read_seconds(fold, entry, &seconds, err) || !check_two(fold, entry, &seconds, err) ||
	    !check_adopted(fold, entry, &seconds, err) ||
	    !check_corrected(fold, entry, &seconds, err))
		return false;
	if (!read_file(fold, entry, &blank, &row, err) || !check_state(entry, row, err))
		return false;
	if (!counted_check(fold->store, entry->kind, entry->recorded, entry->plain, err))
		return false;
	world_of_entry(fold, row ? row : &blank, entry, entry->index, &before);
	if (!counted_said(&before.shown, entry->kind, entry->plain, err))
		return false;
	if (!entry->kind->need_count)
		return true;
	before.world.seconds = seconds.roles;
	before.world.second_count = seconds.count;
	before.world.since = seconds.since;
	before.world.keeps_entries = before.world.keeps_duties = true;
	before.world.linking = entry->kind;
	before.world.linking_plain = entry->plain;
	if (!judge_needs_of(entry->kind, &before.shown, &verdict, err))
		return false;
	if (verdict.judgement == JUDGED_ADMITTED)
		return true;
	return err_set(err, ERR_INPUT, "The rules of its day refuse it: %.*s",
	               STR_ARG(verdict.missing_count ? verdict.missing[0].sentence
	                                             : STR("a second reader has not agreed")));
}

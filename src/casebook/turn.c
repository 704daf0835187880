/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/turn.h"

#include <stdlib.h>

#include "casebook/adopting.h"
#include "casebook/advice.h"
#include "casebook/chart.h"
#include "casebook/credential.h"
#include "casebook/fold_parts.h"
#include "casebook/joined.h"
#include "casebook/key.h"
#include "casebook/newest.h"
#include "casebook/particulars.h"
#include "casebook/submission.h"
#include "casebook/tags.h"
#include "casebook/dispose.h"
#include "casebook/sights.h"
#include "casebook/turn_parts.h"

#define ARENA_TURN_MAX ((size_t)64 << 20)

static const char SIZE_SQL[] = "UPDATE entry SET size = ?1 WHERE idx >= ?2 AND size <> ?1";

/* --- begin, commit, abort ------------------------------------------------------------------ */

bool turn_begin(struct casebook *book, struct turn **out, struct err *err)
{
	*out = NULL;
	struct turn *turn = calloc(1, sizeof *turn);
	if (!turn || !(turn->arena = arena_create(ARENA_TURN_MAX)) ||
	    !(turn->fold = fold_create(book, book->store, book->file_tags, err))) {
		turn_free(turn);
		return err_set(err, ERR_UNABLE, "There is no memory for a turn");
	}
	turn->book = book;
	turn->store = book->store;
	turn->fold->joined = book->joined;
	turn->fold->sights = book->sights;
	turn->first = book->entries;
	turn->first_file = book->files;
	turn->fold->pack_n = book->pack_count;
	turn->fold->pack = book_pack(book, book->pack_count);
	turn->fold->chart = chart_take(book->chart); /* only the writer replaces it */
	if (!book_begin(book, err)) {
		turn_free(turn);
		return false;
	}
	*out = turn;
	return true;
}

void turn_free(struct turn *turn)
{
	if (!turn)
		return;
	fold_destroy(turn->fold);
	arena_destroy(turn->arena);
	free(turn);
}

void turn_abort(struct turn *turn)
{
	struct casebook *book = turn->book;
	store_abort(book->store);
	submissions_forget(book->submissions);
	tags_forget(book->file_tags);
	joined_forget(book->joined);
	sights_forget(book->sights);
	log_tree_rollback(book->tree);
	key_drop(book);
	book->entries = turn->first;
	book->files = turn->first_file;
	turn_free(turn);
}

static bool sign(struct turn *turn, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *size = NULL;
	struct casebook *book = turn->book;
	struct log_signed row;
	if (book->entries == turn->first)
		return true;
	if (book->entries > turn->first + 1) {
		if (!store_prepare(book->store, SIZE_SQL, &size, err))
			return false;
		store_bind_int(size, 1, book->entries);
		store_bind_int(size, 2, turn->first);
		if (!store_do(size, err))
			return false;
	}
	struct hash root = log_tree_root(book->tree);
	const struct log_signer *signer, *former;
	key_of_turn(book, &signer, &former);
	if (!log_tree_flush(book->tree, book->store, err))
		return false;
	if (log_sign(book->store, signer, former, book->entries, &root, &row, err))
		return true;
	/* It would sign two trees under one name: it signs nothing more. */
	if (log_sign_is_conflict(err))
		book_stop_signed_before(book);
	return false;
}

static void publish_chart(struct turn *turn)
{
	struct casebook *book = turn->book;
	if (!turn->chart_changed)
		return;
	pthread_mutex_lock(&book->chart_lock);
	struct chart *old = book->chart;
	book->chart = chart_take(turn->fold->chart);
	pthread_mutex_unlock(&book->chart_lock);
	chart_give(old);
}

static void tell_followers(struct turn *turn)
{
	struct casebook *book = turn->book;
	struct casebook_committed committed = { turn->first, book->entries - turn->first,
		                                turn->now };
	if (committed.count == 0)
		return;
	for (size_t i = 0; i < book->follower_count; i++)
		book->followers[i].fn(book->followers[i].ctx, &committed);
}

bool turn_commit(struct turn *turn, struct err *err)
{
	struct casebook *book = turn->book;
	if ((turn->chart_changed && !newest_keep_chart(book, turn->fold->chart, err)) ||
	    !sign(turn, err)) {
		turn_abort(turn);
		return false;
	}
	if (!store_commit(book->store, err)) {
		key_leave(book);
		turn_abort(turn);
		return false;
	}
	log_tree_commit(book->tree);
	if (book->entries > turn->first && turn->now > book->kept_now)
		book->kept_now = turn->now;
	if (turn->fold->pack_n > book->pack_count)
		book->pack_count = (int)turn->fold->pack_n;
	publish_chart(turn);
	if (turn->opened)
		book->is_opened = true;
	if (turn->named.p) {
		struct str origin = arena_copy(book->arena, turn->named);
		pthread_mutex_lock(&book->chart_lock);
		if (origin.p)
			book->origin = origin;
		pthread_mutex_unlock(&book->chart_lock);
	}
	key_take(book);
	if (turn->described)
		particulars_changed(book->particulars);
	if (turn->confirmed)
		book_time_confirmed(book);
	tell_followers(turn);
	bool destroyed = turn->destroyed;
	turn_free(turn);
	struct err ignored;
	bool done = !destroyed || dispose_due(book, &ignored);
	(void)done; /* what fails now is noted, and done at the next tidying */
	return true;
}

/* --- submissions --------------------------------------------------------------------------- */

static const char ENTRY_SQL[] =
	"SELECT e.header, e.size, f.id, f.type, f.number, e.plain FROM entry AS e JOIN file AS f ON f.n = e.file"
	" WHERE e.idx = ?1";

static bool act_hash(struct turn *turn, const struct casebook_act *act, struct hash *out,
                     struct err *err)
{
	struct buf text;
	buf_init(&text, (size_t)2 << 20);
	buf_format(&text, "candour/act/v1\n%.*s\n%.*s\n%.*s\n%.*s\n", STR_ARG(act->kind),
	           STR_ARG(act->file), STR_ARG(act->actor.account), STR_ARG(act->actor.office));
	if (act->has_happened)
		buf_format(&text, "happened %" PRId64 "\n", act->happened);
	if (act->has_received)
		buf_format(&text, "received %" PRId64 "\n", act->received);
	if (act->fields)
		json_write(&text, act->fields);
	struct str all = buf_str(&text);
	bool done = !text.full ||
	            err_set(err, ERR_INPUT, "This act is too large, or its text is not UTF-8");
	*out = hasher_of(turn->book->hasher, &all, 1);
	if (text.p)
		vault_wipe(text.p, text.n);
	buf_finish(&text);
	return done;
}

struct str number_of_file(struct arena *arena, const struct pack *pack, struct str type,
                          int64_t number)
{
	const struct pack_file_type *found = pack_file_type_find(pack, type);
	struct str letter = found ? found->letter : type;
	return arena_format(arena, "%.*s-%" PRId64, STR_ARG(letter), number);
}

/* The answer of an entry that is there already. */
static bool answer_again(struct turn *turn, struct pending *pending, int64_t index, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct casebook_answer *answer = pending->answer;
	struct log_header header;
	if (!store_prepare(turn->store, ENTRY_SQL, &found, err))
		return false;
	store_bind_int(found, 1, index);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE || store_is_null(found, 0)) {
		answer->outcome = CASEBOOK_FAILED;
		err_set(&answer->err, ERR_ABSENT, "What was sent before is no longer here");
		return true;
	}
	if (!log_header_read(store_blob(found, 0), &header, err))
		return false;
	bool was_refused =
		header.by == LOG_BY_REGISTER && (str_eq(header.kind, STR("act.refused")) ||
	                                         str_eq(header.kind, STR("gate.refused")));
	answer->outcome = str_eq(header.kind, STR("act.waiting")) ? CASEBOOK_WAITING
	                  : was_refused                           ? CASEBOOK_REFUSED
	                                                          : CASEBOOK_ADMITTED;
	answer->is_repeat = true;
	answer->index = index;
	answer->size = store_int(found, 1);
	answer->recorded = header.recorded;
	answer->file = arena_copy(pending->arena, store_str(found, 2));
	answer->number = number_of_file(pending->arena, turn->fold->pack, store_str(found, 3),
	                                store_int(found, 4));
	if (!was_refused)
		return true;
	return turn_refusal_again(turn, pending, store_str(found, 5), err);
}

static void cut_code(struct turn *turn, struct pending *pending, const struct hash *act)
{
	struct vault_return_code code =
		vault_return_code(turn->book->vault, pending->act->submission, act);
	pending->answer->has_code = true;
	for (int i = 0; i < 4; i++)
		pending->answer->code.word[i] = code.word[i];
	pending->answer->code.digits = code.digits;
}

/* Known within 30 days: *known, and the answer is the first one's. */
static bool known_submission(struct turn *turn, struct pending *pending, const struct hash *act,
                             bool *known, struct err *err)
{
	struct submission before;
	if (!submissions_find(turn->book->submissions, turn->store,
	                      submission_tag(turn->book->hasher, pending->act->submission), &before,
	                      known, err))
		return false;
	if (!*known)
		return true;
	if (!hash_eq(&before.act, act)) {
		pending->answer->outcome = CASEBOOK_FAILED;
		err_set(&pending->answer->err, ERR_REFUSED,
		        "Something else was sent under this submission before; send it under a new one");
		return true;
	}
	if (!answer_again(turn, pending, before.entry, err))
		return false;
	if (pending->act->wants_code && pending->answer->outcome == CASEBOOK_ADMITTED)
		cut_code(turn, pending, act);
	return true;
}

static bool remember(struct turn *turn, const struct pending *pending, const struct hash *act,
                     struct err *err)
{
	struct submission answered = { *act, pending->answer->index };
	if (!pending->act->submission.n || pending->answer->index < 0)
		return true;
	return submissions_put(turn->book->submissions, turn->store,
	                       submission_tag(turn->book->hasher, pending->act->submission),
	                       &answered, turn->now, err);
}

/* --- one act ------------------------------------------------------------------------------- */

static bool fail(struct pending *pending, const struct err *why)
{
	pending->answer->outcome = CASEBOOK_FAILED;
	pending->answer->index = -1;
	pending->answer->err = *why;
	return true;
}

/* Finds kind and file; false with *judged unset: the answer is FAILED already. */
static bool find_parts(struct turn *turn, struct pending *pending, struct judged *judged,
                       bool *good, struct err *err)
{
	const struct casebook_act *act = pending->act;
	struct err why = { 0 };
	struct str id;
	*good = false;
	judged->kind = pack_kind_find(turn->fold->pack, act->kind);
	if (judged->kind && judged->kind->retired.p) {
		err_set(&why, ERR_INPUT,
		        "\"%.*s\" is not recorded any more; the rules in force retired it",
		        STR_ARG(judged->kind->title));
		return fail(pending, &why);
	}
	if (!judged->kind) {
		err_set(&why, ERR_INPUT, "There is no kind \"%.*s\" in the rules in force",
		        STR_ARG(str_sub(act->kind, 0, 64)));
		return fail(pending, &why);
	}
	if (!act->file.n) {
		for (size_t i = 0; !judged->type && i < turn->fold->pack->file_type_count; i++) {
			if (judged->kind->file_types >> i & 1)
				judged->type = &turn->fold->pack->file_types[i];
		}
		bool begins_own = str_eq(act->kind, STR("office.made")) || turn->book->entries == 0;
		if (!judged->kind->may_begin && !begins_own) {
			err_set(&why, ERR_INPUT, "\"%.*s\" needs a file; name it, like C-12",
			        STR_ARG(judged->kind->title));
			return fail(pending, &why);
		}
		*good = true;
		return true;
	}
	if (!file_name_to_id(turn->store, turn->fold->file_tags, turn->fold->pack,
	                     turn->fold->arena, act->file, &id, err))
		return false;
	if (!id.p) {
		err_set(&why, ERR_ABSENT, "There is no file %.*s",
		        STR_ARG(str_sub(act->file, 0, 40)));
		return fail(pending, &why);
	}
	if (!fold_file_by_id(turn->fold, id, &judged->row, err))
		return false;
	judged->type = judged->row->type;
	*good = true;
	return true;
}

static bool check_fields(struct turn *turn, struct pending *pending, struct judged *judged,
                         bool *good, struct err *err)
{
	const struct casebook_act *act = pending->act;
	struct fields_check check = { .store = turn->store,
		                      .files = turn->fold->file_tags,
		                      .pack = turn->fold->pack,
		                      .chart = turn->fold->chart,
		                      .arena = turn->fold->arena,
		                      .now = turn->now,
		                      .by_register = act->actor.by == CASEBOOK_BY_REGISTER };
	*good = true;
	if (!fields_sort(&check, judged->kind, act->fields, err))
		return false;
	judged->plain = check.plain;
	judged->sealed = check.sealed;
	judge_times(turn, judged, &check);
	if (check.error_count == 0)
		return judge_counted(turn, judged, err);
	struct casebook_field_error *errors =
		arena_alloc(pending->arena, check.error_count, sizeof *errors);
	for (size_t i = 0; errors && i < check.error_count; i++) {
		errors[i].field = arena_copy(pending->arena, check.errors[i].field);
		errors[i].text = arena_copy(pending->arena, check.errors[i].text);
	}
	struct err why = { 0 };
	err_set(&why, ERR_INPUT, "%.*s", STR_ARG(check.errors[0].text));
	pending->answer->errors = errors;
	pending->answer->error_count = errors ? check.error_count : 0;
	*good = false;
	return fail(pending, &why);
}

static void fill_answer(struct turn *turn, struct pending *pending, const struct folding *entry)
{
	struct casebook_answer *answer = pending->answer;
	struct file_row *row;
	struct err ignored;
	answer->index = entry->index;
	answer->recorded = entry->recorded;
	answer->file = arena_copy(pending->arena, entry->file_id);
	if (fold_file(turn->fold, entry->file, &row, &ignored))
		answer->number = number_of_file(pending->arena, turn->fold->pack, row->type_name,
		                                row->number);
}

/* Flags of the register that an entry of its own sets, once committed. */
static void note_own(struct turn *turn, const struct judged *judged)
{
	if (judged->adopting)
		turn->adopted = true;
	if (str_eq(judged->kind->name, STR("register.opened")))
		turn->opened = true;
	if (str_eq(judged->kind->name, STR("clock.confirmed")))
		turn->confirmed = true;
	if (str_eq(judged->kind->name, STR("register.described")))
		turn->described = true;
	if (str_eq(judged->kind->name, STR("register.named")))
		turn->named = arena_copy(turn->arena, json_text(judged->plain, STR("name")));
}

static bool attach_objects(struct turn *turn, const struct judged *judged, int64_t index,
                           struct err *err)
{
	static const char ATTACH_SQL[] =
		"UPDATE object SET entry = ?2, draft = NULL, made = ?3 WHERE id = ?1 AND entry IS NULL";
	for (size_t i = 0; judged->sealed && i < judged->kind->field_count; i++) {
		const struct pack_field *field = &judged->kind->fields[i];
		const struct json *value = json_member(judged->sealed, field->name);
		if (field->type != PACK_ATTACHMENT || !value)
			continue;
		bool is_list = value->type == JSON_ARRAY;
		for (const struct json *item = is_list ? value->first : value; item;
		     item = is_list ? item->next : NULL) {
			CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
			if (!store_prepare(turn->store, ATTACH_SQL, &put, err))
				return false;
			store_bind_str(put, 1, json_text(item, STR("object")));
			store_bind_int(put, 2, index);
			store_bind_int(put, 3,
			               turn->now); /* from here on it is as old as its entry */
			if (!store_do(put, err))
				return false;
			if (store_changes(turn->store) != 1)
				return err_set(err, ERR_INPUT,
				               "A file did not arrive whole; send it again");
		}
	}
	return true;
}

/* What the account was opened by goes with the entry, whether it waited for a yes or not. */
static bool is_reset(const struct judged *judged)
{
	return str_eq(judged->kind->name, STR("account.changed")) &&
	       str_eq(json_text(judged->plain, STR("what")), STR("reset"));
}

bool turn_admit(struct turn *turn, struct pending *pending, struct judged *judged,
                const struct hash *act_hash, struct err *err)
{
	const struct casebook_act *act = pending->act;
	struct id id;
	struct folding entry;
	struct making making = {
		.kind = judged->kind,
		.by = act->actor.by,
		.account = act->actor.account,
		.office = act->actor.office,
		.via = act->via,
		.plain = judged->plain,
		.sealed = judged->sealed,
		.has_happened = act->has_happened,
		.happened = act->happened,
		.has_received = act->has_received,
		.received = act->received,
		.machine_user = act->machine_user,
		.cause = judged->cause,
	};
	if (judged->row) {
		making.file = judged->row->n;
		making.file_id = judged->row->id;
	} else {
		uint8_t bytes[16];
		random_bytes(turn->book->random, bytes, sizeof bytes);
		id = id_from_bytes(bytes);
		making.file = turn->book->files;
		making.file_id = id_str(&id);
		making.is_new_file = true;
	}
	if (judged->waited >= 0)
		json_put_integer(turn->fold->arena, judged->plain, STR("waited"), judged->waited);
	if (!advice_note(turn, judged, err))
		return false;
	if (act->wants_code) {
		uint8_t canonical[VAULT_RETURN_CANONICAL];
		cut_code(turn, pending, act_hash);
		struct vault_return_code code;
		memcpy(code.word, pending->answer->code.word, sizeof code.word);
		code.digits = pending->answer->code.digits;
		vault_return_canonical(&code, canonical);
		struct hash tag = vault_return_tag(turn->book->vault, canonical);
		json_put_text(turn->fold->arena, judged->plain, STR("return"),
		              hash_hex(turn->fold->arena, &tag));
	}
	if (!turn_entry(turn, &making, &entry, err) ||
	    !attach_objects(turn, judged, entry.index, err))
		return false;
	if (pending->hook && !pending->hook(pending->hook_ctx, turn->store, entry.index, err))
		return false;
	if (is_reset(judged) &&
	    !credential_void(turn->store, json_text(judged->plain, STR("account")), err))
		return false;
	note_own(turn, judged);
	pending->answer->outcome = CASEBOOK_ADMITTED;
	fill_answer(turn, pending, &entry);
	return turn_follow(turn, &entry, 0, err);
}

static bool judge(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                  struct err *err)
{
	memset(verdict, 0, sizeof *verdict);
	if (!judge_access(turn, judged, verdict, err))
		return false;
	if (verdict->judgement != JUDGED_ADMITTED)
		return true;
	size_t roles = verdict->role_count; /* seconds that the register itself wants */
	if (!judge_doors(turn, judged, verdict, err))
		return false;
	if (verdict->judgement != JUDGED_ADMITTED || judged->act->actor.by == CASEBOOK_BY_REGISTER)
		return true;
	if (!judge_needs(turn, judged, verdict, err))
		return false;
	if (roles && verdict->judgement == JUDGED_ADMITTED)
		verdict->judgement = JUDGED_WAITING;
	return verdict->judgement == JUDGED_REFUSED_GATE || judge_end(turn, judged, verdict, err);
}

bool turn_judge_and_admit(struct turn *turn, struct pending *pending, struct judged *judged,
                          const struct hash *act_hash, struct err *err)
{
	struct verdict verdict;
	if (!judge(turn, judged, &verdict, err))
		return false;
	switch (verdict.judgement) {
	case JUDGED_ADMITTED:
		return turn_admit(turn, pending, judged, act_hash, err);
	case JUDGED_WAITING:
		return turn_wait(turn, pending, judged, &verdict, err);
	case JUDGED_REFUSED_ACCESS:
	case JUDGED_REFUSED_DOOR:
	case JUDGED_REFUSED_GATE:
		return turn_refuse(turn, pending, judged, &verdict, err);
	case JUDGED_FAILED:
		break;
	}
	return err_set(err, ERR_FAULT, "an act was judged to nothing");
}

/* Intake and reading only: public reports, calls written down, what the register itself must write,
 * and the confirming of the time, with the second account's answer to it. */
static bool is_intake(const struct casebook_act *act, const struct judged *judged)
{
	struct str kind = judged->kind->name;
	if (act->actor.by != CASEBOOK_BY_OFFICE)
		return true;
	return (act->wants_code && !judged->row && judged->kind->may_begin) ||
	       str_eq(kind, STR("clock.confirmed")) ||
	       (str_eq(kind, STR("second.given")) && judged->row && judged->row->n == 0);
}

bool turn_act(struct turn *turn, struct pending *pending, struct err *err)
{
	struct judged judged = {
		.act = pending->act, .waited = -1, .cause = -1, .has_hook = pending->hook != NULL
	};
	struct hash hash = { { 0 } };
	bool known = false, good = false;
	if (pending->hook == adopting_keep)
		judged.adopting = pending->hook_ctx;
	memset(pending->answer, 0, sizeof *pending->answer);
	pending->answer->index = -1;
	fold_begin_act(turn->fold);
	turn->follow_count = 0;
	turn->adopted = false;
	turn->now = book_recorded(turn->book);
	if (pending->act->submission.n || pending->act->wants_code) {
		struct err why = { 0 };
		if (!act_hash(turn, pending->act, &hash, &why))
			return fail(pending, &why);
	}
	if (pending->act->submission.n && !known_submission(turn, pending, &hash, &known, err))
		return false;
	if (known)
		return true;
	if (!find_parts(turn, pending, &judged, &good, err))
		return false;
	if (!good)
		return true;
	if (turn->book->is_intake_only && !is_intake(pending->act, &judged)) {
		struct err why = { 0 };
		err_set(&why, ERR_UNABLE, "%.*s", STR_ARG(turn->book->intake_why));
		return fail(pending, &why);
	}
	if (!check_fields(turn, pending, &judged, &good, err))
		return false;
	if (!good)
		return true;
	bool is_second = str_eq(judged.kind->name, STR("second.given"));
	if (!(is_second ? turn_second(turn, pending, &judged, err)
	                : turn_judge_and_admit(turn, pending, &judged, &hash, err)))
		return false;
	return turn_end_act(turn, err) && (!turn->adopted || adopting_follow(turn, err)) &&
	       remember(turn, pending, &hash, err);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Particulars of the register. Truth is its entries register.described; what
 * is kept here is a picture of their newest words in memory, read again after
 * each change.
 */
#include "casebook/particulars.h"

#include <stdlib.h>

#include "casebook/readings.h"
#include "casebook/rows.h"
#include "casebook/turn.h"

#define REGISTER_FILE "R-1"
#define KIND "register.described"
#define LINE_LETTERS 120
#define VALUES_MAX ((size_t)4 << 20) /* bytes of the picture */
#define SCRATCH_MAX ((size_t)16 << 20)
#define DESCRIBED_MAX 64 /* at once; as the kind's fields */
#define DEPTH 4
#define NAME_MAX 64

static const struct casebook_particular FIXED[] = {
	{ { "partnership", 11 },
	  { "Name of the partnership", 23 },
	  { "As it stands on your letters", 28 },
	  CASEBOOK_PARTICULAR_NAME,
	  LINE_LETTERS,
	  .is_line = true },
	{ { "area", 4 },
	  { "Area", 4 },
	  { "In one or two words: it stands at the head of every page", 56 },
	  CASEBOOK_PARTICULAR_NAME,
	  40,
	  .is_line = true },
	{ { "scrutineer", 10 },
	  { "Scrutineer from outside", 23 },
	  { "Who looks at your work and answers to none of you", 49 },
	  CASEBOOK_PARTICULAR_NAME,
	  LINE_LETTERS,
	  .is_line = true },
	{ { "calendar", 8 },
	  { "Working-day calendar that was agreed", 36 },
	  { "", 0 },
	  CASEBOOK_PARTICULAR_AGREED,
	  LINE_LETTERS,
	  .is_line = true },
	{ { "rules", 5 },
	  { "Rules that were agreed", 22 },
	  { "", 0 },
	  CASEBOOK_PARTICULAR_AGREED,
	  LINE_LETTERS,
	  .is_line = true },
	{ { "privacy.controllers", 19 },
	  { "Who answers for it", 18 },
	  { "Names and addresses of the controllers, and what each of them does", 66 },
	  CASEBOOK_PARTICULAR_PRIVACY,
	  CASEBOOK_PARTICULAR_MAX,
	  .opens = true },
	{ { "privacy.officer", 15 },
	  { "Data protection officer", 23 },
	  { "Name, address and telephone number", 34 },
	  CASEBOOK_PARTICULAR_PRIVACY,
	  CASEBOOK_PARTICULAR_MAX,
	  .opens = true },
	{ { "privacy.schedule", 16 },
	  { "How long things are kept", 24 },
	  { "The keeping times that you agreed", 33 },
	  CASEBOOK_PARTICULAR_PRIVACY,
	  CASEBOOK_PARTICULAR_MAX,
	  .opens = true },
	{ { "privacy.complaints", 18 },
	  { "Where to complain", 17 },
	  { "An address and a telephone number", 33 },
	  CASEBOOK_PARTICULAR_PRIVACY,
	  CASEBOOK_PARTICULAR_MAX,
	  .opens = true },
	{ { "accessibility.ways", 18 },
	  { "Other ways to reach you", 23 },
	  { "Telephone, Easy Read, British Sign Language", 43 },
	  CASEBOOK_PARTICULAR_ACCESS,
	  CASEBOOK_PARTICULAR_MAX,
	  .is_line = false },
	{ { "accessibility.complaints", 24 },
	  { "Where to say that a page does not work", 38 },
	  { "An address and a telephone number", 33 },
	  CASEBOOK_PARTICULAR_ACCESS,
	  CASEBOOK_PARTICULAR_MAX,
	  .is_line = false },
	{ { "accessibility.tested-by", 23 },
	  { "Who tested the pages with people", 32 },
	  { "Leave it empty if nobody has", 28 },
	  CASEBOOK_PARTICULAR_ACCESS,
	  LINE_LETTERS,
	  .is_line = true },
	{ { "accessibility.tested-on", 23 },
	  { "When they tested them", 21 },
	  { "Like 27 March 2026", 18 },
	  CASEBOOK_PARTICULAR_ACCESS,
	  40,
	  .is_line = true },
	{ { "accessibility.mending", 21 },
	  { "What does not work, and when it is mended", 41 },
	  { "One thing a line, each with its date", 36 },
	  CASEBOOK_PARTICULAR_ACCESS,
	  CASEBOOK_PARTICULAR_MAX,
	  .is_line = false },
	{ { "phones", 6 },
	  { "Telephone numbers on the pages, tried", 37 },
	  { "Who rang each of them, and on which day", 39 },
	  CASEBOOK_PARTICULAR_TRIED,
	  LINE_LETTERS,
	  .is_line = true,
	  .opens = true },
};

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for what the register says of itself");
}

/* --- which there are ------------------------------------------------------------------------- */

static bool add_agencies(const struct pack *pack, struct rows *rows, struct err *err)
{
	for (size_t i = 0; i < pack->agency_count; i++) {
		const struct pack_agency *agency = &pack->agencies[i];
		struct casebook_particular *one = agency->is_outside ? NULL : rows_add(rows);
		if (agency->is_outside)
			continue;
		if (!one)
			return no_memory(err);
		*one = (struct casebook_particular){
			.name = arena_format(rows->arena, "agency.%.*s", STR_ARG(agency->name)),
			.label = agency->title,
			.hint = STR(""),
			.sort = CASEBOOK_PARTICULAR_NAME,
			.max = LINE_LETTERS,
			.is_line = true,
		};
	}
	return true;
}

static bool add_officers(struct casebook *book, struct rows *rows, struct err *err)
{
	struct vault_shares shares;
	if (!vault_shares(book->vault, &shares, err))
		return false;
	for (int i = 1; i <= shares.count; i++) {
		struct casebook_particular *one = rows_add(rows);
		if (!one)
			return no_memory(err);
		*one = (struct casebook_particular){
			.name = arena_format(rows->arena, "officer.%d", i),
			.label = arena_format(rows->arena, "Who keeps share %d", i),
			.hint = STR(""),
			.sort = CASEBOOK_PARTICULAR_OFFICER,
			.max = LINE_LETTERS,
			.is_line = true,
		};
	}
	return true;
}

static bool add_fixed(struct rows *rows, size_t from, size_t to, struct err *err)
{
	for (size_t i = from; i < to; i++) {
		struct casebook_particular *one = rows_add(rows);
		if (!one)
			return no_memory(err);
		*one = FIXED[i];
	}
	return true;
}

/* The partnership and its area come first, then those who take part. */
#define FIXED_FIRST 2

static bool list_all(struct casebook *book, struct rows *rows, struct err *err)
{
	return add_fixed(rows, 0, FIXED_FIRST, err) &&
	       add_agencies(casebook_pack(book), rows, err) &&
	       add_fixed(rows, FIXED_FIRST, COUNT_OF(FIXED), err) && add_officers(book, rows, err);
}

/* --- what is set ----------------------------------------------------------------------------- */

struct particulars {
	pthread_mutex_t lock;
	int64_t version;     /* guarded by lock: one higher with each change */
	int64_t read;        /* guarded by lock: the version that `values` shows */
	struct arena *arena; /* guarded by lock: of `values`; NULL before the first reading */
	struct json *values; /* guarded by lock: name to text */
};

struct particulars *particulars_create(void)
{
	struct particulars *made = calloc(1, sizeof *made);
	if (made && pthread_mutex_init(&made->lock, NULL) != 0) {
		free(made);
		return NULL;
	}
	if (made)
		made->version = 1;
	return made;
}

void particulars_destroy(struct particulars *particulars)
{
	if (!particulars)
		return;
	pthread_mutex_destroy(&particulars->lock);
	arena_destroy(particulars->arena);
	free(particulars);
}

void particulars_changed(struct particulars *particulars)
{
	pthread_mutex_lock(&particulars->lock);
	particulars->version++;
	pthread_mutex_unlock(&particulars->lock);
}

static void set_value(struct arena *arena, struct json *values, struct str name, struct str text)
{
	for (struct json *at = values ? values->first : NULL; at; at = at->next) {
		if (str_eq(at->key, name)) {
			at->string = text;
			return;
		}
	}
	json_put_text(arena, values, name, text);
}

static void take_lists(struct arena *arena, struct json *values, const struct json *names,
                       const struct json *texts)
{
	const struct json *text = texts ? texts->first : NULL;
	for (const struct json *at = names ? names->first : NULL; at; at = at->next) {
		struct str is = text ? arena_copy(arena, text->string) : STR("");
		set_value(arena, values, arena_copy(arena, at->string), is);
		text = text ? text->next : NULL;
	}
}

/* By entry_file(file, kind, idx): a few in a register's life. */
static const char ALL_SQL[] =
	"SELECT idx, plain FROM entry WHERE file = 0 AND kind = '" KIND "' ORDER BY idx";

static bool read_all(struct casebook *book, struct arena *arena, struct json *values,
                     struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(SCRATCH_MAX);
	if (!scratch)
		return no_memory(err);
	if (!casebook_reader_take(book, &reader, err) ||
	    !store_prepare(reader->store, ALL_SQL, &stmt, err))
		return false;
	for (;;) {
		const struct json *plain, *sealed;
		enum store_step step = store_step(stmt, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return json_complete(values) || no_memory(err);
		if (!json_read_own(scratch, store_str(stmt, 1), DEPTH, &plain, err) ||
		    !reader_open_own(reader, store_int(stmt, 0), scratch, &sealed, err))
			return false;
		take_lists(arena, values, json_member(plain, STR("what")),
		           json_member(sealed, STR("text")));
		take_lists(arena, values, json_member(plain, STR("taken")), NULL);
		arena_reset(scratch);
	}
}

/* Read outside the lock: a reader may have to wait for a connection. */
static bool read_anew(struct casebook *book, int64_t version, struct err *err)
{
	struct particulars *all = book->particulars;
	struct arena *arena = arena_create(VALUES_MAX);
	struct json *values = arena ? json_object(arena) : NULL;
	if (!values || !read_all(book, arena, values, err)) {
		arena_destroy(arena);
		return values ? false : no_memory(err);
	}
	pthread_mutex_lock(&all->lock);
	if (all->read < version) {
		struct arena *old = all->arena;
		all->arena = arena;
		all->values = values;
		all->read = version;
		arena = old;
	}
	pthread_mutex_unlock(&all->lock);
	arena_destroy(arena);
	return true;
}

static bool freshen(struct casebook *book, struct err *err)
{
	struct particulars *all = book->particulars;
	pthread_mutex_lock(&all->lock);
	int64_t version = all->version;
	bool is_fresh = all->read == version;
	pthread_mutex_unlock(&all->lock);
	return is_fresh || read_anew(book, version, err);
}

static bool copy_text(struct casebook *book, struct arena *arena, struct str name, struct str *text,
                      struct err *err)
{
	struct particulars *all = book->particulars;
	pthread_mutex_lock(&all->lock);
	struct str found = json_text(all->values, name);
	*text = found.n ? arena_copy(arena, found) : STR("");
	pthread_mutex_unlock(&all->lock);
	return text->p || no_memory(err);
}

bool casebook_particular(struct casebook *book, struct arena *arena, struct str name,
                         struct str *text, struct err *err)
{
	*text = STR("");
	return freshen(book, err) && copy_text(book, arena, name, text, err);
}

bool casebook_particulars(struct casebook *book, struct arena *arena,
                          const struct casebook_particular **out, size_t *count, struct err *err)
{
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_particular) };
	*out = NULL;
	*count = 0;
	if (!freshen(book, err) || !list_all(book, &rows, err))
		return false;
	struct casebook_particular *all = rows.at;
	for (size_t i = 0; i < rows.count; i++) {
		if (!copy_text(book, arena, all[i].name, &all[i].text, err))
			return false;
	}
	*out = all;
	*count = rows.count;
	return true;
}

/* --- what opening asks ----------------------------------------------------------------------- */

/* By entry_file: from the newest entry back to one that names it. */
static bool is_set(struct store *store, struct arena *arena, struct str name, bool *is,
                   struct err *err)
{
	static const char NEWEST_SQL[] =
		"SELECT plain FROM entry WHERE file = 0 AND kind = '" KIND "' ORDER BY idx DESC";
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*is = false;
	if (!store_prepare(store, NEWEST_SQL, &stmt, err))
		return false;
	for (;;) {
		static const struct str LISTS[] = { { "what", 4 }, { "taken", 5 } };
		const struct json *plain;
		enum store_step step = store_step(stmt, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!json_read(arena, store_str(stmt, 0), DEPTH, &plain, err))
			return false;
		for (size_t i = 0; i < COUNT_OF(LISTS); i++) {
			const struct json *list = json_member(plain, LISTS[i]);
			for (const struct json *at = list ? list->first : NULL; at; at = at->next) {
				*is = i == 0;
				if (str_eq(at->string, name))
					return true;
			}
		}
		*is = false;
	}
}

bool particulars_missing(struct store *store, struct arena *arena, struct str *sentence,
                         struct err *err)
{
	*sentence = STR_NONE;
	for (size_t i = 0; i < COUNT_OF(FIXED); i++) {
		bool is = true;
		if (FIXED[i].opens && !is_set(store, arena, FIXED[i].name, &is, err))
			return false;
		if (is)
			continue;
		*sentence = arena_format(
			arena,
			"This is still empty: %.*s (%.*s). Fill it in on the page What this register says "
			"of itself, or by: candour register describe",
			STR_ARG(FIXED[i].label), STR_ARG(FIXED[i].name));
		return sentence->p || no_memory(err);
	}
	return true;
}

/* --- setting --------------------------------------------------------------------------------- */

static bool has_line_end(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7F)
			return true;
	}
	return false;
}

static size_t letters(struct str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
	return n;
}

/* The sentence about one that cannot be set so; p NULL: it can. */
static struct str wrong_with(struct arena *arena, const struct rows *rows,
                             const struct casebook_described *of)
{
	const struct casebook_particular *found = NULL, *all = rows->at;
	for (size_t i = 0; !found && i < rows->count; i++)
		found = str_eq(all[i].name, of->name) ? &all[i] : NULL;
	if (!found)
		return arena_format(
			arena,
			"There is nothing called \"%.*s\" that the register says of itself. "
			"All there are: candour register particulars",
			STR_ARG(str_sub(of->name, 0, NAME_MAX)));
	if (!str_trim(of->text).n && found->opens)
		return arena_format(arena, "Write: %.*s", STR_ARG(found->label));
	if (letters(of->text) > found->max)
		return arena_format(arena, "%.*s must be %.*s characters or fewer. You have %.*s",
		                    STR_ARG(found->label),
		                    STR_ARG(wording_number(arena, (int64_t)found->max)),
		                    STR_ARG(wording_number(arena, (int64_t)letters(of->text))));
	if (found->is_line && has_line_end(of->text))
		return arena_format(arena, "%.*s must be on one line", STR_ARG(found->label));
	return STR_NONE;
}

static bool check(struct arena *arena, const struct rows *rows, const struct casebook_described *of,
                  size_t count, struct casebook_answer *answer, struct err *err)
{
	struct casebook_field_error *errors = arena_alloc(arena, count + 1, sizeof *errors);
	size_t n = 0;
	if (!errors)
		return no_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct str sentence = wrong_with(arena, rows, &of[i]);
		bool is_twice = false;
		for (size_t j = 0; j < i; j++)
			is_twice = is_twice || str_eq(of[j].name, of[i].name);
		if (!sentence.p && is_twice)
			sentence = STR("This is given twice; give it once");
		if (sentence.p)
			errors[n++] = (struct casebook_field_error){ of[i].name, sentence };
	}
	*answer = (struct casebook_answer){
		.outcome = CASEBOOK_FAILED, .index = -1, .errors = errors, .error_count = n
	};
	if (n)
		err_set(&answer->err, ERR_INPUT, "%.*s", STR_ARG(errors[0].text));
	return true;
}

/* turn_hook: nothing stands beside the entry. Having one says that the texts were looked at. */
static bool beside(void *ctx, struct store *store, int64_t index, struct err *err)
{
	(void)ctx;
	(void)store;
	(void)index;
	(void)err;
	return true;
}

bool casebook_describe(struct casebook *book, const struct casebook_actor *actor,
                       enum casebook_via via, struct str machine_user, struct str submission,
                       const struct casebook_described *of, size_t count, struct arena *arena,
                       struct casebook_answer *answer, struct err *err)
{
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_particular) };
	struct json *fields = json_object(arena), *what = json_array(arena),
		    *text = json_array(arena), *taken = json_array(arena);
	*answer = (struct casebook_answer){ 0 };
	if (count == 0 || count > DESCRIBED_MAX)
		return err_set(err, ERR_USAGE, "Give at least one, and at most %d at once",
		               DESCRIBED_MAX);
	if (!list_all(book, &rows, err) || !check(arena, &rows, of, count, answer, err))
		return false;
	if (answer->error_count)
		return true;
	for (size_t i = 0; i < count; i++) {
		bool is = str_trim(of[i].text).n > 0;
		json_push(is ? what : taken, json_string(arena, of[i].name));
		if (is)
			json_push(text, json_string(arena, of[i].text));
	}
	json_put(fields, STR("what"), what);
	json_put(fields, STR("text"), text);
	json_put(fields, STR("taken"), taken);
	struct casebook_act act = { .actor = *actor,
		                    .via = via,
		                    .submission = submission,
		                    .kind = STR(KIND),
		                    .file = STR(REGISTER_FILE),
		                    .fields = fields,
		                    .machine_user = machine_user };
	if (!json_complete(fields))
		return no_memory(err);
	return casebook_submit_with(book, &act, beside, NULL, arena, answer, err);
}

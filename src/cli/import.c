/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour import: an agency's own file of people, each row an act that begins a
 * file, sent by the one road for all acts. Ended at any moment and given again
 * it goes on: a row that is there already is known by the agency's own number.
 * Nobody is joined: what is alike is proposed, and a person answers.
 */
#include <poll.h>

#include "people/people.h"

#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/import_parts.h"
#include "cli/link_parts.h"
#include "cli/who.h"

#define ARENA_BYTES ((size_t)32 << 20)
#define SYSTEM_MAX 60
#define LOOK_AGAIN_MS 100
#define KEPT_BYTES ((size_t)256 << 20)

static const struct cli_option OPTIONS[] = {
	CLI_WHO,
	{ "system", CLI_TEXT, "NAME",
	  "which of the office's systems it is from, if its ids are its own" },
	{ "dry-run", CLI_FLAG, NULL, "write nothing; say what would be done, to whom may do it" },
	{ "report", CLI_OUTPUT, "FILE.csv",
	  "where each row's outcome goes: line, id, file, links proposed, why" },
	{ "invisible", CLI_OUTPUT, "FILE.csv",
	  "where those go whom three agencies knew, each for itself" },
	{ "quiet", CLI_FLAG, NULL, "no words on the way" },
	{ "json", CLI_FLAG, NULL, "the sums as JSON, for programs" },
};

/* --- whose file it is ------------------------------------------------------------------------- */

/* Ids are those of one office, and of one of its systems: many an agency is many organisations,
 * each with a child 1 of its own. */
static bool name_whose(struct importing *importing, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct cli_call *call = importing->call;
	const struct casebook_office *offices;
	struct str whence = cli_text(call, "system"), office = importing->actor.office;
	size_t count;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_offices(reader, call->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(offices[i].id, office))
			continue;
		importing->whose =
			arena_format(call->arena, "%.*s, %.*s%s%.*s", STR_ARG(offices[i].agency),
		                     STR_ARG(office), whence.n ? ", " : "", STR_ARG(whence));
		return importing->whose.p ||
		       err_set(err, ERR_UNABLE, "There is no memory for this command");
	}
	return err_set(err, ERR_ABSENT, "There is no office %.*s", STR_ARG(str_sub(office, 0, 80)));
}

static bool check_system(struct cli_call *call, struct err *err)
{
	struct str whence = cli_text(call, "system");
	bool is_good =
		str_characters(whence) <= SYSTEM_MAX && (whence.n > 0 || !cli_has(call, "system"));
	for (size_t i = 0; i < whence.n; i++)
		is_good = is_good && whence.p[i] >= ' ' && whence.p[i] != ':' && whence.p[i] != ',';
	return is_good || err_set(err, ERR_USAGE,
	                          "--system is a short name without a comma or a colon, of %d"
	                          " letters at most",
	                          SYSTEM_MAX);
}

/* In a drill a name alone makes who is not there yet; a dry run makes nobody. */
static bool check_seat(struct importing *importing, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct cli_call *call = importing->call;
	const struct casebook_seat *seats;
	struct str account;
	size_t count;
	bool has = false;
	if (!importing->is_dry || !casebook_is_drill(call->book) || !cli_has(call, "as"))
		return true;
	if (!who_account(call, cli_text(call, "as"), &account, err) ||
	    !casebook_reader_take(call->book, &reader, err) ||
	    !casebook_seats(reader, call->arena, account, &seats, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		has = has || str_eq(seats[i].office, cli_text(call, "office"));
	return has || !cli_has(call, "office") ||
	       err_set(err, ERR_REFUSED, "This account does not act in the office %.*s",
	               STR_ARG(str_sub(cli_text(call, "office"), 0, 80)));
}

/* A dry run asks for the same proof: what it says of rows is said of what the register holds. */
static bool find_whose(struct importing *importing, struct err *err)
{
	return check_system(importing->call, err) && check_seat(importing, err) &&
	       who_acts(importing->call, STR_NONE, &importing->actor, err) &&
	       name_whose(importing, err);
}

/* --- what is told ----------------------------------------------------------------------------- */

static struct str errors_of(struct arena *arena, const struct casebook_field_error *errors,
                            size_t count, const struct err *err)
{
	struct str all = STR("");
	for (size_t i = 0; i < count; i++)
		all = arena_format(arena, "%.*s%s%.*s", STR_ARG(all), i ? "; " : "",
		                   STR_ARG(errors[i].text));
	return all.n ? all : str_from_c(err->message);
}

/* A row that is there: by which number, and whether it says something else, is told to whoever may
 * know of that file, and may read what it says; of all others it is there, and no more. */
static bool tell_there(struct importing *importing, struct casebook_reader *reader,
                       const struct import_sent *sent, const struct people_there *there,
                       struct err *err)
{
	const struct casebook_viewer viewer =
		who_views(importing->call, &importing->actor, STR("search"));
	struct import_told told = { .line = sent->line, .id = sent->id, .outcome = IMPORT_THERE };
	struct casebook_access access;
	struct casebook_file file;
	bool may_read = false;
	if (!casebook_may(reader, &viewer, there->file, &access, err) ||
	    !casebook_may_claim(reader, &viewer, there->file, there->entry, &may_read, err) ||
	    !casebook_file_get(reader, importing->arena, there->file, &file, err))
		return false;
	if (access.may_know)
		told.number = file.number;
	if (may_read && !there->is_same) {
		told.outcome = IMPORT_DIFFERS;
		told.why = STR("it is there, and says something else now: add what is new on its"
		               " file");
	}
	return import_tell(importing, &told, err);
}

/* What somebody of the office sent at the same time is there by now. */
static bool look_again(struct importing *importing, const struct import_sent *sent, bool *is_there,
                       struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct people_there there;
	if (!people_wait(importing->people, err) ||
	    !casebook_reader_take(importing->call->book, &reader, err) ||
	    !people_imported(importing->people, reader, &sent->import, importing->actor.office,
	                     importing->arena, &there, err))
		return false;
	*is_there = there.entry >= 0;
	return !*is_there || tell_there(importing, reader, sent, &there, err);
}

static bool tell_refused(struct importing *importing, const struct casebook_answer *answer,
                         struct import_told *told, struct err *err)
{
	told->why = errors_of(importing->arena, answer->errors, answer->error_count, &answer->err);
	return import_tell(importing, told, err);
}

static bool answered(struct importing *importing, size_t i, struct err *err)
{
	const struct casebook_answer *answer = &importing->answers[i];
	const struct import_sent *sent = &importing->sent[i];
	struct import_told told = { .line = sent->line, .id = sent->id, .outcome = IMPORT_REFUSED };
	bool is_there = false;
	switch (answer->outcome) {
	case CASEBOOK_ADMITTED:
		if (answer->is_repeat && !look_again(importing, sent, &is_there, err))
			return false;
		if (answer->is_repeat)
			return is_there ||
			       err_set(err, ERR_FAULT, "a row that was imported is not there");
		importing->by_import[sent->import.as - importing->pack->imports]++;
		told.outcome = IMPORT_OPENED;
		told.number = answer->number;
		return import_tell(importing, &told, err);
	case CASEBOOK_WAITING:
		told.why = STR("it waits for somebody else's yes");
		return import_tell(importing, &told, err);
	case CASEBOOK_REFUSED:
		/* By the office, or by what the pack asks for: so are the others. */
		return acts_check(importing->call, answer, err);
	case CASEBOOK_FAILED:
		if (answer->err.code == ERR_REFUSED && !look_again(importing, sent, &is_there, err))
			return false;
		if (is_there)
			return true;
		if (answer->err.code == ERR_INPUT || answer->err.code == ERR_REFUSED)
			return tell_refused(importing, answer, &told, err);
		return err_set(err, answer->err.code,
		               "%s. It stopped at line %u; give the command again and it goes on",
		               answer->err.message, sent->line);
	}
	return true;
}

static bool send(struct importing *importing, struct err *err)
{
	size_t count = importing->waiting;
	importing->waiting = 0;
	if (!casebook_submit_many(importing->call->book, importing->acts, count, importing->arena,
	                          importing->answers, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!answered(importing, i, err))
			return false;
	}
	arena_reset(importing->arena);
	return true;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* What the register would say to it, as far as that can be told without writing. */
static bool try(struct importing *importing, struct casebook_reader *reader,
                const struct match_row *row, const struct people_import *import, struct err *err)
{
	const struct casebook_field_error *errors;
	size_t count;
	struct err none = { 0 };
	if (!casebook_fields_try(reader, importing->arena, import->as->kind, import->fields,
	                         &errors, &count, err))
		return false;
	importing->by_import[import->as - importing->pack->imports] += count == 0;
	const struct import_told told = {
		.line = row->line,
		.id = row->cells[MATCH_CELL_ID],
		.outcome = count ? IMPORT_REFUSED : IMPORT_OPENED,
		.why = count ? errors_of(importing->arena, errors, count, &none) : STR(""),
	};
	return import_tell(importing, &told, err);
}

static void put(struct importing *importing, const struct match_row *row,
                const struct people_import *import)
{
	size_t at = importing->waiting++;
	importing->sent[at] = (struct import_sent){ row->line, row->cells[MATCH_CELL_ID], *import };
	importing->acts[at] = (struct casebook_act){
		.actor = importing->actor,
		.via = CASEBOOK_IMPORT,
		.submission = import->submission,
		.kind = import->as->kind->name,
		.fields = import->fields,
		.machine_user = importing->call->machine_user,
	};
}

static bool take_row(struct importing *importing, struct casebook_reader *reader,
                     const struct match_row *row, struct err *err)
{
	struct people_import import;
	struct people_there there;
	if (!people_import(importing->pack, row, importing->whose, importing->today,
	                   importing->arena, &import, err) ||
	    !people_imported(importing->people, reader, &import, importing->actor.office,
	                     importing->arena, &there, err))
		return false;
	if (there.entry < 0 && importing->is_dry)
		return try(importing, reader, row, &import, err);
	if (there.entry < 0) {
		put(importing, row, &import);
		return true;
	}
	const struct import_sent sent = { row->line, row->cells[MATCH_CELL_ID], import };
	return tell_there(importing, reader, &sent, &there, err);
}

static bool take_bad(struct importing *importing, const struct import_line *line, struct err *err)
{
	struct str pieces[4] = { STR("column "), line->column, STR(": "), line->why };
	const struct import_told told = {
		.line = line->row.line,
		.outcome = IMPORT_REFUSED,
		.why = line->column.n ? arena_join(importing->arena, pieces, 4) : line->why,
	};
	return import_tell(importing, &told, err);
}

/* Rows until the batch is full; *has false: there are no more. */
static bool take_rows(struct importing *importing, struct str *rest, bool *has, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct import_line line;
	if (!casebook_reader_take(importing->call->book, &reader, err))
		return false;
	for (size_t i = 0; i < IMPORT_BATCH; i++) {
		if (!import_next(rest, importing->arena, &line, has, err))
			return false;
		if (!*has)
			break;
		importing->rows++;
		if (line.is_bad ? !take_bad(importing, &line, err)
		                : !take_row(importing, reader, &line.row, err))
			return false;
	}
	return true;
}

static bool take_all(struct importing *importing, struct str rest, struct err *err)
{
	bool has = true;
	while (has) {
		if (!take_rows(importing, &rest, &has, err) || !send(importing, err))
			return false;
		import_show(importing, importing->is_dry ? "looking" : "importing", importing->rows,
		            importing->all);
	}
	return true;
}

/* --- who is who ------------------------------------------------------------------------------- */

static bool begin_people(struct importing *importing, struct err *err)
{
	struct cli_call *call = importing->call;
	struct people_options options = { .proposes = !importing->is_dry };
	if (!call->people && !people_start(call->book, &options, &importing->own, err))
		return false;
	importing->people = call->people ? call->people : importing->own;
	return people_wait(importing->people, err);
}

/* Until all that is alike is proposed. */
static bool end_people(struct importing *importing, struct err *err)
{
	struct people_state state = { .looked = 0 };
	bool goes_on = !importing->is_dry;
	while (goes_on) {
		people_state(importing->people, &state);
		goes_on = !state.has_failed && (!state.is_ready || state.looked < state.of);
		import_show(importing, "comparing", state.looked, state.of);
		if (goes_on)
			(void)poll(NULL, 0, LOOK_AGAIN_MS);
	}
	return people_wait(importing->people, err);
}

/* --- all -------------------------------------------------------------------------------------- */

static bool say_head(struct importing *importing, struct str *rest, struct err *err)
{
	struct import_line line;
	bool has;
	if (!import_next(rest, importing->call->arena, &line, &has, err))
		return false;
	if (!has || !line.head)
		return err_set(err, ERR_FAULT, "the file was not handed on whole");
	importing->all = json_number(line.head, STR("rows"), 0);
	importing->told =
		arena_alloc(importing->kept, (size_t)importing->all + 1, sizeof *importing->told);
	if (!importing->told)
		return err_set(err, ERR_UNABLE, "There is no memory for so many rows");
	if (!cli_has(importing->call, "quiet"))
		link_say_files(importing->call, line.head);
	return true;
}

static bool find_newest(struct importing *importing, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	return casebook_reader_take(importing->call->book, &reader, err) &&
	       casebook_newest_entry(reader, &importing->before, err);
}

static bool import(struct importing *importing, struct err *err)
{
	struct cli_call *call = importing->call;
	struct str rest = call->prepared;
	struct err second = { 0 };
	bool done = say_head(importing, &rest, err) && find_whose(importing, err) &&
	            find_newest(importing, err) && begin_people(importing, err) &&
	            take_all(importing, rest, err) && end_people(importing, err) &&
	            import_find_invisible(importing, err);
	/* Also of what was done before it stopped. */
	bool is_told = !importing->people || import_report(importing, done ? err : &second);
	people_stop(importing->own);
	call->status = importing->count[IMPORT_REFUSED] ? 1 : 0;
	return done && is_told && import_say_sums(importing, err);
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ARENA_BYTES);
	CLEANUP(arena_cleanup) struct arena *kept = arena_create(KEPT_BYTES);
	struct importing *importing = arena_alloc(call->arena, 1, sizeof *importing);
	const struct pack *pack = casebook_pack(call->book);
	if (!arena || !kept || !importing)
		return err_set(err, ERR_UNABLE, "There is no memory for this command");
	if (!pack->import_count)
		return err_set(err, ERR_USAGE,
		               "The rules in force say of no file what its rows become");
	*importing = (struct importing){
		.call = call,
		.pack = pack,
		.today = zone_day(pack->zone, casebook_now(call->book)),
		.is_dry = cli_has(call, "dry-run"),
		.kept = kept,
		.arena = arena,
		.by_import = arena_alloc(call->arena, pack->import_count, sizeof(int64_t)),
	};
	return importing->by_import
	               ? import(importing, err)
	               : err_set(err, ERR_UNABLE, "There is no memory for this command");
}

const struct cli_command cli_import = {
	.name = "import",
	.arguments = "DIR people FILE.csv",
	.about = "Take over an agency's own file of people",
	.detail =
		"Each row begins a file, held by the agency of the office that acts; which columns are what is found\n"
		"out as candour link does. Given again, also after it was cut short, it goes on, and begins none\n"
		"twice: a row is known by its id. Ids are those of the office that acts, or of the --system of it\n"
		"that is named: a colleague goes on with the same --office and --system, and another office's row 1\n"
		"is somebody else. Of files that the office may not read it is told that a row is there, and no more.\n"
		"Nobody is joined: what is alike is proposed, and somebody answers.",
	.least = 3,
	.most = 3,
	.needs = CLI_WRITER,
	.has_threads = true,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.prepare = import_prepare,
	.run = run,
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What candour import tells: of each row what came of it, how much was proposed,
 * and who was almost invisible: known to three agencies, each for itself, until
 * these rows brought them together. Cut short and given again it tells the whole
 * of it, and how much of that is of this run. Files that the office may not know of are
 * told as a number, and agencies that wrote on those alone too.
 */
#include "cli/import_parts.h"

#define REPORT_MAX ((size_t)60 << 20)
#define SAID_MAX 20 /* rows, and people, told on the way */
#define LEAST_AGENCIES 3
#define ROW_BYTES ((size_t)8 << 20)
#define PROPOSED_MAX 20 /* of the register, on one file; it makes fewer */

static const char *const OUTCOMES[] = { "opened", "there", "differs", "refused" };

bool import_tell(struct importing *importing, const struct import_told *told, struct err *err)
{
	struct cli_call *call = importing->call;
	bool is_said = told->outcome == IMPORT_REFUSED || told->outcome == IMPORT_DIFFERS;
	importing->count[told->outcome]++;
	if (is_said && !cli_has(call, "quiet") && importing->said++ < SAID_MAX)
		cli_say(call, "%.*s:%u: %.*s", STR_ARG(call->args[1]), told->line,
		        STR_ARG(told->why));
	if (importing->told_count == (size_t)importing->all)
		return err_set(err, ERR_FAULT, "there are more rows than were counted");
	struct import_told *kept = &importing->told[importing->told_count++];
	*kept = (struct import_told){ .line = told->line, .outcome = told->outcome };
	kept->id = arena_copy(importing->kept, told->id.p ? told->id : STR(""));
	kept->number = arena_copy(importing->kept, told->number.p ? told->number : STR(""));
	kept->why = arena_copy(importing->kept, told->why.p ? told->why : STR(""));
	return (kept->id.p && kept->number.p && kept->why.p) ||
	       err_set(err, ERR_UNABLE, "There is no memory for the report");
}

void import_show(struct importing *importing, const char *what, int64_t done, int64_t of)
{
	struct cli_call *call = importing->call;
	if (call->person.progress && !cli_has(call, "quiet"))
		call->person.progress(call->person.ctx, what, done, of);
}

/* --- who was almost invisible ------------------------------------------------------------------
 */

struct finding {
	struct importing *importing;
	struct casebook_reader *reader;
	struct arena *arena; /* of one group */
	struct buf csv;
	bool *of_import; /* by file */
	size_t file_count;
	bool has_failed;
	struct err *err;
};

/* What the register proposed on the file, in whatever run. */
static bool count_proposed(struct finding *finding, int64_t file, struct err *err)
{
	struct casebook_own_proposal own[PROPOSED_MAX];
	size_t count;
	if (!casebook_own_proposals(finding->reader, finding->arena, file, PROPOSED_MAX, own,
	                            &count, err))
		return false;
	finding->importing->proposed += (int64_t)count;
	for (size_t i = 0; i < count; i++)
		finding->importing->proposed_now += own[i].entry > finding->importing->before;
	return true;
}

/* The files of the rows, by number. */
static bool mark_files(struct finding *finding, struct err *err)
{
	struct importing *importing = finding->importing;
	int64_t *files = arena_alloc(importing->kept, importing->told_count + 1, sizeof *files);
	size_t count = 0, highest = 0;
	if (!files)
		return err_set(err, ERR_UNABLE, "There is no memory for the report");
	for (size_t i = 0; i < importing->told_count; i++) {
		struct casebook_file file;
		arena_reset(finding->arena);
		if (!importing->told[i].number.n)
			continue;
		if (!casebook_file_find(finding->reader, finding->arena, importing->told[i].number,
		                        &file, err))
			return false;
		if (!count_proposed(finding, file.n, err))
			return false;
		files[count++] = file.n;
		highest = (size_t)file.n > highest ? (size_t)file.n : highest;
	}
	finding->file_count = highest + 1;
	finding->of_import =
		arena_alloc(importing->kept, finding->file_count, sizeof *finding->of_import);
	for (size_t i = 0; finding->of_import && i < count; i++)
		finding->of_import[files[i]] = true;
	return finding->of_import || err_set(err, ERR_UNABLE, "There is no memory for the report");
}

struct shown {
	struct str files; /* "P-3 P-8" */
	size_t count;
};

/* Those that the office may know of. */
static bool list_files(struct finding *finding, const struct people_group *group,
                       struct shown *shown, struct err *err)
{
	const struct casebook_viewer viewer = { .actor = finding->importing->actor,
		                                .purpose = STR("search") };
	*shown = (struct shown){ .files = STR("") };
	for (size_t i = 0; i < group->count; i++) {
		struct casebook_access access;
		struct casebook_file file;
		if (!casebook_may(finding->reader, &viewer, group->files[i], &access, err))
			return false;
		if (!access.may_know)
			continue;
		if (!casebook_file_get(finding->reader, finding->arena, group->files[i], &file,
		                       err))
			return false;
		shown->files = arena_format(finding->arena, "%.*s%s%.*s", STR_ARG(shown->files),
		                            shown->count ? " " : "", STR_ARG(file.number));
		shown->count++;
	}
	return true;
}

static bool add_group(void *ctx, const struct people_group *group)
{
	struct finding *finding = ctx;
	struct cli_call *call = finding->importing->call;
	struct shown shown;
	bool is_now = group->first > finding->importing->before;
	/* By what was proposed on a file of another's they were brought together by that. */
	if ((size_t)group->first_on >= finding->file_count || !finding->of_import[group->first_on])
		return true;
	arena_reset(finding->arena);
	finding->has_failed = !list_files(finding, group, &shown, finding->err);
	if (finding->has_failed)
		return false;
	if (!shown.count)
		return true;
	int64_t n = finding->importing->invisible++;
	finding->importing->invisible_now += is_now;
	buf_format(&finding->csv, "%zu,", group->agency_count);
	import_cell(&finding->csv, shown.files);
	buf_format(&finding->csv, ",%zu,%s\n", group->count - shown.count, is_now ? "yes" : "no");
	if (n < SAID_MAX && !cli_has(call, "quiet"))
		cli_say(call, "almost invisible: %.*s, known to %zu agencies", STR_ARG(shown.files),
		        group->agency_count);
	return !finding->csv.full;
}

static bool find(struct finding *finding, struct err *err)
{
	struct importing *importing = finding->importing;
	struct people_groups_told told;
	if (!mark_files(finding, err))
		return false;
	const struct people_groups_ask ask = { .of_import = finding->of_import,
		                               .of_count = finding->file_count,
		                               .least_agencies = LEAST_AGENCIES,
		                               .after = -1 };
	if (!people_groups(importing->people, finding->reader, &ask, add_group, finding, &told,
	                   err) ||
	    finding->has_failed)
		return false;
	importing->too_large = told.too_large;
	if (finding->csv.full)
		return err_set(err, ERR_UNABLE, "The list of whom it found is too long");
	return !cli_has(importing->call, "invisible") ||
	       cli_write(importing->call, "invisible", buf_str(&finding->csv), err);
}

bool import_find_invisible(struct importing *importing, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ROW_BYTES);
	struct finding finding = { .importing = importing, .arena = arena, .err = err };
	if (importing->is_dry)
		return true;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory for the report");
	if (!casebook_reader_take(importing->call->book, &reader, err))
		return false;
	finding.reader = reader;
	buf_init(&finding.csv, REPORT_MAX);
	buf_add(&finding.csv, STR("agencies,files,files_not_shown,now\n"));
	bool done = find(&finding, err);
	buf_finish(&finding.csv);
	return done;
}

/* --- the rows ----------------------------------------------------------------------------------
 */

static bool add_row(struct importing *importing, struct casebook_reader *reader,
                    struct arena *arena, const struct import_told *told, struct buf *out,
                    struct err *err)
{
	struct casebook_file file;
	unsigned proposed = 0;
	arena_reset(arena);
	if (told->number.n && !importing->is_dry) {
		if (!casebook_file_find(reader, arena, told->number, &file, err))
			return false;
		proposed = people_proposed_on(importing->people, file.n);
	}
	buf_format(out, "%u,", told->line);
	import_cell(out, told->id);
	buf_format(out, ",%s,", OUTCOMES[told->outcome]);
	import_cell(out, told->number);
	buf_format(out, ",%u,", proposed);
	import_cell(out, told->why);
	buf_add_char(out, '\n');
	return true;
}

bool import_report(struct importing *importing, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ROW_BYTES);
	struct buf out;
	if (!cli_has(importing->call, "report"))
		return true;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory for the report");
	if (!casebook_reader_take(importing->call->book, &reader, err))
		return false;
	buf_init(&out, REPORT_MAX);
	buf_add(&out, STR("line,id,outcome,file,proposed,why\n"));
	bool done = true;
	for (size_t i = 0; done && i < importing->told_count; i++)
		done = add_row(importing, reader, arena, &importing->told[i], &out, err);
	done = done && (!out.full || err_set(err, ERR_UNABLE, "The report is too long")) &&
	       cli_write(importing->call, "report", buf_str(&out), err);
	buf_finish(&out);
	return done;
}

/* --- the sums ----------------------------------------------------------------------------------
 */

static struct json *sums_of(struct importing *importing)
{
	struct arena *arena = importing->call->arena;
	struct json *sums = json_object(arena), *kinds = json_object(arena);
	json_put_integer(arena, sums, STR("rows"), importing->rows);
	for (size_t i = 0; i < IMPORT_OUTCOMES; i++)
		json_put_integer(arena, sums, str_from_c(OUTCOMES[i]), importing->count[i]);
	json_put_bool(arena, sums, STR("dry_run"), importing->is_dry);
	for (size_t i = 0; i < importing->pack->import_count; i++)
		json_put_integer(arena, kinds, importing->pack->imports[i].kind->name,
		                 importing->by_import[i]);
	json_put(sums, STR("kinds"), kinds);
	json_put_integer(arena, sums, STR("proposed"), importing->proposed);
	json_put_integer(arena, sums, STR("proposed_now"), importing->proposed_now);
	json_put_integer(arena, sums, STR("almost_invisible"), importing->invisible);
	json_put_integer(arena, sums, STR("almost_invisible_now"), importing->invisible_now);
	return sums;
}

bool import_say_sums(struct importing *importing, struct err *err)
{
	struct cli_call *call = importing->call;
	int64_t there = importing->count[IMPORT_THERE], differs = importing->count[IMPORT_DIFFERS];
	if (cli_has(call, "json"))
		return cli_print_json(call, sums_of(importing), err);
	cli_print(call, "rows read: %" PRId64, importing->rows);
	for (size_t i = 0; i < importing->pack->import_count; i++)
		cli_print(call, "%s: %" PRId64 "  %.*s",
		          importing->is_dry ? "would open" : "opened", importing->by_import[i],
		          STR_ARG(importing->pack->imports[i].kind->title));
	cli_print(call, "there already: %" PRId64 ", of which %" PRId64 " say something else now",
	          there + differs, differs);
	cli_print(call, "refused: %" PRId64, importing->count[IMPORT_REFUSED]);
	if (importing->is_dry)
		return true;
	cli_print(call, "links proposed: %" PRId64 ", of which %" PRId64 " now",
	          importing->proposed, importing->proposed_now);
	cli_print(call,
	          "almost invisible: %" PRId64 ", known to %d agencies or more and brought together"
	          " by these rows, of which %" PRId64 " now",
	          importing->invisible, LEAST_AGENCIES, importing->invisible_now);
	if (importing->too_large)
		cli_say(call,
		        "%zu heaps of files that are alike are too large to be told apart here;"
		        " answer what is proposed",
		        importing->too_large);
	return true;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour find: files by id, number, return code or entry; else by what is
 * written of persons, places and things, however it is written. What is found
 * is shown with its label, or with what agrees, and that it was opened is
 * recorded as a reading; what the reader's office may not know of is not found.
 */
#include "cli/commands.h"
#include "cli/showing.h"
#include "cli/who.h"
#include "cli/words.h"

static const struct cli_option OPTIONS[] = {
	CLI_WHO,
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

/* "20418", "#20418" or "E20418" of an entry. */
static bool is_entry_number(struct str words, int64_t *out)
{
	uint64_t n;
	if (words.n > 1 && (words.p[0] == '#' || words.p[0] == 'E' || words.p[0] == 'e'))
		words = str_sub(words, 1, words.n);
	if (!str_to_u64(words, INT64_MAX, &n))
		return false;
	*out = (int64_t)n;
	return true;
}

static bool look_up(struct cli_call *call, struct casebook_reader *reader, struct str words,
                    struct casebook_file *out, struct err *err)
{
	struct casebook_entry entry;
	struct casebook_code code;
	struct err found = { 0 };
	int64_t index;
	if (is_entry_number(words, &index))
		return casebook_entry_get(reader, call->arena, index, &entry, err) &&
		       casebook_file_get(reader, call->arena, entry.file, out, err);
	if (casebook_file_find(reader, call->arena, words, out, &found))
		return true;
	if (found.code != ERR_ABSENT) {
		*err = found;
		return false;
	}
	return casebook_code_read(words, &code, err) &&
	       casebook_file_by_code(reader, call->arena, &code, out, err);
}

static bool find(struct cli_call *call, struct casebook_reader *reader, struct str words,
                 const struct casebook_viewer *viewer, struct casebook_file *out, struct err *err)
{
	struct casebook_access access = { 0 };
	struct err found = { 0 };
	bool is_there = look_up(call, reader, words, out, &found);
	if (!is_there && found.code != ERR_ABSENT) {
		*err = found;
		return false;
	}
	if (is_there && !casebook_may(reader, viewer, out->n, &access, err))
		return false;
	return access.may_know ||
	       err_set(err, ERR_ABSENT, "Nothing was found for \"%.*s\", or not for this office",
	               STR_ARG(str_sub(words, 0, 80)));
}

/* One reading a file shown; empty when its words are not for this office. */
static bool open_label(struct cli_call *call, struct casebook_reader *reader,
                       const struct casebook_viewer *viewer, const struct casebook_file *file,
                       struct str *label, struct err *err)
{
	const struct json *sealed = NULL;
	enum casebook_seal how;
	struct err found = { 0 };
	*label = STR("");
	if (casebook_open_seal(reader, viewer, file->first_entry, call->arena, &how, &sealed,
	                       &found)) {
		*label = showing_label(how == CASEBOOK_SEAL_OPEN ? sealed : NULL);
		return true;
	}
	if (found.code == ERR_ABSENT)
		return true;
	*err = found;
	return false;
}

static bool print_json(struct cli_call *call, const struct casebook_file *file, struct str label,
                       struct err *err)
{
	struct json *list = json_array(call->arena), *row = json_object(call->arena);
	json_put_text(call->arena, row, STR("file"), file->id);
	json_put_text(call->arena, row, STR("number"), file->number);
	json_put_text(call->arena, row, STR("state"), file->state_name);
	json_put_text(call->arena, row, STR("label"), label);
	json_push(list, row);
	return cli_print_json(call, list, err);
}

static void print_text(struct cli_call *call, const struct casebook_file *file, struct str label)
{
	label = words_printable(call->arena, str_sub(label, 0, str_find(label, '\n')));
	cli_print(call, "%.*s  %.*s: %.*s, %" PRId64 " owed", STR_ARG(file->number),
	          STR_ARG(file->type->title), STR_ARG(file->type->state_titles[file->state]),
	          file->open_duties);
	if (label.n)
		cli_print(call, "%.*s", STR_ARG(label));
	cli_print(call, "%.*s", STR_ARG(file->id));
}

/* --- by name ---------------------------------------------------------------------------------- */

struct named {
	struct cli_call *call;
	struct casebook_reader *reader;
	const struct casebook_viewer *viewer;
	struct json *list;
};

static struct str how_words(const struct people_found *found)
{
	static const char *const HOW[] = { [PEOPLE_MARK] = "the same number, plate or account",
		                           [PEOPLE_PLACE] = "the same place" };
	if (found->how != PEOPLE_PERSON)
		return str_from_c(HOW[found->how]);
	if (found->is_by_home)
		return STR("somebody of this home, or of one near it");
	if (found->kind == MATCH_HIT_TWIN)
		return STR("same birth date, another first name: twins look like this");
	if (found->kind == MATCH_HIT_NEAR_TWIN)
		return STR(
			"likely; same home and birth date, a first name that is near: twins look "
			"like this too");
	if (found->kind == MATCH_HIT_HOUSEHOLD)
		return STR("rather somebody else of the same home");
	return found->weight >= 6   ? STR("very likely")
	       : found->weight >= 2 ? STR("likely")
	       : found->weight >= 0 ? STR("could be")
	                            : STR("little speaks for it");
}

static void tell_lines(struct named *named, const struct people_found *found, struct json *row)
{
	struct json *lines = json_array(named->call->arena);
	for (size_t i = 0; i < found->reasons.count; i++) {
		const struct match_line *line = &found->reasons.lines[i];
		if (!line->left.n || !line->right.n)
			continue;
		struct json *one = json_object(named->call->arena);
		json_put_text(named->call->arena, one, STR("what"), line->what);
		json_put_text(named->call->arena, one, STR("asked"), line->left);
		json_put_text(named->call->arena, one, STR("file"), line->right);
		json_put_text(named->call->arena, one, STR("level"), line->level);
		json_push(lines, one);
		if (!named->list)
			cli_print(named->call, "    %.*s: %.*s", STR_ARG(line->what),
			          STR_ARG(line->level));
	}
	json_put(row, STR("compared"), lines);
}

static bool tell_found(struct named *named, const struct people_found *found, struct err *err)
{
	struct cli_call *call = named->call;
	struct casebook_file file;
	if (!casebook_file_get(named->reader, call->arena, found->file, &file, err) ||
	    !casebook_record_reading(named->reader, named->viewer, file.n, found->entry, err))
		return false;
	struct json *row = json_object(call->arena);
	struct str how = how_words(found);
	json_put_text(call->arena, row, STR("file"), file.id);
	json_put_text(call->arena, row, STR("number"), file.number);
	json_put_text(call->arena, row, STR("state"), file.state_name);
	json_put_text(call->arena, row, STR("how"), how);
	if (!named->list)
		cli_print(call, "%.*s  %.*s: %.*s; %.*s", STR_ARG(file.number),
		          STR_ARG(file.type->title), STR_ARG(file.type->state_titles[file.state]),
		          STR_ARG(how));
	tell_lines(named, found, row);
	if (named->list)
		json_push(named->list, row);
	return true;
}

static bool may_read(void *ctx, const struct people_found *found, bool *may, struct err *err)
{
	const struct named *named = ctx;
	return casebook_may_claim(named->reader, named->viewer, found->file, found->entry, may,
	                          err);
}

/* Of the serving program's index, or of one that is made for this. */
static bool search(struct named *named, struct str words, struct people_shown *out, struct err *err)
{
	static const struct people_options silent = { .proposes = false };
	struct cli_call *call = named->call;
	struct people *own = NULL;
	if (!call->people && !people_start(call->book, &silent, &own, err))
		return false;
	struct people *people = call->people ? call->people : own;
	bool done = people_wait(people, err) &&
	            people_find_for(people, words, call->arena, may_read, named, out, err);
	people_stop(own);
	return done;
}

/* *shown: how many this office may know of. */
static bool find_named(struct cli_call *call, struct casebook_reader *reader, struct str words,
                       const struct casebook_viewer *viewer, size_t *shown, struct err *err)
{
	struct named named = { .call = call, .reader = reader, .viewer = viewer };
	struct people_shown found;
	named.list = cli_has(call, "json") ? json_array(call->arena) : NULL;
	if (!search(&named, words, &found, err))
		return false;
	for (size_t i = 0; i < found.count; i++) {
		if (!tell_found(&named, &found.at[i], err))
			return false;
	}
	*shown = found.count;
	if (found.is_cut)
		cli_say(call,
		        "These are the best %zu, and there may be more: add a birth, a home or a "
		        "number",
		        found.count);
	return found.count == 0 || !named.list || cli_print_json(call, named.list, err);
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_actor actor;
	struct casebook_file file;
	struct str pieces[CLI_ARGUMENTS_MAX * 2], label;
	size_t count = 0;
	for (size_t i = 0; i < call->arg_count; i++) {
		if (count)
			pieces[count++] = STR(" ");
		pieces[count++] = call->args[i];
	}
	struct str words = arena_join(call->arena, pieces, count);
	if (!who_acts(call, STR_NONE, &actor, err) ||
	    !casebook_reader_take(call->book, &reader, err))
		return false;
	struct casebook_viewer viewer = who_views(call, &actor, STR("search"));
	struct err absent = { 0 };
	size_t shown = 0;
	bool is_one = find(call, reader, words, &viewer, &file, &absent);
	if (!is_one && absent.code == ERR_ABSENT &&
	    !find_named(call, reader, words, &viewer, &shown, err))
		return false;
	if (shown)
		return true;
	if (!is_one) {
		*err = absent;
		return false;
	}
	if (!open_label(call, reader, &viewer, &file, &label, err))
		return false;
	if (cli_has(call, "json"))
		return print_json(call, &file, label, err);
	print_text(call, &file, label);
	return true;
}

const struct cli_command cli_find = {
	.name = "find",
	.arguments = "DIR WORDS",
	.about =
		"Find a file by number, return code, or by name, birth, address, telephone or plate",
	.detail =
		"WORDS are a file's number or id, a return code, or the number of an entry; or a name, a\n"
		"date of birth, an address, a telephone or a plate, with commas between: \"Ayesha Begum,\n"
		"12/3/2011\". A surname alone, a first name or a nickname is enough, and so is a number with\n"
		"its street: the best come first, and where there may be more it is said. What is found is\n"
		"shown with what agrees; opening it is recorded as a reading.",
	.least = 2,
	.most = 12,
	.needs = CLI_WRITER,
	.has_threads = true, /* one fills the index of people */
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};

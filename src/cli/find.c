/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour find: files by id, number, return code or entry. It opens no seal;
 * what the reader's office may not know of is not found.
 */
#include "cli/commands.h"
#include "cli/who.h"

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
                 const struct casebook_actor *actor, struct casebook_file *out, struct err *err)
{
	struct casebook_viewer viewer = who_views(call, actor, STR("search"));
	struct casebook_access access = { 0 };
	struct err found = { 0 };
	bool is_there = look_up(call, reader, words, out, &found);
	if (!is_there && found.code != ERR_ABSENT) {
		*err = found;
		return false;
	}
	if (is_there && !casebook_may(reader, &viewer, out->n, &access, err))
		return false;
	return access.may_know ||
	       err_set(err, ERR_ABSENT, "Nothing was found for \"%.*s\", or not for this office",
	               STR_ARG(str_sub(words, 0, 80)));
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_actor actor;
	struct casebook_file file;
	struct str pieces[CLI_ARGUMENTS_MAX * 2];
	size_t count = 0;
	for (size_t i = 0; i < call->arg_count; i++) {
		if (count)
			pieces[count++] = STR(" ");
		pieces[count++] = call->args[i];
	}
	struct str words = arena_join(call->arena, pieces, count);
	if (!who_acts(call, STR_NONE, &actor, err) ||
	    !casebook_reader_take(call->book, &reader, err) ||
	    !find(call, reader, words, &actor, &file, err))
		return false;
	if (!cli_has(call, "json")) {
		cli_print(call, "%.*s  %.*s  %.*s", STR_ARG(file.number), STR_ARG(file.id),
		          STR_ARG(file.type->state_titles[file.state]));
		return true;
	}
	struct json *list = json_array(call->arena), *row = json_object(call->arena);
	json_put_text(call->arena, row, STR("file"), file.id);
	json_put_text(call->arena, row, STR("number"), file.number);
	json_put_text(call->arena, row, STR("state"), file.state_name);
	json_push(list, row);
	return cli_print_json(call, list, err);
}

const struct cli_command cli_find = {
	.name = "find",
	.arguments = "DIR WORDS",
	.about = "Find a file by its number, id, return code, or an entry's number",
	.least = 2,
	.most = 12,
	.needs = CLI_WRITER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour report: a concern, told to somebody at the machine. */
#include "cli/acts.h"
#include "cli/commands.h"

static const struct cli_option OPTIONS[] = {
	{ "text", CLI_TEXT, "TEXT", "what is happening, in the words of whoever tells" },
	{ "json", CLI_INPUT, "FILE|-", "the same and more, as JSON" },
	{ "receipt", CLI_OUTPUT, "FILE", "where to write the receipt" },
	{ "promise", CLI_OUTPUT, "FILE",
	  "where to write the promise that others will see it in the log; left out: beside the "
	  "receipt, with .promise behind its name" },
	{ "id", CLI_TEXT, "TEXT", "a submission id: sent twice, it is one concern" },
};

/* What a report may say, and the field it becomes (the last paragraph of the guide to reports). */
struct part {
	struct str key;
	struct str field;
	const char *what;
};

static const struct part PARTS[] = {
	{ { "happening", 9 }, { "happening", 9 }, "what is happening" },
	{ { "child", 5 }, { "child", 5 }, "who the child is" },
	{ { "where", 5 }, { "where", 5 }, "where" },
	{ { "when", 4 }, { "when", 4 }, "when" },
	{ { "words", 5 }, { "said", 4 }, "what the child said" },
	{ { "name", 4 }, { "name", 4 }, "the name of whoever tells" },
	{ { "contact", 7 }, { "contact", 7 }, "how to reach them" },
};

static const struct part *find_part(struct str key)
{
	for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
		if (str_eq(PARTS[i].key, key))
			return &PARTS[i];
	}
	return NULL;
}

static bool take_danger(struct cli_call *call, const struct json *value, struct json *fields,
                        struct err *err)
{
	struct str said = value ? value->string : STR("unsure");
	struct str code = str_eq(said, STR("unsure")) ? STR("unknown") : said;
	if (value &&
	    (value->type != JSON_STRING || (!str_eq(said, STR("yes")) && !str_eq(said, STR("no")) &&
	                                    !str_eq(said, STR("unsure")))))
		return err_set(err, ERR_INPUT, "\"danger\" must be \"yes\", \"no\" or \"unsure\"");
	json_put_text(call->arena, fields, STR("danger-now"), code);
	return true;
}

static bool take_parts(struct cli_call *call, const struct json *told, struct json *fields,
                       struct err *err)
{
	for (const struct json *value = told->first; value; value = value->next) {
		const struct part *part = find_part(value->key);
		if (str_eq(value->key, STR("danger")))
			continue;
		if (!part)
			return err_set(
				err, ERR_INPUT,
				"A report has no \"%.*s\"; it may have happening, child, danger, where,"
				" when, words, name, contact",
				STR_ARG(str_sub(value->key, 0, 60)));
		if (value->type != JSON_STRING)
			return err_set(err, ERR_INPUT, "\"%.*s\" (%s) must be text in quotes",
			               STR_ARG(part->key), part->what);
		if (value->string.n)
			json_put_text(call->arena, fields, part->field, value->string);
	}
	return true;
}

/* What the register says of itself, where the rules of the report have such a field. */
static void put_own(struct cli_call *call, const struct pack_kind *kind, struct json *fields,
                    struct str name, struct str code)
{
	const struct pack_field *field = kind ? pack_field_find(kind, name) : NULL;
	struct json *list = json_array(call->arena);
	if (kind && !field)
		return;
	if (!field || field->type != PACK_CODES) {
		json_put_text(call->arena, fields, name, code);
		return;
	}
	json_push(list, json_string(call->arena, code));
	json_put(fields, name, list);
}

static bool take_report(struct cli_call *call, const struct pack_kind *kind, struct json *fields,
                        struct err *err)
{
	struct arena *arena = call->arena;
	const struct json *told;
	if (cli_has(call, "text") == cli_has(call, "json"))
		return err_set(err, ERR_USAGE,
		               "Give the concern by --text TEXT or by --json FILE, one of them");
	if (cli_has(call, "text")) {
		struct json *made = json_object(arena);
		json_put_text(arena, made, STR("happening"), cli_text(call, "text"));
		told = made;
	} else if (!cli_json_input(call, "json", &told, err)) {
		return false;
	}
	if (!take_parts(call, told, fields, err) ||
	    !take_danger(call, json_member(told, STR("danger")), fields, err))
		return false;
	if (str_trim(json_text(told, STR("happening"))).n == 0)
		return err_set(err, ERR_INPUT, "Say what is happening: %s",
		               cli_has(call, "text") ? "--text is empty"
		                                     : "\"happening\" is missing or empty");
	put_own(call, kind, fields, STR("harm"), STR("not-yet-known"));
	put_own(call, kind, fields, STR("harm-sign"), STR("unknown"));
	put_own(call, kind, fields, STR("channel"), STR("phone"));
	put_own(call, kind, fields, STR("source"),
	        json_text(told, STR("name")).n ? STR("public") : STR("anonymous"));
	return true;
}

/* The writer's own receipt, with what opens the words; an answer given again has the plain one. */
static bool write_receipt(struct cli_call *call, const struct casebook_answer *answer,
                          struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct err own = { 0 };
	struct str receipt;
	if (!casebook_reader_take(call->book, &reader, err))
		return false;
	if (!casebook_receipt_own(reader, call->arena, answer, &receipt, &own)) {
		if (own.code != ERR_ABSENT) {
			*err = own;
			return false;
		}
		if (!casebook_receipt(reader, call->arena, answer->index, &receipt, err))
			return false;
	}
	return cli_write(call, "receipt", receipt, err);
}

static bool run(struct cli_call *call, struct err *err)
{
	struct json *fields = json_object(call->arena);
	const struct pack_kind *kind = casebook_pack(call->book)->report;
	struct casebook_act act = { .actor = { .by = CASEBOOK_BY_PUBLIC },
		                    .via = CASEBOOK_CLI,
		                    .kind = kind ? kind->name : STR_NONE,
		                    .fields = fields,
		                    .machine_user = call->machine_user,
		                    .wants_code = true };
	struct casebook_answer answer;
	struct str id = cli_text(call, "id");
	if (!kind)
		return err_set(err, ERR_ABSENT, "These rules know no report by the public");
	if (!take_report(call, kind, fields, err))
		return false;
	if (id.p && (id.n == 0 || id.n > 128))
		return err_set(err, ERR_USAGE, "--id is 1 to 128 letters long");
	act.submission =
		id.p ? arena_format(call->arena, "cli/%.*s", STR_ARG(id)) : acts_submission(call);
	if (!casebook_submit(call->book, &act, call->arena, &answer, err) ||
	    !acts_check(call, &answer, err))
		return false;
	if (answer.has_code) {
		struct str code = casebook_code_write(call->arena, &answer.code, '-');
		cli_print(call, "%.*s", STR_ARG(code));
		cli_say(call,
		        "The line above is the code to come back with. It is shown once and kept nowhere:\n"
		        "write it down, or read it aloud to whoever told you.");
	}
	acts_print(call, &answer);
	return (!cli_has(call, "receipt") || write_receipt(call, &answer, err)) &&
	       acts_write_promise(call, &answer, err);
}

const struct cli_command cli_report = {
	.name = "report",
	.arguments = "DIR",
	.about = "Report a concern about a child",
	.detail =
		"The first line of standard output is the return code; entry, file, number and\n"
		"time follow. JSON: {\"happening\", \"child\", \"danger\": \"yes\"|\"no\"|\"unsure\", \"where\",\n"
		"\"when\", \"words\", \"name\", \"contact\"}; only \"happening\" must be there.",
	.least = 1,
	.most = 1,
	.needs = CLI_WRITER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.prepare = acts_promise_beside,
	.run = run,
};

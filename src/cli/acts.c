/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/acts.h"

#include "cli/who.h"

static bool refused(struct cli_call *call, const struct casebook_answer *answer, struct err *err)
{
	for (size_t i = 0; i < answer->missing_count; i++) {
		const struct casebook_missing *one = &answer->missing[i];
		if (one->gate.n)
			cli_say(call, "  %.*s (%.*s)", STR_ARG(one->sentence), STR_ARG(one->gate));
		else
			cli_say(call, "  %.*s", STR_ARG(one->sentence));
	}
	if (answer->sentence.n)
		return err_set(err, ERR_REFUSED, "%.*s (refused, entry %" PRId64 ")",
		               STR_ARG(answer->sentence), answer->index);
	return err_set(err, ERR_REFUSED,
	               "Refused: what is named above must be there first (entry %" PRId64 ")",
	               answer->index);
}

bool acts_check(struct cli_call *call, const struct casebook_answer *answer, struct err *err)
{
	switch (answer->outcome) {
	case CASEBOOK_ADMITTED:
	case CASEBOOK_WAITING:
		return true;
	case CASEBOOK_REFUSED:
		return refused(call, answer, err);
	case CASEBOOK_FAILED:
		break;
	}
	*err = answer->err;
	if (answer->error_count == 1)
		return err_set(err, answer->err.code, "%.*s: %.*s",
		               STR_ARG(answer->errors[0].field), STR_ARG(answer->errors[0].text));
	for (size_t i = 0; i < answer->error_count; i++)
		cli_say(call, "  %.*s: %.*s", STR_ARG(answer->errors[i].field),
		        STR_ARG(answer->errors[i].text));
	if (answer->error_count)
		return err_set(err, answer->err.code,
		               "Nothing was added: %zu fields must be mended, named above",
		               answer->error_count);
	return false;
}

bool acts_submit(struct cli_call *call, const struct casebook_actor *actor, struct str kind,
                 struct str file, const struct json *fields, struct casebook_answer *answer,
                 struct err *err)
{
	struct casebook_act act = { .actor = *actor,
		                    .via = CASEBOOK_CLI,
		                    .submission = acts_submission(call),
		                    .kind = kind,
		                    .file = file,
		                    .fields = fields,
		                    .machine_user = call->machine_user };
	return casebook_submit(call->book, &act, call->arena, answer, err) &&
	       acts_check(call, answer, err);
}

bool acts_promise_beside(struct cli_call *call, struct err *err)
{
	struct cli_value *promise = cli_value(call, "promise");
	if (promise->is_given || !cli_has(call, "receipt"))
		return true;
	promise->word = arena_format(call->arena, "%.*s.promise",
	                             STR_ARG(cli_value(call, "receipt")->word));
	promise->is_given = true;
	return promise->word.p ||
	       err_set(err, ERR_UNABLE, "There is no memory for the name of a file");
}

bool acts_write_promise(struct cli_call *call, const struct casebook_answer *answer,
                        struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_grade grade;
	if (!cli_has(call, "receipt") && !cli_has(call, "promise"))
		return true;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_grade(reader, call->arena, answer->index, &grade, err))
		return false;
	if (!grade.promise.p) {
		cli_say(call, "It is in the public log already: nothing is promised any more");
		return true;
	}
	return cli_write(call, "promise", grade.promise, err);
}

void acts_print(struct cli_call *call, const struct casebook_answer *answer)
{
	if (answer->outcome == CASEBOOK_WAITING) {
		cli_print(call, "waiting %" PRId64, answer->index);
		for (size_t i = 0; i < answer->role_count; i++)
			cli_print(call, "for %.*s", STR_ARG(answer->roles[i]));
		cli_say(call, "It waits for somebody else to read it and agree.");
		return;
	}
	cli_print(call, "entry %" PRId64, answer->index);
	if (answer->file.n)
		cli_print(call, "file %.*s", STR_ARG(answer->file));
	if (answer->number.n)
		cli_print(call, "number %.*s", STR_ARG(answer->number));
	cli_print(call, "recorded %.*s", STR_ARG(cli_when(call, answer->recorded)));
}

bool acts_two_read(struct cli_call *call, struct str otherwise, struct acts_two *out,
                   struct err *err)
{
	return who_acts(call, otherwise, &out->actor, err) &&
	       who_seconds(call, &out->actor, otherwise, &out->second, &out->has_second, err);
}

bool acts_agree(struct cli_call *call, const struct acts_two *two, struct str file,
                struct casebook_answer *answer, struct err *err)
{
	struct json *fields = json_object(call->arena);
	int64_t waiting = answer->index;
	if (!two->has_second)
		return true;
	if (answer->outcome != CASEBOOK_WAITING) {
		cli_say(call, "Nobody else had to agree.");
		return true;
	}
	json_put_integer(call->arena, fields, STR("of"), waiting);
	json_put_text(call->arena, fields, STR("answer"), STR("yes"));
	json_put_text(call->arena, fields, STR("reasons"),
	              STR("Agreed at the same terminal, by password and six digits."));
	if (acts_submit(call, &two->second, STR("second.given"), file, fields, answer, err))
		return true;
	cli_say(call, "It waits, as entry %" PRId64 ", for somebody who may agree.", waiting);
	return false;
}

bool acts_submit_two(struct cli_call *call, const struct acts_two *two, struct str kind,
                     struct str file, const struct json *fields, struct err *err)
{
	struct casebook_answer answer;
	if (!acts_submit(call, &two->actor, kind, file, fields, &answer, err) ||
	    !acts_agree(call, two, file, &answer, err))
		return false;
	acts_print(call, &answer);
	return true;
}

bool acts_office_file(struct cli_call *call, struct str office, struct str *file, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_office *offices;
	struct casebook_file found;
	size_t count;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_offices(reader, call->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(offices[i].id, office))
			continue;
		if (!casebook_file_get(reader, call->arena, offices[i].file, &found, err))
			return false;
		*file = found.number;
		return true;
	}
	return err_set(err, ERR_ABSENT,
	               "There is no office called %.*s. See: candour office list DIR",
	               STR_ARG(str_sub(office, 0, 64)));
}

struct str acts_submission(struct cli_call *call)
{
	struct random_source *random = random_system_create();
	struct id id = id_make(random);
	random_destroy(random);
	return arena_format(call->arena, "cli/%.*s", STR_ARG(id_str(&id)));
}

void acts_print_code(struct cli_call *call, struct str name, struct str code)
{
	if (!code.n)
		return;
	cli_print(call, "code %.*s", STR_ARG(code));
	cli_say(call,
	        "Hand the code to %.*s. It is shown once, works once, and runs out after %d days. Whoever has\n"
	        "it chooses the password: on the page \"I have a one-time code\", or by candour account begin.",
	        STR_ARG(name), CASEBOOK_CODE_DAYS);
}

void acts_print_totp(struct cli_call *call, struct str name, struct str base32)
{
	struct str origin = casebook_origin(call->book);
	if (!base32.n)
		return;
	cli_print(call, "totp %.*s", STR_ARG(base32));
	cli_print(call, "otpauth://totp/Candour:%.*s?secret=%.*s&issuer=%.*s", STR_ARG(name),
	          STR_ARG(base32), STR_ARG(origin));
	cli_say(call, "Put the secret into a program for six-digit codes now. It is shown once.");
}

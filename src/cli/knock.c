/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The caller's side of the door: a command carried out by the program that serves the register. */
#include <unistd.h>

#include "cli/door.h"
#include "cli/frame.h"

static struct json *request_of(const struct cli_call *call, const struct str *argv, size_t argc)
{
	struct arena *arena = call->arena;
	struct json *request = json_object(arena), *words = json_array(arena),
		    *inputs = json_object(arena);
	for (size_t i = 0; i < argc; i++)
		json_push(words, json_string(arena, argv[i]));
	for (size_t i = 0; i < call->command->option_count; i++) {
		if (call->command->options[i].takes == CLI_INPUT && call->values[i].is_given)
			json_put_text(arena, inputs, str_from_c(call->command->options[i].name),
			              call->values[i].text);
	}
	json_put_text(arena, request, STR("version"), STR(CANDOUR_VERSION));
	json_put(request, STR("words"), words);
	json_put(request, STR("inputs"), inputs);
	if (call->token.p)
		json_put_text(arena, request, STR("token"), call->token);
	if (call->prepared.p)
		json_put_text(arena, request, STR("prepared"), call->prepared);
	json_put_bool(arena, request, STR("asks"), 1);
	json_put_bool(arena, request, STR("watches"), call->person.progress != NULL);
	return request;
}

static bool answer_question(struct cli_call *call, struct frame *frame, const struct json *message,
                            struct err *err)
{
	struct err why = { 0 };
	struct json *back = json_object(call->arena);
	struct str typed;
	const char *question = str_to_c(call->arena, json_text(message, STR("ask")));
	enum cli_asks how = json_is_true(message, STR("hidden")) ? CLI_HIDDEN : CLI_SHOWN;
	if (question &&
	    call->person.ask(call->person.ctx, question, how, call->arena, &typed, &why))
		json_put_text(call->arena, back, STR("answer"), typed);
	else
		json_put_text(call->arena, back, STR("none"), str_from_c(why.message));
	return frame_write(frame, back, err);
}

static void take_answer(struct cli_call *call, const struct json *message, int *status)
{
	const struct json *outputs = json_member(message, STR("outputs"));
	buf_add(&call->out, json_text(message, STR("out")));
	buf_add(&call->words, json_text(message, STR("words")));
	for (size_t i = 0; i < call->command->option_count; i++) {
		struct cli_value *value = &call->values[i];
		struct str text = json_text(outputs, str_from_c(call->command->options[i].name));
		if (call->command->options[i].takes == CLI_OUTPUT && value->is_given && text.p) {
			value->text = text;
			value->is_written = true;
		}
	}
	*status = (int)json_number(message, STR("exit"), err_exit_status(ERR_FAULT));
}

static bool converse(struct cli_call *call, struct frame *frame, int *status, struct err *err)
{
	const struct json *message;
	for (;;) {
		if (!frame_read(frame, call->arena, &message, err))
			return false;
		if (json_member(message, STR("exit"))) {
			take_answer(call, message, status);
			return true;
		}
		if (json_member(message, STR("ask")) && !answer_question(call, frame, message, err))
			return false;
		const char *what = str_to_c(call->arena, json_text(message, STR("progress")));
		if (json_member(message, STR("progress")) && what && call->person.progress)
			call->person.progress(call->person.ctx, what,
			                      json_number(message, STR("done"), 0),
			                      json_number(message, STR("all"), 0));
	}
}

bool door_call(struct cli_call *call, const struct str *argv, size_t argc, bool *served,
               int *status, struct err *err)
{
	struct err found = { 0 };
	struct frame frame;
	int fd;
	*served = frame_connect(call->dir, &fd, &found);
	if (!*served && found.code == ERR_ABSENT)
		return true;
	if (!*served) {
		*err = found;
		return false;
	}
	frame_init(&frame, fd);
	bool good = frame_write(&frame, request_of(call, argv, argc), err) &&
	            converse(call, &frame, status, err);
	frame_finish(&frame);
	close(fd);
	return good;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/link_parts.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)    /* microseconds */
#define TELL_AFTER (SECOND / 2)    /* of a phase, before what is left can be guessed */
#define FILE_MAX ((size_t)4 << 30) /* bytes of one file */

/* Since when a phase has gone on, and when that was told last. */
struct link_watch {
	enum match_phase phase;
	int64_t began, told; /* microseconds since boot */
};

struct link_fitting {
	struct cli_call *call;
	struct link_watch watch;
};

/* Whether the command has the option at all, and it was given. */
static bool has(struct cli_call *call, const char *name)
{
	for (size_t i = 0; i < call->command->option_count; i++) {
		if (strcmp(call->command->options[i].name, name) == 0)
			return cli_has(call, name);
	}
	return false;
}

static bool number(struct cli_call *call, const char *name, uint64_t most, uint64_t *out,
                   struct err *err)
{
	if (!has(call, name))
		return true;
	return (str_to_u64(cli_text(call, name), most, out) && *out > 0) ||
	       err_set(err, ERR_USAGE,
	               "--%s must be a whole number from 1 to %" PRIu64 ", not \"%.*s\"", name,
	               most, STR_ARG(str_sub(cli_text(call, name), 0, 60)));
}

/* "-3", "2.5" */
bool link_bits(struct cli_call *call, const char *name, double *out, struct err *err)
{
	if (!has(call, name))
		return true;
	struct str text = cli_text(call, name), whole = text, part = STR("0");
	uint64_t before = 0, after = 0;
	double scale = 1;
	bool is_less = str_starts(whole, STR("-"));
	whole = is_less ? str_sub(whole, 1, whole.n) : whole;
	size_t dot = str_find(whole, '.');
	if (dot < whole.n) {
		part = str_sub(whole, dot + 1, whole.n);
		whole = str_sub(whole, 0, dot);
	}
	for (size_t i = 0; i < part.n; i++)
		scale *= 10;
	while (part.n > 1 && part.p[0] == '0')
		part = str_sub(part, 1, part.n);
	if (!str_to_u64(whole, 1000, &before) || !str_to_u64(part, 1000000, &after))
		return err_set(err, ERR_USAGE,
		               "--%s must be a number of bits like 2 or -1.5, not \"%.*s\"", name,
		               STR_ARG(str_sub(text, 0, 60)));
	*out = ((double)before + (double)after / scale) * (is_less ? -1 : 1);
	return true;
}

/* How long the phase will go on, by how long it took so far; 0: not to be told yet. */
static int64_t seconds_left(struct link_watch *watch, enum match_phase phase, uint64_t done,
                            uint64_t of)
{
	int64_t now = clock_read().boot_us;
	if (!watch->began || watch->phase != phase)
		*watch = (struct link_watch){ .phase = phase, .began = now };
	int64_t passed = now - watch->began;
	if (passed < TELL_AFTER || done == 0 || done >= of)
		return 0;
	return (int64_t)((double)passed / (double)done * (double)(of - done) / SECOND) + 1;
}

static bool show(void *ctx, enum match_phase phase, uint64_t done, uint64_t of)
{
	struct link_fitting *fitting = ctx;
	struct cli_call *call = fitting->call;
	struct str name = match_phase_name(phase);
	char what[80];
	if (!call->person.progress || has(call, "quiet"))
		return true;
	int64_t left = seconds_left(&fitting->watch, phase, done, of), now = clock_read().boot_us;
	/* Ten times a second are enough. */
	if (now - fitting->watch.told < SECOND / 10 && done < of)
		return true;
	fitting->watch.told = now;
	if (left)
		(void)snprintf(what, sizeof what, "%.*s, about %" PRId64 " s left", STR_ARG(name),
		               left);
	else
		(void)snprintf(what, sizeof what, "%.*s", STR_ARG(name));
	call->person.progress(call->person.ctx, what, (int64_t)done, (int64_t)of);
	return true;
}

static const struct {
	const char *name;
	enum match_model model;
} MODELS[] = {
	{ "auto", MATCH_AUTO },
	{ "people", MATCH_PEOPLE },
	{ "people-demog", MATCH_DEMOG },
	{ "wide", MATCH_WIDE },
};

bool link_model_named(struct str name, enum match_model *out)
{
	*out = MATCH_AUTO;
	for (size_t i = 0; i < COUNT_OF(MODELS); i++) {
		if (!str_eq(name, str_from_c(MODELS[i].name)))
			continue;
		*out = MODELS[i].model;
		return true;
	}
	return false;
}

bool link_model_text(struct cli_call *call, struct str *out, struct err *err)
{
	struct str name = cli_text(call, "model");
	const char *path = str_to_c(call->arena, name);
	if (!path || !str_ends(name, STR(".yaml")))
		return err_set(
			err, ERR_USAGE,
			"--model is auto, people, people-demog, wide or a FILE.yaml, not \"%.*s\"",
			STR_ARG(str_sub(name, 0, 60)));
	if (file_read(call->arena, path, YAML_FILE_MAX, out, err))
		return true;
	err->code = err->code == ERR_ABSENT ? ERR_INPUT : err->code;
	return false;
}

/* --model FILE.yaml */
static bool use_model(struct cli_call *call, struct match *match, enum match_model *out,
                      struct err *err)
{
	struct str name = cli_text(call, "model"), text;
	if (link_model_named(name, out) || !cli_has(call, "model"))
		return true;
	return link_model_text(call, &text, err) && match_use_model(match, name, text, err);
}

static bool open_match(struct cli_call *call, struct match **match, struct err *err)
{
	struct link_fitting *fitting = arena_alloc(call->arena, 1, sizeof *fitting);
	uint64_t threads = 2, seed = 1, max_pairs = 0;
	double least = 0;
	if (!link_bits(call, "threshold", &least, err) ||
	    !number(call, "threads", 64, &threads, err) ||
	    !number(call, "seed", UINT32_MAX, &seed, err) ||
	    !number(call, "max-pairs", INT64_MAX, &max_pairs, err))
		return false;
	if (!fitting)
		return err_set(err, ERR_UNABLE, "There is no memory to begin with");
	fitting->call = call;
	struct match_limits limits = { .threads = (unsigned)threads,
		                       .seed = seed,
		                       .max_pairs = max_pairs,
		                       .least = least,
		                       .lists_bad = has(call, "bad"),
		                       .has_hashes = has(call, "report"),
		                       .progress = show,
		                       .ctx = fitting };
	for (size_t i = 0; i < 2 && call->arg_count == 2; i++)
		limits.shown[i] = call->args[i];
	return match_open(&limits, match, err);
}

static bool add_file(struct cli_call *call, struct match *match, const char *option,
                     struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *texts = arena_create(2 * FILE_MAX);
	const char *path = str_to_c(call->arena, cli_text(call, option));
	struct str text;
	if (!path || !texts)
		return err_set(err, ERR_USAGE, "The name of the file cannot be read");
	if (!file_read(texts, path, FILE_MAX, &text, err)) {
		err->code = err->code == ERR_ABSENT ? ERR_INPUT : err->code;
		return false;
	}
	return match_add(match, cli_text(call, option), text, err);
}

/* --apart, --together: what somebody settled. */
static bool settle(struct cli_call *call, struct match *match, const char *option,
                   enum match_settled sort, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *texts = arena_create(2 * FILE_MAX);
	struct str text;
	if (!has(call, option))
		return true;
	const char *path = str_to_c(call->arena, cli_text(call, option));
	if (!path || !texts)
		return err_set(err, ERR_USAGE, "The name of the file cannot be read");
	if (!file_read(texts, path, FILE_MAX, &text, err)) {
		err->code = err->code == ERR_ABSENT ? ERR_INPUT : err->code;
		return false;
	}
	return match_settle(match, sort, cli_text(call, option), text, err);
}

bool link_fit(struct cli_call *call, struct match **out, struct err *err)
{
	enum match_model model;
	*out = NULL;
	if (!cli_has(call, "in"))
		return err_set(err, ERR_USAGE, "Say which file to link: --in A.csv");
	return open_match(call, out, err) && use_model(call, *out, &model, err) &&
	       add_file(call, *out, "in", err) &&
	       (!cli_has(call, "in2") || add_file(call, *out, "in2", err)) &&
	       settle(call, *out, "apart", MATCH_APART, err) &&
	       settle(call, *out, "together", MATCH_TOGETHER, err) && match_fit(*out, model, err);
}

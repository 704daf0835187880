/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour link: what agencies hold, joined in bulk; it proposes, and writes no register. */
#include <math.h>

#include "match/match.h"

#include "cli/commands.h"

#define FILE_MAX ((size_t)4 << 30) /* bytes of one file */
#define OUT_MAX ((size_t)2 << 30)  /* of what is written */
#define FILE_MODE 0600             /* who is who is nobody else's to read */

static const struct cli_option OPTIONS[] = {
	{ "in", CLI_TEXT, "A.csv", "the file to link within" },
	{ "in2", CLI_TEXT, "B.csv", "a second file: links go across the two alone" },
	{ "pairs", CLI_TEXT, "PAIRS.csv", "where pairs go, with their weight in bits" },
	{ "clusters", CLI_TEXT, "CLUSTERS.csv", "where each record's person goes" },
	{ "model", CLI_TEXT, "MODEL", "auto (also by itself), people or wide" },
	{ "threshold", CLI_TEXT, "BITS", "pairs from here on are written; 0 by itself" },
	{ "threads", CLI_TEXT, "N", "2 by itself; what comes out is the same" },
	{ "seed", CLI_TEXT, "N", "1 by itself" },
	{ "report", CLI_TEXT, "FILE.json", "what was taken for what, and what was found" },
	{ "quiet", CLI_FLAG, NULL, "no words on the way" },
};

static bool number(struct cli_call *call, const char *name, uint64_t most, uint64_t *out, struct err *err)
{
	if (!cli_has(call, name))
		return true;
	return str_to_u64(cli_text(call, name), most, out) ||
	       err_set(err, ERR_USAGE, "--%s must be a whole number of at most %" PRIu64 ", not \"%.*s\"", name, most,
	               STR_ARG(str_sub(cli_text(call, name), 0, 60)));
}

/* "-3", "2.5" */
static bool bits(struct cli_call *call, const char *name, double *out, struct err *err)
{
	struct str text = cli_text(call, name), whole = text, part = STR("0");
	uint64_t before = 0, after = 0;
	double scale = 1;
	if (!cli_has(call, name))
		return true;
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
		return err_set(err, ERR_USAGE, "--%s must be a number of bits like 2 or -1.5, not \"%.*s\"", name,
		               STR_ARG(str_sub(text, 0, 60)));
	*out = ((double)before + (double)after / scale) * (is_less ? -1 : 1);
	return true;
}

struct linking {
	struct cli_call *call;
	struct buf pairs, clusters;
};

static bool show(void *ctx, enum match_phase phase, uint64_t done, uint64_t of)
{
	struct cli_call *call = ctx;
	const char *what = str_to_c(call->arena, match_phase_name(phase));
	if (call->person.progress && what && !cli_has(call, "quiet"))
		call->person.progress(call->person.ctx, what, (int64_t)done, (int64_t)of);
	return true;
}

static bool model_of(struct cli_call *call, enum match_model *out, struct err *err)
{
	static const struct {
		const char *name;
		enum match_model model;
	} MODELS[] = { { "auto", MATCH_AUTO }, { "people", MATCH_PEOPLE }, { "wide", MATCH_WIDE } };
	*out = MATCH_AUTO;
	if (!cli_has(call, "model"))
		return true;
	for (size_t i = 0; i < COUNT_OF(MODELS); i++) {
		if (str_eq(cli_text(call, "model"), str_from_c(MODELS[i].name))) {
			*out = MODELS[i].model;
			return true;
		}
	}
	return err_set(err, ERR_USAGE, "--model is auto, people or wide, not \"%.*s\"",
	               STR_ARG(str_sub(cli_text(call, "model"), 0, 60)));
}

static bool open_match(struct cli_call *call, struct match **match, struct err *err)
{
	uint64_t threads = 2, seed = 1;
	if (!number(call, "threads", 64, &threads, err) || !number(call, "seed", UINT32_MAX, &seed, err))
		return false;
	struct match_limits limits = { .threads = (unsigned)threads, .seed = seed, .progress = show, .ctx = call };
	return match_open(&limits, match, err);
}

static bool add_file(struct cli_call *call, struct match *match, const char *option, struct err *err)
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

/* Quoted where a comma, a quote or a line end stands in it. */
static void add_cell(struct buf *out, struct str cell)
{
	bool is_plain = true;
	for (size_t i = 0; i < cell.n; i++)
		is_plain = is_plain && cell.p[i] != ',' && cell.p[i] != '"' && cell.p[i] != '\n' && cell.p[i] != '\r';
	if (is_plain) {
		buf_add(out, cell);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, cell.p[i]);
	}
	buf_add_char(out, '"');
}

static bool add_pair(void *ctx, const struct match_pair *pair)
{
	struct buf *out = ctx;
	add_cell(out, pair->left);
	buf_add_char(out, ',');
	add_cell(out, pair->right);
	buf_format(out, ",%.3f\n", pair->weight);
	return !out->full;
}

static bool add_member(void *ctx, const struct match_member *member)
{
	struct buf *out = ctx;
	add_cell(out, member->id);
	buf_add_char(out, ',');
	add_cell(out, member->cluster);
	buf_add_char(out, '\n');
	return !out->full;
}

static bool write_file(struct cli_call *call, const char *option, const struct buf *text, struct err *err)
{
	const char *path = str_to_c(call->arena, cli_text(call, option));
	if (text->full)
		return err_set(err, ERR_UNABLE, "There is no memory for so many pairs; raise --threshold");
	return path ? file_write(path, FILE_MODE, buf_str(text), err)
	            : err_set(err, ERR_USAGE, "The name of the file cannot be read");
}

static bool write_report(struct cli_call *call, const struct match *match, struct err *err)
{
	struct buf text;
	if (!cli_has(call, "report"))
		return true;
	buf_init(&text, (size_t)1 << 20);
	json_write(&text, match_report(match, call->arena));
	buf_add_char(&text, '\n');
	bool done = write_file(call, "report", &text, err);
	buf_finish(&text);
	return done;
}

static bool write_all(struct cli_call *call, struct match *match, struct err *err)
{
	struct linking linking = { .call = call };
	double least = 0;
	if (!bits(call, "threshold", &least, err))
		return false;
	buf_init(&linking.pairs, OUT_MAX);
	buf_init(&linking.clusters, OUT_MAX);
	buf_add(&linking.pairs, STR("id_l,id_r,weight\n"));
	buf_add(&linking.clusters, STR("id,cluster\n"));
	bool done = match_pairs(match, least, add_pair, &linking.pairs, err) &&
	            match_clusters(match, add_member, &linking.clusters, err) &&
	            (!cli_has(call, "pairs") || write_file(call, "pairs", &linking.pairs, err)) &&
	            (!cli_has(call, "clusters") || write_file(call, "clusters", &linking.clusters, err)) &&
	            write_report(call, match, err);
	buf_finish(&linking.pairs);
	buf_finish(&linking.clusters);
	return done;
}

static bool run(struct cli_call *call, struct err *err)
{
	struct match *match = NULL;
	enum match_model model;
	if (!cli_has(call, "in"))
		return err_set(err, ERR_USAGE, "Say which file to link: --in A.csv");
	if (!model_of(call, &model, err) || !open_match(call, &match, err))
		return false;
	bool done = add_file(call, match, "in", err) &&
	            (!cli_has(call, "in2") || add_file(call, match, "in2", err)) && match_fit(match, model, err) &&
	            write_all(call, match, err);
	match_close(match);
	return done;
}

const struct cli_command cli_link = {
	.name = "link",
	.arguments = "",
	.about = "Propose who is who in what agencies hold",
	.detail = "Compares every two records that share something, weighs them in bits (log2 odds; 0 is even chance) and\n"
		  "proposes people. It writes no register and decides nothing. Nobody is matched by ethnicity,\n"
		  "nationality, religion or language: such columns are not read.",
	.least = 0,
	.most = 0,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};

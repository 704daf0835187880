/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour link: what agencies hold, joined in bulk; it proposes, and writes no register. */
#include "cli/link_parts.h"

#include <math.h>
#include <pthread.h>

#define OUT_MAX ((size_t)2 << 30) /* of what is written */
#define REPORT_MAX ((size_t)16 << 20)
#define FILE_MODE 0600 /* who is who is nobody else's to read */
#define OUTPUTS_MAX 5

static const struct cli_option OPTIONS[] = {
	{ "in", CLI_TEXT, "A.csv", "the file to link within" },
	{ "in2", CLI_TEXT, "B.csv", "a second file: links go across the two alone" },
	{ "pairs", CLI_TEXT, "PAIRS.csv", "where pairs go, with their weight in bits" },
	{ "clusters", CLI_TEXT, "CLUSTERS.csv", "where each record's person goes" },
	{ "model", CLI_TEXT, "MODEL",
	  "auto (also by itself), people, people-demog, wide, or a model's FILE.yaml" },
	{ "save-model", CLI_TEXT, "FILE.yaml", "where the model goes as it was estimated" },
	{ "threshold", CLI_TEXT, "BITS", "pairs from here on are written; 0 by itself" },
	{ "threads", CLI_TEXT, "N", "2 by itself; what comes out is the same" },
	{ "seed", CLI_TEXT, "N", "1 by itself" },
	{ "max-pairs", CLI_TEXT, "N",
	  "pairs that are compared at most; rules that make more are left out" },
	{ "apart", CLI_TEXT, "F", "pairs (id_l,id_r) of which somebody settled: not the same" },
	{ "together", CLI_TEXT, "F", "pairs of which somebody settled: the same" },
	{ "bad", CLI_TEXT, "F", "where bad rows go: file, line, column and why" },
	{ "report", CLI_TEXT, "FILE.json", "what was taken for what, and what was found" },
	{ "quiet", CLI_FLAG, NULL, "no words on the way" },
};

/* Quoted where a comma, a quote or a line end stands in it. */
static void add_cell(struct buf *out, struct str cell)
{
	bool is_plain = true;
	for (size_t i = 0; i < cell.n; i++)
		is_plain = is_plain && cell.p[i] != ',' && cell.p[i] != '"' && cell.p[i] != '\n' &&
		           cell.p[i] != '\r';
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

/* As "%.3f" has it, to the last digit: a thousand times a weight, which has 24 bits, is exact. */
static void add_weight(struct buf *out, double weight)
{
	char room[24];
	size_t at = sizeof room;
	double thousandths = nearbyint(fabs(weight) * 1000);
	if (!(thousandths < 1e9)) {
		buf_format(out, "%.3f", weight);
		return;
	}
	uint32_t left = (uint32_t)thousandths;
	for (unsigned i = 0; i < 3 || left || i == 3; i++) {
		room[--at] = (char)('0' + left % 10);
		left /= 10;
		if (i == 2)
			room[--at] = '.';
	}
	if (signbit(weight))
		room[--at] = '-';
	buf_add_bytes(out, room + at, sizeof room - at);
}

static bool add_pair(void *ctx, const struct match_pair *pair)
{
	struct buf *out = ctx;
	add_cell(out, pair->left);
	buf_add_char(out, ',');
	add_cell(out, pair->right);
	buf_add_char(out, ',');
	add_weight(out, pair->weight);
	buf_add_char(out, '\n');
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

/* What is written: all of it or nothing. */
struct outputs {
	struct cli_call *call;
	struct output {
		const char *path;
		bool is_beside; /* its new bytes are on the disk, beside */
	} of[OUTPUTS_MAX];
	size_t count;
};

/* A file of its own for each; NULL, said why. */
static struct output *name_output(struct outputs *outputs, const char *option, struct err *err)
{
	const char *path = str_to_c(outputs->call->arena, cli_text(outputs->call, option));
	for (size_t i = 0; path && i < outputs->count; i++) {
		if (strcmp(outputs->of[i].path, path) == 0)
			path = NULL;
	}
	if (!path) {
		err_set(err, ERR_USAGE, "--%s: give each output a file of its own", option);
		return NULL;
	}
	outputs->of[outputs->count] = (struct output){ .path = path };
	return &outputs->of[outputs->count++];
}

static bool write_output(struct output *output, const struct buf *text, struct err *err)
{
	if (text->full)
		return err_set(err, ERR_UNABLE,
		               "There is no memory for so many pairs; raise --threshold");
	output->is_beside = file_write_beside(output->path, FILE_MODE, buf_str(text), err);
	return output->is_beside;
}

static bool add_output(struct outputs *outputs, const char *option, const struct buf *text,
                       struct err *err)
{
	struct output *output = name_output(outputs, option, err);
	return output && write_output(output, text, err);
}

static bool take_outputs(struct outputs *outputs, bool done, struct err *err)
{
	size_t taken = 0;
	while (done && taken < outputs->count) {
		done = file_take_beside(outputs->of[taken].path, err);
		taken += done;
	}
	for (size_t i = taken; i < outputs->count; i++) {
		if (outputs->of[i].is_beside)
			file_drop_beside(outputs->of[i].path);
	}
	return done;
}

/* One of the two large outputs, each made and written by a thread. */
struct table_output {
	struct match *match;
	struct output *output; /* NULL: nobody asked for it */
	double least;
	bool done;
	struct err err;
};

static void *make_pairs(void *of)
{
	struct table_output *to = of;
	struct buf text;
	buf_init(&text, OUT_MAX);
	buf_add(&text, STR("id_l,id_r,weight\n"));
	to->done = match_pairs(to->match, to->least, add_pair, &text, &to->err) &&
	           write_output(to->output, &text, &to->err);
	buf_finish(&text);
	return NULL;
}

static void *make_clusters(void *of)
{
	struct table_output *to = of;
	struct buf text;
	buf_init(&text, OUT_MAX);
	buf_add(&text, STR("id,cluster\n"));
	to->done = match_clusters(to->match, add_member, &text, &to->err) &&
	           write_output(to->output, &text, &to->err);
	buf_finish(&text);
	return NULL;
}

/* Both at once where a second thread is allowed and can be had. */
static void make_both(struct table_output *pairs, struct table_output *clusters, bool may_be_two)
{
	pthread_t thread;
	bool is_two = may_be_two && pairs->output && clusters->output &&
	              pthread_create(&thread, NULL, make_clusters, clusters) == 0;
	if (pairs->output)
		(void)make_pairs(pairs);
	if (is_two)
		(void)pthread_join(thread, NULL);
	else if (clusters->output && pairs->done)
		(void)make_clusters(clusters);
}

static bool make_tables(struct outputs *outputs, struct match *match, struct err *err)
{
	struct cli_call *call = outputs->call;
	struct table_output pairs = { .match = match, .done = true },
			    clusters = { .match = match, .done = true };
	if (!link_bits(call, "threshold", &pairs.least, err))
		return false;
	if (cli_has(call, "pairs") && !(pairs.output = name_output(outputs, "pairs", err)))
		return false;
	if (cli_has(call, "clusters") && !(clusters.output = name_output(outputs, "clusters", err)))
		return false;
	make_both(&pairs, &clusters, !str_eq(cli_text(call, "threads"), STR("1")));
	if (!pairs.done || !clusters.done)
		*err = pairs.done ? clusters.err : pairs.err;
	return pairs.done && clusters.done;
}

static bool make_model(struct outputs *outputs, const struct match *match, struct err *err)
{
	struct buf text;
	if (!cli_has(outputs->call, "save-model"))
		return true;
	buf_init(&text, (size_t)1 << 20);
	match_save_model(match, &text, outputs->call->arena);
	bool done = add_output(outputs, "save-model", &text, err);
	buf_finish(&text);
	return done;
}

/* The report, for programs; NULL where nobody asked for it, in words neither. */
static bool make_report(struct outputs *outputs, const struct match *match,
                        const struct json **report, struct err *err)
{
	struct cli_call *call = outputs->call;
	struct buf text;
	*report = NULL;
	if (!cli_has(call, "report") && cli_has(call, "quiet"))
		return true;
	*report = match_report(match, call->arena);
	if (!json_complete(*report))
		return err_set(err, ERR_UNABLE, "There is no memory for the report");
	if (!cli_has(call, "report"))
		return true;
	buf_init(&text, REPORT_MAX);
	json_write(&text, *report);
	buf_add_char(&text, '\n');
	bool done = add_output(outputs, "report", &text, err);
	buf_finish(&text);
	return done;
}

static bool write_all(struct cli_call *call, struct match *match, struct err *err)
{
	struct outputs outputs = { .call = call };
	const struct json *report = NULL;
	bool done = make_tables(&outputs, match, err) && make_model(&outputs, match, err) &&
	            make_report(&outputs, match, &report, err);
	done = take_outputs(&outputs, done, err);
	if (done && !cli_has(call, "quiet"))
		link_say(call, report);
	return done;
}

static bool add_bad(void *ctx, const struct match_bad *bad)
{
	struct buf *out = ctx;
	add_cell(out, bad->file);
	buf_format(out, ",%u,", bad->line);
	add_cell(out, bad->column);
	buf_add_char(out, ',');
	add_cell(out, bad->why);
	buf_add_char(out, '\n');
	return !out->full;
}

/* Bad rows one by one, also where they are so many that nothing else is done. */
static bool write_bad(struct cli_call *call, const struct match *match, struct err *err)
{
	struct outputs outputs = { .call = call };
	struct buf text;
	if (!match || !cli_has(call, "bad"))
		return true;
	buf_init(&text, OUT_MAX);
	buf_add(&text, STR("file,line,column,why\n"));
	bool done = match_bad_rows(match, add_bad, &text, err) &&
	            add_output(&outputs, "bad", &text, err);
	buf_finish(&text);
	return take_outputs(&outputs, done, err);
}

/* What is read is not written over, nor where an output is made beside. */
static bool spares_inputs(struct cli_call *call, struct err *err)
{
	static const char *const OUT[] = { "pairs", "clusters", "save-model", "report", "bad" };
	static const char *const IN[] = { "in", "in2", "model", "apart", "together" };
	for (size_t i = 0; i < COUNT_OF(OUT) * COUNT_OF(IN); i++) {
		const char *out = OUT[i / COUNT_OF(IN)], *in = IN[i % COUNT_OF(IN)];
		const char *to = str_to_c(call->arena, cli_text(call, out));
		const char *from = str_to_c(call->arena, cli_text(call, in));
		if (!cli_has(call, out) || !cli_has(call, in) || !to || !from)
			continue;
		const char *beside = str_to_c(call->arena, arena_format(call->arena, "%s.new", to));
		if (file_is_same(to, from) || !beside || file_is_same(beside, from))
			return err_set(err, ERR_USAGE,
			               "--%s would write over what --%s reads: name another file",
			               out, in);
	}
	return true;
}

/* However its path is spelt: those before it are beside. */
static bool is_of_its_own(const struct outputs *outputs, const char *option, struct err *err)
{
	struct arena *arena = outputs->call->arena;
	const char *last = outputs->of[outputs->count - 1].path;
	const char *beside = str_to_c(arena, arena_format(arena, "%s.new", last));
	for (size_t i = 0; i + 1 < outputs->count; i++) {
		const char *before =
			str_to_c(arena, arena_format(arena, "%s.new", outputs->of[i].path));
		if (!before || !beside || file_is_same(before, beside))
			return err_set(err, ERR_USAGE, "--%s: give each output a file of its own",
			               option);
	}
	return true;
}

/* That no output can be written is told before an hour's run, not behind it. */
static bool can_write(struct cli_call *call, struct err *err)
{
	static const char *const OUT[] = { "pairs", "clusters", "save-model", "report", "bad" };
	struct outputs outputs = { .call = call };
	bool done = true;
	for (size_t i = 0; done && i < COUNT_OF(OUT); i++) {
		struct output *output;
		if (!cli_has(call, OUT[i]))
			continue;
		output = name_output(&outputs, OUT[i], err);
		done = output && is_of_its_own(&outputs, OUT[i], err) &&
		       file_write_beside(output->path, FILE_MODE, STR(""), err);
		if (done)
			output->is_beside = true;
	}
	for (size_t i = 0; i < outputs.count; i++) {
		if (outputs.of[i].is_beside)
			file_drop_beside(outputs.of[i].path);
	}
	return done;
}

static bool run(struct cli_call *call, struct err *err)
{
	struct match *match = NULL;
	struct err second = { 0 };
	if (!spares_inputs(call, err) || !can_write(call, err))
		return false;
	bool done = link_fit(call, &match, err);
	bool is_told = write_bad(call, match, done ? err : &second);
	done = done && is_told && write_all(call, match, err);
	match_close(match);
	return done;
}

const struct cli_command cli_link = {
	.name = "link",
	.arguments = "",
	.about = "Propose who is who in what agencies hold",
	.detail =
		"Compares every two records that share something, weighs them in bits (log2 odds; 0 is even chance) and\n"
		"proposes people. It writes no register and decides nothing. Nobody is matched by ethnicity,\n"
		"nationality, religion or language: such columns are not read.",
	.least = 0,
	.most = 0,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};

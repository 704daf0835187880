/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a condition reads to somebody who decides about children and not about packs. */
#include "pack/atom.h"
#include "pack/phrase.h"

#define WORDS_BYTES_MAX ((size_t)64 * 1024)

static void add_all(struct buf *out, const struct str *words, size_t count, const char *last)
{
	for (size_t i = 0; i < count; i++)
		buf_format(out, "%s%.*s",
		           i == 0          ? ""
		           : i + 1 < count ? ", "
		                           : last,
		           STR_ARG(words[i]));
}

/* Names of elements of one sort, as "a, b or c". */
#define ADD_NAMES(sort, element)                                                                   \
	static void add_##sort(struct buf *out, const struct element *const *all, size_t count,    \
	                       const char *last)                                                   \
	{                                                                                          \
		for (size_t i = 0; i < count; i++)                                                 \
			buf_format(out, "%s%.*s",                                                  \
			           i == 0          ? ""                                            \
			           : i + 1 < count ? ", "                                          \
			                           : last,                                         \
			           STR_ARG(all[i]->name));                                         \
	}

ADD_NAMES(kinds, pack_kind)
ADD_NAMES(duties, pack_duty)
ADD_NAMES(offices, pack_office)
ADD_NAMES(agencies, pack_agency)

static void add_bounds(struct buf *out, int64_t least, int64_t most)
{
	if (least == most)
		buf_format(out, "exactly %" PRId64, least);
	else if (most == INT64_MAX)
		buf_format(out, "at least %" PRId64, least);
	else if (least <= 0)
		buf_format(out, "at most %" PRId64, most);
	else
		buf_format(out, "%" PRId64 " to %" PRId64, least, most);
}

/* "is yes", "is not given", "is at least 3"; turned when `is_not`. */
static void add_test(struct buf *out, const struct cond_test *test, bool is_not)
{
	bool is_given = (test->sort == COND_IS_PRESENT) != is_not;
	switch (test->sort) {
	case COND_IS_CODE:
		buf_format(out, is_not ? "is not " : "is ");
		add_all(out, test->codes, test->code_count, " or ");
		return;
	case COND_IS_PRESENT:
	case COND_IS_ABSENT:
		buf_format(out, is_given ? "is given" : "is not given");
		return;
	case COND_IS_BETWEEN:
		buf_format(out, is_not ? "is not " : "is ");
		if (test->least == INT64_MIN)
			buf_format(out, "at most %" PRId64, test->most);
		else
			add_bounds(out, test->least, test->most);
		return;
	}
}

static void add_within(struct buf *out, const struct cond_atom *atom)
{
	if (!atom->has_period)
		return;
	buf_add(out, atom->by_recorded ? STR(" written down within ") : STR(" within "));
	phrase_period(out, &atom->period);
}

static void add_which(struct buf *out, const struct cond_which *which)
{
	if (which->kind_count == 0)
		buf_add(out, STR("any entry"));
	add_kinds(out, which->kinds, which->kind_count, " or ");
	for (size_t i = 0; i < which->where_count; i++) {
		buf_format(out, "%s%.*s ", i ? " and " : " where ", STR_ARG(which->where[i].field));
		add_test(out, &which->where[i].test, false);
	}
	if (which->by_count) {
		buf_add(out, STR(" by "));
		add_offices(out, which->by, which->by_count, " or ");
	}
	if (which->after_count) {
		buf_add(out, STR(" after the last "));
		add_kinds(out, which->after, which->after_count, " or ");
		if (which->after_by_count) {
			buf_add(out, STR(" by "));
			add_offices(out, which->after_by, which->after_by_count, " or ");
		}
	}
	if (which->on_every)
		buf_format(out, " on each file that \"%.*s\" leads to",
		           STR_ARG(which->through->name));
	else if (which->through)
		buf_format(out, " on the files that \"%.*s\" leads to",
		           STR_ARG(which->through->name));
}

void cond_say_which(struct buf *out, const struct pack_cond *cond)
{
	if (cond->atom_count)
		add_which(out, &cond->atoms[0]->which);
}

static void add_what(struct buf *out, const struct cond_atom *atom)
{
	static const char *const WHATS[] = {
		[COND_BY_NOTHING] = "source", [COND_BY_OFFICE] = "office",
		[COND_BY_AGENCY] = "agency",  [COND_BY_ACCOUNT] = "account",
		[COND_BY_FILE] = "file",      [COND_BY_ANYONE] = "anybody",
		[COND_BY_FIELD] = "source",
	};
	if (atom->what == COND_BY_FIELD)
		buf_format(out, "\"%.*s\"", STR_ARG(atom->what_field));
	else
		buf_format(out, "%s", WHATS[atom->what]);
}

static void add_count(struct buf *out, struct arena *arena, const struct cond_atom *atom)
{
	buf_add(out, STR("there are "));
	add_bounds(out, atom->least, atom->most);
	if (atom->what != COND_BY_NOTHING) {
		buf_add(out, atom->is_alike ? STR(" with one ") : STR(" different "));
		add_what(out, atom);
		buf_add(out, atom->is_alike ? STR(" among entries") : STR(" in entries"));
	}
	buf_add(out, STR(" of "));
	add_which(out, &atom->which);
	if (atom->anywhere.p)
		buf_format(out, " on any file, with a \"%.*s\" that this file's own has too,",
		           STR_ARG(atom->anywhere));
	add_within(out, atom);
	if (atom->since)
		buf_format(out, " since the last %.*s", STR_ARG(atom->since->name));
	if (atom->newest)
		buf_format(out, ", or more than %" PRId64 " at all", atom->newest);
	if (atom->of_all)
		buf_format(out,
		           ", and at least %" PRId64 " in 100 of all of them, whatever they say",
		           atom->of_all);
	if (atom->of_files)
		buf_format(out,
		           ", and they are at least %" PRId64
		           " in 100 of the files on which the office owes something",
		           atom->of_files);
	if (atom->owed)
		buf_format(out, ", and at least %" PRId64 " in 100 of what was owed by that rule",
		           atom->owed);
	if (atom->with_this)
		buf_add(out, STR(", this one too"));
	if (atom->where) {
		struct str where = pack_cond_words(arena, atom->where);
		buf_format(out, ", on files where %.*s", STR_ARG(where));
	}
}

static void add_share(struct buf *out, const struct cond_atom *atom)
{
	buf_format(out, "at least %" PRId64 " in 100 of ", atom->least);
	add_which(out, &atom->which);
	add_within(out, atom);
	buf_add(out, STR(" come from one "));
	add_what(out, atom);
	buf_format(out, ", where there are at least %" PRId64, atom->months);
}

static void add_complete(struct buf *out, const struct cond_atom *atom)
{
	buf_format(out, "under %" PRId64 " in 100 of what was due was said", atom->under);
	for (size_t i = 0; i < atom->part_count; i++) {
		const struct cond_part *part = &atom->parts[i];
		buf_format(out, "%s\"%.*s\" of %.*s ought to say ", i ? ", and " : ", where ",
		           STR_ARG(part->field), STR_ARG(part->kind->name));
		for (size_t c = 0; c < part->due_count; c++)
			buf_format(out, "%s%.*s", c ? ", " : "", STR_ARG(part->due[c].codes[0]));
	}
	add_within(out, atom);
	buf_format(out, ", and at least %" PRId64 " were due", atom->least);
}

static void add_age(struct buf *out, const struct cond_atom *atom)
{
	buf_format(out, "whoever the file is about %s %" PRId64,
	           atom->is_under ? "may be under" : "is at least", atom->least);
	if (atom->when == COND_HAPPENED)
		buf_add(out, STR(" when it happened"));
	if (atom->when == COND_AT_FIELD)
		buf_format(out, " at \"%.*s\"", STR_ARG(atom->name));
}

/* Some file, or none: the bounds of a condition that gives none. */
static bool is_any_linked(const struct cond_atom *atom)
{
	return atom->form == COND_LINKED && atom->least == 1 && atom->most == INT64_MAX;
}

static void add_linked(struct buf *out, struct arena *arena, const struct cond_atom *atom,
                       bool is_not)
{
	bool is_any = is_any_linked(atom);
	buf_add(out,
	        is_any ? is_not ? STR("there is no ") : STR("there is a ") : STR("there are "));
	if (!is_any) {
		add_bounds(out, atom->least, atom->most);
		buf_add_char(out, ' ');
	}
	buf_add(out, is_any || (atom->least == 1 && atom->most == 1) ? STR("file") : STR("files"));
	if (atom->name_count) {
		buf_add(out, STR(" of type "));
		add_all(out, atom->names, atom->name_count, " or ");
	}
	buf_format(out, " that \"%.*s\"", STR_ARG(atom->relation->name));
	for (size_t i = 0; i < atom->way_count; i++)
		buf_format(out, " or \"%.*s\"", STR_ARG(atom->ways[i]->name));
	buf_add(out, STR(" leads to"));
	if (atom->is_named)
		buf_add(out, STR(" and this names"));
	add_within(out, atom);
	if (atom->apart)
		buf_format(out, ", those that \"%.*s\" joins taken as one",
		           STR_ARG(atom->apart->name));
	if (atom->where) {
		struct str where = pack_cond_words(arena, atom->where);
		buf_format(out, " where %.*s", STR_ARG(where));
	}
}

static void add_register(struct buf *out, struct arena *arena, const struct cond_atom *atom)
{
	struct str where = pack_cond_words(arena, atom->where);
	buf_format(out, "of the register itself, %.*s", STR_ARG(where));
}

static void add_duty(struct buf *out, const struct cond_atom *atom, bool is_not)
{
	static const char *const STATES[] = {
		[COND_IS_OPEN] = "open", [COND_IS_LATE] = "late", [COND_IS_SETTLED] = "settled"
	};
	const char *before = is_not ? "no duty of class " : "a duty of class ";
	bool is_none = is_not && atom->rule_count > 1;
	if (is_none)
		buf_add(out, STR("none of "));
	add_duties(out, atom->rules, atom->rule_count, is_not ? " and " : " or ");
	for (unsigned class = 0; atom->rule_count == 0 && class <= PACK_LOCAL; class ++) {
		if (!(atom->classes >> class & 1))
			continue;
		struct str word = phrase_class((enum pack_class) class);
		buf_format(out, "%s%.*s", before, STR_ARG(word));
		before = " or ";
	}
	buf_format(out, " is %s%s", is_not && atom->rule_count == 1 ? "not " : "",
	           STATES[atom->is]);
	if (atom->has_owner) {
		buf_add(out, STR(", owed by "));
		phrase_owner(out, &atom->owner, PHRASE_NAMES);
	}
}

/* Forms that read well when they are turned. False: it is no such form. */
static bool add_turned(struct buf *out, const struct cond_atom *atom, bool is_not)
{
	switch (atom->form) {
	case COND_FIELD:
		buf_format(out, "%.*s ", STR_ARG(atom->name));
		add_test(out, &atom->test, is_not);
		return true;
	case COND_FACT:
		buf_format(out, "the file's %.*s ", STR_ARG(atom->name));
		add_test(out, &atom->test, is_not);
		return true;
	case COND_STATE:
		buf_format(out, is_not ? "the file is not in " : "the file is in ");
		add_all(out, atom->names, atom->name_count, " or ");
		return true;
	case COND_HAS:
	case COND_LACKS:
		buf_format(out, (atom->form == COND_HAS) != is_not ? "there is " : "there is no ");
		add_which(out, &atom->which);
		return true;
	case COND_DUTY:
		add_duty(out, atom, is_not);
		return true;
	case COND_OFFICE:
		buf_format(out, is_not ? "the acting office is not " : "the acting office is ");
		add_offices(out, atom->offices, atom->office_count, " or ");
		return true;
	case COND_FILE:
	case COND_FRESH:
	case COND_COUNT:
	case COND_SHARE:
	case COND_COMPLETE:
	case COND_AFTER:
	case COND_RUNNING:
	case COND_SILENT_FOR:
	case COND_OLDER_THAN:
	case COND_AGE:
	case COND_TURNS_AGE:
	case COND_LINKED:
	case COND_SAME_FILE:
	case COND_ASKED:
	case COND_OFFICE_IN:
	case COND_SECOND:
	case COND_SAME_ACCOUNT:
	case COND_OUTSIDE_LINE:
	case COND_HELD:
	case COND_REGISTER:
		break;
	}
	return false;
}

static void add_all_of(struct buf *out, const struct cond_atom *atom)
{
	const char *what = atom->is_of_codes ? "code" : atom->by_agency ? "agency" : "office";
	buf_format(out, "\"%.*s\" names each %s that \"%.*s\" ", STR_ARG(atom->name), what,
	           STR_ARG(atom->ask_field));
	if (atom->ask)
		buf_format(out, "of %s %.*s ", atom->is_of_codes ? "any" : "the newest",
		           STR_ARG(atom->ask->name));
	buf_add(out, STR("names"));
}

static void add_held(struct buf *out, const struct cond_atom *atom)
{
	buf_add(out, STR("whoever acts holds "));
	if (atom->has_owner)
		phrase_owner(out, &atom->owner, PHRASE_NAMES);
	else
		buf_format(out, "an office that \"%.*s\" of the newest %.*s names",
		           STR_ARG(atom->ask_field), STR_ARG(atom->ask->name));
	buf_add(out, STR(", or has held it since "));
	add_kinds(out, atom->which.kinds, atom->which.kind_count, " or ");
	if (!atom->has_period)
		return;
	buf_add(out, STR(", or in the "));
	phrase_period(out, &atom->period);
	buf_add(out, STR(" before"));
}

static void add_atom(struct buf *out, struct arena *arena, const struct cond_atom *atom)
{
	switch (atom->form) {
	case COND_FIELD:
	case COND_FACT:
	case COND_STATE:
	case COND_HAS:
	case COND_LACKS:
	case COND_DUTY:
	case COND_OFFICE:
		return;
	case COND_FILE:
		buf_add(out, STR("the file is of type "));
		add_all(out, atom->names, atom->name_count, " or ");
		return;
	case COND_FRESH:
		buf_add(out, STR("there is "));
		add_which(out, &atom->which);
		add_within(out, atom);
		return;
	case COND_COUNT:
		add_count(out, arena, atom);
		return;
	case COND_SHARE:
		add_share(out, atom);
		return;
	case COND_COMPLETE:
		add_complete(out, atom);
		return;
	case COND_AFTER:
		add_which(out, &atom->then);
		buf_add(out, STR(" follows "));
		add_which(out, &atom->which);
		add_within(out, atom);
		return;
	case COND_RUNNING:
		buf_format(out, "the last %" PRId64 " among ", atom->least);
		add_kinds(out, atom->among, atom->among_count, ", ");
		buf_add(out, STR(" are all "));
		add_which(out, &atom->which);
		if (atom->what == COND_BY_FIELD)
			buf_format(out, ", with one and the same \"%.*s\"",
			           STR_ARG(atom->what_field));
		return;
	case COND_SILENT_FOR:
		if (atom->is_broken) {
			buf_add(out, STR("somebody has written after a silence of more than "));
			phrase_period(out, &atom->period);
			return;
		}
		buf_format(out, "%s has been silent for ",
		           atom->what == COND_BY_ANYONE ? "everybody"
		           : atom->what == COND_BY_OFFICE
		                   ? (atom->ask ? "an office named as ought to know"
		                                : "an office that owes something")
		           : atom->ask ? "an agency named as ought to know"
		                       : "an agency that owes something");
		phrase_period(out, &atom->period);
		if (atom->ask) {
			buf_add(out, STR(", by "));
			add_which(out, &atom->which);
		}
		return;
	case COND_OLDER_THAN:
		buf_add(out, STR("the last "));
		add_which(out, &atom->which);
		buf_add(out, STR(" is older than "));
		phrase_period(out, &atom->period);
		return;
	case COND_AGE:
		add_age(out, atom);
		return;
	case COND_TURNS_AGE:
		buf_format(out, "whoever the file is about has reached %" PRId64 " years",
		           atom->least);
		if (atom->months)
			buf_format(out, " and %" PRId64 " months", atom->months);
		return;
	case COND_LINKED:
		add_linked(out, arena, atom, false);
		return;
	case COND_SAME_FILE:
		buf_add(out, STR("one file of type "));
		add_all(out, atom->names, atom->name_count, " or ");
		buf_format(out, " that \"%.*s\" leads to is shared by at least %" PRId64,
		           STR_ARG(atom->relation->name), atom->least);
		add_within(out, atom);
		return;
	case COND_ASKED:
		buf_format(out, "whoever was asked by %.*s has answered by %.*s",
		           STR_ARG(atom->ask->name), STR_ARG(atom->answer->name));
		if (atom->silent)
			buf_format(out, ", or its head owes %.*s", STR_ARG(atom->silent->name));
		if (atom->named.p)
			buf_format(out, ", or is named in \"%.*s\"", STR_ARG(atom->named));
		return;
	case COND_OFFICE_IN:
		if (atom->ask_field.p && atom->name.p) {
			add_all_of(out, atom);
			return;
		}
		if (atom->is_of_codes) {
			buf_format(out, "a row of \"%.*s\" says under \"%.*s\" ",
			           STR_ARG(atom->name), STR_ARG(atom->what_field));
			add_all(out, atom->test.codes, atom->test.code_count, " or ");
			return;
		}
		buf_format(out, "\"%.*s\" ",
		           STR_ARG(atom->ask_field.p ? atom->ask_field : atom->name));
		if (atom->ask)
			buf_format(out, "of the newest %.*s ", STR_ARG(atom->ask->name));
		buf_add(out, STR("names an office of "));
		add_agencies(out, atom->agencies, atom->agency_count, " and ");
		add_offices(out, atom->offices, atom->office_count, " and ");
		return;
	case COND_SECOND:
		buf_format(out, "%.*s%s has agreed as second reader", STR_ARG(atom->second->name),
		           atom->who_began ? ", the one who began the file," : "");
		return;
	case COND_SAME_ACCOUNT:
		buf_add(out, STR("the same account made the last "));
		add_which(out, &atom->which);
		return;
	case COND_OUTSIDE_LINE:
		buf_add(out, STR("the acting office stands outside the line of "));
		phrase_owner(out, &atom->owner, PHRASE_NAMES);
		return;
	case COND_HELD:
		add_held(out, atom);
		return;
	case COND_REGISTER:
		add_register(out, arena, atom);
		return;
	}
}

struct str cond_atom_words(struct arena *arena, const struct cond_atom *atom, bool is_not)
{
	struct buf text;
	buf_init(&text, WORDS_BYTES_MAX);
	if (is_any_linked(atom)) {
		add_linked(&text, arena, atom, is_not);
	} else if (!add_turned(&text, atom, is_not)) {
		if (is_not)
			buf_add(&text, STR("it is not so that "));
		add_atom(&text, arena, atom);
	}
	struct str words = text.full ? STR_NONE : arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return words;
}

/* A part of the sentence and how it was joined last, so that brackets stand only where needed. */
struct part {
	struct str words;
	const struct cond_atom *atom; /* when it is one atom alone, not turned */
	enum cond_op_code joined;
};

static struct str bracketed(struct arena *arena, const struct part *part, enum cond_op_code outer)
{
	bool is_plain =
		part->joined == COND_ATOM || part->joined == outer || part->joined == COND_NOT;
	return is_plain ? part->words : arena_format(arena, "(%.*s)", STR_ARG(part->words));
}

static struct part join(struct arena *arena, const struct part *a, const struct part *b,
                        enum cond_op_code code)
{
	struct str left = bracketed(arena, a, code);
	struct str right = bracketed(arena, b, code);
	struct str words = arena_format(arena, "%.*s%s%.*s", STR_ARG(left),
	                                code == COND_AND ? ", and " : "; or ", STR_ARG(right));
	return (struct part){ .words = words, .joined = code };
}

static struct part turn(struct arena *arena, const struct part *part)
{
	struct str words =
		part->atom ? cond_atom_words(arena, part->atom, true)
			   : arena_format(arena, "it is not so that (%.*s)", STR_ARG(part->words));
	return (struct part){ .words = words, .joined = COND_NOT };
}

struct str pack_cond_words(struct arena *arena, const struct pack_cond *cond)
{
	struct part stack[COND_PAIRS_MAX + 1];
	size_t top = 0;

	for (size_t i = 0; cond && i < cond->op_count; i++) {
		const struct cond_op *op = &cond->ops[i];
		switch ((enum cond_op_code)op->code) {
		case COND_ATOM:
			stack[top++] = (struct part){ .words = cond_atom_words(
							      arena, cond->atoms[op->b], false),
				                      .atom = cond->atoms[op->b],
				                      .joined = COND_ATOM };
			break;
		case COND_NOT:
			stack[top - 1] = turn(arena, &stack[top - 1]);
			break;
		case COND_AND:
		case COND_OR:
			top--;
			stack[top - 1] = join(arena, &stack[top - 1], &stack[top],
			                      (enum cond_op_code)op->code);
			break;
		case COND_SKIP_IF_FALSE:
		case COND_SKIP_IF_TRUE:
			break;
		}
	}
	return top > 0 ? stack[top - 1].words : STR("always");
}

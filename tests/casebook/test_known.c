/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the register says by itself is known of those whom a file is about, as an act is recorded. */
#include "casebook/dump.h"
#include "casebook/owed.h"
#include "casebook/sample_changed.h"
#include "casebook/sample_pack.h"

#include "casebook/book.h"
#include "store/store.h"

static const struct text_change KNOWN[] = {
	{ "lists.yaml", "contact: {", "what: { sex: Sex, age: Age, language: Language }\ncontact: {" },
	{ "kinds/child.yaml", "child.seen:\n  title: The child was seen\n  file: child\n",
	  "fact.told:\n  title: A fact\n  file: child\n  by: [anyone]\n  fields:\n"
	  "    - { name: which, type: code, list: what, required: yes }\n"
	  "    - { name: how, type: code, codes: [self, paper, unknown], required: yes }\n"
	  "    - { name: value, type: identifier }\n"
	  "fact.cut:\n  title: A fact left out\n  file: child\n  by: [anyone]\n  fields:\n"
	  "    - { name: which, type: code, list: what, required: yes }\n"
	  "child.weighed:\n  title: Weighed\n  file: child\n  by: [social-worker]\n  fields:\n"
	  "    - { name: known, type: codes, list: what, counted: { of: [fact.told, fact.cut], field: which,"
	  " where: { how: [self, paper] }, own: yes } }\n"
	  "    - { name: said, type: yes, required: yes }\n"
	  "child.seen:\n  title: The child was seen\n  file: child\n" },
	{ "kinds/concern.yaml", "concern.looked:\n",
	  "concern.weighed:\n  title: Weighed\n  file: concern\n  by: [screener]\n  fields:\n"
	  "    - { name: known, type: codes, list: what, counted: { of: [fact.told, fact.cut], field: which,"
	  " where: { how: [self, paper] }, through: about } }\n"
	  "    - { name: said, type: yes, required: yes }\n"
	  "concern.joined:\n  title: About another too\n  file: concern\n  by: [screener]\n"
	  "  fields: [{ name: child, type: file, of: [child], required: yes }]\n"
	  "  links: [{ relation: about, to: child }]\n"
	  "concern.looked:\n" },
};

struct ground {
	struct person sam;    /* who knows the child */
	struct person screen; /* who decides */
	struct str child;
	struct str concern;
};

static struct ground founded(struct fixture *f)
{
	struct ground on;
	found_by(f, sample_changed(f, KNOWN, COUNT_OF(KNOWN)));
	on.sam = person(f, "sam", "social-worker");
	on.screen = person(f, "ada", "screener");
	on.child = child_of(f, &on.sam).file;
	on.concern = concern_about(f, &on.screen, on.child, "A bruise.").file;
	return on;
}

static void tell(struct fixture *f, const struct person *who, struct str child, const char *which,
                 const char *how, const char *value)
{
	(void)admitted(f, &who->actor, "fact.told", child,
	               fields_of(f, arena_format(f->arena, "{'which':'%s','how':'%s','value':'%s'}",
	                                         which, how, value)
	                                    .p));
}

static int64_t weigh(struct fixture *f, const struct ground *on, struct str concern)
{
	return admitted(f, &on->screen.actor, "concern.weighed", concern,
	                fields_of(f, "{'said':'yes'}"))
	        .index;
}

/* The plain fields of the entry, as the log has them. */
static struct str plain_of(struct fixture *f, int64_t index)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	struct buf text;
	MUST(f, casebook_entry_get(reader, f->arena, index, &entry, &f->err));
	buf_init(&text, 4096);
	const struct json *known = json_member(entry.plain, STR("known"));
	if (known)
		json_write(&text, known);
	struct str out = known ? arena_copy(f->arena, buf_str(&text)) : STR_NONE;
	buf_finish(&text);
	return out;
}

static void must_know(struct fixture *f, const struct ground *on, const char *codes)
{
	struct str found = plain_of(f, weigh(f, on, on->concern));
	if (!str_eq(found, str_from_c(codes)))
		fail_msg("%.*s instead of %s", STR_ARG(found), codes);
}

static void the_newest_word_of_anybody_says_what_is_known(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	struct person other = person(f, "bea", "exploitation-lead");
	must_know(f, &on, "[]");
	tell(f, &on.sam, on.child, "language", "self", "Polish");
	tell(f, &other, on.child, "sex", "paper", "girl");
	tell(f, &on.sam, on.child, "age", "unknown", "");
	must_know(f, &on, "[\"sex\",\"language\"]");
	tell(f, &on.sam, on.child, "age", "paper", "13");
	must_know(f, &on, "[\"sex\",\"age\",\"language\"]");
	tell(f, &on.sam, on.child, "sex", "unknown", ""); /* it was known, and is not */
	must_know(f, &on, "[\"age\",\"language\"]");
	(void)admitted(f, &on.sam.actor, "fact.cut", on.child, fields_of(f, "{'which':'age'}"));
	must_know(f, &on, "[\"language\"]");
	tell(f, &on.sam, on.child, "age", "self", "13");
	must_know(f, &on, "[\"age\",\"language\"]");
}

static void it_is_known_only_if_it_is_known_of_each(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	struct str other = child_of(f, &on.sam).file;
	tell(f, &on.sam, on.child, "sex", "self", "girl");
	tell(f, &on.sam, on.child, "age", "self", "13");
	tell(f, &on.sam, other, "age", "self", "9");
	(void)admitted(f, &on.screen.actor, "concern.joined", on.concern,
	               fields_of(f, arena_format(f->arena, "{'child':'%.*s'}", STR_ARG(other)).p));
	must_know(f, &on, "[\"age\"]");
}

static struct casebook_verified verified(struct fixture *f)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	return found;
}

static void must_know_here(struct fixture *f, const struct ground *on, const char *codes)
{
	int64_t index = admitted(f, &on->sam.actor, "child.weighed", on->child,
	                         fields_of(f, "{'said':'yes'}"))
	                        .index;
	struct str found = plain_of(f, index);
	if (!str_eq(found, str_from_c(codes)))
		fail_msg("%.*s instead of %s", STR_ARG(found), codes);
}

static void of_the_acts_own_file_it_is_known_too(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	struct str other = child_of(f, &on.sam).file;
	tell(f, &on.sam, other, "sex", "self", "girl"); /* of another */
	must_know_here(f, &on, "[]");
	tell(f, &on.sam, on.child, "age", "paper", "13");
	must_know_here(f, &on, "[\"age\"]");
	tell(f, &on.sam, on.child, "age", "unknown", "");
	must_know_here(f, &on, "[]");
	CLEANUP(buf_finish) struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_true(str_eq(buf_str(&before), buf_str(&after)));
	assert_true(verified(f).ok);
}

static void where_nobody_is_linked_nothing_is_said(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	struct str concern =
		admitted(f, &on.screen.actor, "concern.received", STR_NONE,
	                 fields_of(f, "{'source':'school','harm':['physical'],'danger-now':'no',"
	                              "'harm-sign':'yes','area':'screener','words':'A child.'}"))
			.file;
	assert_null(plain_of(f, weigh(f, &on, concern)).p);
}

/* L10: what is written down of anybody changes nothing of what the register says is known. */
static void whatever_the_values_are_it_says_the_same(void **state)
{
	static const char *const VALUES[][2] = { { "girl", "13" }, { "boy", "17" }, { "", "" } };
	struct fixture *f = *state;
	struct ground on = founded(f);
	for (size_t i = 0; i < COUNT_OF(VALUES); i++) {
		tell(f, &on.sam, on.child, "sex", "self", VALUES[i][0]);
		tell(f, &on.sam, on.child, "age", "paper", VALUES[i][1]);
		must_know(f, &on, "[\"sex\",\"age\"]");
	}
}

static void nobody_writes_it_or_corrects_it(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	struct casebook_answer answer = act(f, &on.screen.actor, "concern.weighed", on.concern,
	                                    fields_of(f, "{'said':'yes','known':['sex']}"));
	assert_int_equal(answer.outcome, CASEBOOK_FAILED);
	assert_int_equal(answer.error_count, 1);
	assert_true(str_eq(answer.errors[0].text,
	                   STR("Known: the register counts this itself; leave it out")));
	struct str text = arena_format(
		f->arena, "{'of':%" PRId64 ",'field':'known','value':'sex','why':'other'}",
		weigh(f, &on, on.concern));
	REFUSED(f, act(f, &on.screen.actor, "entry.corrected", on.concern, fields_of(f, text.p)),
	        "counted");
}

static void it_stands_in_the_entry_and_a_refold_keeps_it(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	tell(f, &on.sam, on.child, "sex", "self", "girl");
	must_know(f, &on, "[\"sex\"]");
	tell(f, &on.sam, on.child, "sex", "unknown", "");
	must_know(f, &on, "[]");
	CLEANUP(buf_finish) struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf after = dump(f);
	assert_true(str_eq(buf_str(&before), buf_str(&after)));
	assert_true(verified(f).ok);
}

/* Whoever writes the database hides the link while the act is made, and puts it back. */
static void what_was_not_so_is_found_by_verify(void **state)
{
	struct fixture *f = *state;
	struct ground on = founded(f);
	MUST(f, store_run(f->book->store, "UPDATE link SET removed = 0", &f->err));
	int64_t index = weigh(f, &on, on.concern);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	struct casebook_verified found = verified(f);
	assert_false(found.ok);
	assert_int_equal(found.difference.index, index);
	if (str_find_str(found.difference.what,
	                 STR("Its \"Known\" is not what was known when it was recorded")) ==
	    found.difference.what.n)
		fail_msg("%.*s", STR_ARG(found.difference.what));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_newest_word_of_anybody_says_what_is_known),
		PROVES(it_is_known_only_if_it_is_known_of_each),
		PROVES(of_the_acts_own_file_it_is_known_too),
		PROVES(where_nobody_is_linked_nothing_is_said),
		PROVES(whatever_the_values_are_it_says_the_same),
		PROVES(nobody_writes_it_or_corrects_it),
		PROVES(it_stands_in_the_entry_and_a_refold_keeps_it),
		PROVES(what_was_not_so_is_found_by_verify),
	};
	return PROVE(tests);
}

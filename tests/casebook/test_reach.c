/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A home or a school is named by hundreds of children: what an act does on linked files, it does on all. */
#include "casebook/dump.h"
#include "casebook/keys.h"
#include "casebook/sample_changed.h"

#define FILES 200

/* On a child's file: what opens, settles and makes something on every concern about the child. */
static const struct text_change WIDE[] = {
	{ "files.yaml", "relations:\n", "relations:\n  told-of: { from: [child], to: [concern] }\n" },
	{ "kinds/child.yaml", "",
	  "child.told-of:\n  title: Concerns that speak of the child\n  file: child\n  by: [anyone]\n"
	  "  fields: [{ name: concerns, type: file, of: [concern], repeated: yes, max-items: 50, required: yes }]\n"
	  "  links: [{ relation: told-of, to: concerns }]\n"
	  "child.moved:\n  title: The child lives elsewhere\n  file: child\n  by: [anyone]\n"
	  "  opens: [{ duty: T12, on: told-of }]\n"
	  "  then: [{ kind: move.noted, on: told-of }]\n"
	  "child.settled:\n  title: Looked at on every file\n  file: child\n  by: [anyone]\n"
	  "  settles: [{ duty: T12, on: told-of }]\n" },
	{ "kinds/concern.yaml", "",
	  "move.noted:\n  title: The child has moved\n  file: concern\n  by: [register]\n" },
};

static int64_t counted(struct fixture *f, const char *sql)
{
	int64_t n;
	MUST(f, store_get_int(f->book->store, sql, &n, &f->err));
	return n;
}

static void an_act_reaches_every_one_of_two_hundred_linked_files(void **state)
{
	static const char OWED[] = "SELECT COUNT(*) FROM duty WHERE rule = 'T12' AND closed IS NULL";
	static const char NOTED[] = "SELECT COUNT(*) FROM entry WHERE kind = 'move.noted'";
	struct fixture *f = *state;
	struct casebook_act *acts = arena_alloc(f->arena, FILES, sizeof *acts);
	struct casebook_answer *answers = arena_alloc(f->arena, FILES, sizeof *answers);
	found_by(f, sample_changed(f, WIDE, COUNT_OF(WIDE)));
	struct person worker = person(f, "sam", "social-worker");
	struct str rose =
		admitted(f, &worker.actor, "person.opened", STR_NONE, fields_of(f, "{'names':['Rose'],'born':'2012-03'}")).file;
	const struct json *fields = fields_of(f, "{'source':'school','harm':['neglect'],'danger-now':'no',"
	                                         "'harm-sign':'no','area':'screener','words':'Alone.'}");
	for (size_t i = 0; i < FILES; i++)
		acts[i] = (struct casebook_act){
			.actor = BY_PUBLIC, .via = CASEBOOK_WEB, .kind = STR("concern.received"), .fields = fields
		};
	MUST(f, casebook_submit_many(f->book, acts, FILES, f->arena, answers, &f->err));
	fixture_must_admit(&answers[FILES - 1], "concern.received");
	for (size_t i = 0; i < FILES; i += 50) {
		struct json *told = json_object(f->arena), *concerns = json_array(f->arena);
		for (size_t c = i; c < i + 50; c++)
			json_push(concerns, json_string(f->arena, answers[c].file));
		json_put(told, STR("concerns"), concerns);
		(void)admitted(f, &worker.actor, "child.told-of", rose, told);
	}
	int64_t before = counted(f, OWED);
	(void)admitted(f, &worker.actor, "child.moved", rose, json_object(f->arena));
	assert_int_equal(counted(f, OWED) - before, FILES);
	assert_int_equal(counted(f, NOTED), FILES);
	(void)admitted(f, &worker.actor, "child.settled", rose, json_object(f->arena));
	assert_int_equal(counted(f, OWED), before);
	CLEANUP(buf_finish) struct buf once = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	CLEANUP(buf_finish) struct buf again = dump(f);
	assert_same_dump(&once, &again);
	close_register(f);
	must_verify(f);
	fixture_open(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_act_reaches_every_one_of_two_hundred_linked_files),
	};
	return PROVE(tests);
}

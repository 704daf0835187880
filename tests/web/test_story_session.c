/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Point 30 of docs/asked.md, told as a practitioner lives it: elsewhere the
 * session ended while somebody wrote, and the work was lost without a word.
 */
#include "web/story.h"

static void sign_in(struct visitor *visitor, const struct person *who)
{
	struct fixture *f = visitor->f;
	visitor_open(visitor, "/sign-in");
	visitor_send(visitor, "/sign-in", "name=amara&password=a+long+enough+password");
	assert_true(visitor_is_at(visitor, "/sign-in/digits"));
	visitor_send(visitor, "/sign-in/digits",
	             arena_format(f->arena, "digits=%.*s", STR_ARG(digits_now(f, who->totp))).p);
}

/* What the form on the page carries along, and her words. */
static const char *filled_in(const struct visitor *visitor, const char *words)
{
	static const char *const hidden[] = { "submission", "seen", "form-of" };
	struct arena *arena = visitor->f->arena;
	/* Other forms of the page carry a csrf field too: the act's is the first after its own head. */
	struct str head = visitor_text(visitor, "note.made\"", "name=\"submission\"");
	size_t at = str_find_str(head, STR("name=\"csrf\" value=\""));
	assert_true(at < head.n);
	struct str csrf = str_sub(head, at + strlen("name=\"csrf\" value=\""), head.n);
	struct str form = arena_format(arena, "text=%s&csrf=%.*s", words,
	                               STR_ARG(str_sub(csrf, 0, str_find(csrf, '"'))));
	for (size_t i = 0; i < COUNT_OF(hidden); i++) {
		const char *before = arena_format(arena, "type=\"hidden\" name=\"%s\" value=\"", hidden[i]).p;
		struct str value = visitor_text(visitor, before, "\"");
		form = arena_format(arena, "%.*s&%s=%.*s", STR_ARG(form), hidden[i], STR_ARG(value));
	}
	return form.p;
}

static void a_form_survives_the_end_of_a_session(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct visitor visitor = visitor_begin(f);
	sign_in(&visitor, &amara);
	assert_true(visitor_is_at(&visitor, "/work"));
	const char *path = arena_format(f->arena, "/files/%.*s/note.made", STR_ARG(concern.number)).p;
	visitor_open(&visitor, path);
	assert_true(visitor_is_at(&visitor, path));
	/* She writes, is called to a crying child, and comes back to a session that has ended. */
	const char *form = filled_in(&visitor, "She+said+that+he+hides+in+the+shed.");
	later(f, 40 * INSTANT_PER_MINUTE);
	visitor_send(&visitor, path, form);
	assert_true(visitor_sees(&visitor, "What you wrote is kept: sign in to go on."));
	assert_false(visitor_sees(&visitor, "hides in the shed"));
	/* After signing in she is before her form again, her words in it; nothing was sent meanwhile. */
	sign_in(&visitor, &amara);
	assert_true(visitor_is_at(&visitor, path));
	assert_true(visitor_sees(&visitor, "She said that he hides in the shed."));
	assert_int_equal(file_named(f, concern.number).last_entry, concern.index);
	visitor_send(&visitor, path, filled_in(&visitor, "She+said+that+he+hides+in+the+shed."));
	assert_int_equal(visitor.status, 200);
	assert_true(file_named(f, concern.number).last_entry > concern.index);
	visitor_end(&visitor);
}

/* Somebody else who signs in at that desk is not shown what she wrote. */
static void a_form_that_was_kept_is_for_its_writer_alone(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), milo = person(f, "milo", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct visitor visitor = visitor_begin(f);
	const char *path = arena_format(f->arena, "/files/%.*s/note.made", STR_ARG(concern.number)).p;
	sign_in(&visitor, &amara);
	visitor_open(&visitor, path);
	const char *form = filled_in(&visitor, "She+said+that+he+hides+in+the+shed.");
	later(f, 40 * INSTANT_PER_MINUTE);
	visitor_send(&visitor, path, form);
	visitor_send(&visitor, "/sign-in", "name=milo&password=a+long+enough+password");
	visitor_send(&visitor, "/sign-in/digits",
	             arena_format(f->arena, "digits=%.*s", STR_ARG(digits_now(f, milo.totp))).p);
	assert_true(visitor_is_at(&visitor, "/work"));
	visitor_open(&visitor, path);
	assert_false(visitor_sees(&visitor, "hides in the shed"));
	visitor_end(&visitor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_form_survives_the_end_of_a_session),
		PROVES(a_form_that_was_kept_is_for_its_writer_alone),
	};
	return PROVE(tests);
}

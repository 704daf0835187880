/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Limits are promised in characters: ten thousand of four bytes each (twelve in
 * a form, twelve as JSON escapes) are taken wherever a text is, and one more is
 * told by number, not by the size of the body.
 */
#include "web/staff.h"

#define WHOLE 10000
#define LIMIT "must be 10,000 characters or fewer. You have 10,001"

static const char FORM[] = "%F0%9F%90%98", ESCAPED[] = "\\ud83d\\udc18", RAW[] = "\xF0\x9F\x90\x98";

/* `before`, `count` times `one`, `after`. */
static struct str long_text(struct fixture *f, const char *before, const char *one, size_t count,
                            const char *after)
{
	struct buf out;
	buf_init(&out, (size_t)1 << 20);
	buf_add(&out, str_from_c(before));
	for (size_t i = 0; i < count; i++)
		buf_add(&out, str_from_c(one));
	buf_add(&out, str_from_c(after));
	assert_false(out.full);
	struct str text = arena_copy(f->arena, buf_str(&out));
	buf_finish(&out);
	return text;
}

/* The newest entry has the whole of it. */
static void must_hold_all(struct fixture *f, const struct casebook_viewer *viewer, struct str file,
                          const char *kind, struct str field)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_file found = file_named(f, file);
	const struct json *sealed;
	enum casebook_seal how;
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, found.last_entry, &entry, &f->err));
	assert_true(str_eq(entry.kind, str_from_c(kind)));
	MUST(f, casebook_open_seal(reader, viewer, found.last_entry, f->arena, &how, &sealed, &f->err));
	assert_true(json_text(sealed, field).n >= WHOLE * 4); /* a challenge says first of what */
}

static void a_report_takes_every_character_that_it_promises(void **state)
{
	struct fixture *f = *state;
	struct site site = serve(f, NULL);
	const char *const ways[] = { RAW, ESCAPED };
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		ask(&site, "POST", "/report", "application/json", NULL,
		    long_text(f, "{\"happening\":\"", ways[i], WHOLE + 1, "\"}"));
		assert_int_equal(site.status, 422);
		must_see(&site, LIMIT);
		ask(&site, "POST", "/report", "application/json", NULL,
		    long_text(f, "{\"happening\":\"", ways[i], WHOLE, "\"}"));
		assert_int_equal(site.status, 201);
	}
	post(&site, "/report", long_text(f, "danger=no&happening=", FORM, WHOLE + 1, "").p);
	assert_int_equal(site.status, 422);
	must_see(&site, LIMIT);
	post(&site, "/report", long_text(f, "danger=no&happening=", FORM, WHOLE, "").p);
	must_lead_to(&site, "/report/done");
	post(&site, "/report/happening", long_text(f, "happening=", FORM, WHOLE + 1, "").p);
	assert_int_equal(site.status, 422);
	must_see(&site, LIMIT);
	post(&site, "/report/happening", long_text(f, "happening=", FORM, WHOLE, "").p);
	assert_int_equal(site.status, 303);
	shut(&site);
}

static void behind_the_code_every_character_is_taken(void **state)
{
	static const char *const PATHS[] = { "/return/add", "/return/challenge" };
	static const char *const FIRST[] = { "more=", "challenge=2&more=" };
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "x");
	struct site site = serve(f, NULL);
	struct str code = casebook_code_write(f->arena, &concern.code, '+');
	post(&site, "/return/status", arena_format(f->arena, "code=%.*s", STR_ARG(code)).p);
	must_lead_to(&site, "/return/status");
	for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
		get(&site, i ? PATHS[i] : "/return/status");
		struct str submission = between(&site, "name=\"submission\" value=\"", "\"");
		const char *rest = arena_format(f->arena, "&danger-now=no&submission=%.*s", STR_ARG(submission)).p;
		post(&site, PATHS[i], long_text(f, FIRST[i], FORM, WHOLE + 1, rest).p);
		assert_int_equal(site.status, 422);
		must_see(&site, "must be 10,000 characters or fewer");
		post(&site, PATHS[i], long_text(f, FIRST[i], FORM, WHOLE, rest).p);
		must_lead_to(&site, "/return/status");
		must_hold_all(f, &amara.viewer, concern.file, "concern.added", STR("words"));
	}
	shut(&site);
}

static void an_act_takes_every_character_that_its_form_promises(void **state)
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "x"), made;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct site site = serve(f, NULL);
	const char *path = path_on(&site, &concern, "note.made");
	const char *const ways[] = { RAW, ESCAPED };
	MUST(f, casebook_token_make(f->book, &amara.actor, CASEBOOK_CLI, STR_NONE, amara.account, STR("screener"),
	                            casebook_now(f->book) + INSTANT_PER_DAY, f->arena, secret, &made, &f->err));
	fixture_must_admit(&made, "token.made");
	const char *bearer = arena_format(f->arena, "Authorization: Bearer %s\r\n", secret).p;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		ask(&site, "POST", path, "application/json", bearer,
		    long_text(f, "{\"text\":\"", ways[i], WHOLE + 1, "\"}"));
		assert_int_equal(site.status, 422);
		must_see(&site, LIMIT);
		ask(&site, "POST", path, "application/json", bearer,
		    long_text(f, "{\"text\":\"", ways[i], WHOLE, "\"}"));
		assert_int_equal(site.status, 201);
		must_hold_all(f, &amara.viewer, concern.file, "note.made", STR("text"));
	}
	sign_in(&site, "amara", &amara);
	for (size_t more = 2; more-- > 0;) {
		get(&site, path);
		struct str submission = between(&site, "name=\"submission\" value=\"", "\"");
		const char *rest = arena_format(f->arena, "&submission=%.*s", STR_ARG(submission)).p;
		post_own(&site, path, long_text(f, "text=", FORM, WHOLE + more, rest).p);
		assert_int_equal(site.status, more ? 422 : 303);
		if (more)
			must_see(&site, LIMIT);
	}
	must_hold_all(f, &amara.viewer, concern.file, "note.made", STR("text"));
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_report_takes_every_character_that_it_promises),
		PROVES(behind_the_code_every_character_is_taken),
		PROVES(an_act_takes_every_character_that_its_form_promises),
	};
	return PROVE(tests);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A drill register of Northmere from packs/, served to be looked at, tried by
 * browser tests and measured. One concern lies in it that is late and climbed:
 * reported on Friday 13 November 2026, 3:20pm; it is Thursday 19 November,
 * 10:12am. Prints its address and the code of that concern, and last a second
 * address, which stands behind a proxy and lets one wrong code pass a minute.
 * Ends with its input.
 *
 *   serve_drill [HOST:PORT [TEMPLATES]]        default 127.0.0.1:8080
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base.h"
#include "casebook/casebook.h"
#include "web/web.h"

#define ARENA_MAX ((size_t)64 << 20)
#define REPORTED  INT64_C(1794583200000000) /* 2026-11-13T15:20:00Z */
#define TODAY     INT64_C(1795083120000000) /* 2026-11-19T10:12:00Z */
#define CLIMBS    1000

static const struct casebook_actor BY_REGISTER = { .by = CASEBOOK_BY_REGISTER };

struct drill {
	struct arena *arena;
	struct casebook *book;
	struct casebook_actor screener;
	struct casebook_answer concern;
};

static int stop(const struct err *err)
{
	(void)fprintf(stderr, "%s (%s)\n", err->message, err->context);
	return err_exit_status(err->code);
}

static bool make_register(struct drill *drill, const char *dir, struct err *err)
{
	const char *named = file_environment("CANDOUR_PACKS");
	const char *folders[] = { named ? named : "packs" };
	const struct pack_bytes *pack = NULL;
	struct casebook_made made;
	if (!pack_find(drill->arena, folders, COUNT_OF(folders), STR("england"), &pack, err))
		return false;
	struct casebook_founding founding = {
		.dir = dir,
		.pack = pack,
		.origin = STR("drill.northmere.example/register"),
		.is_drill = true,
		.start = REPORTED - INSTANT_PER_HOUR,
	};
	return casebook_create(&founding, drill->arena, &made, err);
}

/* An act that must be admitted. Fields are JSON with ' for ". */
static bool act(struct drill *drill, const struct casebook_actor *actor, const char *kind,
                struct str file, const char *fields, struct casebook_answer *answer, struct err *err)
{
	struct str text = arena_copy(drill->arena, str_from_c(fields));
	char *p = arena_alloc(drill->arena, text.n + 1, 1);
	struct casebook_act what = { .actor = *actor, .kind = str_from_c(kind), .file = file };
	for (size_t i = 0; p && i < text.n; i++)
		p[i] = text.p[i] == '\'' ? '"' : text.p[i];
	what.submission = arena_format(drill->arena, "drill %zu", arena_used(drill->arena));
	what.wants_code = actor->by == CASEBOOK_BY_PUBLIC;
	what.via = actor->by == CASEBOOK_BY_REGISTER ? CASEBOOK_REGISTER : CASEBOOK_WEB;
	if (!json_read(drill->arena, (struct str){ p, text.n }, 8, &what.fields, err) ||
	    !casebook_submit(drill->book, &what, drill->arena, answer, err))
		return false;
	if (answer->outcome == CASEBOOK_ADMITTED)
		return true;
	return err_set(err, ERR_FAULT, "%s: %s %.*s", kind, answer->err.message,
	               STR_ARG(answer->sentence));
}

/* Somebody in the front door's office. */
static bool make_screener(struct drill *drill, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_new_account amara = { .name = STR("amara"),
		                              .person = STR("Amara Some Body"),
		                              .password = STR("a long enough password") };
	struct casebook_account_made made;
	struct casebook_answer answer;
	const struct casebook_office *offices;
	struct casebook_file file = { 0 };
	size_t count;
	if (!casebook_account_add(drill->book, &BY_REGISTER, CASEBOOK_REGISTER, &amara, drill->arena,
	                          &made, err) ||
	    !casebook_reader_take(drill->book, &reader, err) ||
	    !casebook_offices(reader, drill->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (str_eq(offices[i].id, STR("screener")) &&
		    !casebook_file_get(reader, drill->arena, offices[i].file, &file, err))
			return false;
	drill->screener = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                                   .account = made.account,
		                                   .office = STR("screener") };
	struct str fields = arena_format(drill->arena, "{'office':'screener','account':'%.*s'}",
	                                 STR_ARG(made.account));
	return act(drill, &BY_REGISTER, "office.held", file.id, fields.p, &answer, err);
}

static bool make_history(struct drill *drill, struct err *err)
{
	static const struct casebook_actor public = { .by = CASEBOOK_BY_PUBLIC };
	struct casebook_answer answer;
	size_t fired = 1;
	instant next;
	if (!casebook_set_now(drill->book, REPORTED, err) || !make_screener(drill, err) ||
	    !act(drill, &public, "concern.received", STR(""),
	         "{'danger-now':'no','source':'neighbour','happening':'He is alone at night.',"
	         "'harm':['neglect'],'harm-sign':'unknown','channel':'web'}",
	         &drill->concern, err) ||
	    !casebook_set_now(drill->book, REPORTED + 160 * INSTANT_PER_MINUTE, err) ||
	    !act(drill, &drill->screener, "concern.looked", drill->concern.file,
	         "{'danger':'none-found','checked':['own-files']}", &answer, err) ||
	    !act(drill, &drill->screener, "concern.acknowledged", drill->concern.file,
	         "{'to':'referrer','how':'return-page','reply':'We have it, and somebody reads it.'}",
	         &answer, err))
		return false;
	if (!casebook_climb(drill->book, casebook_now(drill->book), CLIMBS, &fired, &next, err))
		return false;
	while (next > 0 && next < TODAY)
		if (!casebook_set_now(drill->book, next, err) ||
		    !casebook_climb(drill->book, next, CLIMBS, &fired, &next, err))
			return false;
	return casebook_set_now(drill->book, TODAY, err) &&
	       casebook_climb(drill->book, TODAY, CLIMBS, &fired, &next, err);
}

int main(int argc, char **argv)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ARENA_MAX);
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	char dir[] = "/tmp/candour-drill-XXXXXX";
	struct web_config config = { .listen = argc > 1 ? argv[1] : NULL,
		                     .templates = argc > 2 ? argv[2] : NULL };
	struct web_config limited_config = { .listen = "127.0.0.1:0",
		                             .proxy_secret = STR("between the two of us"),
		                             .has_limits = true,
		                             .reports_a_minute = 9,
		                             .codes_a_minute = 1,
		                             .sign_ins_a_minute = 9 };
	struct drill drill = { .arena = arena };
	struct web *web, *limited;
	struct err err = { 0 };
	if (!arena || !mkdtemp(dir))
		return err_exit_status(ERR_UNABLE);
	if (!make_register(&drill, dir, &err) || !casebook_open(dir, CASEBOOK_WRITE, &book, &err))
		return stop(&err);
	drill.book = book;
	if (!make_history(&drill, &err) || !casebook_start_writer(book, &err) ||
	    !web_start(book, &config, &web, &err) ||
	    !web_start(book, &limited_config, &limited, &err))
		return stop(&err);
	printf("http://127.0.0.1:%u/ serves the drill register in %s\n", (unsigned)web_port(web), dir);
	printf("late: %.*s\n",
	       STR_ARG(casebook_code_write(arena, &drill.concern.code, ' ')));
	printf("limited: http://127.0.0.1:%u/\n", (unsigned)web_port(limited));
	(void)fflush(stdout);
	while (getchar() != EOF)
		continue;
	web_stop(limited);
	web_stop(web);
	return 0;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which registers serve this machine alone. */
#include "web/visitor.h"

#include "casebook/live.h"

/* Whether it is served there; what hinders it stays in live->f.err. */
static bool may_serve(struct live *live, const char *listen, struct str proxy_secret)
{
	struct web_config config = { .listen = listen, .proxy_secret = proxy_secret };
	struct web *web = NULL;
	live->f.err = (struct err){ 0 };
	bool may = web_start(live->f.book, &config, &web, &live->f.err);
	web_stop(web);
	return may;
}

static void refuses(struct live *live, const char *word)
{
	struct str said;
	assert_false(may_serve(live, "0.0.0.0:0", STR_NONE));
	assert_int_equal(live->f.err.code, ERR_USAGE);
	said = str_from_c(live->f.err.message);
	if (str_find_str(said, str_from_c(word)) == said.n)
		fail_msg("said: %s", live->f.err.message);
	assert_false(may_serve(live, "[::]:0", STR_NONE));
	/* Who stands behind a proxy is not this machine. */
	assert_false(may_serve(live, "127.0.0.1:0", STR("a secret of the proxy that is long enough")));
	assert_true(may_serve(live, "127.0.0.1:0", STR_NONE));
	assert_true(may_serve(live, "[::1]:0", STR_NONE));
}

static void what_is_not_opened_serves_this_machine_alone(void **state)
{
	struct fixture *f = *state;
	struct live live;
	live_found(f, &live, STR("northmere.example/register"));
	refuses(&live, "register opened");
	live_open(&live);
	assert_true(may_serve(&live, "0.0.0.0:0", STR_NONE));
	live_close(&live);
}

static void what_is_opened_without_a_name_serves_this_machine_alone(void **state)
{
	struct fixture *f = *state;
	struct live live;
	struct casebook_answer answer;
	live_found(f, &live, STR(""));
	live_open(&live);
	refuses(&live, "register name");
	MUST(&live.f, casebook_register_name(live.f.book, &live.ada.actor, CASEBOOK_CLI, STR("root"),
	                                     STR("northmere.example/register"), f->arena, &answer, &live.f.err));
	fixture_must_admit(&answer, "register.named");
	assert_true(may_serve(&live, "0.0.0.0:0", STR_NONE));
	live_close(&live);
}

static void a_drill_is_served_to_a_class(void **state)
{
	struct fixture *f = *state;
	struct web_config config = { .listen = "0.0.0.0:0" };
	struct web *web = NULL;
	MUST(f, web_start(f->book, &config, &web, &f->err));
	assert_false(web_is_loopback(web));
	web_stop(web);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_is_not_opened_serves_this_machine_alone),
		PROVES(what_is_opened_without_a_name_serves_this_machine_alone),
		PROVES(a_drill_is_served_to_a_class),
	};
	return PROVE(tests);
}

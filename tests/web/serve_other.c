/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A drill register by packs/wales, whose kinds, offices and duties share no
 * name with England's, served for browser tests of one journey. Prints the
 * address and how to sign in as one line of JSON; ends with its input.
 *
 *   serve_other [HOST:PORT]
 */
#include "casebook/changed_pack.h"

#include "web/web.h"

static void serve(struct fixture *f, struct web_config *config)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *wales = NULL;
	struct web *web = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("wales"), &wales, &f->err));
	found_by(f, wales);
	struct person nia = person(f, "nia", "first-contact-worker");
	MUST(f, casebook_start_writer(f->book, &f->err));
	MUST(f, web_start(f->book, config, &web, &f->err));
	printf("{\"address\":\"http://127.0.0.1:%u\",\"password\":\"%s\",\"people\":{\"nia\":\"%.*s\"}}\n",
	       (unsigned)web_port(web), FIXTURE_PASSWORD, STR_ARG(nia.totp));
	(void)fflush(stdout);
	while (getchar() != EOF)
		continue;
	web_stop(web);
}

int main(int argc, char **argv)
{
	void *state = NULL, *founded;
	struct web_config config = { .listen = argc > 1 ? argv[1] : NULL };
	if (fixture_found(&state))
		return 1;
	founded = state;
	if (fixture_set_up(&state))
		return 1;
	serve(state, &config);
	return fixture_tear_down(&state) || fixture_forget(&founded);
}

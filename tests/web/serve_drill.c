/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A drill register of Northmere from packs/, served to be looked at, tried by
 * browser tests and measured. Prints its address, and ends with its input.
 *
 *   serve_drill [HOST:PORT]        default 127.0.0.1:8080
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base.h"
#include "casebook/casebook.h"
#include "web/web.h"

#define ARENA_MAX ((size_t)64 << 20)

static int stop(const struct err *err)
{
	(void)fprintf(stderr, "%s (%s)\n", err->message, err->context);
	return err_exit_status(err->code);
}

static bool make_register(struct arena *arena, const char *dir, struct err *err)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	struct casebook_made made;
	if (!pack_find(arena, folders, COUNT_OF(folders), STR("england"), &pack, err))
		return false;
	struct casebook_founding founding = {
		.dir = dir,
		.pack = pack,
		.origin = STR("drill.northmere.example/register"),
		.is_drill = true,
	};
	return casebook_create(&founding, arena, &made, err);
}

int main(int argc, char **argv)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ARENA_MAX);
	CLEANUP(casebook_cleanup) struct casebook *book = NULL;
	char dir[] = "/tmp/candour-drill-XXXXXX";
	struct web_config config = { .listen = argc > 1 ? argv[1] : NULL };
	struct web *web;
	struct err err = { 0 };
	const char *templates = argc > 2 ? argv[2] : NULL;
	config.templates = templates;
	if (!arena || !mkdtemp(dir))
		return err_exit_status(ERR_UNABLE);
	if (!make_register(arena, dir, &err) || !casebook_open(dir, CASEBOOK_WRITE, &book, &err) ||
	    !casebook_start_writer(book, &err) || !web_start(book, &config, &web, &err))
		return stop(&err);
	printf("http://127.0.0.1:%u/ serves the drill register in %s\n", (unsigned)web_port(web), dir);
	(void)fflush(stdout);
	while (getchar() != EOF)
		continue;
	web_stop(web);
	return 0;
}

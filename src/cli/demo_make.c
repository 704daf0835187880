/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Making Northmere: founded, peopled, planned, lived through. It is made in a
 * folder in memory where the machine has one, for every act is durable before
 * the next and a year has thousands; then it is copied to where it stays,
 * under its name only when it is whole.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cli/demo_world.h"

#define TMPFS UINT64_C(0x01021994) /* statfs(2) */
#define MEMORY_WANTED (256LL << 20)
#define FILE_MAX ((size_t)128 << 20)

/* --- folders -------------------------------------------------------------------------------- */

static void remove_folder(struct arena *arena, const char *dir)
{
	const struct str *names;
	struct err ignored = { 0 };
	size_t count = 0;
	if (!file_list(arena, dir, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *path = file_join(arena, dir, str_to_c(arena, names[i]));
		if (path && file_is_folder(path) && !file_is_link(path))
			remove_folder(arena, path);
		else if (path)
			(void)unlink(path);
	}
	(void)rmdir(dir);
}

static bool copy_folder(const char *from, const char *to, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(FILE_MAX + DEMO_ACT_BYTES);
	const struct str *names;
	size_t count;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to copy the demo");
	if (!file_make_folder(to, 0700, err) || !file_list(arena, from, &names, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		CLEANUP(arena_cleanup) struct arena *piece = arena_create(FILE_MAX);
		const char *source = file_join(arena, from, str_to_c(arena, names[i]));
		const char *target = file_join(arena, to, str_to_c(arena, names[i]));
		struct str bytes;
		if (!piece || !source || !target)
			return err_set(err, ERR_UNABLE, "There is no memory to copy the demo");
		if (file_is_folder(source)) {
			if (!copy_folder(source, target, err))
				return false;
			continue;
		}
		if (!file_read(piece, source, FILE_MAX, &bytes, err) ||
		    !file_write(target, 0600, bytes, err))
			return false;
	}
	return true;
}

/* --- the world ------------------------------------------------------------------------------ */

static bool found(struct demo *demo, const char *dir, struct err *err)
{
	struct casebook_made made;
	struct casebook_founding founding = { .dir = dir,
		                              .pack = demo->options->pack,
		                              .origin = STR(DEMO_ORIGIN),
		                              .is_drill = true,
		                              .has_seed = true,
		                              .seed = demo->options->seed,
		                              .start = demo->start };
	/* Time stands still between steps, and all chance follows from the seed: far from the seeds
	 * that founding takes, or a file would get the id of one that is there. */
	struct casebook_options options = { .has_seed = true, .seed = ~demo->options->seed };
	return casebook_create(&founding, demo->arena, &made, err) &&
	       casebook_open_with(dir, CASEBOOK_WRITE, &options, &demo->book, err) &&
	       casebook_set_now(demo->book, demo->start, err);
}

static bool has_rules(const struct demo *demo, struct err *err)
{
	const struct pack *pack = casebook_pack(demo->book);
	if (pack_kind_find(pack, STR("concern.received")) &&
	    pack_kind_find(pack, STR("concern.decided")) && pack_office_find(pack, STR("screener")))
		return true;
	return err_set(err, ERR_INPUT,
	               "Northmere lives by the pack \"england\"; this one has no concerns");
}

static const char *const CODE_WHAT[DEMO_CODES] = {
	"arrived a little while ago; what is owed stands beside it",
	"nobody has decided; it climbed until somebody outside was told",
	"answered and closed; there is a reply to read",
};

static void fill_codes(struct demo *demo)
{
	for (size_t i = 0; i < DEMO_CODES; i++) {
		const struct demo_concern *concern = demo->codes[i];
		demo->made->codes[i] = (struct demo_code){ .code = concern->code,
			                                   .number = concern->number,
			                                   .what = str_from_c(CODE_WHAT[i]) };
	}
}

/* Of both: the simulated year and what is told by hand. */
static bool count(struct demo *demo, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_file file;
	struct err absent = { 0 };
	if (!casebook_reader_take(demo->book, &reader, err))
		return false;
	for (demo->made->concerns = 0;; demo->made->concerns++) {
		arena_reset(demo->act);
		struct str number = arena_format(demo->act, "C-%" PRId64, demo->made->concerns + 1);
		if (!casebook_file_find(reader, demo->act, number, &file, &absent))
			return absent.code == ERR_ABSENT ||
			       err_set(err, absent.code, "%s", absent.message);
	}
}

static void count_acts(struct demo_made *made)
{
	if (!made->lived)
		return;
	made->acts += made->lived->acts;
	made->refused += made->lived->refused;
	for (int rung = 1; rung <= YEARS_RUNGS; rung++)
		made->climbed += made->lived->climbed[rung];
}

static bool live(struct demo *demo, const char *dir, struct err *err)
{
	if (!found(demo, dir, err))
		return false;
	demo->calendar = casebook_pack(demo->book)->calendar;
	if (!has_rules(demo, err) || !demo_make_people(demo, err))
		return false;
	if (!demo_enter_years(demo, err))
		return false;
	demo_plan_today(demo);
	demo_plan_offices(demo);
	if (!demo_run(demo, err) || !casebook_beat(demo->book, err))
		return false;
	fill_codes(demo);
	return count(demo, err);
}

static struct demo *create(const struct demo_options *options, struct arena *arena,
                           struct demo_made *made)
{
	struct demo *demo = arena_alloc(arena, 1, sizeof *demo);
	if (!demo)
		return NULL;
	demo->options = options;
	demo->arena = arena;
	demo->made = made;
	demo->start = options->now - DEMO_WEEKS * 7 * INSTANT_PER_DAY;
	demo->act = arena_create(DEMO_ACT_BYTES);
	demo->random = random_seeded_create(options->seed);
	demo->homes = arena_alloc(arena, DEMO_HOMES, sizeof *demo->homes);
	demo->workers = arena_alloc(arena, DEMO_WORKERS, sizeof *demo->workers);
	demo->concerns = arena_alloc(arena, DEMO_CONCERNS, sizeof *demo->concerns);
	demo->queue = arena_alloc(arena, DEMO_STEPS, sizeof *demo->queue);
	bool is_whole = demo->act && demo->random && demo->homes && demo->workers &&
	                demo->concerns && demo->queue;
	return is_whole ? demo : NULL;
}

static bool make_in(const char *dir, const struct demo_options *options, struct arena *arena,
                    struct demo_made *out, struct err *err)
{
	*out = (struct demo_made){ 0 };
	struct demo *demo = create(options, arena, out);
	if (!demo)
		return err_set(err, ERR_UNABLE, "There is no memory for the demo");
	bool done = live(demo, dir, err);
	years_leave(demo->years);
	count_acts(out);
	casebook_close(demo->book);
	arena_destroy(demo->act);
	random_destroy(demo->random);
	return done && demo_save(dir, out, arena, err);
}

static bool is_in_memory(const char *path)
{
	struct statfs info;
	return statfs(path, &info) == 0 && (uint64_t)info.f_type == TMPFS &&
	       access(path, W_OK) == 0 && file_free_bytes(path) >= MEMORY_WANTED;
}

/* A folder of our own: in memory when there is room, else beside the one wanted. */
static const char *scratch_folder(struct arena *arena, const char *dir, struct err *err)
{
	const char *const folders[] = {
		"/dev/shm",
		str_to_c(arena, arena_format(arena, "/run/user/%u", (unsigned)getuid())),
		"/run",
		"/tmp",
	};
	struct str pattern = arena_format(arena, "%s.making-XXXXXX", dir);
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		if (!folders[i] || !is_in_memory(folders[i]))
			continue;
		pattern = arena_format(arena, "%s/candour-demo-XXXXXX", folders[i]);
		break;
	}
	char *path = (char *)(uintptr_t)str_to_c(arena, pattern); /* our own copy, filled in */
	if (path && mkdtemp(path))
		return path;
	err_set(err, ERR_UNABLE, "A folder for the demo cannot be made as %.*s", STR_ARG(pattern));
	err_context(err, "errno %d", errno);
	return NULL;
}

/* Copied under another name on the same disk, then given its own. */
static bool settle(const char *made, const char *dir, struct arena *arena, struct err *err)
{
	const char *beside = str_to_c(arena, arena_format(arena, "%s.new", dir));
	if (!beside)
		return err_set(err, ERR_UNABLE, "There is no memory for the demo");
	remove_folder(arena, beside);
	(void)rmdir(dir); /* an empty one is taken */
	const char *newest = file_join(arena, beside, "keys/newest");
	if (!copy_folder(made, beside, err))
		return false;
	if (newest)
		(void)unlink(newest); /* it names the folder it was made in */
	if (!casebook_keep_newest(beside, err))
		return false;
	if (rename(beside, dir) == 0)
		return true;
	err_set(err, ERR_INPUT, "%s is in use; name another folder for the demo", dir);
	return err_context(err, "errno %d", errno);
}

bool demo_make(const struct demo_options *options, struct arena *arena, struct demo_made *out,
               struct err *err)
{
	const struct str *names;
	struct err absent = { 0 };
	size_t count;
	if (file_list(arena, options->dir, &names, &count, &absent) && count > 0)
		return err_set(err, ERR_INPUT,
		               "%s holds something else; name another folder for the demo",
		               options->dir);
	const char *scratch = scratch_folder(arena, options->dir, err);
	if (!scratch)
		return false;
	bool done = make_in(scratch, options, arena, out, err) &&
	            settle(scratch, options->dir, arena, err);
	remove_folder(arena, scratch);
	return done;
}

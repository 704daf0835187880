/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When the years are over: counts, the sum of all that is, and whether it fits its own proof. */
#include "cli/years_world.h"

#include <fcntl.h>
#include <unistd.h>

#define PIECE ((size_t)1 << 20)
#define LINE_BYTES 200

static void add_line(struct years *years, const char *format, ...) PRINTF(2, 3);
static void add_line(struct years *years, const char *format, ...)
{
	char line[LINE_BYTES];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (n > 0)
		hasher_add(years->hasher,
		           (struct str){ line,
		                         (size_t)n < sizeof line ? (size_t)n : sizeof line - 1 });
}

/* Every file and every duty as the views have them. */
static bool sum_views(struct years *years, struct hash *out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	if (!casebook_reader_take(years->book, &reader, &years->err))
		return false;
	hasher_start(years->hasher);
	for (size_t i = 0; i < years->file_count; i++) {
		struct casebook_file file;
		struct casebook_duty_list duties;
		arena_reset(years->arena);
		if (!casebook_file_get(reader, years->arena, years->files[i].n, &file,
		                       &years->err) ||
		    !casebook_duties_of_file(reader, years->arena, file.n, YEARS_DUTIES_MAX,
		                             &duties, &years->err))
			return false;
		add_line(years, "%.*s %d %" PRId64 "\n", STR_ARG(file.number), file.state,
		         file.open_duties);
		for (size_t d = 0; d < duties.count; d++) {
			const struct casebook_duty *duty = &duties.at[d];
			add_line(
				years, "%.*s %.*s %.*s %" PRId64 " %" PRId64 " %d %d %" PRId64 "\n",
				STR_ARG(duty->name), STR_ARG(duty->rule), STR_ARG(duty->office),
				duty->due, duty->agreed, duty->rung, duty->was_ended, duty->closed);
		}
	}
	*out = hasher_end(years->hasher);
	return true;
}

static bool check_refold(struct years *years, const struct hash *before)
{
	struct hash after;
	if (!casebook_refold(years->book, NULL, NULL, &years->err) || !sum_views(years, &after))
		return false;
	years->report->checked[YEARS_REFOLD]++;
	return hash_eq(before, &after) ||
	       years_broken(years, "refold: what is owed is not what it was");
}

static bool check_verify(struct years *years)
{
	struct casebook_options options = { .shelf = years->options->shelf };
	struct casebook_verified found;
	arena_reset(years->arena);
	if (!casebook_verify_on(&options, years->options->folder, CASEBOOK_VERIFY_WHOLE,
	                        years->arena, years->options->progress,
	                        years->options->progress_ctx, &found, &years->err))
		return false;
	if (!found.ok)
		return years_broken(years, "verify: %.*s: %.*s", STR_ARG(found.difference.where),
		                    STR_ARG(found.difference.what));
	if (found.entries != years->seen)
		return years_broken(years, "verify: %" PRId64 " entries, and %" PRId64 " were seen",
		                    found.entries, years->seen);
	years->report->checked[YEARS_VERIFY]++;
	return true;
}

/* L10: the mark of what is sealed stands nowhere in the database. */
static bool check_bytes(struct years *years)
{
	struct str mark = STR(YEARS_MARK);
	const char *path = file_join(years->arena, years->options->folder, "register.db");
	char *piece = arena_alloc(years->arena, PIECE + mark.n, 1);
	int fd = path && piece ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	size_t kept = 0;
	bool is_there = false;
	if (fd < 0)
		return err_set(&years->err, ERR_UNABLE, "The database cannot be read");
	for (;;) {
		ssize_t n = read(fd, piece + kept, PIECE);
		if (n <= 0)
			break;
		struct str seen = { piece, kept + (size_t)n };
		is_there = is_there || str_find_str(seen, mark) != seen.n;
		kept = seen.n < mark.n ? seen.n : mark.n;
		memmove(piece, piece + seen.n - kept, kept);
	}
	(void)close(fd);
	return !is_there || years_broken(years, "L10: sealed words stand bare in the database");
}

void years_count_files(struct years *years)
{
	struct years_report *report = years->report;
	for (size_t i = 0; i < years->file_count; i++) {
		const struct years_file *file = &years->files[i];
		if (!years_is_own(years, file))
			continue;
		report->files++;
		report->ended += file->is_final;
		for (size_t d = 0; d < file->duty_count; d++) {
			report->owed += file->duties[d].closed < 0;
			report->owed_late +=
				file->duties[d].closed < 0 && file->duties[d].due <= years->now;
		}
	}
}

static bool count_all(struct years *years)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_health health;
	years_count_files(years);
	if (!casebook_reader_take(years->book, &reader, &years->err) ||
	    !casebook_health(reader, &health, &years->err))
		return false;
	return health.entries == years->seen ||
	       years_broken(years, "L2: %" PRId64 " entries, and %" PRId64 " were seen",
	                    health.entries, years->seen);
}

bool years_check_end(struct years *years)
{
	struct hash views;
	struct clock_reading began = clock_read();
	/* Readings that are new are sealed now, as closing would. */
	if (!years_see_all(years) || !years_words_hold(years) ||
	    !casebook_seal_readings(years->book, &years->err) || !years_see(years))
		return false;
	struct hash entries = hasher_end(years->hasher);
	if (!count_all(years) || !sum_views(years, &views))
		return false;
	struct str both[2] = { hash_str(&entries), hash_str(&views) };
	years->report->sum = hasher_of(years->hasher, both, 2);
	if (!years->options->is_unverified && !check_refold(years, &views))
		return false;
	casebook_close(years->book);
	years->book = NULL;
	arena_reset(years->arena);
	if (!check_bytes(years) || (!years->options->is_unverified && !check_verify(years)))
		return false;
	years->report->checking_us = clock_read().boot_us - began.boot_us;
	return true;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * DIR/limits: how much this register takes. A plain file beside the register,
 * for whoever runs the machine; nothing that is owed or may be read depends on
 * it, so it is no part of what is signed. Read once, at opening.
 */
#include "casebook/limits.h"

#define LIMITS_FILE_MAX 65536

struct known_limit {
	const char *name;
	int64_t otherwise, least, most;
};

static const struct known_limit KNOWN[LIMITS_N] = {
	{ "intake.burst", 60, 1, 1000000 },
	{ "limits.attachment", INT64_C(200) << 20, 1, INT64_C(2) << 30 },
	{ "limits.codes", 20, 1, 65535 },
	{ "limits.reports", 30, 1, 65535 },
	{ "limits.sign-in", 10, 1, 65535 },
	{ "publish.every", 60, 1, 3600 },
	{ "publish.pad", 1, 1, 64 },
	{ "publish.promise", 86400, 3600, 604800 },
	{ "publish.unwitnessed", 3600, 0, INT64_C(31622400) },
};

static size_t known(struct str name)
{
	size_t i = 0;
	while (i < LIMITS_N && !str_eq(name, str_from_c(KNOWN[i].name)))
		i++;
	return i;
}

int64_t casebook_limit(const struct casebook *book, struct str name)
{
	size_t i = known(name);
	base_check(i < LIMITS_N);
	return book->limits[i];
}

static bool line_at(struct err *err, const struct casebook *book, int number)
{
	return err_context(err, "%s/limits:%d", book->dir, number);
}

static bool refuse_name(struct str name, struct err *err)
{
	return err_set(
		err, ERR_INPUT,
		"limits: there is no limit \"%.*s\"; there are intake.burst, limits.attachment, limits.codes, "
		"limits.reports, limits.sign-in, publish.every, publish.pad, publish.promise, publish.unwitnessed",
		STR_ARG(str_sub(name, 0, 64)));
}

/* "NAME NUMBER"; an empty line and one that begins with # say nothing. */
static bool read_line(struct casebook *book, struct str line, int number, bool seen[LIMITS_N],
                      struct err *err)
{
	line = str_trim(line);
	if (!line.n || line.p[0] == '#')
		return true;
	size_t end = 0;
	while (end < line.n && line.p[end] != ' ' && line.p[end] != '\t')
		end++;
	struct str name = str_sub(line, 0, end), text = str_trim(str_sub(line, end, line.n));
	size_t i = known(name);
	uint64_t value = 0;
	if (i == LIMITS_N)
		refuse_name(name, err);
	else if (seen[i])
		err_set(err, ERR_INPUT, "limits: %s stands there twice; take one line out",
		        KNOWN[i].name);
	else if (!str_to_u64(text, INT64_MAX, &value) || (int64_t)value < KNOWN[i].least ||
	         (int64_t)value > KNOWN[i].most)
		err_set(err, ERR_INPUT,
		        "limits: %s takes a whole number from %" PRId64 " to %" PRId64
		        ", not \"%.*s\"",
		        KNOWN[i].name, KNOWN[i].least, KNOWN[i].most,
		        STR_ARG(str_sub(text, 0, 40)));
	else {
		book->limits[i] = (int64_t)value;
		seen[i] = true;
		return true;
	}
	return line_at(err, book, number);
}

bool limits_read(struct casebook *book, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 20);
	char path[BOOK_PATH_MAX];
	bool seen[LIMITS_N] = { false };
	struct str text;
	for (size_t i = 0; i < LIMITS_N; i++)
		book->limits[i] = KNOWN[i].otherwise;
	int n = snprintf(path, sizeof path, "%s/limits", book->dir);
	if (!arena || n < 0 || (size_t)n >= sizeof path)
		return err_set(err, ERR_UNABLE, "There is no memory to open the register");
	if (book->vfs || !file_exists(path))
		return true;
	if (!file_read(arena, path, LIMITS_FILE_MAX, &text, err))
		return false;
	for (int number = 1; text.n; number++) {
		size_t end = str_find(text, '\n');
		if (!read_line(book, str_sub(text, 0, end), number, seen, err))
			return false;
		text = str_sub(text, end < text.n ? end + 1 : end, text.n);
	}
	return true;
}

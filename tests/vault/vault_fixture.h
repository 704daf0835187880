/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A register's folder under /tmp with new keys, for the tests of the vault. */
#ifndef CANDOUR_TESTS_VAULT_FIXTURE_H
#define CANDOUR_TESTS_VAULT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "vault/vault.h"

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

struct fixture {
	char dir[64];
	struct vault *vault;
	struct random_source *random;
	struct arena *arena;
	struct err err;
};

static const struct vault_options DRILL = { .cost = VAULT_DRILL };

static inline const char *path_of(struct fixture *f, const char *name)
{
	return arena_format(f->arena, "%s/keys/%s", f->dir, name).p;
}

static inline void reopen(struct fixture *f, enum vault_mode mode)
{
	vault_close(f->vault);
	f->vault = NULL;
	if (!vault_open(f->dir, mode, &DRILL, &f->vault, &f->err))
		fail_msg("%s (%s)", f->err.message, f->err.context);
}

static inline int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	(void)snprintf(f->dir, sizeof f->dir, "/tmp/candour-vault-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->arena = arena_create(64u << 20);
	if (!vault_create(f->dir, &DRILL, &f->err))
		fail_msg("%s (%s)", f->err.message, f->err.context);
	reopen(f, VAULT_WRITE);
	*state = f;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *f = *state;
	const char *const names[] = { "master.key",  "promise.key", "return.key",   "keys.db",
		                      "keys.db-wal", "keys.db-shm", "elsewhere.key" };
	vault_close(f->vault);
	random_destroy(f->random);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		(void)unlink(path_of(f, names[i]));
	(void)rmdir(path_of(f, ""));
	(void)rmdir(f->dir);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

/* The whole of a file of DIR/keys; empty when it is not there. */
static inline struct str bytes_of(struct fixture *f, const char *name)
{
	struct str bytes = STR_NONE;
	struct err err = { 0 };
	if (!file_read(f->arena, path_of(f, name), 32u << 20, &bytes, &err))
		return STR_NONE;
	return bytes;
}

static inline bool holds(struct str bytes, struct str part)
{
	return part.n > 0 && str_find_str(bytes, part) < bytes.n;
}

#endif

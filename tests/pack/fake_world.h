/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A world of a few rows, for tests of conditions: entries, duties, links, facts as they are listed.
 */
#ifndef CANDOUR_TESTS_PACK_FAKE_WORLD_H
#define CANDOUR_TESTS_PACK_FAKE_WORLD_H

#include "pack_fixture.h"

#define FAKE_MAX 2000

struct fake_file {
	const char *id;
	const struct pack_file_type *type;
	int state;
	struct pack_seen entries[FAKE_MAX]; /* oldest first */
	size_t entry_count;
	struct pack_seen_duty duties[16];
	size_t duty_count;
	struct fake_file *links[400];
	size_t link_count;
	struct str facts[8]; /* by number */
	instant owed[100];   /* of each rule, the newest first */
	size_t owed_count;
};

struct fake {
	const struct pack *pack;
	struct fake_file own;
	struct fake_file of_register;
	struct str owner;
	bool has_second;
	bool is_outside;
	struct str held; /* the office that the actor held */
	instant held_until;
	size_t visits; /* rows handed out */
	size_t asked;  /* calls of any sort */
};

static inline struct fake *fake_of(const struct pack_world *world, struct fake_file **file)
{
	struct fake **pair = world->ctx;
	*file = (struct fake_file *)(void *)pair[1];
	pair[0]->asked++;
	return pair[0];
}

static inline struct str fake_fact(const struct pack_world *world, const struct pack_fact *fact)
{
	struct fake_file *file;
	(void)fake_of(world, &file);
	return file->facts[fact->number];
}

static inline bool fake_visit(struct fake *fake, struct fake_file *file,
                              const struct pack_kind *const *kinds, size_t count,
                              pack_visit_entry *visit, void *ctx)
{
	for (size_t i = file->entry_count; i-- > 0;) {
		bool is_meant = count == 0;
		for (size_t k = 0; k < count; k++)
			is_meant = is_meant || kinds[k] == file->entries[i].kind;
		if (!is_meant)
			continue;
		fake->visits++;
		if (!visit(ctx, &file->entries[i]))
			return false;
	}
	return true;
}

static inline bool fake_entries(const struct pack_world *world,
                                const struct pack_kind *const *kinds, size_t count,
                                const struct pack_relation *through, pack_visit_entry *visit,
                                void *ctx, struct err *err)
{
	struct fake_file *file;
	struct fake *fake = fake_of(world, &file);
	(void)err;
	if (!through)
		return fake_visit(fake, file, kinds, count, visit, ctx) || true;
	for (size_t i = 0; i < file->link_count; i++) {
		if (!fake_visit(fake, file->links[i], kinds, count, visit, ctx))
			break;
	}
	return true;
}

static inline bool fake_duties(const struct pack_world *world, const struct pack_duty *rule,
                               pack_visit_duty *visit, void *ctx, struct err *err)
{
	struct fake_file *file;
	(void)fake_of(world, &file);
	(void)err;
	for (size_t i = 0; i < file->duty_count; i++) {
		if ((!rule || str_eq(rule->name, file->duties[i].rule)) &&
		    !visit(ctx, &file->duties[i]))
			break;
	}
	return true;
}

static inline bool fake_links(const struct pack_world *world, const struct pack_relation *relation,
                              pack_visit_file *visit, void *ctx, struct err *err)
{
	struct fake_file *file;
	(void)fake_of(world, &file);
	(void)relation;
	(void)err;
	for (size_t i = 0; i < file->link_count; i++) {
		struct pack_seen_file seen = { str_from_c(file->links[i]->id), file->links[i]->type,
			                       file->links[i]->state, 0 };
		if (!visit(ctx, &seen))
			break;
	}
	return true;
}

static inline bool fake_at_file(const struct pack_world *world, const struct pack_seen_file *seen,
                                struct pack_world *other, struct err *err)
{
	/* A chain of pairs long enough for any test; the newest overwrites the oldest. */
	static struct fake *pairs[1024][2];
	static size_t next;
	struct fake_file *file;
	struct fake *fake = fake_of(world, &file);
	struct fake **pair = pairs[next++ % 1024];
	(void)err;
	*other = *world;
	for (size_t i = 0; i < file->link_count; i++) {
		if (!str_eq(str_from_c(file->links[i]->id), seen->file))
			continue;
		pair[0] = fake;
		pair[1] = (struct fake *)(void *)file->links[i];
		other->ctx = pair;
		other->type = file->links[i]->type;
		other->state = file->links[i]->state;
		other->kind = NULL;
		other->plain = NULL;
	}
	return true;
}

static inline bool fake_at_register(const struct pack_world *world, struct pack_world *other,
                                    struct err *err)
{
	static struct fake *pair[2];
	struct fake_file *file;
	pair[0] = fake_of(world, &file);
	pair[1] = (struct fake *)(void *)&pair[0]->of_register;
	(void)err;
	*other = *world;
	other->ctx = pair;
	other->type = world->pack->register_type;
	other->kind = NULL;
	other->plain = NULL;
	return true;
}

/* An instance is named as its role, perhaps with "-2" behind it. */
static inline const struct pack_office *fake_role(const struct pack_world *world, struct str office)
{
	struct str role = str_ends(office, STR("-2")) ? str_sub(office, 0, office.n - 2) : office;
	return pack_office_find(world->pack, role);
}

static inline bool fake_owner(const struct pack_world *world, const struct pack_owner *owner,
                              struct str *office, struct err *err)
{
	struct fake_file *file;
	(void)owner;
	(void)err;
	*office = fake_of(world, &file)->owner;
	return true;
}

static inline bool fake_second(const struct pack_world *world, const struct pack_office *role)
{
	struct fake_file *file;
	(void)role;
	return fake_of(world, &file)->has_second;
}

static inline bool fake_outside(const struct pack_world *world, struct str office, struct str other,
                                bool *is_outside, struct err *err)
{
	struct fake_file *file;
	(void)office;
	(void)other;
	(void)err;
	*is_outside = fake_of(world, &file)->is_outside;
	return true;
}

static inline bool fake_held_until(const struct pack_world *world, struct str office,
                                   instant *until, struct err *err)
{
	struct fake_file *file;
	struct fake *fake = fake_of(world, &file);
	(void)err;
	*until = str_eq(office, fake->held) ? fake->held_until : INSTANT_MIN;
	return true;
}

static inline bool fake_owed(const struct pack_world *world, const struct pack_duty *rule,
                             pack_visit_due *visit, void *ctx, struct err *err)
{
	struct fake_file *file;
	struct fake *fake = fake_of(world, &file);
	(void)rule;
	(void)err;
	for (size_t i = 0; i < file->owed_count; i++) {
		fake->visits++;
		if (!visit(ctx, file->owed[i]))
			break;
	}
	return true;
}

/* As many as it owed something by. */
static inline bool fake_owes_on(const struct pack_world *world, int64_t most, int64_t *files,
                                struct err *err)
{
	struct fake_file *file;
	(void)fake_of(world, &file);
	(void)err;
	*files = (int64_t)file->owed_count < most ? (int64_t)file->owed_count : most;
	return true;
}

static const struct pack_world_calls FAKE_CALLS = {
	.fact = fake_fact,
	.entries = fake_entries,
	.duties = fake_duties,
	.links = fake_links,
	.at_file = fake_at_file,
	.at_register = fake_at_register,
	.owed = fake_owed,
	.owes_on = fake_owes_on,
	.role_of = fake_role,
	.owner = fake_owner,
	.second = fake_second,
	.outside_line = fake_outside,
	.held_until = fake_held_until,
};

#endif

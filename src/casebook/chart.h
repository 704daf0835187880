/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The chart: offices, who holds them, in which line they stand. An immutable
 * picture of the views at one moment, counted by references; built anew when
 * an office or an account changes.
 */
#ifndef CANDOUR_CASEBOOK_CHART_H
#define CANDOUR_CASEBOOK_CHART_H

#include "base/base.h"
#include "pack/pack.h"
#include "store/store.h"

/* Who may act in an office, and when: a holder, whose `until` is 0, or a deputy. */
struct chart_seat {
	struct str account;
	instant from;
	instant until;
};

struct chart_office {
	struct str id;
	struct str title;
	struct str role_name;
	const struct pack_office *role; /* NULL when the pack has it no more */
	struct str agency;
	struct str area;
	int64_t file;
	instant vacant_since;             /* 0: not said to be vacant */
	bool is_begun;                    /* some account holds it, or held it once */
	const struct chart_seat *holders; /* present ones */
	size_t holder_count;
	const struct chart_seat *deputies;
	size_t deputy_count;
};

struct chart {
	_Atomic int references;
	struct arena *arena;
	const struct pack *pack;
	const struct chart_office *offices; /* sorted by id */
	size_t office_count;
	const struct chart_office *const
		*by_role; /* [role number * 2], first index and count, see chart.c */
	const size_t *role_first;
	bool is_opened;    /* the register was: one administrator alone names no holder then */
	struct hash seats; /* SHA-256 of the views it pictures: two are alike when theirs are */
	struct hash sum;   /* of them, of the packs by which they are judged, and of is_opened */
};

/* `packs`: the sum of all that are in force, packs_sum(). */
bool chart_build(struct store *store, const struct pack *pack, const struct hash *packs,
                 struct chart **out, struct err *err) MUST_USE;
/* Says that `dir` has other holders or packs than the register wrote, and what to do. False. */
bool chart_is_foreign(const char *dir, struct err *err) MUST_USE;
struct chart *chart_take(struct chart *chart);
void chart_give(struct chart *chart); /* takes NULL */

const struct chart_office *chart_find(const struct chart *chart, struct str id);
/* The office whose own file it is, or NULL. */
const struct chart_office *chart_of_file(const struct chart *chart, int64_t file);
/* The instance of a role for a file: by area, then agency, else the one with area "-". One for an
 * area that nobody ever held takes nothing from that one: one account alone can make it. */
const struct chart_office *chart_instance(const struct chart *chart, const struct pack_office *role,
                                          struct str area, struct str agency);
/* The office one step up its line, for a file of `area`; NULL at the top. */
const struct chart_office *chart_above(const struct chart *chart,
                                       const struct chart_office *office);
bool chart_is_held(const struct chart_office *office);
bool chart_holds(const struct chart_office *office, struct str account);
/* Whether `account` may act in `office` now: holds it, deputises, or holds a deputy role's instance
 * or, while it is vacant, the first held office up its line. */
bool chart_may_act(const struct chart *chart, const struct chart_office *office, struct str account,
                   instant now, bool *is_deputy);
/* The first held office up the line of `office`, which stands in for it while it is vacant; NULL:
 * none. */
const struct chart_office *chart_first_held_in_line(const struct chart *chart,
                                                    const struct chart_office *office);
/* Who is told that `office` is vacant: that one, else the register-administrator's, held or not,
 * who does not stand in for it; NULL: the office itself is that one. */
const struct chart_office *chart_told_of_vacancy(const struct chart *chart,
                                                 const struct chart_office *office);
/* Whether `above` stands on the line of `office`. */
bool chart_is_above(const struct chart *chart, const struct chart_office *above,
                    const struct chart_office *office);
/* Whether some account holds both. */
bool chart_share_holder(const struct chart_office *a, const struct chart_office *b);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Variant sets: names that are written for one another, whatever their letters
 * (Elizabeth, Liz; Siobhán, Shivaun; Cabdi, Abdi), and names that look alike
 * and are not (Paul, Paula). They are files of YAML that the program carries
 * (src/match/names/), one group a line:
 *
 *   - { kind: spelling, langs: [ga], forms: [Siobhán, Shivaun] }
 *   - { kind: diminutive, langs: [en], of: [Elizabeth, Elisabeth], forms: [Liz, Beth] }
 *   - { kind: different, langs: [en], forms: [Paul], against: [Paula, Pauline] }
 *
 * A name may be in many groups. Two names are related where they share one,
 * and never through a third (Alexander, Alex, Alexandra); so are a name and
 * what is short for it, but not two that are short for it (Liz, Beth): those
 * are far oftener two people's. Private to match.
 */
#ifndef CANDOUR_MATCH_NAMES_H
#define CANDOUR_MATCH_NAMES_H

#include "base/base.h"

enum names_relation {
	NAMES_NONE,
	NAMES_VARIANT,
	NAMES_DIFFERENT, /* by decree, also where some group joins them */
};

/* Never written once it is loaded; several threads may ask it. */
struct names;

/* The groups of one name, rising: the names', as long as they live. */
struct names_groups {
	const uint32_t *groups;
	uint32_t n;
};

/* What names_read made of its files. */
struct names_count {
	size_t groups, forms, memberships;
};

/*
 * Loads the sets that the program carries. They are the arena's. ERR_UNABLE:
 * the arena is exhausted (16 MB are enough, with what is read while it loads).
 */
bool names_load(struct arena *arena, const struct names **names, struct err *err) MUST_USE;

/*
 * The same from other files. ERR_INPUT names the file, the line, and what is
 * not as above: another kind, a form that is no name, a name on both sides of
 * a difference. No file at all gives names of which none are related.
 */
bool names_read(struct arena *arena, const struct embed_file *files, size_t count,
                const struct names **names, struct err *err) MUST_USE;

struct names_count names_count(const struct names *names);

/* Of a name as norm_name folds it; n 0: it is in none. Once per distinct value is enough. */
struct names_groups names_groups(const struct names *names, struct str folded);

/* The form by which the first group begins that a folded name is a form in, and itself where there
 * is none: names that are written for one another mostly have it in common. The names', or what was
 * given. */
struct str names_usual(const struct names *names, struct str folded);

/*
 * What a folded name has in common with its variants that do not sound like it by their usual form:
 * of any two that are related, and of which the usual forms sound different, both have one of these
 * keys. n 0: there is no such variant. The names', as long as they live; never 0.
 */
struct names_keys {
	const uint32_t *keys;
	uint32_t n;
};
struct names_keys names_keys(const struct names *names, struct str folded);

/* A bit for each group, several share one: two names with no bit in common share no group. In two
 * ways, `which` 0 or 1. */
uint64_t names_bits(struct names_groups groups, unsigned which);
/* Of two names by their groups, in either order. */
enum names_relation names_related(struct names_groups a, struct names_groups b);

/* The same of folded names; a name is a variant of itself. */
enum names_relation names_relation(const struct names *names, struct str a, struct str b);

#endif

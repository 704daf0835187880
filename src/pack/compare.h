/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: comparing two packs element by element. */
#ifndef CANDOUR_PACK_COMPARE_H
#define CANDOUR_PACK_COMPARE_H

#include "pack/tree.h"
#include "pack/whole.h"

enum verdict {
	VERDICT_SAME,
	VERDICT_TEXT,
	VERDICT_TIGHTER,
	VERDICT_LOOK, /* takes nothing away by its form, but somebody independent must have read it
	               */
	VERDICT_LOOSER,
	VERDICT_OTHER, /* cannot be told by form */
};

/* One key of one element that changed; a whole element when `key` is p NULL. */
struct change {
	enum section section;
	struct str name;
	struct str key;
	const struct yaml *old; /* NULL: added */
	const struct yaml *new; /* NULL: removed */
	enum verdict verdict;
	const char *why;       /* what a whole element does, for who may not add it; or NULL */
	const struct yaml *to; /* what of the old pack it does that to, or NULL */
	bool is_suspect;       /* not known to break anything, but something does */
};

/* Two packs and what was found between them. */
struct comparing {
	const struct whole *old;
	const struct whole *new;
	struct arena *arena;
	struct change *changes;
	size_t count;
	size_t room;
	bool out_of_memory;
	bool is_half_read;  /* names of the new pack lead nowhere yet: only its form is looked at */
	bool is_suspecting; /* whatever differs is a change that cannot be told */
};

/* What an element of the section is called: "gate". */
const char *compare_section_word(enum section section);

/* Fills comparing->changes, in the order of file, name and key. */
void compare_all(struct comparing *comparing);
/* What the change of one key of an element that both have amounts to. */
enum verdict compare_key(const struct comparing *comparing, enum section section, struct str name,
                         struct str key, const struct yaml *old, const struct yaml *new);
/* A whole element that is added: its verdict, why and to. */
void compare_added(const struct comparing *comparing, struct change *change);
/* What it amounts to that a kind of the pack asks for more: a need, a field. Who tells, objects or
 * looks is not to be kept from it. */
enum verdict compare_hindered(const struct pack *pack, const struct pack_kind *kind);
/* The same of all kinds that ask the gate. */
enum verdict compare_hindered_by_gate(const struct pack *pack, struct str gate);
/* What opening the duty amounts to beside the rest duty of the old pack. */
enum verdict compare_lying(const struct comparing *comparing, const struct pack_duty *duty);
/* What new items of `settles` or `ends`, of `unlinks`, amount to. */
enum verdict compare_settling(const struct comparing *comparing, const struct yaml *new);
enum verdict compare_unlinking(const struct comparing *comparing, const struct yaml *old,
                               const struct yaml *new);
/* What a change of `restricts`, of `lifts`, amounts to; NULL: the kind has none. */
enum verdict compare_restricts(const struct yaml *old, const struct yaml *new);
enum verdict compare_lifts(const struct yaml *old, const struct yaml *new);
/* What sentences of a language amount to; one by its path. */
enum verdict compare_sentences(const struct pack *pack, const struct yaml *texts);
enum verdict compare_sentence(const struct pack *pack, struct str path);
/* What another label or hint amounts to in a question that the kind asks. */
enum verdict compare_asked_of(const struct pack *pack, struct str kind);
/* What a change of `tells` amounts to. */
enum verdict compare_tells(const struct yaml *old, const struct yaml *new);
/* What it amounts to that the offices of `owner` come to owe; NULL: those of the duty. */
enum verdict compare_owed(const struct pack *pack, const struct yaml *owner);
/* The old pack with the states that the new one retires called by the names of now; `old` itself
 * when none is, NULL: memory. */
const struct whole *compare_renamed(struct arena *arena, const struct whole *old,
                                    const struct whole *new);
/* What the retired states of the file type `name` amount to. */
enum verdict compare_retired_states(const struct comparing *comparing, struct str name);
/* The worse of two. */
enum verdict verdict_worse(enum verdict a, enum verdict b);

/* What became of a key, or "added", "gone": "5 working-days -> 4 working-days"; conditions in
 * words, where these tell the two apart. p NULL: memory. */
struct str compare_said(const struct comparing *comparing, const struct change *change);
/* Fills out->gone. False: memory. */
bool compare_gone(const struct pack *old, const struct pack *new, struct arena *arena,
                  struct pack_comparison *out) MUST_USE;

/* The smallest version number behind `version` that a change of this sort may carry. */
struct str version_after(struct arena *arena, struct str version, enum pack_change change);

enum cond_order {
	COND_ORDER_EQUAL,
	COND_ORDER_NARROWER,
	COND_ORDER_WIDER,
	COND_ORDER_NEITHER,
};

/* How a condition stands to an older one, by form; NULL is the condition that always
 * holds. */
enum cond_order compare_cond(const struct yaml *old, const struct yaml *new);
/* The same for the `when` of a pattern: thresholds and windows too. */
enum verdict compare_pattern(const struct comparing *comparing, const struct yaml *old,
                             const struct yaml *new);
enum verdict compare_period(const struct comparing *comparing, const struct yaml *old,
                            const struct yaml *new);
enum verdict compare_ladder(const struct comparing *comparing, const struct pack_ladder *old,
                            const struct pack_ladder *new);
/* `asked`: what it amounts to that the kind asks for more (compare_hindered); `said`: that it asks
 * in other words (compare_asked_of). */
enum verdict compare_fields(enum verdict asked, enum verdict said, const struct yaml *old,
                            const struct yaml *new);
/* Whether a rule, or a field that must be filled, leans on the codes of a list. */
bool compare_is_asked(const struct whole *whole, struct str list);

/*
 * Stage 4: whether the layers of `bytes` only add to or tighten what stands
 * below. Errors are noted; false: *err (ERR_UNABLE).
 */
bool layer_check(struct loader *loader, const struct pack_bytes *bytes, struct err *err) MUST_USE;
/*
 * Where the layers merged are no whole pack: what the layer changed that it may not is noted in
 * place of the errors that follow from it in the files below. *found: whether there is any. Where
 * none is known and every error stands below, whatever the layer changed is noted beside them.
 */
bool layer_blame(struct loader *loader, const struct pack_bytes *bytes, bool *found,
                 struct err *err) MUST_USE;

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The condition language, evaluated without allocation of its own
 * over what the caller shows it. What saturates, saturates to the protecting
 * side.
 */
#ifndef CANDOUR_PACK_CONDITION_H
#define CANDOUR_PACK_CONDITION_H

#include "base/base.h"
#include "pack/model.h"

#define PACK_ROWS_MAX 1000 /* that a form which counts looks at */
#define PACK_SAID_MAX 6
/* What conditions asked of an entry's fields before, and whether it was so; begins zeroed, and is
 * thrown away when a field is corrected. */
struct pack_said {
	const void *asked[PACK_SAID_MAX];
	bool is_so[PACK_SAID_MAX];
	uint8_t next;
};

/* An entry as conditions see it. Borrowed until the visit returns. */
struct pack_seen {
	int64_t index;
	const struct pack_kind *kind;
	struct str file;
	instant happened;
	instant recorded;
	struct str plain;   /* canonical JSON text of the plain fields, corrections applied */
	struct str account; /* p NULL: none */
	struct str office;  /* instance id; p NULL: none */
	bool by_register;
	struct pack_said *said; /* kept with the entry by whoever shows it again; NULL: by nobody */
};

/* A duty of the file as conditions see it. */
struct pack_seen_duty {
	struct str rule;
	enum pack_class class;
	bool is_open;
	bool is_late; /* open and now >= the first due */
	bool is_settled;
	struct str office; /* owner instance */
	instant started;   /* from when its time runs */
};

struct pack_seen_file {
	struct str file;
	const struct pack_file_type *type;
	int state;
	instant linked; /* when the link was recorded; 0: not told, and counts as now */
};

/* A visitor answers true to go on, false to stop (no error). */
typedef bool pack_visit_entry(void *ctx, const struct pack_seen *entry);
typedef bool pack_visit_duty(void *ctx, const struct pack_seen_duty *duty);
typedef bool pack_visit_due(void *ctx, instant due);
typedef bool pack_visit_file(void *ctx, const struct pack_seen_file *file);

struct pack_world;

/* What the caller answers. False only on a failure that ends the turn (*err set). */
struct pack_world_calls {
	/* Value of a fact of the world's file; p NULL: absent. */
	struct str (*fact)(const struct pack_world *world, const struct pack_fact *fact);
	/*
	 * Entries of the world's file (or, when `through` is given, of the files at its other
	 * end) whose kind is among `kinds`, newest first by index; count 0: every kind.
	 */
	bool (*entries)(const struct pack_world *world, const struct pack_kind *const *kinds,
	                size_t count, const struct pack_relation *through, pack_visit_entry *visit,
	                void *ctx, struct err *err);
	/* When the first entry that is looked at was recorded; INSTANT_MAX: there is none,
	 * INSTANT_MIN: long ago. NULL: not told. */
	bool (*began)(const struct pack_world *world, instant *at, struct err *err);
	/* How many such entries there are at most, told without looking at them; INT64_MAX where
	 * they are more than PACK_ROWS_MAX. NULL: not told. */
	bool (*at_most)(const struct pack_world *world, const struct pack_kind *const *kinds,
	                size_t count, const struct pack_relation *through, int64_t *most,
	                struct err *err);
	/* Duties of the world's file by `rule`, whatever became of them; NULL: by every rule. */
	bool (*duties)(const struct pack_world *world, const struct pack_duty *rule,
	               pack_visit_duty *visit, void *ctx, struct err *err);
	/* The open ones of them alone, which are few on a file of many years. NULL: `duties` tells
	 * them among the others. */
	bool (*open_duties)(const struct pack_world *world, const struct pack_duty *rule,
	                    pack_visit_duty *visit, void *ctx, struct err *err);
	/* Files linked (certainty linked) by `relation`, either end when it is both-ways. */
	bool (*links)(const struct pack_world *world, const struct pack_relation *relation,
	              pack_visit_file *visit, void *ctx, struct err *err);
	/* Fills *other so that conditions can be asked of another file, without an act. */
	bool (*at_file)(const struct pack_world *world, const struct pack_seen_file *file,
	                struct pack_world *other, struct err *err);
	/* The same of the register's own file. */
	bool (*at_register)(const struct pack_world *world, struct pack_world *other,
	                    struct err *err);
	/* Of an office's file: when what the office owes by a rule was due, of what is due by now,
	 * the newest first. NULL: nothing is. */
	bool (*owed)(const struct pack_world *world, const struct pack_duty *rule,
	             pack_visit_due *visit, void *ctx, struct err *err);
	/* Of an office's file: on how many files the office owes something now, counted as far as
	 * `most`. NULL: not told. */
	bool (*owes_on)(const struct pack_world *world, int64_t most, int64_t *files,
	                struct err *err);
	/* Entries of these kinds on whichever files, newest first: those that were recorded while
	 * a pattern counted them so. NULL: there are none. */
	bool (*anywhere)(const struct pack_world *world, const struct pack_kind *const *kinds,
	                 size_t count, pack_visit_entry *visit, void *ctx, struct err *err);
	/* Role of an office instance, or NULL; its agency follows from the role. */
	const struct pack_office *(*role_of)(const struct pack_world *world, struct str office);
	/* The instance that an owner expression means on this file now; p NULL: nobody. */
	bool (*owner)(const struct pack_world *world, const struct pack_owner *owner,
	              struct str *office, struct err *err);
	/* Whether another account in an office of `role` agreed to this very act. */
	bool (*second)(const struct pack_world *world, const struct pack_office *role);
	/* Whether `office` stands apart from `other`: not the same, not above or below it, no
	 * shared holder. */
	bool (*outside_line)(const struct pack_world *world, struct str office, struct str other,
	                     bool *is_outside, struct err *err);
	/* Until when the acting account held the office, or was named as its deputy, at the latest:
	 * INSTANT_MAX: it does; INSTANT_MIN: it never did. NULL: not told, and counts as never. */
	bool (*held_until)(const struct pack_world *world, struct str office, instant *until,
	                   struct err *err);
};

/* One file at one instant, with the act that is judged (or none). */
struct pack_world {
	const struct pack_world_calls *calls;
	void *ctx;
	const struct pack *pack;
	const struct pack_file_type *type;
	int state;                    /* before the act */
	instant now;                  /* recorded of the act, or the night's instant */
	const struct pack_kind *kind; /* of the act; NULL: none */
	const struct json *plain;     /* its plain fields; NULL: none */
	instant happened;             /* of the act */
	struct str account;           /* acting; p NULL: none */
	struct str office;            /* acting instance; p NULL: none */
	/* `entries` already shows the act itself (opens, settles); `with-this` then adds nothing.
	 */
	bool shows_act;
};

/* Whether the condition holds; NULL holds always. False return: *err. */
bool pack_cond_holds(const struct pack_cond *cond, const struct pack_world *world, bool *holds,
                     struct err *err) MUST_USE;

/*
 * `required:` and `when:` over the act's fields alone, without a world.
 * Anything the condition asks besides `field` counts as false.
 */
bool pack_cond_holds_fields(const struct pack_cond *cond, const struct pack_kind *kind,
                            const struct json *plain);

/*
 * Kinds whose entries can change what the condition says at one and the same
 * instant, under `not` too, as bits by kind number (bits of `mask`,
 * (kind_count + 63) / 64 words). A kind that links files counts where entries
 * or files are looked at along that relation.
 */
void pack_cond_listens(const struct pack *pack, const struct pack_cond *cond, uint64_t *mask);
/* Adds the relations that it looks along to the `count` in `out`, each once, while there is `room`;
 * the new count. */
size_t pack_cond_relations(const struct pack_cond *cond, const struct pack_relation **out,
                           size_t count, size_t room);
#define PACK_WAITS_MAX 16
/* What may make it true by time alone: the end of a period behind an entry (silent-for,
 * older-than), or an age (turns-age). */
struct pack_wait {
	const struct pack_period *period; /* NULL: an age */
	int64_t months;                   /* of the age */
};
/* At most `room` of them; 0: it is never true by time alone. */
size_t pack_cond_waits(const struct pack_cond *cond, struct pack_wait *out, size_t room);
struct cond_atom;
/*
 * A kind whose entries name an office that is waited for, whatever it owes (silent-for, named):
 * what is said of an office last holds.
 */
struct pack_naming {
	const struct pack_kind *kind;
	struct str office; /* the field with the office */
	const struct cond_atom *atom;
};
/* Those of all patterns, in their order; at most `room` of them. */
size_t pack_namings(const struct pack *pack, struct pack_naming *out, size_t room);
/* Whether an entry of the kind, by its plain fields, says that the office is waited for. */
bool pack_naming_holds(const struct pack_naming *naming, const struct json *plain);
/* Whether it is waited for somebody by name or by what he owes: silent-for by agency or office, not
 * under `not`. */
bool pack_cond_awaits(const struct pack_cond *cond);
/* False: no more. */
typedef bool pack_visit_awaited(void *ctx, struct str office, bool is_silent);
/*
 * Visits those for whom the condition waits so: an office for each agency, or each office, that it
 * tells apart. Silent are those of whom that part of it holds. One may be visited several times;
 * where there are more than it looks at, nobody is.
 */
bool pack_cond_awaited(const struct pack_cond *cond, const struct pack_world *world,
                       pack_visit_awaited *visit, void *ctx, struct err *err) MUST_USE;
/* Whether it asks what files are linked to one and the same by the relation. */
bool pack_cond_shares(const struct pack_cond *cond, const struct pack_relation *relation);

/* Whether the entry is among those that the condition counts (not under `not`, and not every entry
 * of whatever kind). */
bool pack_cond_counts(const struct pack_cond *cond, const struct pack_world *world,
                      const struct pack_seen *seen);
/* Visits the entries that are counted by those parts of the condition that hold; one may be visited
 * several times. */
bool pack_cond_counted(const struct pack_cond *cond, const struct pack_world *world,
                       pack_visit_entry *visit, void *ctx, struct err *err) MUST_USE;

#define PACK_SUPPLY_MAX 16

struct cond_where;

struct pack_supply_kind {
	const struct pack_kind *kind;
	const struct pack_office *const *by; /* made by one of these roles; by_count 0: by any */
	size_t by_count;
	const struct cond_where *where; /* and saying this, if anything is asked of its fields */
	size_t where_count;
};
/* Whether an entry of the kind with these plain fields would say it. */
bool pack_supply_fits(const struct pack_supply_kind *one, const struct json *fields);

/* What would make a condition hold: entries of kinds, open duties of rules or classes come to their
 * end, a second reader. The first of each; what nothing supplies (`age`, `field`) is left out. */
struct pack_supply {
	struct pack_supply_kind kinds[PACK_SUPPLY_MAX];
	size_t kind_count;
	const struct pack_duty *rules[PACK_SUPPLY_MAX];
	size_t rule_count;
	unsigned classes;                 /* bits by enum pack_class; 0: none but the rules */
	const struct pack_office *second; /* NULL: none is asked for */
};
void pack_cond_supply(const struct pack_cond *cond, struct pack_supply *out);

/* Whether it asks of the file as it stands alone: its state, what is there, what is owed; nothing
 * of the act, of whoever makes it or of other files. NULL asks nothing. */
bool pack_cond_is_of_file(const struct pack_cond *cond);

/* The condition in words, for explain and refusals. */
struct str pack_cond_words(struct arena *arena, const struct pack_cond *cond);

#endif

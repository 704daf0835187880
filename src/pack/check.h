/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the parts of `pack check` share. */
#ifndef CANDOUR_PACK_CHECK_H
#define CANDOUR_PACK_CHECK_H

#include "pack/atom.h"
#include "pack/walk.h"
#include "pack/whole.h"

#define CHECK_FINDINGS_MAX 400
#define CHECK_WALK_BYTES ((size_t)512 * 1024 * 1024)

struct check {
	const struct pack *pack;
	const struct whole *whole;
	struct arena *arena; /* of the report */
	struct pack_finding *findings;
	size_t count;
	size_t rules; /* what was looked at, for the lines that say ok */
	size_t walks;
	size_t states;
	size_t kinds;
	size_t gates;
	size_t reached;
	size_t ladders;
	size_t charts;
	size_t conditions;
	size_t cases;
	size_t rows; /* the most that one act may look at, and the kind that does */
	const struct pack_kind *dearest;
	bool out_of_memory;
};

/* Notes that a property fails at a place ("file:line:column: …"). The finding, or NULL. */
struct pack_finding *check_fails(struct check *check, const char *property, struct pack_place place,
                                 const char *format, ...) PRINTF(4, 5);
void check_advises(struct check *check, const char *property, struct pack_place place,
                   const char *format, ...) PRINTF(4, 5);
/* Where a node stands; the section's element by name; one key of it. NULL nodes give no place. */
struct pack_place check_place(const struct check *check, const struct yaml *node);
const struct yaml *check_node(const struct check *check, enum section section, struct str name);
/* The same for the element itself, as its body begins. */
struct pack_place check_body(const struct check *check, enum section section, struct str name);
/* The n-th item of a list under a key of an element, or the element. */
const struct yaml *check_item(const struct yaml *element, struct str key, size_t n);

/* Notes a failure with the shortest history that leads to state `n` of a walk. */
bool check_fails_at(struct check *check, const struct walk *walk, size_t n, const char *property,
                    struct pack_place place, struct str sentence, struct err *err) MUST_USE;
/* The same as advice. */
bool check_advises_at(struct check *check, const struct walk *walk, size_t n, const char *property,
                      struct pack_place place, struct str sentence, struct err *err) MUST_USE;

/* --- what a condition may say ---------------------------------------------------------------- */

enum may { /* a set */
	   MAY_FAIL = 1,
	   MAY_HOLD = 2,
	   MAY_BE_EITHER = 3,
};

/* What the n-th atom may say. */
typedef unsigned may_ask(const void *ctx, size_t n);
unsigned may_join(unsigned a, unsigned b, bool is_and);
unsigned may_turn(unsigned may);
/* NULL holds always. */
unsigned may_say(const struct pack_cond *cond, may_ask *ask, const void *ctx);

/* What can ever be there, by form: the least that follows from what people can make, and what the
 * register writes. */
struct supply {
	const struct pack *pack;
	uint64_t *kinds;   /* by number: types of the files on which one can be made; 0: nowhere */
	uint64_t *duties;  /* the same of where one can be opened */
	uint64_t *settled; /* the same of where one can be settled */
	bool *relations;   /* whether some entry can link by it */
	uint64_t begun;    /* types of files that some entry can begin */
};

/* The types at the other end of a relation from files of `types`. */
uint64_t supply_across(const struct pack_relation *relation, uint64_t types);

/* Each part looks at its properties and notes what fails. False: *err. */
bool check_forms(struct check *check,
                 struct err *err) MUST_USE;      /* P01 P07 P08 P10 P11 P12 P13 P14 */
void check_office_patterns(struct check *check); /* P03 P13 */
void check_seconds(struct check *check);         /* P05, P12 */
void check_retired(struct check *check);         /* P03 P05 P07 P08 */
/* Whether an entry of the kind may itself settle or end the duty on its file. */
bool check_moves(const struct pack_kind *kind, const struct pack_duty *duty);
void check_acting(struct check *check); /* P04 */
/* Fills *out, and tells what must be cited and can never be there. P05 */
bool check_supply(struct check *check, struct supply *out, struct err *err) MUST_USE;
/* Conditions that can never hold. P03 P04 P05 P08 */
void check_never(struct check *check, const struct supply *supply);
bool check_found(struct check *check, struct err *err) MUST_USE;   /* P10 */
bool check_nowhere(struct check *check, struct err *err) MUST_USE; /* P03 */
bool check_ladders(struct check *check, struct err *err) MUST_USE; /* P06 */
bool check_charts(struct check *check, struct err *err) MUST_USE;  /* P06 by trial */
void check_costs(struct check *check);                             /* P12, 4.2 */
bool check_cases(struct check *check, struct err *err) MUST_USE;   /* P15 */
bool check_walks(struct check *check, struct err *err) MUST_USE;   /* P02 P03 P05 P08 P09 */
/* What is said of a file in one of several states. */
struct check_said {
	const char *property;
	struct pack_place place;
	struct str sentence;
	bool is_advice;
};

/* With the shortest history that leads a file of the machine's type there; `arena` is emptied. */
bool check_fails_in(struct check *check, const struct machine *machine, struct arena *arena,
                    uint32_t states, const struct check_said *said, struct err *err) MUST_USE;
/* What `then:` of any kind writes on files of the machine's type; `arena` is emptied. P02 P05 */
bool check_thens(struct check *check, const struct machine *machine, struct arena *arena,
                 struct err *err) MUST_USE;

#endif

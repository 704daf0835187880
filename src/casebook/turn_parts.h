/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the sources of the turn share among themselves. */
#ifndef CANDOUR_CASEBOOK_TURN_PARTS_H
#define CANDOUR_CASEBOOK_TURN_PARTS_H

#include "casebook/chart.h"
#include "casebook/fields.h"
#include "casebook/turn.h"

/* When it happened and reached whoever writes, as errors of the fields. */
void judge_times(const struct turn *turn, const struct judged *judged, struct fields_check *check);

/* Makes an admitted act its entry, with all that follows. */
bool turn_admit(struct turn *turn, struct pending *pending, struct judged *judged,
                const struct hash *act_hash, struct err *err) MUST_USE;
bool turn_judge_and_admit(struct turn *turn, struct pending *pending, struct judged *judged,
                          const struct hash *act_hash, struct err *err) MUST_USE;
/* Makes a refusal an entry, or counts it beyond 20 an hour and account. */
bool turn_refuse(struct turn *turn, struct pending *pending, const struct judged *judged,
                 const struct verdict *verdict, struct err *err) MUST_USE;
/* "It was decided in entry 12, after you opened this …". */
struct str decided_since_words(struct arena *arena, int64_t since);
/* The answer of a refusal that is known by its submission, from the entry's plain fields. */
bool turn_refusal_again(struct turn *turn, struct pending *pending, struct str plain,
                        struct err *err) MUST_USE;
/* Keeps an act that lacks only second readers. */
bool turn_wait(struct turn *turn, struct pending *pending, const struct judged *judged,
               const struct verdict *verdict, struct err *err) MUST_USE;
/* A second reader's answer; at the last yes the waiting act is judged anew. */
bool turn_second(struct turn *turn, struct pending *pending, struct judged *judged,
                 struct err *err) MUST_USE;

/* An act that waits for second readers, in the act's arena. */
struct waiting {
	int64_t entry;
	struct str kind;
	struct str account; /* whose it is */
	struct str office;
	struct str roles;  /* wanted, with blanks between */
	struct str given;  /* the same, of those who agreed */
	struct str givers; /* their accounts */
	instant recorded;
	bool is_closed;
};

/* What waits on the file under that number, as the log says it. *found false: nothing does.
 * ERR_UNABLE: the rows that tell of it are not the log's. */
bool turn_waiting(struct turn *turn, int64_t entry, const struct file_row *row, struct waiting *out,
                  bool *found, struct err *err) MUST_USE;

/* What the kind of an entry has the register write. */
bool turn_then(struct turn *turn, const struct folding *entry, int depth, struct err *err) MUST_USE;
/* An entry of the pack's kind by the register, with all that follows from it; where the file does
 * not allow it, act.refused says so there instead. */
bool turn_write(struct turn *turn, const struct pack_kind *kind, int64_t file, struct json *plain,
                int64_t cause, int depth, struct err *err) MUST_USE;

/* Keeps of an act's entry what may concern whoever raised something, until the act has ended. */
bool turn_watch_note(struct turn *turn, const struct folding *entry, struct err *err) MUST_USE;
/* Tells it on each file whose writer the pack watches over, by entries of the register. */
bool turn_watch(struct turn *turn, struct err *err) MUST_USE;

/* Readings that were refused, for turn_watch; in the turn's arena. */
struct turn_refused {
	struct str account;
	int64_t file;
	struct str office;
	instant at;
	struct turn_refused *next;
};
/* Takes at least one; they are told when the act at hand has ended. */
bool turn_watch_refused(struct turn *turn, const struct turn_refused *refused,
                        struct err *err) MUST_USE;

/* The door of acts with needs: what they name as their evidence is the file's own, or of a file
 * linked to it, and they link it to no file but another. */
bool judge_cited(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                 struct err *err) MUST_USE;
/* What the conditions of its kind see, with the act's own fields beside what is written. */
struct world;
struct pack_world;
void judge_world(struct turn *turn, const struct judged *judged, struct world *world,
                 struct pack_world *shown);
/* The door of an end: an act that ends a file leaves nothing owed on it. */
bool judge_end(struct turn *turn, const struct judged *judged, struct verdict *verdict,
               struct err *err) MUST_USE;
/* judge_own for duties passed on, read and extended. */
bool judge_duty(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                struct err *err) MUST_USE;
/* The door of kinds that take over what is owed: each duty that the act names was offered. */
bool judge_takes(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                 struct err *err) MUST_USE;
/* judge_own for people, offices, accounts and the register itself. */
bool judge_people(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                  struct err *err) MUST_USE;
/* The same for accounts and tokens alone (judge_account.c). */
bool judge_accounts(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                    struct err *err) MUST_USE;
/* Refuses an act that names an account which is not there, or has ended: an office that a made-up
 * account holds would not be vacant, and nobody would be in it. */
bool judge_account_stands(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                          struct err *err) MUST_USE;
/* The account that made the file's first entry; p NULL: none did. */
bool judge_first_account(struct turn *turn, const struct file_row *row, struct str *out,
                         struct err *err) MUST_USE;
bool judge_is_administrator(const struct chart_office *office);
/* Whether the pack asks a second office before the correction counts. */
bool judge_correction_takes_two(const struct pack *pack, const struct json *plain);
/* Whether what an administrator does to others takes two of them: in a live register that is open.
 */
bool judge_takes_two(const struct turn *turn);
/* Holds an office, or stands in for one today or later. */
bool judge_has_seat(const struct chart *chart, struct str account, instant now);
/* Wants another administrator's yes, unless it was given. */
void judge_want_administrator(struct turn *turn, const struct judged *judged,
                              struct verdict *verdict);
/* False, and refused: the kind asks for proof anew, and the actor has none. */
bool judge_proof(const struct casebook_actor *actor, struct str kind,
                 struct verdict *verdict) MUST_USE;
/* Refuses what is said of an office on the file of another, and a holder named a second time, on
 * every road. */
bool judge_office_file(struct turn *turn, const struct judged *judged,
                       struct verdict *verdict) MUST_USE;
/* Refuses a holder or deputy who would stand both inside and apart, whoever names him. */
bool judge_sides(struct turn *turn, const struct judged *judged, struct verdict *verdict) MUST_USE;

/* "C-418". */
struct str number_of_file(struct arena *arena, const struct pack *pack, struct str type,
                          int64_t number);

#endif

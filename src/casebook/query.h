/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Questions of pages and commands to the views. Nothing here opens a seal.
 * Lists are bounded and go on by key, never by offset.
 */
#ifndef CANDOUR_CASEBOOK_QUERY_H
#define CANDOUR_CASEBOOK_QUERY_H

#include "base/base.h"
#include "casebook/reader.h"
#include "log/log.h"

/* A file as the views hold it. */
struct casebook_file {
	int64_t n; /* its slot */
	struct str id;
	struct str number; /* "C-418" */
	const struct pack_file_type *type;
	int state;
	struct str state_name;
	const struct json *facts;
	struct str area;
	int64_t first_entry;
	int64_t last_entry;
	int64_t open_duties;
	bool is_destroyed;
};

/* By id (26 symbols) or number, any case of the letters of a number. ERR_ABSENT. */
bool casebook_file_find(struct casebook_reader *reader, struct arena *arena, struct str name,
                        struct casebook_file *out, struct err *err) MUST_USE;
bool casebook_file_get(struct casebook_reader *reader, struct arena *arena, int64_t n,
                       struct casebook_file *out, struct err *err) MUST_USE;
/* The file of a return code, at one cost for found and not found. ERR_ABSENT. */
bool casebook_file_by_code(struct casebook_reader *reader, struct arena *arena,
                           const struct casebook_code *code, struct casebook_file *out,
                           struct err *err) MUST_USE;

/* An entry, its plain side. */
struct casebook_entry {
	int64_t index;
	int64_t file;
	struct str file_id;
	struct str kind;
	const struct pack_kind *rules; /* of the pack in force; NULL: the kind is gone from it */
	instant happened;
	instant recorded;
	enum casebook_by by; /* PUBLIC also for what came by a code */
	struct str account;
	struct str office;
	const struct json *plain;
	bool is_sealed;
	bool is_destroyed;
	struct str header; /* bytes, for receipts */
};

/*
 * Whether a sealed field of an entry says who told, or how to reach them: the
 * one name or address of a kind that people without an account may write (lists
 * of names are of those it is about). It is shown by itself alone, as a reading
 * with the purpose "who told us".
 */
bool casebook_names_teller(const struct casebook_entry *entry, struct str field);
bool casebook_entry_get(struct casebook_reader *reader, struct arena *arena, int64_t index,
                        struct casebook_entry *out, struct err *err) MUST_USE;
/* The entries of a file with index above `after`, oldest first, at most `limit` (1 .. 1000). */
bool casebook_entries(struct casebook_reader *reader, struct arena *arena, int64_t file,
                      int64_t after, size_t limit, const struct casebook_entry **out, size_t *count,
                      struct err *err) MUST_USE;

/* Those with an index below `before`, newest first. */
bool casebook_entries_before(struct casebook_reader *reader, struct arena *arena, int64_t file,
                             int64_t before, size_t limit, const struct casebook_entry **out,
                             size_t *count, struct err *err) MUST_USE;

/*
 * The newest entry of that kind on the file, by its number, whose plain `field` says `code` (field
 * p NULL: whatever it says), among the last 500 of it; ERR_ABSENT: there is none.
 */
bool casebook_entry_newest(struct casebook_reader *reader, struct arena *arena, int64_t file,
                           struct str kind, struct str field, struct str code,
                           struct casebook_entry *out, struct err *err) MUST_USE;

struct casebook_told {
	int rung;
	struct str office;
	instant at;
	int64_t entry;
	bool is_vacant;
};

struct casebook_duty {
	int64_t id;
	struct str name; /* "D20377.1" */
	struct str rule;
	struct str title;
	struct str source;
	enum pack_class class;
	int64_t file;
	const struct pack_file_type
		*file_type; /* by the rules in force; NULL: they have it no more */
	struct str file_id;
	struct str file_number;
	struct str office; /* of several the first */
	struct str office_title;
	const struct str *also;
	size_t also_count;
	int64_t opened; /* entry */
	instant opened_at;
	instant due; /* the first; decides lateness (L6) */
	struct day last_day;
	bool is_provisional;
	instant agreed; /* 0: none */
	struct str ladder;
	int rung;        /* rungs reached */
	instant next_at; /* 0: none left */
	bool is_open;
	bool is_late;   /* now >= due while open, or closed at or after due */
	bool was_ended; /* pointless, not done (X6) */
	instant closed_at;
	instant done_at;               /* when what settled it happened; 0: it was not settled */
	bool was_done_in_time;         /* settled late, by what had happened in time (X5) */
	int64_t closed;                /* entry, -1 while open */
	const struct pack_duty *rules; /* of the pack of its day */
};

struct casebook_duty_list {
	const struct casebook_duty *at;
	size_t count;
	bool more;
};

/* Open duties of an office (and those it owes together with others) by due, after (due, id). */
bool casebook_duties_of_office(struct casebook_reader *reader, struct arena *arena,
                               struct str office, instant after_due, int64_t after_id, size_t limit,
                               struct casebook_duty_list *out, struct err *err) MUST_USE;
/* All duties of a file, open ones first by due, then closed ones newest first. */
bool casebook_duties_of_file(struct casebook_reader *reader, struct arena *arena, int64_t file,
                             size_t limit, struct casebook_duty_list *out,
                             struct err *err) MUST_USE;
/* By its name, such as "D20377.1", open or not, of any file. ERR_ABSENT. */
bool casebook_duty_named(struct casebook_reader *reader, struct arena *arena, struct str name,
                         struct casebook_duty *out, struct err *err) MUST_USE;
/* Open duties by due; late_only: those whose due has passed. */
bool casebook_duties_open(struct casebook_reader *reader, struct arena *arena, bool late_only,
                          instant after_due, int64_t after_id, size_t limit,
                          struct casebook_duty_list *out, struct err *err) MUST_USE;
bool casebook_duty_told(struct casebook_reader *reader, struct arena *arena, int64_t duty,
                        const struct casebook_told **out, size_t *count, struct err *err) MUST_USE;
/* Whom an open duty is told to when it stays open: the rungs that are not reached yet, in order,
 * each with the offices that it would tell today. Whoever was told, or owes it, is not told again.
 */
enum casebook_rungs {
	CASEBOOK_RUNGS_ALL,
	CASEBOOK_RUNGS_NEXT, /* the next that tells anybody */
};
struct casebook_rung {
	struct str office;
	struct str title;
	const struct pack_office *role; /* NULL: the rules have it no more */
	enum pack_rung_place place;
	instant at;
};
bool casebook_duty_to_tell(struct casebook_reader *reader, struct arena *arena,
                           const struct casebook_duty *duty, enum casebook_rungs which,
                           const struct casebook_rung **out, size_t *count,
                           struct err *err) MUST_USE;
/* The role of an office; NULL: there is no such office, or the rules have its role no more. */
const struct pack_office *casebook_office_role(struct casebook_reader *reader, struct str office);
/* How many open duties an office has, and how many are late: the first thousand by due are counted,
 * so that a menu costs the same in every office. */
bool casebook_office_counts(struct casebook_reader *reader, struct str office, int64_t *open,
                            int64_t *late, struct err *err) MUST_USE;
/*
 * How many open duties of an office fall due up to each of `bounds`, which rise and end at
 * INSTANT_MAX, and not up to the one before; those that are only to be read are counted apart.
 * Of a very large list the first 20,000 by due are counted: is_cut.
 */
struct casebook_due_counts {
	int64_t to_read;
	int64_t to_read_late;
	bool is_cut;
};
bool casebook_office_due(struct casebook_reader *reader, struct str office, const instant *bounds,
                         size_t count, int64_t *out, struct casebook_due_counts *rest,
                         struct err *err) MUST_USE;

/*
 * A flood (intake.burst, 60 an hour): duties of one rule and office that began with their files
 * within one hour, more than that many of them still open. Each stays owed by itself; lists show
 * them as one. Nothing is written of it, so that it is over when enough of them are done.
 */
struct casebook_burst {
	struct str office;
	struct str office_title;
	struct str rule;
	struct str title;
	instant hour; /* its start */
	instant due;  /* the earliest */
	int64_t count;
	int64_t marked; /* whose first entry has the mark */
};
/* How many duties of an hour are no burst yet: setting intake.burst. */
int64_t casebook_burst_limit(struct casebook_reader *reader);
/* A plain field of a file's first entry that puts it first: danger before the rest. */
struct casebook_mark {
	struct str field;
	struct str value;
};
/* Those of an office, or with office.n 0 among all that is late. Earliest due first. */
bool casebook_bursts(struct casebook_reader *reader, struct arena *arena, struct str office,
                     const struct casebook_mark *mark, const struct casebook_burst **out,
                     size_t *count, struct err *err) MUST_USE;
/* Like casebook_duties_of_office, or with office.n 0 what is late by due; without those of bursts.
 */
bool casebook_duties_apart(struct casebook_reader *reader, struct arena *arena, struct str office,
                           instant after_due, int64_t after_id, size_t limit,
                           struct casebook_duty_list *out, struct err *err) MUST_USE;
/* Where a page of a burst ended. Before the first: {true, INSTANT_MIN, 0}. */
struct casebook_burst_at {
	bool is_marked;
	instant due;
	int64_t id;
};
/* The open duties of one, whatever its size: marked ones first, then by due. Office, rule and hour
 * of `burst` are asked. */
bool casebook_duties_of_burst(struct casebook_reader *reader, struct arena *arena,
                              const struct casebook_burst *burst, const struct casebook_mark *mark,
                              const struct casebook_burst_at *after, size_t limit,
                              struct casebook_duty_list *out, struct casebook_burst_at *last,
                              struct err *err) MUST_USE;

struct casebook_office {
	struct str id;
	struct str title;
	const struct pack_office *role; /* NULL: the role is gone from the pack */
	struct str role_name;
	struct str agency;
	struct str area;
	int64_t file;
	instant vacant_since;      /* 0: held */
	const struct str *holders; /* account ids */
	size_t holder_count;
};
bool casebook_offices(struct casebook_reader *reader, struct arena *arena,
                      const struct casebook_office **out, size_t *count, struct err *err) MUST_USE;
/* ERR_ABSENT. Titles only: cheap. */
bool casebook_office_title(struct casebook_reader *reader, struct arena *arena, struct str id,
                           struct str *title, struct err *err) MUST_USE;

/*
 * How a rule was met among the duties that fell due in each of `spans` (at most
 * CASEBOOK_SPANS_MAX) stretches of time, by the first due time: stretch n goes from bounds[n]
 * until before bounds[n + 1]. Not kept: settled late, or open still. What was ended before it was
 * due is not counted. By stretch, then by rule. Only the newest 20,000 duties are looked at;
 * *is_whole false: there are more.
 */
#define CASEBOOK_SPANS_MAX 8
struct casebook_kept {
	size_t span;
	struct str rule;
	struct str title;
	bool is_by_law; /* statute or guidance */
	int64_t owed;
	int64_t kept;
	int64_t written_late; /* done in time and recorded late: among those not kept (X5) */
};
bool casebook_clocks_kept(struct casebook_reader *reader, struct arena *arena,
                          const instant *bounds, size_t spans, const struct casebook_kept **out,
                          size_t *count, bool *is_whole, struct err *err) MUST_USE;

/* One phrase that is advised on, in a text of an act. */
#define CASEBOOK_ADVICE_MAX 64
struct casebook_advice {
	struct str field; /* "note": the common one */
	const struct pack_word *word;
	struct str found; /* as it was written; borrowed */
};
/*
 * What to advise of the texts of an act of `kind`, before it is written: the same as the turn
 * finds. `file` NULL: it begins one. Nothing is kept.
 */
bool casebook_advice(struct casebook_reader *reader, struct arena *arena, struct str kind,
                     const struct casebook_file *file, const struct json *fields,
                     const struct casebook_advice **out, size_t *count, struct err *err) MUST_USE;
/*
 * Which phrases of `fields` the words `names` (an entry's `advised`) stood for: for whoever wrote
 * them, who was told at once; each phrase once. A word that these rules no longer look for is not
 * among them. Both NULL-able; the texts are borrowed.
 */
bool casebook_advice_given(const struct pack *pack, const struct pack_kind *kind,
                           const struct json *names, const struct json *fields, struct arena *arena,
                           const struct casebook_advice **out, size_t *count,
                           struct err *err) MUST_USE;

/* On how many entries of an office there was advice on a word, in months counted as year * 12 +
 * month - 1, from `first` until before `end`. By office, then by word; at most 1,000 rows. */
struct casebook_advised {
	struct str office; /* id */
	struct str title;
	struct str word; /* name in words.yaml */
	int64_t count;
};
bool casebook_advised(struct casebook_reader *reader, struct arena *arena, int64_t first,
                      int64_t end, const struct casebook_advised **out, size_t *count,
                      struct err *err) MUST_USE;

/* Restrictions in force now: of a file in the order they were placed. */
struct casebook_restriction {
	int64_t entry; /* by which it was placed, or renewed last */
	int64_t first; /* by which it was placed */
	int64_t file;
	struct str file_number;
	struct str office; /* whose it is */
	struct str office_title;
	struct str reason; /* a code; empty: the kind asks for none */
	struct str reason_title;
	instant since;
	instant until; /* the first instant at which it is over */
	int64_t renewals;
	bool is_whole;             /* all words of the file, but for those opened since */
	int64_t hidden;            /* entries named and still hidden, where it is not whole */
	const struct str *readers; /* titles of the offices that read on */
	size_t reader_count;
};
bool casebook_restrictions(struct casebook_reader *reader, struct arena *arena, int64_t file,
                           size_t limit, const struct casebook_restriction **out, size_t *count,
                           struct err *err) MUST_USE;
struct casebook_restriction_list {
	const struct casebook_restriction *at;
	size_t count;
	bool more;
};
/* Of all files, the one that ends first leading, after (until, entry). office.n 0: of all offices.
 */
bool casebook_restrictions_in_force(struct casebook_reader *reader, struct arena *arena,
                                    struct str office, instant after_until, int64_t after_entry,
                                    size_t limit, struct casebook_restriction_list *out,
                                    struct err *err) MUST_USE;
/* How many of them each office placed for each reason. */
struct casebook_restricted {
	struct str office;
	struct str reason;
	struct str reason_title;
	int64_t count;
	int64_t renewed;
	instant oldest; /* since when */
};
bool casebook_restricted_totals(struct casebook_reader *reader, struct arena *arena,
                                struct str office, const struct casebook_restricted **out,
                                size_t *count, struct err *err) MUST_USE;

/* What is late, in groups; the group that has waited longest first. Only the 20,000 that have
 * waited longest are counted; *is_whole false: there are more. */
enum casebook_late_by {
	CASEBOOK_LATE_BY_OFFICE,
	CASEBOOK_LATE_BY_RULE,
	CASEBOOK_LATE_BY_LADDER,
};
struct casebook_late_group {
	struct str name;  /* id of the office, name of the rule, of the ladder */
	struct str title; /* of office and rule; else the name */
	int64_t count;
	instant oldest; /* first due time */
};
bool casebook_late_groups(struct casebook_reader *reader, struct arena *arena,
                          enum casebook_late_by by, const struct casebook_late_group **out,
                          size_t *count, bool *is_whole, struct err *err) MUST_USE;

/* The entry by which the pack in force was adopted. */
/* A pack that waits, or waited, for the independent scrutineer. */
struct casebook_proposal {
	struct casebook_entry entry; /* act.waiting */
	bool is_open;
	struct str name;
	struct str version;
	enum pack_change change;
	const struct str *changes; /* against what is in force now, a line each */
	size_t count;
};
/* ERR_ABSENT: no pack waits under that number, or its text is not here any more. */
bool casebook_pack_proposed(struct casebook_reader *reader, struct arena *arena, int64_t waiting,
                            struct casebook_proposal *out, struct err *err) MUST_USE;

bool casebook_pack_since(struct casebook_reader *reader, struct arena *arena,
                         struct casebook_entry *out, struct err *err) MUST_USE;

/* An office that an account may act in now. */
struct casebook_seat {
	struct str office;
	struct str title;
	bool is_deputy; /* stands in for it */
};
bool casebook_seats(struct casebook_reader *reader, struct arena *arena, struct str account,
                    const struct casebook_seat **out, size_t *count, struct err *err) MUST_USE;

/*
 * Kinds that a viewer's office may make on a file, with what each would settle. Doors decide
 * is_possible; a gate is asked without fields, so that why_not may tell of a possible kind what
 * would still be missing.
 */
struct casebook_possible {
	const struct pack_kind *kind;
	bool is_possible;
	struct str why_not; /* door or gate, in words; p NULL: nothing known */
	bool is_not_yet;    /* possible by its doors, and refused whatever is filled in: why_not */
	bool settles_owed;  /* settles an open duty of the file */
	/* duty.taken, duty.extended: the open duties of the file that it may be made on; else none.
	 */
	const struct str *duties;
	size_t duty_count;
};
bool casebook_possible_acts(struct casebook_reader *reader, struct arena *arena,
                            const struct casebook_viewer *viewer, const struct casebook_file *file,
                            const struct casebook_possible **out, size_t *count,
                            struct err *err) MUST_USE;

/* Kinds that begin a file of their own and that the viewer's office may make. */
bool casebook_possible_begin(struct casebook_reader *reader, struct arena *arena,
                             const struct casebook_viewer *viewer,
                             const struct pack_kind *const **out, size_t *count,
                             struct err *err) MUST_USE;

/*
 * What the rules offer after what was written on a file, and was not made since: each offered kind
 * once, for the newest entry that offers it. Whether the viewer's office may make it is not asked.
 */
struct casebook_offer {
	const struct pack_kind *kind;
	int64_t entry; /* that offers it */
};
bool casebook_offers(struct casebook_reader *reader, struct arena *arena,
                     const struct casebook_viewer *viewer, const struct casebook_file *file,
                     const struct casebook_offer **out, size_t *count, struct err *err) MUST_USE;

/*
 * An act on a file before it is sent: its fields read as the turn reads them, and what they would
 * lead to. Who may make it, and whether it can be made now, is not asked. Nothing is written.
 */
struct casebook_trial {
	const struct casebook_field_error *errors; /* each field that would not be taken */
	size_t error_count;
	bool is_guarded; /* a gate stands before it for what it says, not for every act of its kind
	                  */
	bool is_refused; /* a gate or a need of the kind is not met as things stand */
	/* By the kind's lines: whether each would open, settle, end something. */
	const bool *opens;
	const bool *settles;
	const bool *ends;
};
bool casebook_try(struct casebook_reader *reader, struct arena *arena,
                  const struct casebook_viewer *viewer, const struct casebook_file *file,
                  const struct pack_kind *kind, const struct json *fields,
                  struct casebook_trial *out, struct err *err) MUST_USE;

/* Whether such an act is no older than the duty asks of what settles it (not-older), where the line
 * of its kind means that duty. */
bool casebook_counts(struct casebook_reader *reader, struct arena *arena,
                     const struct casebook_duty *duty, const struct pack_settle *line,
                     const struct json *fields, instant happened, bool *counts,
                     struct err *err) MUST_USE;

/* The fields alone, of a kind that need not be on a file yet: each that would not be taken. */
bool casebook_fields_try(struct casebook_reader *reader, struct arena *arena,
                         const struct pack_kind *kind, const struct json *fields,
                         const struct casebook_field_error **out, size_t *count,
                         struct err *err) MUST_USE;

/*
 * What such an act asks for and finds already: the sentence of each need and gate that applies and
 * is met, in the pack's order. A need for which the pack has no such sentence is left out, and so
 * is a second reader. Nothing is written.
 */
bool casebook_there(struct casebook_reader *reader, struct arena *arena,
                    const struct casebook_viewer *viewer, const struct casebook_file *file,
                    const struct pack_kind *kind, const struct json *fields, const struct str **out,
                    size_t *count, struct err *err) MUST_USE;

struct casebook_linked {
	struct str relation;
	int64_t file;
	int64_t entry;
	int64_t removed; /* the entry that took the link away; -1: it stands */
};
bool casebook_links(struct casebook_reader *reader, struct arena *arena, int64_t file,
                    const struct casebook_linked **out, size_t *count, struct err *err) MUST_USE;

struct casebook_reading {
	int64_t n;
	instant minute;
	struct str account;
	struct str office;
	int64_t file;
	int64_t highest;
	struct str purpose;
	bool is_sealed; /* folded into an entry already */
};
/* Readings of a file (file >= 0) or of an account (file < 0), newest first. */
bool casebook_readings(struct casebook_reader *reader, struct arena *arena, int64_t file,
                       struct str account, size_t limit, const struct casebook_reading **out,
                       size_t *count, struct err *err) MUST_USE;
/* Those older than reading `before`, which is the n of the last that was shown. */
bool casebook_readings_before(struct casebook_reader *reader, struct arena *arena, int64_t file,
                              struct str account, int64_t before, size_t limit,
                              const struct casebook_reading **out, size_t *count,
                              struct err *err) MUST_USE;

/* An entry of somebody else that this account has not opened: more from whoever reported, or an
 * answer to what was asked. */
struct casebook_news {
	int64_t entry;
	int64_t file;
	struct str file_number;
	const struct pack_kind *rules;
	struct str office; /* empty: whoever reported */
	instant recorded;
};
/* On files where the viewer's office owes something (the first 200 by due), at most `limit` of each
 * kind, oldest first. */
bool casebook_news(struct casebook_reader *reader, struct arena *arena,
                   const struct casebook_viewer *viewer, size_t limit,
                   const struct casebook_news **out, size_t *count, struct err *err) MUST_USE;

struct casebook_health {
	int64_t entries;
	int64_t open_duties;
	int64_t late_duties;
	instant newest_entry;
	instant last_beat; /* 0: the clock never ran */
	instant last_turn;
	int64_t free_slots;
	int64_t unsealed_readings;
	long long free_bytes;
	bool clock_is_late; /* more than 10 beats since the last */
};
/*
 * Of the duties open now, those that the first `entries` entries opened, and how many of them are
 * late: what may be told to everybody while an entry is not published yet, whose moment would else
 * show (tlog 1.7).
 */
bool casebook_owed_by_then(struct casebook_reader *reader, int64_t entries, int64_t *open,
                           int64_t *late, struct err *err) MUST_USE;
bool casebook_health(struct casebook_reader *reader, struct casebook_health *out,
                     struct err *err) MUST_USE;

/* Whether the clock stands still, as of casebook_health, and since when: cheap enough for every
 * page. */
bool casebook_clock_stands(struct casebook_reader *reader, bool *stands, instant *since,
                           struct err *err) MUST_USE;

/*
 * What was recorded under a submission of the last 30 days: entry, file, time,
 * and the return code that was cut for it. For whoever sent it and had no
 * answer: nobody else knows its id. ERR_ABSENT: nothing was recorded under it.
 */
bool casebook_sent(struct casebook_reader *reader, struct arena *arena, struct str submission,
                   struct casebook_answer *out, struct err *err) MUST_USE;

/* The root of the tree at `size`, which may be any earlier one. ERR_USAGE: past the tree. */
bool casebook_root(struct casebook_reader *reader, int64_t size, struct hash *out,
                   struct err *err) MUST_USE;

/* The receipt of an entry under the newest signed checkpoint at or past it. */
bool casebook_receipt(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                      struct str *out, struct err *err) MUST_USE;
/*
 * The writer's own, with the salts of its plain and sealed fields, for the answer that follows the
 * act and the hour after it. ERR_ABSENT past that.
 */
bool casebook_receipt_own(struct casebook_reader *reader, struct arena *arena,
                          const struct casebook_answer *answer, struct str *out,
                          struct err *err) MUST_USE;
/*
 * The parts of what was sealed (log/parts.h), in their order: {"field","salt","text"} of each field
 * that is one of `words`, a list of texts, and {"field","kept"} of all others. The same errors.
 */
bool casebook_words_own(struct casebook_reader *reader, struct arena *arena,
                        const struct casebook_answer *answer, const struct json *words,
                        struct json **out, struct err *err) MUST_USE;

/*
 * By whom a receipt of this register has to be countersigned: DIR/policy, or
 * its own keys and no witness. ERR_INPUT: the file is wrong.
 */
bool casebook_policy(struct casebook_reader *reader, struct arena *arena, struct str *text,
                     const struct log_policy **out, struct err *err) MUST_USE;

/* How far an entry's receipt has come. Texts lie in the arena, and the policy's. */
struct casebook_grade {
	bool asks_witnesses; /* the policy names a quorum of them */
	bool is_witnessed;   /* and they signed what reaches the entry */
	const struct str *witnesses;
	size_t witness_count;
	/* Until what is published reaches it with its quorum: the signed note that it will, and by
	 * when. p NULL: nothing is owed any more. */
	struct str promise;
	instant promised;
};
/* The errors of casebook_policy; ERR_ABSENT: no such entry. */
bool casebook_grade(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                    struct casebook_grade *out, struct err *err) MUST_USE;
/* Whom the policy asks, and what each signed of the checkpoints published last. */
struct casebook_witness {
	struct str name;   /* the policy's */
	instant signed_at; /* by its own clock; 0: nothing lately */
	int64_t size;      /* of that checkpoint; -1: none */
};
struct casebook_witnesses {
	bool asks;            /* the policy wants a quorum */
	int64_t published;    /* size of the newest checkpoint published; -1: none */
	instant published_at; /* when the newest of its entries was recorded; 0: it has none */
	int64_t quorum_size;  /* of the newest with its quorum; -1: none lately */
	instant quorum_at;    /* likewise */
	struct casebook_witness *at;
	size_t count;
};
/* The errors of casebook_policy. */
bool casebook_witnesses(struct casebook_reader *reader, struct arena *arena,
                        struct casebook_witnesses *out, struct err *err) MUST_USE;
/* The key that promises are signed with; give it back with log_signer_destroy. */
bool casebook_promise_key(struct casebook *book, struct log_signer **out, struct err *err) MUST_USE;

/* The newest checkpoint that was signed, published or not. ERR_ABSENT: nothing was. */
bool casebook_log_signed(struct casebook_reader *reader, struct arena *arena, struct str *note,
                         struct err *err) MUST_USE;
/* The checkpoint signed at the last beat, for whoever publishes by beats: what came since shows
 * with the next. On the thread that beats; the errors above. */
bool casebook_log_beat(struct casebook_reader *reader, struct arena *arena, struct str *note,
                       struct err *err) MUST_USE;
/* The proof that the log of `newer` begins with all of the log of `older`, and the root at a size,
 * for those who are asked to cosign. The errors of log_reader_consistency. */
bool casebook_log_consistency(struct casebook_reader *reader, int64_t older, int64_t newer,
                              struct log_proof *out, struct err *err) MUST_USE;
bool casebook_log_root(struct casebook_reader *reader, int64_t size, struct hash *out,
                       struct err *err) MUST_USE;
/* The log in public: the newest published checkpoint. ERR_ABSENT: nothing is published
 * yet. */
bool casebook_log_checkpoint(struct casebook_reader *reader, struct arena *arena, int64_t *size,
                             struct str *note, struct err *err) MUST_USE;
/* A whole tile or bundle, or the beginning of one, that was served before; it needs no reader.
 * False: it is not kept, ask casebook_log_tile. */
bool casebook_log_kept(struct casebook *book, struct arena *arena, struct str path,
                       struct str *bytes) MUST_USE;
/* A tile or bundle by its raw path below the log's prefix. ERR_ABSENT: not served at the published
 * size. */
bool casebook_log_tile(struct casebook_reader *reader, struct arena *arena, struct str path,
                       struct str *bytes, struct err *err) MUST_USE;

#endif

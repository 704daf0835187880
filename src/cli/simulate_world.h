/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One history's world, shared by the files of the simulation. What was
 * acknowledged is remembered here, outside the register.
 *
 * Functions that answer bool: false means that the history ends, because a law
 * is broken (the report says which) or the machine failed.
 */
#ifndef CANDOUR_CLI_SIMULATE_WORLD_H
#define CANDOUR_CLI_SIMULATE_WORLD_H

#include "casebook/casebook.h"
#include "cli/simulate.h"
#include "log/log.h"
#include "store/store.h"

#define SIM_PEOPLE 17 /* an account for each of sim_offices */
#define SIM_KEPT_MAX 20000
#define SIM_ENTRIES_MAX 60000
#define SIM_FILES_MAX 4000
#define SIM_RECEIPTS_MAX 1000
#define SIM_READINGS_MAX 256
#define SIM_WAITING_MAX 64
#define SIM_DUTIES_MAX 500
#define SIM_TOKENS_MAX 32

extern const char *const sim_offices[SIM_PEOPLE];

/* What the sender may expect of an act. */
enum sim_hope {
	SIM_ANYTHING,
	SIM_REFUSED, /* unlawful: a refusal, itself an entry, and nothing else changes */
	SIM_NOTHING, /* bad input: no entry at all */
};

/* An act that was answered: the entry must be there, the same, for ever. */
struct sim_kept {
	int64_t index;
	struct hash header;
	enum casebook_outcome outcome;
	instant at;
	struct str text; /* the fields as they were sent, in JSON; p NULL: not to be sent again */
	struct casebook_act act; /* without its fields */
};

struct sim_receipt {
	struct str text;
	struct str report; /* the words it is about */
	struct str header;
	int64_t index;
	int64_t size;
	struct hash root;
};

struct sim_due {
	int64_t duty;
	instant due;
};

struct sim_root {
	int64_t size;
	struct hash root;
};

struct sim_reading {
	int64_t file;
	int64_t highest;
	struct str account;
};

struct sim_waiting {
	int64_t entry;
	struct str file;
	struct casebook_actor writer;
	struct str role;
};

struct sim_token {
	int64_t entry;
	bool is_ended;
	char secret[CASEBOOK_SECRET_TEXT + 1];
};

struct sim {
	const struct simulate_options *options;
	struct simulate_report *report;
	struct random_source *random;
	struct store_shim *shim;
	struct casebook *book;
	struct arena *arena; /* of the present act */
	struct arena *forever;
	struct hasher *hasher;
	struct str account[SIM_PEOPLE];
	bool is_gone[SIM_PEOPLE];       /* the account was ended, and nobody came yet */
	struct str file[SIM_FILES_MAX]; /* concerns acknowledged, by id */
	size_t file_count;
	size_t worked_on; /* the one that somebody wants to bring to its end */
	struct sim_kept *kept;
	size_t kept_count;
	unsigned char *by_index; /* outcome + 1 of the act whose answer names the entry; 0: none */
	struct sim_receipt *receipts;
	size_t receipt_count;
	struct sim_due *dues;
	size_t due_count;
	struct sim_root *roots;
	size_t root_count;
	struct sim_reading readings[SIM_READINGS_MAX];
	size_t reading_count;
	struct sim_waiting waiting[SIM_WAITING_MAX];
	size_t waiting_count;
	struct sim_token tokens[SIM_TOKENS_MAX];
	size_t token_count;
	int key_changes;
	int64_t submissions;
	int64_t published;
	int64_t scanned; /* entries looked at one by one */
	int64_t ghost;   /* entry of the act in flight, found before its answer; -1: none */
	bool in_flight;  /* an act was cut off and is not answered yet */
	int64_t refused_in_hour;
	int64_t hour;
	instant now;
	int64_t boot_us; /* the machine's clocks, as the register sees them */
	instant wall;
	int adopted;
	uint64_t opened; /* how often: gives each opening its own randomness */
	int depth;       /* checks within checks */
	struct err err;
};

/* Says which law is broken, the first that is; answers false. */
bool sim_broken(struct sim *sim, const char *format, ...) PRINTF(2, 3);
uint64_t sim_below(struct sim *sim, uint64_t n);
bool sim_chance(struct sim *sim, uint64_t in);
struct str sim_pick(struct sim *sim, const char *const *from, size_t count);
/* Whether the fault that was planned has happened: what fails then is no fault of the register. */
bool sim_has_failed(const struct sim *sim);

/* simulate_history.c: opens again after a fault, and checks the laws. */
bool sim_restart(struct sim *sim);

/* simulate_act.c: an act by chance, lawful or not. */
struct sim_act {
	struct casebook_act act;
	enum sim_hope hope;
	const char *sort; /* of an unlawful one; NULL: another */
};
/* An act of `kind` under a submission of its own, by an account in an office, both by chance. */
void sim_begin(struct sim *sim, struct sim_act *out, const char *kind, struct str file);
void sim_put(struct sim *sim, struct json *fields, const char *name, struct str text);
void sim_act_random(struct sim *sim, struct sim_act *out);
/* What somebody who works carefully does next on a file; false: nothing to be done. */
bool sim_act_careful(struct sim *sim, struct sim_act *out);
/* simulate_office.c: people and offices, duties passed on, second readers, the emergency way in. */
bool sim_act_rare(struct sim *sim, struct sim_act *out);
/* simulate_wrong.c: an act that can only be refused, or is bad input. */
bool sim_act_wrong(struct sim *sim, struct sim_act *out);

/* simulate_look.c: what offices and files there are today; in the arena of the act. False: cannot
 * be read. */
struct sim_chart {
	const struct casebook_office *at;
	size_t count;
};
bool sim_chart(struct sim *sim, struct sim_chart *out);
const struct casebook_office *sim_office(const struct sim_chart *chart, struct str id);
/* An account in the office, or in the first held office above it; false: nobody at all. */
bool sim_holder(struct sim *sim, const struct sim_chart *chart, struct str office,
                struct casebook_actor *out);
/* A concern by chance, with its duties. */
struct sim_look {
	struct casebook_file file;
	struct casebook_duty_list duties;
};
bool sim_look(struct sim *sim, struct sim_look *out);
bool sim_look_at(struct sim *sim, struct str id, struct sim_look *out);
const struct casebook_duty *sim_open_duty(const struct sim_look *look, const char *rule);
/* The newest entry of a kind on the file; -1: none. */
int64_t sim_newest(struct sim *sim, int64_t file, const char *kind, struct casebook_entry *out);
struct str sim_pick_file(struct sim *sim);
/* The id of an office's own file; p NULL: cannot be read. */
struct str sim_office_file(struct sim *sim, const struct casebook_office *office);

/* simulate_send.c */
bool sim_send(struct sim *sim);
bool sim_adopt(struct sim *sim);
/* Keeps an answer in mind, of an act that is not sent again. */
bool sim_remember(struct sim *sim, const struct casebook_answer *answer);
bool sim_is_cut_off(const struct casebook_answer *answer);
/* Sends some acknowledged acts again: the same answers, and nothing new. */
bool sim_send_again(struct sim *sim);
/* Reads something, as an office may: the reading is remembered. */
bool sim_read(struct sim *sim);

/* simulate_keep.c: an act that keeps something beside its entry, by chance. */
bool sim_keep(struct sim *sim);
/* No token that was ended opens anything. */
bool sim_check_tokens(struct sim *sim);

/* simulate_law.c: L1, L2, L3, L9, exactly once, verify. */
bool sim_check_laws(struct sim *sim);
/* A receipt of what was acknowledged just now, kept by who sent it. */
bool sim_keep_receipt(struct sim *sim, const struct casebook_act *act,
                      const struct casebook_answer *answer);
/* simulate_file.c: L4, L5, L6, L7, and none half. */
bool sim_check_file(struct sim *sim, struct casebook_reader *reader, const struct sim_chart *chart,
                    struct str id);
bool sim_check_whole(struct sim *sim, struct casebook_reader *reader,
                     const struct casebook_entry *entry);

#endif

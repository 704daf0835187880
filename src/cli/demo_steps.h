/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the demo: the steps about one concern, and what they share. */
#ifndef CANDOUR_CLI_DEMO_STEPS_H
#define CANDOUR_CLI_DEMO_STEPS_H

#include "cli/demo_world.h"

/* Fields of an act, in the arena of the step; empty words and NULL put nothing. */
void demo_put(struct demo *demo, struct json *fields, const char *name, struct str text);
void demo_put_word(struct demo *demo, struct json *fields, const char *name, const char *word);
void demo_put_codes(struct demo *demo, struct json *fields, const char *name, const char *codes);

/* The newest entry of a kind on the concern's file, or -1. */
int64_t demo_newest(struct demo *demo, const struct demo_concern *concern, const char *kind);
/* Its state; empty before it arrived. */
struct str demo_state(struct demo *demo, const struct demo_concern *concern);
bool demo_is_closed(struct demo *demo, const struct demo_concern *concern);
/* The name of an open duty of a rule on it, and who owes that; empty: none is owed. */
struct str demo_owed_by(struct demo *demo, const struct demo_concern *concern, const char *rule,
                        struct str *office);
struct str demo_owed(struct demo *demo, const struct demo_concern *concern, const char *rule);
/* Who looks at concerns now: the front door, or out of hours the emergency worker. */
const struct casebook_actor *demo_on_duty(struct demo *demo);

#define LOOK_FIRST 0
#define LOOK_WHOLE 1 /* everywhere that closing asks for */

/* It arrives, is looked at, acknowledged, asked about (demo_arrival.c). */
demo_step step_receive, step_look, step_acknowledge, step_ask;

/* What a decision leads to on the child's own file (demo_child.c). */
demo_step step_hold, step_assess;
/* A child with a sign of harm is seen before the concern ends, if nobody has seen it yet. */
void demo_judge_harm(struct demo *demo, const struct demo_concern *concern, struct json *fields);
bool demo_see_on_concern(struct demo *demo, struct demo_concern *concern, struct err *err) MUST_USE;

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sending a batch as few turns, and what is learned from the answers. */
#include "cli/years_world.h"

#define WORDS_LOOKED_AT 6 /* words are opened of one act in so many */
#define WORDS_BYTES ((size_t)1 << 20)
#define READERS_TRIED 12
#define SOON_HOURS 60
#define ONCE_IN 3
#define DONE_WEIGHS 8  /* tries */
#define TRIES_BEFORE 4 /* at a duty, before it is not brought forward any more */

bool years_add(struct years *years, const struct casebook_act *act, const struct years_sent *sent)
{
	if (years->act_count == YEARS_BATCH && !years_send(years))
		return false;
	years->acts[years->act_count] = *act;
	years->sent[years->act_count++] = *sent;
	return true;
}

/* --- words ------------------------------------------------------------------------------------ */

static struct str written(struct years *years, const struct json *value)
{
	struct buf text;
	buf_init(&text, WORDS_BYTES);
	json_write(&text, value);
	struct str copy = text.full ? STR_NONE : arena_copy(years->arena, buf_str(&text));
	buf_finish(&text);
	return copy;
}

/* A list of one may be kept where one was sent. */
static bool is_same(struct years *years, const struct json *sent, const struct json *kept)
{
	if (!kept)
		return false;
	if (sent->type != JSON_ARRAY && kept->type == JSON_ARRAY && kept->count == 1)
		kept = kept->first;
	return str_eq(written(years, sent), written(years, kept));
}

/* L12: what was sealed opens to the bytes that were sent. */
static bool compare_words(struct years *years, const struct json *sent, int64_t entry,
                          const struct json *sealed)
{
	for (const struct json *at = sent->first; at; at = at->next) {
		struct json bare = *at;
		bare.key = STR_NONE;
		const struct json *kept = json_member(sealed, at->key);
		struct json copy = kept ? *kept : bare;
		copy.key = STR_NONE;
		if (!kept || !is_same(years, &bare, &copy))
			return years_broken(
				years, "L12: \"%.*s\" of entry %" PRId64 " is not what was written",
				STR_ARG(at->key), entry);
	}
	years->report->checked[YEARS_L12]++;
	return true;
}

/* Some are kept in mind; each has the same chance, however many come. */
static bool keep_words(struct years *years, const struct years_sent *sent, int64_t entry,
                       const struct casebook_actor *reader)
{
	size_t at = years->words_seen++;
	if (at >= YEARS_WORDS)
		at = (size_t)years_below(years, years->words_seen);
	if (at >= YEARS_WORDS)
		return true;
	years->words_kept[at] =
		(struct years_words){ .entry = entry,
		                      .text = arena_copy(years->forever,
		                                         written(years, sent->sealed)),
		                      .reader = *reader };
	return years->words_kept[at].text.p ||
	       err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
}

static bool check_words(struct years *years, const struct casebook_act *act,
                        const struct years_sent *sent, int64_t entry)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_viewer viewer = { .actor = act->actor };
	enum casebook_seal how;
	const struct json *sealed;
	if (!sent->sealed || !sent->sealed->first)
		return true;
	if (!casebook_reader_take(years->book, &reader, &years->err))
		return false;
	/* In a house nobody reads what is none of his. */
	for (int i = 0; i < (years->options->house ? 1 : READERS_TRIED); i++) {
		struct years_office *office =
			i == 0 ? years_office(years, act->actor.office)
			       : &years->offices[years_below(years, years->pack->office_count)];
		struct err ignored = { 0 };
		if (!office)
			continue;
		viewer.actor = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
			                                .account = office->account,
			                                .office = office->id,
			                                .is_proved = true };
		if (years->options->house)
			viewer.actor = act->actor;
		if (casebook_open_seal(reader, &viewer, entry, years->arena, &how, &sealed,
		                       &ignored) &&
		    how == CASEBOOK_SEAL_OPEN)
			return compare_words(years, sent->sealed, entry, sealed) &&
			       keep_words(years, sent, entry, &viewer.actor);
	}
	return true;
}

bool years_words_hold(struct years *years)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	size_t count = years->words_seen < YEARS_WORDS ? years->words_seen : YEARS_WORDS;
	if (!casebook_reader_take(years->book, &reader, &years->err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct years_words *kept = &years->words_kept[i];
		struct casebook_viewer viewer = { .actor = kept->reader };
		const struct json *sealed, *sent;
		enum casebook_seal how;
		struct err err = { 0 };
		arena_reset(years->arena);
		/* Who read them may have left meanwhile, or the file may be shut to him. */
		if (!casebook_open_seal(reader, &viewer, kept->entry, years->arena, &how, &sealed,
		                        &err)) {
			if (err.code == ERR_ABSENT)
				continue;
			years->err = err;
			return false;
		}
		if (how == CASEBOOK_SEAL_LOST || how == CASEBOOK_SEAL_NONE)
			return years_broken(years, "L12: the words of entry %" PRId64 " are lost",
			                    kept->entry);
		if (how == CASEBOOK_SEAL_OPEN &&
		    (!json_read(years->arena, kept->text, 8, &sent, &years->err) ||
		     !compare_words(years, sent, kept->entry, sealed)))
			return false;
	}
	return true;
}

/* --- what a refusal teaches ------------------------------------------------------------------- */

static bool plan_wants(struct years *years, struct years_file *file)
{
	if (!file->want_count || file->is_waiting_event)
		return true;
	file->is_waiting_event = true;
	return years_plan(years,
	                  (struct years_event){ .at = years->now + INSTANT_PER_HOUR +
	                                              (int64_t)years_below(years, SOON_HOURS) *
	                                                      INSTANT_PER_HOUR,
	                                        .sort = YEARS_WANTED,
	                                        .what = (int)(file - years->files) });
}

static bool is_wanted(const struct pack_supply *supply, const struct years_duty *duty)
{
	for (size_t i = 0; i < supply->rule_count; i++) {
		if (supply->rules[i] == duty->rule)
			return true;
	}
	return supply->classes >> duty->rule->class & 1;
}

/* What would make the need hold is meant to be done in the next days. */
static bool learn_need(struct years *years, struct years_file *file, const struct pack_need *need)
{
	struct pack_supply supply;
	pack_cond_supply(need->need, &supply);
	if (supply.kind_count) {
		const struct pack_supply_kind *kind =
			&supply.kinds[years_below(years, supply.kind_count)];
		years_want(file, kind,
		           kind->by_count ? kind->by[years_below(years, kind->by_count)] : NULL);
	}
	for (size_t i = 0; i < file->duty_count; i++) {
		struct years_duty *duty = &file->duties[i];
		instant soon = years->now + INSTANT_PER_HOUR +
		               (int64_t)years_below(years, SOON_HOURS) * INSTANT_PER_HOUR;
		if (duty->closed < 0 && duty->tries < TRIES_BEFORE && is_wanted(&supply, duty) &&
		    !years_plan_duty(years, duty, (int)(file - years->files), soon))
			return false;
	}
	return true;
}

static bool learn_missing(struct years *years, struct years_file *file,
                          const struct pack_kind *kind, const struct casebook_missing *missing)
{
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *line = &kind->needs[i];
		if (line->need && str_eq(line->need->otherwise, missing->sentence))
			return learn_need(years, file, line->need);
		for (size_t n = 0; line->gate && n < line->gate->need_count; n++) {
			const struct pack_need *need = &line->gate->needs[n];
			if (str_eq(line->gate->name, missing->gate) &&
			    str_eq(need->otherwise, missing->sentence))
				return learn_need(years, file, need);
		}
	}
	return true;
}

static bool learn(struct years *years, const struct years_sent *sent,
                  const struct casebook_answer *answer)
{
	struct str last = STR_NONE;
	struct years_file *file = sent->file >= 0 ? &years->files[sent->file] : NULL;
	for (size_t i = 0; i < answer->missing_count; i++) {
		struct str gate = answer->missing[i].gate;
		if (!str_eq(gate, last) || i == 0)
			simulate_count(years->report->gates, gate.n ? gate : STR("its own"), 1);
		last = gate;
		if (file && sent->kind && sent->hope == YEARS_ANYTHING &&
		    !learn_missing(years, file, sent->kind, &answer->missing[i]))
			return false;
	}
	return !file || plan_wants(years, file);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* A file that began: whose child it is, and what is to be said of it next. */
static bool begun(struct years *years, const struct years_sent *sent, int64_t index)
{
	struct years_child *child = &years->children[sent->child];
	int at = years->entries[index].file;
	struct years_event next = { .at = years->now +
		                          (int64_t)years_below(years, 72) * INSTANT_PER_HOUR,
		                    .sort = YEARS_JOINED,
		                    .what = at };
	if (at < 0 || years->files[at].child >= 0)
		return true;
	years->files[at].child = sent->child;
	if (years->files[at].type->is_person && child->person < 0)
		child->person = at;
	memmove(&child->recent[1], &child->recent[0], (YEARS_RECENT - 1) * sizeof child->recent[0]);
	child->recent[0] = at;
	child->recent_count += child->recent_count < YEARS_RECENT;
	if (child->person >= 0)
		return years_plan(years, next);
	struct years_event person = next;
	person.sort = YEARS_PERSON;
	person.what = sent->child;
	next.at += INSTANT_PER_DAY;
	return years_plan(years, person) && years_plan(years, next);
}

/* What the rules offer after an entry is mostly meant to be done. */
static bool want_offered(struct years *years, const struct casebook_act *act, int64_t index)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_viewer viewer = { .actor = act->actor };
	int at = years->entries[index].file;
	const struct casebook_offer *offers;
	struct casebook_file file;
	size_t count;
	if (at < 0 || !years->entries[index].kind->offer_count)
		return true;
	if (!casebook_reader_take(years->book, &reader, &years->err) ||
	    !casebook_file_get(reader, years->arena, years->files[at].n, &file, &years->err) ||
	    !casebook_offers(reader, years->arena, &viewer, &file, &offers, &count, &years->err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (offers[i].entry == index && !years_chance(years, 4))
			years_want(&years->files[at],
			           &(struct pack_supply_kind){ .kind = offers[i].kind }, NULL);
	}
	return plan_wants(years, &years->files[at]);
}

static bool admitted(struct years *years, const struct casebook_act *act,
                     const struct years_sent *sent, const struct casebook_answer *answer)
{
	years->report->admitted++;
	if (answer->index < 0 || answer->index >= (int64_t)years->entry_count)
		return years_broken(years,
		                    "L1: entry %" PRId64 " was acknowledged and is not there",
		                    answer->index);
	const struct years_entry *entry = &years->entries[answer->index];
	if (!entry->kind || !str_eq(entry->kind->name, act->kind))
		return years_broken(years, "L1: entry %" PRId64 " is not what was acknowledged",
		                    answer->index);
	if (sent->hope != YEARS_ANYTHING)
		return years_broken(years, "L7: \"%.*s\" %s was admitted as entry %" PRId64,
		                    STR_ARG(act->kind), sent->sort, answer->index);
	if (sent->file >= 0)
		years->files[sent->file].acts++;
	else if (sent->child >= 0 && !begun(years, sent, answer->index))
		return false;
	if (!want_offered(years, act, answer->index))
		return false;
	return !years_chance(years, WORDS_LOOKED_AT) ||
	       check_words(years, act, sent, answer->index);
}

static bool refused(struct years *years, const struct casebook_act *act,
                    const struct years_sent *sent, const struct casebook_answer *answer)
{
	years->report->refused++;
	if (answer->index >= 0) {
		const struct years_entry *entry = answer->index < (int64_t)years->entry_count
		                                          ? &years->entries[answer->index]
		                                          : NULL;
		if (!entry || !entry->kind || entry->by != CASEBOOK_BY_REGISTER)
			return years_broken(years, "L7: the refusal of \"%.*s\" left no entry",
			                    STR_ARG(act->kind));
		years->report->checked[YEARS_L7]++;
	}
	if (sent->file >= 0)
		years->files[sent->file].acts++;
	return learn(years, sent, answer);
}

static bool answered(struct years *years, const struct casebook_act *act,
                     const struct years_sent *sent, const struct casebook_answer *answer)
{
	bool is_unlawful = sent->hope != YEARS_ANYTHING;
	years->report->acts++;
	years->report->unlawful += is_unlawful;
	if (is_unlawful)
		simulate_count(years->report->wrongs, str_from_c(sent->sort), 1);
	switch (answer->outcome) {
	case CASEBOOK_ADMITTED:
		return admitted(years, act, sent, answer);
	case CASEBOOK_WAITING:
		years->report->waiting++;
		return !is_unlawful ||
		       years_broken(years, "L7: \"%.*s\" %s waits and is not refused",
		                    STR_ARG(act->kind), sent->sort);
	case CASEBOOK_REFUSED:
		return refused(years, act, sent, answer) &&
		       (sent->hope != YEARS_NOTHING ||
		        years_broken(years, "L7: bad input of \"%.*s\" left an entry",
		                     STR_ARG(act->kind)));
	case CASEBOOK_FAILED:
		years->report->failed++;
		if (answer->err.code == ERR_FAULT || answer->err.code == ERR_UNABLE)
			return err_set(&years->err, answer->err.code, "\"%.*s\": %s (%s)",
			               STR_ARG(act->kind), answer->err.message,
			               answer->err.context);
		return true;
	}
	return true;
}

static bool try_again(struct years *years, const struct years_sent *sent,
                      const struct casebook_answer *answer)
{
	const struct years_event *again = &sent->again;
	/* Offices that are none of a house's often try once: what they leave is what climbs. */
	if (!again->at || answer->outcome == CASEBOOK_WAITING ||
	    (!years->options->house && years_chance(years, ONCE_IN)))
		return true;
	struct years_duty *duty = years_duty_find(&years->files[again->what], again->which);
	if (!duty || duty->closed >= 0)
		return true;
	/* What was done and did not settle it is seldom done again; what was begun for it, never.
	 */
	if (answer->outcome == CASEBOOK_ADMITTED)
		duty->tries += sent->file < 0 ? years->manner->tries : DONE_WEIGHS;
	else if (duty->rule->is_built_in)
		duty->tries += DONE_WEIGHS;
	return years_plan_duty(years, duty, again->what, again->at);
}

bool years_send(struct years *years)
{
	size_t count = years->act_count;
	if (!count)
		return true;
	years->act_count = 0;
	if (!casebook_submit_many(years->book, years->acts, count, years->arena, years->answers,
	                          &years->err) ||
	    !years_see(years))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!answered(years, &years->acts[i], &years->sent[i], &years->answers[i]) ||
		    !try_again(years, &years->sent[i], &years->answers[i]))
			return false;
	}
	arena_reset(years->arena);
	return true;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Sending: an act until it is answered, through as many faults as come; what
 * the answer must be; what is remembered of it.
 */
#include "cli/simulate_world.h"

#define TRIES 8
#define SENT_AGAIN (29 * INSTANT_PER_DAY)
#define REFUSALS_ALL 20 /* an hour and account; beyond, they are counted and not written */
#define FIELDS_TEXT ((size_t)1 << 20)
#define AGAIN 3
#define ADOPTED_MAX 3
#define DEPTH 16

bool sim_is_cut_off(const struct casebook_answer *answer)
{
	return answer->outcome == CASEBOOK_FAILED &&
	       (answer->err.code == ERR_UNABLE || answer->err.code == ERR_FAULT);
}

/* --- what is remembered ---------------------------------------------------------------------- */

static struct str keep(struct sim *sim, struct str text)
{
	return text.n ? arena_copy(sim->forever, text) : text;
}

static struct str fields_text(struct sim *sim, const struct json *fields)
{
	struct buf text;
	buf_init(&text, FIELDS_TEXT);
	json_write(&text, fields);
	struct str kept = text.full ? STR_NONE : arena_copy(sim->forever, buf_str(&text));
	buf_finish(&text);
	return kept;
}

static bool remember(struct sim *sim, const struct casebook_act *act,
                     const struct casebook_answer *answer)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_entry entry;
	if (answer->index < 0 || sim->kept_count == SIM_KEPT_MAX ||
	    answer->index >= SIM_ENTRIES_MAX)
		return true;
	if (sim->by_index[answer->index])
		return sim_broken(sim, "exactly once: entry %" PRId64 " was the answer to two acts",
		                  answer->index);
	sim->by_index[answer->index] = (unsigned char)(answer->outcome + 1);
	if (!casebook_reader_take(sim->book, &reader, &sim->err))
		return true;
	struct sim_kept *kept = &sim->kept[sim->kept_count];
	if (!casebook_entry_get(reader, sim->arena, answer->index, &entry, &sim->err))
		return sim_has_failed(sim) ||
		       sim_broken(sim, "L1: entry %" PRId64 " was acknowledged and is not there",
		                  answer->index);
	*kept = (struct sim_kept){ .index = answer->index,
		                   .header = hash_of(entry.header),
		                   .outcome = answer->outcome,
		                   .at = answer->recorded };
	if (act) {
		kept->act = *act;
		kept->act.fields = NULL;
		kept->act.actor.account = keep(sim, act->actor.account);
		kept->act.actor.office = keep(sim, act->actor.office);
		kept->act.submission = keep(sim, act->submission);
		kept->act.kind = keep(sim, act->kind);
		kept->act.file = keep(sim, act->file);
		kept->text = fields_text(sim, act->fields);
	}
	sim->kept_count++;
	if (answer->outcome == CASEBOOK_ADMITTED)
		simulate_count(sim->report->kinds, entry.kind, 1);
	return true;
}

bool sim_remember(struct sim *sim, const struct casebook_answer *answer)
{
	return remember(sim, NULL, answer);
}

static void remember_waiting(struct sim *sim, const struct casebook_act *act,
                             const struct casebook_answer *answer)
{
	struct sim_waiting *waiting = &sim->waiting[sim->waiting_count % SIM_WAITING_MAX];
	if (sim->waiting_count == SIM_WAITING_MAX)
		waiting = &sim->waiting[sim_below(sim, SIM_WAITING_MAX)];
	else
		sim->waiting_count++;
	*waiting = (struct sim_waiting){ .entry = answer->index,
		                         .file = keep(sim, act->file),
		                         .writer = act->actor,
		                         .role = answer->role_count ? keep(sim, answer->roles[0])
		                                                    : STR_NONE };
	waiting->writer.account = keep(sim, act->actor.account);
	waiting->writer.office = keep(sim, act->actor.office);
}

/* Somebody left for good: another may come. */
static void note_gone(struct sim *sim, const struct casebook_act *act)
{
	struct str account = json_text(act->fields, STR("account"));
	for (size_t i = 0; i < SIM_PEOPLE; i++) {
		if (str_eq(sim->account[i], account))
			sim->is_gone[i] = true;
	}
}

static bool count_answer(struct sim *sim, const struct casebook_act *act,
                         const struct casebook_answer *answer)
{
	struct simulate_report *report = sim->report;
	switch (answer->outcome) {
	case CASEBOOK_ADMITTED:
		report->admitted++;
		report->closings += str_eq(act->kind, STR("concern.closed"));
		if (str_eq(act->kind, STR("account.ended")))
			note_gone(sim, act);
		report->attachments += json_member(act->fields, STR("files")) != NULL;
		if (act->wants_code && sim->file_count < SIM_FILES_MAX)
			sim->file[sim->file_count++] = arena_copy(sim->forever, answer->file);
		break;
	case CASEBOOK_WAITING:
		report->waiting++;
		remember_waiting(sim, act, answer);
		break;
	case CASEBOOK_REFUSED:
		report->refused++;
		break;
	case CASEBOOK_FAILED:
		report->failed++;
		return true;
	}
	if (!remember(sim, act, answer))
		return false;
	return answer->outcome != CASEBOOK_ADMITTED || !act->wants_code ||
	       sim_keep_receipt(sim, act, answer);
}

/* --- what a refusal must be ------------------------------------------------------------------ */

/* State, facts and duties of the file an act is about, as one hash; and the number of entries. */
struct before {
	bool is_known;
	int64_t restarts;
	int64_t entries;
	struct hash file;
};

static bool see_file(struct sim *sim, struct casebook_reader *reader, struct str name,
                     struct hash *out)
{
	struct casebook_file file;
	struct casebook_duty_list duties;
	struct buf text;
	if (!name.n || !casebook_file_find(reader, sim->arena, name, &file, &sim->err) ||
	    !casebook_duties_of_file(reader, sim->arena, file.n, SIM_DUTIES_MAX, &duties,
	                             &sim->err))
		return false;
	buf_init(&text, FIELDS_TEXT);
	buf_format(&text, "%d\n", file.state);
	json_write(&text, file.facts);
	for (size_t i = 0; i < duties.count; i++) {
		const struct casebook_duty *duty = &duties.at[i];
		buf_format(&text, "\n%" PRId64 " %d %.*s %" PRId64 " %" PRId64 " %d", duty->id,
		           duty->is_open, STR_ARG(duty->office), duty->due, duty->agreed,
		           duty->rung);
	}
	*out = hash_of(buf_str(&text));
	buf_finish(&text);
	return true;
}

static struct before see(struct sim *sim, const struct casebook_act *act)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct before before = { .restarts = sim->report->restarts };
	struct casebook_health health;
	if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_health(reader, &health, &sim->err))
		return before;
	before.entries = health.entries;
	before.is_known = !act->file.n || see_file(sim, reader, act->file, &before.file);
	return before;
}

/* L7: a refusal is an entry (but the flood of one hour is a count), and nothing else changed by it.
 */
static bool check_refusal(struct sim *sim, const struct casebook_act *act,
                          const struct casebook_answer *answer, const struct before *before)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_entry entry;
	struct hash file = before->file;
	int64_t hour = casebook_now(sim->book) / INSTANT_PER_HOUR;
	if (hour != sim->hour)
		sim->refused_in_hour = 0;
	sim->hour = hour;
	sim->refused_in_hour++;
	if (answer->index < 0)
		return sim->refused_in_hour > REFUSALS_ALL ||
		       sim_broken(sim, "L7: a refusal of \"%.*s\" left no entry",
		                  STR_ARG(act->kind));
	if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_entry_get(reader, sim->arena, answer->index, &entry, &sim->err))
		return sim_has_failed(sim) ||
		       sim_broken(sim, "L7: refusal %" PRId64 " cannot be read", answer->index);
	if (!str_eq(entry.kind, STR("act.refused")) && !str_eq(entry.kind, STR("gate.refused")))
		return sim_broken(sim, "L7: entry %" PRId64 " is no refusal", answer->index);
	if (!str_eq(json_text(entry.plain, STR("kind")), act->kind))
		return sim_broken(sim, "L7: refusal %" PRId64 " does not say of what",
		                  answer->index);
	bool is_seen = !act->file.n || see_file(sim, reader, act->file, &file);
	if (before->is_known && is_seen && before->restarts == sim->report->restarts &&
	    !hash_eq(&file, &before->file))
		return sim_broken(sim, "L7: \"%.*s\" was refused and the file changed",
		                  STR_ARG(act->kind));
	sim->report->checked[SIMULATE_L7]++;
	return true;
}

static bool check_nothing(struct sim *sim, const struct casebook_act *act,
                          const struct before *before)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_health health;
	if (!before->is_known || before->restarts != sim->report->restarts ||
	    !casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_health(reader, &health, &sim->err))
		return true;
	return health.entries == before->entries ||
	       sim_broken(sim, "L7: bad input of \"%.*s\" left an entry", STR_ARG(act->kind));
}

static bool check_answer(struct sim *sim, const struct sim_act *sent,
                         const struct casebook_answer *answer, const struct before *before)
{
	const struct casebook_act *act = &sent->act;
	if (sent->hope == SIM_REFUSED && answer->outcome != CASEBOOK_REFUSED)
		return sim_broken(sim, "L7: \"%.*s\" by %.*s was not refused: outcome %d, %s",
		                  STR_ARG(act->kind), STR_ARG(act->actor.office), answer->outcome,
		                  answer->outcome == CASEBOOK_FAILED ? answer->err.message : "");
	if (sent->hope == SIM_NOTHING && answer->outcome != CASEBOOK_FAILED)
		return sim_broken(sim, "L7: bad input of \"%.*s\" was taken: outcome %d",
		                  STR_ARG(act->kind), answer->outcome);
	sim->report->unlawful += sent->hope != SIM_ANYTHING;
	if (sent->sort)
		simulate_count(sim->report->wrongs, str_from_c(sent->sort), 1);
	if (answer->outcome == CASEBOOK_REFUSED)
		return check_refusal(sim, act, answer, before);
	return answer->outcome != CASEBOOK_FAILED || check_nothing(sim, act, before);
}

/* --- once ------------------------------------------------------------------------------------ */

/* What was in the log before its answer is what the answer names. */
static bool check_ghost(struct sim *sim, const struct casebook_act *act,
                        const struct casebook_answer *answer)
{
	bool is_same = sim->ghost < 0 || (answer->is_repeat && answer->index == sim->ghost);
	int64_t ghost = sim->ghost;
	sim->ghost = -1;
	sim->in_flight = false;
	return is_same || sim_broken(sim,
	                             "exactly once: \"%.*s\" is entry %" PRId64
	                             " and was answered as %" PRId64,
	                             STR_ARG(act->kind), ghost, answer->index);
}

bool sim_send(struct sim *sim)
{
	struct sim_act sent = { 0 };
	struct casebook_answer answer = { .index = -1 };
	sim_act_random(sim, &sent);
	struct before before = see(sim, &sent.act);
	for (int i = 0; i < TRIES; i++) {
		sim->report->acts++;
		bool taken = casebook_submit(sim->book, &sent.act, sim->arena, &answer, &sim->err);
		if (taken && !sim_is_cut_off(&answer)) {
			sim->report->found += i > 0 && answer.is_repeat;
			return check_ghost(sim, &sent.act, &answer) &&
			       count_answer(sim, &sent.act, &answer) &&
			       check_answer(sim, &sent, &answer, &before);
		}
		sim->report->unknown++;
		sim->in_flight = true;
		store_shim_heal(sim->shim);
		if (!sim_restart(sim))
			return false;
	}
	return sim_broken(sim, "an act could not be sent in %d tries: %s", TRIES,
	                  answer.err.message);
}

static bool send_one_again(struct sim *sim, const struct sim_kept *kept)
{
	struct casebook_answer answer;
	struct casebook_act act = kept->act;
	if (!json_read(sim->arena, kept->text, DEPTH, &act.fields, &sim->err) ||
	    !casebook_submit(sim->book, &act, sim->arena, &answer, &sim->err))
		return sim_broken(sim, "exactly once: \"%.*s\" cannot be sent again: %s",
		                  STR_ARG(act.kind), sim->err.message);
	sim->report->checked[SIMULATE_ONCE]++;
	return (answer.is_repeat && answer.outcome == kept->outcome &&
	        answer.index == kept->index) ||
	       sim_broken(sim,
	                  "exactly once: \"%.*s\" was entry %" PRId64 " and sent again is %" PRId64,
	                  STR_ARG(act.kind), kept->index, answer.index);
}

bool sim_send_again(struct sim *sim)
{
	for (size_t i = 0; i < AGAIN && sim->kept_count; i++) {
		/* The newest, and some of those before. */
		size_t at = i == 0 ? sim->kept_count - 1 : sim_below(sim, sim->kept_count);
		const struct sim_kept *kept = &sim->kept[at];
		if (kept->text.p && sim->now - kept->at < SENT_AGAIN && !send_one_again(sim, kept))
			return false;
	}
	return true;
}

/* --- the rules ------------------------------------------------------------------------------- */

static struct str replaced(struct sim *sim, struct str text, const char *from, const char *to)
{
	struct str what = str_from_c(from);
	for (size_t i = 0; i + what.n <= text.n; i++) {
		if (!str_starts(str_sub(text, i, what.n), what))
			continue;
		struct str pieces[3] = { str_sub(text, 0, i), str_from_c(to),
			                 str_sub(text, i + what.n, text.n) };
		return arena_join(sim->arena, pieces, 3);
	}
	return STR_NONE;
}

/* The pack anew with a higher version and another title; or, to be refused, looser in a duty. */
static bool another_version(struct sim *sim, bool is_looser, struct pack_bytes *out)
{
	const struct pack_bytes *pack = sim->options->pack;
	struct pack_file *files = arena_alloc(sim->arena, pack->count, sizeof *files);
	char version[32], line[48];
	*out = *pack;
	(void)snprintf(version, sizeof version, "0.1.%d", sim->adopted + 1);
	(void)snprintf(line, sizeof line, "version: %s", version);
	for (size_t i = 0; files && i < pack->count; i++) {
		files[i] = pack->files[i];
		if (str_eq(files[i].path, STR("pack.yaml")))
			files[i].bytes = replaced(sim, files[i].bytes, "version: 0.1.0", line);
		if (is_looser && str_eq(files[i].path, STR("duties.yaml")))
			files[i].bytes = replaced(sim, files[i].bytes, "extendable: no",
			                          "extendable: line-above");
		if (!files[i].bytes.p)
			return false;
	}
	out->files = files;
	out->version = arena_copy(sim->forever, str_from_c(version));
	return files != NULL;
}

/* Cut off: it is in force with its entry, or neither is there. */
static bool settle_adoption(struct sim *sim, struct str version)
{
	bool is_in_force = str_eq(casebook_pack(sim->book)->version, version);
	if (is_in_force != (sim->ghost >= 0))
		return sim_broken(
			sim, "none half: pack %.*s is %sin force, and its entry is %sthere",
			STR_ARG(version), is_in_force ? "" : "not ", sim->ghost >= 0 ? "" : "not ");
	struct casebook_answer answer = { .index = sim->ghost, .recorded = sim->now };
	sim->ghost = -1;
	sim->in_flight = false;
	sim->adopted += is_in_force;
	sim->report->adoptions += is_in_force;
	return !is_in_force || remember(sim, NULL, &answer);
}

/* Whether the account holds that office and no other. */
static bool holds_alone(const struct sim_chart *chart, const struct casebook_actor *actor,
                        struct str office)
{
	if (!str_eq(actor->office, office))
		return false;
	for (size_t i = 0; i < chart->count; i++)
		for (size_t h = 0; h < chart->at[i].holder_count; h++)
			if (str_eq(chart->at[i].holders[h], actor->account) &&
			    !str_eq(chart->at[i].id, office))
				return false;
	return true;
}

bool sim_adopt(struct sim *sim)
{
	struct sim_chart chart;
	struct casebook_actor one, two;
	struct casebook_adoption out = { .answer = { .index = -1 } };
	struct pack_bytes bytes;
	bool is_looser = sim_chance(sim, 4), is_alone = sim_chance(sim, 6);
	arena_reset(sim->arena);
	if (sim->adopted >= ADOPTED_MAX || !sim_chart(sim, &chart) ||
	    !sim_holder(sim, &chart, STR("register-administrator"), &one) ||
	    !sim_holder(sim, &chart, STR("named-nurse"), &two) ||
	    !holds_alone(&chart, &one, STR("register-administrator")) ||
	    !holds_alone(&chart, &two, STR("named-nurse")) ||
	    !another_version(sim, is_looser, &bytes))
		return true;
	sim->report->acts++;
	bool taken = casebook_adopt(sim->book, &one, is_alone ? &one : &two, CASEBOOK_API, STR_NONE,
	                            &bytes, sim->arena, &out, &sim->err);
	if (!taken || sim_is_cut_off(&out.answer)) {
		sim->report->unknown++;
		sim->in_flight = true;
		store_shim_heal(sim->shim);
		return sim_restart(sim) && settle_adoption(sim, bytes.version);
	}
	if (out.answer.outcome == CASEBOOK_FAILED) {
		sim->report->failed++;
		if (!is_looser && !is_alone)
			return sim_broken(sim, "a lawful version was not adopted: %s",
			                  out.answer.err.message);
		sim->report->unlawful++;
		simulate_count(sim->report->wrongs,
		               is_alone ? STR("a pack adopted by one alone") : STR("a looser pack"),
		               1);
		return out.answer.err.code == ERR_REFUSED ||
		       sim_broken(sim, "L7: a pack was not refused but: %s",
		                  out.answer.err.message);
	}
	if (is_looser || is_alone)
		return sim_broken(sim, "L7: a pack that loosens, or by one alone, was adopted");
	sim->report->admitted += out.answer.outcome == CASEBOOK_ADMITTED;
	sim->report->adoptions += out.answer.outcome == CASEBOOK_ADMITTED;
	sim->adopted += out.answer.outcome == CASEBOOK_ADMITTED;
	return remember(sim, NULL, &out.answer);
}

/* --- readings -------------------------------------------------------------------------------- */

bool sim_read(struct sim *sim)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct sim_look look;
	struct sim_chart chart;
	struct casebook_viewer viewer = { .session = STR("simulated") };
	enum casebook_seal how;
	const struct json *sealed;
	if (!sim_look(sim, &look) || !sim_chart(sim, &chart) ||
	    !sim_holder(sim, &chart, sim_pick(sim, sim_offices, 4), &viewer.actor))
		return true;
	if (!casebook_reader_take(sim->book, &reader, &sim->err))
		return sim_restart(sim);
	bool shown = casebook_open_seal(reader, &viewer, look.file.first_entry, sim->arena, &how,
	                                &sealed, &sim->err);
	casebook_reader_give(&reader);
	reader = NULL;
	if (!shown)
		return sim->err.code == ERR_ABSENT || sim_restart(sim);
	if (how != CASEBOOK_SEAL_OPEN)
		return true;
	sim->report->readings++;
	sim->readings[sim->reading_count++ % SIM_READINGS_MAX] =
		(struct sim_reading){ look.file.n, look.file.first_entry,
		                      arena_copy(sim->forever, viewer.actor.account) };
	return true;
}

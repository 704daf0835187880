/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Refusals: each is an entry (L7), without a word of what was written. Beyond
 * twenty an hour and account they are counted, and told as one by the beat.
 */
#include "casebook/turn_parts.h"

#define REFUSALS_AN_HOUR 20

static const char COUNT_SQL[] =
	"INSERT INTO short_refusal (account, hour, count) VALUES (?1, ?2, 1)"
	" ON CONFLICT (account, hour) DO UPDATE SET count = short_refusal.count + 1 RETURNING count";

static bool count_refusal(struct turn *turn, struct str account, int64_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(turn->store, COUNT_SQL, &put, err))
		return false;
	store_bind_str(put, 1, account.n ? account : STR("-"));
	store_bind_int(put, 2, turn->now / INSTANT_PER_HOUR);
	enum store_step step = store_step(put, err);
	if (step != STORE_ROW)
		return step != STORE_FAILED;
	*count = store_int(put, 0);
	return store_step(put, err) == STORE_DONE; /* to the end before a commit */
}

struct str decided_since_words(struct arena *arena, int64_t since)
{
	return arena_format(arena,
	                    "Entry %" PRId64
	                    " decided this after you began; read it, then send yours again if it"
	                    " still holds",
	                    since);
}

static void tell(struct pending *pending, const struct verdict *verdict)
{
	struct casebook_answer *answer = pending->answer;
	struct casebook_missing *missing =
		arena_alloc(pending->arena, verdict->missing_count, sizeof *missing);
	answer->outcome = CASEBOOK_REFUSED;
	answer->sentence = arena_copy(pending->arena, verdict->sentence);
	answer->since = verdict->since;
	for (size_t i = 0; missing && i < verdict->missing_count; i++) {
		missing[i].gate = arena_copy(pending->arena, verdict->missing[i].gate);
		missing[i].sentence = arena_copy(pending->arena, verdict->missing[i].sentence);
	}
	answer->missing = missing;
	answer->missing_count = missing ? verdict->missing_count : 0;
}

/* Gates by name, and each missing thing as the gate's name and its sentence's place in it. */
static void put_missing(struct arena *arena, struct json *plain, const struct judged *judged,
                        const struct verdict *verdict)
{
	struct json *gates = json_array(arena), *missing = json_array(arena);
	for (size_t i = 0; i < verdict->missing_count; i++) {
		struct str gate = verdict->missing[i].gate;
		bool is_new = gate.n > 0;
		for (const struct json *item = gates->first; item; item = item->next)
			is_new = is_new && !str_eq(item->string, gate);
		if (is_new)
			json_push(gates, json_string(arena, gate));
		size_t place = 0;
		for (size_t n = 0; n < judged->kind->need_count; n++) {
			const struct pack_gate *of = judged->kind->needs[n].gate;
			for (size_t k = 0; of && str_eq(of->name, gate) && k < of->need_count;
			     k++) {
				if (str_eq(of->needs[k].otherwise, verdict->missing[i].sentence))
					place = k + 1;
			}
			const struct pack_need *need = judged->kind->needs[n].need;
			if (need && !gate.n &&
			    str_eq(need->otherwise, verdict->missing[i].sentence))
				place = n + 1;
		}
		json_push(missing,
		          json_string(arena,
		                      arena_format(arena, "%.*s.%zu",
		                                   STR_ARG(gate.n ? gate : STR("need")), place)));
	}
	if (gates->count)
		json_put(plain, STR("gates"), gates);
	json_put(plain, STR("missing"), missing);
}

bool turn_refuse(struct turn *turn, struct pending *pending, const struct judged *judged,
                 const struct verdict *verdict, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	const struct casebook_actor *actor = &pending->act->actor;
	bool is_gate = verdict->judgement == JUDGED_REFUSED_GATE;
	struct json *plain = json_object(arena);
	struct folding entry;
	int64_t count = 0;
	tell(pending, verdict);
	if (!count_refusal(turn, actor->account, &count, err))
		return false;
	if (count > REFUSALS_AN_HOUR)
		return true;
	json_put_text(arena, plain, STR("kind"), judged->kind->name);
	if (actor->by == CASEBOOK_BY_OFFICE) {
		json_put_text(arena, plain, STR("account"), actor->account);
		json_put_text(arena, plain, STR("office"), actor->office);
	}
	if (is_gate)
		put_missing(arena, plain, judged, verdict);
	else
		json_put_text(arena, plain, STR("because"), verdict->because);
	if (verdict->since)
		json_put_integer(arena, plain, STR("since"), verdict->since);
	int64_t file = judged->row ? judged->row->n : 0;
	if (!turn_register_entry(turn, is_gate ? STR("gate.refused") : STR("act.refused"), file,
	                         plain, judged->cause, &entry, err))
		return false;
	pending->answer->index = entry.index;
	pending->answer->recorded = entry.recorded;
	pending->answer->file = arena_copy(pending->arena, entry.file_id);
	return turn_follow(turn, &entry, 0, err);
}

/* "G1.2" or "need.3" as the sentence that stands there in the rules in force; p NULL: none. */
static struct str sentence_of(const struct pack *pack, const struct pack_kind *kind,
                              struct str place, struct str *gate_name)
{
	struct str name;
	uint64_t n = 0;
	*gate_name = STR("");
	if (!str_cut(&place, '.', &name) || !str_to_u64(place, 1000, &n) || n == 0)
		return STR_NONE;
	if (str_eq(name, STR("need")))
		return kind && n <= kind->need_count && kind->needs[n - 1].need
		               ? kind->needs[n - 1].need->otherwise
		               : STR_NONE;
	const struct pack_gate *gate = pack_gate_find(pack, name);
	if (!gate || n > gate->need_count)
		return STR_NONE;
	*gate_name = gate->name;
	return gate->needs[n - 1].otherwise;
}

bool turn_refusal_again(struct turn *turn, struct pending *pending, struct str plain,
                        struct err *err)
{
	const struct json *fields = NULL, *missing;
	struct arena *arena = pending->arena;
	struct casebook_answer *answer = pending->answer;
	if (!json_read(arena, arena_copy(arena, plain), 8, &fields, err))
		return false;
	const struct pack_kind *kind =
		pack_kind_find(turn->fold->pack, json_text(fields, STR("kind")));
	missing = json_member(fields, STR("missing"));
	answer->sentence =
		missing ? STR_NONE
			: STR("This was refused when it was sent first; nothing was done");
	answer->since = json_number(fields, STR("since"), 0);
	if (answer->since)
		answer->sentence = decided_since_words(arena, answer->since);
	struct casebook_missing *list =
		arena_alloc(arena, missing ? missing->count : 0, sizeof *list);
	if (!list)
		return err_set(err, ERR_UNABLE, "There is no memory for this act");
	for (const struct json *item = missing ? missing->first : NULL; item; item = item->next) {
		struct str gate,
			sentence = sentence_of(turn->fold->pack, kind, item->string, &gate);
		if (sentence.p)
			list[answer->missing_count++] =
				(struct casebook_missing){ arena_copy(arena, gate),
				                           arena_copy(arena, sentence) };
	}
	answer->missing = list;
	return true;
}

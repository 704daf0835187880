/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The laws of the log, after every restart: what was acknowledged is there,
 * once, the same; receipts hold; no signed root contradicts another; readings
 * are there; verify is clean. The laws of files: simulate_file.c.
 */
#include "cli/simulate_world.h"

#define CLIMBS_TURN 1000
#define ARENA_SMALL ((size_t)4 << 20)
#define ROOTS_NEW 24
#define ROOTS_OLD 16
#define RECEIPTS_NEW 6
#define RECEIPTS_OLD 6
#define READINGS_NEW 12
#define READINGS_OLD 12
#define READINGS_OF 1000
#define SECONDS_BACK 6

/* --- climbing -------------------------------------------------------------------------------- */

static bool climb_all(struct sim *sim)
{
	size_t fired = 1;
	instant next;
	while (fired) {
		if (!casebook_climb(sim->book, sim->now, CLIMBS_TURN, &fired, &next, &sim->err))
			return sim_broken(sim, "L5: nothing climbs after a restart: %s",
			                  sim->err.message);
		sim->report->climbed += (int64_t)fired;
	}
	return true;
}

/* --- exactly once ---------------------------------------------------------------------------- */

/* A refusal of an act that a second reader agreed to: judged anew, and nobody waits for its answer.
 */
static bool follows_a_second(struct sim *sim, struct casebook_reader *reader, int64_t index)
{
	struct casebook_entry before;
	for (int64_t i = index - 1; i >= 0 && i >= index - SECONDS_BACK; i--) {
		if (casebook_entry_get(reader, sim->arena, i, &before, &sim->err) &&
		    str_eq(before.kind, STR("second.given")))
			return true;
	}
	return false;
}

#define TAKEN 0x80 /* the act that waited under this entry was admitted */

/* Admitted at the last second reader's yes: once. */
static bool check_waited(struct sim *sim, const struct casebook_entry *entry, int64_t waited)
{
	if (waited >= SIM_ENTRIES_MAX || sim->by_index[waited] != CASEBOOK_WAITING + 1)
		return sim_broken(sim,
		                  "exactly once: entry %" PRId64 " waited as %" PRId64
		                  ", which nobody sent, or was admitted before",
		                  entry->index, waited);
	sim->by_index[waited] |= TAKEN;
	sim->by_index[entry->index] = CASEBOOK_ADMITTED + 1;
	return true;
}

/* Every act in the log is the answer to one that was sent, or to the one in flight. */
static bool check_once(struct sim *sim, struct casebook_reader *reader,
                       const struct casebook_entry *entry)
{
	bool is_refusal =
		str_eq(entry->kind, STR("act.refused")) || str_eq(entry->kind, STR("gate.refused"));
	int64_t waited = json_number(entry->plain, STR("waited"), -1);
	if (entry->index >= SIM_ENTRIES_MAX || (entry->by == CASEBOOK_BY_REGISTER && !is_refusal))
		return true;
	sim->report->checked[SIMULATE_ONCE]++;
	if (sim->by_index[entry->index])
		return true;
	if (waited >= 0)
		return check_waited(sim, entry, waited);
	if (is_refusal && follows_a_second(sim, reader, entry->index))
		return true;
	if (!sim->in_flight || sim->ghost >= 0)
		return sim_broken(sim,
		                  "exactly once: entry %" PRId64
		                  " (%.*s) is in the log and was no answer",
		                  entry->index, STR_ARG(entry->kind));
	sim->ghost = entry->index;
	return true;
}

static bool check_new_entries(struct sim *sim, struct casebook_reader *reader)
{
	struct casebook_entry entry;
	for (; sim->scanned < sim->report->entries; sim->scanned++) {
		arena_reset(sim->arena);
		if (!casebook_entry_get(reader, sim->arena, sim->scanned, &entry, &sim->err))
			return sim_broken(sim, "L2: entry %" PRId64 " cannot be read: %s",
			                  sim->scanned, sim->err.message);
		if (!check_once(sim, reader, &entry) || !sim_check_whole(sim, reader, &entry))
			return false;
	}
	return true;
}

/* L1, L2: what was acknowledged is there, the same. */
static bool check_kept(struct sim *sim, struct casebook_reader *reader)
{
	for (size_t i = 0; i < sim->kept_count; i++) {
		struct casebook_entry entry;
		if (i % 64 == 0)
			arena_reset(sim->arena);
		if (!casebook_entry_get(reader, sim->arena, sim->kept[i].index, &entry, &sim->err))
			return sim_broken(sim,
			                  "L1: entry %" PRId64 " was acknowledged and is gone: %s",
			                  sim->kept[i].index, sim->err.message);
		struct hash header = hash_of(entry.header);
		if (!hash_eq(&header, &sim->kept[i].header))
			return sim_broken(sim, "L2: entry %" PRId64 " is not what was acknowledged",
			                  sim->kept[i].index);
		sim->report->checked[SIMULATE_L1]++;
	}
	return true;
}

/* --- signed roots ---------------------------------------------------------------------------- */

static void remember_root(struct sim *sim, int64_t size, const struct hash *root)
{
	if (sim->root_count < SIM_KEPT_MAX && size > 0)
		sim->roots[sim->root_count++] = (struct sim_root){ size, *root };
}

static bool check_root(struct sim *sim, struct casebook_reader *reader, const struct sim_root *kept)
{
	struct hash root;
	if (!casebook_root(reader, kept->size, &root, &sim->err))
		return sim_broken(sim, "L2: the tree of %" PRId64 " that was signed is gone",
		                  kept->size);
	sim->report->checked[SIMULATE_L2]++;
	return hash_eq(&root, &kept->root) ||
	       sim_broken(sim, "L2: another root for size %" PRId64 ", which was signed",
	                  kept->size);
}

static bool signs_size(const struct casebook_key *key, int64_t size)
{
	return size >= key->from && (key->signs || size <= key->to);
}

/* By each key of its time: for a while there are two. */
static bool open_published(struct sim *sim, struct str note, int64_t size,
                           struct log_checkpoint *out)
{
	const struct casebook_key *keys;
	size_t count, signed_by = 0;
	if (!casebook_keys(sim->book, sim->arena, &keys, &count, &sim->err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct log_vkey key;
		if (!signs_size(&keys[i], size))
			continue;
		if (!log_vkey_read(sim->arena, keys[i].vkey, &key, &sim->err) ||
		    !log_checkpoint_open(sim->arena, note, &key, out, &sim->err))
			return false;
		signed_by++;
	}
	return signed_by > 0;
}

/* What is published was signed, and never goes back. */
static bool check_published(struct sim *sim, struct casebook_reader *reader)
{
	struct log_checkpoint checkpoint;
	struct str note;
	int64_t size;
	if (!casebook_log_checkpoint(reader, sim->arena, &size, &note, &sim->err))
		return sim->err.code == ERR_ABSENT
		               ? sim->published == 0 ||
		                         sim_broken(sim, "L2: what was published is gone")
		               : sim_broken(sim, "L2: what is published cannot be read");
	if (!open_published(sim, note, size, &checkpoint))
		return sim_broken(sim, "L2: what is published is not signed: %s", sim->err.message);
	if (size < sim->published)
		return sim_broken(sim, "L2: published %" PRId64 " after %" PRId64, size,
		                  sim->published);
	if (size > sim->published)
		remember_root(sim, checkpoint.size, &checkpoint.root);
	sim->published = size;
	return true;
}

/* No checkpoint that was signed before contradicts the tree of now. */
static bool check_roots(struct sim *sim, struct casebook_reader *reader)
{
	size_t old = sim->root_count > ROOTS_NEW ? sim->root_count - ROOTS_NEW : 0;
	struct hash root;
	for (size_t i = old; i < sim->root_count; i++) {
		if (!check_root(sim, reader, &sim->roots[i]))
			return false;
	}
	for (size_t i = 0; i < ROOTS_OLD && old; i++) {
		if (!check_root(sim, reader, &sim->roots[sim_below(sim, old)]))
			return false;
	}
	if (!check_published(sim, reader))
		return false;
	if (!casebook_root(reader, sim->report->entries, &root, &sim->err))
		return sim_broken(sim, "L2: the newest root cannot be reckoned: %s",
		                  sim->err.message);
	remember_root(sim, sim->report->entries, &root);
	return true;
}

/* --- receipts -------------------------------------------------------------------------------- */

/* Offline: nothing but the receipt, the words, and the log's keys, the newest first. */
static bool check_offline(struct sim *sim, struct str text, const struct str *report,
                          struct log_receipt_found *found)
{
	const struct casebook_key *keys;
	size_t count;
	if (!casebook_keys(sim->book, sim->arena, &keys, &count, &sim->err))
		return sim_broken(sim, "L3: the log's keys cannot be listed: %s", sim->err.message);
	for (size_t i = count; i > 0; i--) {
		const struct log_policy *policy;
		if (!log_policy_of_key(sim->arena, keys[i - 1].vkey, &policy, &sim->err) ||
		    !log_receipt_check(sim->hasher, sim->arena, text, policy, report, found,
		                       &sim->err))
			return sim_broken(sim, "L3: a receipt cannot be checked: %s",
			                  sim->err.message);
		if (log_receipt_exit(found->result) == 0 &&
		    !signs_size(&keys[i - 1], found->checkpoint.size))
			return sim_broken(sim, "L2: a key signed size %" PRId64 " out of its time",
			                  found->checkpoint.size);
		if (found->result != LOG_RECEIPT_SIGNATURE)
			break;
	}
	return log_receipt_exit(found->result) == 0 ||
	       sim_broken(sim, "L3: a receipt does not hold: %.*s", STR_ARG(found->why));
}

/* The sealed fields as they were sent: the words, and the keys of what went with them. */
static struct str words_of(struct sim *sim, const struct casebook_act *act)
{
	const struct pack_kind *kind = pack_kind_find(casebook_pack(sim->book), act->kind);
	struct json *report = json_object(sim->arena), *sealed = json_object(sim->arena);
	struct buf text;
	for (const struct json *at = act->fields->first; kind && at; at = at->next) {
		const struct pack_field *field = pack_field_find(kind, at->key);
		struct json *copy = arena_alloc(sim->arena, 1, sizeof *copy);
		if (!field || !field->is_sealed || !copy)
			continue;
		*copy = *at;
		copy->next = NULL;
		json_put(sealed, at->key, copy);
	}
	json_put(report, STR("sealed"), sealed);
	buf_init(&text, (size_t)1 << 20);
	json_write(&text, report);
	struct str words = arena_copy(sim->forever, buf_str(&text));
	buf_finish(&text);
	return words;
}

bool sim_keep_receipt(struct sim *sim, const struct casebook_act *act,
                      const struct casebook_answer *answer)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct log_receipt_found found;
	struct str text;
	if (sim->receipt_count == SIM_RECEIPTS_MAX ||
	    !casebook_reader_take(sim->book, &reader, &sim->err))
		return true;
	if (!casebook_receipt_own(reader, sim->arena, answer, &text, &sim->err))
		return sim_has_failed(sim) ||
		       sim_broken(sim, "L3: no receipt for entry %" PRId64 ": %s", answer->index,
		                  sim->err.message);
	struct str report = words_of(sim, act);
	if (!check_offline(sim, text, &report, &found))
		return false;
	if (found.header.index != answer->index)
		return sim_broken(sim, "L3: the receipt of entry %" PRId64 " is of another",
		                  answer->index);
	sim->receipts[sim->receipt_count++] =
		(struct sim_receipt){ .text = arena_copy(sim->forever, text),
		                      .report = report,
		                      .index = answer->index,
		                      .size = found.checkpoint.size,
		                      .root = found.checkpoint.root };
	remember_root(sim, found.checkpoint.size, &found.checkpoint.root);
	return true;
}

/* Held beside the newest signed checkpoint: the same entry is in it, and its tree begins with all
 * of ours. */
static bool check_receipt(struct sim *sim, struct casebook_reader *reader, struct log_reader *tiles,
                          const struct sim_receipt *receipt)
{
	struct log_receipt_found old, now;
	struct log_proof proof;
	struct str text;
	if (!check_offline(sim, receipt->text, &receipt->report, &old))
		return false;
	if (!casebook_receipt(reader, sim->arena, receipt->index, &text, &sim->err))
		return sim_broken(sim, "L3: no receipt any more for entry %" PRId64 ": %s",
		                  receipt->index, sim->err.message);
	if (!check_offline(sim, text, NULL, &now))
		return false;
	if (!hash_eq(&old.header.sealed, &now.header.sealed) ||
	    old.header.recorded != now.header.recorded)
		return sim_broken(sim, "L3: entry %" PRId64 " is not what its receipt says",
		                  receipt->index);
	/* Either may be the later one: what is published comes after what was signed at once. */
	bool is_later = now.checkpoint.size >= receipt->size;
	const struct hash *first = is_later ? &receipt->root : &now.checkpoint.root;
	const struct hash *last = is_later ? &now.checkpoint.root : &receipt->root;
	int64_t from = is_later ? receipt->size : now.checkpoint.size;
	int64_t to = is_later ? now.checkpoint.size : receipt->size;
	if (!log_reader_consistency(tiles, from, to, &proof, &sim->err))
		return sim_broken(sim, "L3: no proof from %" PRId64 " to %" PRId64 ": %s", from, to,
		                  sim->err.message);
	if (!log_consistency_check(sim->hasher, (uint64_t)from, (uint64_t)to, proof.at, proof.count,
	                           first, last))
		return sim_broken(sim,
		                  "L3: the log of %" PRId64 " does not begin with that of %" PRId64,
		                  to, from);
	sim->report->checked[SIMULATE_L3]++;
	return true;
}

static bool check_receipts_on(struct sim *sim, struct casebook_reader *reader,
                              struct log_reader *tiles)
{
	size_t count = sim->receipt_count, old = count > RECEIPTS_NEW ? count - RECEIPTS_NEW : 0;
	for (size_t i = old; i < count; i++) {
		arena_reset(sim->arena);
		if (!check_receipt(sim, reader, tiles, &sim->receipts[i]))
			return false;
	}
	for (size_t i = 0; i < RECEIPTS_OLD && old; i++) {
		arena_reset(sim->arena);
		if (!check_receipt(sim, reader, tiles, &sim->receipts[sim_below(sim, old)]))
			return false;
	}
	return true;
}

static const char *database(struct sim *sim)
{
	return file_join(sim->arena, sim->options->folder, "register.db");
}

static bool check_receipts(struct sim *sim, struct casebook_reader *reader)
{
	struct store *store = NULL;
	struct log_reader *tiles = NULL;
	arena_reset(sim->arena);
	bool good = store_open_on(store_shim_name(sim->shim), database(sim), STORE_READ, &store,
	                          &sim->err) &&
	            log_reader_create(store, &tiles, &sim->err);
	good = good ? check_receipts_on(sim, reader, tiles)
	            : sim_broken(sim, "L3: the tiles cannot be read: %s", sim->err.message);
	log_reader_destroy(tiles);
	store_close(store);
	return good;
}

/* --- readings -------------------------------------------------------------------------------- */

static bool check_reading(struct sim *sim, struct casebook_reader *reader,
                          const struct sim_reading *kept)
{
	const struct casebook_reading *readings;
	size_t count;
	bool found = false;
	arena_reset(sim->arena);
	if (!casebook_readings(reader, sim->arena, kept->file, STR_NONE, READINGS_OF, &readings,
	                       &count, &sim->err))
		return sim_broken(sim, "L9: readings cannot be read: %s", sim->err.message);
	for (size_t i = 0; i < count; i++)
		found = found || (readings[i].highest >= kept->highest &&
		                  str_eq(readings[i].account, kept->account));
	sim->report->checked[SIMULATE_L9]++;
	return found ||
	       sim_broken(sim, "L9: a reading of file %" PRId64 " was answered and is gone",
	                  kept->file);
}

static bool check_readings(struct sim *sim, struct casebook_reader *reader)
{
	size_t count = sim->reading_count,
	       there = count < SIM_READINGS_MAX ? count : SIM_READINGS_MAX;
	for (size_t i = 1; i <= READINGS_NEW && i <= there; i++) {
		if (!check_reading(sim, reader, &sim->readings[(count - i) % SIM_READINGS_MAX]))
			return false;
	}
	for (size_t i = 0; i < READINGS_OLD && there; i++) {
		if (!check_reading(sim, reader, &sim->readings[sim_below(sim, there)]))
			return false;
	}
	return true;
}

/* --- all ------------------------------------------------------------------------------------- */

static bool check_files(struct sim *sim, struct casebook_reader *reader)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ARENA_SMALL);
	struct sim_chart chart;
	if (!arena || !casebook_offices(reader, arena, &chart.at, &chart.count, &sim->err))
		return sim_broken(sim, "L4: the offices cannot be read: %s", sim->err.message);
	for (size_t i = 0; i < sim->file_count; i++) {
		arena_reset(sim->arena);
		if (!sim_check_file(sim, reader, &chart, sim->file[i]))
			return false;
	}
	return true;
}

static bool check_verify(struct sim *sim)
{
	struct casebook_options options = { .vfs = store_shim_name(sim->shim),
		                            .shelf = sim->options->shelf };
	struct casebook_verified verified;
	arena_reset(sim->arena);
	if (!casebook_verify_on(&options, sim->options->folder, CASEBOOK_VERIFY_WHOLE, sim->arena,
	                        NULL, NULL, &verified, &sim->err))
		return sim_broken(sim, "verify: it cannot run: %s", sim->err.message);
	sim->report->checked[SIMULATE_VERIFY]++;
	return verified.ok ||
	       sim_broken(sim, "verify: %.*s: %.*s", STR_ARG(verified.difference.where),
	                  STR_ARG(verified.difference.what));
}

static bool count_entries(struct sim *sim, int64_t *out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_health health;
	if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_health(reader, &health, &sim->err))
		return sim_broken(sim, "no reader after a restart: %s", sim->err.message);
	*out = health.entries;
	return true;
}

bool sim_check_laws(struct sim *sim)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	int64_t entries;
	arena_reset(sim->arena);
	if (!climb_all(sim))
		return false;
	if (sim->options->meddle)
		sim->options->meddle(sim->options->meddle_ctx, store_shim_name(sim->shim),
		                     database(sim));
	if (!count_entries(sim, &sim->report->entries))
		return false;
	if (!casebook_reader_take(sim->book, &reader, &sim->err))
		return sim_broken(sim, "no reader after a restart: %s", sim->err.message);
	if (!check_kept(sim, reader) || !check_new_entries(sim, reader) ||
	    !check_roots(sim, reader) || !check_receipts(sim, reader) ||
	    !check_files(sim, reader) || !check_readings(sim, reader))
		return false;
	casebook_reader_give(&reader);
	reader = NULL;
	arena_reset(sim->arena);
	if (!sim_check_tokens(sim) || !sim_send_again(sim) || !count_entries(sim, &entries))
		return false;
	if (entries != sim->report->entries)
		return sim_broken(sim,
		                  "exactly once: what was sent again left %" PRId64 " entries more",
		                  entries - sim->report->entries);
	return check_verify(sim);
}

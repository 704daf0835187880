/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Growing a mirror. Of the last, partial bundle the commitments are kept, so that what a later,
 * longer one says of them is compared; everything else that was seen is under the root.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/mirror.h"

#include "log/entry.h"
#include "log/path.h"
#include "log/tile.h"

#define MIRROR_ARENA ((size_t)4 << 20)
#define ROUND_ARENA ((size_t)8 << 20)
#define EVIDENCE_MAX 1000            /* files */
#define BUNDLES_MAX 64               /* that are kept of one alarm */
#define BUNDLE_ENTRY (2 + HASH_SIZE) /* 0x00 0x20 and C */

struct log_mirror {
	struct arena *arena;
	const struct log_policy *policy;
	struct str origin;
	const char *root;   /* the folder that was given */
	const char *folder; /* the log's in it */
	struct hasher *hasher;
	struct log_tree *tree;
	struct hash last[LOG_TILE_WIDTH]; /* commitments of the open bundle, size % 256 of them */
	struct hash kept[LOG_TILE_WIDTH]; /* the same of the copy */
	bool has_checkpoint;
	struct log_checkpoint checkpoint; /* of the copy */
	struct str note;                  /* of the copy */
	struct arena *note_arena;
};

/* One round. */
struct round {
	struct log_mirror *mirror;
	log_mirror_get *get;
	void *ctx;
	struct arena *arena;   /* of what is said */
	struct arena *scratch; /* of one resource */
	struct log_mirrored *out;
	bool is_own; /* reads the copy itself */
};

struct str log_alarm_word(enum log_alarm alarm)
{
	static const char *const words[] = { "none",        "malformed", "origin", "signature",
		                             "unwitnessed", "stale",     "shrunk", "fork",
		                             "entries",     "tiles",     "missing" };
	return str_from_c(words[alarm]);
}

/* Sounds an alarm, the first of a round; false. */
static bool sound(struct round *round, enum log_alarm alarm, const char *format, ...) PRINTF(3, 4);
static bool sound(struct round *round, enum log_alarm alarm, const char *format, ...)
{
	CLEANUP(buf_finish) struct buf words = { 0 };
	va_list args;
	if (round->out->alarm != LOG_ALARM_NONE)
		return false;
	buf_init(&words, 1000);
	va_start(args, format);
	buf_vformat(&words, format, args);
	va_end(args);
	round->out->alarm = alarm;
	round->out->words = arena_copy(round->arena, buf_str(&words));
	return false;
}

/* --- the copy ------------------------------------------------------------------------------- */

static const char *place_of(const struct log_mirror *mirror, struct arena *arena, struct str path)
{
	const char *name = str_to_c(arena, path);
	return name ? file_join(arena, mirror->folder, name) : NULL;
}

/* The folders above a path below the log's folder. */
static bool make_folders(const struct log_mirror *mirror, struct arena *arena, struct str path,
                         struct err *err)
{
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] != '/')
			continue;
		const char *folder = place_of(mirror, arena, str_sub(path, 0, i));
		if (!folder)
			return err_set(err, ERR_UNABLE, "There is no memory to keep a copy");
		if (!file_make_folder(folder, 0755, err))
			return false;
	}
	return true;
}

/* Whole or not at all once the system is synced, which is done before the checkpoint is named. */
static bool put(const struct log_mirror *mirror, struct arena *arena, struct str path,
                struct str bytes, struct err *err)
{
	const char *to = place_of(mirror, arena, path);
	struct str beside = arena_format(arena, "%s.new", to ? to : "");
	if (!to || !beside.p)
		return err_set(err, ERR_UNABLE, "There is no memory to keep a copy");
	if (!make_folders(mirror, arena, path, err))
		return false;
	int fd = open(beside.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	bool is_written = fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n;
	if (fd >= 0 && close(fd) != 0)
		is_written = false;
	return (is_written && rename(beside.p, to) == 0) ||
	       err_set(err, ERR_UNABLE, "%s cannot be written", to);
}

static bool sync_all(const struct log_mirror *mirror, struct err *err)
{
	int fd = open(mirror->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_synced = fd >= 0 && syncfs(fd) == 0;
	if (fd >= 0)
		(void)close(fd);
	return is_synced || err_set(err, ERR_UNABLE, "%s cannot be made durable", mirror->folder);
}

/* A log_mirror_get of the copy itself. */
static bool get_own(void *ctx, struct str path, struct arena *arena, int *status, struct str *body,
                    struct err *err)
{
	const struct log_mirror *mirror = ctx;
	struct err why = { 0 };
	const char *from = place_of(mirror, arena, path);
	*status = 200;
	if (!from)
		return err_set(err, ERR_UNABLE, "There is no memory to read a copy");
	if (file_read(arena, from, LOG_MIRROR_BODY_MAX, body, &why))
		return true;
	*status = 404;
	return why.code == ERR_ABSENT || err_set(err, why.code, "%s", why.message);
}

/* What a log serves is not signed, and may be another each time: no more than EVIDENCE_MAX. */
static void keep_evidence(const struct log_mirror *mirror, struct arena *arena, struct str shown)
{
	struct err ignored = { 0 };
	const struct str *names;
	size_t count = 0;
	if (!shown.n)
		return;
	struct hash hash = hash_of(shown);
	struct str hex = hash_hex(arena, &hash);
	const char *folder = file_join(arena, mirror->root, "evidence");
	const char *path = folder && hex.p ? file_join(arena, folder, hex.p) : NULL;
	if (path && file_exists(path))
		return;
	if (!path || !file_make_folder(folder, 0755, &ignored) ||
	    !file_list(arena, folder, &names, &count, &ignored) || count >= EVIDENCE_MAX ||
	    !file_write(path, 0644, shown, &ignored))
		journal_write(JOURNAL_ERROR, "mirror: evidence cannot be kept (%s)",
		              ignored.message);
}

/* --- resources ------------------------------------------------------------------------------ */

static struct str path_text(struct arena *arena, const struct log_path *path)
{
	char text[LOG_PATH_MAX];
	size_t n = log_path_write(path, text);
	return arena_copy(arena, (struct str){ text, n });
}

/* The bundles of the entries from `from` on, as they were served. */
static void keep_bundles(const struct round *round, int64_t from, int64_t size)
{
	int64_t first = from / LOG_TILE_WIDTH, end = (size + LOG_TILE_WIDTH - 1) / LOG_TILE_WIDTH;
	for (int64_t i = first; i < end && i - first < BUNDLES_MAX; i++) {
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(MIRROR_ARENA);
		int64_t left = size - i * LOG_TILE_WIDTH;
		struct log_path path = {
			.is_entries = true,
			.index = (uint64_t)i,
			.width = (unsigned)(left < LOG_TILE_WIDTH ? left : LOG_TILE_WIDTH),
		};
		struct str body = STR_NONE;
		struct err ignored = { 0 };
		int status = 0;
		if (arena && get_own(round->mirror, path_text(arena, &path), arena, &status, &body,
		                     &ignored))
			keep_evidence(round->mirror, arena, body);
	}
}

/* In the scratch arena. False: nothing came, or an alarm. */
static bool fetch(struct round *round, struct str path, struct str *body, struct err *err)
{
	int status = 0;
	if (!path.p)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch a log");
	if (!round->get(round->ctx, path, round->scratch, &status, body, err))
		return false;
	return status == 200 || sound(round, LOG_ALARM_MISSING, "%.*s is not served (status %d)",
	                              STR_ARG(path), status);
}

/* A tile as the entries make it: it must be served so, and is kept. */
static bool see_tile(void *ctx, unsigned level, uint64_t index, const struct hash *at, size_t width,
                     struct err *err)
{
	struct round *round = ctx;
	struct log_path path = { .level = level, .index = index, .width = (unsigned)width };
	struct str body = STR_NONE, made = str_from_bytes(at, width * HASH_SIZE);
	arena_reset(round->scratch);
	struct str name = path_text(round->scratch, &path);
	if (!fetch(round, name, &body, err))
		return false;
	if (!str_eq(body, made) && !round->is_own) {
		int64_t first = (int64_t)index * LOG_TILE_WIDTH;
		keep_evidence(round->mirror, round->scratch, body);
		if (level == 0)
			keep_bundles(round, first, first + (int64_t)width);
	}
	if (!str_eq(body, made))
		return sound(round, LOG_ALARM_TILES, "%.*s is not what the entries make",
		             STR_ARG(name));
	return round->is_own || put(round->mirror, round->scratch, name, made, err);
}

static bool is_bundle(struct str body, size_t width)
{
	if (body.n != width * BUNDLE_ENTRY)
		return false;
	for (size_t i = 0; i < width; i++)
		if (body.p[i * BUNDLE_ENTRY] != 0x00 || body.p[i * BUNDLE_ENTRY + 1] != 0x20)
			return false;
	return true;
}

/* Appends what a bundle has beyond the tree; what it has before must be what was seen. */
static bool take_bundle(struct round *round, uint64_t index, size_t width, struct err *err)
{
	struct log_mirror *mirror = round->mirror;
	struct log_path path = { .is_entries = true, .index = index, .width = (unsigned)width };
	struct str body = STR_NONE;
	arena_reset(round->scratch);
	struct str name = path_text(round->scratch, &path);
	size_t seen = (size_t)(log_tree_size(mirror->tree) % LOG_TILE_WIDTH);
	if (!fetch(round, name, &body, err))
		return false;
	if (!is_bundle(body, width)) {
		if (!round->is_own)
			keep_evidence(mirror, round->scratch, body);
		return sound(round, LOG_ALARM_ENTRIES, "%.*s is no bundle of %zu entries",
		             STR_ARG(name), width);
	}
	for (size_t i = 0; i < width; i++) {
		struct hash commitment;
		memcpy(commitment.bytes, body.p + i * BUNDLE_ENTRY + 2, HASH_SIZE);
		if (i < seen && !hash_eq(&commitment, &mirror->last[i])) {
			if (!round->is_own)
				keep_evidence(mirror, round->scratch, body);
			return sound(round, LOG_ALARM_FORK,
			             "%.*s says another entry %zu than before", STR_ARG(name),
			             (size_t)(index * LOG_TILE_WIDTH + i));
		}
		if (i < seen)
			continue;
		struct hash leaf = log_leaf_hash(mirror->hasher, &commitment);
		mirror->last[i] = commitment;
		if (!log_tree_append(mirror->tree, &leaf, err))
			return false;
	}
	return round->is_own || put(mirror, round->scratch, name, body, err);
}

/* All entries up to `size`, and the tiles that they fill or begin. */
static bool grow_to(struct round *round, int64_t size, struct err *err)
{
	struct log_tree *tree = round->mirror->tree;
	while (log_tree_size(tree) < size) {
		uint64_t index = (uint64_t)log_tree_size(tree) / LOG_TILE_WIDTH;
		int64_t left = size - (int64_t)(index * LOG_TILE_WIDTH);
		size_t width = left < LOG_TILE_WIDTH ? (size_t)left : LOG_TILE_WIDTH;
		if (!take_bundle(round, index, width, err) ||
		    !log_tree_drain(tree, see_tile, round, err))
			return false;
	}
	return log_tree_show_open(tree, see_tile, round, err);
}

/* What was grown is the copy's. */
static void commit(struct log_mirror *mirror)
{
	log_tree_commit(mirror->tree);
	memcpy(mirror->kept, mirror->last, sizeof mirror->kept);
}

static void roll_back(struct log_mirror *mirror)
{
	log_tree_rollback(mirror->tree);
	memcpy(mirror->last, mirror->kept, sizeof mirror->last);
}

/* --- checkpoints ---------------------------------------------------------------------------- */

/* A cosignature of a time to come says nothing of now: it does not count (tlog-cosignature).
 * Without a clock none is judged. */
static void drop_ahead(struct log_verified *verified, int64_t now)
{
	size_t kept = 0;
	for (size_t i = 0; i < verified->count; i++)
		if (now == 0 || verified->at[i].time <= now + LOG_TIME_AHEAD)
			verified->at[kept++] = verified->at[i];
	verified->count = kept;
}

static int64_t newest_time(const struct log_verified *verified)
{
	int64_t newest = 0;
	for (size_t i = 0; i < verified->count; i++)
		if (verified->at[i].time > newest)
			newest = verified->at[i].time;
	return newest;
}

static bool has_log_signature(const struct log_verified *verified, struct str origin)
{
	for (size_t i = 0; i < verified->count; i++)
		if (verified->at[i].key->type == LOG_KEY_LOG &&
		    str_eq(verified->at[i].key->name, origin))
			return true;
	return false;
}

/* What the note says by itself. */
static bool read_checkpoint(struct round *round, struct str note, struct log_checkpoint *out,
                            struct log_verified *verified)
{
	const struct log_mirror *mirror = round->mirror;
	struct log_note read;
	struct err why = { 0 };
	size_t count;
	const struct log_vkey *keys = log_policy_keys(mirror->policy, &count);
	if (!log_note_read(round->arena, note, &read, &why) ||
	    !log_checkpoint_read(read.text, out, &why))
		return sound(round, LOG_ALARM_MALFORMED, "%s", why.message);
	if (!str_eq(out->origin, mirror->origin))
		return sound(round, LOG_ALARM_ORIGIN, "It is the checkpoint of %.*s, not of %.*s",
		             STR_ARG(out->origin), STR_ARG(mirror->origin));
	if (!log_note_verify(&read, keys, count, verified, &why) ||
	    !has_log_signature(verified, mirror->origin))
		return sound(round, LOG_ALARM_SIGNATURE, "%s",
		             why.message[0] ? why.message : "No key of the log signed it");
	round->out->cosigned = newest_time(verified);
	return true;
}

/* Whether enough countersigned it, and lately. */
static bool is_witnessed(struct round *round, struct log_verified *verified, int64_t now,
                         int64_t stale)
{
	const struct log_policy *policy = round->mirror->policy;
	size_t all = verified->count;
	drop_ahead(verified, now);
	round->out->cosigned = newest_time(verified);
	int64_t age = now - round->out->cosigned;
	if (!log_policy_is_met(policy, verified))
		return sound(round, LOG_ALARM_UNWITNESSED,
		             "Too few of the policy's witnesses countersigned size %" PRId64 "%s",
		             round->out->size,
		             all > verified->count ? ": a countersignature is of a time to come"
		                                   : "");
	if (stale > 0 && log_policy_asks_witnesses(policy) && age > stale)
		return sound(round, LOG_ALARM_STALE,
		             "Its newest countersignature is %.*s old: %" PRId64
		             " seconds, and %" PRId64 " are allowed",
		             STR_ARG(wording_elapsed(round->arena, age * INSTANT_PER_SECOND)), age,
		             stale);
	return true;
}

static bool is_no_less(struct round *round, const struct log_checkpoint *checkpoint)
{
	const struct log_mirror *mirror = round->mirror;
	if (!mirror->has_checkpoint || checkpoint->size > mirror->checkpoint.size)
		return true;
	if (checkpoint->size < mirror->checkpoint.size)
		return sound(round, LOG_ALARM_SHRUNK,
		             "It has %" PRId64 " entries, and had %" PRId64, checkpoint->size,
		             mirror->checkpoint.size);
	return hash_eq(&checkpoint->root, &mirror->checkpoint.root) ||
	       sound(round, LOG_ALARM_FORK, "Size %" PRId64 " had another root before",
	             checkpoint->size);
}

static bool keep_checkpoint(struct log_mirror *mirror, struct str note,
                            const struct log_checkpoint *checkpoint, struct err *err)
{
	const char *path = file_join(mirror->arena, mirror->folder, "checkpoint");
	if (!path || !sync_all(mirror, err) || !file_write(path, 0644, note, err))
		return path ? false : err_set(err, ERR_UNABLE, "There is no memory");
	arena_reset(mirror->note_arena);
	mirror->note = arena_copy(mirror->note_arena, note);
	mirror->checkpoint = *checkpoint;
	mirror->checkpoint.origin = mirror->origin;
	mirror->has_checkpoint = true;
	commit(mirror);
	return mirror->note.p || err_set(err, ERR_UNABLE, "There is no memory");
}

/* Grown to the checkpoint, the tree has its root, or the log is no growth of what was seen. */
static bool follow(struct round *round, const struct log_checkpoint *checkpoint, struct err *err)
{
	struct log_mirror *mirror = round->mirror;
	if (!grow_to(round, checkpoint->size, err))
		return false;
	struct hash root = log_tree_root(mirror->tree);
	bool is_its = hash_eq(&root, &checkpoint->root);
	if (!is_its && !round->is_own)
		keep_bundles(round, round->out->before, checkpoint->size);
	return is_its || sound(round, round->out->before > 0 ? LOG_ALARM_FORK : LOG_ALARM_ENTRIES,
	                       "What is served up to size %" PRId64
	                       "%s does not make the root that is signed",
	                       checkpoint->size,
	                       round->out->before > 0 ? ", with what was seen before," : "");
}

static bool run_round(struct round *round, int64_t now, int64_t stale, struct err *err)
{
	struct log_mirror *mirror = round->mirror;
	struct log_checkpoint checkpoint;
	struct str note = STR_NONE;
	struct log_verified *verified = arena_alloc(round->arena, 1, sizeof *verified);
	if (!verified)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch a log");
	if (!fetch(round, STR("checkpoint"), &note, err))
		return false;
	note = arena_copy(round->arena, note);
	if (!note.p)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch a log");
	if (!read_checkpoint(round, note, &checkpoint, verified))
		return false;
	round->out->size = checkpoint.size;
	bool is_kept = is_no_less(round, &checkpoint) && follow(round, &checkpoint, err) &&
	               keep_checkpoint(mirror, note, &checkpoint, err);
	if (!is_kept && round->out->alarm != LOG_ALARM_NONE) {
		keep_evidence(mirror, round->scratch, note);
		keep_evidence(mirror, round->scratch, mirror->note);
	}
	/* What is kept is right; whether enough saw it is another matter. */
	return is_kept && is_witnessed(round, verified, now, stale);
}

bool log_mirror_run(struct log_mirror *mirror, log_mirror_get *get, void *ctx, int64_t now,
                    int64_t stale, struct arena *arena, struct log_mirrored *out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(ROUND_ARENA);
	struct round round = { .mirror = mirror,
		               .get = get,
		               .ctx = ctx,
		               .arena = arena,
		               .scratch = scratch,
		               .out = out };
	*out = (struct log_mirrored){ .words = STR("") };
	out->before = out->size = log_mirror_size(mirror);
	if (!scratch)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch a log");
	bool is_good = run_round(&round, now, stale, err);
	if (log_mirror_size(mirror) != log_tree_size(mirror->tree))
		roll_back(mirror);
	return is_good || out->alarm != LOG_ALARM_NONE;
}

/* --- looking back --------------------------------------------------------------------------- */

/* The root of the perfect subtree `index` of 2^level leaves, from the tile that holds it. */
static bool stored(void *ctx, unsigned level, uint64_t index, struct hash *out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(MIRROR_ARENA);
	struct log_mirror *mirror = ctx;
	unsigned within = level % 8;
	uint64_t first = index << within; /* they never cross a tile */
	size_t slot = (size_t)(first % LOG_TILE_WIDTH), count = (size_t)1 << within;
	int64_t all = mirror->checkpoint.size >> (level - within);
	int64_t left = all - (int64_t)(first - slot);
	struct log_path path = { .level = level / 8,
		                 .index = first / LOG_TILE_WIDTH,
		                 .width = left < LOG_TILE_WIDTH ? (unsigned)left : LOG_TILE_WIDTH };
	struct hash at[LOG_TILE_WIDTH];
	struct str body = STR_NONE;
	int status = 0;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to read a copy");
	struct str name = path_text(arena, &path);
	if (!get_own(mirror, name, arena, &status, &body, err))
		return false;
	if (status != 200 || body.n != path.width * HASH_SIZE || slot + count > path.width)
		return err_set(err, ERR_INPUT, "The copy's %.*s is damaged", STR_ARG(name));
	memcpy(at, body.p + slot * HASH_SIZE, count * HASH_SIZE);
	for (; count > 1; count /= 2)
		for (size_t i = 0; i < count / 2; i++)
			at[i] = log_node_hash(mirror->hasher, &at[2 * i], &at[2 * i + 1]);
	*out = at[0];
	return true;
}

bool log_mirror_root(struct log_mirror *mirror, int64_t size, struct hash *out, struct err *err)
{
	if (size < 0 || size > log_mirror_size(mirror))
		return err_set(err, ERR_USAGE, "The copy has %" PRId64 " entries",
		               log_mirror_size(mirror));
	return log_root_make(mirror->hasher, (uint64_t)size, stored, mirror, out, err);
}

bool log_mirror_leaf(struct log_mirror *mirror, int64_t index, struct hash *out, struct err *err)
{
	if (index < 0 || index >= log_mirror_size(mirror))
		return err_set(err, ERR_USAGE, "The copy has %" PRId64 " entries",
		               log_mirror_size(mirror));
	return stored(mirror, 0, (uint64_t)index, out, err);
}

bool log_mirror_compare(struct log_mirror *mirror, struct str note, struct arena *arena,
                        struct log_mirrored *out, bool *ahead, struct err *err)
{
	struct round round = { .mirror = mirror, .arena = arena, .scratch = arena, .out = out };
	struct log_checkpoint checkpoint;
	struct hash root;
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	*ahead = false;
	*out = (struct log_mirrored){ .words = STR(""), .before = log_mirror_size(mirror) };
	if (!verified)
		return err_set(err, ERR_UNABLE, "There is no memory to compare a note");
	if (!read_checkpoint(&round, note, &checkpoint, verified))
		return true;
	out->size = checkpoint.size;
	*ahead = checkpoint.size > log_mirror_size(mirror);
	if (*ahead)
		return true;
	if (!log_mirror_root(mirror, checkpoint.size, &root, err))
		return false;
	if (!hash_eq(&root, &checkpoint.root)) {
		(void)sound(&round, LOG_ALARM_FORK, "At size %" PRId64 " it has another root",
		            checkpoint.size);
		keep_evidence(mirror, arena, note);
		keep_evidence(mirror, arena, mirror->note);
	}
	return true;
}

/* --- opening -------------------------------------------------------------------------------- */

static bool find_origin(struct log_mirror *mirror, struct err *err)
{
	size_t count;
	const struct log_vkey *keys = log_policy_keys(mirror->policy, &count);
	for (size_t i = 0; i < count; i++) {
		if (keys[i].type != LOG_KEY_LOG)
			continue;
		if (mirror->origin.p && !str_eq(mirror->origin, keys[i].name))
			return err_set(err, ERR_USAGE,
			               "The policy trusts several logs; a copy is of one");
		mirror->origin = keys[i].name;
	}
	return mirror->origin.p || err_set(err, ERR_USAGE, "The policy trusts no log");
}

/* The copy, hashed anew up to its own checkpoint. */
static bool read_own(struct log_mirror *mirror, struct arena *arena, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(ROUND_ARENA);
	struct log_mirrored out = { .words = STR("") };
	struct round round = { .mirror = mirror,
		               .get = get_own,
		               .ctx = mirror,
		               .arena = arena,
		               .scratch = scratch,
		               .out = &out,
		               .is_own = true };
	struct log_checkpoint checkpoint;
	struct log_verified *verified = arena_alloc(arena, 1, sizeof *verified);
	struct err why = { 0 };
	struct str note;
	const char *path = file_join(arena, mirror->folder, "checkpoint");
	if (!scratch || !verified || !path)
		return err_set(err, ERR_UNABLE, "There is no memory to read a copy");
	if (!file_read(arena, path, LOG_MIRROR_BODY_MAX, &note, &why)) {
		*err = why.code == ERR_ABSENT ? (struct err){ 0 } : why;
		return why.code == ERR_ABSENT;
	}
	if (!read_checkpoint(&round, note, &checkpoint, verified) ||
	    !follow(&round, &checkpoint, &why))
		return err_set(err, ERR_INPUT,
		               "The copy in %s is damaged: %.*s%s. Put it elsewhere as it is, and "
		               "make a new one",
		               mirror->folder, STR_ARG(out.words), why.message);
	mirror->note = arena_copy(mirror->note_arena, note);
	mirror->checkpoint = checkpoint;
	mirror->checkpoint.origin = mirror->origin;
	mirror->has_checkpoint = true;
	commit(mirror);
	return mirror->note.p || err_set(err, ERR_UNABLE, "There is no memory to read a copy");
}

static bool open_all(struct log_mirror *mirror, const char *dir, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(MIRROR_ARENA);
	if (!arena || !mirror->note_arena || !mirror->hasher)
		return err_set(err, ERR_UNABLE, "There is no memory to keep a copy");
	if (!find_origin(mirror, err) || !log_tree_create(&mirror->tree, err))
		return false;
	struct hash hash = hash_of(mirror->origin);
	struct str hex = hash_hex(mirror->arena, &hash);
	struct str root = arena_copy(mirror->arena, str_from_c(dir));
	mirror->root = str_to_c(mirror->arena, root);
	mirror->folder =
		mirror->root && hex.p ? file_join(mirror->arena, mirror->root, hex.p) : NULL;
	if (!mirror->folder)
		return err_set(err, ERR_UNABLE, "There is no memory to keep a copy");
	return file_make_folder(mirror->root, 0755, err) &&
	       file_make_folder(mirror->folder, 0755, err) && read_own(mirror, arena, err);
}

bool log_mirror_open(const char *dir, const struct log_policy *policy, struct log_mirror **out,
                     struct err *err)
{
	struct log_mirror *mirror = calloc(1, sizeof *mirror);
	*out = NULL;
	if (!mirror || !(mirror->arena = arena_create(MIRROR_ARENA))) {
		free(mirror);
		return err_set(err, ERR_UNABLE, "There is no memory to keep a copy");
	}
	mirror->policy = policy;
	mirror->note_arena = arena_create(MIRROR_ARENA);
	mirror->hasher = hasher_create();
	if (!open_all(mirror, dir, err)) {
		log_mirror_close(mirror);
		return false;
	}
	*out = mirror;
	return true;
}

void log_mirror_close(struct log_mirror *mirror)
{
	if (!mirror)
		return;
	log_tree_close(mirror->tree);
	hasher_destroy(mirror->hasher);
	arena_destroy(mirror->note_arena);
	arena_destroy(mirror->arena);
	free(mirror);
}

void log_mirror_cleanup(struct log_mirror **mirror)
{
	log_mirror_close(*mirror);
}

int64_t log_mirror_size(const struct log_mirror *mirror)
{
	return mirror->has_checkpoint ? mirror->checkpoint.size : 0;
}

bool log_mirror_signers(const struct log_mirror *mirror, struct arena *arena,
                        struct log_verified *out, struct err *err)
{
	struct log_note note;
	size_t count;
	const struct log_vkey *keys = log_policy_keys(mirror->policy, &count);
	*out = (struct log_verified){ 0 };
	return !mirror->has_checkpoint || (log_note_read(arena, mirror->note, &note, err) &&
	                                   log_note_verify(&note, keys, count, out, err));
}

struct str log_mirror_origin(const struct log_mirror *mirror)
{
	return mirror->origin;
}

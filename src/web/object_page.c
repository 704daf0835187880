/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Attachments and receipts as downloads. An object is opened piece by piece by
 * a thread of its own, while the pieces before it travel; nothing of it is ever
 * whole in memory, and nothing is shown by the browser.
 */
#include <pthread.h>
#include <stdlib.h>

#include "vault/vault.h"
#include "web/draft.h"
#include "web/file_parts.h"

#define RING ((size_t)256 << 10)
#define VALUE_BYTES ((size_t)64 << 10)

struct opening {
	struct casebook *book;
	struct arena *arena; /* holds `value` */
	struct json *value;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_cond_t drained;
	char *ring;
	size_t first; /* guarded by lock */
	size_t count; /* guarded by lock */
	bool is_done; /* guarded by lock: no more comes */
	bool is_left; /* guarded by lock: nobody reads any more */
};

static bool put_piece(void *ctx, struct str piece, struct err *err)
{
	struct opening *opening = ctx;
	pthread_mutex_lock(&opening->lock);
	while (piece.n > 0 && !opening->is_left) {
		if (opening->count == RING) {
			pthread_cond_wait(&opening->drained, &opening->lock);
			continue;
		}
		size_t at = (opening->first + opening->count) % RING, room = RING - opening->count;
		size_t n = RING - at < room ? RING - at : room;
		n = piece.n < n ? piece.n : n;
		memcpy(opening->ring + at, piece.p, n);
		opening->count += n;
		piece = str_sub(piece, n, piece.n);
		pthread_cond_signal(&opening->filled);
	}
	bool goes_on = !opening->is_left;
	pthread_mutex_unlock(&opening->lock);
	return goes_on || err_set(err, ERR_UNABLE, "Nobody takes this file any more");
}

static void *open_all(void *ctx)
{
	struct opening *opening = ctx;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct err err = { 0 };
	bool done = casebook_reader_take(opening->book, &reader, &err) &&
	            casebook_object_read(reader, opening->value, put_piece, opening, &err);
	pthread_mutex_lock(&opening->lock);
	if (!done && !opening->is_left)
		journal_write(JOURNAL_ERROR, "web: a download was cut: %s", err.message);
	opening->is_done = true;
	pthread_cond_signal(&opening->filled);
	pthread_mutex_unlock(&opening->lock);
	return NULL;
}

static size_t read_piece(void *ctx, uint64_t at, char *out, size_t room)
{
	struct opening *opening = ctx;
	(void)at;
	pthread_mutex_lock(&opening->lock);
	while (opening->count == 0 && !opening->is_done)
		pthread_cond_wait(&opening->filled, &opening->lock);
	size_t n = RING - opening->first < opening->count ? RING - opening->first : opening->count;
	n = n < room ? n : room;
	memcpy(out, opening->ring + opening->first, n);
	opening->first = (opening->first + n) % RING;
	opening->count -= n;
	pthread_cond_signal(&opening->drained);
	pthread_mutex_unlock(&opening->lock);
	return n;
}

static void opening_destroy(struct opening *opening)
{
	if (opening->ring)
		vault_wipe(opening->ring, RING);
	free(opening->ring);
	arena_destroy(opening->arena);
	pthread_cond_destroy(&opening->filled);
	pthread_cond_destroy(&opening->drained);
	pthread_mutex_destroy(&opening->lock);
	free(opening);
}

static void close_opening(void *ctx)
{
	struct opening *opening = ctx;
	pthread_mutex_lock(&opening->lock);
	opening->is_left = true;
	pthread_cond_signal(&opening->drained);
	pthread_mutex_unlock(&opening->lock);
	pthread_join(opening->thread, NULL);
	opening_destroy(opening);
}

static bool begin_stream(struct web_request *request, struct web_answer *answer,
                         const struct json *value, struct err *err)
{
	struct opening *opening = calloc(1, sizeof *opening);
	if (!opening)
		return err_set(err, ERR_UNABLE, "There is no memory for this file");
	pthread_mutex_init(&opening->lock, NULL);
	pthread_cond_init(&opening->filled, NULL);
	pthread_cond_init(&opening->drained, NULL);
	opening->book = site_book(request);
	opening->ring = malloc(RING);
	opening->arena = arena_create(VALUE_BYTES);
	opening->value = opening->arena ? draft_copy(opening->arena, value) : NULL;
	if (!opening->ring || !opening->value ||
	    pthread_create(&opening->thread, NULL, open_all, opening) != 0) {
		opening_destroy(opening);
		return err_set(err, ERR_UNABLE, "There is no memory for this file");
	}
	answer->stream = (struct web_stream){
		.size = (uint64_t)json_number(value, STR("size"), 0),
		.read = read_piece,
		.close = close_opening,
		.ctx = opening,
	};
	return true;
}

/* The value of the object among the entry's sealed fields, at any depth of lists. */
static const struct json *find_value(const struct json *in, struct str object)
{
	for (const struct json *value = in ? in->first : NULL; value; value = value->next) {
		if (value->type == JSON_OBJECT && str_eq(json_text(value, STR("object")), object))
			return value;
		const struct json *inner =
			value->type == JSON_ARRAY ? find_value(value, object) : NULL;
		if (inner)
			return inner;
	}
	return NULL;
}

#define SUFFIX_MAX 5 /* ".heic" */

/* ".pdf" of a name; none where it is more than a word of few letters. */
static struct str suffix_of(struct str name)
{
	size_t from = name.n;
	while (from > 0 && name.p[from - 1] != '.') {
		char c = name.p[from - 1];
		bool is_plain =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!is_plain || name.n - from >= SUFFIX_MAX - 1)
			return STR("");
		from--;
	}
	return from > 0 && from < name.n ? str_sub(name, from - 1, name.n) : STR("");
}

/* The name that it came with may name a child: no header and no folder of downloads shows it. */
static struct str neutral_name(struct web_request *request, const struct json *value,
                               uint64_t entry)
{
	struct str object = json_text(value, STR("object"));
	struct str suffix = suffix_of(json_text(value, STR("name")));
	return arena_format(request->arena, "file-%" PRIu64 "-%.*s%.*s", entry,
	                    STR_ARG(str_sub(object, 0, 4)), STR_ARG(suffix));
}

bool object_download(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_reader *reader;
	const struct json *sealed;
	enum casebook_seal how;
	uint64_t entry;
	if (!practice_has_office(request, answer))
		return true;
	if (!str_to_u64(fields_get(&request->head->query, STR("entry")), INT64_MAX, &entry))
		return err_set(err, ERR_ABSENT, "There is no such file");
	if (!site_reader(request, &reader, err) ||
	    !casebook_open_seal(reader, practice_viewer(request), (int64_t)entry, request->arena,
	                        &how, &sealed, err))
		return false;
	const struct json *value = how == CASEBOOK_SEAL_OPEN
	                                   ? find_value(sealed, web_param(request, STR("id")))
	                                   : NULL;
	if (!value)
		return err_set(err, ERR_ABSENT, "There is no such file");
	site_reader_end(request); /* a long download holds one reader, not two */
	web_answer_download(request, answer, neutral_name(request, value, entry),
	                    json_text(value, STR("type")));
	return begin_stream(request, answer, value, err);
}

bool entry_receipt(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_reader *reader;
	struct casebook_entry entry;
	struct casebook_access access;
	struct str text;
	uint64_t index;
	if (!practice_has_office(request, answer))
		return true;
	if (!str_to_u64(web_param(request, STR("n")), INT64_MAX, &index))
		return err_set(err, ERR_ABSENT, "There is no such entry");
	if (!site_reader(request, &reader, err) ||
	    !casebook_entry_get(reader, request->arena, (int64_t)index, &entry, err) ||
	    !casebook_may_see(reader, practice_viewer(request), entry.index, &access, err))
		return false;
	if (!access.may_know)
		return err_set(err, ERR_ABSENT, "There is no such entry");
	if (!casebook_receipt(reader, request->arena, entry.index, &text, err))
		return false;
	web_answer_download(
		request, answer,
		arena_format(request->arena, "entry-%" PRId64 ".tlog-proof", entry.index),
		STR("text/plain; charset=utf-8"));
	buf_add(&answer->body, text);
	return true;
}

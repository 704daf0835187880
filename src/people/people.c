/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The index and its thread.
 *
 * I1. Entries are read and put in their order (fill.c): nobody else changes the index. Whoever
 *     puts holds `lock` for one claim at a time, and never while the register is read or written.
 *     Once per turn in which a file was destroyed it looks through the index for words that are
 *     nobody's any more, which takes longer.
 * I2. A search holds `lock` while it searches; what it answers is its arena's.
 * I3. What is in the index follows from the entries alone; stopped at any
 *     moment, it is made again from them.
 * I4. A proposal is an entry by the register, sent under a name made of what it
 *     proposes: sent twice it is one.
 */
#include <stdlib.h>

#include "people/people_parts.h"

#define INDEX_MEMORY ((size_t)4 << 30)
#define ARENA_BYTES ((size_t)16 << 20)
#define SHARED_MAX 30     /* files that share a mark which still says something */
#define LEAST_BITS (-4.0) /* of what a search shows */

extern const struct embed_file people_model_files[];

/* --- the thread's news ------------------------------------------------------------------------ */

static void fail(struct people *people, const struct err *err)
{
	pthread_mutex_lock(&people->state_lock);
	people->state.has_failed = true;
	(void)snprintf(people->state.why, sizeof people->state.why, "%.199s", err->message);
	pthread_cond_broadcast(&people->changed);
	pthread_mutex_unlock(&people->state_lock);
	journal_write(JOURNAL_ERROR, "people: %s (%s)", err->message, err->context);
}

static void followed(void *ctx, const struct casebook_committed *turn)
{
	struct people *people = ctx;
	pthread_mutex_lock(&people->state_lock);
	if (turn->first + turn->count > people->wanted)
		people->wanted = turn->first + turn->count;
	people->state.of = people->wanted;
	pthread_cond_broadcast(&people->changed);
	pthread_mutex_unlock(&people->state_lock);
}

void people_state(struct people *people, struct people_state *out)
{
	pthread_mutex_lock(&people->lock);
	size_t claims = match_index_count(people->index);
	size_t bytes = match_index_bytes(people->index) + marks_bytes(people->marks);
	pthread_mutex_unlock(&people->lock);
	pthread_mutex_lock(&people->contact_lock);
	bytes += contacts_bytes(people->contacts);
	pthread_mutex_unlock(&people->contact_lock);
	pthread_mutex_lock(&people->state_lock);
	*out = people->state;
	pthread_mutex_unlock(&people->state_lock);
	out->claims = claims;
	out->bytes = bytes;
}

bool people_wait(struct people *people, struct err *err)
{
	pthread_mutex_lock(&people->state_lock);
	/* What is written meanwhile is not waited for, or this would never end. */
	int64_t wanted = people->wanted;
	while (!people->state.has_failed && !people->is_ending &&
	       (!people->state.is_ready || people->done < wanted))
		pthread_cond_wait(&people->changed, &people->state_lock);
	bool has_failed = people->state.has_failed || people->is_ending;
	if (has_failed)
		(void)err_set(err, ERR_UNABLE, "The index of people stopped: %s",
		              people->state.why);
	pthread_mutex_unlock(&people->state_lock);
	return !has_failed;
}

/* --- putting ---------------------------------------------------------------------------------- */

struct first_claim {
	struct arena *arena;
	struct casebook_claim_text *texts;
	size_t count;
};

static bool keep_first(void *ctx, const struct casebook_claim *claim)
{
	struct first_claim *first = ctx;
	first->texts = arena_alloc(first->arena, claim->count, sizeof *first->texts);
	for (size_t i = 0; first->texts && i < claim->count; i++)
		first->texts[first->count++] = (struct casebook_claim_text){
			claim->texts[i].as, arena_copy(first->arena, claim->texts[i].text)
		};
	return false;
}

static bool says(const struct casebook_claim *claim, enum pack_matched as)
{
	for (size_t i = 0; i < claim->count; i++) {
		if (claim->texts[i].as == as)
			return true;
	}
	return false;
}

/* What the entry that began the file said beside: whoever writes down another home means the same
 * person, name and birth. */
bool people_with_first(struct casebook_reader *reader, struct arena *arena,
                       const struct casebook_claim *claim, struct casebook_claim *out,
                       struct err *err)
{
	struct casebook_file file;
	struct first_claim first = { .arena = arena };
	int64_t next;
	*out = *claim;
	if (!claim->type || !claim->type->is_person ||
	    (says(claim, PACK_MATCHED_NAME) && says(claim, PACK_MATCHED_BIRTH)))
		return true;
	if (!casebook_file_get(reader, arena, claim->file, &file, err))
		return false;
	if (file.first_entry == claim->entry)
		return true;
	if (!casebook_claims(reader, file.first_entry, file.first_entry, keep_first, &first, &next,
	                     err))
		return false;
	struct casebook_claim_text *texts =
		arena_alloc(arena, claim->count + first.count + 1, sizeof *texts);
	if (!texts)
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	memcpy(texts, claim->texts, claim->count * sizeof *texts);
	for (size_t i = 0; i < first.count; i++) {
		if (first.texts[i].text.p && !says(claim, first.texts[i].as))
			texts[out->count++] = first.texts[i];
	}
	out->texts = texts;
	return true;
}

static void forget_entry(struct people *people, int64_t entry)
{
	char id[48];
	struct err ignored = { 0 };
	bool is_there = true;
	for (size_t row = 0; is_there && row < SUBJECT_ROWS_MAX; row++) {
		(void)snprintf(id, sizeof id, "%" PRId64 ".%zu", entry, row);
		is_there = match_index_remove(people->index, str_from_c(id), &ignored);
	}
}

/* All that a file said, once its key is destroyed. */
bool people_forget(struct people *people, struct casebook_reader *reader, int64_t file,
                   struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ARENA_BYTES);
	const struct casebook_entry *entries = NULL;
	size_t count = 0;
	int64_t after = -1;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	do {
		arena_reset(arena);
		if (!casebook_entries(reader, arena, file, after, 1000, &entries, &count, err))
			return false;
		pthread_mutex_lock(&people->lock);
		for (size_t i = 0; i < count; i++)
			forget_entry(people, entries[i].index);
		pthread_mutex_unlock(&people->lock);
		after = count ? entries[count - 1].index : after;
	} while (count == 1000);
	pthread_mutex_lock(&people->lock);
	marks_remove(people->marks, file);
	pthread_mutex_unlock(&people->lock);
	people->has_forgotten = true;
	return true;
}

/* What files said that are no more, and no other says. Without memory the next turn does it. */
void people_wipe(struct people *people)
{
	struct err ignored;
	if (!people->has_forgotten)
		return;
	pthread_mutex_lock(&people->lock);
	people->has_forgotten = !match_index_forget(people->index, &ignored);
	pthread_mutex_unlock(&people->lock);
}

static bool has_failed(struct people *people)
{
	pthread_mutex_lock(&people->state_lock);
	bool has = people->state.has_failed;
	pthread_mutex_unlock(&people->state_lock);
	return has;
}

/* --- searching -------------------------------------------------------------------------------- */

struct searching {
	struct people *people;
	int64_t except;
	struct arena *arena;
	struct people_found *out; /* `most` of them */
	size_t most;
	size_t count;
	bool is_cut;                     /* there are more */
	bool is_wide;                    /* one thing alone brings whatever has it */
	const struct subject_mark *mark; /* the present one */
	int64_t files[SHARED_MAX + 1];   /* that share it */
	size_t sharing;
};

static struct people_found *found_of(struct searching *searching, int64_t file, enum people_how how)
{
	for (size_t i = 0; i < searching->count; i++) {
		if (searching->out[i].file == file && searching->out[i].how == how)
			return &searching->out[i];
	}
	return NULL;
}

static bool number_at(struct str text, char end, int64_t *out)
{
	uint64_t n;
	bool good = str_to_u64(str_sub(text, 0, str_find(text, end)), INT64_MAX, &n);
	*out = good ? (int64_t)n : -1;
	return good;
}

static bool is_home_alone(const struct str *cells)
{
	bool is = cells[SUBJECT_ADDRESS].n > 0 || cells[SUBJECT_POSTCODE].n > 0;
	for (size_t c = 0; c < SUBJECT_COLUMNS; c++)
		is = is && (c == SUBJECT_ADDRESS || c == SUBJECT_POSTCODE || !cells[c].n);
	return is;
}

/* Where there is no room left: the weakest that was found of a person, if this one is better. */
static struct people_found *room_for(struct searching *searching, const struct match_hit *hit)
{
	struct people_found *least = NULL;
	if (searching->count < searching->most / 2)
		return &searching->out[searching->count++];
	searching->is_cut = true;
	for (size_t i = 0; i < searching->count; i++) {
		if (!least || searching->out[i].weight < least->weight)
			least = &searching->out[i];
	}
	return least && least->weight < hit->weight ? least : NULL;
}

/* NULL: it is not kept. */
static struct people_found *add_hit(struct searching *searching, const struct match_hit *hit,
                                    const struct str *cells)
{
	int64_t file, entry;
	if (!number_at(hit->person, '.', &file) || !number_at(hit->id, '.', &entry) ||
	    file == searching->except)
		return NULL;
	bool has_home =
		cells[SUBJECT_ADDRESS].n || cells[SUBJECT_POSTCODE].n || cells[SUBJECT_PHONE].n;
	/* Of whose home nothing was said, nobody is said to share it. */
	bool is_near = hit->kind == MATCH_HIT_HOUSEHOLD && !has_home;
	struct people_found *found = found_of(searching, file, PEOPLE_PERSON);
	if (found && found->weight >= hit->weight)
		return NULL;
	found = found ? found : room_for(searching, hit);
	if (found)
		*found = (struct people_found){ .file = file,
			                        .entry = entry,
			                        .how = PEOPLE_PERSON,
			                        .as = PACK_MATCHED_NAME,
			                        .kind = is_near ? MATCH_HIT_NEAR : hit->kind,
			                        .weight = hit->weight,
			                        .is_by_home = is_home_alone(cells) };
	return found;
}

static bool search_row(struct searching *searching, const struct subject *subject, size_t row,
                       struct err *err)
{
	struct people *people = searching->people;
	const struct str *cells = subject->cells[row];
	struct match_search search = { .columns = people_columns(people, subject->is_first[row]),
		                       .cells = cells,
		                       .least = LEAST_BITS,
		                       .most = searching->most / 2 + 1,
		                       .is_of_people = true,
		                       .is_wide = searching->is_wide };
	struct match_hits hits;
	if (!match_index_search(people->index, &search, searching->arena, &hits, err))
		return false;
	searching->is_cut = searching->is_cut || hits.count == search.most;
	for (size_t i = 0; i < hits.count; i++) {
		struct people_found *found = add_hit(searching, &hits.hits[i], cells);
		if (found &&
		    !match_index_explain(people->index, search.columns, cells, hits.hits[i].id,
		                         searching->arena, &found->reasons, err))
			return false;
	}
	return true;
}

static bool count_marked(void *ctx, int64_t file, int64_t entry)
{
	struct searching *searching = ctx;
	(void)entry;
	for (size_t i = 0; i < searching->sharing; i++) {
		if (searching->files[i] == file)
			return true;
	}
	searching->files[searching->sharing++] = file;
	return searching->sharing <= SHARED_MAX;
}

static bool add_marked(void *ctx, int64_t file, int64_t entry)
{
	struct searching *searching = ctx;
	if (file == searching->except || found_of(searching, file, searching->mark->how))
		return true;
	searching->is_cut = searching->is_cut || searching->count == searching->most;
	if (searching->count == searching->most)
		return false;
	searching->out[searching->count++] = (struct people_found){
		.file = file,
		.entry = entry,
		.how = searching->mark->how,
		.as = searching->mark->as,
		.is_of_home = searching->mark->is_of_home,
		.is_common = searching->sharing > SHARED_MAX,
	};
	return true;
}

/* What very many files share is an office's: its telephone, a home for children. It is found, and
 * not proposed. */
static void search_mark(struct searching *searching, const struct subject_mark *mark)
{
	const struct marks *marks = searching->people->marks;
	searching->mark = mark;
	searching->sharing = 0;
	marks_find(marks, mark->key, count_marked, searching);
	marks_find(marks, mark->key, add_marked, searching);
}

bool people_is_again(const struct people_found *found, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (found[j].file == found[i].file)
			return true;
	}
	return false;
}

static int by_weight(const void *a, const void *b)
{
	const struct people_found *x = a, *y = b;
	if (x->how != y->how)
		return x->how < y->how ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->file < y->file ? -1 : x->file > y->file;
}

/* `except`: whoever looks by its words knows them; -1: a search, as wide as is asked. */
static bool search(struct people *people, const struct subject *subject, int64_t except,
                   struct arena *arena, size_t most, struct people_found *out, size_t *count,
                   bool *is_cut, struct err *err)
{
	struct searching searching = { .people = people,
		                       .except = except,
		                       .arena = arena,
		                       .out = out,
		                       .most = most,
		                       .is_wide = except < 0 };
	bool done = true;
	*count = 0;
	*is_cut = false;
	/* What is behind its time may know what was destroyed meanwhile. */
	if (has_failed(people))
		return true;
	pthread_mutex_lock(&people->lock);
	for (size_t row = 0; done && row < subject->row_count; row++)
		done = search_row(&searching, subject, row, err);
	for (size_t i = 0; done && i < subject->mark_count; i++)
		search_mark(&searching, &subject->marks[i]);
	pthread_mutex_unlock(&people->lock);
	qsort(out, searching.count, sizeof *out, by_weight);
	*count = done ? searching.count : 0;
	*is_cut = searching.is_cut;
	return done;
}

bool people_search(struct people *people, const struct subject *subject, int64_t except,
                   struct arena *arena, struct people_found *out, size_t *count, struct err *err)
{
	bool is_cut;
	return search(people, subject, except, arena, PEOPLE_FOUND_MAX, out, count, &is_cut, err);
}

bool people_find(struct people *people, struct str words, struct arena *arena,
                 struct people_found *out, size_t *count, struct err *err)
{
	struct subject subject;
	subject_of_words(words, arena, &subject);
	return people_search(people, &subject, -1, arena, out, count, err);
}

/* Of what a search found, what may be shown: 40 files at most. */
static bool keep_shown(const struct people_found *found, size_t count, people_may *may, void *ctx,
                       struct people_shown *out, struct err *err)
{
	out->count = 0;
	for (size_t i = 0; i < count; i++) {
		bool is_shown;
		if (people_is_again(found, i))
			continue;
		if (!may(ctx, &found[i], &is_shown, err))
			return false;
		if (is_shown && out->count == PEOPLE_FOUND_MAX) {
			out->is_cut = true;
			return true;
		}
		if (is_shown)
			out->at[out->count++] = found[i];
	}
	return true;
}

bool people_find_for(struct people *people, struct str words, struct arena *arena, people_may *may,
                     void *ctx, struct people_shown *out, struct err *err)
{
	static const size_t MOST[] = { PEOPLE_FOUND_MAX, PEOPLE_FOUND_MAX * 5, PEOPLE_LOOKED_MAX };
	struct subject subject;
	*out = (struct people_shown){ .at = arena_alloc(arena, PEOPLE_FOUND_MAX, sizeof *out->at),
		                      .is_cut = true };
	if (!out->at)
		return err_set(err, ERR_UNABLE, "There is no memory to search");
	subject_of_words(words, arena, &subject);
	for (size_t i = 0; i < COUNT_OF(MOST) && out->is_cut && out->count < PEOPLE_FOUND_MAX;
	     i++) {
		struct people_found *found = arena_alloc(arena, MOST[i], sizeof *found);
		size_t count;
		if (!found)
			return err_set(err, ERR_UNABLE, "There is no memory to search");
		if (!search(people, &subject, -1, arena, MOST[i], found, &count, &out->is_cut,
		            err) ||
		    !keep_shown(found, count, may, ctx, out, err))
			return false;
	}
	return true;
}

struct alike {
	struct people *people;
	struct casebook_reader *reader;
	struct arena *arena;
	struct people_found *out;
	size_t count;
	bool is_there;
	bool has_failed;
	struct err *err;
};

static bool search_alike(void *ctx, const struct casebook_claim *claim)
{
	struct alike *alike = ctx;
	struct casebook_claim whole;
	struct subject subject;
	alike->is_there = claim->count > 0;
	if (!people_with_first(alike->reader, alike->arena, claim, &whole, alike->err)) {
		alike->has_failed = true;
		return false;
	}
	subject_of(whole.texts, whole.count, alike->arena, &subject);
	alike->has_failed = !people_search(alike->people, &subject, claim->file, alike->arena,
	                                   alike->out, &alike->count, alike->err);
	return false;
}

bool people_alike(struct people *people, struct casebook_reader *reader, int64_t entry,
                  struct arena *arena, struct people_found *out, size_t *count, struct err *err)
{
	struct alike alike = {
		.people = people, .reader = reader, .arena = arena, .out = out, .err = err
	};
	int64_t next;
	*count = 0;
	if (!casebook_claims(reader, entry, entry, search_alike, &alike, &next, err) ||
	    alike.has_failed)
		return false;
	*count = alike.count;
	return alike.is_there ||
	       err_set(err, ERR_ABSENT, "This entry says nothing that people are found by");
}

/* --- the thread --------------------------------------------------------------------------------
 */

/* Waits for entries that are not read yet; false: it is to end. */
static bool wait_for_more(struct people *people)
{
	pthread_mutex_lock(&people->state_lock);
	while (!people->is_ending && people->wanted <= people->next)
		pthread_cond_wait(&people->changed, &people->state_lock);
	bool goes_on = !people->is_ending;
	pthread_mutex_unlock(&people->state_lock);
	return goes_on;
}

static void is_read(struct people *people, int64_t up_to, int64_t made)
{
	pthread_mutex_lock(&people->state_lock);
	people->state.is_ready = true;
	people->state.proposed += made;
	people->state.looked = people->done = up_to;
	pthread_cond_broadcast(&people->changed);
	pthread_mutex_unlock(&people->state_lock);
}

static bool read_and_propose(struct people *people, struct err *err)
{
	int64_t made = 0, from = people->next;
	if (!people_read_all(people, err))
		return false;
	/* The first time round, what was left when the register was closed. */
	from = from > 0 ? from : people->recent;
	struct err why = { 0 };
	if (people->options.proposes && from >= 0 && !people_is_ending(people) &&
	    !propose_since(people, from, people->next - 1, &made, &why))
		journal_write(JOURNAL_ERROR, "people: not all that is alike was proposed: %s (%s)",
		              why.message, why.context);
	is_read(people, people->next, made);
	return true;
}

static void *run(void *ctx)
{
	struct people *people = ctx;
	struct err err = { 0 };
	do {
		if (!read_and_propose(people, &err)) {
			fail(people, &err);
			return NULL;
		}
	} while (wait_for_more(people));
	return NULL;
}

/* --- life ------------------------------------------------------------------------------------- */

static bool open_index(struct people *people, struct err *err)
{
	struct match_limits limits = { .memory = INDEX_MEMORY };
	struct str model = str_from_bytes(people_model_files[0].bytes, people_model_files[0].size);
	return match_index_open(&limits, STR("people"), model, &people->index, err) &&
	       match_index_columns(people->index, subject_columns, SUBJECT_COLUMNS,
	                           &people->columns, err) &&
	       match_index_columns(people->index, subject_first_columns, SUBJECT_COLUMNS,
	                           &people->first_columns, err);
}

bool people_start(struct casebook *book, const struct people_options *options, struct people **out,
                  struct err *err)
{
	struct people *people = calloc(1, sizeof *people);
	*out = people;
	if (!people)
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	people->book = book;
	people->options = *options;
	people->recent = -1;
	(void)pthread_mutex_init(&people->lock, NULL);
	(void)pthread_mutex_init(&people->contact_lock, NULL);
	(void)pthread_mutex_init(&people->state_lock, NULL);
	(void)pthread_cond_init(&people->changed, NULL);
	people->marks = marks_create();
	people->contacts = contacts_create();
	bool good = (people->marks && people->contacts) ||
	            err_set(err, ERR_UNABLE, "There is no memory to compare people");
	good = good && open_index(people, err) && casebook_follow(book, followed, people, err);
	good = good && (pthread_create(&people->thread, NULL, run, people) == 0 ||
	                err_set(err, ERR_UNABLE, "There is no thread to compare people"));
	people->has_thread = good;
	if (!good) {
		people_stop(people);
		*out = NULL;
	}
	return good;
}

void people_stop(struct people *people)
{
	if (!people)
		return;
	casebook_unfollow(people->book, followed, people);
	pthread_mutex_lock(&people->state_lock);
	people->is_ending = true;
	pthread_cond_broadcast(&people->changed);
	pthread_mutex_unlock(&people->state_lock);
	if (people->has_thread)
		(void)pthread_join(people->thread, NULL);
	match_index_close(people->index);
	marks_destroy(people->marks);
	contacts_destroy(people->contacts);
	(void)pthread_cond_destroy(&people->changed);
	(void)pthread_mutex_destroy(&people->state_lock);
	(void)pthread_mutex_destroy(&people->contact_lock);
	(void)pthread_mutex_destroy(&people->lock);
	free(people);
}

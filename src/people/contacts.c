/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Which agencies had to do with whom a file is about (pack_kind_is_contact), which files an
 * agency's own file of people began, and which were said to be one person: what the plain side of
 * entries says, in a few bytes a file. No seal is opened for it.
 *
 * C1. Files are numbered without gaps, so that what is kept of them lies by number.
 * C2. Pairs lie in the order of their entries.
 */
#include <stdlib.h>

#include "people/people_parts.h"

#define AGENCIES_MAX 60000 /* more are one */
#define OFFICES_BYTES ((size_t)16 << 20)

struct of_file {
	uint32_t first; /* of its agencies, a row and 1; 0: none */
	uint16_t proposed;
	bool is_imported;
};

struct agency_row {
	uint32_t next; /* a row and 1 */
	uint16_t agency;
};

struct office_row {
	struct str id;
	uint16_t agency;
};

struct contacts {
	struct of_file *files;
	size_t file_count;
	struct agency_row *rows;
	size_t row_count;
	struct contact_pair *pairs;
	size_t pair_count;
	size_t file_room, row_room, pair_room;
	struct arena *names; /* of agencies and offices */
	struct str *agencies;
	size_t agency_count, agency_room;
	struct office_row *offices; /* by id */
	size_t office_count;
	struct str last_office; /* the one asked for last */
	uint16_t last_agency;
};

struct contacts *contacts_create(void)
{
	struct contacts *contacts = calloc(1, sizeof *contacts);
	if (!contacts)
		return NULL;
	contacts->names = arena_create(OFFICES_BYTES);
	if (!contacts->names) {
		free(contacts);
		return NULL;
	}
	return contacts;
}

void contacts_destroy(struct contacts *contacts)
{
	if (!contacts)
		return;
	free(contacts->files);
	free(contacts->rows);
	free(contacts->pairs);
	free(contacts->agencies);
	free(contacts->offices);
	arena_destroy(contacts->names);
	free(contacts);
}

static struct of_file *file_of(struct contacts *contacts, int64_t n)
{
	void *files = contacts->files;
	if (n < 0 || (uint64_t)n >= UINT32_MAX ||
	    !people_grow(&files, &contacts->file_room, (size_t)n + 1, sizeof *contacts->files))
		return NULL;
	contacts->files = files;
	if (contacts->file_count <= (size_t)n)
		contacts->file_count = (size_t)n + 1;
	return &contacts->files[n];
}

/* --- agencies --------------------------------------------------------------------------------- */

static bool agency_named(struct contacts *contacts, struct str name, uint16_t *out)
{
	void *agencies = contacts->agencies;
	for (size_t i = 0; i < contacts->agency_count; i++) {
		if (str_eq(contacts->agencies[i], name)) {
			*out = (uint16_t)i;
			return true;
		}
	}
	if (contacts->agency_count == AGENCIES_MAX) {
		*out = AGENCIES_MAX - 1;
		return true;
	}
	if (!people_grow(&agencies, &contacts->agency_room, contacts->agency_count + 1,
	                 sizeof *contacts->agencies))
		return false;
	contacts->agencies = agencies;
	struct str kept = arena_copy(contacts->names, name);
	*out = (uint16_t)contacts->agency_count;
	contacts->agencies[contacts->agency_count++] = kept;
	return kept.p != NULL;
}

static int by_id(const void *a, const void *b)
{
	const struct office_row *x = a, *y = b;
	return str_compare(x->id, y->id);
}

/* All offices anew: one was made since. */
static bool read_offices(struct contacts *contacts, struct casebook_reader *reader, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(OFFICES_BYTES);
	const struct casebook_office *offices;
	size_t count;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	if (!casebook_offices(reader, arena, &offices, &count, err))
		return false;
	struct office_row *rows = calloc(count + 1, sizeof *rows);
	bool done = rows != NULL;
	for (size_t i = 0; done && i < count; i++) {
		rows[i].id = arena_copy(contacts->names, offices[i].id);
		done = rows[i].id.p && agency_named(contacts, offices[i].agency, &rows[i].agency);
	}
	if (!done) {
		free(rows);
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	}
	qsort(rows, count, sizeof *rows, by_id);
	free(contacts->offices);
	contacts->offices = rows;
	contacts->office_count = count;
	contacts->last_office = STR("");
	return true;
}

static bool agency_of(struct contacts *contacts, struct casebook_reader *reader, struct str office,
                      uint16_t *out, bool *has, struct err *err)
{
	const struct office_row asked = { .id = office };
	*has = true;
	if (contacts->last_office.n && str_eq(contacts->last_office, office)) {
		*out = contacts->last_agency;
		return true;
	}
	for (int tries = 0; tries < 2; tries++) {
		const struct office_row *found =
			contacts->office_count
				? bsearch(&asked, contacts->offices, contacts->office_count,
		                          sizeof asked, by_id)
				: NULL;
		if (found) {
			contacts->last_office = found->id;
			*out = contacts->last_agency = found->agency;
			return true;
		}
		if (tries == 0 && !read_offices(contacts, reader, err))
			return false;
	}
	*has = false;
	return true;
}

static bool add_agency(struct contacts *contacts, struct of_file *file, uint16_t agency)
{
	void *rows = contacts->rows;
	for (uint32_t at = file->first; at; at = contacts->rows[at - 1].next) {
		if (contacts->rows[at - 1].agency == agency)
			return true;
	}
	if (contacts->row_count >= UINT32_MAX - 1 ||
	    !people_grow(&rows, &contacts->row_room, contacts->row_count + 1,
	                 sizeof *contacts->rows))
		return false;
	contacts->rows = rows;
	contacts->rows[contacts->row_count++] =
		(struct agency_row){ .next = file->first, .agency = agency };
	file->first = (uint32_t)contacts->row_count;
	return true;
}

/* --- pairs ------------------------------------------------------------------------------------ */

static bool add_pair(struct contacts *contacts, const struct contact_pair *pair)
{
	void *pairs = contacts->pairs;
	if (!people_grow(&pairs, &contacts->pair_room, contacts->pair_count + 1,
	                 sizeof *contacts->pairs))
		return false;
	contacts->pairs = pairs;
	contacts->pairs[contacts->pair_count++] = *pair;
	return true;
}

/* C2 */
static struct contact_pair *pair_of(struct contacts *contacts, int64_t entry)
{
	size_t from = 0, to = contacts->pair_count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (contacts->pairs[middle].entry < entry)
			from = middle + 1;
		else
			to = middle;
	}
	bool is_it = from < contacts->pair_count && contacts->pairs[from].entry == entry;
	return is_it ? &contacts->pairs[from] : NULL;
}

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory to compare people");
}

/* It cannot be told yet: the pair still waits. */
static bool is_undecided(const struct pack_matching *matching,
                         const struct casebook_contact *contact)
{
	return contact->kind == matching->answer && matching->undecided.p &&
	       str_eq(json_text(contact->plain, STR("answer")), matching->undecided);
}

/* What an entry of the kinds that propose and answer says. */
static bool note_pair(struct contacts *contacts, struct casebook_reader *reader,
                      const struct pack_matching *matching, const struct casebook_contact *contact,
                      struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)1 << 20);
	struct casebook_file other;
	struct err absent = { 0 };
	bool is_proposal = contact->kind == matching->propose;
	struct contact_pair *answered =
		pair_of(contacts, json_number(contact->plain, STR("of"), -1));
	struct of_file *file = is_proposal ? file_of(contacts, contact->file) : NULL;
	if (!arena || (is_proposal && !file))
		return no_memory(err);
	if (answered && !is_proposal && !is_undecided(matching, contact))
		answered->is_over = true;
	if (file && file->proposed < UINT16_MAX)
		file->proposed++;
	bool is_of_person =
		is_proposal && matching->as[PACK_MATCHED_NAME].p &&
		str_eq(json_text(contact->plain, STR("what")), matching->as[PACK_MATCHED_NAME]);
	if ((!is_of_person && contact->kind != matching->same) ||
	    !casebook_file_find(reader, arena, json_text(contact->plain, STR("other")), &other,
	                        &absent))
		return true;
	const struct contact_pair pair = { .entry = contact->entry,
		                           .a = contact->file,
		                           .b = other.n,
		                           .is_joined = contact->kind == matching->same };
	return add_pair(contacts, &pair) || no_memory(err);
}

bool contacts_note(struct contacts *contacts, struct casebook_reader *reader,
                   const struct pack *pack, const struct casebook_contact *contact, struct err *err)
{
	uint16_t agency;
	bool has;
	if (contact->plain && !note_pair(contacts, reader, &pack->matching, contact, err))
		return false;
	if (!contact->office.n || (contact->kind && !pack_kind_is_contact(pack, contact->kind)))
		return true;
	struct of_file *file = file_of(contacts, contact->file);
	if (!file)
		return no_memory(err);
	file->is_imported = file->is_imported || contact->is_imported;
	return agency_of(contacts, reader, contact->office, &agency, &has, err) &&
	       (!has || add_agency(contacts, file, agency) || no_memory(err));
}

/* --- asking ----------------------------------------------------------------------------------- */

size_t contacts_agencies(const struct contacts *contacts, int64_t file, uint16_t *out, size_t max)
{
	size_t count = 0;
	if (file < 0 || (size_t)file >= contacts->file_count)
		return 0;
	for (uint32_t at = contacts->files[file].first; at && count < max;
	     at = contacts->rows[at - 1].next)
		out[count++] = contacts->rows[at - 1].agency;
	return count;
}

struct str contacts_agency(const struct contacts *contacts, uint16_t agency)
{
	return agency < contacts->agency_count ? contacts->agencies[agency] : STR("");
}

bool contacts_is_imported(const struct contacts *contacts, int64_t file)
{
	return file >= 0 && (size_t)file < contacts->file_count &&
	       contacts->files[file].is_imported;
}

unsigned contacts_proposed(const struct contacts *contacts, int64_t file)
{
	bool is_there = file >= 0 && (size_t)file < contacts->file_count;
	return is_there ? contacts->files[file].proposed : 0;
}

const struct contact_pair *contacts_pairs(const struct contacts *contacts, size_t *count)
{
	*count = contacts->pair_count;
	return contacts->pairs;
}

size_t contacts_files(const struct contacts *contacts)
{
	return contacts->file_count;
}

size_t contacts_bytes(const struct contacts *contacts)
{
	return contacts->file_room * sizeof *contacts->files +
	       contacts->row_room * sizeof *contacts->rows +
	       contacts->pair_room * sizeof *contacts->pairs;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Rows of an agency's own file of people, as acts that begin files. What a row
 * becomes is the pack's (`import`); whether it is there already is told by the
 * number that the office has for it, as it was written down when it was
 * imported: so a file may be imported again, whole or in part, at any time.
 */
#include "people/people_parts.h"

#define NUMBERS_MAX 10
#define NAMED_MAX 16 /* entries that say one number, which are looked at */

/* --- what a row becomes ----------------------------------------------------------------------- */

/* Surely so many whole years old on the day, whatever of the birth is not known. */
static bool is_surely(const struct match_birth *birth, int years, struct day today)
{
	int month = birth->month ? birth->month : 12, day = birth->day ? birth->day : 31;
	int age = today.year - birth->year;
	if (!birth->year)
		return false;
	if (today.month < month || (today.month == month && today.day < day))
		age--;
	return age >= years;
}

const struct pack_import *people_import_of(const struct pack *pack, const struct match_birth *birth,
                                           struct day today)
{
	const struct pack_import *found = &pack->imports[0];
	for (size_t i = 1; i < pack->import_count; i++) {
		const struct pack_import *import = &pack->imports[i];
		if (import->from_age && import->from_age >= found->from_age &&
		    is_surely(birth, import->from_age, today))
			found = import;
	}
	return found;
}

/* On one line, as a name and a number are. */
static struct str one_line(struct arena *arena, struct str text)
{
	struct str copy = arena_copy(arena, text);
	char *at = arena_alloc(arena, copy.n + 1, 1);
	if (!at || !copy.p)
		return STR("");
	for (size_t i = 0; i < copy.n; i++)
		at[i] = copy.p[i] == '\n' || copy.p[i] == '\r' || copy.p[i] == '\t' ? ' '
		                                                                    : copy.p[i];
	return str_trim((struct str){ at, copy.n });
}

static struct str name_of(const struct match_row *row, struct arena *arena)
{
	static const enum match_cell PARTS[] = { MATCH_CELL_FIRST, MATCH_CELL_MIDDLE,
		                                 MATCH_CELL_SURNAME };
	struct str pieces[6];
	size_t count = 0;
	if (row->cells[MATCH_CELL_FULL].n)
		return one_line(arena, row->cells[MATCH_CELL_FULL]);
	for (size_t i = 0; i < COUNT_OF(PARTS); i++) {
		if (!row->cells[PARTS[i]].n)
			continue;
		if (count)
			pieces[count++] = STR(" ");
		pieces[count++] = row->cells[PARTS[i]];
	}
	return count ? one_line(arena, arena_join(arena, pieces, count)) : STR("");
}

static struct str home_of(const struct match_row *row, struct arena *arena)
{
	struct str home = row->cells[MATCH_CELL_ADDRESS],
		   postcode = row->cells[MATCH_CELL_POSTCODE];
	struct str pieces[3] = { home, STR(", "), postcode };
	if (!home.n || !postcode.n || str_ends(home, postcode))
		return home.n ? home : postcode;
	return arena_join(arena, pieces, 3);
}

static void put_texts(struct arena *arena, struct json *fields, const struct pack_field *field,
                      const struct str *texts, size_t count)
{
	struct json *list = json_array(arena);
	struct str first = STR("");
	for (size_t i = 0; i < count; i++) {
		if (!texts[i].n)
			continue;
		first = first.n ? first : texts[i];
		json_push(list, json_string(arena, texts[i]));
	}
	if (field && first.n && field->is_repeated)
		json_put(fields, field->name, list);
	else if (field && first.n)
		json_put_text(arena, fields, field->name, first);
}

/* As it is written; but where the register, which takes the day to be before the month, would take
 * it for another birth than the file means, or for none, in figures of one meaning. */
static struct str birth_of(struct arena *arena, const struct match_row *row, int this_year)
{
	struct str written = one_line(arena, row->cells[MATCH_CELL_BIRTH]);
	struct match_birth read;
	if (!row->year || (match_birth_read(written, this_year, &read) && read.year == row->year &&
	                   read.month == row->month && read.day == row->day))
		return written;
	return row->day     ? arena_format(arena, "%04d-%02d-%02d", row->year, row->month, row->day)
	       : row->month ? arena_format(arena, "%04d-%02d", row->year, row->month)
	                    : arena_format(arena, "%04d", row->year);
}

static void put_birth(struct arena *arena, struct json *fields, const struct pack_import *as,
                      const struct match_row *row, int this_year)
{
	enum pack_birth_known known = row->day     ? PACK_BIRTH_DAY
	                              : row->month ? PACK_BIRTH_MONTH
	                              : row->year  ? PACK_BIRTH_YEAR
	                                           : PACK_BIRTH_NONE;
	struct str born = row->month ? arena_format(arena, "%04d-%02d", row->year, row->month)
	                             : arena_format(arena, "%04d", row->year);
	struct str written = birth_of(arena, row, this_year);
	put_texts(arena, fields, as->birth, &written, 1);
	if (as->known)
		json_put_text(arena, fields, as->known->name, as->known_as[known]);
	if (as->born && row->year)
		json_put_text(arena, fields, as->born->name, born);
}

static void put_numbers(struct arena *arena, struct json *fields, const struct pack_import *as,
                        const struct match_row *row, struct str own)
{
	static const enum match_cell NUMBERS[] = { MATCH_CELL_NHS,    MATCH_CELL_UPN,
		                                   MATCH_CELL_PHONE,  MATCH_CELL_PHONE_2,
		                                   MATCH_CELL_EMAIL,  MATCH_CELL_OTHER,
		                                   MATCH_CELL_OTHER_2 };
	struct str texts[NUMBERS_MAX];
	size_t count = 0;
	texts[count++] = own;
	for (size_t i = 0; i < COUNT_OF(NUMBERS); i++)
		texts[count++] = one_line(arena, row->cells[NUMBERS[i]]);
	put_texts(arena, fields, as->numbers, texts, count);
}

bool people_import(const struct pack *pack, const struct match_row *row, struct str whose,
                   struct day today, struct arena *arena, struct people_import *out,
                   struct err *err)
{
	struct json *fields = json_object(arena);
	const struct match_birth birth = { row->year, row->month, row->day };
	const struct pack_import *as = people_import_of(pack, &birth, today);
	struct str id = one_line(arena, row->cells[MATCH_CELL_ID]);
	struct str name = name_of(row, arena), home = home_of(row, arena);
	*out = (struct people_import){
		.as = as,
		.fields = fields,
		.number = arena_format(arena, "%.*s: %.*s", STR_ARG(whose), STR_ARG(id)),
	};
	put_texts(arena, fields, as->names, &name, 1);
	put_birth(arena, fields, as, row, today.year);
	put_texts(arena, fields, as->home, &home, 1);
	put_numbers(arena, fields, as, row, out->number);
	struct hash hash = hash_of(out->number);
	out->submission = arena_format(arena, "import/%.*s", STR_ARG(hash_hex(arena, &hash)));
	return (json_complete(fields) && out->submission.n) ||
	       err_set(err, ERR_UNABLE, "There is no memory for a row");
}

/* --- whether it is there ---------------------------------------------------------------------- */

struct named {
	int64_t entries[NAMED_MAX];
	size_t count;
};

static bool keep_named(void *ctx, int64_t file, int64_t entry)
{
	struct named *named = ctx;
	(void)file;
	named->entries[named->count++] = entry;
	return named->count < NAMED_MAX;
}

struct looking {
	const struct people_import *import;
	bool says_number; /* as its own: the first of its numbers */
	bool is_same;
};

/* How many texts the act says, and whether the n-th is this one. */
static size_t texts_of(const struct people_import *import, size_t n, struct str is, bool *same)
{
	const struct pack_kind *kind = import->as->kind;
	size_t count = 0;
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct json *value =
			kind->fields[i].matched ? json_member(import->fields, kind->fields[i].name)
						: NULL;
		bool is_list = value && value->type == JSON_ARRAY;
		for (const struct json *item = is_list ? value->first : value; item;
		     item = is_list ? item->next : NULL) {
			if (count++ == n)
				*same = str_eq(str_trim(item->string), is);
		}
	}
	return count;
}

static bool look_at_claim(void *ctx, const struct casebook_claim *claim)
{
	struct looking *looking = ctx;
	enum pack_matched number = looking->import->as->numbers->matched;
	bool is_same = !claim->is_gone, is_first = true;
	looking->says_number = false;
	for (size_t i = 0; i < claim->count; i++) {
		bool same = false;
		size_t count = texts_of(looking->import, i, claim->texts[i].text, &same);
		if (is_first && claim->texts[i].as == number) {
			looking->says_number =
				str_eq(claim->texts[i].text, looking->import->number);
			is_first = false;
		}
		is_same = is_same && same && count == claim->count;
	}
	looking->is_same = is_same;
	return false;
}

/* Whether the office imported the entry, by what the register itself writes beside it. */
static bool was_imported(struct casebook_reader *reader, int64_t n, struct str office,
                         struct arena *arena, struct casebook_entry *entry, bool *out,
                         struct err *err)
{
	if (!casebook_entry_get(reader, arena, n, entry, err))
		return false;
	*out = str_eq(json_text(entry->plain, STR("via")), STR("import")) &&
	       str_eq(entry->office, office);
	return true;
}

bool people_imported(struct people *people, struct casebook_reader *reader,
                     const struct people_import *import, struct str office, struct arena *arena,
                     struct people_there *out, struct err *err)
{
	struct named named = { .count = 0 };
	struct str key = subject_number_key(arena, import->number);
	*out = (struct people_there){ .entry = -1 };
	if (!key.n)
		return true;
	pthread_mutex_lock(&people->lock);
	marks_find(people->marks, key, keep_named, &named);
	pthread_mutex_unlock(&people->lock);
	for (size_t i = 0; i < named.count; i++) {
		struct looking looking = { .import = import };
		struct casebook_entry entry;
		int64_t next;
		bool is_import;
		if (!was_imported(reader, named.entries[i], office, arena, &entry, &is_import, err))
			return false;
		if (!is_import)
			continue;
		if (!casebook_claims(reader, entry.index, entry.index, look_at_claim, &looking,
		                     &next, err))
			return false;
		if (looking.says_number)
			*out = (struct people_there){ .entry = entry.index,
				                      .file = entry.file,
				                      .is_same = looking.is_same };
	}
	return true;
}

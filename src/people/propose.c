/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is alike is proposed: an entry by the register on the file that was
 * written about last, which names the other file and what is alike, and no
 * word of either. A person says what follows.
 */
#include "people/people_parts.h"

#define FILE_MAX 6     /* proposals that one file is given by the register, ever; not by others */
#define PROPOSED_MAX 3 /* of one entry, of each sort */
#define BATCH_MAX 256  /* proposals sent at once */
#define LEAST_LINES 2  /* things that speak for it */
#define PERSONS_MAX 4  /* of one file, that are looked at */
#define MATTERS_MAX 16 /* that a person's file is linked to, and are looked at */
#define LINE_BITS 1.0
#define RARE_NAME_BITS 5.0 /* of a whole name alone: 32 to 1 */
#define ARENA_BYTES ((size_t)64 << 20)

struct proposal {
	struct str file; /* numbers */
	struct str other;
	struct str what;
	int64_t files[2];
	bool is_person; /* they may be one, which is news after anything else that is alike */
};

struct proposing {
	struct people *people;
	struct casebook_reader *reader;
	struct arena *arena; /* of one entry */
	struct arena *kept;  /* of the batch */
	const struct pack_matching *matching;
	struct proposal *list;
	size_t count;
	bool is_full; /* another entry's might not fit any more */
	bool has_failed;
	struct err *err;
};

/* A first name and a surname on either side. */
static bool is_whole_name(const struct match_line *line)
{
	return str_eq(line->what, STR("name")) && str_find(line->left, ' ') < line->left.n &&
	       str_find(line->right, ' ') < line->right.n;
}

/* One thing alone, a first name or a birthday, is no reason to look; a whole name is, that so few
 * bear that it is hardly another's. */
static bool is_worth_a_look(const struct people_found *found)
{
	size_t count = 0;
	bool has_name = false;
	if (found->kind == MATCH_HIT_HOUSEHOLD || found->weight < 0)
		return false;
	for (size_t i = 0; i < found->reasons.count; i++) {
		const struct match_line *line = &found->reasons.lines[i];
		bool speaks = line->left.n > 0 && line->bits >= LINE_BITS;
		count += speaks;
		has_name = has_name || (speaks && is_whole_name(line));
	}
	return count >= LEAST_LINES || (has_name && found->weight >= RARE_NAME_BITS);
}

static bool has_ended(const struct casebook_file *file)
{
	return file->is_destroyed || !file->type || (file->type->final >> file->state & 1);
}

static bool takes(const struct pack_kind *kind, const char *field, const struct pack *pack,
                  const struct pack_file_type *type)
{
	size_t number = (size_t)(type - pack->file_types);
	uint64_t types =
		field ? pack_field_find(kind, str_from_c(field))->of_file_types : kind->file_types;
	return types == 0 || (types >> number & 1);
}

/* Adds files that are linked to this one: people's, or all others; `most` in all. */
static bool add_linked(struct proposing *proposing, const struct casebook_file *file,
                       bool of_persons, int64_t *out, size_t most, size_t *count, struct err *err)
{
	const struct casebook_linked *links;
	size_t linked;
	if (!casebook_links(proposing->reader, proposing->arena, file->n, &links, &linked, err))
		return false;
	for (size_t i = 0; i < linked && *count < most; i++) {
		struct casebook_file other;
		if (links[i].removed >= 0)
			continue;
		if (!casebook_file_get(proposing->reader, proposing->arena, links[i].file, &other,
		                       err))
			return false;
		if (other.type && other.type->is_person == of_persons)
			out[(*count)++] = other.n;
	}
	return true;
}

/* Persons that a file is about, or whose it is: a bounded few. */
static bool persons_of(struct proposing *proposing, const struct casebook_file *file,
                       int64_t out[PERSONS_MAX], size_t *count, struct err *err)
{
	*count = 0;
	if (file->type->is_person)
		out[(*count)++] = file->n;
	return add_linked(proposing, file, true, out, PERSONS_MAX, count, err);
}

/* A concern that is said to be about somebody is compared no more: that person's file is. */
static bool is_said_of(struct proposing *proposing, const struct casebook_file *file, bool *out,
                       struct err *err)
{
	int64_t persons[PERSONS_MAX];
	size_t count = 0;
	*out = false;
	if (file->type->is_person)
		return true;
	if (!persons_of(proposing, file, persons, &count, err))
		return false;
	*out = count > 0;
	return true;
}

/* They are about one person, or about persons of whom somebody said how they belong together:
 * what brothers and sisters share is no news. */
static bool is_known(struct proposing *proposing, const struct casebook_file *file,
                     const struct casebook_file *other, struct str what, bool *out, struct err *err)
{
	int64_t mine[PERSONS_MAX], theirs[PERSONS_MAX];
	size_t mine_count, their_count;
	if (!casebook_is_related(proposing->reader, file->n, other->n, what, out, err))
		return false;
	if (*out)
		return true;
	if (!persons_of(proposing, file, mine, &mine_count, err) ||
	    !persons_of(proposing, other, theirs, &their_count, err))
		return false;
	for (size_t i = 0; i < mine_count && !*out; i++) {
		for (size_t j = 0; j < their_count && !*out; j++) {
			if (mine[i] == theirs[j])
				*out = true;
			else if (!casebook_is_related(proposing->reader, mine[i], theirs[j], what,
			                              out, err))
				return false;
		}
	}
	return true;
}

/* What a person's file is linked to besides other people's: a concern, a thing. */
static bool matters_of(struct proposing *proposing, const struct casebook_file *file,
                       int64_t out[MATTERS_MAX], size_t *count, struct err *err)
{
	*count = 0;
	return add_linked(proposing, file, false, out, MATTERS_MAX, count, err);
}

static bool is_of_the_first(const struct pack *pack, const struct pack_file_type *type)
{
	return pack->import_count &&
	       (pack->imports[0].kind->file_types >> (type - pack->file_types) & 1);
}

/*
 * Two people who share a home or its telephone, and nothing by which they would
 * be one, are a family. It is news of two who stand in different matters: but not
 * of two children, whose concerns say the home themselves.
 */
static bool is_of_family(struct proposing *proposing, const struct casebook_file *file,
                         const struct casebook_file *other, const struct people_found *found,
                         bool *out, struct err *err)
{
	const struct pack *pack = casebook_pack(proposing->people->book);
	int64_t mine[MATTERS_MAX], theirs[MATTERS_MAX];
	size_t mine_count, their_count;
	*out = found->is_of_home && file->type->is_person && other->type->is_person;
	if (!*out || (is_of_the_first(pack, file->type) && is_of_the_first(pack, other->type)))
		return true;
	if (!matters_of(proposing, file, mine, &mine_count, err) ||
	    !matters_of(proposing, other, theirs, &their_count, err))
		return false;
	*out = mine_count == 0 || their_count == 0;
	for (size_t i = 0; i < mine_count && !*out; i++)
		for (size_t j = 0; j < their_count && !*out; j++)
			*out = mine[i] == theirs[j];
	return true;
}

static bool is_listed(const struct proposing *proposing, int64_t a, int64_t b)
{
	for (size_t i = 0; i < proposing->count; i++) {
		const int64_t *files = proposing->list[i].files;
		if ((files[0] == a && files[1] == b) || (files[0] == b && files[1] == a))
			return true;
	}
	return false;
}

/* One that was found, if it is to be proposed: *made. */
static bool consider(struct proposing *proposing, const struct casebook_file *file,
                     const struct people_found *found, bool *made, struct err *err)
{
	struct casebook_file other;
	struct casebook_reader *reader = proposing->reader;
	const struct pack *pack = casebook_pack(proposing->people->book);
	const struct pack_matching *matching = proposing->matching;
	bool is_related, is_restricted, is_family;
	*made = false;
	if (found->is_common || is_listed(proposing, file->n, found->file) ||
	    !matching->as[found->as].p)
		return true;
	if (!casebook_file_get(reader, proposing->arena, found->file, &other, err))
		return false;
	if (other.is_destroyed || !other.type ||
	    !takes(matching->propose, "other", pack, other.type))
		return true;
	if (!casebook_is_restricted(reader, other.n, &is_restricted, err) ||
	    !is_of_family(proposing, file, &other, found, &is_family, err))
		return false;
	if (is_restricted || is_family)
		return true;
	/* That they may be one person is news, whatever else of theirs somebody found alike. */
	struct str what = matching->as[found->as];
	if (!is_known(proposing, file, &other, found->how == PEOPLE_PERSON ? what : STR(""),
	              &is_related, err))
		return false;
	if (is_related)
		return true;
	proposing->list[proposing->count++] =
		(struct proposal){ .file = arena_copy(proposing->kept, file->number),
		                   .other = arena_copy(proposing->kept, other.number),
		                   .what = what,
		                   .files = { file->n, found->file },
		                   .is_person = found->how == PEOPLE_PERSON };
	*made = true;
	return true;
}

/* By which sort of likeness the pack has the word. */
static enum people_how how_of(const struct pack_matching *matching, struct str what)
{
	static const enum pack_matched PLACES[] = { PACK_MATCHED_HOME, PACK_MATCHED_PLACE };
	if (str_eq(what, matching->as[PACK_MATCHED_NAME]))
		return PEOPLE_PERSON;
	for (size_t i = 0; i < COUNT_OF(PLACES); i++) {
		if (str_eq(what, matching->as[PLACES[i]]))
			return PEOPLE_PLACE;
	}
	return PEOPLE_MARK;
}

/* What the register gave the file before, and is about to: by the sort, since the entry that is
 * looked at. A second look, after a stop or by another import, adds nothing to it. */
struct given {
	size_t all;
	size_t since[PEOPLE_PLACE + 1];
};

static bool count_given(struct proposing *proposing, const struct casebook_file *file,
                        int64_t entry, struct given *out, struct err *err)
{
	struct casebook_own_proposal before[FILE_MAX];
	*out = (struct given){ 0 };
	if (!casebook_own_proposals(proposing->reader, proposing->arena, file->n, FILE_MAX, before,
	                            &out->all, err))
		return false;
	for (size_t i = 0; i < out->all; i++)
		out->since[how_of(proposing->matching, before[i].what)] += before[i].entry > entry;
	for (size_t i = 0; i < proposing->count; i++)
		out->all += proposing->list[i].files[0] == file->n;
	return true;
}

/* On the file that was written of last: what is alike and newer is looked at when its turn comes.
 */
static bool propose_found(struct proposing *proposing, const struct casebook_file *file,
                          int64_t entry, const struct people_found *found, size_t count,
                          struct given *given, struct err *err)
{
	bool is_said;
	if (!is_said_of(proposing, file, &is_said, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool is_new = false, is_person = found[i].how == PEOPLE_PERSON;
		if (is_person && (is_said || !is_worth_a_look(&found[i])))
			continue;
		if (given->all >= FILE_MAX)
			return true;
		if (found[i].entry > entry || given->since[found[i].how] >= PROPOSED_MAX)
			continue;
		if (!consider(proposing, file, &found[i], &is_new, err))
			return false;
		given->since[found[i].how] += is_new;
		given->all += is_new;
	}
	return true;
}

static bool look(struct proposing *proposing, const struct casebook_claim *claim, struct err *err)
{
	struct people_found *found = arena_alloc(proposing->arena, PEOPLE_FOUND_MAX, sizeof *found);
	struct casebook_file file;
	size_t count;
	const struct pack *pack = casebook_pack(proposing->people->book);
	if (!found)
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	if (!claim->type || claim->is_gone ||
	    !takes(proposing->matching->propose, NULL, pack, claim->type))
		return true;
	if (!casebook_file_get(proposing->reader, proposing->arena, claim->file, &file, err))
		return false;
	bool is_restricted;
	struct given given;
	if (has_ended(&file))
		return true;
	/* What is closed to most is not told by a proposal either. */
	if (!casebook_is_restricted(proposing->reader, file.n, &is_restricted, err) ||
	    !count_given(proposing, &file, claim->entry, &given, err))
		return false;
	if (given.all >= FILE_MAX || is_restricted)
		return true;
	return people_alike(proposing->people, proposing->reader, claim->entry, proposing->arena,
	                    found, &count, err) &&
	       propose_found(proposing, &file, claim->entry, found, count, &given, err);
}

static bool visit(void *ctx, const struct casebook_claim *claim)
{
	struct proposing *proposing = ctx;
	arena_reset(proposing->arena);
	proposing->has_failed = !look(proposing, claim, proposing->err);
	/* One entry's proposals are sent together: what is left out is not looked for again. */
	proposing->is_full = proposing->count + FILE_MAX > BATCH_MAX;
	return !proposing->has_failed && !proposing->is_full;
}

static void write_act(struct arena *arena, const struct pack_kind *kind,
                      const struct proposal *proposal, struct casebook_act *out)
{
	int64_t low =
		proposal->files[0] < proposal->files[1] ? proposal->files[0] : proposal->files[1];
	struct json *fields = json_object(arena);
	json_put_text(arena, fields, STR("other"), proposal->other);
	json_put_text(arena, fields, STR("what"), proposal->what);
	*out = (struct casebook_act){
		.actor = { .by = CASEBOOK_BY_REGISTER },
		.via = CASEBOOK_REGISTER,
		.kind = kind->name,
		.file = proposal->file,
		.fields = fields,
		.submission = arena_format(arena, "alike %" PRId64 " %" PRId64 "%s", low,
		                           proposal->files[0] + proposal->files[1] - low,
		                           proposal->is_person ? " as one" : ""),
	};
}

/* In as few turns as they fit: what is imported may make very many. */
static bool send(struct people *people, struct arena *arena, const struct pack_kind *kind,
                 const struct proposal *list, size_t count, int64_t *made, struct err *err)
{
	struct casebook_act *acts = arena_alloc(arena, count, sizeof *acts);
	struct casebook_answer *answers = arena_alloc(arena, count, sizeof *answers);
	if (count == 0)
		return true;
	if (!acts || !answers)
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	for (size_t i = 0; i < count; i++)
		write_act(arena, kind, &list[i], &acts[i]);
	if (!casebook_submit_many(people->book, acts, count, arena, answers, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct casebook_answer *answer = &answers[i];
		*made += answer->outcome == CASEBOOK_ADMITTED && !answer->is_repeat;
		if (answer->outcome == CASEBOOK_FAILED && answer->err.code != ERR_INPUT) {
			*err = answer->err;
			return false;
		}
	}
	return true;
}

/* Reads until the batch is full; *next: where to go on. */
static bool gather(struct people *people, int64_t first, int64_t last, struct proposing *proposing,
                   int64_t *next, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	if (!casebook_reader_take(people->book, &reader, err))
		return false;
	proposing->reader = reader;
	return casebook_claims(reader, first, last, visit, proposing, next, err) &&
	       !proposing->has_failed;
}

static void tell_looked(struct people *people, int64_t up_to)
{
	pthread_mutex_lock(&people->state_lock);
	people->state.looked = up_to;
	pthread_mutex_unlock(&people->state_lock);
}

bool propose_since(struct people *people, int64_t first, int64_t last, int64_t *made,
                   struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ARENA_BYTES);
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create_wiping(ARENA_BYTES);
	const struct pack_matching *matching = &casebook_pack(people->book)->matching;
	if (!arena || !scratch)
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	while (matching->propose && first <= last) {
		arena_reset(arena);
		struct proposing proposing = {
			.people = people,
			.arena = scratch,
			.kept = arena,
			.matching = matching,
			.list = arena_alloc(arena, BATCH_MAX, sizeof *proposing.list),
			.err = err,
		};
		int64_t end = last - first < 99 ? last : first + 99;
		if (!proposing.list)
			return err_set(err, ERR_UNABLE, "There is no memory to compare people");
		if (!gather(people, first, end, &proposing, &first, err))
			return false;
		if (!send(people, arena, matching->propose, proposing.list, proposing.count, made,
		          err))
			return false;
		first = proposing.is_full || first > end ? first : end + 1;
		tell_looked(people, first);
	}
	return true;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Runs every case of a folder of transparency log vectors, named by the
 * variable CANDOUR_VECTORS, else tests/data/tlog. Prints a line a file and
 * closes in cmocka's words, so that tools/run-tests counts it too.
 */
#include "log/vectors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)64 << 20)
#define ARENA_MAX ((size_t)1 << 30)
#define SHOWN_MAX 40

struct judge {
	const char *file;
	void (*judge)(struct run *run); /* NULL: known, and judged elsewhere */
};

static const struct judge JUDGES[] = {
	{ "tree.json", judge_tree },
	{ "tiles.json", judge_tiles },
	{ "note.json", judge_note },
	{ "checkpoint.json", judge_checkpoint },
	{ "leaf.json", judge_leaf },
	{ "proof.json", judge_proof },
	{ "cosignature.json", judge_cosignature },
	{ "receipt.json", judge_receipt },
	{ "policy.json", judge_policy },
	{ "witness.json", judge_witness },
};

bool expect(struct run *run, bool good, const char *what, ...)
{
	if (good)
		return true;
	run->failed++;
	if (run->failed > SHOWN_MAX)
		return false;
	va_list args;
	va_start(args, what);
	printf("wrong: %s: ", run->file);
	vprintf(what, args);
	if (run->err.code)
		printf(" (last refusal: %s)", run->err.message);
	printf("\n");
	va_end(args);
	return false;
}

/*
 * Vectors hold U+0000, which base's reader refuses everywhere. It is read as a
 * character that is in no set, and put back where text is asked for.
 */
#define STAND_IN "\xEE\x80\x80" /* U+E000 */
#define STAND_IN_HEX "e000"
#define NUL_ESCAPE_HEX "0000"

static bool hide_nuls(struct str text)
{
	char *p = (char *)(uintptr_t)text.p; /* the arena's bytes, ours to change */
	if (str_find_str(text, STR(STAND_IN)) < text.n)
		return false;
	for (size_t i = 0; i + 6 <= text.n; i++) {
		if (p[i] != '\\')
			continue;
		struct str hex = str_sub(text, i + 2, 4);
		if (p[i + 1] == 'u' && str_eq(hex, STR(STAND_IN_HEX)))
			return false;
		if (p[i + 1] == 'u' && str_eq(hex, STR(NUL_ESCAPE_HEX)))
			memcpy(p + i + 2, STAND_IN_HEX, 4);
		i++;
	}
	return true;
}

static struct str put_nuls_back(struct arena *arena, struct str text)
{
	size_t at = str_find_str(text, STR(STAND_IN)), n = 0;
	if (at == text.n)
		return text;
	char *out = arena_alloc(arena, text.n, 1);
	for (size_t i = 0; out && i < text.n; i++) {
		bool is_stand_in = str_starts(str_sub(text, i, 3), STR(STAND_IN));
		out[n++] = is_stand_in ? 0 : text.p[i];
		i += is_stand_in ? 2 : 0;
	}
	return (struct str){ out, n };
}

static bool is_word_of(struct str word, const char *words)
{
	struct str rest = str_from_c(words), one;
	while (str_cut(&rest, ' ', &one))
		if (str_eq(one, word))
			return true;
	return false;
}

void only(struct run *run, const struct json *object, const char *known)
{
	if (!expect(run, object && object->type == JSON_OBJECT, "case %zu is no object",
	            run->cases))
		return;
	for (const struct json *member = object->first; member; member = member->next)
		expect(run, is_word_of(member->key, known), "case %zu: unknown field '%.*s'",
		       run->cases, STR_ARG(member->key));
}

void begin_case(struct run *run, const struct json *object, const char *known)
{
	run->cases++;
	run->err = (struct err){ 0 };
	arena_reset(run->scratch);
	only(run, object, known);
}

static const struct json *want(struct run *run, const struct json *object, const char *key)
{
	const struct json *member = json_member(object, str_from_c(key));
	expect(run, member != NULL, "case %zu: field '%s' is missing", run->cases, key);
	return member;
}

bool has(const struct json *object, const char *key)
{
	return json_member(object, str_from_c(key)) != NULL;
}

const struct json *want_array(struct run *run, const struct json *object, const char *key)
{
	const struct json *array = want(run, object, key);
	if (array && expect(run, array->type == JSON_ARRAY, "'%s' is no array", key))
		return array->first;
	return NULL;
}

struct str want_text(struct run *run, const struct json *object, const char *key)
{
	const struct json *text = want(run, object, key);
	if (text &&
	    expect(run, text->type == JSON_STRING, "case %zu: '%s' is no text", run->cases, key))
		return put_nuls_back(run->scratch, text->string);
	return STR("");
}

uint64_t want_number(struct run *run, const struct json *object, const char *key)
{
	const struct json *number = want(run, object, key);
	uint64_t value = 0;
	if (number && number->type == JSON_INTEGER && number->integer >= 0)
		return (uint64_t)number->integer;
	expect(run,
	       number && number->type == JSON_STRING &&
	               str_to_u64(number->string, UINT64_MAX, &value),
	       "case %zu: '%s' is no size", run->cases, key);
	return value;
}

bool want_bool(struct run *run, const struct json *object, const char *key)
{
	const struct json *value = want(run, object, key);
	expect(run, value && (value->type == JSON_TRUE || value->type == JSON_FALSE),
	       "case %zu: '%s' is neither true nor false", run->cases, key);
	return value && value->type == JSON_TRUE;
}

struct hash want_hash(struct run *run, const struct json *object, const char *key)
{
	struct hash hash = { 0 };
	expect(run, hash_read_hex(want_text(run, object, key), &hash), "case %zu: '%s' is no hash",
	       run->cases, key);
	return hash;
}

struct str want_bytes(struct run *run, const struct json *object, const char *key)
{
	struct str name = arena_format(run->scratch, "%s_b64", key);
	struct str text = json_text(object, name);
	if (!text.p)
		return want_text(run, object, key);
	size_t n = text.n;
	char *bytes = arena_alloc(run->scratch, n + 1, 1);
	if (!expect(run, bytes && base64_read(text, bytes, &n), "case %zu: '%s_b64'", run->cases,
	            key))
		return STR("");
	return (struct str){ bytes, n };
}

const struct hash *want_hashes(struct run *run, const struct json *object, const char *key,
                               size_t *count)
{
	const struct json *array = want(run, object, key);
	size_t n = 0;
	*count = 0;
	struct hash *hashes =
		array ? arena_alloc(run->scratch, array->count, sizeof *hashes) : NULL;
	if (!expect(run, hashes && array->type == JSON_ARRAY, "case %zu: '%s' is no array",
	            run->cases, key))
		return NULL;
	for (const struct json *one = array->first; one; one = one->next, n++)
		expect(run, hash_read_hex(one->string, &hashes[n]), "case %zu: '%s' holds no hash",
		       run->cases, key);
	*count = n;
	return hashes;
}

struct hash leaf_data(struct run *run, uint64_t index)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "/%" PRIu64, index);
	struct str pieces[] = { STR("candour-vectors/leaf/"),
		                json_text(run->root, STR("seed")),
		                { digits, (size_t)n } };
	return hasher_of(run->hasher, pieces, COUNT_OF(pieces));
}

static void judge_file(struct run *run, const char *folder, void (*judge)(struct run *run))
{
	struct str text;
	const char *path = file_join(run->arena, folder, run->file);
	if (!expect(run,
	            path && file_read(run->arena, path, FILE_MAX, &text, &run->err) &&
	                    hide_nuls(text) &&
	                    json_read(run->arena, text, JSON_DEPTH_MAX, &run->root, &run->err),
	            "cannot be read"))
		return;
	judge(run);
	expect(run, run->cases > 0, "no case in it");
}

/* A file that nobody judges would pass in silence. */
static size_t count_strangers(struct arena *arena, const char *folder)
{
	const struct str *names = NULL;
	size_t count = 0, strangers = 0;
	struct err err = { 0 };
	if (!file_list(arena, folder, &names, &count, &err)) {
		printf("wrong: %s: %s\n", folder, err.message);
		return 1;
	}
	for (size_t i = 0; i < count; i++) {
		bool is_known = !str_ends(names[i], STR(".json"));
		for (size_t j = 0; j < COUNT_OF(JUDGES); j++)
			is_known |= str_eq(names[i], str_from_c(JUDGES[j].file));
		if (!is_known)
			printf("wrong: %.*s: nothing here judges this file\n", STR_ARG(names[i]));
		strangers += !is_known;
	}
	return strangers;
}

int main(void)
{
	const char *named = file_environment("CANDOUR_VECTORS");
	const char *folder = named ? named : "tests/data/tlog";
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ARENA_MAX);
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create(ARENA_MAX);
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	size_t cases = 0, failed = 0, files = 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!arena || !scratch)
		return 70;
	failed += count_strangers(arena, folder);
	for (size_t i = 0; i < COUNT_OF(JUDGES); i++) {
		struct run run = {
			.file = JUDGES[i].file, .arena = arena, .scratch = scratch, .hasher = hasher
		};
		if (!JUDGES[i].judge)
			continue;
		arena_reset(arena);
		judge_file(&run, folder, JUDGES[i].judge);
		if (run.failed)
			printf("[  FAILED  ] %s %zu of %zu cases\n", run.file, run.failed,
			       run.cases);
		else
			printf("ok %s %zu cases\n[       OK ] %s\n", run.file, run.cases, run.file);
		cases += run.cases;
		failed += run.failed;
		files += run.failed == 0;
	}
	printf("[==========] %zu case(s) run.\n", cases);
	if (failed)
		printf("[  FAILED  ] %zu case(s).\n", failed);
	printf("[  PASSED  ] %zu test(s).\n", failed > cases ? 0 : cases - failed);
	return failed ? 1 : 0;
}

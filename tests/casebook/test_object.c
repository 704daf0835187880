/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Attachments: sealed as they arrive, given back to the byte. */
#include "fixture.h"

#include "casebook/book.h"

#define PIECE 65536

static struct str pdf_of(struct fixture *f, size_t n)
{
	char *p = arena_alloc(f->arena, n, 1);
	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 31 + i / 251);
	memcpy(p, "%PDF-1.7\n", n < 9 ? n : 9);
	return (struct str){ p, n };
}

static const struct json *upload(struct fixture *f, struct str bytes, size_t at_once)
{
	CLEANUP(casebook_upload_drop) struct casebook_upload *up = NULL;
	const struct json *value = NULL;
	MUST(f, casebook_upload_begin(f->book, STR("draft-1"), &up, &f->err));
	for (size_t at = 0; at < bytes.n; at += at_once)
		MUST(f, casebook_upload_add(up, str_sub(bytes, at, at_once), &f->err));
	MUST(f, casebook_upload_end(&up, f->arena, STR("photo of the door.pdf"), &value, &f->err));
	assert_null(up);
	return value;
}

static bool gather(void *ctx, struct str piece, struct err *err)
{
	struct buf *out = ctx;
	buf_add(out, piece);
	return !out->full || err_set(err, ERR_UNABLE, "full");
}

static bool read_back(struct fixture *f, const struct json *value, struct buf *out)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	return casebook_object_read(reader, value, gather, out, &f->err);
}

static int64_t count_of(struct fixture *f, const char *sql)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	int64_t n = -1;
	MUST(f, store_get_int(reader->store, sql, &n, &f->err));
	return n;
}

static void what_goes_in_comes_back_to_the_byte(void **state)
{
	struct fixture *f = *state;
	static const size_t sizes[] = { 9,         1000,       PIECE - 1,     PIECE,
		                        PIECE + 1, 16 * PIECE, 20 * PIECE + 7 };
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct buf back;
		struct str bytes = pdf_of(f, sizes[i]);
		const struct json *value = upload(f, bytes, 40000);
		struct hash sum = hash_of(bytes);
		buf_init(&back, bytes.n + 1);
		MUST(f, read_back(f, value, &back));
		assert_true(str_eq(buf_str(&back), bytes));
		buf_finish(&back);
		assert_int_equal(json_number(value, STR("size"), -1), bytes.n);
		assert_true(str_eq(json_text(value, STR("sha256")), hash_hex(f->arena, &sum)));
		assert_true(str_eq(json_text(value, STR("type")), STR("application/pdf")));
		assert_true(str_eq(json_text(value, STR("name")), STR("photo of the door.pdf")));
	}
}

static void an_empty_one_is_not_taken(void **state)
{
	struct fixture *f = *state;
	struct casebook_upload *up = NULL;
	const struct json *value;
	MUST(f, casebook_upload_begin(f->book, STR("draft-1"), &up, &f->err));
	assert_false(casebook_upload_end(&up, f->arena, STR("scan.pdf"), &value, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_string_equal(f->err.message, "\"scan.pdf\" is empty");
	assert_null(up);
	assert_int_equal(count_of(f, "SELECT COUNT(*) FROM object"), 0);
}

static void a_type_that_is_not_known_leaves_nothing_behind(void **state)
{
	struct fixture *f = *state;
	struct casebook_upload *up = NULL;
	const struct json *value;
	struct str bytes = pdf_of(f, 40 * PIECE);
	MUST(f, casebook_upload_begin(f->book, STR("draft-1"), &up, &f->err));
	MUST(f, casebook_upload_add(up, STR("PK\x03\x04 pages"), &f->err));
	MUST(f, casebook_upload_add(up, bytes, &f->err));
	assert_true(count_of(f, "SELECT COUNT(*) FROM piece") > 0);
	assert_false(casebook_upload_end(&up, f->arena, STR("notes.pages"), &value, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_int_equal(count_of(f, "SELECT COUNT(*) FROM object"), 0);
	assert_int_equal(count_of(f, "SELECT COUNT(*) FROM piece"), 0);
}

static void one_that_is_too_large_is_stopped_on_its_way(void **state)
{
	struct fixture *f = *state;
	struct casebook_upload *up = NULL;
	struct str bytes = pdf_of(f, 4 << 20);
	size_t taken = 0;
	MUST(f, casebook_upload_begin(f->book, STR("draft-1"), &up, &f->err));
	while (taken < 100 && casebook_upload_add(up, bytes, &f->err))
		taken++;
	assert_int_equal(taken, 50); /* 200 MiB */
	assert_int_equal(f->err.code, ERR_INPUT);
	casebook_upload_drop(&up);
	assert_int_equal(count_of(f, "SELECT COUNT(*) FROM piece"), 0);
}

static void its_words_are_not_in_the_database(void **state)
{
	struct fixture *f = *state;
	struct str file, secret = STR("the words of the letter that nobody else may read");
	(void)upload(f, secret, 10);
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, file_read(f->arena, file_join(f->arena, f->dir, "register.db"), FIXTURE_FILE_MAX,
	                  &file, &f->err));
	assert_int_equal(str_find_str(file, STR("nobody else may read")), file.n);
}

static bool change(struct casebook *book, void *ctx, struct err *err)
{
	const char *const *sql = ctx;
	return store_run(book->store, *sql, err);
}

static void an_altered_piece_is_said_not_shown(void **state)
{
	struct fixture *f = *state;
	static const char *changes[] = {
		"UPDATE piece SET bytes = zeroblob(65553) WHERE n = 1",
		"DELETE FROM piece WHERE n = 2",
		"UPDATE object SET digest = zeroblob(32)",
		"UPDATE piece SET n = 9 WHERE n = 0",
	};
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		struct buf back;
		static const char *anew = "DELETE FROM piece";
		MUST(f, book_write(f->book, change, &anew, &f->err));
		const struct json *value = upload(f, pdf_of(f, 3 * PIECE), PIECE);
		MUST(f, book_write(f->book, change, &changes[i], &f->err));
		buf_init(&back, 4 * PIECE);
		assert_false(read_back(f, value, &back));
		assert_int_equal(f->err.code, ERR_INPUT);
		buf_finish(&back);
	}
}

static void it_is_named_by_the_entry_it_came_with(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer answer;
	struct buf back;
	enum casebook_seal how;
	const struct json *sealed;
	struct str bytes = pdf_of(f, 2 * PIECE);
	struct person screener = person(f, "amara", "screener");
	struct json *fields = json_object(f->arena), *harm = json_array(f->arena),
		    *files = json_array(f->arena);
	struct json *file = json_object(f->arena);
	const struct json *value = upload(f, bytes, PIECE);
	for (const struct json *member = value->first; member; member = member->next) {
		if (member->type == JSON_INTEGER)
			json_put_integer(f->arena, file, member->key, member->integer);
		else
			json_put_text(f->arena, file, member->key, member->string);
	}
	json_push(files, file);
	json_push(harm, json_string(f->arena, STR("not-yet-known")));
	json_put_text(f->arena, fields, STR("danger-now"), STR("no"));
	json_put_text(f->arena, fields, STR("source"), STR("neighbour"));
	json_put_text(f->arena, fields, STR("happening"), STR("See the picture."));
	json_put(fields, STR("harm"), harm);
	json_put_text(f->arena, fields, STR("harm-sign"), STR("unknown"));
	json_put_text(f->arena, fields, STR("channel"), STR("web"));
	json_put(fields, STR("files"), files);
	answer = admitted(f, &BY_PUBLIC, "concern.received", STR_NONE, fields);
	assert_int_equal(
		count_of(f,
	                 "SELECT COUNT(*) FROM object WHERE entry IS NOT NULL AND draft IS NULL"),
		1);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_open_seal(reader, &screener.viewer, answer.index, f->arena, &how, &sealed,
	                           &f->err));
	assert_int_equal(how, CASEBOOK_SEAL_OPEN);
	const struct json *list = json_member(sealed, STR("files"));
	assert_non_null(list);
	buf_init(&back, 4 * PIECE);
	MUST(f, casebook_object_read(reader, list->first, gather, &back, &f->err));
	assert_true(str_eq(buf_str(&back), bytes));
	buf_finish(&back);
}

static void twelve_types_are_told_by_their_first_bytes(void **state)
{
	const struct {
		struct str bytes;
		const char *type; /* NULL: not taken */
	} cases[] = {
		{ STR("\xFF\xD8\xFF\xE0..JFIF"), "image/jpeg" },
		{ STR("\x89PNG\r\n\x1A\n...."), "image/png" },
		{ STR("GIF89a.."), "image/gif" },
		{ STR("RIFF\x10\x00\x00\x00WEBPVP8 "), "image/webp" },
		{ STR("\0\0\0\x18"
		      "ftypheic\0\0\0\0mif1"),
		  "image/heic" },
		{ STR("%PDF-1.4"), "application/pdf" },
		{ STR("\0\0\0\x18"
		      "ftypmp42\0\0\0\0"),
		  "video/mp4" },
		{ STR("\0\0\0\x14"
		      "ftypqt  \0\0\0\0"),
		  "video/quicktime" },
		{ STR("ID3\x04\0\0"), "audio/mpeg" },
		{ STR("\xFF\xFB\x90\x64\0\0"), "audio/mpeg" },
		{ STR("\0\0\0\x1C"
		      "ftypM4A \0\0\0\0"),
		  "audio/mp4" },
		{ STR("OggS\0\x02"), "audio/ogg" },
		{ STR("He said:\r\n\tno. \xC3\xA9"), "text/plain" },
		{ STR("caf\xC3"), "text/plain" }, /* cut inside a letter */
		{ STR("<svg onload=alert(1)>"), "application/octet-stream" },
		{ STR("\xEF\xBB\xBF \n<!DOCTYPE html>"), "application/octet-stream" },
		{ STR("PK\x03\x04"), NULL },
		{ STR("MZ\x90\0"), NULL },
		{ STR("\x7F"
		      "ELF\x02"),
		  NULL },
		{ STR("RIFF\x10\x00\x00\x00"
		      "AVI LIST"),
		  NULL },
		{ STR("....\0\0\0\0WEBP"), NULL },
		{ STR("\0\0\0\x18"
		      "ftypavif"),
		  NULL },
		{ STR("\xFE\xFF\0H\0e"), NULL },
		{ STR(""), NULL },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str type = casebook_object_type(cases[i].bytes);
		if (!cases[i].type)
			assert_null(type.p);
		else if (!str_eq(type, str_from_c(cases[i].type)))
			fail_msg("case %zu: %.*s, not %s", i, STR_ARG(type), cases[i].type);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_goes_in_comes_back_to_the_byte),
		PROVES(an_empty_one_is_not_taken),
		PROVES(a_type_that_is_not_known_leaves_nothing_behind),
		PROVES(one_that_is_too_large_is_stopped_on_its_way),
		PROVES(its_words_are_not_in_the_database),
		PROVES(an_altered_piece_is_said_not_shown),
		PROVES(it_is_named_by_the_entry_it_came_with),
		cmocka_unit_test(twelve_types_are_told_by_their_first_bytes),
	};
	return PROVE(tests);
}

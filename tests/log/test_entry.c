/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Entries, parts, policies and receipts beyond what the vectors hold. */
#include "log/leaves.h"

static struct log_header longest_header(void)
{
	static char kind[LOG_KIND_MAX], office[LOG_OFFICE_MAX];
	struct log_header header = { .index = LOG_INDEX_MAX,
		                     .recorded = INSTANT_MAX - 999,
		                     .by = LOG_BY_ACCOUNT,
		                     .is_sealed = true };
	memset(kind, 'k', sizeof kind);
	memset(office, 'o', sizeof office);
	kind[7] = '.';
	header.kind = (struct str){ kind, sizeof kind };
	header.office = (struct str){ office, sizeof office };
	assert_true(id_read(STR("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"), &header.file));
	header.account = header.file;
	return header;
}

static void the_longest_header_fits(void **state)
{
	struct fixture *f = *state;
	struct log_header header = longest_header(), again;
	char text[LOG_HEADER_MAX];
	size_t n = 0;
	assert_true(log_header_write(&header, text, &n, &f->err));
	assert_true(n <= LOG_HEADER_MAX);
	assert_true(log_header_read((struct str){ text, n }, &again, &f->err));
	assert_int_equal(again.index, header.index);
	assert_int_equal(again.recorded, header.recorded);
	assert_true(str_eq(again.office, header.office));
}

static void a_header_that_breaks_the_grammar_is_never_written(void **state)
{
	struct fixture *f = *state;
	char text[LOG_HEADER_MAX];
	size_t n = 0;
	for (int i = 0; i < 9; i++) {
		struct log_header header = longest_header();
		switch (i) {
		case 0:
			header.index = -1;
			break;
		case 1:
			header.index = LOG_INDEX_MAX + 1;
			break;
		case 2:
			header.recorded += 1;
			break; /* not whole milliseconds */
		case 3:
			header.kind = STR("kind");
			break;
		case 4:
			header.kind = STR("kind.");
			break;
		case 5:
			header.kind = STR("kind\nplain.x");
			break;
		case 6:
			header.office = STR("");
			break;
		case 7:
			header.office = STR("a/b");
			break;
		case 8:
			header.file.text[0] = '8';
			break;
		}
		assert_false(log_header_write(&header, text, &n, &f->err));
		assert_int_equal(f->err.code, ERR_FAULT);
		assert_int_equal(n, 0);
	}
}

/* Any byte of a header changed to any of some others is refused, or read as another header. */
static void no_two_texts_are_one_header(void **state)
{
	struct fixture *f = *state;
	struct log_header header = longest_header(), other;
	static const char BYTES[] = { '0', '1', 'a', 'A', ' ',    '\n',  '\r',
		                      '-', '.', '/', 0,   '\x7F', '\xC3' };
	char text[LOG_HEADER_MAX], again[LOG_HEADER_MAX];
	size_t n = 0, m = 0, read = 0;
	header.index = 17;
	assert_true(log_header_write(&header, text, &n, &f->err));
	for (size_t i = 0; i < n; i++) {
		char was = text[i];
		for (size_t j = 0; j < COUNT_OF(BYTES); j++) {
			text[i] = BYTES[j];
			if (!log_header_read((struct str){ text, n }, &other, &f->err))
				continue;
			read++;
			assert_true(log_header_write(&other, again, &m, &f->err));
			assert_true(str_eq((struct str){ text, n }, (struct str){ again, m }));
		}
		text[i] = was;
	}
	assert_true(read > n);
}

static const struct json *json_of(struct fixture *f, const char *text)
{
	const struct json *value = NULL;
	assert_true(json_read(f->arena, str_from_c(text), 8, &value, &f->err));
	return value;
}

static void a_field_has_a_thousand_parts_at_most(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_finish) struct buf words = { 0 };
	const struct log_part *parts = NULL;
	size_t count = 0, length = 0;
	buf_init(&words, 100000);
	for (int i = 0; i < 1500; i++)
		buf_add(&words, STR("a line\n\n"));
	struct json *object = json_object(f->arena);
	json_put_text(f->arena, object, STR("words"), buf_str(&words));
	assert_true(log_parts_cut(f->arena, object, &parts, &count, &f->err));
	assert_int_equal(count, LOG_PARTS_OF_FIELD_MAX);
	for (size_t i = 0; i < count; i++) {
		assert_true(
			str_eq(parts[i].text, str_sub(buf_str(&words), length, parts[i].text.n)));
		length += parts[i].text.n;
	}
	assert_int_equal(length, words.n);
	assert_int_equal(parts[999].text.n, 501 * 8);
}

static void parts_do_not_depend_on_the_order_of_fields(void **state)
{
	struct fixture *f = *state;
	uint8_t salt[LOG_NONCE_SIZE] = { 3 };
	struct hash one, two, none;
	assert_true(log_sealed_hash(f->hasher, f->arena, json_of(f, "{\"a\":1,\"b\":\"x\"}"), salt,
	                            &one, &f->err));
	assert_true(log_sealed_hash(f->hasher, f->arena, json_of(f, "{\"b\":\"x\",\"a\":1}"), salt,
	                            &two, &f->err));
	assert_true(hash_eq(&one, &two));
	assert_false(log_sealed_hash(f->hasher, f->arena, json_of(f, "{\"a\":null}"), salt, &none,
	                             &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_false(log_sealed_hash(f->hasher, f->arena, json_of(f, "{\"A\":1}"), salt, &none,
	                             &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
}

/* A name with lines in it could stand for another field and its parts. */
static void a_disclosure_cannot_hide_a_field_in_a_name(void **state)
{
	struct fixture *f = *state;
	struct log_disclosed part = { .field = STR("a 1\nb") };
	struct hash made;
	assert_false(log_disclosure_hash(f->hasher, &part, 1, &made, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
}

/* --- receipts ------------------------------------------------------------------------------- */

#define ORIGIN STR("register.example.org/northmere")

/* A register's receipt for entry 5 of 9, from acts to file. */
static struct str make_receipt(struct fixture *f, struct str *vkey)
{
	struct log_header header = { .index = 5,
		                     .kind = STR("concern.received"),
		                     .by = LOG_BY_NOBODY };
	CLEANUP(log_tree_cleanup) struct log_tree *tree = NULL;
	CLEANUP(log_reader_cleanup) struct log_reader *reader = NULL;
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	uint8_t nonce[LOG_NONCE_SIZE] = { 9 }, seed[LOG_KEY_SIZE] = { 1 };
	char text[LOG_HEADER_MAX];
	size_t n = 0;
	struct log_signed row;
	struct log_proof path;
	struct buf note, out;
	struct hash opener = log_opener(f->hasher, nonce), salt = log_plain_salt(f->hasher, nonce);
	header.plain = log_plain_hash(f->hasher, &salt, STR("{\"harm-sign\":\"yes\"}"));
	assert_true(id_read(STR("2V5T0M9QZJ4K8XW1B7C3D6F0GH"), &header.file));
	assert_true(log_header_write(&header, text, &n, &f->err));
	struct hash commitment = log_commitment(f->hasher, &opener, (struct str){ text, n });
	assert_true(log_tree_open(f->store, &tree, &f->err));
	assert_true(store_begin(f->store, &f->err));
	for (int64_t i = 0; i < 9; i++) {
		struct hash leaf =
			i == 5 ? log_leaf_hash(f->hasher, &commitment) : leaf_of(f->hasher, i);
		assert_true(log_tree_append(tree, &leaf, &f->err));
	}
	struct hash root = log_tree_root(tree);
	assert_true(log_tree_flush(tree, f->store, &f->err));
	assert_true(log_signer_create(ORIGIN, LOG_KEY_LOG, seed, &signer, &f->err));
	assert_true(log_sign(f->store, signer, NULL, 9, &root, &row, &f->err));
	assert_true(store_commit(f->store, &f->err));
	log_tree_commit(tree);
	buf_init(&note, LOG_RECEIPT_MAX);
	buf_init(&out, LOG_RECEIPT_MAX);
	struct log_era room;
	struct log_eras eras = log_eras_of_key(&room, log_signer_vkey(signer));
	assert_true(log_signed_note(&note, &row, &eras, &f->err));
	assert_true(log_reader_create(f->store, &reader, &f->err));
	assert_true(log_reader_inclusion(reader, 5, 9, &path, &f->err));
	struct log_receipt receipt = { (struct str){ text, n }, opener, &salt, NULL, 5, &path,
		                       buf_str(&note) };
	assert_true(log_receipt_write(&out, &receipt, &f->err));
	struct str made = arena_copy(f->arena, buf_str(&out));
	buf_clear(&out);
	log_vkey_write(&out, log_signer_vkey(signer));
	*vkey = arena_copy(f->arena, buf_str(&out));
	buf_finish(&note);
	buf_finish(&out);
	return made;
}

static void a_receipt_of_ours_proves_its_entry(void **state)
{
	struct fixture *f = *state;
	struct str vkey, raw = make_receipt(f, &vkey),
			 report = STR("{\"plain\": {\"harm-sign\": \"yes\"}}");
	const struct log_policy *policy = NULL;
	struct log_receipt_found found;
	assert_true(log_policy_of_key(f->arena, vkey, &policy, &f->err));
	assert_true(log_receipt_check(f->hasher, f->arena, raw, policy, &report, &found, &f->err));
	assert_int_equal(found.result, LOG_RECEIPT_SIGNED);
	assert_int_equal(found.header.index, 5);
	assert_int_equal(found.checkpoint.size, 9);
	assert_int_equal(found.why.n, 0);
	report = STR("{\"plain\":{\"harm-sign\":\"no\"}}");
	assert_true(log_receipt_check(f->hasher, f->arena, raw, policy, &report, &found, &f->err));
	assert_int_equal(found.result, LOG_RECEIPT_REPORT);
	assert_true(found.why.n > 0);
	report = STR("{\"sealed\":{}}"); /* its salt is not in the receipt */
	assert_true(log_receipt_check(f->hasher, f->arena, raw, policy, &report, &found, &f->err));
	assert_int_equal(found.result, LOG_RECEIPT_REPORT);
}

/* Each single byte counts; the salt's by the report that it proves. */
static void a_receipt_with_any_byte_changed_is_refused(void **state)
{
	struct fixture *f = *state;
	CLEANUP(arena_cleanup) struct arena *scratch = arena_create((size_t)4 << 20);
	struct str vkey, raw = make_receipt(f, &vkey),
			 report = STR("{\"plain\":{\"harm-sign\":\"yes\"}}");
	const struct log_policy *policy = NULL;
	struct log_receipt_found found;
	assert_true(log_policy_of_key(f->arena, vkey, &policy, &f->err));
	char *text = arena_alloc(f->arena, raw.n, 1);
	for (size_t i = 0; i < raw.n; i++) {
		memcpy(text, raw.p, raw.n);
		text[i] = (char)(text[i] ^ 1);
		arena_reset(scratch);
		assert_true(log_receipt_check(f->hasher, scratch, (struct str){ text, raw.n },
		                              policy, &report, &found, &f->err));
		if (log_receipt_exit(found.result) == 0)
			fail_msg("byte %zu of the receipt counts for nothing", i);
		assert_true(found.why.n > 0);
	}
}

static void a_quorum_of_none_is_signed_at_most(void **state)
{
	struct fixture *f = *state;
	struct str vkey, raw = make_receipt(f, &vkey);
	const struct log_policy *policy = NULL;
	struct log_receipt_found found;
	struct str text = arena_format(f->arena, "log %.*s\nquorum none\n", STR_ARG(vkey));
	assert_true(log_policy_read(f->arena, text, &policy, &f->err));
	assert_true(log_receipt_check(f->hasher, f->arena, raw, policy, NULL, &found, &f->err));
	assert_int_equal(found.result, LOG_RECEIPT_SIGNED);
}

static void a_policy_names_line_and_remedy(void **state)
{
	struct fixture *f = *state;
	const struct log_policy *policy = NULL;
	assert_false(
		log_policy_read(f->arena, STR("# ours\n\ngroup g all nobody\n"), &policy, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_non_null(strstr(f->err.message, "Line 3 of the policy: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_longest_header_fits),
		PROVES(a_header_that_breaks_the_grammar_is_never_written),
		PROVES(no_two_texts_are_one_header),
		PROVES(a_field_has_a_thousand_parts_at_most),
		PROVES(parts_do_not_depend_on_the_order_of_fields),
		PROVES(a_disclosure_cannot_hide_a_field_in_a_name),
		PROVES(a_receipt_of_ours_proves_its_entry),
		PROVES(a_receipt_with_any_byte_changed_is_refused),
		PROVES(a_quorum_of_none_is_signed_at_most),
		PROVES(a_policy_names_line_and_remedy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

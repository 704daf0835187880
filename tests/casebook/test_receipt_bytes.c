/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Receipts that somebody changed: no byte of one is changed unseen, and what fails first has its name. */
#include "casebook/cosigned.h"

struct checked {
	struct fixture *f;
	struct hasher *hasher;
	const struct log_policy *policy;
	struct str receipt;
	struct str report; /* what it is about */
};

/* A receipt of one's own, with its salts, signed by the log and by both witnesses. */
static void begin(struct fixture *f, struct checked *out, struct witnesses *witnesses)
{
	struct str text;
	*out = (struct checked){ .f = f, .hasher = hasher_create() };
	witnesses_ask(f, witnesses);
	struct casebook_answer sent = report(f, "He hits her.");
	witnesses_publish(f, witnesses, WITNESSES);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_receipt_own(reader, f->arena, &sent, &out->receipt, &f->err));
	MUST(f, file_read(f->arena, file_join(f->arena, f->dir, "policy"), LOG_POLICY_MAX, &text, &f->err));
	MUST(f, log_policy_read(f->arena, text, &out->policy, &f->err));
	struct casebook_entry entry;
	struct buf plain;
	MUST(f, casebook_entry_get(reader, f->arena, sent.index, &entry, &f->err));
	buf_init(&plain, 65536);
	MUST(f, json_write_canonical(&plain, entry.plain, &f->err));
	out->report = arena_format(f->arena, "{\"plain\":%.*s,\"sealed\":{\"happening\":\"He hits her.\"}}", STR_ARG(buf_str(&plain)));
	buf_finish(&plain);
}

static void end(struct checked *c, struct witnesses *witnesses)
{
	hasher_destroy(c->hasher);
	witnesses_go(witnesses);
}

static enum log_receipt_result check(struct checked *c, struct str receipt, struct str report)
{
	struct log_receipt_found found;
	struct fixture *f = c->f;
	MUST(f, log_receipt_check(c->hasher, f->arena, receipt, c->policy, report.p ? &report : NULL, &found, &f->err));
	return found.result;
}

static struct str with_byte(struct fixture *f, struct str text, size_t at, char byte)
{
	char *copy = (char *)(uintptr_t)arena_copy(f->arena, text).p;
	copy[at] = byte;
	return (struct str){ copy, text.n };
}

/* With what it is about beside it, so that the salts are used too. */
static void no_byte_of_a_receipt_is_changed_unseen(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	struct checked c;
	begin(f, &c, &witnesses);
	assert_int_equal(check(&c, c.receipt, c.report), LOG_RECEIPT_WITNESSED);
	for (size_t i = 0; i < c.receipt.n; i++) {
		static const char MASKS[] = { 1, 0x20 };
		for (size_t m = 0; m < COUNT_OF(MASKS); m++) {
			struct str other = with_byte(f, c.receipt, i, (char)(c.receipt.p[i] ^ MASKS[m]));
			if (check(&c, other, c.report) == LOG_RECEIPT_WITNESSED)
				fail_msg("byte %zu (%c): still witnessed", i, c.receipt.p[i]);
		}
	}
	for (size_t n = 0; n < c.receipt.n; n++) /* cut short */
		if (check(&c, str_sub(c.receipt, 0, n), c.report) == LOG_RECEIPT_WITNESSED)
			fail_msg("cut to %zu bytes: still witnessed", n);
	end(&c, &witnesses);
}

/* The line that begins with `word`, its number from there on; where it starts. */
static size_t place_of(struct str text, const char *word)
{
	size_t at = str_find_str(text, str_from_c(word));
	assert_true(at < text.n);
	return at + strlen(word);
}

/* The block of the extra line with one byte changed, encoded again. */
static struct str with_block(struct checked *c, const char *word, size_t behind)
{
	struct fixture *f = c->f;
	size_t from = place_of(c->receipt, "extra "), end = from;
	char block[2048];
	size_t n = sizeof block;
	struct buf out;
	while (c->receipt.p[end] != '\n')
		end++;
	assert_true(base64_read(str_sub(c->receipt, from, end - from), block, &n));
	size_t at = place_of((struct str){ block, n }, word) + behind;
	block[at] = block[at] == '0' ? '1' : '0';
	buf_init(&out, 8192);
	buf_add(&out, str_sub(c->receipt, 0, from));
	buf_add_base64(&out, (const uint8_t *)block, n);
	buf_add(&out, str_sub(c->receipt, end, c->receipt.n));
	struct str copy = arena_copy(f->arena, buf_str(&out));
	buf_finish(&out);
	return copy;
}

static void what_fails_first_in_a_receipt_has_its_name(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	struct checked c;
	begin(f, &c, &witnesses);
	struct str r = c.receipt;
	size_t index = place_of(r, "\nindex "), path = index, body = place_of(r, "\n\n"), size = body, root;
	while (r.p[path++] != '\n')
		;
	while (r.p[size++] != '\n')
		;
	root = size;
	while (r.p[root++] != '\n')
		;
	size_t log = place_of(r, "\n\xe2\x80\x94 drill."), witness = place_of(r, "\xe2\x80\x94 a.example/w ");
	size_t signature = log;
	while (r.p[signature++] != ' ')
		;
	const struct {
		const char *what;
		struct str receipt;
		enum log_receipt_result result;
	} rows[] = {
		{ "nothing", r, LOG_RECEIPT_WITNESSED },
		{ "the first line", with_byte(f, r, 3, 'q'), LOG_RECEIPT_MALFORMED },
		{ "the block is no base64", with_byte(f, r, place_of(r, "extra ") + 9, '*'), LOG_RECEIPT_MALFORMED },
		{ "the block's first line", with_block(&c, "candour/receip", 0), LOG_RECEIPT_MALFORMED },
		{ "the opener", with_block(&c, "opener ", 5), LOG_RECEIPT_INCLUSION },
		{ "the header's time", with_block(&c, "recorded ", 22), LOG_RECEIPT_INCLUSION },
		{ "the header's index", with_block(&c, "\nindex ", 1), LOG_RECEIPT_INDEX },
		{ "the header's hash of plain fields", with_block(&c, "\nplain ", 5), LOG_RECEIPT_INCLUSION },
		{ "the header's hash of words", with_block(&c, "\nsealed ", 5), LOG_RECEIPT_INCLUSION },
		{ "the salt of plain fields", with_block(&c, "plain-salt ", 5), LOG_RECEIPT_REPORT },
		{ "the salt of words", with_block(&c, "sealed-salt ", 5), LOG_RECEIPT_REPORT },
		{ "the index line", with_byte(f, r, index, r.p[index] == '9' ? '8' : (char)(r.p[index] + 1)), LOG_RECEIPT_INDEX },
		{ "the path", with_byte(f, r, path + 4, r.p[path + 4] == 'A' ? 'B' : 'A'), LOG_RECEIPT_INCLUSION },
		{ "the path is no base64", with_byte(f, r, path + 4, '*'), LOG_RECEIPT_MALFORMED },
		{ "the origin", with_byte(f, r, body, 'x'), LOG_RECEIPT_ORIGIN },
		{ "the size", with_byte(f, r, size, r.p[size] == '9' ? '8' : (char)(r.p[size] + 1)), LOG_RECEIPT_SIGNATURE },
		{ "the root", with_byte(f, r, root + 4, r.p[root + 4] == 'A' ? 'B' : 'A'), LOG_RECEIPT_SIGNATURE },
		{ "the log's name at its signature", with_byte(f, r, log, 'x'), LOG_RECEIPT_SIGNATURE },
		{ "the log's signature", with_byte(f, r, signature + 20, r.p[signature + 20] == 'A' ? 'B' : 'A'), LOG_RECEIPT_SIGNATURE },
		{ "a cosignature's time", with_byte(f, r, witness + 12, r.p[witness + 12] == 'A' ? 'B' : 'A'), LOG_RECEIPT_SIGNATURE },
		{ "a cosignature", with_byte(f, r, witness + 40, r.p[witness + 40] == 'A' ? 'B' : 'A'), LOG_RECEIPT_SIGNATURE },
		{ "a witness's name: a stranger's line is passed over", with_byte(f, r, witness - 3, 'x'), LOG_RECEIPT_SIGNED },
		{ "a return before the end of a line", with_byte(f, r, path - 1, '\r'), LOG_RECEIPT_MALFORMED },
		{ "the last line end", str_sub(r, 0, r.n - 1), LOG_RECEIPT_MALFORMED },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum log_receipt_result result = check(&c, rows[i].receipt, c.report);
		if (result != rows[i].result)
			fail_msg("%s: %.*s", rows[i].what, STR_ARG(log_receipt_word(result)));
		assert_int_equal(log_receipt_exit(result), result <= LOG_RECEIPT_SIGNED ? 0 : result == LOG_RECEIPT_MALFORMED ? 3 : 1);
	}
	end(&c, &witnesses);
}

/* The words themselves: one letter more, a field less, another order is the same. */
static void another_report_is_not_the_one_of_the_receipt(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	struct checked c;
	begin(f, &c, &witnesses);
	static const struct {
		const char *report;
		enum log_receipt_result result;
	} rows[] = {
		{ "{\"sealed\":{\"happening\":\"He hits her.\"}}", LOG_RECEIPT_WITNESSED },
		{ " { \"sealed\" : { \"happening\" : \"He\\u0020hits her.\" } } ", LOG_RECEIPT_WITNESSED },
		{ "{\"sealed\":{\"happening\":\"He hits her\"}}", LOG_RECEIPT_REPORT },
		{ "{\"sealed\":{\"happening\":\"He hits her.\",\"where\":\"\"}}", LOG_RECEIPT_REPORT },
		{ "{\"sealed\":{}}", LOG_RECEIPT_REPORT },
		{ "{\"plain\":{}}", LOG_RECEIPT_REPORT },
		{ "{}", LOG_RECEIPT_REPORT },
		{ "{\"sealed\":{\"happening\":\"He hits her.\"},\"more\":{}}", LOG_RECEIPT_REPORT },
		{ "[]", LOG_RECEIPT_REPORT },
		{ "", LOG_RECEIPT_REPORT },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum log_receipt_result result = check(&c, c.receipt, str_from_c(rows[i].report));
		if (result != rows[i].result)
			fail_msg("%s: %.*s", rows[i].report, STR_ARG(log_receipt_word(result)));
	}
	end(&c, &witnesses);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(no_byte_of_a_receipt_is_changed_unseen),
		PROVES(what_fails_first_in_a_receipt_has_its_name),
		PROVES(another_report_is_not_the_one_of_the_receipt),
	};
	return PROVE(tests);
}

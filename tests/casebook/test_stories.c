/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What users of registers like this one asked for or lost, told from their side.
 * docs/asked.md lists the points; a number behind a sentence is its point there.
 * Stories of pages, commands and the clock are in tests/web, tests/cli, tests/clock.
 */
#include "casebook/fixture.h"

#include "log/log.h"
#include "store/store.h"
#include "vault/vault.h"

/* --- what the stories look at --------------------------------------------------------------- */

static struct casebook_duty_list duties_of(struct fixture *f, struct str file)
{
	struct casebook_duty_list list;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_of_file(reader, f->arena, found.n, 100, &list, &f->err));
	return list;
}

static struct casebook_duty duty_of(struct fixture *f, struct str file, const char *rule)
{
	struct casebook_duty_list list = duties_of(f, file);
	for (size_t i = 0; i < list.count; i++) {
		if (str_eq(list.at[i].rule, str_from_c(rule)))
			return list.at[i];
	}
	fail_msg("nothing is or was owed under %s", rule);
	return list.at[0];
}

/* The duties that an office owes now. */
static struct casebook_duty_list owed_by(struct fixture *f, const char *office)
{
	struct casebook_duty_list list;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_of_office(reader, f->arena, str_from_c(office), INSTANT_MIN, -1, 100,
	                                  &list, &f->err));
	return list;
}

static bool was_told(struct fixture *f, const struct casebook_duty *duty, const char *office)
{
	const struct casebook_told *told;
	size_t count;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duty_told(reader, f->arena, duty->id, &told, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (str_eq(told[i].office, str_from_c(office)))
			return true;
	}
	return false;
}

/* The sealed words of an entry, as this person reads them. */
static const struct json *words_of(struct fixture *f, const struct person *who, int64_t entry)
{
	enum casebook_seal how;
	const struct json *sealed;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_open_seal(reader, &who->viewer, entry, f->arena, &how, &sealed, &f->err));
	assert_int_equal(how, CASEBOOK_SEAL_OPEN);
	return sealed;
}

static struct casebook_entry entry_of(struct fixture *f, int64_t index)
{
	struct casebook_entry entry;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entry_get(reader, f->arena, index, &entry, &f->err));
	return entry;
}

/* Time passes, and what falls due on the way is told at its moment. */
static void pass(struct fixture *f, int64_t us)
{
	instant until = casebook_now(f->book) + us, next;
	size_t fired;
	for (;;) {
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
		if (next == 0 || next > until)
			break;
		MUST(f, casebook_set_now(f->book, next, &f->err));
	}
	MUST(f, casebook_set_now(f->book, until, &f->err));
}

static void must_verify(struct fixture *f, const char *dir)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	if (!found.ok)
		fail_msg("%.*s: %.*s", STR_ARG(found.difference.where), STR_ARG(found.difference.what));
}

static int64_t decide(struct fixture *f, const struct person *who, const struct casebook_answer *concern,
                      const char *decision)
{
	struct json *fields = json_object(f->arena), *evidence = json_array(f->arena);
	json_push(evidence, json_integer(f->arena, concern->index));
	json_put(fields, STR("evidence"), evidence);
	json_put_text(f->arena, fields, STR("decision"), str_from_c(decision));
	json_put_text(f->arena, fields, STR("threshold"), STR("2026"));
	json_put_text(f->arena, fields, STR("reasons"), STR("He told us how it is."));
	if (strcmp(decision, "none") == 0)
		json_put_text(f->arena, fields, STR("reason-none"), STR("information-only"));
	return admitted(f, &who->actor, "concern.decided", concern->file, fields).index;
}

/* From the first look to the closing, as it is meant to go. */
static void work_through(struct fixture *f, const struct person *who, const struct casebook_answer *concern)
{
	const struct json *told = fields_of(f, "{'to':'not-reachable','how':'none'}");
	struct json *fields = json_object(f->arena);
	admitted(f, &who->actor, "concern.looked", concern->file,
	         fields_of(f, "{'danger':'none-found','checked':['own-files','police','health','school']}"));
	admitted(f, &who->actor, "concern.acknowledged", concern->file, told);
	json_put_integer(f->arena, fields, STR("decision"), decide(f, who, concern, "none"));
	json_put_text(f->arena, fields, STR("closing"), STR("done"));
	admitted(f, &who->actor, "concern.told", concern->file, told);
	admitted(f, &who->actor, "concern.closed", concern->file, fields);
	assert_true(str_eq(file_named(f, concern->file).state_name, STR("closed")));
}

/* --- nothing is lost ------------------------------------------------------------------------ */

static void a_report_nobody_read_is_still_there_and_has_climbed_outside(void **state) /* 1 */
{
	struct fixture *f = *state;
	const struct casebook_reading *readings;
	size_t count;
	struct casebook_answer concern = report(f, "He is alone at night.");
	instant due = duty_of(f, concern.file, "T01").due;
	/* A year and a half, in which nobody looks and the register is started anew. */
	pass(f, 540 * INSTANT_PER_DAY);
	fixture_reopen(f);
	/* The reporter's code still leads to it, nobody has opened it, and it is owed as before. */
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_file file;
	MUST(f, casebook_file_by_code(reader, f->arena, &concern.code, &file, &f->err));
	assert_true(str_eq(file.id, concern.file));
	MUST(f, casebook_readings(reader, f->arena, file.n, STR_NONE, 10, &readings, &count, &f->err));
	assert_int_equal(count, 0);
	struct casebook_duty decision = duty_of(f, concern.file, "T01");
	assert_true(decision.is_open && decision.is_late);
	assert_int_equal(decision.due, due);
	/* Silence went up the line by itself, and out of it. */
	assert_true(was_told(f, &decision, "team-manager"));
	assert_true(was_told(f, &decision, "dcs"));
	assert_true(was_told(f, &decision, "independent-scrutineer"));
	assert_true(was_told(f, &decision, "ofsted-contact"));
	/* Whoever comes at last reads what was told then, to the letter. */
	struct person screener = person(f, "amara", "screener");
	const struct json *words = words_of(f, &screener, concern.index);
	assert_true(str_eq(json_text(words, STR("happening")), STR("He is alone at night.")));
	must_verify(f, f->dir);
}

static void when_a_worker_loses_access_what_they_wrote_stays_for_everybody(void **state) /* 3 */
{
	struct fixture *f = *state;
	struct str name;
	struct person screener = person(f, "amara", "screener"), manager = person(f, "milo", "team-manager");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_answer looked = admitted(f, &screener.actor, "concern.looked", concern.file,
	                                         fields_of(f, "{'danger':'possible','checked':['own-files'],"
	                                                      "'basis':'His own words.'}"));
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), screener.account);
	leave(f, &screener);
	admitted(f, &BY_REGISTER, "account.ended", STR("R-1"), fields);
	/* She reads no more. */
	enum casebook_seal how;
	const struct json *sealed;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	assert_false(casebook_open_seal(reader, &screener.viewer, looked.index, f->arena, &how, &sealed,
	                                &f->err));
	/* Her manager and who comes after her do, with her name beside it. */
	struct person next = person(f, "priya", "screener");
	assert_true(str_eq(json_text(words_of(f, &manager, looked.index), STR("basis")), STR("His own words.")));
	assert_true(str_eq(json_text(words_of(f, &next, looked.index), STR("basis")), STR("His own words.")));
	struct casebook_entry entry = entry_of(f, looked.index);
	MUST(f, casebook_account_name(reader, f->arena, entry.account, &name, &f->err));
	assert_true(str_eq(name, STR("amara")));
}

/* --- attachments ---------------------------------------------------------------------------- */

static struct str recording(struct fixture *f, size_t n)
{
	char *p = arena_alloc(f->arena, n, 1);
	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 131 + i / 65521);
	memcpy(p, "ID3\x04\0\0", 6);
	return (struct str){ p, n };
}

static bool send(struct fixture *f, struct str bytes, size_t until, const struct json **value)
{
	CLEANUP(casebook_upload_drop) struct casebook_upload *upload = NULL;
	MUST(f, casebook_upload_begin(f->book, STR("draft-1"), &upload, &f->err));
	for (size_t at = 0; at < until; at += 50000)
		MUST(f, casebook_upload_add(upload, str_sub(bytes, at, until - at < 50000 ? until - at : 50000),
		                            &f->err));
	if (until < bytes.n)
		return false; /* the line is cut: what came is dropped */
	return casebook_upload_end(&upload, f->arena, STR("what he said.mp3"), value, &f->err);
}

static bool gather(void *ctx, struct str piece, struct err *err)
{
	struct buf *out = ctx;
	buf_add(out, piece);
	return !out->full || err_set(err, ERR_UNABLE, "full");
}

static void an_upload_cut_in_the_middle_is_refused_and_sent_again_arrives_whole(void **state) /* 5 */
{
	struct fixture *f = *state;
	struct buf back;
	const struct json *value = NULL;
	struct str bytes = recording(f, ((size_t)5 << 20) + 17);
	struct person screener = person(f, "amara", "screener");
	struct hash sum = hash_of(bytes);
	assert_false(send(f, bytes, bytes.n / 2, &value));
	assert_null(value); /* half a file has no name that a report could give */
	assert_true(send(f, bytes, bytes.n, &value));
	assert_true(str_eq(json_text(value, STR("sha256")), hash_hex(f->arena, &sum)));
	/* It goes with the report, and comes back to the byte after a restart. */
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'danger-now':'no','source':'neighbour','happening':'Hear for yourself.',"
		   "'harm':['not-yet-known'],'harm-sign':'unknown','channel':'web'}");
	struct json *files = json_array(f->arena);
	json_push(files, (struct json *)(uintptr_t)value);
	json_put(fields, STR("files"), files);
	struct casebook_answer concern = admitted(f, &BY_PUBLIC, "concern.received", STR_NONE, fields);
	fixture_reopen(f);
	const struct json *list = json_member(words_of(f, &screener, concern.index), STR("files"));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	buf_init(&back, bytes.n + 1);
	MUST(f, casebook_object_read(reader, list->first, gather, &back, &f->err));
	assert_true(str_eq(buf_str(&back), bytes));
	buf_finish(&back);
	must_verify(f, f->dir); /* and no half of it is left behind */
}

/* --- proof ---------------------------------------------------------------------------------- */

static enum log_receipt_result judged(struct fixture *f, struct str receipt, struct str vkey,
                                      const struct str *words)
{
	const struct log_policy *policy;
	struct log_receipt_found found;
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	MUST(f, log_policy_of_key(f->arena, vkey, &policy, &f->err));
	MUST(f, log_receipt_check(hasher, f->arena, receipt, policy, words, &found, &f->err));
	return found.result;
}

static struct str receipt_of(struct fixture *f, const struct casebook_answer *concern)
{
	struct str receipt;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_receipt_own(reader, f->arena, concern, &receipt, &f->err));
	return receipt;
}

/* What was written, as whoever wrote it has it: the codes, and the words. */
static struct str both_sides(struct fixture *f, int64_t entry, const char *words)
{
	struct buf text;
	buf_init(&text, 4096);
	buf_add(&text, STR("{\"plain\":"));
	json_write(&text, entry_of(f, entry).plain);
	buf_format(&text, ",\"sealed\":{\"happening\":\"%s\"}}", words);
	struct str copy = arena_copy(f->arena, buf_str(&text));
	buf_finish(&text);
	return copy;
}

static void a_receipt_cannot_be_made_by_hand(void **state) /* 7 */
{
	struct fixture *f = *state;
	struct str else_said = STR("{\"sealed\":{\"happening\":\"He is never alone.\"}}");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct str vkey = casebook_vkey(f->book), receipt = receipt_of(f, &concern);
	struct str said = both_sides(f, concern.index, "He is alone at night.");
	/* The true one proves itself and the words, with nothing of the register at hand. */
	assert_int_equal(judged(f, receipt, vkey, &said), LOG_RECEIPT_SIGNED);
	assert_int_equal(judged(f, receipt, vkey, &else_said), LOG_RECEIPT_REPORT);
	/* Whatever letter of it somebody changes, it proves no more. */
	char *forged = arena_alloc(f->arena, receipt.n, 1);
	for (size_t i = 0; i < receipt.n; i++) {
		memcpy(forged, receipt.p, receipt.n);
		forged[i] = forged[i] == 'A' ? 'B' : 'A';
		if (judged(f, (struct str){ forged, receipt.n }, vkey, &said) == LOG_RECEIPT_SIGNED)
			fail_msg("letter %zu may be changed", i);
	}
	/* Nor does one that another register signs under our name. */
	const char *folders[] = { test_packs() };
	struct fixture other = { .arena = f->arena };
	struct casebook_made made;
	const char *dir = arena_format(f->arena, "%s-other", f->dir).p;
	struct casebook_founding founding = { .dir = dir, .origin = casebook_origin(f->book), .is_drill = true };
	MUST(f, pack_find(f->arena, folders, COUNT_OF(folders), STR("england"), &founding.pack, &f->err));
	MUST(f, casebook_create(&founding, f->arena, &made, &f->err));
	MUST(f, casebook_open(dir, CASEBOOK_WRITE, &other.book, &f->err));
	struct casebook_answer theirs = report(&other, "He is alone at night.");
	struct str imitation = receipt_of(&other, &theirs);
	said = both_sides(&other, theirs.index, "He is alone at night.");
	assert_int_equal(judged(f, imitation, casebook_vkey(other.book), &said), LOG_RECEIPT_SIGNED);
	assert_int_not_equal(judged(f, imitation, vkey, &said), LOG_RECEIPT_SIGNED);
	casebook_close(other.book);
	fixture_remove_folder(f->arena, dir);
}

/* --- keys ----------------------------------------------------------------------------------- */

static void a_lost_master_key_comes_back_from_three_of_five_officers(void **state) /* 10 */
{
	struct fixture *f = *state;
	const char *folders[] = { test_packs() };
	struct fixture live = { .arena = f->arena };
	struct casebook_made made;
	const char *dir = arena_format(f->arena, "%s-live", f->dir).p;
	struct casebook_founding founding = { .dir = dir,
		                              .origin = STR("northmere.example/register"),
		                              .shares = 5,
		                              .shares_needed = 3 };
	MUST(f, pack_find(f->arena, folders, COUNT_OF(folders), STR("england"), &founding.pack, &f->err));
	/* The shares are there from the first day, on paper, not on the machine. */
	MUST(f, casebook_create(&founding, f->arena, &made, &f->err));
	assert_int_equal(made.share_count, 5);
	MUST(f, casebook_open(dir, CASEBOOK_WRITE, &live.book, &f->err));
	struct casebook_answer concern = report(&live, "He is alone at night.");
	casebook_close(live.book);
	/* The key is gone: nothing opens, and it is said why. */
	assert_int_equal(unlink(file_join(f->arena, dir, "keys/master.key")), 0);
	assert_false(casebook_open(dir, CASEBOOK_WRITE, &live.book, &f->err));
	assert_non_null(strstr(f->err.message, "master.key"));
	/* Two officers are too few; three, whichever they are, bring it back. */
	struct str shares[3] = { made.shares[4], made.shares[0], made.shares[2] };
	assert_false(vault_join(dir, shares, 2, VAULT_JOIN_WRITE, &f->err));
	MUST(f, vault_join(dir, shares, 3, VAULT_JOIN_WRITE, &f->err));
	MUST(f, casebook_open(dir, CASEBOOK_WRITE, &live.book, &f->err));
	struct casebook_file file = file_named(&live, concern.file);
	assert_int_equal(file.first_entry, concern.index);
	casebook_close(live.book);
	must_verify(f, dir); /* every box opens, the reporter's among them */
	fixture_remove_folder(f->arena, dir);
}

/* --- offices -------------------------------------------------------------------------------- */

/* Everything that an office owes, to another, in one go. */
static size_t hand_over(struct fixture *f, const struct person *by, const char *office, const char *to)
{
	struct casebook_duty_list list = owed_by(f, office);
	struct casebook_act *acts = arena_alloc(f->arena, list.count, sizeof *acts);
	struct casebook_answer *answers = arena_alloc(f->arena, list.count, sizeof *answers);
	for (size_t i = 0; i < list.count; i++) {
		struct json *fields = json_object(f->arena);
		json_put_text(f->arena, fields, STR("office"), str_from_c(office));
		json_put_text(f->arena, fields, STR("to"), str_from_c(to));
		json_put_text(f->arena, fields, STR("duty"), list.at[i].name);
		acts[i] = (struct casebook_act){ .actor = by->actor,
			                         .via = CASEBOOK_WEB,
			                         .kind = STR("office.handed-over"),
			                         .file = file_of_office(f, office),
			                         .fields = fields };
	}
	MUST(f, casebook_submit_many(f->book, acts, list.count, f->arena, answers, &f->err));
	for (size_t i = 0; i < list.count; i++)
		fixture_must_admit(&answers[i], "office.handed-over");
	return list.count;
}

static void an_office_is_handed_over_in_one_go_with_closed_files_too(void **state) /* 16 */
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), manager = person(f, "milo", "team-manager");
	struct casebook_answer closed = report(f, "He is alone at night."), open = report(f, "She is hungry.");
	work_through(f, &amara, &closed);
	struct casebook_duty_list before = owed_by(f, "screener");
	assert_int_equal(before.count, 3);
	/* Amara leaves and Priya comes: the office keeps what it owes, to the minute, and what it did. */
	struct person priya = account_named(f, "priya");
	hold(f, &priya, "screener");
	leave(f, &amara);
	struct casebook_duty_list after = owed_by(f, "screener");
	assert_int_equal(after.count, before.count);
	for (size_t i = 0; i < after.count; i++) {
		assert_int_equal(after.at[i].id, before.at[i].id);
		assert_int_equal(after.at[i].due, before.at[i].due);
	}
	const struct json *words = words_of(f, &priya, closed.index);
	assert_true(str_eq(json_text(words, STR("happening")), STR("He is alone at night.")));
	(void)words_of(f, &priya, open.index);
	/* The duty team is merged into another office: all it owes goes there in one go, none restarts. */
	assert_int_equal(hand_over(f, &manager, "screener", "edt"), 3);
	assert_int_equal(owed_by(f, "screener").count, 0);
	after = owed_by(f, "edt");
	assert_int_equal(after.count, before.count);
	for (size_t i = 0; i < after.count; i++)
		assert_int_equal(after.at[i].due, before.at[i].due);
	struct person night = person(f, "ewan", "edt");
	(void)words_of(f, &night, closed.index);
}

static void somebody_steps_aside_and_the_next_office_owes(void **state) /* 17 */
{
	struct fixture *f = *state;
	struct person amara = person(f, "amara", "screener"), manager = person(f, "milo", "team-manager");
	struct casebook_answer concern = report(f, "The boy next door, Amara's nephew.");
	struct casebook_duty before = duty_of(f, concern.file, "T01");
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("duty"), before.name);
	json_put_text(f->arena, fields, STR("to"), STR("team-manager"));
	json_put_text(f->arena, fields, STR("reasons"), STR("He is my nephew."));
	struct casebook_answer aside = admitted(f, &amara.actor, "duty.taken", concern.file, fields);
	/* It is owed by the office above, by the same time, and who stepped aside why is on the file. */
	struct casebook_duty now = duty_of(f, concern.file, "T01");
	assert_true(now.is_open);
	assert_true(str_eq(now.office, STR("team-manager")));
	assert_int_equal(now.due, before.due);
	assert_true(str_eq(entry_of(f, aside.index).account, amara.account));
	assert_true(str_eq(json_text(words_of(f, &manager, aside.index), STR("reasons")), STR("He is my nephew.")));
	/* The manager decides, and it is settled. */
	(void)decide(f, &manager, &concern, "early-help");
	assert_false(duty_of(f, concern.file, "T01").is_open);
}

/* --- rules ---------------------------------------------------------------------------------- */

/* The tests' pack with one text changed in one file, as its next version. */
static const struct pack_bytes *next_pack(struct fixture *f, const char *path, const char *from, const char *to)
{
	const char *folders[] = { test_packs() };
	const struct pack_bytes *old = NULL, *next = NULL;
	const struct str names[2] = { str_from_c(path), STR("pack.yaml") };
	const struct str froms[2] = { str_from_c(from), STR("version: 0.1.0") };
	const struct str tos[2] = { str_from_c(to), STR("version: 0.2.0") };
	const char *pack = arena_format(f->arena, "%s-pack", f->dir).p;
	MUST(f, pack_find(f->arena, folders, COUNT_OF(folders), STR("england"), &old, &f->err));
	MUST(f, file_make_folder(pack, 0700, &f->err));
	MUST(f, file_make_folder(file_join(f->arena, pack, "kinds"), 0700, &f->err));
	MUST(f, file_make_folder(file_join(f->arena, pack, "texts"), 0700, &f->err));
	for (size_t i = 0; i < old->count; i++) {
		struct str bytes = old->files[i].bytes;
		for (size_t c = 0; c < COUNT_OF(names); c++) {
			size_t at = str_find_str(bytes, froms[c]);
			if (!str_eq(old->files[i].path, names[c]))
				continue;
			assert_true(at < bytes.n);
			struct str pieces[3] = { str_sub(bytes, 0, at), tos[c],
				                 str_sub(bytes, at + froms[c].n, bytes.n) };
			bytes = arena_join(f->arena, pieces, COUNT_OF(pieces));
		}
		MUST(f, file_write(file_join(f->arena, pack, str_to_c(f->arena, old->files[i].path)), 0600,
		                   bytes, &f->err));
	}
	MUST(f, pack_find(f->arena, folders, COUNT_OF(folders), str_from_c(pack), &next, &f->err));
	fixture_remove_folder(f->arena, pack);
	return next;
}

static void an_old_pack_stays_readable_after_a_new_one_is_adopted(void **state) /* 21 */
{
	struct fixture *f = *state;
	struct casebook_adoption adoption;
	struct person one = person(f, "ada", "register-administrator"), two = person(f, "noor", "named-nurse");
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	instant due = duty_of(f, concern.file, "T01").due;
	const struct pack_bytes *pack = next_pack(f, "duties.yaml", "Working Together 2023, ch. 3: within one working day of receiving a referral",
	                                          "Working Together 2026, ch. 3: within one working day of receiving a referral");
	MUST(f, casebook_adopt(f->book, &one.actor, &two.actor, CASEBOOK_CLI, STR_NONE, pack, f->arena, &adoption, &f->err));
	fixture_must_admit(&adoption.answer, "pack.adopted");
	fixture_reopen(f);
	assert_true(str_eq(casebook_pack(f->book)->version, STR("0.2.0")));
	/* What was owed under the old rules is owed as it was, in the words of its day. */
	struct casebook_duty old = duty_of(f, concern.file, "T01");
	assert_true(old.is_open);
	assert_int_equal(old.due, due);
	assert_true(str_eq(old.source, STR("Working Together 2023, ch. 3: within one working day of receiving a referral")));
	(void)words_of(f, &screener, concern.index);
	/* What comes now is under the new ones; both can be worked through and closed. */
	struct casebook_answer later_one = report(f, "She is hungry.");
	assert_true(str_eq(duty_of(f, later_one.file, "T01").source, STR("Working Together 2026, ch. 3: within one working day of receiving a referral")));
	work_through(f, &screener, &concern);
	work_through(f, &screener, &later_one);
	/* Every view follows from the entries still, each by the rules of its day. */
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	assert_true(str_eq(duty_of(f, concern.file, "T01").source, STR("Working Together 2023, ch. 3: within one working day of receiving a referral")));
	must_verify(f, f->dir);
}

/* --- sessions ------------------------------------------------------------------------------- */

static void what_is_half_written_outlives_session_and_restart(void **state) /* 30 */
{
	struct fixture *f = *state;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	struct casebook_session session;
	struct str text, account;
	instant used;
	struct person amara = person(f, "amara", "screener");
	struct str owner = arena_format(f->arena, "%.*s/screener/C-1/note.made", STR_ARG(amara.account));
	MUST(f, casebook_session_make(f->book, amara.account, STR("screener"), secret, &f->err));
	MUST(f, casebook_draft_save(f->book, STR("note"), owner, NULL, STR("She said that he"), &f->err));
	/* She is called away; when she is back, her session has ended. */
	later(f, 40 * INSTANT_PER_MINUTE);
	assert_false(casebook_session_get(f->book, f->arena, str_from_c(secret), &session, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
	/* She signs in again, and goes on where she was, after a restart of the register too. */
	fixture_reopen(f);
	MUST(f, casebook_sign_in(f->book, STR("amara"), STR(FIXTURE_PASSWORD), digits_now(f, amara.totp),
	                         f->arena, &account, &f->err));
	assert_true(str_eq(account, amara.account));
	MUST(f, casebook_draft_load(f->book, f->arena, STR("note"), owner, NULL, &text, &used, &f->err));
	assert_true(str_eq(text, STR("She said that he")));
}

/* --- upgrades ------------------------------------------------------------------------------- */

static void run_sql(struct fixture *f, const char *sql)
{
	CLEANUP(store_cleanup) struct store *store = NULL;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_run(store, sql, &f->err));
	MUST(f, store_checkpoint(store, &f->err));
}

static struct str bytes_of_register(struct fixture *f)
{
	struct str bytes;
	MUST(f, file_read(f->arena, file_join(f->arena, f->dir, "register.db"), FIXTURE_FILE_MAX, &bytes, &f->err));
	return bytes;
}

static void a_register_of_a_newer_schema_is_refused_before_it_is_touched(void **state) /* 37 */
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	casebook_close(f->book);
	f->book = NULL;
	run_sql(f, "INSERT INTO migration (number, name) VALUES (9999, '9999-of-later.sql')");
	struct str before = bytes_of_register(f);
	static const enum casebook_mode modes[] = { CASEBOOK_WRITE, CASEBOOK_READ };
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		assert_false(casebook_open(f->dir, modes[i], &f->book, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
		assert_true(str_starts(str_from_c(f->err.message),
		                       STR("This register was made by a newer Candour (schema 9999")));
	}
	assert_true(str_eq(bytes_of_register(f), before));
	/* The version that knows it finds it as it was. */
	run_sql(f, "DELETE FROM migration WHERE number = 9999");
	fixture_open(f);
	must_verify(f, f->dir);
}

/* Leaves what the first migration made, with a row in it. */
static void make_old(struct fixture *f, struct store *store)
{
	const struct str *columns;
	size_t count;
	struct str last = STR_NONE;
	MUST(f, store_columns(store, f->arena, &columns, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		struct str table = str_sub(columns[i], 0, str_find(columns[i], '.'));
		if (str_eq(table, last) || str_eq(table, STR("tile")) || str_eq(table, STR("signed")) ||
		    str_eq(table, STR("published")) || str_eq(table, STR("migration")))
			continue;
		last = table;
		struct str sql = arena_format(f->arena, "DROP TABLE %.*s", STR_ARG(table));
		MUST(f, store_run(store, sql.p, &f->err));
	}
	MUST(f, store_run(store, "DELETE FROM migration WHERE number > 1", &f->err));
	MUST(f, store_run(store, "INSERT INTO published (size, note) VALUES (1, 'kept')", &f->err));
}

static void a_register_of_an_older_schema_is_migrated_whole_or_left_as_it_was(void **state) /* 37 */
{
	struct fixture *f = *state;
	CLEANUP(store_cleanup) struct store *store = NULL;
	int64_t n;
	MUST(f, store_open(":memory:", STORE_CREATE, &store, &f->err));
	MUST(f, store_migrate(store, "register", &f->err));
	make_old(f, store);
	/* Something stands in the way half-way through: all is as it was. */
	MUST(f, store_run(store, "CREATE TABLE reading (n INTEGER)", &f->err));
	assert_false(store_migrate(store, "register", &f->err));
	MUST(f, store_get_int(store, "SELECT MAX(number) FROM migration", &n, &f->err));
	assert_int_equal(n, 1);
	assert_false(store_get_int(store, "SELECT COUNT(*) FROM entry", &n, &f->err));
	/* Without it: the newest schema, and what was there is there. */
	MUST(f, store_run(store, "DROP TABLE reading", &f->err));
	MUST(f, store_migrate(store, "register", &f->err));
	MUST(f, store_get_int(store, "SELECT MAX(number) FROM migration", &n, &f->err));
	assert_int_equal(n, store_migration_newest("register"));
	MUST(f, store_get_int(store, "SELECT COUNT(*) FROM published WHERE note = 'kept'", &n, &f->err));
	assert_int_equal(n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_report_nobody_read_is_still_there_and_has_climbed_outside),
		PROVES(when_a_worker_loses_access_what_they_wrote_stays_for_everybody),
		PROVES(an_upload_cut_in_the_middle_is_refused_and_sent_again_arrives_whole),
		PROVES(a_receipt_cannot_be_made_by_hand),
		PROVES(a_lost_master_key_comes_back_from_three_of_five_officers),
		PROVES(an_office_is_handed_over_in_one_go_with_closed_files_too),
		PROVES(somebody_steps_aside_and_the_next_office_owes),
		PROVES(an_old_pack_stays_readable_after_a_new_one_is_adopted),
		PROVES(what_is_half_written_outlives_session_and_restart),
		PROVES(a_register_of_a_newer_schema_is_refused_before_it_is_touched),
		PROVES(a_register_of_an_older_schema_is_migrated_whole_or_left_as_it_was),
	};
	return PROVE(tests);
}

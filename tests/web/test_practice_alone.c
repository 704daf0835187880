/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * In the browser, on the whole pack of England: an office that has no part in a
 * file writes there what the rules let it, sees that and its receipt, and is
 * told nothing else; one that was named does its work there.
 */
#include "web/staff.h"

#include "casebook/book.h"
#include "casebook/changed_pack.h"

struct cast {
	struct person worker;
	struct casebook_answer child;
};

static struct cast found_by_england(struct fixture *f)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	struct cast cast;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &pack, &f->err));
	found_by(f, pack);
	cast.worker = person(f, "sunita", "social-worker");
	cast.child = admitted(f, &cast.worker.actor, "person.opened", STR(""),
	                      fields_of(f, "{'birth-known':'month','born':'2013-01','names':['CANARY']}"));
	admitted(f, &cast.worker.actor, "note.made", cast.child.file, fields_of(f, "{'text':'CANARY is at school.'}"));
	return cast;
}

/* Opens the form of the kind, sends it, and sees what was recorded and nothing of the child. */
static void writes_alone(struct site *site, const struct cast *cast, const char *kind, const char *form,
                         const char *title)
{
	struct fixture *f = site->f;
	get(site, path_on(site, &cast->child, ""));
	assert_int_equal(site->status, 200);
	must_see(site, "Your office has no part in this file");
	must_see(site, kind);
	must_not_see(site, "CANARY");
	must_not_see(site, "Anything else worth keeping");
	must_not_see(site, "What is owed");
	get(site, path_on(site, &cast->child, kind));
	assert_int_equal(site->status, 200);
	must_not_see(site, "CANARY");
	post_own(site, path_on(site, &cast->child, kind), form);
	assert_int_equal(site->status, 303);
	get(site, path_on(site, &cast->child, ""));
	must_see(site, "What you wrote here");
	must_see(site, title);
	struct str entry = between(site, "href=\"/entries/", "\"");
	assert_true(entry.n > 0);
	get(site, arena_format(f->arena, "/entries/%.*s", STR_ARG(entry)).p);
	assert_int_equal(site->status, 200);
	must_see(site, title);
	must_not_see(site, "Correct it");
	get(site, arena_format(f->arena, "/entries/%.*s/receipt", STR_ARG(entry)).p);
	assert_int_equal(site->status, 200);
	/* What others wrote is not there for it, nor a form of anything else. */
	get(site, arena_format(f->arena, "/entries/%lld", (long long)cast->child.index).p);
	assert_int_equal(site->status, 404);
	get(site, path_on(site, &cast->child, "note.made"));
	assert_int_equal(site->status, 404);
	get(site, path_on(site, &cast->child, "chronology"));
	assert_int_equal(site->status, 404);
	get(site, path_on(site, &cast->child, "readings"));
	assert_int_equal(site->status, 404);
}

static void the_lawyer_of_the_council_records_an_application(void **state)
{
	struct fixture *f = *state;
	struct cast cast = found_by_england(f);
	struct person lawyer = person(f, "lena", "council-lawyer");
	struct site site = serve(f, NULL);
	sign_in(&site, "lena", &lawyer);
	writes_alone(&site, &cast, "proceedings.issued", "order=s31&grounds=The+grounds", "Application to court");
	shut(&site);
}

static void an_advocate_joins_the_child_who_asked(void **state)
{
	struct fixture *f = *state;
	struct cast cast = found_by_england(f);
	struct person advocate = person(f, "ada", "advocate");
	struct site site = serve(f, NULL);
	sign_in(&site, "ada", &advocate);
	writes_alone(&site, &cast, "advocate.joined", "asked-by=child", "An advocate stands by the child");
	/* Once somebody of the council names her, she reads the file and says what the child was told. */
	admitted(f, &cast.worker.actor, "early-help.offered", cast.child.file,
	         fields_of(f, "{'lead':'advocate','accepted':'yes','agreed-to-share':'yes'}"));
	get(&site, path_on(&site, &cast.child, ""));
	must_see(&site, "What is owed");
	must_see(&site, "CANARY");
	get(&site, path_on(&site, &cast.child, "child.told"));
	assert_int_equal(site.status, 200);
	shut(&site);
}

static void an_adviser_offers_support_to_whom_she_was_named_for(void **state)
{
	struct fixture *f = *state;
	struct cast cast = found_by_england(f);
	struct person adviser = person(f, "isla", "isva"), officer = person(f, "omar", "police-officer");
	struct person desk = person(f, "dina", "police-contact");
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'age-at-event':'13-15','family':['activity-13-15'],'told-by':'child','suspect-known':'yes',"
		   "'several-suspects':'no','suspect-trust':'no','recent':'older','threat':'no','words':'He said so.'}");
	json_put_text(f->arena, fields, STR("child"), cast.child.file);
	struct casebook_answer offence = admitted(f, &cast.worker.actor, "offence.disclosed", STR(""), fields);
	admitted(f, &cast.worker.actor, "offence.told-police", offence.file,
	         fields_of(f, "{'how':'phone','to':'police-contact','force':'own'}"));
	admitted(f, &desk.actor, "crime.recorded", offence.file,
	         fields_of(f, "{'offence-code':['activity-13-15'],'age-at-event':'13-15','suspects':1,'flags':['cse'],"
	                      "'facts-complete':['role-in-group'],'reference':'CR 1'}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "isla", &adviser);
	get(&site, path_on(&site, &cast.child, ""));
	assert_int_equal(site.status, 404);
	admitted(f, &officer.actor, "victim.referred", offence.file, fields_of(f, "{'to':'isva','accepted':'yes'}"));
	get(&site, path_on(&site, &cast.child, ""));
	assert_int_equal(site.status, 200);
	must_see(&site, "CANARY");
	get(&site, path_on(&site, &cast.child, "support.offered"));
	assert_int_equal(site.status, 200);
	post_own(&site, path_on(&site, &cast.child, "support.offered"),
	         "offered=therapy&answer=accepted&person-said=yes");
	assert_int_equal(site.status, 303);
	shut(&site);
}

static int64_t kept_out(struct fixture *f)
{
	int64_t n;
	CLEANUP(store_cleanup) struct store *store = NULL;
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_READ, &store, &f->err));
	MUST(f, store_get_int(store, "SELECT COUNT(*) FROM short_kept_out WHERE looked = 0", &n, &f->err));
	return n;
}

static void read_before(struct fixture *f, const struct person *who, const char *office, int64_t entry)
{
	int64_t file = 0;
	const char *sql = str_to_c(f->arena, arena_format(f->arena, "SELECT file FROM entry WHERE idx = %lld",
	                                                  (long long)entry));
	MUST(f, store_get_int(f->book->store, sql, &file, &f->err));
	sql = str_to_c(f->arena,
	               arena_format(f->arena,
	                            "INSERT INTO reading SELECT COALESCE(MAX(n), 0) + 1, '%.*s', '%s', '', %lld, %lld, 1,"
	                            " 'work', NULL FROM reading",
	                            STR_ARG(who->account), office, (long long)file, (long long)entry));
	MUST(f, store_run(f->book->store, sql, &f->err));
}

static void what_they_had_read_and_is_refused_is_kept_for_the_night_and_of_others_nothing(void **state)
{
	struct fixture *f = *state;
	struct cast cast = found_by_england(f);
	struct person lead = person(f, "dora", "dsl"), adviser = person(f, "isla", "isva");
	struct person desk = person(f, "dina", "police-contact");
	const char *entry = str_to_c(f->arena, arena_format(f->arena, "/entries/%lld", (long long)cast.child.index));
	read_before(f, &lead, "dsl", cast.child.index);
	read_before(f, &adviser, "isva", cast.child.index);
	struct site site = serve(f, NULL);
	int64_t entries = f->book->entries;
	sign_in(&site, "dina", &desk); /* never read it */
	get(&site, path_on(&site, &cast.child, ""));
	get(&site, entry);
	assert_int_equal(site.status, 404);
	assert_int_equal(kept_out(f), 0);
	sign_in(&site, "dora", &lead);
	assert_int_equal(kept_out(f), 0);
	get(&site, path_on(&site, &cast.child, ""));
	must_not_see(&site, "CANARY");
	assert_int_equal(kept_out(f), 1);
	get(&site, entry);
	assert_int_equal(kept_out(f), 1); /* the same */
	sign_in(&site, "isla", &adviser);
	get(&site, entry);
	assert_int_equal(site.status, 404);
	assert_int_equal(kept_out(f), 2);
	assert_int_equal(f->book->entries, entries); /* no entry says so */
	shut(&site);
}

static void who_may_write_there_finds_the_file_by_its_number_and_no_other_office_does(void **state)
{
	struct fixture *f = *state;
	struct cast cast = found_by_england(f);
	struct person officer = person(f, "omar", "police-officer"), lead = person(f, "dora", "dsl");
	struct site site = serve(f, NULL);
	sign_in(&site, "omar", &officer);
	get(&site, "/find");
	post_own(&site, "/find", "q=P-1&why=work");
	must_see(&site, "Child <span class=\"cd-number\">P-1</span>");
	must_see(&site, "Your office has no part in it, and may write there");
	must_not_see(&site, "Open duties");
	get(&site, "/find");
	post_own(&site, "/find", arena_format(f->arena, "q=%lld&why=work", (long long)cast.child.index).p);
	must_see(&site, "Nothing found that your office may see");
	site.cookie_count = 0;
	sign_in(&site, "dora", &lead);
	get(&site, "/find");
	post_own(&site, "/find", "q=P-1&why=work");
	must_see(&site, "Nothing found that your office may see");
	get(&site, path_on(&site, &cast.child, ""));
	assert_int_equal(site.status, 404);
	get(&site, path_on(&site, &cast.child, "protection.taken"));
	assert_int_equal(site.status, 404);
	shut(&site);
}

static void the_scrutineer_opens_what_is_restricted(void **state)
{
	struct fixture *f = *state;
	struct cast cast = found_by_england(f);
	struct person head = person(f, "hana", "head-of-service"), scrutineer = person(f, "ines", "independent-scrutineer");
	struct casebook_answer note = admitted(f, &cast.worker.actor, "note.made", cast.child.file,
	                                       fields_of(f, "{'text':'The HIDDEN car is known.'}"));
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'reason':'live-investigation','until':'2026-12-10','who':['head-of-service','independent-scrutineer'],"
		   "'reasons':'It would warn them.'}");
	struct json *entries = json_array(f->arena);
	json_push(entries, json_integer(f->arena, note.index));
	json_put(fields, STR("entries"), entries);
	admitted(f, &head.actor, "restriction.placed", cast.child.file, fields);
	struct site site = serve(f, NULL);
	sign_in(&site, "ines", &scrutineer);
	get(&site, "/restricted");
	must_see(&site, path_on(&site, &cast.child, ""));
	get(&site, arena_format(f->arena, "%s?open=all", path_on(&site, &cast.child, "")).p);
	assert_int_equal(site.status, 200);
	must_see(&site, "The HIDDEN car is known.");
	must_see(&site, "It would warn them.");
	get(&site, path_on(&site, &cast.child, "restriction.looked"));
	post_own(&site, path_on(&site, &cast.child, "restriction.looked"), "finding=part&read=2");
	assert_int_equal(site.status, 303);
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_lawyer_of_the_council_records_an_application),
		PROVES(an_advocate_joins_the_child_who_asked),
		PROVES(an_adviser_offers_support_to_whom_she_was_named_for),
		PROVES(what_they_had_read_and_is_refused_is_kept_for_the_night_and_of_others_nothing),
		PROVES(who_may_write_there_finds_the_file_by_its_number_and_no_other_office_does),
		PROVES(the_scrutineer_opens_what_is_restricted),
	};
	return PROVE(tests);
}

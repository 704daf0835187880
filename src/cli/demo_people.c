/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who lives and works in Northmere: families with children, and those who hold its offices. */
#include "cli/demo_world.h"

static const struct demo_worker WORKERS[] = {
	{ .name = "sam", .person = "Sam Rowntree", .office = "register-administrator" },
	{ .name = "nadia", .person = "Nadia Fairweather", .office = "screener" },
	{ .name = "kwame", .person = "Kwame Ellerby", .office = "screener" },
	{ .name = "gwen", .person = "Gwen Prosser", .office = "edt" },
	{ .name = "tomas", .person = "Tomas Hardcastle", .office = "team-manager" },
	{ .name = "helen", .person = "Helen Marchetti", .office = "service-manager" },
	{ .name = "ifor", .person = "Ifor Banerjee", .office = "head-of-service" },
	{ .name = "maud", .person = "Maud Castellan", .office = "dcs" },
	{ .name = "shan", .person = "Shan Whitcombe", .office = "social-worker" },
	{ .name = "joel", .person = "Joel Abimbola", .office = "social-worker" },
	{ .name = "priya", .person = "Priya Stanforth", .office = "police-contact" },
	{ .name = "callum", .person = "Callum Birkin", .office = "police-officer" },
	{ .name = "owen", .person = "Owen Drumgoole", .office = "police-sergeant" },
	{ .name = "zora", .person = "Zora Petrov", .office = "detective-inspector" },
	{ .name = "marek", .person = "Marek Holloway", .office = "police-duty-inspector" },
	{ .name = "edith", .person = "Edith Oyelaran", .office = "police-commander" },
	{ .name = "rohan", .person = "Rohan Delacroix", .office = "gp" },
	{ .name = "faye", .person = "Faye Nordstrom", .office = "health-visitor" },
	{ .name = "bram", .person = "Bram Winstanley", .office = "named-nurse" },
	{ .name = "lucia", .person = "Lucia Amankwah", .office = "designated-nurse" },
	{ .name = "annika", .person = "Annika Rashid", .office = "icb-nurse" },
	{ .name = "ruth", .person = "Ruth Ollerton", .office = "dsl" },
	{ .name = "desmond", .person = "Desmond Faulkner", .office = "headteacher" },
	{ .name = "winifred", .person = "Winifred Achebe", .office = "governors-chair" },
	{ .name = "keziah", .person = "Keziah Moorcroft", .office = "vol-worker" },
	{ .name = "stefan", .person = "Stefan Lascelles", .office = "vol-manager" },
	{ .name = "rosa", .person = "Rosa Tanqueray", .office = "vol-trustees" },
	{ .name = "imogen", .person = "Imogen Sarkar", .office = "partnership-manager" },
	{ .name = "alistair", .person = "Alistair Boakye", .office = "partnership-chair" },
	{ .name = "miriam", .person = "Miriam Goldthorpe", .office = "independent-scrutineer" },
	{ .name = "dev", .person = "Dev Ashworth", .office = "data-protection-officer" },
	{ .name = "verity", .person = "Verity Lonsdale", .office = "ofsted-contact" },
	{ .name = "cecily", .person = "Cecily Trelawny", .office = "cp-chair" },
	{ .name = "anselm", .person = "Anselm Okafor", .office = "iro" },
	{ .name = "bridie", .person = "Bridie Hallam", .office = "iro-manager" },
	{ .name = "conrad", .person = "Conrad Velasco", .office = "lado" },
	{ .name = "delphine", .person = "Delphine Arkwright", .office = "principal-social-worker" },
	{ .name = "ewan", .person = "Ewan Macready", .office = "missing-coordinator" },
	{ .name = "farah", .person = "Farah Lindqvist", .office = "rhi-worker" },
	{ .name = "greta", .person = "Greta Onslow", .office = "support-lead" },
	{ .name = "hector", .person = "Hector Bramwell", .office = "virtual-head" },
	{ .name = "ines", .person = "Ines Coverley", .office = "education-lead" },
	{ .name = "jonah", .person = "Jonah Sefton", .office = "council-lawyer" },
	{ .name = "katya", .person = "Katya Penrose", .office = "monitoring-lawyer" },
	{ .name = "leroy", .person = "Leroy Tattersall", .office = "youth-justice-worker" },
	{ .name = "marisol", .person = "Marisol Dunbar", .office = "licensing-officer" },
	{ .name = "nigel", .person = "Nigel Eskdale", .office = "licensing-head" },
	{ .name = "oona", .person = "Oona Fairbairn", .office = "complaints-manager" },
	{ .name = "piotr", .person = "Piotr Vance", .office = "info-officer" },
	{ .name = "queenie", .person = "Queenie Larkspur", .office = "records-officer" },
	{ .name = "rupert", .person = "Rupert Adeyemi", .office = "chief-executive" },
	{ .name = "sunita", .person = "Sunita Crowther", .office = "lead-member" },
	{ .name = "tobias", .person = "Tobias Wetherby", .office = "monitoring-officer" },
	{ .name = "una", .person = "Una Kerrigan", .office = "scrutiny-chair" },
	{ .name = "victor", .person = "Victor Shadwell", .office = "audit-chair" },
	{ .name = "wanda", .person = "Wanda Bickerstaff", .office = "police-missing" },
	{ .name = "xavier", .person = "Xavier Thornley", .office = "police-exploitation" },
	{ .name = "yvonne", .person = "Yvonne Carmody", .office = "chief-constable" },
	{ .name = "zachary", .person = "Zachary Pell", .office = "crime-registrar" },
	{ .name = "abena", .person = "Abena Whitlock", .office = "sexual-health-nurse" },
	{ .name = "bertram", .person = "Bertram Sayle", .office = "school-nurse" },
	{ .name = "carmen", .person = "Carmen Ludlow", .office = "hospital-nurse" },
	{ .name = "dilys", .person = "Dilys Marchbanks", .office = "mental-health-worker" },
	{ .name = "elliot", .person = "Elliot Ranganathan", .office = "designated-doctor" },
	{ .name = "fenella", .person = "Fenella Stroud", .office = "icb-chief" },
	{ .name = "gideon", .person = "Gideon Ashcombe", .office = "caldicott-guardian" },
	{ .name = "hilda", .person = "Hilda Norbury", .office = "early-years-lead" },
	{ .name = "ivo", .person = "Ivo Pemberton", .office = "early-years-manager" },
	{ .name = "jessamy", .person = "Jessamy Croft", .office = "isva" },
	{ .name = "kelechi", .person = "Kelechi Rudd", .office = "advocate" },
	{ .name = "lorcan", .person = "Lorcan Twining", .office = "probation-officer" },
	{ .name = "mavis", .person = "Mavis Hetherington", .office = "probation-head" },
	{ .name = "noor", .person = "Noor Blakemore", .office = "housing-officer" },
	{ .name = "oswald", .person = "Oswald Tranter", .office = "housing-head" },
	{ .name = "paloma", .person = "Paloma Griggs", .office = "fire-officer" },
	{ .name = "quentin", .person = "Quentin Asante", .office = "fire-head" },
	{ .name = "rhiannon", .person = "Rhiannon Salter", .office = "other-area" },
	{ .name = "silas", .person = "Silas Maybury", .office = "other-area-manager" },
	{ .name = "thea", .person = "Thea Rosewarne", .office = "other-area-head" },
	{ .name = "ulric", .person = "Ulric Donnelly", .office = "other-area-dcs" },
	{ .name = "vashti", .person = "Vashti Colclough", .office = "exploitation-lead" },
	{ .name = "wilma", .person = "Wilma Entwistle", .office = "lead-safeguarding-partners" },
	{ .name = "yusra", .person = "Yusra Holdsworth", .office = "prescribed-contact" },
	{ .name = "albert", .person = "Albert Fenwick", .office = "pcc" },
	{ .name = "blanche", .person = "Blanche Ogilvie", .office = "hmicfrs-contact" },
	{ .name = "cosmo", .person = "Cosmo Hargrave", .office = "cqc-contact" },
	{ .name = "dorcas", .person = "Dorcas Milburn", .office = "cafcass-contact" },
	{ .name = "emil", .person = "Emil Sunderland", .office = "panel-contact" },
	{ .name = "flora", .person = "Flora Kettering", .office = "lgsco-contact" },
	{ .name = "gareth", .person = "Gareth Nwosu", .office = "iopc-contact" },
	{ .name = "hester", .person = "Hester Bolling", .office = "ico-contact" },
	{ .name = "ismay", .person = "Ismay Catterick", .office = "dfe-contact" },
	{ .name = "jarvis", .person = "Jarvis Loxley", .office = "sca-contact" },
	{ .name = "kirsty", .person = "Kirsty Abbotts", .office = "victims-commissioner" },
	{ .name = "lionel", .person = "Lionel Strand", .office = "charity-contact" },
	{ .name = "morag", .person = "Morag Devlin", .office = "probation-inspectorate" },
	{ .name = "ned", .person = "Ned Rushworth", .office = "housing-regulator" },
	{ .name = "orsola", .person = "Orsola Keane", .office = "inquiry" },
};

static const struct {
	const char *title;
	const char *name;
} PERSONAS[DEMO_PERSONAS] = {
	{ "Screener", "nadia" },
	{ "Team manager", "tomas" },
	{ "Police contact desk", "priya" },
	{ "School safeguarding lead", "ruth" },
	{ "Independent scrutineer", "miriam" },
	{ "Register administrator", "sam" },
};

/* --- families ------------------------------------------------------------------------------- */

static void make_child(struct demo *demo, struct demo_child *child)
{
	child->first = str_from_c(demo_first_name(demo->random, &child->words));
	child->age = (int)demo_between(demo, 3, 17);
}

static void make_homes(struct demo *demo)
{
	static const int CHILDREN[] = { 1, 1, 2, 2, 2, 3 };
	for (int i = 0; i < DEMO_HOMES; i++) {
		struct demo_home *home = &demo->homes[i];
		const struct demo_words_of *words;
		home->family = str_from_c(demo_family_name(demo->random));
		home->street = str_from_c(demo_street(demo->random));
		home->school = demo_school(demo->random);
		home->parent =
			arena_format(demo->arena, "%s %.*s", demo_first_name(demo->random, &words),
		                     STR_ARG(home->family));
		home->address = arena_format(demo->arena, "%" PRId64 " %.*s, Northmere",
		                             demo_between(demo, 1, 96), STR_ARG(home->street));
		home->child_count = CHILDREN[demo_below(demo, COUNT_OF(CHILDREN))];
		for (int c = 0; c < home->child_count; c++)
			make_child(demo, &home->children[c]);
		demo->made->people += 1 + home->child_count;
	}
}

/* --- those who hold offices ----------------------------------------------------------------- */

struct str demo_office_file(struct demo *demo, const char *office)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_office *offices;
	struct casebook_file file;
	struct err err = { 0 };
	size_t count;
	if (!casebook_reader_take(demo->book, &reader, &err) ||
	    !casebook_offices(reader, demo->act, &offices, &count, &err))
		return STR_NONE;
	for (size_t i = 0; i < count; i++) {
		if (str_eq(offices[i].id, str_from_c(office)) &&
		    casebook_file_get(reader, demo->act, offices[i].file, &file, &err))
			return file.id;
	}
	return STR_NONE;
}

static bool add_worker(struct demo *demo, const struct casebook_actor *by,
                       struct demo_worker *worker, struct err *err)
{
	struct casebook_new_account told = { .name = str_from_c(worker->name),
		                             .person = str_from_c(worker->person),
		                             .password = STR(DEMO_PASSWORD) };
	struct casebook_account_made made;
	struct casebook_answer answer;
	struct json *fields = json_object(demo->act);
	bool is_founding = by->by == CASEBOOK_BY_REGISTER;
	if (!casebook_account_add(demo->book, by, is_founding ? CASEBOOK_REGISTER : CASEBOOK_WEB,
	                          &told, demo->act, &made, err))
		return false;
	if (made.answer.outcome != CASEBOOK_ADMITTED)
		return err_set(err, ERR_FAULT, "The account %s was not added: %.*s%s", worker->name,
		               STR_ARG(made.answer.sentence), made.answer.err.message);
	worker->account = arena_copy(demo->arena, made.account);
	worker->secret = arena_copy(demo->arena, made.totp_base32);
	worker->actor = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                                 .account = worker->account,
		                                 .office = str_from_c(worker->office),
		                                 .is_proved = true };
	json_put_text(demo->act, fields, STR("office"), str_from_c(worker->office));
	json_put_text(demo->act, fields, STR("account"), worker->account);
	demo->made->accounts++;
	return demo_do(demo, by, "office.held", demo_office_file(demo, worker->office), fields,
	               &answer, err);
}

static bool fill_personas(struct demo *demo, struct err *err)
{
	for (size_t i = 0; i < DEMO_PERSONAS; i++) {
		const struct demo_worker *worker = demo_worker(demo, PERSONAS[i].name);
		if (!worker)
			return err_set(err, ERR_FAULT, "nobody in the demo is called %s",
			               PERSONAS[i].name);
		demo->made->personas[i] =
			(struct demo_persona){ .title = str_from_c(PERSONAS[i].title),
			                       .name = str_from_c(worker->name),
			                       .person = str_from_c(worker->person),
			                       .secret = worker->secret };
	}
	return true;
}

/* --- what the register says of itself ----------------------------------------------------------
 */

static const struct casebook_described PARTICULARS[] = {
	{ { "partnership", 11 }, { "Northmere Safeguarding Children Partnership", 43 } },
	{ { "area", 4 }, { "Northmere", 9 } },
	{ { "agency.council", 14 }, { "Northmere Council", 17 } },
	{ { "agency.police", 13 }, { "Northmere Police", 16 } },
	{ { "agency.health", 13 }, { "Northmere health services", 25 } },
	{ { "agency.school", 13 }, { "the schools of Northmere", 24 } },
	{ { "agency.voluntary", 16 }, { "Northmere Family Link", 21 } },
	{ { "scrutineer", 10 }, { "Miriam Goldthorpe", 17 } },
	{ { "privacy.controllers", 19 },
	  { "Northmere Council, 1 Market Square, Northmere: it runs the register.\n"
	    "Northmere Police and Northmere health services: each answers for what it writes.",
	    149 } },
	{ { "privacy.officer", 15 },
	  { "Dev Ashworth, 1 Market Square, Northmere. Telephone 01632 960 417", 65 } },
	{ { "privacy.schedule", 16 },
	  { "A concern that led to nothing: 25 years from the child\xE2\x80\x99s birth.", 65 } },
	{ { "privacy.complaints", 18 },
	  { "Complaints, 1 Market Square, Northmere. Telephone 01632 960 418", 63 } },
	{ { "accessibility.ways", 18 },
	  { "Telephone 01632 960 400. Easy Read and British Sign Language: ask for them.", 75 } },
	{ { "phones", 6 }, { "Sam Rowntree, on the first day", 30 } },
};

static bool describe(struct demo *demo, struct err *err)
{
	struct casebook_answer answer;
	if (!casebook_describe(demo->book, &demo->workers[0].actor, CASEBOOK_WEB, STR_NONE, STR(""),
	                       PARTICULARS, COUNT_OF(PARTICULARS), demo->act, &answer, err))
		return false;
	return answer.outcome == CASEBOOK_ADMITTED ||
	       err_set(err, ERR_FAULT, "the demo says nothing of itself: %s", answer.err.message);
}

bool demo_make_people(struct demo *demo, struct err *err)
{
	static const struct casebook_actor REGISTER = { .by = CASEBOOK_BY_REGISTER };
	make_homes(demo);
	demo->worker_count = COUNT_OF(WORKERS);
	for (size_t i = 0; i < demo->worker_count; i++) {
		demo->workers[i] = WORKERS[i];
		arena_reset(demo->act);
		/* The first is founded; everybody else is added by the first. */
		if (!add_worker(demo, i ? &demo->workers[0].actor : &REGISTER, &demo->workers[i],
		                err))
			return false;
		demo->made->people++;
	}
	return describe(demo, err) && fill_personas(demo, err);
}

struct demo_worker *demo_worker(struct demo *demo, const char *name)
{
	for (size_t i = 0; i < demo->worker_count; i++) {
		if (str_eq(str_from_c(demo->workers[i].name), str_from_c(name)))
			return &demo->workers[i];
	}
	return NULL;
}

const struct casebook_actor *demo_actor(struct demo *demo, const char *office)
{
	return demo_actor_of(demo, str_from_c(office));
}

const struct casebook_actor *demo_actor_of(struct demo *demo, struct str office)
{
	const struct casebook_actor *found = NULL;
	uint64_t seen = 0;
	for (size_t i = 0; i < demo->worker_count; i++) {
		const struct demo_worker *worker = &demo->workers[i];
		if (!str_eq(worker->actor.office, office))
			continue;
		if (!found || demo_below(demo, ++seen + 1) == 0)
			found = &worker->actor;
	}
	return found;
}

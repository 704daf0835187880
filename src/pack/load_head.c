/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pack.yaml, and the sentences of texts/LANG.yaml. */
#include <stdlib.h>

#include "pack/load.h"
#include "pack/name.h"

const struct yaml *load_head_of(const struct load *load)
{
	return load->whole->roots[SECTION_PACK];
}

/* First of all: what the others ask for (zone, names no condition may look at). */
void load_zone(struct load *load)
{
	const struct yaml *head = load_head_of(load), *zone = member_of(head, "zone");
	const struct yaml *never = member_of(head, "never");
	struct pack *pack = &load->whole->pack;
	struct err err;

	pack->name = text_of(head, "name");
	pack->version = text_of(head, "version");
	pack->title = text_of(head, "title");
	pack->language = text_of(head, "language");
	if (!zone_load(zone->text, &load->whole->zone, &err))
		loader_error_at(load->loader, zone, "zone \"%.*s\": %s",
		                STR_ARG(str_sub(zone->text, 0, 64)), err.message);
	pack->zone = load->whole->zone;
	struct str *names = loader_alloc(load->loader, never->count, sizeof *names);
	for (const struct yaml *item = names ? never->first : NULL; item; item = item->next)
		names[pack->never_count++] = item->text;
	pack->never = names;
}

static void check_never(struct load *load)
{
	static const struct str MUST[] = { { "ethnicity", 9 },
		                           { "nationality", 11 },
		                           { "religion", 8 } };
	const struct pack *pack = &load->whole->pack;
	const struct yaml *never = member_of(load_head_of(load), "never");
	for (size_t i = 0; i < COUNT_OF(MUST); i++) {
		bool is_there = false;
		for (size_t j = 0; j < pack->never_count; j++)
			is_there = is_there || str_eq(pack->never[j], MUST[i]);
		if (!is_there)
			loader_error_key(load->loader, never, "never does not hold %.*s (L10)",
			                 STR_ARG(MUST[i]));
	}
	for (const struct yaml *item = never->first; item; item = item->next) {
		if (!name_is_word(item->text))
			loader_error_at(load->loader, item,
			                "never names \"%.*s\"; expected a field's name",
			                STR_ARG(str_sub(item->text, 0, 60)));
	}
}

static void read_questions(struct load *load)
{
	const struct yaml *list = member_of(load_head_of(load), "to-check");
	struct pack *pack = &load->whole->pack;
	struct pack_question *out = loader_alloc(load->loader, count_of(list), sizeof *out);
	for (const struct yaml *item = out && list ? list->first : NULL; item; item = item->next)
		out[pack->question_count++] =
			(struct pack_question){ .matter = text_of(item, "matter"),
			                        .assumed = text_of(item, "assumed"),
			                        .ask = text_of(item, "ask") };
	pack->questions = out;
}

static const struct pack_duty *duty_of(struct load *load, const char *key,
                                       const struct pack_duty *otherwise)
{
	const struct yaml *node = member_of(load_head_of(load), key);
	if (!node)
		return otherwise;
	size_t number =
		load_resolve(load, node, node->text, STR("pack"), "duty", &load->whole->duties);
	return number == SIZE_MAX ? NULL : &load->duties[number];
}

static const struct pack_office *office_of(struct load *load, const char *key)
{
	const struct yaml *node = member_of(load_head_of(load), key);
	const struct pack_office *office =
		node ? pack_office_find(&load->whole->pack, node->text) : NULL;
	if (node && !office)
		loader_error_at(load->loader, node, "%s names \"%.*s\"; expected an office", key,
		                STR_ARG(str_sub(node->text, 0, 80)));
	return office;
}

/* FILETYPE.FACT, a fact that month fields feed. */
static const struct pack_fact *read_born(struct load *load, const struct yaml *node)
{
	struct str rest = node->text, type_name;
	(void)str_cut(&rest, '.', &type_name);
	const struct pack_file_type *type = pack_file_type_find(&load->whole->pack, type_name);
	const struct pack_fact *fact = NULL;
	for (size_t i = 0; type && rest.p && i < type->fact_count; i++) {
		if (str_eq(type->facts[i].name, rest))
			fact = &type->facts[i];
	}
	if (!fact) {
		loader_error_at(load->loader, node, "born names \"%.*s\"; expected FILETYPE.FACT",
		                STR_ARG(str_sub(node->text, 0, 80)));
		return NULL;
	}
	for (size_t i = 0; i < fact->from_count; i++) {
		const struct pack_field *field =
			fact->from[i].kind
				? pack_field_find(fact->from[i].kind, fact->from[i].field)
				: NULL;
		if (field && field->type != PACK_MONTH)
			loader_error_at(load->loader, node,
			                "born names %.*s, which %.*s.%.*s feeds; expected"
			                " fields of type month alone",
			                STR_ARG(node->text), STR_ARG(fact->from[i].kind->name),
			                STR_ARG(field->name));
	}
	return fact;
}

static bool is_by(const struct pack_kind *kind, enum pack_by_sort sort)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort == sort)
			return true;
	}
	return false;
}

/* What the public's report becomes: it begins a file. */
static bool is_report(const struct pack *pack, const struct pack_kind *kind)
{
	(void)pack;
	return kind->may_begin && is_by(kind, PACK_BY_PUBLIC);
}

/* What is told behind its code: it stands on that file. */
static bool is_report_added(const struct pack *pack, const struct pack_kind *kind)
{
	return !kind->may_begin && is_by(kind, PACK_BY_PERSON) && pack->report &&
	       (kind->file_types & pack->report->file_types);
}

/* The kind that the head names under `key`, or where it names none the first that fits. */
static const struct pack_kind *read_report(struct load *load, const char *key,
                                           bool (*fits)(const struct pack *pack,
                                                        const struct pack_kind *kind),
                                           const char *expected)
{
	const struct yaml *node = member_of(load_head_of(load), key);
	const struct pack *pack = &load->whole->pack;
	size_t number = node ? load_resolve(load, node, node->text, STR("pack"), "kind",
	                                    &load->whole->kinds)
	                     : SIZE_MAX;
	if (number != SIZE_MAX && fits(pack, &pack->kinds[number]))
		return &pack->kinds[number];
	if (number != SIZE_MAX)
		loader_error_at(load->loader, node, "%s names \"%.*s\"; expected a kind %s", key,
		                STR_ARG(str_sub(node->text, 0, 80)), expected);
	for (size_t i = 0; !node && i < pack->kind_count; i++) {
		if (fits(pack, &pack->kinds[i]))
			return &pack->kinds[i];
	}
	return NULL;
}

/* --- what looks alike
 * ---------------------------------------------------------------------------------------
 */

static const struct pack_field *plain_field(const struct pack_kind *kind, const char *name,
                                            enum pack_type type)
{
	const struct pack_field *field = pack_field_find(kind, str_from_c(name));
	return field && field->type == type && !field->is_sealed ? field : NULL;
}

/* A kind of `matching`, which has the plain field `name` of the type; NULL after an error. */
static const struct pack_kind *matching_kind(struct load *load, const char *key, const char *name,
                                             enum pack_type type)
{
	const struct yaml *node = member_of(member_of(load_head_of(load), "matching"), key);
	size_t number =
		load_resolve(load, node, node->text, STR("matching"), "kind", &load->whole->kinds);
	if (number == SIZE_MAX)
		return NULL;
	const struct pack_kind *kind = &load->kinds[number];
	if (plain_field(kind, name, type))
		return kind;
	loader_error_at(load->loader, node,
	                "matching: %s names %.*s; expected a kind with the plain field \"%s\"", key,
	                STR_ARG(kind->name), name);
	return NULL;
}

static void read_as(struct load *load, const struct yaml *as, struct pack_matching *matching)
{
	static const char *const NAMES[] = {
		[PACK_MATCHED_NAME] = "name",   [PACK_MATCHED_BIRTH] = "name",
		[PACK_MATCHED_HOME] = "home",   [PACK_MATCHED_NUMBER] = "number",
		[PACK_MATCHED_PLACE] = "place", [PACK_MATCHED_MARK] = "mark",
	};
	const struct pack_field *what = plain_field(matching->propose, "what", PACK_CODE);
	for (size_t i = PACK_MATCHED_NAME; what && i < COUNT_OF(NAMES); i++) {
		const struct yaml *code = member_of(as, NAMES[i]);
		if (!code)
			continue;
		matching->as[i] = code->text;
		if (what->list && !pack_code_find(what->list, code->text))
			loader_error_at(load->loader, code,
			                "matching: as names \"%.*s\"; expected a code of %.*s.what",
			                STR_ARG(code->text), STR_ARG(matching->propose->name));
	}
}

static void check_undecided(struct load *load, const struct yaml *code,
                            const struct pack_kind *answer)
{
	const struct pack_field *field = code ? plain_field(answer, "answer", PACK_CODE) : NULL;
	if (code && (!field || !field->list || !pack_code_find(field->list, code->text)))
		loader_error_at(load->loader, code,
		                "matching: undecided names \"%.*s\"; expected a code of the plain"
		                " field \"answer\" of %.*s",
		                STR_ARG(code->text), STR_ARG(answer->name));
}

static void read_matching(struct load *load, const struct yaml *node)
{
	struct pack_matching *matching = &load->whole->pack.matching;
	const struct pack_kind *propose = matching_kind(load, "propose", "other", PACK_FILE);
	const struct pack_kind *answer = matching_kind(load, "answer", "of", PACK_ENTRY);
	const struct pack_kind *same = matching_kind(load, "same", "other", PACK_FILE);
	const struct pack_kind *apart = matching_kind(load, "apart", "other", PACK_FILE);
	if (!propose || !answer || !same || !apart)
		return;
	if (!is_by(propose, PACK_BY_REGISTER) || !plain_field(propose, "what", PACK_CODE))
		loader_error_at(
			load->loader, member_of(node, "propose"),
			"matching: propose names %.*s; expected a kind that the register may"
			" make, with the plain field \"what\" of type code",
			STR_ARG(propose->name));
	if (same->link_count == 0 || apart->link_count == 0)
		loader_error_at(load->loader, node,
		                "matching: same and apart are kinds that link the two files");
	*matching = (struct pack_matching){
		.propose = propose,
		.answer = answer,
		.undecided = text_of(node, "undecided"),
		.same = same,
		.apart = apart,
		.joins = same->link_count ? same->links[0].relation : NULL,
		.keeps_apart = apart->link_count ? apart->links[0].relation : NULL,
	};
	check_undecided(load, member_of(node, "undecided"), answer);
	read_as(load, member_of(node, "as"), matching);
}

/* --- what a file of people becomes
 * ---------------------------------------------------------------------------------------
 */

static const struct pack_field *matched_field(const struct pack_kind *kind, enum pack_matched as)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		if (kind->fields[i].matched == as)
			return &kind->fields[i];
	}
	return NULL;
}

/* The field that the key names, which has the type; NULL: the key is not there, or an error. */
static const struct pack_field *imported_field(struct load *load, const struct yaml *node,
                                               const char *key, const struct pack_kind *kind,
                                               enum pack_type type)
{
	const struct yaml *name = member_of(node, key);
	const struct pack_field *field = name ? pack_field_find(kind, name->text) : NULL;
	if (!name || (field && field->type == type && !field->is_sealed))
		return field;
	loader_error_at(load->loader, name,
	                "import: %s names \"%.*s\"; expected a plain %s of %.*s", key,
	                STR_ARG(str_sub(name->text, 0, 80)), type == PACK_MONTH ? "month" : "code",
	                STR_ARG(kind->name));
	return NULL;
}

static void read_known_as(struct load *load, const struct yaml *node, struct pack_import *import)
{
	static const char *const NAMES[] = { [PACK_BIRTH_NONE] = "none",
		                             [PACK_BIRTH_YEAR] = "year",
		                             [PACK_BIRTH_MONTH] = "month",
		                             [PACK_BIRTH_DAY] = "day" };
	const struct yaml *as = member_of(node, "as");
	if (!import->known)
		return;
	if (!as)
		loader_error_key(load->loader, node, "import: known has no \"as\"");
	for (size_t i = 0; as && i < COUNT_OF(NAMES); i++) {
		const struct yaml *code = member_of(as, NAMES[i]);
		import->known_as[i] = code->text;
		if (import->known->list && !pack_code_find(import->known->list, code->text))
			loader_error_at(load->loader, code,
			                "import: as names \"%.*s\"; expected a code of %.*s.%.*s",
			                STR_ARG(code->text), STR_ARG(import->kind->name),
			                STR_ARG(import->known->name));
	}
}

/* What the kind asks for in any case is what a row says. */
static void check_import(struct load *load, const struct yaml *node,
                         const struct pack_import *import)
{
	const struct pack_kind *kind = import->kind;
	if (!kind->may_begin || !import->names || !import->numbers)
		loader_error_at(load->loader, member_of(node, "kind"),
		                "import: kind names %.*s; expected a kind that begins a file, with"
		                " fields matched as name and as number",
		                STR_ARG(kind->name));
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->required == PACK_REQUIRED && field != import->names &&
		    field != import->known)
			loader_error_at(load->loader, member_of(node, "kind"),
			                "import: %.*s asks for \"%.*s\", which no row says",
			                STR_ARG(kind->name), STR_ARG(field->name));
	}
}

static void read_import(struct load *load, const struct yaml *node, struct pack_import *import)
{
	int64_t from_age = 0;
	const struct yaml *name = member_of(node, "kind");
	size_t number =
		load_resolve(load, name, name->text, STR("import"), "kind", &load->whole->kinds);
	if (number == SIZE_MAX)
		return;
	const struct pack_kind *kind = &load->kinds[number];
	if (!scalar_integer(text_of(node, "from-age"), &from_age))
		from_age = 0;
	*import = (struct pack_import){
		.kind = kind,
		.from_age = (int)from_age,
		.names = matched_field(kind, PACK_MATCHED_NAME),
		.birth = matched_field(kind, PACK_MATCHED_BIRTH),
		.home = matched_field(kind, PACK_MATCHED_HOME),
		.numbers = matched_field(kind, PACK_MATCHED_NUMBER),
		.born = imported_field(load, node, "born", kind, PACK_MONTH),
		.known = imported_field(load, node, "known", kind, PACK_CODE),
	};
	read_known_as(load, node, import);
	check_import(load, node, import);
}

static void read_imports(struct load *load)
{
	const struct yaml *list = member_of(load_head_of(load), "import");
	struct pack *pack = &load->whole->pack;
	struct pack_import *out = loader_alloc(load->loader, count_of(list), sizeof *out);
	for (const struct yaml *item = out && list ? list->first : NULL; item; item = item->next) {
		struct pack_import *import = &out[pack->import_count++];
		read_import(load, item, import);
		if (import == out && import->from_age)
			loader_error_at(load->loader, member_of(item, "from-age"),
			                "import: the first is what a row becomes of which no age is"
			                " known; expected no from-age");
	}
	pack->imports = out;
}

void load_head(struct load *load)
{
	const struct yaml *head = load_head_of(load), *calendar = member_of(head, "calendar");
	struct pack *pack = &load->whole->pack;

	check_never(load);
	read_questions(load);
	size_t number = load_resolve(load, calendar, calendar->text, STR("pack"), "calendar",
	                             &load->whole->calendars);
	if (number != SIZE_MAX)
		pack->calendar = &load->calendars[number];
	pack->rest = duty_of(load, "rest", NULL);
	pack->vacant_duty = duty_of(load, "vacant-duty", pack->rest);
	pack->clock_duty = duty_of(load, "clock-duty", pack->rest);
	pack->broken_duty = duty_of(load, "broken-duty", pack->rest);
	pack->pattern_duty = duty_of(load, "pattern-duty", NULL);
	pack->correction_second = office_of(load, "correction-second");
	if (!member_of(head, "pattern-duty") && pack->pattern_count > 0)
		loader_error_key(load->loader, head, "pack has patterns and no \"pattern-duty\"");
	if (member_of(head, "born"))
		pack->born = read_born(load, member_of(head, "born"));
	int64_t unborn = 0;
	if (scalar_integer(text_of(head, "unborn-months"), &unborn))
		pack->unborn_months = (int)unborn;
	if (member_of(head, "matching"))
		read_matching(load, member_of(head, "matching"));
	read_imports(load);
	pack->report = read_report(load, "report", is_report, "that begins a file, by the public");
	pack->report_added = read_report(load, "report-added", is_report_added,
	                                 "by person, on the file that a report begins");
	/* R01 climbs as the rest duty does when there is no duty it would settle. */
	if (pack->rest && !pack->rest->ladder_by.p)
		load->duties[pack->duty_count - 2].ladder = pack->rest->ladder;
}

/* --- texts ----------------------------------------------------------------------------------- */

/* Cuts "REST.END" at the end; false when it does not end so. */
static bool cut_end(struct str *text, struct str end)
{
	if (!str_ends(*text, end))
		return false;
	text->n -= end.n;
	return true;
}

static bool is_kind_path(const struct pack *pack, struct str path)
{
	bool is_field = cut_end(&path, STR(".label")) || cut_end(&path, STR(".hint"));
	if (!is_field)
		return (cut_end(&path, STR(".title")) || cut_end(&path, STR(".public")) ||
		        cut_end(&path, STR(".action"))) &&
		       pack_kind_find(pack, path);
	size_t dot = path.n;
	while (dot > 0 && path.p[dot - 1] != '.')
		dot--;
	if (dot == 0)
		return false;
	struct str field = str_sub(path, dot, path.n), name = str_sub(path, 0, dot - 1);
	if (!cut_end(&name, STR(".field")))
		return false;
	const struct pack_kind *kind = pack_kind_find(pack, name);
	return kind && pack_field_find(kind, field);
}

/* word.NAME.advice, word.NAME.instead.N */
static bool is_word_path(const struct pack *pack, struct str name, struct str rest)
{
	struct str part;
	uint64_t number;
	for (size_t i = 0; rest.p && i < pack->word_count; i++) {
		if (!str_eq(pack->words[i].name, name))
			continue;
		if (str_eq(rest, STR("advice")))
			return true;
		return str_cut(&rest, '.', &part) && str_eq(part, STR("instead")) &&
		       str_to_u64(rest, 999, &number) && number >= 1 &&
		       number <= pack->words[i].instead_count;
	}
	return false;
}

/* FIELD.label, FIELD.hint, FIELD.codes, FIELD.code.CODE */
static bool is_asked_path(const struct pack_kind *kind, struct str path)
{
	struct str name, part;
	(void)str_cut(&path, '.', &name);
	const struct pack_field *field = pack_field_find(kind, name);
	if (!field || !path.p)
		return false;
	if (str_eq(path, STR("label")) || str_eq(path, STR("hint")))
		return true;
	if (str_eq(path, STR("codes")))
		return field->list != NULL;
	return str_cut(&path, '.', &part) && str_eq(part, STR("code")) && path.p && field->list &&
	       pack_code_find(field->list, path);
}

/* What the public reads of a kind: KIND.action, KIND.about, KIND.FIELD... A layer may take the kind
 * from the public, and leaves the words. */
static bool is_public_path(const struct pack *pack, struct str path)
{
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		struct str rest = str_sub(path, kind->name.n, path.n);
		bool is_of = str_starts(path, kind->name) && str_starts(rest, STR("."));
		rest = str_sub(rest, 1, rest.n);
		if (is_of && (str_eq(rest, STR("action")) || str_eq(rest, STR("about")) ||
		              is_asked_path(kind, rest)))
			return true;
	}
	return false;
}

static bool is_path(const struct pack *pack, struct str path)
{
	struct str rest = path, sort, name, part;
	(void)str_cut(&rest, '.', &sort);
	if (str_eq(sort, STR("report")))
		return pack_sentence_built_in(path).p != NULL;
	if (str_eq(sort, STR("public")))
		return rest.p && is_public_path(pack, rest);
	if (str_eq(sort, STR("kind")))
		return rest.p && is_kind_path(pack, rest);
	if (!str_cut(&rest, '.', &name))
		return false;
	if (str_eq(sort, STR("list")))
		return rest.p && list_find(pack, name) &&
		       pack_code_find(list_find(pack, name), rest);
	if (str_eq(sort, STR("duty")))
		return str_eq(rest, STR("title")) && pack_duty_find(pack, name);
	if (str_eq(sort, STR("gate"))) {
		const struct pack_gate *gate = pack_gate_find(pack, name);
		uint64_t number = 0;
		return gate && str_cut(&rest, '.', &part) && str_to_u64(part, 999, &number) &&
		       number >= 1 && number <= gate->need_count &&
		       (str_eq(rest, STR("else")) || str_eq(rest, STR("there")));
	}
	if (str_eq(sort, STR("word")))
		return is_word_path(pack, name, rest);
	if (str_eq(sort, STR("file"))) {
		const struct pack_file_type *type = pack_file_type_find(pack, name);
		return type && (str_eq(rest, STR("title")) ||
		                (str_cut(&rest, '.', &part) && str_eq(part, STR("state")) &&
		                 rest.p && pack_state_find(type, rest) >= 0));
	}
	return (str_eq(sort, STR("office")) && pack_office_find(pack, name) &&
	        str_eq(rest, STR("title"))) ||
	       (str_eq(sort, STR("agency")) && pack_agency_find(pack, name) &&
	        str_eq(rest, STR("title")));
}

static int by_language_and_path(const void *a, const void *b)
{
	const struct whole_text *left = a, *right = b;
	int order = str_compare(left->language, right->language);
	return order ? order : str_compare(left->path, right->path);
}

static bool is_declared(const struct load *load, struct str language)
{
	const struct yaml *list = member_of(load_head_of(load), "languages");
	for (const struct yaml *item = list ? list->first : NULL; item; item = item->next) {
		if (str_eq(item->text, language))
			return true;
	}
	return str_eq(load->whole->pack.language, language);
}

void load_texts(struct load *load)
{
	const struct yaml *root = load->whole->roots[SECTION_TEXTS];
	size_t count = 0, at = 0;
	for (const struct yaml *language = root->first; language; language = language->next)
		count += language->count;
	struct whole_text *texts = loader_alloc(load->loader, count, sizeof *texts);
	if (!texts)
		return;
	for (const struct yaml *language = root->first; language; language = language->next) {
		if (!is_declared(load, language->key))
			loader_error_key(load->loader, language,
			                 "language %.*s is not among the languages of"
			                 " pack.yaml",
			                 STR_ARG(language->key));
		for (const struct yaml *text = language->first; text; text = text->next) {
			if (!is_path(&load->whole->pack, text->key))
				loader_error_key(load->loader, text,
				                 "\"%.*s\" is the path of no sentence of this"
				                 " pack",
				                 STR_ARG(str_sub(text->key, 0, 120)));
			texts[at++] = (struct whole_text){ language->key, text->key, text->text };
		}
	}
	qsort(texts, count, sizeof *texts, by_language_and_path);
	load->whole->texts = texts;
	load->whole->text_count = count;
}

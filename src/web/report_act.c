/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * From answers to the fields of an act. Whatever was not answered is left out;
 * what the kind asks of a worker, and nobody asks of the public, says unknown.
 */
#include "web/report.h"

/* Answers that the lists of a pack may not know, and what they say there. */
static const struct {
	const char *answer;
	const char *codes[2];
} HARM_OTHERWISE[] = {
	{ "taken", { "female-genital-mutilation", "forced-marriage" } },
	{ "missing", { "not-yet-known", NULL } },
	{ "other", { "not-yet-known", NULL } },
	{ "unknown", { "not-yet-known", NULL } },
};

struct making {
	struct web_request *request;
	struct arena *arena;
	const struct json *answers;
	struct json *fields;
	const struct pack_kind *kind;
};

/* Whether the rules of this report have such a field; what the register says of itself is else
 * left out. What somebody wrote is not: without its field it was never asked. */
static bool has_field(const struct making *making, const char *name)
{
	return !making->kind || pack_field_find(making->kind, str_from_c(name));
}

static void put(struct making *making, const char *name, struct str text)
{
	if (text.n > 0 && has_field(making, name))
		json_put_text(making->arena, making->fields, str_from_c(name), text);
}

static void put_same(struct making *making, const char *name)
{
	put(making, name, json_text(making->answers, str_from_c(name)));
}

static bool has_code(const struct making *making, const char *field, struct str code)
{
	const struct pack_field *found =
		making->kind ? pack_field_find(making->kind, str_from_c(field)) : NULL;
	return found && found->list && pack_code_find(found->list, code);
}

/* --- harm ------------------------------------------------------------------------------------ */

static void push_once(struct arena *arena, struct json *list, struct str code)
{
	for (const struct json *item = list->first; item; item = item->next)
		if (str_eq(item->string, code))
			return;
	json_push(list, json_string(arena, code));
}

static void push_harm(struct making *making, struct json *list, struct str answer)
{
	if (has_code(making, "harm", answer)) {
		push_once(making->arena, list, answer);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(HARM_OTHERWISE); i++) {
		if (!str_eq(str_from_c(HARM_OTHERWISE[i].answer), answer))
			continue;
		for (size_t n = 0; n < 2 && HARM_OTHERWISE[i].codes[n]; n++)
			push_once(making->arena, list, str_from_c(HARM_OTHERWISE[i].codes[n]));
	}
}

static void put_harm(struct making *making)
{
	struct json *list = json_array(making->arena);
	const struct json *given = json_member(making->answers, STR("harm"));
	if (!has_field(making, "harm"))
		return;
	for (const struct json *item = given && list ? given->first : NULL; item; item = item->next)
		push_harm(making, list, item->string);
	if (list && list->count == 0)
		json_push(list, json_string(making->arena, STR("not-yet-known")));
	json_put(making->fields, STR("harm"), list);
}

/* --- who ------------------------------------------------------------------------------------- */

static void put_source(struct making *making, bool is_me)
{
	struct str relation = json_text(making->answers, STR("relation"));
	bool is_named = str_eq(json_text(making->answers, STR("who")), STR("yes"));
	struct str source = STR("anonymous");
	if (is_me)
		source = STR("child");
	else if (is_named)
		source = has_code(making, "source", relation) ? relation : STR("public");
	put(making, "source", source);
	if (is_named && !is_me) {
		put_same(making, "name");
		const struct json *tell = json_member(making->answers, STR("tell-family"));
		put(making, "tell-family", tell && tell->count > 0 ? STR("yes") : STR("no"));
	}
}

static void add_rule(struct making *making, struct buf *rules, const char *what, const char *name)
{
	struct str value = json_text(making->answers, str_from_c(name));
	if (str_trim(value).n > 0)
		buf_format(rules, "%s: %.*s\n", what, STR_ARG(value));
}

static void put_contact(struct making *making)
{
	struct str way = json_text(making->answers, STR("way"));
	struct str other = json_text(making->answers, STR("if-other"));
	struct buf rules;
	if (way.n == 0)
		return;
	bool may = !str_eq(way, STR("none"));
	put(making, "may-contact", may ? STR("yes") : STR("no"));
	if (!may)
		return;
	put_same(making, "contact");
	buf_init(&rules, 4096);
	add_rule(making, &rules, "By", "way");
	add_rule(making, &rules, "When it is safe", "contact-when");
	if (str_eq(other, STR("as-written")))
		add_rule(making, &rules, "If somebody else answers, say", "if-other-say");
	else
		add_rule(making, &rules, "If somebody else answers", "if-other");
	add_rule(making, &rules, "The word by which they know us", "phrase");
	put(making, "contact-rules", arena_copy(making->arena, buf_str(&rules)));
	buf_finish(&rules);
}

static void put_born(struct making *making)
{
	struct day day;
	if (question_day(making->answers, "born", making->arena, &day))
		put(making, "born", day_write(making->arena, day));
}

static void put_files(struct making *making, const struct json *files)
{
	struct json *list = json_array(making->arena);
	if (!files || files->count == 0)
		return;
	for (const struct json *file = files->first; file; file = file->next)
		json_push(list, draft_copy(making->arena, file));
	json_put(making->fields, STR("files"), list);
	if (has_field(making, "file-count"))
		json_put_integer(making->arena, making->fields, STR("file-count"),
		                 (int64_t)files->count);
}

void report_contact_fields(struct web_request *request, const struct json *answers,
                           struct json *fields)
{
	struct making making = {
		.request = request, .arena = request->arena, .answers = answers, .fields = fields
	};
	put_contact(&making);
}

struct json *report_fields(struct web_request *request, const struct report *report)
{
	struct making making = {
		.request = request,
		.arena = request->arena,
		.answers = report->answers,
		.fields = json_object(request->arena),
		.kind = casebook_pack(site_book(request))->report,
	};
	struct str danger = json_text(report->answers, STR("danger-now"));
	static const char *const SAME[] = { "about",  "happening", "child", "home",
		                            "school", "others",    "when",  "where" };
	put(&making, "danger-now", danger.n ? danger : STR("unknown"));
	put_source(&making, report->is_me);
	put_harm(&making);
	put(&making, "harm-sign", STR("unknown"));
	for (size_t i = 0; i < COUNT_OF(SAME); i++)
		put_same(&making, SAME[i]);
	put(&making, "age-said", str_trim(json_text(report->answers, STR("age-said"))));
	put_same(&making, "when-kind");
	put_born(&making);
	if (!report->is_me) {
		put_same(&making, "said");
		put_same(&making, "child-knows");
	}
	put_files(&making, report->files);
	put(&making, "channel", STR("web"));
	put_contact(&making);
	return making.fields;
}

/* --- the short form -------------------------------------------------------------------------- */

static const char *const SHORT_KEYS[] = { "happening", "child", "danger", "where",
	                                  "when",      "words", "name",   "contact" };

/* The field that a key of the short form becomes. */
static struct str field_of(struct str key)
{
	if (str_eq(key, STR("words")))
		return STR("said");
	return str_eq(key, STR("danger")) ? STR("danger-now") : key;
}

static bool is_short_key(const struct pack_kind *kind, struct str key)
{
	for (size_t i = 0; i < COUNT_OF(SHORT_KEYS); i++)
		if (str_eq(str_from_c(SHORT_KEYS[i]), key))
			return !kind || pack_field_find(kind, field_of(key));
	return false;
}

static void refuse_key(struct web_request *request, struct json *model, struct str key)
{
	struct str shown = str_sub(key, 0, 64);
	if (!str_is_utf8(shown))
		shown = STR("?");
	page_error(
		request, model, shown,
		arena_format(request->arena, "\"%.*s\" is not part of a report", STR_ARG(shown)));
}

static void check_keys(struct web_request *request, struct json *model)
{
	const struct pack_kind *kind = casebook_pack(site_book(request))->report;
	if (!request->json) {
		for (size_t i = 0; i < request->form.count; i++)
			if (!is_short_key(kind, request->form.at[i].name))
				refuse_key(request, model, request->form.at[i].name);
		if (fields_repeat(&request->form))
			page_error(request, model, STR("report"),
			           STR("Each answer can be given once"));
		return;
	}
	for (const struct json *member = request->json->first; member; member = member->next) {
		if (!is_short_key(kind, member->key))
			refuse_key(request, model, member->key);
		else if (member->type != JSON_STRING && member->type != JSON_NULL)
			page_error(request, model, member->key,
			           arena_format(request->arena, "\"%.*s\" must be text",
			                        STR_ARG(member->key)));
	}
}

/* The same limits as where one question stands on a page. */
static void check_lengths(struct web_request *request, struct json *model)
{
	for (size_t i = 0; i < COUNT_OF(SHORT_KEYS); i++) {
		struct str key = str_from_c(SHORT_KEYS[i]);
		struct str wrong = question_too_long(
			request->arena, key, question_max(field_of(key)), site_value(request, key));
		if (wrong.p)
			page_error(request, model, key, wrong);
	}
}

static struct str danger_code(struct web_request *request, struct json *model)
{
	struct str danger = site_choice(request, STR("danger"));
	if (danger.n == 0 || str_eq(danger, STR("unsure")))
		return STR("unknown");
	if (!str_eq(danger, STR("yes")) && !str_eq(danger, STR("no")))
		page_error(request, model, STR("danger"),
		           STR("\"danger\" must be yes, no or unsure"));
	return danger;
}

struct json *report_short_schema(struct arena *arena)
{
	static const char *const DANGERS[] = { "yes", "no", "unsure" };
	struct json *schema = json_object(arena), *properties = json_object(arena);
	struct json *required = json_array(arena), *dangers = json_array(arena);
	for (size_t i = 0; i < COUNT_OF(DANGERS); i++)
		json_push(dangers, json_string(arena, str_from_c(DANGERS[i])));
	for (size_t i = 0; i < COUNT_OF(SHORT_KEYS); i++) {
		struct str key = str_from_c(SHORT_KEYS[i]);
		struct json *property = json_object(arena);
		size_t max = question_max(field_of(key));
		json_put_text(arena, property, STR("type"), STR("string"));
		if (max > 0)
			json_put_integer(arena, property, STR("maxLength"), (int64_t)max);
		if (str_eq(key, STR("danger")))
			json_put(property, STR("enum"), dangers);
		json_put(properties, key, property);
	}
	json_push(required, json_string(arena, STR("happening")));
	json_put_text(arena, schema, STR("type"), STR("object"));
	json_put(schema, STR("properties"), properties);
	json_put(schema, STR("required"), required);
	json_put_bool(arena, schema, STR("additionalProperties"), false);
	return schema;
}

bool report_short_fields(struct web_request *request, struct json *model, struct json **out)
{
	struct making making = { .request = request,
		                 .arena = request->arena,
		                 .fields = json_object(request->arena),
		                 .kind = casebook_pack(site_book(request))->report };
	const struct json *errors = json_member(model, STR("errors"));
	struct str name = site_value(request, STR("name"));
	struct str contact = site_value(request, STR("contact"));
	*out = making.fields;
	if (request->json && request->json->type != JSON_OBJECT)
		page_error(request, model, STR("report"), STR("A report is one object"));
	else
		check_keys(request, model);
	check_lengths(request, model);
	if (str_trim(site_value(request, STR("happening"))).n == 0 &&
	    page_error_of(model, STR("happening")).n == 0 &&
	    page_error_of(model, STR("report")).n == 0)
		page_error(request, model, STR("happening"),
		           STR("Write something about what is happening, even a few words"));
	put(&making, "danger-now", danger_code(request, model));
	put(&making, "source", str_trim(name).n ? STR("public") : STR("anonymous"));
	put(&making, "happening", site_value(request, STR("happening")));
	put(&making, "said", site_value(request, STR("words")));
	put_harm(&making);
	put(&making, "harm-sign", STR("unknown"));
	put(&making, "child", site_value(request, STR("child")));
	put(&making, "when", site_value(request, STR("when")));
	put(&making, "where", site_value(request, STR("where")));
	put(&making, "name", name);
	put(&making, "contact", contact);
	if (str_trim(contact).n > 0)
		put(&making, "may-contact", STR("yes"));
	put(&making, "channel", STR("web"));
	return errors && errors->count == 0;
}

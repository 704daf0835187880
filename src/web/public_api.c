/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * GET /api: what can be asked for and sent, as OpenAPI 3.1, made from the table
 * of routes and from the kinds of the pack in force. Nothing in it is written
 * by hand, so that it cannot fall behind.
 */
#include "web/public.h"

#include "web/report.h"

/* --- kinds as schemas ------------------------------------------------------------------------ */

static const char *schema_type(enum pack_type type)
{
	switch (type) {
	case PACK_YES:
		return "boolean";
	case PACK_INTEGER:
	case PACK_ENTRY:
		return "integer";
	case PACK_CODES:
	case PACK_ROWS:
		return "array";
	case PACK_ATTACHMENT:
		return "object";
	case PACK_CODE:
	case PACK_DATE:
	case PACK_INSTANT:
	case PACK_MONTH:
	case PACK_VERSION:
	case PACK_OFFICE:
	case PACK_FILE:
	case PACK_DUTY:
	case PACK_TEXT:
	case PACK_WORDS:
	case PACK_NAME:
	case PACK_ADDRESS:
	case PACK_IDENTIFIER:
		break;
	}
	return "string";
}

static void put_codes(struct arena *arena, struct json *schema, const struct pack_field *field)
{
	struct json *codes = json_array(arena), *holder = schema;
	for (size_t i = 0; i < field->list->count; i++)
		json_push(codes, json_string(arena, field->list->codes[i].code));
	if (field->type == PACK_CODES) {
		holder = json_object(arena);
		json_put_text(arena, holder, STR("type"), STR("string"));
		json_put(schema, STR("items"), holder);
	}
	json_put(holder, STR("enum"), codes);
}

static struct json *field_schema(struct arena *arena, const struct pack_field *field)
{
	struct json *schema = json_object(arena);
	bool is_list = field->is_repeated && field->type != PACK_CODES;
	json_put_text(arena, schema, STR("title"), field->label);
	if (field->hint.n > 0)
		json_put_text(arena, schema, STR("description"), field->hint);
	json_put_text(arena, schema, STR("type"),
	              str_from_c(is_list ? "array" : schema_type(field->type)));
	if (field->list && !is_list)
		put_codes(arena, schema, field);
	if (field->type == PACK_DATE && !is_list)
		json_put_text(arena, schema, STR("format"), STR("date"));
	if (field->type == PACK_INSTANT && !is_list)
		json_put_text(arena, schema, STR("format"), STR("date-time"));
	return schema;
}

/* What speaks of the post beside the fields: when it happened and arrived, what was read before. */
static void put_post(struct arena *arena, const struct pack_kind *kind, struct json *fields)
{
	static const char *const TIMES[] = { "happened-at", "received-at" };
	for (size_t i = 0; i < COUNT_OF(TIMES); i++) {
		struct json *time = json_object(arena);
		json_put_text(arena, time, STR("type"), STR("string"));
		json_put_text(arena, time, STR("format"), STR("date-time"));
		json_put(fields, str_from_c(TIMES[i]), time);
	}
	if (!kind->may_begin) {
		struct json *seen = json_object(arena);
		json_put_text(arena, seen, STR("type"), STR("integer"));
		json_put(fields, STR("seen"), seen);
	}
	if (kind->has_note) {
		struct json *note = json_object(arena);
		json_put_text(arena, note, STR("type"), STR("string"));
		json_put(fields, STR("note"), note);
	}
}

static struct json *kind_schema(struct arena *arena, const struct pack_kind *kind)
{
	struct json *schema = json_object(arena), *fields = json_object(arena);
	struct json *required = json_array(arena);
	json_put_text(arena, schema, STR("title"), kind->title);
	if (kind->may_begin && !kind->is_built_in)
		json_put_text(arena, schema, STR("description"),
		              arena_format(arena, "Begins a file of its own: POST /files/new/%.*s",
		                           STR_ARG(kind->name)));
	json_put_text(arena, schema, STR("type"), STR("object"));
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		if (field->counted)
			continue;
		json_put(fields, field->name, field_schema(arena, field));
		if (field->required == PACK_REQUIRED)
			json_push(required, json_string(arena, field->name));
	}
	put_post(arena, kind, fields);
	json_put(schema, STR("properties"), fields);
	json_put(schema, STR("required"), required);
	json_put_bool(arena, schema, STR("additionalProperties"), false);
	return schema;
}

/* --- routes as paths ------------------------------------------------------------------------- */

/* "/files/:id/:kind" is "/files/{id}/{kind}" here. */
static struct str path_of(struct arena *arena, const char *pattern, struct json *parameters)
{
	struct str rest = str_from_c(pattern), segment, path = STR("");
	(void)str_cut(&rest, '/', &segment);
	while (str_cut(&rest, '/', &segment)) {
		bool is_named = segment.n > 0 && (segment.p[0] == ':' || segment.p[0] == '*');
		struct str name = is_named ? str_sub(segment, 1, segment.n) : segment;
		path = arena_format(arena, is_named ? "%.*s/{%.*s}" : "%.*s/%.*s", STR_ARG(path),
		                    STR_ARG(name));
		if (!is_named)
			continue;
		struct json *parameter = json_object(arena), *schema = json_object(arena);
		json_put_text(arena, schema, STR("type"), STR("string"));
		json_put_text(arena, parameter, STR("name"), name);
		json_put_text(arena, parameter, STR("in"), STR("path"));
		json_put_bool(arena, parameter, STR("required"), true);
		if (str_eq(name, STR("id")) && str_ends(str_from_c(pattern), STR("/:kind")))
			json_put_text(arena, parameter, STR("description"),
			              STR("A file's number or id; \"new\" begins a file"));
		json_put(parameter, STR("schema"), schema);
		json_push(parameters, parameter);
	}
	return path;
}

/* --- what is sent ---------------------------------------------------------------------------- */

/* A schema that stands among the components. */
static struct json *schema_at(struct arena *arena, struct str name)
{
	struct json *schema = json_object(arena);
	json_put_text(arena, schema, STR("$ref"),
	              arena_format(arena, "#/components/schemas/%.*s", STR_ARG(name)));
	return schema;
}

static bool is_report(const struct web_route *route)
{
	return str_eq(str_from_c(route->pattern), STR("/report"));
}

static bool is_act(const struct web_route *route)
{
	return str_ends(str_from_c(route->pattern), STR("/:kind"));
}

/* What a route takes whose content is known, a report or an act of any kind; else NULL. */
static struct json *sent_schema(struct arena *arena, const struct pack *pack,
                                const struct web_route *route)
{
	if (is_report(route))
		return schema_at(arena, STR("report"));
	if (!is_act(route))
		return NULL;
	struct json *schema = json_object(arena), *kinds = json_array(arena);
	for (size_t i = 0; i < pack->kind_count; i++)
		if (pack->kinds[i].retired.n == 0)
			json_push(kinds, schema_at(arena, pack->kinds[i].name));
	json_put(schema, STR("anyOf"), kinds);
	return schema;
}

static void put_body(struct arena *arena, struct json *operation, const struct pack *pack,
                     const struct web_route *route)
{
	static const struct {
		unsigned take;
		const char *type;
	} TYPES[] = { { GATE_TAKES_FORM, "application/x-www-form-urlencoded" },
		      { GATE_TAKES_JSON, "application/json" },
		      { GATE_TAKES_MULTIPART, "multipart/form-data" } };
	struct json *body = json_object(arena), *content = json_object(arena);
	for (size_t i = 0; i < COUNT_OF(TYPES); i++) {
		if (!(route->takes & TYPES[i].take))
			continue;
		struct json *media = json_object(arena);
		struct json *schema = sent_schema(arena, pack, route);
		if (schema)
			json_put(media, STR("schema"), schema);
		json_put(content, str_from_c(TYPES[i].type), media);
	}
	if (!content || content->count == 0)
		return;
	json_put(body, STR("content"), content);
	json_put(operation, STR("requestBody"), body);
}

/* --- what is answered ------------------------------------------------------------------------ */

struct known_answer {
	const char *status;
	const char *description;
	const char *schema; /* among the components, or NULL */
};

static const struct known_answer REPORT_ANSWERS[] = {
	{ "201", "It is in the register, and this is its code, which is told once", "report-sent" },
	{ "422", "Some of it is not as it must be; nothing was sent", "refusal" },
	{ "429", "Too many from one address: wait as Retry-After says", "refusal" },
	{ "503", "The register cannot write now: wait as Retry-After says, send the same key again",
	  "refusal" },
};
static const struct known_answer ACT_ANSWERS[] = {
	{ "201", "It is an entry", NULL },
	{ "202", "It waits for a second reader", NULL },
	{ "403", "This office may not do this", "refusal" },
	{ "404", "There is no such file or kind, or not for this reader", "refusal" },
	{ "409", "A gate refused it, and says what is missing", "refusal" },
	{ "422", "Some of it is not as it must be", "refusal" },
	{ "429", "Too many: wait as Retry-After says", "refusal" },
	{ "503", "The register cannot write now: wait as Retry-After says", "refusal" },
};

static void put_answers(struct arena *arena, struct json *responses,
                        const struct known_answer *answers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct json *response = json_object(arena), *content = json_object(arena);
		struct json *media = json_object(arena);
		json_put_text(arena, response, STR("description"),
		              str_from_c(answers[i].description));
		if (answers[i].schema) {
			json_put(media, STR("schema"),
			         schema_at(arena, str_from_c(answers[i].schema)));
			json_put(content, STR("application/json"), media);
			json_put(response, STR("content"), content);
		}
		json_put(responses, str_from_c(answers[i].status), response);
	}
}

static void put_responses(struct arena *arena, struct json *operation,
                          const struct web_route *route)
{
	struct json *responses = json_object(arena), *response = json_object(arena);
	bool is_post = route->method == WEB_POST;
	if (is_post && is_report(route))
		put_answers(arena, responses, REPORT_ANSWERS, COUNT_OF(REPORT_ANSWERS));
	else if (is_post && is_act(route))
		put_answers(arena, responses, ACT_ANSWERS, COUNT_OF(ACT_ANSWERS));
	json_put_text(arena, response, STR("description"),
	              STR("The page's model with Accept: application/json"));
	json_put(responses, STR("default"), response);
	json_put(operation, STR("responses"), responses);
}

struct property {
	const char *name;
	const char *type;
};

static struct json *object_schema(struct arena *arena, const struct property *of, size_t count)
{
	struct json *schema = json_object(arena), *properties = json_object(arena);
	for (size_t i = 0; i < count; i++) {
		struct json *property = json_object(arena);
		json_put_text(arena, property, STR("type"), str_from_c(of[i].type));
		json_put(properties, str_from_c(of[i].name), property);
	}
	json_put_text(arena, schema, STR("type"), STR("object"));
	json_put(schema, STR("properties"), properties);
	return schema;
}

/* What a report is answered with, and what is said of anything refused. */
static void put_answer_schemas(struct arena *arena, struct json *schemas)
{
	static const struct property SENT[] = {
		{ "code", "string" },     { "file", "string" },       { "index", "integer" },
		{ "received", "string" }, { "status", "string" },     { "receipt", "string" },
		{ "promise", "string" },  { "promise_key", "string" }
	};
	static const struct property REFUSAL[] = { { "status", "integer" },
		                                   { "message", "string" },
		                                   { "reference", "string" },
		                                   { "errors", "array" } };
	json_put(schemas, STR("report"), report_short_schema(arena));
	json_put(schemas, STR("report-sent"), object_schema(arena, SENT, COUNT_OF(SENT)));
	json_put(schemas, STR("refusal"), object_schema(arena, REFUSAL, COUNT_OF(REFUSAL)));
}

static struct json *operation_of(struct arena *arena, const struct pack *pack,
                                 const struct web_route *route, struct json *parameters)
{
	struct json *operation = json_object(arena);
	json_put(operation, STR("parameters"), parameters);
	if (route->flags & (WEB_NEEDS_SESSION | WEB_NEEDS_PROOF)) {
		struct json *security = json_array(arena), *token = json_object(arena);
		json_put(token, STR("token"), json_array(arena));
		json_push(security, token);
		json_put(operation, STR("security"), security);
	}
	if (route->method == WEB_POST)
		put_body(arena, operation, pack, route);
	put_responses(arena, operation, route);
	return operation;
}

static struct json *path_object(struct arena *arena, struct json *paths, struct str path)
{
	for (struct json *child = paths ? paths->first : NULL; child; child = child->next)
		if (str_eq(child->key, path))
			return child;
	return json_put(paths, path, json_object(arena));
}

static struct json *components(struct web_request *request)
{
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	struct json *object = json_object(arena), *schemas = json_object(arena);
	struct json *security = json_object(arena), *token = json_object(arena);
	for (size_t i = 0; i < pack->kind_count; i++)
		if (pack->kinds[i].retired.n == 0)
			json_put(schemas, pack->kinds[i].name, kind_schema(arena, &pack->kinds[i]));
	put_answer_schemas(arena, schemas);
	json_put(object, STR("schemas"), schemas);
	json_put_text(arena, token, STR("type"), STR("http"));
	json_put_text(arena, token, STR("scheme"), STR("bearer"));
	json_put(security, STR("token"), token);
	json_put(object, STR("securitySchemes"), security);
	return object;
}

bool public_api(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	const struct web *web = site_web(request);
	struct json *model = json_object(arena), *info = json_object(arena);
	struct json *paths = json_object(arena);
	(void)err;
	json_put_text(arena, model, STR("openapi"), STR("3.1.0"));
	json_put_text(arena, info, STR("title"), STR("Candour"));
	json_put_text(arena, info, STR("version"), STR(CANDOUR_VERSION));
	json_put(model, STR("info"), info);
	for (size_t i = 0; i < web->route_count; i++) {
		const struct web_route *route = &web->routes[i];
		struct json *parameters = json_array(arena);
		struct str path = path_of(arena, route->pattern, parameters);
		json_put(path_object(arena, paths, path),
		         route->method == WEB_POST ? STR("post") : STR("get"),
		         operation_of(arena, casebook_pack(site_book(request)), route, parameters));
	}
	json_put(model, STR("paths"), paths);
	json_put(model, STR("components"), components(request));
	web_answer_json(answer, model);
	return true;
}

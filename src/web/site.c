/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Starting and stopping the pages of a register, and what surrounds each of
 * them: the routes of the parts gathered into one table, who asks, limits, the
 * token of forms, the reader that is given back at the end.
 */
#include "web/site.h"

#include <stdlib.h>

#include "web/draft.h"
#include "web/page.h"
#include "web/refusal.h"
#include "web/session_gate.h"

#define TEXTS_MAX ((size_t)1 << 20) /* bytes of the table and texts of a start */
#define PLACES (1u << 14)           /* addresses that limits hold at once */
#define AREA_MAX 60
#define RECEIPT_SCRIPT "public/receipt-script.mustache"
#define SAID_MAX ((size_t)2 << 20) /* bytes of what one request sends as fields */
#define EXIT_DEFAULT "https://www.bbc.co.uk/weather"

static const struct str LOOPBACK[] = { { "localhost", 9 }, { "127.0.0.1", 9 }, { "[::1]", 5 } };

struct web *site_web(const struct web_request *request)
{
	return request->ctx;
}

struct casebook *site_book(const struct web_request *request)
{
	return site_web(request)->book;
}

struct site_visit *site_visit(const struct web_request *request)
{
	return request->session;
}

bool site_reader(struct web_request *request, struct casebook_reader **out, struct err *err)
{
	struct site_visit *visit = site_visit(request);
	*out = NULL;
	if (!visit->reader && !casebook_reader_take(site_book(request), &visit->reader, err))
		return false;
	*out = visit->reader;
	return true;
}

void site_reader_end(struct web_request *request)
{
	casebook_reader_give(&site_visit(request)->reader);
}

struct str site_random(struct web_request *request)
{
	uint8_t bytes[32];
	char *text = arena_alloc(request->arena, 2 * sizeof bytes, 1);
	if (!text)
		return STR_NONE;
	random_bytes(site_web(request)->random, bytes, sizeof bytes);
	hex_write(text, bytes, sizeof bytes);
	return (struct str){ text, 2 * sizeof bytes };
}

struct str site_submission(struct web_request *request, struct str path, struct str file,
                           const struct json *fields)
{
	struct str key = request->head->key.p ? request->head->key : site_random(request);
	struct buf said;
	buf_init(&said, SAID_MAX);
	buf_format(&said, "%.*s\n%.*s\n%.*s\n", STR_ARG(path), STR_ARG(file), STR_ARG(key));
	json_write(&said, fields);
	struct hash hash = hash_of(buf_str(&said));
	bool is_whole = key.p && !said.full;
	buf_finish(&said);
	return is_whole ? arena_format(request->arena, "POST %.*s",
	                               STR_ARG(hash_hex(request->arena, &hash)))
	                : STR_NONE;
}

struct str site_value(const struct web_request *request, struct str name)
{
	if (request->json)
		return json_text(request->json, name);
	return fields_get(&request->form, name);
}

struct str site_choice(const struct web_request *request, struct str name)
{
	return str_trim(site_value(request, name));
}

bool site_wants_json(const struct web_request *request)
{
	return request->head->wants_json || request->head->body == GATE_BODY_JSON;
}

struct casebook_actor site_actor(const struct web_request *request)
{
	return site_visit(request)->viewer.actor;
}

enum casebook_via site_via(const struct web_request *request)
{
	return site_visit(request)->known == SITE_BY_TOKEN ? CASEBOOK_API : CASEBOOK_WEB;
}

/* --- limits ---------------------------------------------------------------------------------- */

/* "at 10:30am": the next whole minute, so that nobody comes back too early. */
static struct json *again_time(struct web_request *request, unsigned seconds)
{
	instant until = request->now + (int64_t)seconds * INSTANT_PER_SECOND;
	instant past = until % INSTANT_PER_MINUTE;
	struct json *again =
		page_time_near(request, past > 0 ? until - past + INSTANT_PER_MINUTE : until);
	struct str text = json_text(again, STR("text"));
	if (str_starts(text, STR("today ")))
		draft_set(again, STR("text"),
		          json_string(request->arena, str_sub(text, 6, text.n)));
	return again;
}

bool site_too_many(struct web_request *request, struct web_answer *answer, unsigned seconds,
                   struct err *err)
{
	struct arena *arena = request->arena;
	bool is_code = str_eq(request->head->path, STR("/return/status"));
	struct str why = is_code ? STR("Somebody typed too many wrong codes.")
	                         : STR("This was tried too often from here.");
	struct str safe =
		is_code ? STR("Your report is safe.") : STR("What you sent before is safe.");
	struct json *again = again_time(request, seconds);
	answer->status = 429;
	web_answer_header(answer, STR("Retry-After"), arena_format(arena, "%u", seconds));
	if (site_wants_json(request)) {
		refusal_program(request, answer,
		                arena_format(arena, "%.*s You can try again %.*s. %.*s",
		                             STR_ARG(why), STR_ARG(json_text(again, STR("text"))),
		                             STR_ARG(safe)),
		                STR_NONE, seconds);
		return true;
	}
	struct page_head head = { .page = STR("too-many"), .title = STR("Wait a little") };
	struct json *model = page_begin(request, &head);
	json_put(model, STR("again"), again);
	json_put_integer(arena, model, STR("retry_s"), (int64_t)seconds);
	json_put_text(arena, model, STR("why"), why);
	json_put_text(arena, model, STR("safe"), safe);
	return page_answer(request, answer, STR("too-many"), model, err);
}

static unsigned must_wait(const struct web_request *request, enum limit_kind kind)
{
	if (request->is_peer_exempt)
		return 0;
	return limit_take(site_web(request)->limits, kind, &request->peer, clock_read().wall);
}

/* Limits that count before a body is read. */
static bool within_limits(struct web_request *request, struct web_answer *answer, struct err *err)
{
	unsigned flags = site_visit(request)->route->flags, wait = 0;
	if (request->head->method != WEB_POST)
		return true;
	if (flags & SITE_LIMIT_REPORTS)
		wait = must_wait(request, LIMIT_REPORTS);
	if (wait == 0 && flags & SITE_LIMIT_SIGN_IN)
		wait = must_wait(request, LIMIT_SIGN_IN);
	if (wait == 0)
		return true;
	if (!site_too_many(request, answer, wait, err))
		answer->status = 200; /* err says why, and is rendered instead */
	return false;
}

/* --- the hooks ------------------------------------------------------------------------------- */

static bool before(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct site_visit *visit = arena_alloc(request->arena, 1, sizeof *visit);
	if (!visit)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	visit->web = request->ctx;
	visit->route = request->route->data;
	visit->viewer.actor.by = CASEBOOK_BY_PUBLIC;
	request->session = visit;
	return within_limits(request, answer, err) && session_gate_pass(request, answer, err);
}

static void end(struct web_request *request)
{
	site_reader_end(request);
}

static bool may_take(void *ctx)
{
	const struct web *web = ctx;
	return casebook_may_take(web->book);
}

static instant now(void *ctx)
{
	const struct web *web = ctx;
	return casebook_now(web->book);
}

/* Every route's handler: what holds for all, then the part's own. */
static bool handle(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct web_route *own = site_visit(request)->route;
	return session_gate_form(request, err) && own->handler(request, answer, err);
}

/* --- starting -------------------------------------------------------------------------------- */

static bool out_of_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for the pages");
}

static bool gather_routes(struct web *web, struct err *err)
{
	const struct routes *parts[] = { &public_routes, &practice_routes, &admin_routes,
		                         &log_routes };
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		count += parts[i]->count;
	web->routes = arena_alloc(web->arena, count, sizeof *web->routes);
	if (!web->routes)
		return out_of_memory(err);
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		for (size_t j = 0; j < parts[i]->count; j++) {
			struct web_route *route = &web->routes[web->route_count++];
			*route = parts[i]->at[j];
			route->handler = handle;
			route->data = &parts[i]->at[j];
		}
	}
	return true;
}

/* A folder of templates has what people write; this is made. */
static bool add_script(struct mustache_set *set, struct err *err)
{
	for (size_t i = 0; i < web_template_files_n; i++) {
		if (str_eq(str_from_c(web_template_files[i].name), STR(RECEIPT_SCRIPT)))
			return mustache_set_add_embedded(set, &web_template_files[i], 1, err);
	}
	return true;
}

static bool load_templates(struct web *web, const struct web_config *config, struct err *err)
{
	web->templates = mustache_set_create(MUSTACHE_STRICT);
	if (!web->templates)
		return out_of_memory(err);
	bool added = config->templates
	                     ? mustache_set_add_folder(web->templates, config->templates, err) &&
	                               add_script(web->templates, err)
	                     : mustache_set_add_embedded(web->templates, web_template_files,
	                                                 web_template_files_n, err);
	return added && mustache_set_link(web->templates, err);
}

struct str site_particular(struct web_request *request, struct str name)
{
	struct str text;
	struct err ignored = { 0 };
	return casebook_particular(site_book(request), request->arena, name, &text, &ignored)
	               ? text
	               : STR("");
}

struct str site_area(struct web_request *request)
{
	struct str area = site_particular(request, STR("area"));
	return area.n ? area : site_web(request)->area;
}

/* "drill.northmere.example/register" says Northmere; a name that says nothing says nothing. */
static struct str area_of_origin(struct arena *arena, struct str origin)
{
	struct str host = str_sub(origin, 0, str_find(origin, '/'));
	if (str_starts(host, STR("drill.")))
		host = str_sub(host, 6, host.n);
	if (str_starts(host, STR("unnamed")))
		return STR("");
	struct str first = arena_copy(arena, str_sub(host, 0, str_find(host, '.')));
	if (!first.p || first.n == 0 || first.n > AREA_MAX)
		return STR("");
	char *p = arena_alloc(arena, first.n, 1);
	if (!p)
		return STR("");
	memcpy(p, first.p, first.n);
	if (p[0] >= 'a' && p[0] <= 'z')
		p[0] = (char)(p[0] - 'a' + 'A');
	return (struct str){ p, first.n };
}

static bool set_names(struct web *web, const struct web_config *config, struct err *err)
{
	bool is_given = config->hosts && config->host_count > 0;
	const struct str *hosts = is_given ? config->hosts : LOOPBACK;
	size_t count = is_given ? config->host_count : COUNT_OF(LOOPBACK);
	if (count > SITE_HOSTS_MAX)
		return err_set(err, ERR_USAGE, "A register answers to %d names at most",
		               SITE_HOSTS_MAX);
	for (size_t i = 0; i < count; i++)
		web->hosts[i] = arena_copy(web->arena, hosts[i]);
	web->cookies[0] = cookie_name(web->arena, STR(SITE_DRAFT_COOKIE), web->is_secure);
	web->cookies[1] = cookie_name(web->arena, STR(SITE_SESSION_COOKIE), web->is_secure);
	web->names = (struct gate_names){ web->hosts,    count,
		                          web->cookies,  COUNT_OF(web->cookies),
		                          STR(SITE_LOG), STR(SITE_LOG_OPENED) };
	web->area = config->area.n ? arena_copy(web->arena, config->area)
	                           : area_of_origin(web->arena, casebook_origin(web->book));
	web->exit = config->exit.n ? arena_copy(web->arena, config->exit) : STR(EXIT_DEFAULT);
	struct assets assets = { web_asset_files, web_asset_files_n };
	web->css = asset_address(&assets, web->arena, STR("candour.css"));
	web->js = asset_address(&assets, web->arena, STR("candour.js"));
	return web->css.p && web->js.p && web->cookies[1].p ? true : out_of_memory(err);
}

static bool set_limits(struct web *web, const struct web_config *config, struct err *err)
{
	unsigned a_minute[LIMIT_KINDS] = { config->reports_a_minute, config->codes_a_minute,
		                           config->sign_ins_a_minute };
	static const char *const names[] = { "limits.reports", "limits.codes", "limits.sign-in" };
	for (size_t i = 0; i < COUNT_OF(names) && !config->has_limits; i++)
		a_minute[i] = (unsigned)casebook_limit(web->book, str_from_c(names[i]));
	web->limits = limits_create(a_minute, PLACES);
	return web->limits ? true : out_of_memory(err);
}

/* Why nobody but this machine may reach the register; NULL: everybody may. */
static const char *why_alone(const struct web *web)
{
	if (!casebook_is_opened(web->book))
		return "This register is not opened yet and serves this machine alone; "
		       "open it by `candour register opened`";
	if (!web->is_drill && !casebook_is_named(web->book))
		return "This register has no name yet and serves this machine alone: its receipts would bear "
		       "unnamed.invalid. Name it by `candour register name`";
	return NULL;
}

static bool start_server(struct web *web, const struct web_config *config, struct err *err)
{
	struct server_config server = {
		.listen = config->listen,
		.why_alone = why_alone(web),
		.routes = web->routes,
		.route_count = web->route_count,
		.ctx = web,
		.hooks = { .may_take = may_take,
		           .before = before,
		           .refuse = refusal_render,
		           .now = now,
		           .end = end },
		.names = web->names,
		.scheme = web->is_secure ? CSRF_HTTPS : CSRF_HTTP,
		.proxy_secret = config->proxy_secret.p
		                        ? arena_copy(web->arena, config->proxy_secret)
		                        : STR_NONE,
	};
	random_bytes(web->random, server.peer_key.bytes, sizeof server.peer_key.bytes);
	/* A proxy stands before others than this machine. */
	if (server.why_alone && config->proxy_secret.p)
		return err_set(err, ERR_USAGE, "%s", server.why_alone);
	return server_start(&server, &web->server, err);
}

static bool set_up(struct web *web, const struct web_config *config, struct err *err)
{
	web->arena = arena_create(TEXTS_MAX);
	web->random = random_system_create();
	web->is_secure = config->proxy_secret.p != NULL;
	web->is_drill = casebook_is_drill(web->book);
	if (!web->arena || !web->random)
		return out_of_memory(err);
	return load_templates(web, config, err) && gather_routes(web, err) &&
	       set_names(web, config, err) && set_limits(web, config, err) &&
	       start_server(web, config, err);
}

bool web_start(struct casebook *book, const struct web_config *config, struct web **out,
               struct err *err)
{
	struct web *web = calloc(1, sizeof *web);
	*out = NULL;
	if (!web)
		return out_of_memory(err);
	web->book = book;
	web->people = config->people;
	if (!set_up(web, config, err)) {
		web_stop(web);
		return false;
	}
	*out = web;
	return true;
}

void web_stop(struct web *web)
{
	if (!web)
		return;
	server_stop(web->server);
	mustache_set_destroy(web->templates);
	limits_destroy(web->limits);
	random_destroy(web->random);
	arena_destroy(web->arena);
	free(web);
}

uint16_t web_port(const struct web *web)
{
	return server_port(web->server);
}

bool web_is_loopback(const struct web *web)
{
	return server_is_loopback(web->server);
}

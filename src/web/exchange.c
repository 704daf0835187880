/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The library calls in this order: target (exchange_create), head
 * (exchange_begin), pieces of the body (exchange_feed), end (exchange_answer),
 * over (exchange_destroy, which also comes alone when the head was bad). An
 * answer given at the head closes the connection; one given in the middle of a
 * body is not possible, so that a fault there is kept and answered at the end.
 */
#include "web/exchange.h"

#include <stdlib.h>

#include "web/answer.h"
#include "web/head_bytes.h"

#define JSON_REQUEST_DEPTH 16
#define UPLOAD_PARTS_MAX 200

struct exchange {
	const struct exchange_shared *shared;
	struct arena *arena;
	struct exchange_connection *link;
	struct str target;
	const char *target_end; /* in the library's bytes */
	bool has_begun;
	bool is_refused; /* answered at the head */
	struct gate_header
		headers[GATE_HEADERS_MAX + 1]; /* one more shows that there are too many */
	struct gate_input input;
	struct gate_result head;
	struct web_request request;
	struct buf body;             /* a form, JSON or other body; of an upload one plain field */
	struct multipart *multipart; /* NULL: no upload */
	bool in_file;                /* the part that comes in is a file */
	uint64_t plain_left;         /* bytes that plain fields of an upload may still have */
	struct err fault;            /* of the body, answered at its end */
};

struct exchange *exchange_create(const struct exchange_shared *shared, struct str target)
{
	struct exchange *ex = calloc(1, sizeof *ex);
	if (!ex)
		return NULL;
	ex->shared = shared;
	ex->target_end = target.p + target.n;
	ex->arena = arena_create(SERVER_ARENA_MAX);
	/* One byte past the bound is enough for the gate to refuse. */
	ex->target = ex->arena ? arena_copy(ex->arena, str_sub(target, 0, GATE_TARGET_MAX + 1))
	                       : STR_NONE;
	if (!ex->target.p) {
		arena_destroy(ex->arena);
		free(ex);
		return NULL;
	}
	buf_init(&ex->body, 0);
	ex->request.arena = ex->arena;
	ex->request.head = &ex->head;
	ex->request.ctx = shared->config.ctx;
	ex->request.is_secure = shared->config.scheme == CSRF_HTTPS;
	return ex;
}

void exchange_destroy(struct exchange *ex)
{
	if (!ex)
		return;
	const struct web_route *route = ex->request.route;
	if (ex->request.upload && route && route->sink && route->sink->finish)
		route->sink->finish(&ex->request);
	if (ex->request.session && ex->shared->config.hooks.end)
		ex->shared->config.hooks.end(&ex->request);
	buf_finish(&ex->body);
	arena_destroy(ex->arena);
	free(ex);
}

bool exchange_has_begun(const struct exchange *ex)
{
	return ex->has_begun;
}

static int64_t since_boot(void)
{
	return clock_read().boot_us;
}

/* --- answers ---------------------------------------------------------------------------------- */

static const char *status_text(unsigned status)
{
	switch (status) {
	case 400:
		return "This request is not as a browser sends it";
	case 403:
		return "This form was not sent from our own page";
	case 404:
		return "We cannot find that page";
	case 405:
		return "This page is not asked for in this way";
	case 413:
		return "This is larger than we can take";
	case 414:
		return "This address is too long";
	case 415:
		return "This page does not take this type of content";
	case 421:
		return "This register does not go by that name";
	case 431:
		return "The head of this request is too large";
	case 500:
		return "Something went wrong with us";
	case 503:
		return "We cannot take this right now";
	default:
		return "This request is not one that we serve";
	}
}

static unsigned status_of(enum err_code code)
{
	switch (code) {
	case ERR_ABSENT:
		return 404;
	case ERR_REFUSED:
		return 403;
	case ERR_USAGE:
		return 400;
	case ERR_INPUT:
		return 422;
	case ERR_UNABLE:
		return 503;
	case ERR_NONE:
	case ERR_FAULT:
		break;
	}
	return 500;
}

/* For when the owner renders nothing. */
static void render_plainly(struct web_request *request, struct web_answer *answer,
                           struct str message, struct str reference)
{
	struct arena *arena = request->arena;
	if (request->head->wants_json || request->head->body == GATE_BODY_JSON) {
		struct json *model = json_object(arena);
		json_put_integer(arena, model, STR("status"), (int64_t)answer->status);
		json_put_text(arena, model, STR("message"), message);
		if (reference.p)
			json_put_text(arena, model, STR("reference"), reference);
		web_answer_json(answer, model);
		return;
	}
	web_answer_text(answer, answer->status, message);
	if (reference.p)
		buf_format(&answer->body, ". Reference %.*s", STR_ARG(reference));
	buf_add_char(&answer->body, '\n');
}

static void make_refusal(struct exchange *ex, struct web_answer *answer, unsigned status,
                         struct str message, struct str reference)
{
	web_answer_finish(answer);
	web_answer_init(answer);
	answer->status = status;
	if (ex->shared->config.hooks.refuse)
		ex->shared->config.hooks.refuse(&ex->request, answer, message, reference);
	else
		render_plainly(&ex->request, answer, message, reference);
	if (status == 503)
		web_answer_header(answer, STR("Retry-After"),
		                  arena_format(ex->arena, "%d", SERVER_RETRY_S));
	if (status == 405)
		web_answer_header(answer, STR("Allow"), ex->head.allow);
}

static void make_error(struct exchange *ex, struct web_answer *answer, const struct err *err)
{
	unsigned status = status_of(err->code);
	char reference[5] = "";
	struct str message = str_from_c(err->message);
	if (status == 500 || status == 503)
		journal_fault(err, reference);
	if (status == 500)
		message = str_from_c(status_text(500));
	make_refusal(ex, answer, status, message, status == 500 ? str_from_c(reference) : STR_NONE);
}

static uint64_t answer_size(const struct web_answer *answer)
{
	if (answer->stream.read)
		return answer->stream.size;
	return answer->fixed.p ? answer->fixed.n : answer->body.n;
}

/* Hands the answer to the library; an answer that cannot be sent becomes a plain 500. */
static enum MHD_Result send_answer(struct exchange *ex, struct MHD_Connection *connection,
                                   struct web_answer *answer)
{
	struct err err = { 0 };
	unsigned status = answer->status;
	uint64_t size = answer_size(answer);
	struct MHD_Response *response = answer_response(&ex->shared->http, ex->arena, answer, &err);
	if (!response) {
		bool closes = answer->closes;
		make_error(ex, answer, &err);
		answer->closes = closes;
		status = answer->status;
		response = answer_response(&ex->shared->http, ex->arena, answer, &err);
	}
	web_answer_finish(answer);
	if (!response)
		return MHD_NO;
	reaper_enter(ex->shared->reaper, ex->link ? ex->link->slot : NULL, REAPER_ANSWER, size,
	             since_boot());
	enum MHD_Result result = ex->shared->http.queue_response(connection, status, response);
	ex->shared->http.destroy_response(response);
	return result;
}

static enum MHD_Result refuse_head(struct exchange *ex, struct MHD_Connection *connection,
                                   unsigned status, const char *why)
{
	struct web_answer answer;
	web_answer_init(&answer);
	journal_write(JOURNAL_DEBUG, "web: refused with %u: %s", status, why);
	ex->is_refused = true;
	const char *says = ex->head.says ? ex->head.says : status_text(status);
	make_refusal(ex, &answer, status, str_from_c(says), STR_NONE);
	answer.closes = true;
	return send_answer(ex, connection, &answer);
}

/* --- the head --------------------------------------------------------------------------------- */

static enum MHD_Result add_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                  size_t name_n, const char *value, size_t value_n)
{
	struct exchange *ex = cls;
	(void)kind;
	if (ex->input.header_count == COUNT_OF(ex->headers))
		return MHD_NO;
	ex->headers[ex->input.header_count++] = (struct gate_header){
		.name = { name, name_n },
		.value = { value ? value : "", value ? value_n : 0 },
	};
	return MHD_YES;
}

static void find_peer(struct exchange *ex, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = ex->shared->http.get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	ex->link = info ? info->socket_context : NULL;
	if (!ex->link)
		return;
	struct peer peer;
	peer_of_request(&ex->shared->peers, &ex->link->peer, &ex->input, &peer);
	ex->request.peer = peer.key;
	ex->request.is_peer_exempt = peer.is_exempt;
}

/* The gate and what follows from the head alone; 0, or the status of the refusal. */
static unsigned judge_head(struct exchange *ex, const char **why)
{
	const struct server_config *config = &ex->shared->config;
	gate_check(ex->arena, &config->names, &ex->input, &ex->head);
	*why = ex->head.why;
	if (ex->head.status != 0)
		return ex->head.status;
	*why = "the head holds bytes that are in no header";
	if (ex->shared->sees_head_bytes && !head_is_whole(ex->target_end, &ex->input))
		return 400;
	struct str allow;
	const struct web_route *route =
		route_find(&ex->shared->routes, &ex->head, ex->request.params, &allow);
	*why = "no page";
	ex->head.allow = allow;
	if (!route)
		return allow.n > 0 ? 405 : 404;
	ex->request.route = route;
	gate_admit(&ex->head, route->takes, route->max_bytes ? route->max_bytes : WEB_FORM_MAX);
	*why = ex->head.why;
	if (ex->head.status != 0)
		return ex->head.status;
	if (ex->head.method != WEB_POST)
		return 0;
	*why = "a post from another site";
	if (!(route->flags & WEB_ANY_SITE) &&
	    !csrf_site_is_ours(&ex->head, config->scheme, config->names.cookies,
	                       config->names.cookie_count))
		return 403;
	*why = "the register takes nothing now";
	return !config->hooks.may_take || config->hooks.may_take(config->ctx) ? 0 : 503;
}

static bool on_part(void *ctx, const struct multipart_part *part, struct err *err);
static bool on_piece(void *ctx, struct str bytes, struct err *err);
static bool on_part_end(void *ctx, struct err *err);

static bool prepare_body(struct exchange *ex, struct err *err)
{
	struct web_request *request = &ex->request;
	if (ex->head.body != GATE_BODY_MULTIPART) {
		buf_init(&ex->body, (size_t)ex->head.content_length);
		return true;
	}
	struct str boundary;
	struct multipart_sink sink = { on_part, on_piece, on_part_end, ex };
	if (!multipart_boundary(ex->head.content_type, &boundary, err))
		return false;
	buf_init(&ex->body, WEB_FORM_MAX);
	ex->plain_left = WEB_FORM_MAX;
	request->form.at = arena_alloc(ex->arena, UPLOAD_PARTS_MAX, sizeof *request->form.at);
	request->form.room = UPLOAD_PARTS_MAX;
	ex->multipart = multipart_create(ex->arena, boundary, UPLOAD_PARTS_MAX, &sink);
	return request->form.at && ex->multipart
	               ? true
	               : err_set(err, ERR_UNABLE, "There is no memory for this upload");
}

enum MHD_Result exchange_begin(struct exchange *ex, struct MHD_Connection *connection,
                               struct str method, struct str version)
{
	const struct server_config *config = &ex->shared->config;
	const char *why;
	struct err err = { 0 };
	ex->has_begun = true;
	ex->input = (struct gate_input){
		.method = method,
		.target = ex->target,
		.version = version,
		.headers = ex->headers,
	};
	ex->shared->http.get_connection_values_n(connection, MHD_HEADER_KIND, add_header, ex);
	find_peer(ex, connection);
	reaper_enter(ex->shared->reaper, ex->link ? ex->link->slot : NULL, REAPER_BUSY, 0,
	             since_boot());
	ex->request.now = config->hooks.now ? config->hooks.now(config->ctx) : clock_read().wall;
	unsigned status = judge_head(ex, &why);
	if (status != 0)
		return refuse_head(ex, connection, status, why);

	struct web_answer answer;
	web_answer_init(&answer);
	bool goes_on = !config->hooks.before || config->hooks.before(&ex->request, &answer, &err);
	if (goes_on && ex->head.method == WEB_POST)
		goes_on = prepare_body(ex, &err);
	if (goes_on) {
		web_answer_finish(&answer);
		if (ex->head.content_length > 0)
			reaper_enter(ex->shared->reaper, ex->link ? ex->link->slot : NULL,
			             REAPER_BODY, ex->head.content_length, since_boot());
		return MHD_YES;
	}
	ex->is_refused = true;
	if (answer.status == 200)
		make_error(ex, &answer, &err);
	answer.closes = true;
	return send_answer(ex, connection, &answer);
}

/* --- the body --------------------------------------------------------------------------------- */

static bool on_part(void *ctx, const struct multipart_part *part, struct err *err)
{
	struct exchange *ex = ctx;
	struct fields *form = &ex->request.form;
	const struct web_sink *sink = ex->request.route->sink;
	ex->in_file = part->filename.p != NULL;
	if (ex->in_file && !sink)
		return err_set(err, ERR_INPUT, "This page does not take files");
	if (ex->in_file)
		return sink->begin(&ex->request, part, err);
	buf_clear(&ex->body);
	struct str name = arena_copy(ex->arena, part->name);
	if (!name.p || form->count == form->room)
		return err_set(err, ERR_UNABLE, "This form is larger than we can take");
	form->at[form->count].name = name;
	return true;
}

static bool on_piece(void *ctx, struct str bytes, struct err *err)
{
	struct exchange *ex = ctx;
	if (ex->in_file)
		return ex->request.route->sink->piece(&ex->request, bytes, err);
	if (bytes.n > ex->plain_left)
		return err_set(err, ERR_INPUT, "This form is larger than we can take");
	ex->plain_left -= bytes.n;
	buf_add(&ex->body, bytes);
	return ex->body.full ? err_set(err, ERR_UNABLE, "There is no memory for this form") : true;
}

static bool on_part_end(void *ctx, struct err *err)
{
	struct exchange *ex = ctx;
	struct fields *form = &ex->request.form;
	if (ex->in_file)
		return ex->request.route->sink->end(&ex->request, err);
	struct str value = arena_copy(ex->arena, buf_str(&ex->body));
	if (!value.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this form");
	if (!form_text_is_clean(value))
		return err_set(err, ERR_INPUT, "An answer of this form is not text");
	form->at[form->count++].value = value;
	return true;
}

void exchange_feed(struct exchange *ex, struct str bytes)
{
	if (ex->is_refused || ex->fault.code != ERR_NONE)
		return; /* swallowed: Content-Length bounds it, the deadline ends it */
	if (ex->multipart) {
		if (!multipart_feed(ex->multipart, bytes, &ex->fault) && ex->fault.code == ERR_NONE)
			err_set(&ex->fault, ERR_FAULT, "an upload ended without a reason");
		return;
	}
	buf_add(&ex->body, bytes);
	if (ex->body.full)
		err_set(&ex->fault, ERR_UNABLE, "There is no memory for this form");
}

static bool read_form(struct exchange *ex, struct err *err)
{
	switch (form_read(ex->arena, ex->request.body, FORM_FIELDS_MAX, &ex->request.form)) {
	case FORM_READ:
		return true;
	case FORM_MALFORMED:
		return err_set(err, ERR_USAGE, "This form is not as a browser sends it");
	case FORM_TOO_MANY:
		return err_set(err, ERR_INPUT, "This form has too many fields");
	case FORM_NO_ROOM:
		break;
	}
	return err_set(err, ERR_UNABLE, "There is no memory for this form");
}

static bool read_body(struct exchange *ex, struct err *err)
{
	struct web_request *request = &ex->request;
	if (ex->fault.code != ERR_NONE) {
		*err = ex->fault;
		return false;
	}
	if (ex->multipart)
		return multipart_finish(ex->multipart, err);
	request->body = buf_str(&ex->body);
	switch (ex->head.body) {
	case GATE_BODY_FORM:
		return read_form(ex, err);
	case GATE_BODY_JSON:
		return json_read(ex->arena, request->body, JSON_REQUEST_DEPTH, &request->json, err);
	case GATE_BODY_NONE:
	case GATE_BODY_MULTIPART:
	case GATE_BODY_OTHER:
		break;
	}
	return true;
}

enum MHD_Result exchange_answer(struct exchange *ex, struct MHD_Connection *connection)
{
	struct web_answer answer;
	struct err err = { 0 };
	if (ex->is_refused)
		return MHD_YES;
	reaper_enter(ex->shared->reaper, ex->link ? ex->link->slot : NULL, REAPER_BUSY, 0,
	             since_boot());
	web_answer_init(&answer);
	if (!read_body(ex, &err) || !ex->request.route->handler(&ex->request, &answer, &err))
		make_error(ex, &answer, &err);
	return send_answer(ex, connection, &answer);
}

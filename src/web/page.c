/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The envelope of models, and how a model leaves: as a page or as JSON. */
#include "web/page.h"

#include "web/session_gate.h"

static struct json *text_or_null(struct arena *arena, struct str text)
{
	return text.n ? json_string(arena, text) : json_null(arena);
}

const struct zone *page_zone(const struct web_request *request)
{
	return casebook_pack(site_book(request))->zone;
}

/* --- times ----------------------------------------------------------------------------------- */

static struct json *time_object(struct web_request *request, instant at, struct str text)
{
	struct json *time = json_object(request->arena);
	json_put_text(request->arena, time, STR("iso"), instant_write(request->arena, at));
	json_put_text(request->arena, time, STR("text"), text);
	return time;
}

struct json *page_time(struct web_request *request, instant at)
{
	return time_object(request, at, wording_instant(request->arena, page_zone(request), at));
}

struct json *page_time_near(struct web_request *request, instant at)
{
	return time_object(request, at,
	                   wording_near(request->arena, page_zone(request), at, request->now));
}

struct json *page_time_short(struct web_request *request, instant at)
{
	struct arena *arena = request->arena;
	struct local local = zone_local(page_zone(request), at);
	struct str day = wording_day_short(arena, local.day);
	struct str time = wording_time(arena, local.hour, local.minute);
	return time_object(request, at,
	                   arena_format(arena, "%.*s, %.*s", STR_ARG(day), STR_ARG(time)));
}

struct json *page_time_clock(struct web_request *request, instant at)
{
	struct str text = wording_near(request->arena, page_zone(request), at, request->now);
	return time_object(request, at,
	                   str_starts(text, STR("today at ")) ? str_sub(text, 9, text.n) : text);
}

struct json *page_time_due(struct web_request *request, instant due)
{
	return time_object(request, due,
	                   wording_due(request->arena, page_zone(request), due, request->now));
}

bool page_ends_day(const struct web_request *request, const struct casebook_entry *entry,
                   instant at)
{
	const struct zone *zone = page_zone(request);
	return entry->by == CASEBOOK_BY_REGISTER && at == zone_day_start(zone, zone_day(zone, at));
}

struct json *page_time_entry(struct web_request *request, const struct casebook_entry *entry,
                             instant at)
{
	return page_ends_day(request, entry, at) ? page_time_due(request, at)
	                                         : page_time_near(request, at);
}

struct json *page_late(struct web_request *request, instant due, instant until)
{
	struct json *late = json_object(request->arena);
	struct str elapsed = wording_elapsed(request->arena, until - due);
	json_put_integer(request->arena, late, STR("s"), (until - due) / INSTANT_PER_SECOND);
	json_put_text(request->arena, late, STR("text"),
	              arena_format(request->arena, "%.*s late", STR_ARG(elapsed)));
	return late;
}

/* --- the envelope ---------------------------------------------------------------------------- */

static void put_banner(struct arena *arena, struct json *banners, struct str text)
{
	struct json *banner = json_object(arena);
	json_put_text(arena, banner, STR("text"), text);
	json_push(banners, banner);
}

/* What is late does not climb while the clock stands: those who rely on that must know.
 */
static void put_clock(struct web_request *request, struct json *banners)
{
	struct casebook_reader *reader;
	struct err ignored = { 0 };
	bool stands;
	instant since;
	if (!site_reader(request, &reader, &ignored) ||
	    !casebook_clock_stands(reader, &stands, &since, &ignored) || !stands)
		return;
	struct str when = wording_near(request->arena, page_zone(request), since, request->now);
	put_banner(request->arena, banners,
	           arena_format(
			   request->arena,
			   "The clock has stood still since %.*s. Nothing that is late is told to "
			   "anybody until it runs again. Tell your register administrator.",
			   STR_ARG(when)));
}

/* What everybody must know before reading on: that this is practice, or not open. */
static void put_banners(struct web_request *request, struct json *model)
{
	struct arena *arena = request->arena;
	const struct web *web = site_web(request);
	struct json *banners = json_array(arena);
	struct str why = STR_NONE;
	if (web->is_drill)
		put_banner(arena, banners, STR("Training register. Nobody here exists."));
	else if (!casebook_is_opened(web->book))
		put_banner(arena, banners, STR("Training only: do not report here"));
	else if (!web->is_secure)
		put_banner(arena, banners, STR("Practice only: served on this machine alone."));
	const struct site_visit *visit = site_visit(request);
	if (visit && visit->known != SITE_UNKNOWN && casebook_is_intake_only(web->book, &why))
		put_banner(arena, banners, why);
	if (visit && visit->known != SITE_UNKNOWN)
		put_clock(request, banners);
	json_put_bool(arena, model, STR("has_banner"), banners && banners->count > 0);
	json_put(model, STR("banners"), banners);
}

static void put_session(struct web_request *request, struct json *model)
{
	struct arena *arena = request->arena;
	const struct site_visit *visit = site_visit(request);
	if (!visit || visit->known != SITE_BY_SESSION) {
		json_put(model, STR("session"), json_null(arena));
		return;
	}
	struct json *session = json_object(arena);
	json_put(session, STR("office"), text_or_null(arena, visit->session.office));
	json_put(session, STR("ends"), page_time_near(request, visit->session.ends));
	json_put_integer(arena, session, STR("left"),
	                 (visit->session.ends - request->now) / INSTANT_PER_SECOND);
	json_put(model, STR("session"), session);
}

static void put_step(struct arena *arena, struct json *model, const struct page_head *head)
{
	if (head->step == 0) {
		json_put(model, STR("step"), json_null(arena));
		return;
	}
	struct json *step = json_object(arena);
	json_put_integer(arena, step, STR("n"), head->step);
	json_put_integer(arena, step, STR("of"), head->steps);
	json_put(model, STR("step"), step);
}

static void put_surroundings(struct web_request *request, struct json *model)
{
	struct arena *arena = request->arena;
	const struct web *web = site_web(request);
	struct json *exit = json_object(arena), *assets = json_object(arena);
	struct json *form = json_object(arena);
	json_put_text(arena, exit, STR("href"), web->exit);
	json_put(model, STR("exit"), exit);
	json_put_text(arena, assets, STR("css"), web->css);
	json_put_text(arena, assets, STR("js"), web->js);
	json_put(model, STR("assets"), assets);
	json_put(model, STR("errors"), json_array(arena));
	json_put_bool(arena, model, STR("has_errors"), false);
	json_put_text(arena, model, STR("csrf"), session_gate_token(request));
	json_put_text(arena, form, STR("submission"), STR(""));
	json_put(form, STR("fields"), json_object(arena));
	json_put(model, STR("form"), form);
}

static struct str service_name(struct arena *arena, struct str area)
{
	if (area.n == 0)
		return STR("Children and young people");
	return arena_format(arena, "%.*s children and young people", STR_ARG(area));
}

struct json *page_begin(struct web_request *request, const struct page_head *head)
{
	struct arena *arena = request->arena;
	const struct web *web = site_web(request);
	struct json *model = json_object(arena);
	bool is_me = str_eq(head->voice, STR("me"));
	struct str area = site_area(request);
	json_put_text(arena, model, STR("page"), head->page);
	json_put_text(arena, model, STR("title"), head->title);
	json_put_text(arena, model, STR("lang"), casebook_pack(web->book)->language);
	json_put_text(arena, model, STR("voice"), is_me ? STR("me") : STR("other"));
	json_put_bool(arena, model, STR("is_me"), is_me);
	json_put_text(arena, model, STR("area"), area);
	json_put_text(arena, model, STR("service"), service_name(arena, area));
	json_put(model, STR("now"), page_time(request, request->now));
	json_put(model, STR("back"), text_or_null(arena, head->back));
	put_step(arena, model, head);
	put_surroundings(request, model);
	put_banners(request, model);
	put_session(request, model);
	return model;
}

/* --- errors and fields ----------------------------------------------------------------------- */

/* Models are built as trees of our own; a member found in one may be added to. */
static struct json *member_to_write(struct json *model, struct str key)
{
	for (struct json *child = model ? model->first : NULL; child; child = child->next)
		if (str_eq(child->key, key))
			return child;
	return NULL;
}

void page_error(struct web_request *request, struct json *model, struct str field, struct str text)
{
	struct arena *arena = request->arena;
	struct json *error = json_object(arena);
	struct json *has = member_to_write(model, STR("has_errors"));
	json_put_text(arena, error, STR("field"), field);
	json_put_text(arena, error, STR("href"), arena_format(arena, "#%.*s", STR_ARG(field)));
	json_put_text(arena, error, STR("text"), text);
	json_push(member_to_write(model, STR("errors")), error);
	if (has)
		has->type = JSON_TRUE;
}

void page_answer_errors(struct web_request *request, struct json *model,
                        const struct casebook_answer *failed, struct str field)
{
	for (size_t i = 0; i < failed->error_count; i++)
		page_error(request, model, failed->errors[i].field, failed->errors[i].text);
	if (failed->error_count == 0)
		page_error(request, model, field, str_from_c(failed->err.message));
}

struct str page_error_of(const struct json *model, struct str field)
{
	const struct json *errors = json_member(model, STR("errors"));
	for (const struct json *error = errors ? errors->first : NULL; error; error = error->next)
		if (str_eq(json_text(error, STR("field")), field))
			return json_text(error, STR("text"));
	return STR_NONE;
}

void page_field(struct web_request *request, struct json *model, struct str name, struct str value)
{
	struct json *form = member_to_write(model, STR("form"));
	json_put_text(request->arena, member_to_write(form, STR("fields")), name, value);
}

void page_submission(struct web_request *request, struct json *model, struct str submission)
{
	struct json *set = member_to_write(member_to_write(model, STR("form")), STR("submission"));
	(void)request;
	if (set)
		set->string = submission;
}

/* --- leaving --------------------------------------------------------------------------------- */

bool page_answer(struct web_request *request, struct web_answer *answer, struct str template,
                 struct json *model, struct err *err)
{
	if (!json_complete(model))
		return err_set(err, ERR_UNABLE, "This page is too large to show");
	if (site_wants_json(request)) {
		web_answer_json(answer, model);
		return true;
	}
	return mustache_render(site_web(request)->templates, template, model, &answer->body, err);
}

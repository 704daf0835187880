/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/kept_form.h"

#include "web/draft.h"

#define TEXT_MAX ((size_t)2 << 20)
#define DEPTH_MAX 8

static const struct str ASIDE = { "form", 4 };

/* The draft's owner in words, as lists are asked for; its id is a hash of that. */
static struct str owner_of(struct arena *arena, struct str account, struct str office,
                           struct str file, struct str kind)
{
	return arena_format(arena, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(account), STR_ARG(office),
	                    STR_ARG(file), STR_ARG(kind));
}

static struct str id_of(struct arena *arena, struct str owner)
{
	struct hash hash = hash_of(owner);
	return hash_hex(arena, &hash);
}

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for this form");
}

static bool save(struct web_request *request, struct str owner, const struct json *fields,
                 struct err *err)
{
	struct str id = id_of(request->arena, owner);
	struct buf text;
	if (!owner.p || !id.p)
		return no_memory(err);
	buf_init(&text, TEXT_MAX);
	json_write(&text, fields);
	bool done = text.full ? err_set(err, ERR_INPUT, "This is too long to be kept as a draft")
	                      : casebook_draft_save(site_book(request), id, owner, NULL,
	                                            buf_str(&text), err);
	buf_finish(&text);
	return done;
}

bool kept_form_save(struct web_request *request, struct str file, struct str kind,
                    const struct json *fields, struct err *err)
{
	const struct casebook_actor *actor = &practice_viewer(request)->actor;
	return save(request, owner_of(request->arena, actor->account, actor->office, file, kind),
	            fields, err);
}

bool kept_form_load(struct web_request *request, struct str file, struct str kind,
                    const struct json **fields, instant *used, struct err *err)
{
	const struct casebook_actor *actor = &practice_viewer(request)->actor;
	struct arena *arena = request->arena;
	struct str owner = owner_of(arena, actor->account, actor->office, file, kind), text;
	*fields = NULL;
	*used = 0;
	if (!owner.p)
		return no_memory(err);
	if (!casebook_draft_load(site_book(request), arena, id_of(arena, owner), owner, NULL, &text,
	                         used, err))
		return err->code == ERR_ABSENT;
	return json_read(arena, text, DEPTH_MAX, fields, err);
}

bool kept_form_drop(struct web_request *request, struct str file, struct str kind, struct err *err)
{
	const struct casebook_actor *actor = &practice_viewer(request)->actor;
	struct arena *arena = request->arena;
	struct str owner = owner_of(arena, actor->account, actor->office, file, kind);
	return owner.p ? casebook_draft_drop(site_book(request), id_of(arena, owner), err)
	               : no_memory(err);
}

struct str kept_form_id(struct web_request *request, struct str file, struct str kind)
{
	const struct casebook_actor *actor = &practice_viewer(request)->actor;
	struct arena *arena = request->arena;
	return id_of(arena, owner_of(arena, actor->account, actor->office, file, kind));
}

struct str kept_form_mark(struct web_request *request, struct str account)
{
	struct str use = STR("candour/form-of/v1");
	struct hash hash = hash_hmac(account, &use, 1);
	return str_sub(hash_hex(request->arena, &hash), 0, 16);
}

struct str kept_form_path(struct web_request *request, struct str file, struct str kind)
{
	const struct pack_kind *report = casebook_pack(site_book(request))->report;
	bool is_call = str_eq(file, STR("new")) && report && str_eq(kind, report->name);
	return is_call ? STR("/work/call") : practice_file_path(request, file, kind);
}

bool kept_form_set_aside(struct web_request *request, struct web_answer *answer, struct str file,
                         struct str kind, const struct json *fields, struct err *err)
{
	CLEANUP(draft_finish) struct draft draft;
	struct arena *arena = request->arena;
	struct json *aside = json_object(arena);
	if (!draft_open(request, &draft, err))
		return false;
	json_put_text(arena, aside, STR("file"), file);
	json_put_text(arena, aside, STR("kind"), kind);
	json_put_text(arena, aside, STR("of"), site_choice(request, STR("form-of")));
	json_put(aside, STR("fields"), draft_copy(arena, fields));
	draft_set(draft.root, ASIDE, aside);
	if (!draft_save(request, answer, &draft, err))
		return false;
	web_answer_redirect(answer, STR("/sign-in?kept=yes"));
	return true;
}

bool kept_form_restore(struct web_request *request, struct json *root, struct str account,
                       struct str office, struct str *to, struct err *err)
{
	struct arena *arena = request->arena;
	const struct json *aside = json_member(root, ASIDE);
	const struct json *fields = json_member(aside, STR("fields"));
	struct str file = json_text(aside, STR("file")), kind = json_text(aside, STR("kind"));
	if (!aside || office.n == 0)
		return true;
	bool is_own = str_eq(json_text(aside, STR("of")), kept_form_mark(request, account));
	if (is_own && fields &&
	    !save(request, owner_of(arena, account, office, file, kind), fields, err))
		return false;
	if (is_own && fields)
		*to = kept_form_path(request, file, kind);
	draft_set(root, ASIDE, NULL);
	return to->p ? true : no_memory(err);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/draft.h"

#include "vault/vault.h"

#define TEXT_MAX ((size_t)2 << 20) /* bytes of a draft */
#define DEPTH_MAX 8

static const struct str OWNER = { "reporter", 8 };

/* Id and key follow from the cookie, each for its own use; neither gives the other. */
static void derive(struct draft *draft)
{
	struct str secret = { draft->secret, DRAFT_SECRET };
	struct str id_use = STR("candour/draft-id/v1"), key_use = STR("candour/draft-key/v1");
	struct hash id = hash_hmac(secret, &id_use, 1), key = hash_hmac(secret, &key_use, 1);
	hex_write(draft->id, id.bytes, DRAFT_ID / 2);
	memcpy(draft->key, key.bytes, sizeof draft->key);
	vault_wipe(&key, sizeof key);
}

static void make_secret(struct web_request *request, struct draft *draft)
{
	uint8_t bytes[DRAFT_SECRET / 2];
	random_bytes(site_web(request)->random, bytes, sizeof bytes);
	hex_write(draft->secret, bytes, sizeof bytes);
	vault_wipe(bytes, sizeof bytes);
	derive(draft);
}

struct str draft_id(const struct draft *draft)
{
	return (struct str){ draft->id, DRAFT_ID };
}

/*
 * What ends a cookie. Of a draft that held nothing unsent, a letter: when that is gone, nothing was
 * lost. Else the submission under which it goes: its answer may be lost and the draft gone, and
 * what was recorded must still be found.
 */
#define NOTHING_UNSENT STR("s")
#define SUBMISSION 64 /* hex digits */

static bool holds_unsent(const struct draft *draft)
{
	const struct json *answers = json_member(draft->root, STR("answers"));
	const struct json *files = json_member(draft->root, STR("files"));
	const struct json *tell = json_member(draft->root, STR("tell"));
	return (answers && answers->count > 0) || (files && files->count > 0) ||
	       (tell && tell->count > 0);
}

static bool read_cookie(struct web_request *request, struct draft *draft, struct str *rest)
{
	uint8_t bytes[DRAFT_SECRET / 2], submission[SUBMISSION / 2];
	struct str cookie = fields_get(&request->head->cookies, site_web(request)->cookies[0]);
	*rest = str_sub(cookie, DRAFT_SECRET, cookie.n);
	if (cookie.n < DRAFT_SECRET ||
	    !hex_read(str_sub(cookie, 0, DRAFT_SECRET), bytes, sizeof bytes) ||
	    (rest->n > 0 && !str_eq(*rest, NOTHING_UNSENT) &&
	     !hex_read(*rest, submission, sizeof submission)))
		return false;
	memcpy(draft->secret, cookie.p, DRAFT_SECRET);
	derive(draft);
	return true;
}

bool draft_open(struct web_request *request, struct draft *out, struct err *err)
{
	struct str text;
	const struct json *kept;
	struct str rest;
	*out = (struct draft){ .root = json_object(request->arena) };
	if (!out->root)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	if (!read_cookie(request, out, &rest)) {
		make_secret(request, out);
		return true;
	}
	if (!casebook_draft_load(site_book(request), request->arena, draft_id(out), OWNER, out->key,
	                         &text, &out->used, err)) {
		bool is_gone = err->code == ERR_ABSENT;
		out->is_lost = is_gone && !str_eq(rest, NOTHING_UNSENT);
		out->submission = out->is_lost ? rest : STR("");
		make_secret(request, out); /* a name that is gone is not used again */
		return is_gone;
	}
	if (!json_read(request->arena, text, DEPTH_MAX, &kept, err))
		return false;
	out->root = draft_copy(request->arena, kept);
	out->is_there = true;
	return out->root ? true : err_set(err, ERR_UNABLE, "There is no memory for this page");
}

void draft_finish(struct draft *draft)
{
	vault_wipe(draft->key, sizeof draft->key);
	vault_wipe(draft->secret, sizeof draft->secret);
}

bool draft_save(struct web_request *request, struct web_answer *answer, struct draft *draft,
                struct err *err)
{
	struct buf text;
	if (!json_complete(draft->root))
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	buf_init(&text, TEXT_MAX);
	json_write(&text, draft->root);
	bool done = text.full ? err_set(err, ERR_INPUT, "This is too long to be kept")
	                      : casebook_draft_save(site_book(request), draft_id(draft), OWNER,
	                                            draft->key, buf_str(&text), err);
	if (text.p)
		vault_wipe(text.p, text.n);
	buf_finish(&text);
	if (!done)
		return false;
	draft->is_there = true;
	struct str rest =
		holds_unsent(draft) ? json_text(draft->root, STR("submission")) : NOTHING_UNSENT;
	struct str secret = arena_format(request->arena, "%.*s%.*s", DRAFT_SECRET, draft->secret,
	                                 STR_ARG(rest));
	if (!secret.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	web_answer_cookie(answer, (struct cookie){ .name = STR(SITE_DRAFT_COOKIE),
	                                           .value = secret,
	                                           .site = COOKIE_SITE_STRICT,
	                                           .is_secure = request->is_secure });
	return true;
}

bool draft_drop(struct web_request *request, struct web_answer *answer, struct draft *draft,
                struct err *err)
{
	if (draft->is_there && !casebook_draft_drop(site_book(request), draft_id(draft), err))
		return false;
	draft->is_there = false;
	web_answer_cookie(answer, (struct cookie){ .name = STR(SITE_DRAFT_COOKIE),
	                                           .value = STR(""),
	                                           .site = COOKIE_SITE_STRICT,
	                                           .is_secure = request->is_secure,
	                                           .is_dropped = true });
	return true;
}

/* --- the tree -------------------------------------------------------------------------------- */

struct json *draft_copy(struct arena *arena, const struct json *value)
{
	struct json *copy = arena_alloc(arena, 1, sizeof *copy);
	if (!copy)
		return NULL;
	*copy = *value;
	copy->first = copy->last = copy->next = NULL;
	copy->count = 0;
	for (const struct json *child = value->first; child; child = child->next) {
		struct json *own = draft_copy(arena, child);
		if (value->type == JSON_OBJECT)
			json_put(copy, child->key, own);
		else
			json_push(copy, own);
	}
	return copy;
}

void draft_set(struct json *object, struct str key, struct json *value)
{
	struct json *before = NULL;
	for (struct json *child = object->first; child; before = child, child = child->next) {
		if (!str_eq(child->key, key))
			continue;
		*(before ? &before->next : &object->first) = child->next;
		if (object->last == child)
			object->last = before;
		object->count--;
		break;
	}
	if (value)
		json_put(object, key, value);
}

static struct json *draft_child(struct json *parent, struct str key, struct json *made,
                                enum json_type type)
{
	for (struct json *child = parent ? parent->first : NULL; child; child = child->next)
		if (str_eq(child->key, key) && child->type == type)
			return child;
	if (parent && made)
		draft_set(parent, key, made);
	return made;
}

struct json *draft_object(struct arena *arena, struct json *parent, struct str key)
{
	return draft_child(parent, key, json_object(arena), JSON_OBJECT);
}

struct json *draft_list(struct arena *arena, struct json *parent, struct str key)
{
	return draft_child(parent, key, json_array(arena), JSON_ARRAY);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Files of a form: handed to the register piece by piece as they arrive, under
 * the draft that the form becomes. One that cannot be taken spoils no other.
 */
#include "web/act_form.h"

#include "web/session_gate.h"

#define FILES_MAX 50
#define SHOWN_NAME 120

struct act_upload {
	struct casebook_upload *current; /* NULL: the file at hand is not taken */
	struct str field;
	struct str name;
	uint64_t bytes;
	struct json *taken; /* {field, value} */
	struct json *wrong; /* {field, text} */
};

static struct act_upload *upload_of(struct web_request *request)
{
	struct act_upload *upload = request->upload;
	if (upload)
		return upload;
	upload = arena_alloc(request->arena, 1, sizeof *upload);
	if (!upload)
		return NULL;
	upload->taken = json_array(request->arena);
	upload->wrong = json_array(request->arena);
	request->upload = upload;
	return upload;
}

static void note_wrong(struct web_request *request, struct act_upload *upload, const char *what)
{
	struct arena *arena = request->arena;
	struct json *wrong = json_object(arena);
	struct str name = str_sub(upload->name, 0, SHOWN_NAME);
	while (name.n > 0 && !str_is_utf8(name))
		name.n--;
	json_put_text(arena, wrong, STR("field"), upload->field);
	json_put_text(arena, wrong, STR("text"),
	              arena_format(arena, "\"%.*s\" %s", STR_ARG(name), what));
	json_push(upload->wrong, wrong);
}

/* Names of files come with paths from some machines. */
static struct str last_part(struct str name)
{
	for (size_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == '/' || name.p[i - 1] == '\\')
			return str_sub(name, i, name.n);
	return name;
}

static bool begin(struct web_request *request, const struct multipart_part *part, struct err *err)
{
	struct act_upload *upload = upload_of(request);
	if (!upload)
		return err_set(err, ERR_UNABLE, "There is no memory for this upload");
	upload->name = arena_copy(request->arena, last_part(part->filename));
	upload->field = arena_copy(request->arena, part->name);
	upload->bytes = 0;
	upload->current = NULL;
	if (upload->name.n == 0)
		return true; /* a file box left empty */
	if (!session_gate_look(request, err))
		return false;
	if (site_visit(request)->known == SITE_UNKNOWN) {
		note_wrong(request, upload, "was not kept: you were signed out. Send it again");
		return true;
	}
	if (upload->taken && upload->taken->count >= FILES_MAX) {
		note_wrong(request, upload, "is one too many");
		return true;
	}
	struct str file = web_param(request, STR("id")), kind = web_param(request, STR("kind"));
	const struct pack_kind *report = casebook_pack(site_book(request))->report;
	if (!kind.p && report)
		kind = report->name; /* a call is taken down */
	struct str id = kept_form_id(request, file.p ? file : STR("new"), kind);
	return casebook_upload_begin(site_book(request), id, &upload->current, err);
}

static bool piece(struct web_request *request, struct str bytes, struct err *err)
{
	struct act_upload *upload = request->upload;
	upload->bytes += bytes.n;
	if (site_visit(request)->known == SITE_UNKNOWN && upload->bytes > WEB_FORM_MAX)
		return err_set(err, ERR_USAGE, "Sign in before you send files");
	if (!upload->current || casebook_upload_add(upload->current, bytes, err))
		return true;
	casebook_upload_drop(&upload->current);
	if (err->code != ERR_INPUT)
		return false;
	*err = (struct err){ 0 };
	note_wrong(request, upload, "is larger than can be taken");
	return true;
}

static bool end(struct web_request *request, struct err *err)
{
	struct act_upload *upload = request->upload;
	const struct json *value = NULL;
	if (!upload->current)
		return true;
	bool done =
		casebook_upload_end(&upload->current, request->arena, upload->name, &value, err);
	casebook_upload_drop(&upload->current);
	if (!done && err->code != ERR_INPUT)
		return false;
	if (!done) {
		note_wrong(request, upload,
		           upload->bytes == 0 ? "is empty" : "is of a type that is not taken");
		*err = (struct err){ 0 };
		return true;
	}
	struct json *taken = json_object(request->arena);
	json_put_text(request->arena, taken, STR("field"), upload->field);
	json_put(taken, STR("value"), draft_copy(request->arena, value));
	json_push(upload->taken, taken);
	return true;
}

static void finish(struct web_request *request)
{
	struct act_upload *upload = request->upload;
	casebook_upload_drop(&upload->current);
}

const struct web_sink act_sink = { begin, piece, end, finish };

void act_upload_merge(struct act_form *form)
{
	struct arena *arena = form->request->arena;
	const struct act_upload *upload = form->request->upload;
	if (!upload)
		return;
	for (const struct json *one = upload->taken ? upload->taken->first : NULL; one;
	     one = one->next) {
		struct str name = json_text(one, STR("field"));
		const struct pack_field *field = pack_field_find(form->kind, name);
		if (!field || field->type != PACK_ATTACHMENT)
			continue;
		struct json *value = draft_copy(arena, json_member(one, STR("value")));
		if (field->is_repeated)
			json_push(draft_list(arena, form->fields, name), value);
		else
			draft_set(form->fields, name, value);
	}
}

struct str act_upload_undeclared(const struct act_form *form)
{
	const struct act_upload *upload = form->request->upload;
	for (const struct json *one = upload && upload->taken ? upload->taken->first : NULL; one;
	     one = one->next) {
		struct str name = json_text(one, STR("field"));
		const struct pack_field *field = pack_field_find(form->kind, name);
		if (!field || field->type != PACK_ATTACHMENT || !act_field_is_asked(form, field))
			return name;
	}
	return STR_NONE;
}

bool act_upload_errors(struct act_form *form)
{
	const struct act_upload *upload = form->request->upload;
	bool any = false;
	for (const struct json *wrong = upload && upload->wrong ? upload->wrong->first : NULL;
	     wrong; wrong = wrong->next) {
		page_error(form->request, form->model, json_text(wrong, STR("field")),
		           json_text(wrong, STR("text")));
		any = true;
	}
	return any;
}

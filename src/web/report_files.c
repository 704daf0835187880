/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Photos, messages, recordings: handed to the register piece by piece as they
 * arrive, each with what became of it. One that cannot be taken spoils no
 * other, and no answer.
 */
#include "web/report.h"

#include <stdlib.h>

#define PARTS_MAX 40   /* files of one upload, taken or not */
#define SHOWN_NAME 120 /* bytes of a name that an error shows */
#define NO_TYPE "is a type we cannot open. Send it as PDF or a photo"

struct upload {
	struct draft draft;
	struct casebook_upload *current; /* NULL: the file at hand is not taken */
	struct str name;
	uint64_t bytes; /* of the file at hand */
	uint64_t came;  /* of all files */
	bool is_closed; /* the file at hand is of a type that nobody here can open */
	struct json *taken;
	struct json *wrong; /* sentences */
	bool is_over;       /* the last byte was there, and a page has answered */
};

static void note_wrong(struct web_request *request, struct upload *upload, const char *what)
{
	struct str name = str_sub(upload->name, 0, SHOWN_NAME);
	while (name.n > 0 && !str_is_utf8(name))
		name.n--;
	struct str text = arena_format(request->arena, "\"%.*s\" %s", STR_ARG(name), what);
	json_push(upload->wrong, json_string(request->arena, text));
}

static struct upload *upload_of(struct web_request *request, struct err *err)
{
	struct upload *upload = request->upload;
	if (upload)
		return upload;
	upload = arena_alloc(request->arena, 1, sizeof *upload);
	if (!upload) {
		err_set(err, ERR_UNABLE, "There is no memory for this upload");
		return NULL;
	}
	request->upload = upload;
	upload->taken = json_array(request->arena);
	upload->wrong = json_array(request->arena);
	return draft_open(request, &upload->draft, err) ? upload : NULL;
}

/* Names of files come with paths from some machines. */
static struct str last_part(struct str name)
{
	for (size_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == '/' || name.p[i - 1] == '\\')
			return str_sub(name, i, name.n);
	return name;
}

/* Letters of either case. */
static bool ends_like(struct str name, struct str end)
{
	if (name.n <= end.n)
		return false;
	for (size_t i = 0; i < end.n; i++) {
		char c = name.p[name.n - end.n + i];
		if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != end.p[i])
			return false;
	}
	return true;
}

/* By the end of its name, as the page lists them; without one, by what the browser calls it. */
static bool may_open(struct str name, struct str type)
{
	static const char *const ENDS[] = { ".jpg", ".jpeg", ".png", ".heic", ".heif", ".pdf",
		                            ".mp4", ".mov",  ".mp3", ".m4a",  ".txt",  ".text" };
	static const char *const TYPES[] = { "image/jpeg",      "image/png",       "image/heic",
		                             "image/heif",      "application/pdf", "video/mp4",
		                             "video/quicktime", "audio/mpeg",      "audio/mp4",
		                             "audio/x-m4a",     "text/plain" };
	for (size_t i = 0; i < COUNT_OF(ENDS); i++)
		if (ends_like(name, str_from_c(ENDS[i])))
			return true;
	for (size_t i = 0; str_find(name, '.') == name.n && i < COUNT_OF(TYPES); i++)
		if (str_eq(type, str_from_c(TYPES[i])))
			return true;
	return false;
}

static bool begin(struct web_request *request, const struct multipart_part *part, struct err *err)
{
	struct upload *upload = upload_of(request, err);
	if (!upload)
		return false;
	upload->name = arena_copy(request->arena, last_part(part->filename));
	upload->bytes = 0;
	upload->is_closed = false;
	upload->current = NULL;
	if (upload->name.n == 0)
		return true; /* a file box left empty */
	if (!upload->draft.is_there) {
		note_wrong(request, upload, "came too late: answer the first question again");
		return true;
	}
	upload->is_closed = !may_open(upload->name, part->type);
	if (upload->is_closed)
		return true; /* what is wrong with it is said at its end: it may be empty too */
	if (upload->taken && upload->taken->count >= REPORT_FILES_MAX) {
		note_wrong(request, upload, "is one too many: send at most 10 files");
		return true;
	}
	return casebook_upload_begin(site_book(request), draft_id(&upload->draft), &upload->current,
	                             err);
}

static bool piece(struct web_request *request, struct str bytes, struct err *err)
{
	struct upload *upload = request->upload;
	upload->bytes += bytes.n;
	upload->came += bytes.n;
	if (!upload->current || casebook_upload_add(upload->current, bytes, err))
		return true;
	casebook_upload_drop(&upload->current);
	if (err->code != ERR_INPUT)
		return false;
	note_wrong(request, upload, "is larger than 200 MB");
	return true;
}

static bool end(struct web_request *request, struct err *err)
{
	struct upload *upload = request->upload;
	const struct json *value = NULL;
	if (upload->is_closed)
		note_wrong(request, upload, upload->bytes == 0 ? "is empty" : NO_TYPE);
	if (!upload->current)
		return true;
	if (upload->bytes == 0) {
		casebook_upload_drop(&upload->current);
		note_wrong(request, upload, "is empty");
		return true;
	}
	bool done =
		casebook_upload_end(&upload->current, request->arena, upload->name, &value, err);
	casebook_upload_drop(&upload->current);
	if (done)
		json_push(upload->taken, draft_copy(request->arena, value));
	else if (err->code == ERR_INPUT)
		note_wrong(request, upload, NO_TYPE);
	else
		return false;
	return true;
}

void report_file_away(struct json *files, struct str which)
{
	uint64_t n;
	struct json *before = NULL;
	if (!str_to_u64(which, REPORT_FILES_MAX, &n))
		return;
	for (struct json *file = files->first; file; before = file, file = file->next) {
		if (n-- > 0)
			continue;
		*(before ? &before->next : &files->first) = file->next;
		if (files->last == file)
			files->last = before;
		files->count--;
		return;
	}
}

static bool is_same_file(const struct json *a, const struct json *b)
{
	return str_eq(json_text(a, STR("name")), json_text(b, STR("name"))) &&
	       str_eq(json_text(a, STR("sha256")), json_text(b, STR("sha256")));
}

static bool is_kept(const struct json *files, const struct json *file)
{
	for (const struct json *kept = files->first; kept; kept = kept->next)
		if (is_same_file(kept, file))
			return true;
	return false;
}

bool report_files_keep(struct web_request *request, struct json *files, const struct json *taken)
{
	for (const struct json *file = taken ? taken->first : NULL; file; file = file->next) {
		if (is_kept(files, file))
			continue;
		if (files->count >= REPORT_FILES_MAX)
			return false;
		json_push(files, draft_copy(request->arena, file));
	}
	return true;
}

/*
 * The line broke: nobody reads an answer any more. What had arrived whole goes
 * into the draft as it is now, with how far the upload had come.
 */
static void keep_what_came(struct web_request *request, struct upload *upload)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct web_answer unread;
	struct err err = { 0 };
	uint64_t length = request->head->content_length;
	if (!report_open(request, &report, &err) || !report.draft.is_there)
		return;
	(void)report_files_keep(request, report.files, upload->taken);
	uint64_t part = length > 0 ? upload->came * 100 / length : 0;
	draft_set(report.draft.root, STR("broke"),
	          json_integer(request->arena, (int64_t)(part < 99 ? part : 99)));
	web_answer_init(&unread);
	if (!draft_save(request, &unread, &report.draft, &err))
		journal_write(JOURNAL_WARNING, "web: files of a broken upload were not kept: %s",
		              err.message);
	web_answer_finish(&unread);
}

void report_files_broke(struct web_request *request, const struct report *report,
                        struct json *model)
{
	const struct json *broke = json_member(report->draft.root, STR("broke"));
	const char *then = report->files->count > 0 ? "What arrived is kept: send again to go on"
	                                            : "Nothing arrived whole: send it again";
	if (broke)
		page_error(request, model, STR("files"),
		           arena_format(request->arena,
		                        "The connection broke at %" PRId64 " %%. %s",
		                        json_number(report->draft.root, STR("broke"), 0), then));
}

static void finish(struct web_request *request)
{
	struct upload *upload = request->upload;
	casebook_upload_drop(&upload->current);
	if (!upload->is_over && str_eq(request->head->path, STR("/report/files")))
		keep_what_came(request, upload);
	draft_finish(&upload->draft);
}

const struct web_sink report_files_sink = { begin, piece, end, finish };

struct json *report_files_taken(struct web_request *request)
{
	struct upload *upload = request->upload;
	if (!upload)
		return NULL;
	upload->is_over = true;
	return upload->taken;
}

bool report_files_errors(struct web_request *request, struct json *model)
{
	struct upload *upload = request->upload;
	if (!upload || !upload->wrong)
		return true;
	for (const struct json *text = upload->wrong->first; text; text = text->next)
		page_error(request, model, STR("files"), text->string);
	return upload->wrong->count == 0;
}

static struct str size_words(struct arena *arena, int64_t bytes)
{
	if (bytes < 1024)
		return arena_format(arena, "%" PRId64 " bytes", bytes);
	if (bytes < INT64_C(1024) * 1024)
		return arena_format(arena, "%" PRId64 " KB", bytes / 1024);
	return arena_format(arena, "%" PRId64 " MB", bytes / 1024 / 1024);
}

struct json *report_files_rows(struct web_request *request, const struct json *files)
{
	struct arena *arena = request->arena;
	struct json *rows = json_array(arena);
	int64_t n = 0;
	for (const struct json *file = files ? files->first : NULL; file; file = file->next) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("file_name"), json_text(file, STR("name")));
		json_put_text(arena, row, STR("size"),
		              size_words(arena, json_number(file, STR("size"), 0)));
		json_put_integer(arena, row, STR("n"), n++);
		json_push(rows, row);
	}
	return rows;
}

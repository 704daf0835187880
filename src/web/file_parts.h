/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the parts of a file's page share. */
#ifndef CANDOUR_WEB_FILE_PARTS_H
#define CANDOUR_WEB_FILE_PARTS_H

#include "web/draft.h"
#include "web/practice.h"
#include "web/same.h"

struct file_page {
	struct web_request *request;
	struct casebook_reader *reader;
	struct casebook_file file;
	struct casebook_access access;
	struct same same;            /* of a person: the files of the same person, itself too */
	struct casebook_entry first; /* the entry that began it */
	struct casebook_duty_list duties;
	const struct casebook_possible
		*acts; /* what this office may make here, by file_find_possible */
	size_t act_count;
	const struct pack_kind *const *begins; /* files that this office may begin */
	size_t begin_count;
	const struct casebook_offer *offers;
	size_t offer_count;
};

/* The page of a file for an office that may write there and has no part in it. */
bool file_alone_show(struct file_page *page, struct web_answer *answer, struct err *err) MUST_USE;

/* Why somebody looks, in the words of the page of finding; p NULL: no such reason. */
struct str find_why_words(struct str why);
/* "Concern". */
struct str file_type_title(struct web_request *request, const struct casebook_file *file);
/* "Concern C-418". */
struct str file_heading(struct web_request *request, const struct casebook_file *file);
/* The same for a page, which does not break the number: {type, number}. */
struct json *file_name(struct web_request *request, const struct casebook_file *file);
/* Words where there is no number, as a page shows that: {type}. */
struct json *file_no_name(struct arena *arena, struct str words);
/* A title inside a sentence, "on the web"; what is written in capitals stays. */
struct str file_inside(struct arena *arena, struct str title);
/* At the head: which words fewer may read now, who still does, until when and why. */
bool restricted_put_file(struct web_request *request, struct casebook_reader *reader, int64_t file,
                         struct json *model, struct err *err) MUST_USE;
/* Where it has ended: since when, why, whether anyone may open it again; else null. */
bool file_put_end(const struct file_page *page, struct json *model, struct err *err) MUST_USE;
/* Who was asked, and answered, or is silent: from the duties that named an office in a field. */
bool file_put_asked(struct file_page *page, struct json *model, struct err *err) MUST_USE;
/* Files it is linked to, those that this viewer may know of. */
bool file_put_links(struct file_page *page, struct json *model, struct err *err) MUST_USE;
/* Of a person: same{rows[{name, number, href, at, office, entry, undo_href, undo}], hidden_n,
 * has_apart}, is_joined. */
bool file_put_same(struct file_page *page, struct json *model, struct err *err) MUST_USE;
/* What the rules have told at its head: tells[{title, is_there, at, office, href, none, owed}]. */
bool file_put_tells(struct file_page *page, struct json *model, struct err *err) MUST_USE;
/* person_name and born of a person's file, else empty; `words` are those it began with. */
void file_put_person(struct file_page *page, const struct json *words, struct json *model);
bool file_find_possible(struct file_page *page, struct err *err) MUST_USE;
/* The ways to pass an open duty on, and to agree a later time, that this office has: passes,
 * puts_off. */
void file_put_duty_acts(const struct file_page *page, const struct casebook_duty *duty,
                        struct json *row);
/* What this office can do now: owed, offered, also by groups, files about this one, and not, with
 * the reason. */
void file_put_possible(struct file_page *page, struct json *model);
/* The field by which a file that `kind` begins names one of `type`: what links it comes first;
 * NULL: none. */
const struct pack_field *file_link_field(const struct pack_kind *kind,
                                         const struct pack_file_type *type);
/* Puts the row of a kind into [{name, acts[], n}], by the part of the rules that has it; then the
 * counts. */
void file_put_in_group(struct web_request *request, const struct pack_kind *kind, struct json *row,
                       struct json *groups);
void file_put_group_counts(struct web_request *request, struct json *groups);

#endif

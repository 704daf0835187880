/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the handlers of those who signed in, and what they share. */
#ifndef CANDOUR_WEB_PRACTICE_H
#define CANDOUR_WEB_PRACTICE_H

#include "web/page.h"

#define PRACTICE_ROWS 50 /* of a page of a list */

/* Where in the menu a page stands. */
enum practice_place {
	PRACTICE_ELSEWHERE,
	PRACTICE_WORK,
	PRACTICE_FIND,
	PRACTICE_LATE,
	PRACTICE_READINGS,
};

/* A model with the envelope, the menu and the office line: nav{open, late, …}, you. */
bool practice_begin(struct web_request *request, const struct page_head *head,
                    enum practice_place place, struct json **model, struct err *err) MUST_USE;

/* Who looks, for access and readings. */
const struct casebook_viewer *practice_viewer(const struct web_request *request);
/* What casebook_office_counts counted, which is a thousand at most. */
struct str practice_count(struct arena *arena, int64_t n);

/*
 * False with a redirect in *answer (and true in *goes_on unset) when the session has chosen no
 * office yet: every page of work is an office's.
 */
bool practice_has_office(struct web_request *request, struct web_answer *answer);

/* The file of route parameter "id", which this viewer may know of; else ERR_ABSENT, as when it is
 * not there. */
bool practice_file(struct web_request *request, struct casebook_reader *reader,
                   struct casebook_file *file, struct casebook_access *access,
                   struct err *err) MUST_USE;

/* The same for the emergency way in, which is for whoever may know nothing of the file yet. */
bool practice_file_to_break(struct web_request *request, struct casebook_reader *reader,
                            struct casebook_file *file, struct casebook_access *access,
                            struct err *err) MUST_USE;

/* "/files/C-418", with "/tail" when it is not empty. */
struct str practice_file_path(struct web_request *request, struct str number, struct str tail);

/* The sentence of what was just written, carried over one redirect: done=N names an entry. */
bool practice_put_done(struct web_request *request, struct casebook_reader *reader,
                       struct json *model, struct err *err) MUST_USE;

/* Whether the acting office can be told to have a role that may make `kind` by the pack. */
bool practice_may_make(const struct pack_kind *kind, struct str role, const struct pack_duty *duty);

/* --- parts of pages ---------------------------------------------------------------------- */

/*
 * A duty as a row of the staff's lists: page_duty with row (class of the row), tags[{kind, text}],
 * next (who is told next, or null) and its action.
 */
bool duty_row(struct web_request *request, struct casebook_reader *reader,
              const struct casebook_duty *duty, struct json **out, struct err *err) MUST_USE;
/* The same for long lists: without its ladder, but for who was told last and who is next. */
bool duty_row_listed(struct web_request *request, struct casebook_reader *reader,
                     const struct casebook_duty *duty, struct json **out, struct err *err) MUST_USE;

/* Whether it is outside the partnership: told what is late, owing nothing. */
bool office_is_outside(const struct casebook_office *office);
/* Whether an entry of the kind settles it: made on its file, of whose type the file is. */
bool duty_is_settled_by(const struct casebook_duty *duty, const struct pack_kind *kind,
                        struct str office);
/* Whether the line settles what the acting office owes alone. */
bool duty_is_of_owner(const struct pack_settle *line);
/* The path of an act on `file`, naming the duty where its form asks for it. */
struct str duty_path(struct web_request *request, struct str file, const struct pack_kind *kind,
                     const struct casebook_duty *duty);
/* Whether all that is open by its rule on its file is settled by one act, whoever makes it. */
bool duty_is_settled_together(const struct pack *pack, const struct casebook_duty *duty);
/*
 * The plainest kind that settles it and that `role` may make (NULL: any role), a weighty one only
 * when there is no other; NULL: none.
 */
const struct pack_kind *duty_kind_that_settles(const struct pack *pack,
                                               const struct casebook_duty *duty,
                                               const struct pack_office *role);
/* Makes that kind the one action of the row: actions[{href, text, of}]. */
void duty_put_action(struct web_request *request, const struct casebook_duty *duty,
                     const struct pack_kind *kind, struct json *row);

/* What the register's own entries name by the rules, in words: an act, a role, an account, what was
 * missing. */
bool entry_own_text(struct web_request *request, struct casebook_reader *reader,
                    const struct casebook_entry *entry, struct str field, struct str value,
                    struct str *out, struct err *err) MUST_USE;
/* What such a field is called; p NULL: as the field says. */
struct str entry_own_label(const struct casebook_entry *entry, struct str field);
/* Told by another field of the same entry. */
bool entry_own_is_inner(const struct casebook_entry *entry, struct str field);
/* The fields of an entry as people read them: [{name, label, is_words, values[{text, href}]}]. */
bool entry_values(struct web_request *request, struct casebook_reader *reader,
                  const struct casebook_entry *entry, const struct json *fields, struct json *into,
                  struct err *err) MUST_USE;
/* What an entry is, and of when: "Concern decided, today at 3pm (entry 418)"; of an act that waits,
 * what it is to do. */
struct str entry_label(struct web_request *request, const struct casebook_entry *entry);
/* The text of one value of the entry `of` as it stands on pages. */
bool entry_value_text(struct web_request *request, struct casebook_reader *reader,
                      const struct casebook_entry *of, const struct pack_field *field,
                      const struct json *value, struct str *out, struct err *err) MUST_USE;
struct entry_list {
	const struct casebook_file *file;
	const struct casebook_access *access;    /* to the file */
	const struct casebook_duty_list *duties; /* of the file, for their titles */
	int64_t after;                           /* entries above this one; -1: all */
	bool opens;                              /* every seal, each a recorded reading */
	struct str purpose;                      /* of such a reading; empty: work */
	bool tells_all; /* the answers of the first entry too: they stand nowhere else */
};
/* One entry as a line of a chronology: page_entry with what it answers, its mark and its words. */
bool entry_line(struct web_request *request, struct casebook_reader *reader,
                const struct entry_list *list, const struct casebook_entry *entry,
                struct json **out, struct err *err) MUST_USE;
#define ENTRY_SILENCE (30 * INSTANT_PER_DAY)
/* A line of its own where nothing was written for so long. */
void entry_silence(struct arena *arena, instant from, instant until, struct json *lines);
/* Entries of a file as lines of a chronology, silences among them: chronology[], next. */
bool entry_chronology(struct web_request *request, struct casebook_reader *reader,
                      const struct entry_list *list, struct json *model, struct err *err) MUST_USE;
/* The words of one entry, opened as a recorded reading: {state, said, values[]}. */
bool entry_words(struct web_request *request, struct casebook_reader *reader,
                 const struct casebook_entry *entry, struct json **out, struct err *err) MUST_USE;

/* --- handlers ---------------------------------------------------------------------------- */

bool sign_in_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool sign_in_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool sign_in_digits_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool sign_in_digits_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool sign_in_lost(struct web_request *request, struct web_answer *answer, struct err *err);
bool first_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool first_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool sign_in_again_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool sign_in_again_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool sign_out_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool session_stay(struct web_request *request, struct web_answer *answer, struct err *err);
bool matches_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool invisible_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool invisible_csv(struct web_request *request, struct web_answer *answer, struct err *err);
bool match_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool office_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool office_take(struct web_request *request, struct web_answer *answer, struct err *err);

bool work_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool begin_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool work_csv(struct web_request *request, struct web_answer *answer, struct err *err);
bool late_csv(struct web_request *request, struct web_answer *answer, struct err *err);
bool readings_own_csv(struct web_request *request, struct web_answer *answer, struct err *err);
bool readings_of_file_csv(struct web_request *request, struct web_answer *answer, struct err *err);
bool burst_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool work_calendar(struct web_request *request, struct web_answer *answer, struct err *err);

bool file_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool story_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool object_download(struct web_request *request, struct web_answer *answer, struct err *err);
bool entry_receipt(struct web_request *request, struct web_answer *answer, struct err *err);
bool readings_of_file(struct web_request *request, struct web_answer *answer, struct err *err);
bool readings_own(struct web_request *request, struct web_answer *answer, struct err *err);
bool call_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool call_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool find_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool find_take(struct web_request *request, struct web_answer *answer, struct err *err);
bool restricted_show(struct web_request *request, struct web_answer *answer,
                     struct err *err) MUST_USE;
bool restricted_csv(struct web_request *request, struct web_answer *answer,
                    struct err *err) MUST_USE;
bool late_show(struct web_request *request, struct web_answer *answer, struct err *err);
bool file_entry_show(struct web_request *request, struct web_answer *answer, struct err *err);

#endif

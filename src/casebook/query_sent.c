/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What became of a submission whose answer never arrived. */
#include "casebook/query.h"

#include "casebook/readings.h"
#include "casebook/submission.h"

/* The same submission and the same act give the same code. */
static void cut_code(struct casebook_reader *reader, struct str submission, const struct hash *act,
                     struct casebook_answer *out)
{
	struct vault_return_code code = vault_return_code(reader->book->vault, submission, act);
	out->has_code = true;
	for (int i = 0; i < 4; i++)
		out->code.word[i] = code.word[i];
	out->code.digits = code.digits;
}

bool casebook_sent(struct casebook_reader *reader, struct arena *arena, struct str submission,
                   struct casebook_answer *out, struct err *err)
{
	struct submission sent;
	struct casebook_entry entry;
	struct casebook_file file;
	bool is_found;
	*out = (struct casebook_answer){ .index = -1 };
	if (!submission_look(reader->store, submission_tag(reader->hasher, submission), &sent,
	                     &is_found, err))
		return false;
	if (!is_found)
		return err_set(err, ERR_ABSENT, "Nothing was recorded under this submission");
	if (!casebook_entry_get(reader, arena, sent.entry, &entry, err) ||
	    !casebook_file_get(reader, arena, entry.file, &file, err))
		return false;
	out->outcome =
		str_eq(entry.kind, STR("act.waiting")) ? CASEBOOK_WAITING
		: str_eq(entry.kind, STR("act.refused")) || str_eq(entry.kind, STR("gate.refused"))
			? CASEBOOK_REFUSED
			: CASEBOOK_ADMITTED;
	out->is_repeat = true;
	out->index = entry.index;
	out->recorded = entry.recorded;
	out->file = file.id;
	out->number = file.number;
	if (out->outcome == CASEBOOK_ADMITTED && json_text(entry.plain, STR("return")).n > 0)
		cut_code(reader, submission, &sent.act, out);
	return true;
}

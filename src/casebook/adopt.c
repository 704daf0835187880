/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Adopting another version of the pack: checked whole and compared with the
 * one in force before the act is sent, kept with its entry, in force from the
 * next. What the turn looks at again: adopting.h.
 */
#include "casebook/adopting.h"
#include "casebook/chart.h"
#include "casebook/line.h"
#include "casebook/shelf.h"
#include "casebook/turn.h"

#define TEXT_MAX ((size_t)17 << 20)

static bool fail(struct casebook_adoption *out, enum err_code code, const char *message)
{
	out->answer = (struct casebook_answer){ .outcome = CASEBOOK_FAILED, .index = -1 };
	err_set(&out->answer.err, code, "%s", message);
	return true;
}

/* Whether the rules name it among those that lead its agency. */
static bool leads(const struct chart_office *office)
{
	const struct pack_office *role = office->role;
	return role && !role->is_outside && role->agency &&
	       (role->agency->head == role || role->agency->chief == role);
}

/* Whether the account sits in an office of that agency. */
static bool is_of_agency(const struct chart *chart, struct str account, struct str agency)
{
	for (size_t i = 0; i < chart->office_count; i++)
		if (str_eq(chart->offices[i].agency, agency) &&
		    chart_holds(&chart->offices[i], account))
			return true;
	return false;
}

/* Why `b` does not stand for another agency beside `a`; NULL: he does. */
static const char *why_no_second(const struct chart *chart, const struct casebook_actor *a,
                                 const struct casebook_actor *b, instant now)
{
	const struct chart_office *one = chart_find(chart, a->office),
				  *two = chart_find(chart, b->office);
	bool is_deputy;
	if (!one || !two || str_eq(a->account, b->account) || str_eq(one->agency, two->agency) ||
	    !chart_may_act(chart, two, b->account, now, &is_deputy))
		return "Adopting needs two accounts in offices of two agencies";
	if (!leads(two))
		return "Whoever agrees to other rules leads an agency: name its head or its chief";
	if (is_of_agency(chart, b->account, one->agency) ||
	    line_seats(chart, one, b->account, now) || line_seats(chart, two, a->account, now))
		return "Whoever agrees to other rules stands in no line with whoever proposes them: name"
		       " the head or the chief of another agency";
	return NULL;
}

static const char *why_not_two(struct casebook *book, const struct casebook_actor *a,
                               const struct casebook_actor *b)
{
	pthread_mutex_lock(&book->chart_lock);
	struct chart *chart = chart_take(book->chart);
	pthread_mutex_unlock(&book->chart_lock);
	const char *why = why_no_second(chart, a, b, casebook_now(book));
	chart_give(chart);
	return why;
}

/* Loads, checks, compares; *good false: `out` says why not. */
static bool judge_pack(struct casebook *book, struct str text, struct arena *arena,
                       struct casebook_adoption *out, struct pack **pack, bool *good,
                       struct err *err)
{
	struct str fails;
	struct pack_comparison comparison;
	*good = false;
	if (!shelf_load(book->shelf, text, pack, err))
		return err->code == ERR_INPUT && fail(out, ERR_INPUT, err->message);
	if (!shelf_check(book->shelf, *pack, arena, &fails, err))
		return false;
	if (fails.p)
		return fail(out, ERR_INPUT, str_to_c(arena, fails));
	const struct pack *old = casebook_pack(book);
	if (!pack_compare(old, *pack, arena, &comparison, err))
		return false;
	out->change = comparison.change;
	out->changes = comparison.lines;
	out->change_count = comparison.count;
	struct str why = adopting_why_not(old, *pack, &comparison, arena);
	if (why.p)
		return fail(out, ERR_REFUSED, str_to_c(arena, why));
	*good = true;
	return true;
}

static const struct json *adoption_fields(struct arena *arena, const struct pack *pack,
                                          const struct adopting *adopting, enum pack_change change,
                                          const struct casebook_actor *second)
{
	struct json *fields = json_object(arena);
	json_put_text(arena, fields, STR("name"), arena_copy(arena, pack->name));
	json_put_text(arena, fields, STR("version"), arena_copy(arena, pack->version));
	json_put_text(arena, fields, STR("hash"), hash_hex(arena, &adopting->hash));
	json_put_text(arena, fields, STR("change"), pack_change_word(change));
	json_put_text(arena, fields, STR("second"), second->account);
	return fields;
}

bool casebook_adopt(struct casebook *book, const struct casebook_actor *actor,
                    const struct casebook_actor *second, enum casebook_via via,
                    struct str machine_user, const struct pack_bytes *bytes, struct arena *arena,
                    struct casebook_adoption *out, struct err *err)
{
	struct pack *pack = NULL;
	struct buf text;
	bool good = false;
	*out = (struct casebook_adoption){ .answer = { .index = -1 } };
	const char *why = why_not_two(book, actor, second);
	if (why)
		return fail(out, ERR_REFUSED, why);
	buf_init(&text, TEXT_MAX);
	bool done = pack_bytes_write(&text, bytes) ||
	            err_set(err, ERR_UNABLE, "The pack is too large to be kept");
	struct adopting adopting = { .text = buf_str(&text), .hash = hash_of(buf_str(&text)) };
	done = done && judge_pack(book, adopting.text, arena, out, &pack, &good, err);
	if (done && good) {
		struct casebook_act act = { .actor = *actor,
			                    .via = via,
			                    .kind = STR("pack.adopted"),
			                    .file = STR("R-1"),
			                    .fields = adoption_fields(arena, pack, &adopting,
			                                              out->change, second),
			                    .machine_user = machine_user };
		done = casebook_submit_with(book, &act, adopting_keep, &adopting, arena,
		                            &out->answer, err);
	}
	shelf_give(book->shelf, pack);
	buf_finish(&text);
	return done;
}

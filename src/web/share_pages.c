/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Shares of the master key: who keeps which, who read it back, and new ones,
 * shown once to be printed. Like the command line's these go to DIR/keys alone.
 */
#include "web/setup.h"

#include "vault/vault.h"

#include "web/draft.h"

#define PAGE "/key-shares"

static struct str keeper_of(struct web_request *request, int number)
{
	struct str name =
		site_particular(request, arena_format(request->arena, "officer.%d", number));
	return name.n ? name : STR("Not named");
}

/* --- the list -----------------------------------------------------------------------------------
 */

static void put_share(struct web_request *request, const struct casebook_shares *shares, int number,
                      struct json *rows)
{
	struct arena *arena = request->arena;
	struct json *row = json_object(arena);
	instant at = shares->confirmed_at[number - 1];
	json_put_integer(arena, row, STR("number"), number);
	json_put_text(arena, row, STR("keeper"), keeper_of(request, number));
	json_put(row, STR("given"), page_time(request, shares->made));
	json_put(row, STR("confirmed"), at ? page_time(request, at) : json_null(arena));
	json_put_text(arena, row, STR("href"), arena_format(arena, PAGE "/%d", number));
	json_push(rows, row);
}

bool shares_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("key-shares"), .title = STR("Shares of the key") };
	struct arena *arena = request->arena;
	struct json *model, *rows = json_array(arena);
	struct casebook_shares shares;
	if (!setup_must_administer(request, answer, err))
		return err->code == ERR_NONE;
	if (!casebook_shares(site_book(request), &shares, err) ||
	    !practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	for (int i = 1; i <= shares.count; i++)
		put_share(request, &shares, i, rows);
	json_put(model, STR("rows"), rows);
	json_put_bool(arena, model, STR("has_rows"), shares.count > 0);
	json_put_integer(arena, model, STR("needed"), shares.needed);
	json_put_integer(arena, model, STR("count"), shares.count);
	json_put_integer(arena, model, STR("read_back"), shares.confirmed);
	json_put_bool(arena, model, STR("is_enough"),
	              shares.needed && shares.confirmed >= shares.needed);
	return page_answer(request, answer, STR("admin/shares"), model, err);
}

/* --- one read back -------------------------------------------------------------------------------
 */

struct reading {
	int number;
	int groups[2]; /* which are asked for: the same ones as long as the session lasts */
};

static bool find(struct web_request *request, struct web_answer *answer, struct reading *out,
                 struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_shares shares;
	uint64_t number;
	if (!setup_must_administer(request, answer, err) ||
	    !casebook_shares(site_book(request), &shares, err))
		return false;
	if (!str_to_u64(web_param(request, STR("number")), CASEBOOK_SHARES_MAX, &number) ||
	    number < 1 || number > (uint64_t)shares.count)
		return err_set(err, ERR_ABSENT, "There is no share of this number");
	struct hash hash = hash_of(arena_format(
		arena, "%.*s\n%" PRIu64, STR_ARG(practice_viewer(request)->session), number));
	out->number = (int)number;
	out->groups[0] = hash.bytes[0] % CASEBOOK_SHARE_GROUPS + 1;
	out->groups[1] = (out->groups[0] + hash.bytes[1] % (CASEBOOK_SHARE_GROUPS - 1)) %
	                         CASEBOOK_SHARE_GROUPS +
	                 1;
	return true;
}

/* A page of fields, without any yet; `error`, unless it is empty, about `field`. */
static bool begin_form(struct web_request *request, const struct page_head *head, struct str field,
                       struct str error, struct web_answer *answer, struct json **model,
                       struct err *err)
{
	if (!practice_begin(request, head, PRACTICE_ELSEWHERE, model, err))
		return false;
	if (error.n) {
		answer->status = 422;
		page_error(request, *model, field, error);
	}
	json_put(*model, STR("fields"), json_array(request->arena));
	return true;
}

static bool show_reading(struct web_request *request, const struct reading *reading,
                         struct str field, struct str error, struct web_answer *answer,
                         struct err *err)
{
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("key-shares.confirm"),
		                  .title = STR("Confirm your share"),
		                  .back = STR(PAGE) };
	struct json *model;
	if (!begin_form(request, &head, field, error, answer, &model, err))
		return false;
	for (size_t i = 0; i < 2; i++)
		setup_put_field(
			request, model,
			&(struct setup_field){
				.name = i ? STR("second") : STR("first"),
				.label = arena_format(arena, "Group %d", reading->groups[i]),
				.value = site_choice(request, i ? STR("second") : STR("first")),
				.look = SETUP_LINE });
	json_put_integer(arena, model, STR("number"), reading->number);
	json_put_text(arena, model, STR("keeper"), keeper_of(request, reading->number));
	json_put_text(arena, model, STR("action"),
	              arena_format(arena, PAGE "/%d", reading->number));
	return page_answer(request, answer, STR("admin/share-confirm"), model, err);
}

bool share_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct reading reading;
	if (!find(request, answer, &reading, err))
		return err->code == ERR_NONE;
	return show_reading(request, &reading, STR(""), STR_NONE, answer, err);
}

bool share_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct reading reading;
	struct str texts[2] = { site_choice(request, STR("first")),
		                site_choice(request, STR("second")) };
	if (!find(request, answer, &reading, err))
		return err->code == ERR_NONE;
	for (size_t i = 0; i < 2; i++)
		if (!texts[i].n)
			return show_reading(
				request, &reading, i ? STR("second") : STR("first"),
				arena_format(request->arena, "Write group %d", reading.groups[i]),
				answer, err);
	if (casebook_share_confirm_groups(site_book(request), reading.number, reading.groups, texts,
	                                  err)) {
		web_answer_redirect(answer, STR(PAGE));
		return true;
	}
	if (err->code != ERR_INPUT)
		return false;
	struct str first = arena_format(request->arena, "Group %d ", reading.groups[0]);
	struct str sentence = arena_copy(request->arena, str_from_c(err->message));
	return show_reading(request, &reading,
	                    str_starts(sentence, first) ? STR("first") : STR("second"), sentence,
	                    answer, err);
}

/* --- new ones
 * -------------------------------------------------------------------------------------- */

static bool show_form(struct web_request *request, struct str field, struct str error,
                      struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("key-shares.new"),
		                  .title = STR("Make new shares"),
		                  .back = STR(PAGE) };
	struct json *model;
	if (!begin_form(request, &head, field, error, answer, &model, err))
		return false;
	struct str count = site_choice(request, STR("count")),
		   needed = site_choice(request, STR("needed"));
	setup_put_field(request, model,
	                &(struct setup_field){ .name = STR("count"),
	                                       .label = STR("How many officers keep one?"),
	                                       .hint = STR("2 to 32"),
	                                       .value = count.p ? count : STR("3"),
	                                       .look = SETUP_LINE });
	setup_put_field(
		request, model,
		&(struct setup_field){ .name = STR("needed"),
	                               .label = STR("How many of them together rebuild the key?"),
	                               .hint = STR("2 or more: nobody alone"),
	                               .value = needed.p ? needed : STR("2"),
	                               .look = SETUP_LINE });
	return page_answer(request, answer, STR("admin/shares-new"), model, err);
}

static bool must_prove(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct site_visit *visit = site_visit(request);
	if (visit->viewer.actor.is_proved)
		return false;
	if (visit->known != SITE_BY_SESSION)
		err_set(err, ERR_REFUSED,
		        "This asks for proof anew: password and six digits. A token is no such proof");
	else
		web_answer_redirect(answer, STR("/sign-in/again?to=" PAGE "/new"));
	return true;
}

bool shares_new_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	if (!setup_must_administer(request, answer, err) || must_prove(request, answer, err))
		return err->code == ERR_NONE;
	return show_form(request, STR(""), STR_NONE, answer, err);
}

/* "candour-share/v1 2 3 1 K7QX", the groups, and what checks them all. */
static void put_text(struct arena *arena, struct str text, struct json *row)
{
	struct json *groups = json_array(arena);
	size_t at = 0;
	for (int blanks = 0; at < text.n && blanks < 5; at++)
		blanks += text.p[at] == ' ';
	struct str head = str_sub(text, 0, at ? at - 1 : 0), rest = str_sub(text, at, text.n),
		   words;
	(void)str_cut(&rest, ' ', &words);
	for (struct str group; words.n && str_cut(&words, '-', &group);)
		json_push(groups, json_string(arena, group));
	json_put_text(arena, row, STR("head"), head);
	json_put(row, STR("groups"), groups);
	json_put_text(arena, row, STR("check"), rest);
}

static bool show_made(struct web_request *request, int needed, int count,
                      char texts[][CASEBOOK_SHARE_TEXT], struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("key-shares.made"),
		                  .title = STR("Print these shares now") };
	struct json *model, *rows = json_array(arena);
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	for (int i = 0; i < count; i++) {
		struct json *row = json_object(arena);
		json_put_integer(arena, row, STR("number"), i + 1);
		json_put_text(arena, row, STR("keeper"), keeper_of(request, i + 1));
		put_text(arena, arena_copy(arena, str_from_c(texts[i])), row);
		json_push(rows, row);
	}
	json_put(model, STR("rows"), rows);
	json_put_integer(arena, model, STR("needed"), needed);
	json_put_integer(arena, model, STR("count"), count);
	json_put_text(arena, model, STR("origin"), casebook_origin(site_book(request)));
	answer->status = 201;
	return page_answer(request, answer, STR("admin/shares-made"), model, err);
}

bool shares_new_take(struct web_request *request, struct web_answer *answer, struct err *err)
{
	char texts[CASEBOOK_SHARES_MAX][CASEBOOK_SHARE_TEXT];
	uint64_t count, needed;
	if (!setup_must_administer(request, answer, err) || must_prove(request, answer, err))
		return err->code == ERR_NONE;
	if (!str_to_u64(site_choice(request, STR("count")), CASEBOOK_SHARES_MAX, &count) ||
	    count < 2)
		return show_form(
			request, STR("count"),
			STR("How many officers keep one must be a whole number from 2 to 32"),
			answer, err);
	if (!str_to_u64(site_choice(request, STR("needed")), count, &needed) || needed < 2)
		return show_form(
			request, STR("needed"),
			arena_format(
				request->arena,
				"How many rebuild the key must be a whole number from 2 to %" PRIu64,
				count),
			answer, err);
	if (!casebook_shares_make(site_book(request), (int)needed, (int)count, texts, err))
		return false;
	bool done = show_made(request, (int)needed, (int)count, texts, answer, err);
	vault_wipe(texts, sizeof texts);
	return done;
}

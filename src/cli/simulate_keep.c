/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Acts that keep something beside their entry: signing keys, tokens,
 * credentials, new accounts. Cut off by a fault, the entry and what belongs to
 * it are both there or neither is.
 */
#include "cli/simulate_world.h"

#define KEYS_CHANGED_MAX 8 /* in one history: each is tried on every receipt */
#define TOKEN_LIVES (30 * INSTANT_PER_DAY)

struct keeping {
	struct casebook_actor admin;
	struct casebook_answer answer;
	struct str old_key;
	struct str name; /* of a new account */
	struct str account;
	size_t place; /* of the person whom the new account is for, or whose token it is */
	char secret[CASEBOOK_SECRET_TEXT + 1];
};

/* One sort of them. */
struct sort {
	const char *kind; /* of its entry */
	/* *fits false: nothing to be done today. */
	bool (*run)(struct sim *sim, struct keeping *keeping, bool *fits);
	/* What must be so when its entry is there, and not otherwise. */
	bool (*is_kept)(struct sim *sim, struct keeping *keeping, bool *kept);
};

/* --- signing keys --------------------------------------------------------------------------- */

static bool rotate(struct sim *sim, struct keeping *keeping, bool *fits)
{
	*fits = sim->key_changes < KEYS_CHANGED_MAX;
	keeping->old_key = arena_copy(sim->arena, casebook_vkey(sim->book));
	return !*fits || casebook_key_rotate(sim->book, &keeping->admin, CASEBOOK_API, STR_NONE,
	                                     sim->arena, &keeping->answer, &sim->err);
}

static bool replace(struct sim *sim, struct keeping *keeping, bool *fits)
{
	instant since = sim->now - (int64_t)sim_below(sim, 20) * INSTANT_PER_DAY;
	*fits = sim->key_changes < KEYS_CHANGED_MAX && sim_chance(sim, 3);
	keeping->old_key = arena_copy(sim->arena, casebook_vkey(sim->book));
	return !*fits ||
	       casebook_key_compromised(sim->book, &keeping->admin, CASEBOOK_API, STR_NONE, since,
	                                sim->arena, &keeping->answer, &sim->err);
}

static bool is_changed(struct sim *sim, struct keeping *keeping, bool *kept)
{
	*kept = !str_eq(casebook_vkey(sim->book), keeping->old_key);
	sim->key_changes += *kept;
	return true;
}

/* --- tokens --------------------------------------------------------------------------------- */

static bool make_token(struct sim *sim, struct keeping *keeping, bool *fits)
{
	struct sim_chart chart;
	struct casebook_actor owner = { 0 }; /* nobody makes one for another */
	*fits = sim_chart(sim, &chart) &&
	        sim_holder(sim, &chart, sim_pick(sim, sim_offices, SIM_PEOPLE), &owner);
	owner.is_proved = true;
	return !*fits ||
	       casebook_token_make(sim->book, &owner, CASEBOOK_API, STR_NONE, owner.account,
	                           owner.office, sim->now + TOKEN_LIVES, sim->arena,
	                           keeping->secret, &keeping->answer, &sim->err);
}

static bool opens(struct sim *sim, struct str secret, bool *does)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_actor actor;
	*does = casebook_reader_take(sim->book, &reader, &sim->err) &&
	        casebook_token_get(reader, sim->arena, secret, &actor, &sim->err);
	return *does || sim->err.code == ERR_ABSENT || sim_has_failed(sim) ||
	       sim_broken(sim, "a token cannot be looked up: %s", sim->err.message);
}

/* The secret of one that was cut off is nobody's. */
static bool is_token(struct sim *sim, struct keeping *keeping, bool *kept)
{
	struct str secret = str_from_c(keeping->secret);
	*kept = keeping->answer.index >= 0;
	if (!secret.n || !*kept)
		return true;
	struct sim_token *token = &sim->tokens[sim->token_count % SIM_TOKENS_MAX];
	*token = (struct sim_token){ .entry = keeping->answer.index };
	memcpy(token->secret, keeping->secret, sizeof token->secret);
	sim->token_count++;
	return opens(sim, secret, kept);
}

static struct sim_token *some_token(struct sim *sim)
{
	size_t there = sim->token_count < SIM_TOKENS_MAX ? sim->token_count : SIM_TOKENS_MAX;
	return there ? &sim->tokens[sim_below(sim, there)] : NULL;
}

static bool end_token(struct sim *sim, struct keeping *keeping, bool *fits)
{
	struct sim_token *token = some_token(sim);
	*fits = token && !token->is_ended;
	if (!*fits)
		return true;
	keeping->place = (size_t)(token - sim->tokens);
	return casebook_token_end(sim->book, &keeping->admin, CASEBOOK_API, STR_NONE, token->entry,
	                          sim->arena, &keeping->answer, &sim->err);
}

static bool is_token_ended(struct sim *sim, struct keeping *keeping, bool *kept)
{
	struct sim_token *token = &sim->tokens[keeping->place];
	*kept = token->is_ended = keeping->answer.index >= 0;
	return !*kept || sim_check_tokens(sim);
}

bool sim_check_tokens(struct sim *sim)
{
	for (size_t i = 0; i < SIM_TOKENS_MAX && i < sim->token_count; i++) {
		bool does;
		if (!sim->tokens[i].is_ended)
			continue;
		if (!opens(sim, str_from_c(sim->tokens[i].secret), &does))
			return false;
		if (does)
			return sim_broken(sim,
			                  "none half: the token of entry %" PRId64
			                  " was ended and opens what it opened",
			                  sim->tokens[i].entry);
	}
	return true;
}

/* --- accounts ------------------------------------------------------------------------------- */

/* Of one's own account. */
static bool change_password(struct sim *sim, struct keeping *keeping, bool *fits)
{
	*fits = true;
	return casebook_account_password(sim->book, &keeping->admin, CASEBOOK_API, STR_NONE,
	                                 keeping->admin.account, STR("another long enough one"),
	                                 sim->arena, &keeping->answer, &sim->err);
}

/* That the credential is the one of the newest entry is for verify to say. */
static bool is_as_its_entry(struct sim *sim, struct keeping *keeping, bool *kept)
{
	(void)sim;
	*kept = keeping->answer.index >= 0;
	return true;
}

/* Somebody comes in the place of somebody who left for good. */
static bool add_account(struct sim *sim, struct keeping *keeping, bool *fits)
{
	size_t i = 0;
	while (i < SIM_PEOPLE && !sim->is_gone[i])
		i++;
	*fits = i < SIM_PEOPLE;
	if (!*fits)
		return true;
	keeping->place = i;
	keeping->name = arena_format(sim->arena, "person%zu-%" PRId64, i, sim->report->acts);
	struct casebook_new_account new_account = { .name = keeping->name,
		                                    .person = STR("Another Person"),
		                                    .password = STR("a long enough password") };
	struct casebook_account_made made = { .answer = { .index = -1 } };
	bool done = casebook_account_add(sim->book, &keeping->admin, CASEBOOK_API, &new_account,
	                                 sim->arena, &made, &sim->err);
	keeping->answer = made.answer;
	return done;
}

static bool is_added(struct sim *sim, struct keeping *keeping, bool *kept)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct str account;
	if (!casebook_reader_take(sim->book, &reader, &sim->err))
		return sim_has_failed(sim);
	*kept = casebook_account_find(reader, sim->arena, keeping->name, &account, &sim->err);
	if (!*kept)
		return sim->err.code == ERR_ABSENT || sim_has_failed(sim);
	sim->account[keeping->place] = arena_copy(sim->forever, account);
	sim->is_gone[keeping->place] = false;
	return true;
}

/* --- all ------------------------------------------------------------------------------------ */

static const struct sort SORTS[] = {
	{ "log.key-changed", rotate, is_changed },
	{ "log.key-compromised", replace, is_changed },
	{ "token.made", make_token, is_token },
	{ "token.ended", end_token, is_token_ended },
	{ "account.changed", change_password, is_as_its_entry },
	{ "account.added", add_account, is_added },
};

/* What it was that was cut off: the act itself, a refusal of it, or nothing. */
static bool find_ghost(struct sim *sim, const struct sort *sort, struct keeping *keeping,
                       bool *is_there)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_entry entry;
	*is_there = false;
	keeping->answer = (struct casebook_answer){ .index = sim->ghost, .recorded = sim->now };
	sim->ghost = -1;
	sim->in_flight = false;
	if (keeping->answer.index < 0)
		return true;
	if (!casebook_reader_take(sim->book, &reader, &sim->err) ||
	    !casebook_entry_get(reader, sim->arena, keeping->answer.index, &entry, &sim->err))
		return sim_broken(sim, "none half: entry %" PRId64 " cannot be read",
		                  keeping->answer.index);
	*is_there = str_eq(entry.kind, str_from_c(sort->kind));
	keeping->answer.outcome = *is_there ? CASEBOOK_ADMITTED : CASEBOOK_REFUSED;
	return true;
}

static bool settle(struct sim *sim, const struct sort *sort, struct keeping *keeping)
{
	bool is_there, kept = false;
	if (!find_ghost(sim, sort, keeping, &is_there))
		return false;
	struct casebook_answer answer = keeping->answer;
	if (!is_there)
		keeping->answer.index = -1;
	if (!sort->is_kept(sim, keeping, &kept))
		return false;
	if (kept != is_there)
		return sim_broken(
			sim, "none half: what \"%s\" keeps is %sthere, and its entry is %sthere",
			sort->kind, kept ? "" : "not ", is_there ? "" : "not ");
	return answer.index < 0 || sim_remember(sim, &answer);
}

static bool take_answer(struct sim *sim, const struct sort *sort, struct keeping *keeping)
{
	bool kept = false;
	switch (keeping->answer.outcome) {
	case CASEBOOK_ADMITTED:
		sim->report->admitted++;
		if (!sort->is_kept(sim, keeping, &kept))
			return false;
		if (!kept && !sim_has_failed(sim))
			return sim_broken(sim, "none half: \"%s\" was admitted and is not there",
			                  sort->kind);
		break;
	case CASEBOOK_REFUSED:
		sim->report->refused++;
		break;
	case CASEBOOK_WAITING:
		sim->report->waiting++;
		break;
	case CASEBOOK_FAILED:
		sim->report->failed++;
		return true;
	}
	return sim_remember(sim, &keeping->answer);
}

bool sim_keep(struct sim *sim)
{
	const struct sort *sort = &SORTS[sim_below(sim, COUNT_OF(SORTS))];
	struct keeping keeping = { .answer = { .index = -1 } };
	struct sim_chart chart;
	bool fits = false;
	if (!sim_chart(sim, &chart) ||
	    !sim_holder(sim, &chart, STR("register-administrator"), &keeping.admin) ||
	    !str_eq(keeping.admin.office, STR("register-administrator")))
		return true;
	bool taken = sort->run(sim, &keeping, &fits);
	if (!fits)
		return true;
	sim->report->acts++;
	bool is_cut_off = taken ? sim_is_cut_off(&keeping.answer)
	                        : sim->err.code == ERR_UNABLE || sim->err.code == ERR_FAULT;
	if (is_cut_off) {
		sim->report->unknown++;
		sim->in_flight = true;
		store_shim_heal(sim->shim);
		return sim_restart(sim) && settle(sim, sort, &keeping);
	}
	if (!taken) {
		sim->report->failed++;
		return true;
	}
	return take_answer(sim, sort, &keeping);
}

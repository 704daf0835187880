/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Reading policies. Witnesses and groups share one space of names and are both
 * `members`; a member stands before the group that holds it, so quorums are
 * counted in one pass.
 */
#include "log/policy.h"

#define MEMBERS_MAX (LOG_POLICY_WITNESSES_MAX + LOG_POLICY_GROUPS_MAX)
#define KEYS_MAX (LOG_POLICY_LOGS_MAX + LOG_POLICY_WITNESSES_MAX)
#define WORDS_MAX (MEMBERS_MAX + 3)
#define NOBODY SIZE_MAX

struct member {
	struct str name;
	bool is_group;
	struct log_vkey key; /* a witness's */
	struct str url;      /* a witness's; p NULL: none */
	size_t needed;       /* a group's */
	size_t group;        /* the member that holds this one, or NOBODY */
};

struct log_policy {
	struct log_vkey keys[KEYS_MAX]; /* logs, then witnesses */
	size_t logs;
	size_t witnesses;
	struct member members[MEMBERS_MAX];
	size_t count; /* of members */
	size_t groups;
	bool has_quorum;
	size_t quorum; /* a member, or NOBODY for "none" */
};

struct reading {
	struct arena *arena;
	struct log_policy *policy;
	size_t line;
	struct str words[WORDS_MAX];
	size_t count;
};

static bool wrong(const struct reading *reading, struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, "Line %zu of the policy: %s", reading->line, what);
}

/* --- names ---------------------------------------------------------------------------------- */

static size_t find_member(const struct log_policy *policy, struct str name)
{
	for (size_t i = 0; i < policy->count; i++)
		if (str_eq(policy->members[i].name, name))
			return i;
	return NOBODY;
}

static bool is_keyword(struct str word)
{
	static const char *const KEYWORDS[] = { "log", "witness", "group", "quorum",
		                                "any", "all",     "none" };
	for (size_t i = 0; i < COUNT_OF(KEYWORDS); i++)
		if (str_eq(word, str_from_c(KEYWORDS[i])))
			return true;
	return false;
}

static bool add_member(struct reading *reading, struct str name, struct member **out,
                       struct err *err)
{
	struct log_policy *policy = reading->policy;
	if (is_keyword(name))
		return wrong(reading, err,
		             "this name is a word of the policy itself; choose another");
	if (find_member(policy, name) != NOBODY)
		return wrong(reading, err,
		             "this name is there already; each witness and group needs its own");
	if (policy->count == MEMBERS_MAX)
		return wrong(reading, err, "there are too many witnesses and groups");
	*out = &policy->members[policy->count];
	**out = (struct member){ .name = name, .group = NOBODY };
	return true;
}

static bool is_key_known(const struct log_policy *policy, const struct log_vkey *key)
{
	for (size_t i = 0; i < policy->logs; i++)
		if (str_eq(policy->keys[i].pub, key->pub))
			return true;
	for (size_t i = 0; i < policy->count; i++)
		if (!policy->members[i].is_group && str_eq(policy->members[i].key.pub, key->pub))
			return true;
	return false;
}

static bool read_key(struct reading *reading, struct str text, struct log_vkey *out,
                     struct err *err)
{
	struct err why = { 0 };
	if (!log_vkey_read(reading->arena, text, out, &why)) {
		if (why.code != ERR_INPUT)
			return err_set(err, why.code, "%s", why.message);
		return wrong(reading, err, why.message);
	}
	if (is_key_known(reading->policy, out))
		return wrong(reading, err, "this public key is there already; name each key once");
	return true;
}

/* --- statements ----------------------------------------------------------------------------- */

static bool read_log(struct reading *reading, struct err *err)
{
	struct log_policy *policy = reading->policy;
	struct log_vkey key;
	if (reading->count != 2 && reading->count != 3)
		return wrong(reading, err,
		             "write 'log', its verifier key, and its URL if you like");
	if (policy->logs == LOG_POLICY_LOGS_MAX)
		return wrong(reading, err, "there are too many logs");
	if (!read_key(reading, reading->words[1], &key, err))
		return false;
	if (key.type != LOG_KEY_LOG)
		return wrong(reading, err, "this is a witness's key; a log's has type 1");
	policy->keys[policy->logs++] = key;
	return true;
}

static bool read_witness(struct reading *reading, struct err *err)
{
	struct log_policy *policy = reading->policy;
	struct member *member = NULL;
	if (reading->count != 3 && reading->count != 4)
		return wrong(reading, err,
		             "write 'witness', a name, its verifier key, and its URL if you like");
	if (policy->witnesses == LOG_POLICY_WITNESSES_MAX)
		return wrong(reading, err, "there are too many witnesses");
	if (!add_member(reading, reading->words[1], &member, err) ||
	    !read_key(reading, reading->words[2], &member->key, err))
		return false;
	if (member->key.type == LOG_KEY_LOG)
		return wrong(reading, err, "this is a log's key; a witness's has type 4");
	if (reading->count == 4)
		member->url = reading->words[3];
	policy->witnesses++;
	policy->count++;
	return true;
}

static bool read_needed(struct str word, size_t members, size_t *out)
{
	uint64_t needed = 0;
	*out = str_eq(word, STR("any")) ? 1 : members;
	if (str_eq(word, STR("any")) || str_eq(word, STR("all")))
		return true;
	if (!str_to_u64(word, members, &needed) || needed == 0)
		return false;
	*out = (size_t)needed; /* at most `members` */
	return true;
}

static bool read_group(struct reading *reading, struct err *err)
{
	struct log_policy *policy = reading->policy;
	struct member *group = NULL;
	if (reading->count < 4)
		return wrong(reading, err,
		             "write 'group', a name, 'all', 'any' or a number, and its members");
	if (policy->groups == LOG_POLICY_GROUPS_MAX)
		return wrong(reading, err, "there are too many groups");
	if (!add_member(reading, reading->words[1], &group, err))
		return false;
	group->is_group = true;
	if (!read_needed(reading->words[2], reading->count - 3, &group->needed))
		return wrong(reading, err,
		             "a group needs 'all', 'any', or a number from 1 to that of its "
		             "members");
	for (size_t i = 3; i < reading->count; i++) {
		size_t at = find_member(policy, reading->words[i]);
		if (at == NOBODY)
			return wrong(reading, err, "a member is named that no line above defines");
		if (policy->members[at].group != NOBODY)
			return wrong(reading, err,
			             "a member is in a group already; each counts once");
		policy->members[at].group = policy->count;
	}
	policy->groups++;
	policy->count++;
	return true;
}

static bool read_quorum(struct reading *reading, struct err *err)
{
	struct log_policy *policy = reading->policy;
	if (reading->count != 2)
		return wrong(reading, err, "write 'quorum' and one name, or 'none'");
	if (policy->has_quorum)
		return wrong(reading, err, "there is a quorum already; keep one");
	policy->quorum = NOBODY;
	if (!str_eq(reading->words[1], STR("none"))) {
		policy->quorum = find_member(policy, reading->words[1]);
		if (policy->quorum == NOBODY)
			return wrong(reading, err, "the quorum names what no line above defines");
	}
	policy->has_quorum = true;
	return true;
}

/* --- lines ---------------------------------------------------------------------------------- */

typedef bool read_statement(struct reading *reading, struct err *err);

static const struct statement {
	const char *word;
	read_statement *read;
} STATEMENTS[] = {
	{ "log", read_log },
	{ "witness", read_witness },
	{ "group", read_group },
	{ "quorum", read_quorum },
};

static bool split_line(struct reading *reading, struct str line, struct err *err)
{
	size_t at = 0;
	reading->count = 0;
	while (at < line.n) {
		size_t end = at;
		while (end < line.n && line.p[end] != ' ' && line.p[end] != '\t')
			end++;
		if (end > at) {
			if (reading->count == WORDS_MAX)
				return wrong(reading, err, "there are too many words");
			reading->words[reading->count++] = str_sub(line, at, end - at);
			/* A comment may be as long as it likes. */
			if (line.p[at] == '#' && reading->count == 1)
				return true;
		}
		at = end + 1;
	}
	return true;
}

static bool read_line(struct reading *reading, struct str line, struct err *err)
{
	if (!split_line(reading, line, err))
		return false;
	if (reading->count == 0 || str_starts(reading->words[0], STR("#")))
		return true;
	for (size_t i = 0; i < reading->count; i++)
		if (str_starts(reading->words[i], STR("#")))
			return wrong(reading, err, "a comment needs a line of its own");
	for (size_t i = 0; i < COUNT_OF(STATEMENTS); i++)
		if (str_eq(reading->words[0], str_from_c(STATEMENTS[i].word)))
			return STATEMENTS[i].read(reading, err);
	return wrong(reading, err, "a line begins with 'log', 'witness', 'group' or 'quorum'");
}

static bool has_strange_byte(struct str line)
{
	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];
		if ((c < 0x20 && c != '\t') || c == 0x7F)
			return true;
	}
	return false;
}

static bool read_lines(struct reading *reading, struct str text, struct err *err)
{
	struct str rest = text, line;
	while (str_cut(&rest, '\n', &line)) {
		reading->line++;
		if (has_strange_byte(line))
			return wrong(reading, err,
			             "there is a control character; lines end in LF alone");
		if (!read_line(reading, line, err))
			return false;
	}
	return reading->policy->has_quorum ||
	       err_set(err, ERR_INPUT,
	               "The policy has no quorum line; add one, such as 'quorum none'");
}

bool log_policy_read(struct arena *arena, struct str text, const struct log_policy **out,
                     struct err *err)
{
	struct reading reading = { .arena = arena };
	*out = NULL;
	if (text.n > LOG_POLICY_MAX)
		return err_set(err, ERR_INPUT, "A policy has at most 64 KiB");
	reading.policy = arena_alloc(arena, 1, sizeof *reading.policy);
	struct str own = arena_copy(arena, text); /* names live as long as the policy */
	if (!reading.policy || !own.p)
		return err_set(err, ERR_UNABLE, "There is no room to read a policy");
	if (!read_lines(&reading, own, err))
		return false;
	struct log_policy *policy = reading.policy;
	size_t at = policy->logs;
	for (size_t i = 0; i < policy->count; i++)
		if (!policy->members[i].is_group)
			policy->keys[at++] = policy->members[i].key;
	*out = policy;
	return true;
}

bool log_policy_of_key(struct arena *arena, struct str vkey, const struct log_policy **out,
                       struct err *err)
{
	struct log_policy *policy = arena_alloc(arena, 1, sizeof *policy);
	*out = NULL;
	if (!policy)
		return err_set(err, ERR_UNABLE, "There is no room to read a key");
	if (!log_vkey_read(arena, vkey, &policy->keys[0], err))
		return false;
	if (policy->keys[0].type != LOG_KEY_LOG)
		return err_set(err, ERR_INPUT,
		               "This is a witness's key; give the log's, or a policy");
	policy->logs = 1;
	policy->has_quorum = true;
	policy->quorum = NOBODY;
	*out = policy;
	return true;
}

/* --- questions ------------------------------------------------------------------------------ */

const struct log_vkey *log_policy_keys(const struct log_policy *policy, size_t *count)
{
	*count = policy->logs + policy->witnesses;
	return policy->keys;
}

bool log_policy_has_log(const struct log_policy *policy, struct str origin)
{
	for (size_t i = 0; i < policy->logs; i++)
		if (str_eq(policy->keys[i].name, origin))
			return true;
	return false;
}

bool log_policy_asks_witnesses(const struct log_policy *policy)
{
	return policy->quorum != NOBODY;
}

static bool did_sign(const struct log_verified *verified, const struct log_vkey *key)
{
	for (size_t i = 0; i < verified->count; i++) {
		const struct log_vkey *by = verified->at[i].key;
		if (str_eq(by->name, key->name) && memcmp(by->id, key->id, sizeof by->id) == 0)
			return true;
	}
	return false;
}

bool log_policy_is_met(const struct log_policy *policy, const struct log_verified *verified)
{
	size_t met[MEMBERS_MAX] = { 0 }; /* members of a group that are met */
	if (policy->quorum == NOBODY)
		return true;
	for (size_t i = 0; i < policy->count; i++) {
		const struct member *member = &policy->members[i];
		bool is_met = member->is_group ? met[i] >= member->needed
		                               : did_sign(verified, &member->key);
		if (is_met && i == policy->quorum)
			return true;
		if (is_met && member->group != NOBODY)
			met[member->group]++;
	}
	return false;
}

/* The member that is the `at`th witness, in the order of the lines. */
static const struct member *witness(const struct log_policy *policy, size_t at)
{
	for (size_t i = 0; i < policy->count; i++)
		if (!policy->members[i].is_group && at-- == 0)
			return &policy->members[i];
	return NULL;
}

size_t log_policy_witness_count(const struct log_policy *policy)
{
	return policy->witnesses;
}

struct str log_policy_witness_name(const struct log_policy *policy, size_t at)
{
	const struct member *member = witness(policy, at);
	return member ? member->name : STR_NONE;
}

struct str log_policy_witness_url(const struct log_policy *policy, size_t at)
{
	const struct member *member = witness(policy, at);
	return member ? member->url : STR_NONE;
}

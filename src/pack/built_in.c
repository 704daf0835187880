/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The built-in kinds and their fields, as one table. Fields here decide and
 * count; what a person writes beside them is sealed text.
 *
 * Ids of accounts, roles, kinds and hashes are of type version: short plain
 * text of the register's own making, never a person's words.
 */
#include "pack/built_in.h"

#define ON_REGISTER BUILT_IN_ON_REGISTER
#define ON_OFFICE BUILT_IN_ON_OFFICE
#define ON_ANY BUILT_IN_ON_ANY
#define BY_REGISTER BUILT_IN_BY_REGISTER
#define BY_ADMINISTRATOR BUILT_IN_BY_ADMINISTRATOR
#define BY_ANYONE BUILT_IN_BY_ANYONE
#define NEED(name, type)                                                                           \
	{                                                                                          \
		name, type, true, 1, NULL                                                          \
	}
#define MAY(name, type)                                                                            \
	{                                                                                          \
		name, type, false, 1, NULL                                                         \
	}
#define SOME(name, type, n)                                                                        \
	{                                                                                          \
		name, type, false, n, NULL                                                         \
	}
#define CHOOSE(name, codes)                                                                        \
	{                                                                                          \
		name, PACK_CODE, true, 1, codes                                                    \
	}

static const struct built_in_kind KINDS[] = {
	{ "act.refused",
	  "An act was refused",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("kind", PACK_VERSION), NEED("because", PACK_VERSION), MAY("account", PACK_VERSION),
	    MAY("office", PACK_OFFICE), MAY("count", PACK_INTEGER), MAY("since", PACK_ENTRY) } },
	{ "act.waiting",
	  "An act waits for a second reader",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("kind", PACK_VERSION), SOME("roles", PACK_VERSION, 20),
	    SOME("codes", PACK_VERSION, 200), NEED("writer", PACK_VERSION),
	    NEED("office", PACK_OFFICE), NEED("falls", PACK_INSTANT), MAY("about", PACK_VERSION),
	    MAY("what", PACK_VERSION), MAY("version", PACK_VERSION), MAY("hash", PACK_VERSION),
	    MAY("change", PACK_VERSION), NEED("act", PACK_TEXT) } },
	{ "second.given",
	  "A second reader answered",
	  ON_ANY,
	  BY_ANYONE,
	  { NEED("of", PACK_ENTRY), CHOOSE("answer", "yes no more withdrawn"),
	    MAY("role", PACK_VERSION), MAY("reasons", PACK_TEXT) } },
	/* silent: the offices that were asked and did not answer. */
	{ "act.fell",
	  "Nobody answered, and the act fell",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("of", PACK_ENTRY), NEED("kind", PACK_VERSION), NEED("office", PACK_OFFICE),
	    SOME("silent", PACK_OFFICE, 20) } },
	{ "gate.refused",
	  "Refused: something must be there first",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("kind", PACK_VERSION), SOME("gates", PACK_VERSION, 64),
	    SOME("missing", PACK_VERSION, 200), MAY("account", PACK_VERSION),
	    MAY("office", PACK_OFFICE), MAY("count", PACK_INTEGER) } },
	{ "duty.climbed",
	  "It was late, and somebody above was told",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("duty", PACK_DUTY), MAY("rule", PACK_VERSION), NEED("rung", PACK_INTEGER),
	    MAY("first", PACK_YES), SOME("told", PACK_OFFICE, 50), SOME("vacant", PACK_OFFICE, 50),
	    SOME("skipped", PACK_OFFICE, 50), MAY("late", PACK_YES) } },
	{ "duty.read",
	  "Read what you were told",
	  ON_ANY,
	  BUILT_IN_BY_READER,
	  { NEED("duty", PACK_DUTY), MAY("reasons", PACK_TEXT) } },
	{ "duty.taken",
	  "Take it on",
	  ON_ANY,
	  BY_ANYONE,
	  { NEED("duty", PACK_DUTY), NEED("to", PACK_OFFICE), MAY("reasons", PACK_TEXT) } },
	{ "duty.extended",
	  "Agree a later time",
	  ON_ANY,
	  BY_ANYONE,
	  { NEED("duty", PACK_DUTY), NEED("until", PACK_INSTANT), NEED("reasons", PACK_TEXT) } },
	{ "pattern.found",
	  "The register sees a pattern",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("pattern", PACK_VERSION), SOME("entries", PACK_ENTRY, 200), MAY("duty", PACK_DUTY),
	    SOME("silent", PACK_OFFICE, 16), SOME("others", PACK_OFFICE, 16) } },
	{ "night.looked",
	  "The register looked for what time alone makes true",
	  ON_REGISTER,
	  BY_REGISTER,
	  { NEED("night", PACK_INSTANT), NEED("from", PACK_INSTANT),
	    NEED("entries", PACK_INTEGER) } },
	{ "readings.sealed",
	  "Readings sealed into the log",
	  ON_REGISTER,
	  BY_REGISTER,
	  { NEED("first", PACK_INTEGER), NEED("last", PACK_INTEGER), NEED("count", PACK_INTEGER),
	    NEED("root", PACK_VERSION) } },
	{ "pack.adopted",
	  "The rules were adopted",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { NEED("name", PACK_VERSION), NEED("version", PACK_VERSION), NEED("hash", PACK_VERSION),
	    CHOOSE("change", "first equal text tighter looser other"), MAY("second", PACK_VERSION),
	    MAY("size", PACK_INTEGER), MAY("founding", PACK_YES) } },
	{ "state.renamed",
	  "The rules call its state by another name",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("from", PACK_VERSION), NEED("to", PACK_VERSION) } },
	/* of: the entry by which the file began; its writer is the one it speaks of. */
	{ "writer.changed",
	  "Something happened to whoever raised this",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("of", PACK_ENTRY), CHOOSE("what", "ended left moved kept-out returned") } },
	{ "office.made",
	  "An office was made",
	  ON_OFFICE,
	  BY_ADMINISTRATOR,
	  { NEED("office", PACK_VERSION), NEED("role", PACK_VERSION), NEED("agency", PACK_VERSION),
	    MAY("area", PACK_VERSION), MAY("title", PACK_VERSION), MAY("line", PACK_OFFICE),
	    MAY("founding", PACK_YES) } },
	{ "office.held",
	  "Somebody holds the office",
	  ON_OFFICE,
	  BY_ANYONE,
	  { NEED("office", PACK_OFFICE), NEED("account", PACK_VERSION), MAY("second", PACK_VERSION),
	    MAY("founding", PACK_YES) } },
	{ "office.left",
	  "Somebody left the office",
	  ON_OFFICE,
	  BY_ANYONE,
	  { NEED("office", PACK_OFFICE), NEED("account", PACK_VERSION) } },
	{ "office.deputised",
	  "A deputy stands in",
	  ON_OFFICE,
	  BY_ANYONE,
	  { NEED("office", PACK_OFFICE), NEED("deputy", PACK_OFFICE), MAY("account", PACK_VERSION),
	    NEED("from", PACK_INSTANT), NEED("until", PACK_INSTANT) } },
	{ "office.handed-over",
	  "What the office owes was handed over",
	  ON_OFFICE,
	  BY_ANYONE,
	  { NEED("office", PACK_OFFICE), MAY("duty", PACK_DUTY), NEED("to", PACK_OFFICE),
	    MAY("account", PACK_VERSION), MAY("drafts", PACK_INTEGER) } },
	{ "office.vacant",
	  "Nobody holds the office",
	  ON_OFFICE,
	  BY_REGISTER,
	  { NEED("office", PACK_OFFICE), MAY("told", PACK_OFFICE), MAY("duty", PACK_DUTY) } },
	/* password, totp: SHA-256 of what is kept beside the log, so that a swapped one shows.
	   code: the tag of a one-time sign-in code, which is kept nowhere else. */
	{ "account.added",
	  "An account was added",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { NEED("account", PACK_VERSION), NEED("tag", PACK_VERSION), NEED("name", PACK_NAME),
	    MAY("person", PACK_NAME), MAY("password", PACK_VERSION), MAY("totp", PACK_VERSION),
	    MAY("code", PACK_VERSION), MAY("founding", PACK_YES) } },
	{ "account.changed",
	  "An account was changed",
	  ON_REGISTER,
	  BY_ANYONE,
	  { NEED("account", PACK_VERSION), CHOOSE("what", "password totp name reset begun"),
	    MAY("tag", PACK_VERSION), MAY("name", PACK_NAME), MAY("person", PACK_NAME),
	    MAY("password", PACK_VERSION), MAY("totp", PACK_VERSION), MAY("code", PACK_VERSION),
	    MAY("half", PACK_VERSION) } },
	{ "account.ended",
	  "An account ended",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { NEED("account", PACK_VERSION), MAY("reasons", PACK_TEXT) } },
	{ "account.recovered",
	  "An account was recovered",
	  ON_REGISTER,
	  BY_REGISTER,
	  { NEED("account", PACK_VERSION), MAY("officers", PACK_INTEGER),
	    MAY("password", PACK_VERSION), MAY("totp", PACK_VERSION) } },
	{ "token.made",
	  "A token for a machine was made",
	  ON_REGISTER,
	  BY_ANYONE,
	  { NEED("token", PACK_VERSION), NEED("account", PACK_VERSION), NEED("office", PACK_OFFICE),
	    NEED("until", PACK_INSTANT) } },
	{ "token.ended",
	  "A token for a machine ended",
	  ON_REGISTER,
	  BY_ANYONE,
	  { NEED("token", PACK_VERSION), MAY("account", PACK_VERSION) } },
	/* secret: a sum of what the mirror shows; given are headers and plain fields, no seal. */
	{ "mirror.agreed",
	  "A mirror is given headers and plain fields",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { NEED("name", PACK_VERSION), NEED("secret", PACK_VERSION),
	    NEED("until", PACK_INSTANT) } },
	{ "mirror.ended",
	  "A mirror is given no more",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { NEED("of", PACK_ENTRY) } },
	{ "access.broken",
	  "Read in an emergency",
	  ON_ANY,
	  BY_ANYONE,
	  { NEED("because", PACK_TEXT), NEED("until", PACK_INSTANT) } },
	{ "register.named",
	  "The register was named",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { NEED("name", PACK_VERSION) } },
	/* what, taken: names of particulars; text: what each of `what` says, in its order. */
	{ "register.described",
	  "What the register says of itself was set",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { SOME("what", PACK_VERSION, 64), SOME("text", PACK_TEXT, 64),
	    SOME("taken", PACK_VERSION, 64) } },
	{ "register.opened",
	  "The register was opened",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { MAY("second", PACK_VERSION), MAY("founding", PACK_YES) } },
	{ "clock.stepped",
	  "The machine's clock was not believed",
	  ON_REGISTER,
	  BY_REGISTER,
	  { NEED("wall", PACK_INSTANT), NEED("register", PACK_INSTANT),
	    MAY("beats", PACK_INTEGER) } },
	{ "clock.confirmed",
	  "The time was confirmed",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { NEED("wall", PACK_INSTANT), MAY("second", PACK_VERSION) } },
	{ "entry.corrected",
	  "A correction beside, never instead",
	  ON_ANY,
	  BY_ANYONE,
	  { NEED("of", PACK_ENTRY), NEED("field", PACK_VERSION),
	    CHOOSE("why", "mistyped wrong-person known-later other"), MAY("value", PACK_VERSION),
	    MAY("right", PACK_TEXT), MAY("reasons", PACK_TEXT) } },
	{ "entry.destroyed",
	  "The words of an entry were destroyed",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("of", PACK_ENTRY), NEED("because", PACK_VERSION) } },
	{ "file.destroyed",
	  "The key of a file was destroyed",
	  ON_ANY,
	  BY_REGISTER,
	  { NEED("because", PACK_VERSION), MAY("slot", PACK_INTEGER) } },
	{ "log.blank", "The register kept time", ON_REGISTER, BY_REGISTER, { { NULL } } },
	/* since: when outside witnesses last signed enough, or were first asked to. */
	{ "log.unwitnessed",
	  "Outside witnesses do not sign the log",
	  ON_REGISTER,
	  BY_REGISTER,
	  { NEED("since", PACK_INSTANT) } },
	{ "log.witnessed",
	  "Outside witnesses sign the log again",
	  ON_REGISTER,
	  BY_REGISTER,
	  { NEED("since", PACK_INSTANT) } },
	{ "log.key-changed",
	  "The signing key was changed",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { NEED("key", PACK_VERSION), NEED("old", PACK_VERSION), MAY("until", PACK_INSTANT),
	    MAY("ended", PACK_YES), MAY("lost", PACK_YES), MAY("size", PACK_INTEGER),
	    MAY("root", PACK_VERSION) } },
	{ "log.key-compromised",
	  "The signing key may be known to others",
	  ON_REGISTER,
	  BY_ADMINISTRATOR,
	  { NEED("key", PACK_VERSION), NEED("old", PACK_VERSION), NEED("since", PACK_INSTANT) } },
	{ "log.continued",
	  "The log goes on under a new name",
	  ON_REGISTER,
	  BY_REGISTER,
	  { NEED("origin", PACK_VERSION), NEED("size", PACK_INTEGER),
	    NEED("root", PACK_VERSION) } },
	{ "log.lost",
	  "Part of the log was lost",
	  ON_REGISTER,
	  BY_REGISTER,
	  { NEED("first", PACK_INTEGER), NEED("last", PACK_INTEGER), MAY("reasons", PACK_TEXT) } },
};

static const struct str OPEN_STATE[] = { { "open", 4 } };
static const struct str OPEN_TITLE[] = { { "Open", 4 } };

static const struct built_in_action ACTIONS[] = {
	{ "second.given", "Answer as a second reader", false },
	{ "office.made", "Make an office", false },
	{ "office.held", "Name a holder of the office", false },
	{ "office.left", "Let somebody leave the office", false },
	{ "office.deputised", "Name a deputy", false },
	{ "office.handed-over", "Hand over what the office owes", false },
	{ "account.added", "Add an account", false },
	{ "account.changed", "Change an account", false },
	{ "account.ended", "End an account", true },
	{ "token.made", "Make a token for a machine", false },
	{ "token.ended", "End a token of a machine", true },
	{ "mirror.agreed", "Agree that a mirror is given headers and plain fields", true },
	{ "mirror.ended", "Give a mirror no more", true },
	{ "access.broken", "Read in an emergency", false },
	{ "register.named", "Name the register", true },
	{ "register.described", "Set what the register says of itself", false },
	{ "register.opened", "Open the register", true },
	{ "clock.confirmed", "Confirm the time", false },
	{ "entry.corrected", "Correct an entry, beside it", false },
	{ "pack.adopted", "Adopt rules", false },
};

const struct built_in_action *built_in_action(struct str name)
{
	for (size_t i = 0; i < COUNT_OF(ACTIONS); i++)
		if (str_eq(name, str_from_c(ACTIONS[i].name)))
			return &ACTIONS[i];
	return NULL;
}

const struct built_in_kind *built_in_kind(struct str name)
{
	for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
		if (str_eq(str_from_c(KINDS[i].name), name))
			return &KINDS[i];
	}
	return NULL;
}

size_t built_in_kind_count(void)
{
	return COUNT_OF(KINDS);
}

const struct built_in_kind *built_in_kind_at(size_t i)
{
	return &KINDS[i];
}

static struct pack_file_type open_type(struct str name, struct str title, struct str letter,
                                       size_t number)
{
	return (struct pack_file_type){ .number = number,
		                        .name = name,
		                        .title = title,
		                        .letter = letter,
		                        .states = OPEN_STATE,
		                        .state_titles = OPEN_TITLE,
		                        .state_count = 1,
		                        .rests = 1,
		                        .is_built_in = true };
}

void built_in_register_type(struct pack_file_type *type, size_t number)
{
	*type = open_type(STR("register"), STR("Register"), STR("R"), number);
}

void built_in_office_type(struct pack_file_type *type, size_t number)
{
	*type = open_type(STR("office"), STR("Office"), STR("O"), number);
}

/* Owed by an office that the casebook names when it opens one. */
static const struct pack_owner NAMED_AT_OPENING[] = { { .sort = PACK_OWNER_ENTRY } };
static const struct pack_start FROM_RECORDED[] = { { .sort = PACK_START_RECORDED } };

static struct pack_duty own_duty(struct str name, struct str title)
{
	return (struct pack_duty){
		.name = name,
		.title = title,
		.source = STR("Norm of this register"),
		.certainty = STR("sure"),
		.class = PACK_NORM,
		.owners = NAMED_AT_OPENING,
		.owner_count = COUNT_OF(NAMED_AT_OPENING),
		.from = FROM_RECORDED,
		.from_count = COUNT_OF(FROM_RECORDED),
		.within = { .unit = PACK_WORKING_DAYS, .amount = 1, .at_minute = -1 },
		.is_built_in = true
	};
}

void built_in_duties(struct pack_duty *second, struct pack_duty *read)
{
	*second = own_duty(STR("R01"), STR("Read as a second, and answer"));
	*read = own_duty(STR("R02"), STR("Read what you were told"));
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file for people: what is owed on top, then every entry with its number in the margin. */
#include "cli/showing.h"

#include "cli/words.h"

#define MARGIN 6
#define MINUTE_APART INSTANT_PER_MINUTE

struct str showing_label(const struct json *sealed)
{
	struct str label = sealed ? json_text(sealed, STR("child")) : STR_NONE;
	const struct json *names = sealed ? json_member(sealed, STR("names")) : NULL;
	if (!label.n && names && names->type == JSON_ARRAY && names->first &&
	    names->first->type == JSON_STRING)
		label = names->first->string;
	return label.n ? label : STR("");
}

static void print_head(struct cli_call *call, const struct showing *showing)
{
	const struct casebook_file *file = &showing->file;
	struct str label = words_printable(
		call->arena, showing_label(showing->first ? showing->first->sealed : NULL));
	cli_print(call, "%.*s  %.*s: %.*s", STR_ARG(file->number), STR_ARG(file->type->title),
	          STR_ARG(file->type->state_titles[file->state]));
	if (label.n)
		cli_print(call, "%.*s", STR_ARG(str_sub(label, 0, str_find(label, '\n'))));
	cli_print(call, "%.*s", STR_ARG(file->id));
	if (file->is_destroyed)
		cli_print(call, "Its words were lawfully destroyed; that they were here stays.");
}

static bool print_owed(struct cli_call *call, const struct showing *showing, struct err *err)
{
	size_t open = 0;
	for (size_t i = 0; i < showing->duties.count; i++) {
		const struct casebook_duty *duty = &showing->duties.at[i];
		struct str told;
		if (!duty->is_open)
			continue;
		if (!words_told(call, showing->reader, duty, &told, err))
			return false;
		if (open++ == 0)
			cli_print(call, "\nOwed");
		cli_print(call, "  %-4s  %-4.*s  %.*s", duty->is_late ? "LATE" : "",
		          STR_ARG(duty->rule), STR_ARG(duty->title));
		cli_print(call, "%14s%.*s, %.*s", "", STR_ARG(duty->office_title),
		          STR_ARG(words_due(call, duty)));
		if (told.n)
			cli_print(call, "%14stold: %.*s", "", STR_ARG(told));
	}
	if (!open)
		cli_print(call, "\nOwed: nothing");
	return true;
}

static void print_settled(struct cli_call *call, const struct casebook_duty_list *duties)
{
	size_t closed = 0;
	for (size_t i = 0; i < duties->count; i++) {
		const struct casebook_duty *duty = &duties->at[i];
		if (duty->is_open)
			continue;
		if (closed++ == 0)
			cli_print(call, "\nSettled");
		cli_print(call, "  %-4s  %-4.*s  %.*s", duty->is_late ? "late" : "",
		          STR_ARG(duty->rule), STR_ARG(duty->title));
		cli_print(call, "%14s%.*s, %s by entry %" PRId64, "", STR_ARG(duty->office_title),
		          duty->was_ended ? "ended" : "settled", duty->closed);
	}
}

/* How it came, where that says something: the machine's user of the command line. */
static struct str way_of(struct cli_call *call, const struct casebook_entry *entry)
{
	struct str via = entry->plain ? json_text(entry->plain, STR("via")) : STR_NONE;
	struct str user = entry->plain ? json_text(entry->plain, STR("user")) : STR_NONE;
	if (str_eq(via, STR("cli")))
		return arena_format(call->arena, ", by the command line as %.*s",
		                    STR_ARG(user.n ? user : STR("somebody")));
	if (str_eq(via, STR("api")))
		return STR(", by a program");
	return str_eq(via, STR("import")) ? STR(", imported") : STR("");
}

static bool print_maker(struct cli_call *call, const struct showing *showing,
                        const struct shown_entry *shown, struct err *err)
{
	struct str office;
	if (!words_office(call, showing->reader, shown->entry.office, &office, err))
		return false;
	cli_print(call, "%*s  by %.*s%s%.*s%.*s", MARGIN, "", STR_ARG(shown->by),
	          office.n ? ", " : "", STR_ARG(office), STR_ARG(way_of(call, &shown->entry)));
	return true;
}

static const char *why_closed(enum casebook_seal how)
{
	switch (how) {
	case CASEBOOK_SEAL_NONE:
	case CASEBOOK_SEAL_OPEN:
		return NULL;
	case CASEBOOK_SEAL_KEPT:
		return "The words are not for this office.";
	case CASEBOOK_SEAL_RESTRICTED:
		return "Fewer offices may read these words for now.";
	case CASEBOOK_SEAL_DESTROYED:
		return "The words were destroyed; that they were here stays.";
	case CASEBOOK_SEAL_LOST:
		break;
	}
	return "The words cannot be opened. Run: candour verify DIR";
}

static bool print_entry(struct cli_call *call, const struct showing *showing,
                        const struct shown_entry *shown, struct err *err)
{
	const struct casebook_entry *entry = &shown->entry;
	struct words_of of = { showing->reader, entry, shown->sealed };
	const char *why = why_closed(shown->how);
	cli_print(call, "\n%*" PRId64 "  %.*s", MARGIN, entry->index,
	          STR_ARG(entry->rules ? entry->rules->title : entry->kind));
	cli_print(call, "%*s  %.*s", MARGIN, "",
	          STR_ARG(words_when_of(call, entry, entry->recorded)));
	if (entry->recorded - entry->happened >= MINUTE_APART)
		cli_print(call, "%*s  happened %.*s", MARGIN, "",
		          STR_ARG(words_when_of(call, entry, entry->happened)));
	instant received;
	if (instant_read(json_text(entry->plain, STR("received")), &received))
		cli_print(call, "%*s  reached them %.*s", MARGIN, "",
		          STR_ARG(words_when_of(call, entry, received)));
	if (!print_maker(call, showing, shown, err) || !words_print_fields(call, &of, err))
		return false;
	if (why)
		cli_print(call, "%*s  %s", MARGIN, "", why);
	if (shown->has_teller)
		cli_print(call,
		          "%*s  Who told us stands apart: --who shows it, and is recorded as that.",
		          MARGIN, "");
	return true;
}

bool showing_print(struct cli_call *call, const struct showing *showing, struct err *err)
{
	print_head(call, showing);
	if (!print_owed(call, showing, err))
		return false;
	print_settled(call, &showing->duties);
	for (const struct shown_entry *shown = showing->first; shown; shown = shown->next) {
		if (!print_entry(call, showing, shown, err))
			return false;
	}
	return true;
}

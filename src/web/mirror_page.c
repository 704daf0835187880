/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The status page of a mirror: a file that stands beside the copy and asks nobody. */
#include "web/mustache.h"
#include "web/web.h"

#define PAGE_MAX ((size_t)1 << 20)

/* What each alarm means, and what whoever keeps the mirror does. */
struct meaning {
	const char *word;
	const char *title;
	const char *todo;
};

#define FORK_TODO                                                                                        \
	"keep the folder evidence as it is, and copy it away from this machine. Tell the board of the"   \
	" partnership and the keepers of the witnesses, not the register alone: two histories under one" \
	" name are never put right by a new copy."

static const struct meaning MEANINGS[] = {
	{ "malformed", "The checkpoint cannot be read",
	  "look at the address: something else may answer there. If it is right, tell whoever runs the"
	  " register." },
	{ "origin", "Another log answers",
	  "look at the address and at the log's key in the policy." },
	{ "signature", "The log's key did not sign it",
	  "ask whoever runs the register, by telephone, whether the key was changed, and compare its signs"
	  " with those on paper. If it was not, somebody answers in the register's name." },
	{ "unwitnessed", "Too few countersigned it",
	  "look whether the witnesses answer. If they do, ask the register why it does not ask them." },
	{ "stale", "Nobody countersigned it lately",
	  "look whether the witnesses answer. If they do, the register shows old news, or nobody asks"
	  " them: tell whoever runs it." },
	{ "shrunk", "The log is shorter than it was",
	  "the register was set back, or shows you something old. Keep the folder evidence, and tell the"
	  " board and whoever runs the register: receipts that are out name what is missing now." },
	{ "fork", "The log has another history than before", FORK_TODO },
	{ "entries", "What is served is not what was signed",
	  "look once more in an hour. If it stays, tell whoever runs the register: its entries were"
	  " altered, or its disk is damaged." },
	{ "tiles", "A tile is not what the entries make",
	  "look once more in an hour. If it stays, tell whoever runs the register: its tiles were altered,"
	  " or its disk is damaged." },
	{ "missing", "Something that was published is not served",
	  "look once more in an hour. If it stays, tell whoever runs the register." },
	{ "stopped", "The register stands still",
	  "open its start page. A register that runs writes something at each beat, if only that time"
	  " passes: tell whoever runs it, and the board if nobody answers. While it stands still nobody"
	  " is told of what is late." },
	{ "untold", "Something late was told to nobody",
	  "ask whoever runs the register why its clock does not climb, and tell the independent scrutineer"
	  " or the inspectorate: by the register's own rules somebody above ought to know by now. Which"
	  " it is stands in what the mirror printed, and with its keeper." },
	{ "opened", "What was given is not what the log has",
	  "keep what was given: it lies with what is kept under the agreement, and is for nobody else to"
	  " read. Tell the board: the register gave something else than it had signed." },
	{ "withheld", "What was agreed is not given",
	  "ask whoever runs the register whether the agreement ended. If it did not, entries are kept"
	  " back from you: tell the board." },
	{ "unread", "What is owed cannot be reckoned",
	  "a newer candour may be needed here. If this one is as new as the register's, tell whoever runs"
	  " it: its entries do not follow its own rules." },
};

static const struct meaning *meaning_of(struct str word)
{
	static const struct meaning other = { "", "Something is not as it must be",
		                              "tell whoever runs the register." };
	for (size_t i = 0; i < COUNT_OF(MEANINGS); i++)
		if (str_eq(str_from_c(MEANINGS[i].word), word))
			return &MEANINGS[i];
	return &other;
}

/* "Saturday 28 November 2026, 15:31 UTC": whoever reads it may be anywhere. */
static struct json *time_model(struct arena *arena, instant at)
{
	struct json *model = json_object(arena);
	int64_t minute = at / INSTANT_PER_MINUTE % (24 * 60);
	struct str day = wording_day(arena, instant_utc_day(at));
	json_put_text(arena, model, STR("iso"), instant_write(arena, at));
	json_put_text(arena, model, STR("text"),
	              arena_format(arena, "%.*s, %02d:%02d UTC", STR_ARG(day), (int)(minute / 60),
	                           (int)(minute % 60)));
	return model;
}

static void put_time(struct arena *arena, struct json *model, struct str name, instant at)
{
	if (at)
		json_put(model, name, time_model(arena, at));
	else
		json_put_bool(arena, model, name, false);
}

static struct json *alarms_model(struct arena *arena, const struct web_mirror *mirror)
{
	struct json *list = json_array(arena);
	for (size_t i = 0; i < mirror->alarm_count; i++) {
		struct json *row = json_object(arena);
		const struct meaning *meaning = meaning_of(mirror->alarms[i].word);
		json_put_text(arena, row, STR("word"), mirror->alarms[i].word);
		json_put_text(arena, row, STR("title"), str_from_c(meaning->title));
		json_put_text(arena, row, STR("words"), mirror->alarms[i].words);
		json_put_text(arena, row, STR("todo"), str_from_c(meaning->todo));
		json_push(list, row);
	}
	return list;
}

static struct json *witnesses_model(struct arena *arena, const struct web_mirror *mirror)
{
	struct json *list = json_array(arena);
	for (size_t i = 0; i < mirror->witness_count; i++) {
		const struct web_mirror_witness *witness = &mirror->witnesses[i];
		struct json *row = json_object(arena);
		int64_t age = mirror->looked - witness->at;
		json_put_text(arena, row, STR("name"), witness->name);
		put_time(arena, row, STR("at"), witness->at);
		json_put_text(arena, row, STR("age"), wording_elapsed(arena, age > 0 ? age : 0));
		if (witness->at)
			json_put_integer(arena, row, STR("age_seconds"), age / INSTANT_PER_SECOND);
		json_push(list, row);
	}
	return list;
}

static void put_opened(struct arena *arena, struct json *model, const struct web_mirror *mirror)
{
	struct json *opened = json_object(arena);
	if (!mirror->has_opened) {
		json_put_bool(arena, model, STR("opened"), false);
		return;
	}
	json_put_integer(arena, opened, STR("size"), mirror->opened);
	json_put_text(arena, opened, STR("size_text"), wording_number(arena, mirror->opened));
	put_time(arena, opened, STR("newest"), mirror->newest);
	put_time(arena, opened, STR("reckoned"), mirror->reckoned);
	json_put(model, STR("opened"), opened);
}

static struct json *page_model(struct arena *arena, const struct web_mirror *mirror)
{
	struct json *model = json_object(arena);
	json_put_text(arena, model, STR("origin"), mirror->origin);
	json_put_text(arena, model, STR("url"), mirror->url);
	json_put_text(arena, model, STR("folder"), mirror->folder);
	json_put_bool(arena, model, STR("is_drill"), str_starts(mirror->origin, STR("drill.")));
	json_put_integer(arena, model, STR("size"), mirror->size);
	json_put_text(arena, model, STR("size_text"), wording_number(arena, mirror->size));
	if (mirror->root.n)
		json_put_text(arena, model, STR("root"), mirror->root);
	else
		json_put_bool(arena, model, STR("root"), false);
	put_time(arena, model, STR("looked"), mirror->looked);
	put_time(arena, model, STR("grown"), mirror->grown);
	json_put_bool(arena, model, STR("is_reached"), !mirror->unreached.n);
	json_put_text(arena, model, STR("unreached"), mirror->unreached);
	json_put_bool(arena, model, STR("has_alarms"), mirror->alarm_count > 0);
	json_put_bool(arena, model, STR("is_one"), mirror->alarm_count == 1);
	json_put(model, STR("alarms"), alarms_model(arena, mirror));
	json_put_bool(arena, model, STR("asks"), mirror->asks);
	json_put(model, STR("witnesses"), witnesses_model(arena, mirror));
	put_opened(arena, model, mirror);
	return model;
}

static bool render(const struct json *model, struct arena *arena, struct buf *text, struct str *out,
                   struct err *err)
{
	CLEANUP(mustache_set_cleanup)
	struct mustache_set *set = mustache_set_create(MUSTACHE_STRICT);
	if (!set)
		return err_set(err, ERR_UNABLE, "There is no memory for a page");
	return mustache_set_add_embedded(set, web_template_files, web_template_files_n, err) &&
	       mustache_set_link(set, err) &&
	       mustache_render(set, STR("outside/mirror"), model, text, err) &&
	       ((*out = arena_copy(arena, buf_str(text))).p ||
	        err_set(err, ERR_UNABLE, "There is no memory for a page"));
}

bool web_mirror_page(const struct web_mirror *mirror, struct arena *arena, struct str *html,
                     struct str *json, struct err *err)
{
	CLEANUP(buf_finish) struct buf page = { 0 }, text = { 0 };
	struct json *model = page_model(arena, mirror);
	*html = *json = STR_NONE;
	if (!json_complete(model))
		return err_set(err, ERR_UNABLE, "There is no memory for a page");
	buf_init(&page, PAGE_MAX);
	buf_init(&text, PAGE_MAX);
	json_write(&text, model);
	buf_add_char(&text, '\n');
	*json = arena_copy(arena, buf_str(&text));
	return (json->p || err_set(err, ERR_UNABLE, "There is no memory for a page")) &&
	       render(model, arena, &page, html, err);
}

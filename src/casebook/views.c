/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/views.h"

#define FILE_COLUMNS                                                                               \
	"n, id, finder, type, number, state, facts, area, first_entry, "                           \
	"last_entry, first_office, last_office, open_duties, destroyed"
#define DUTY_COLUMNS                                                                               \
	"id, file, rule, pack, class, office, opened, started, "                                   \
	"due, last_day, provisional, earliest, agreed, ladder, rung, next_at, "                    \
	"about, closed, closed_at, closed_how, done_at"
#define DUTY_ALSO_COLUMNS "office, due, duty"
#define CLIMB_COLUMNS "duty, rung, office, entry, at, vacant"
#define LINK_COLUMNS "a, relation, b, entry, removed"
#define PATTERN_COLUMNS "file, name, opened, newest"
#define OFFICE_COLUMNS "id, role, agency, area, title, file, vacant_since"
#define HOLDING_COLUMNS "office, account, since, until"
#define DEPUTISING_COLUMNS "office, account, entry, from_at, until_at"
#define ACCOUNT_COLUMNS "id, tag, entry, newest, ended"
#define BROKEN_COLUMNS "file, account, entry, until_at"
#define RESTRICTION_COLUMNS                                                                        \
	"entry, file, first, office, reason, since, until_at, renewals, whole, ended"
#define RESTRICTION_ENTRY_COLUMNS "restriction, entry, opened"
#define RESTRICTION_READER_COLUMNS "restriction, office"
#define CODE_COLUMNS "n, file, tag, finder"
#define CODE_RUN_COLUMNS "first, last, level, filter"
#define CODE_BUCKET_COLUMNS "first, bucket, pairs"
#define WAITING_COLUMNS "entry, file, kind, account, office, roles, given, until_at, closed"
#define ADVISED_COLUMNS "office, month, word, n"
#define CORRECTED_COLUMNS "of_entry, field, value, entry"

const struct view book_views[VIEWS_N] = {
	{ .name = "file",
	  .columns = { "n", "id", "finder", "type", "number", "state", "facts", "area",
	               "first_entry", "last_entry", "first_office", "last_office", "open_duties",
	               "destroyed" },
	  .key = 1,
	  .kept_sql = "SELECT " FILE_COLUMNS " FROM " STORE_KEPT "file ORDER BY n",
	  .shadow_sql = "SELECT " FILE_COLUMNS " FROM " STORE_SHADOW "file ORDER BY n" },
	{ .name = "file_run",
	  .columns = { "first", "last", "level", "filter" },
	  .key = 1,
	  .kept_sql =
	          "SELECT first, last, level, filter FROM " STORE_KEPT "file_run ORDER BY first",
	  .shadow_sql = "SELECT first, last, level, filter FROM " STORE_SHADOW
	                "file_run ORDER BY first" },
	{ .name = "file_bucket",
	  .columns = { "first", "bucket", "pairs" },
	  .key = 2,
	  .kept_sql = "SELECT first, bucket, pairs FROM " STORE_KEPT
	              "file_bucket ORDER BY first, bucket",
	  .shadow_sql = "SELECT first, bucket, pairs FROM " STORE_SHADOW
	                "file_bucket ORDER BY first, bucket" },
	{ .name = "duty",
	  .columns = { "id",        "file",       "rule",   "pack",     "class",       "office",
	               "opened",    "started",    "due",    "last_day", "provisional", "earliest",
	               "agreed",    "ladder",     "rung",   "next_at",  "about",       "closed",
	               "closed_at", "closed_how", "done_at" },
	  .key = 1,
	  .kept_sql = "SELECT " DUTY_COLUMNS " FROM " STORE_KEPT "duty ORDER BY id",
	  .shadow_sql = "SELECT " DUTY_COLUMNS " FROM " STORE_SHADOW "duty ORDER BY id" },
	{ .name = "duty_also",
	  .columns = { "office", "due", "duty" },
	  .key = 3,
	  .kept_sql = "SELECT " DUTY_ALSO_COLUMNS " FROM " STORE_KEPT
	              "duty_also ORDER BY office, due, duty",
	  .shadow_sql = "SELECT " DUTY_ALSO_COLUMNS " FROM " STORE_SHADOW
	                "duty_also ORDER BY office, due, duty" },
	{ .name = "climb",
	  .columns = { "duty", "rung", "office", "entry", "at", "vacant" },
	  .key = 3,
	  .kept_sql =
	          "SELECT " CLIMB_COLUMNS " FROM " STORE_KEPT "climb ORDER BY duty, rung, office",
	  .shadow_sql = "SELECT " CLIMB_COLUMNS " FROM " STORE_SHADOW
	                "climb ORDER BY duty, rung, office" },
	{ .name = "link",
	  .columns = { "a", "relation", "b", "entry", "removed" },
	  .key = 3,
	  .kept_sql = "SELECT " LINK_COLUMNS " FROM " STORE_KEPT "link ORDER BY a, relation, b",
	  .shadow_sql =
	          "SELECT " LINK_COLUMNS " FROM " STORE_SHADOW "link ORDER BY a, relation, b" },
	{ .name = "pattern",
	  .columns = { "file", "name", "opened", "newest" },
	  .key = 2,
	  .kept_sql = "SELECT " PATTERN_COLUMNS " FROM " STORE_KEPT "pattern ORDER BY file, name",
	  .shadow_sql =
	          "SELECT " PATTERN_COLUMNS " FROM " STORE_SHADOW "pattern ORDER BY file, name" },
	{ .name = "born",
	  .columns = { "file", "month" },
	  .key = 1,
	  .kept_sql = "SELECT file, month FROM " STORE_KEPT "born ORDER BY file",
	  .shadow_sql = "SELECT file, month FROM " STORE_SHADOW "born ORDER BY file" },
	{ .name = "office_entry",
	  .columns = { "file", "part", "kind", "entry" },
	  .key = 4,
	  .kept_sql = "SELECT file, part, kind, entry FROM " STORE_KEPT
	              "office_entry ORDER BY file, part, kind, entry",
	  .shadow_sql = "SELECT file, part, kind, entry FROM " STORE_SHADOW
	                "office_entry ORDER BY file, part, kind, entry" },
	{ .name = "office",
	  .columns = { "id", "role", "agency", "area", "title", "file", "vacant_since" },
	  .key = 1,
	  .kept_sql = "SELECT " OFFICE_COLUMNS " FROM " STORE_KEPT "office ORDER BY id",
	  .shadow_sql = "SELECT " OFFICE_COLUMNS " FROM " STORE_SHADOW "office ORDER BY id" },
	{ .name = "holding",
	  .columns = { "office", "account", "since", "until" },
	  .key = 3,
	  .kept_sql = "SELECT " HOLDING_COLUMNS " FROM " STORE_KEPT
	              "holding ORDER BY office, account, since",
	  .shadow_sql = "SELECT " HOLDING_COLUMNS " FROM " STORE_SHADOW
	                "holding ORDER BY office, account, since" },
	{ .name = "deputising",
	  .columns = { "office", "account", "entry", "from_at", "until_at" },
	  .key = 3,
	  .kept_sql = "SELECT " DEPUTISING_COLUMNS " FROM " STORE_KEPT
	              "deputising ORDER BY office, account, entry",
	  .shadow_sql = "SELECT " DEPUTISING_COLUMNS " FROM " STORE_SHADOW
	                "deputising ORDER BY office, account, entry" },
	{ .name = "account",
	  .columns = { "id", "tag", "entry", "newest", "ended" },
	  .key = 1,
	  .kept_sql = "SELECT " ACCOUNT_COLUMNS " FROM " STORE_KEPT "account ORDER BY id",
	  .shadow_sql = "SELECT " ACCOUNT_COLUMNS " FROM " STORE_SHADOW "account ORDER BY id" },
	{ .name = "broken",
	  .columns = { "file", "account", "entry", "until_at" },
	  .key = 3,
	  .kept_sql = "SELECT " BROKEN_COLUMNS " FROM " STORE_KEPT
	              "broken ORDER BY file, account, entry",
	  .shadow_sql = "SELECT " BROKEN_COLUMNS " FROM " STORE_SHADOW
	                "broken ORDER BY file, account, entry" },
	{ .name = "restriction",
	  .columns = { "entry", "file", "first", "office", "reason", "since", "until_at",
	               "renewals", "whole", "ended" },
	  .key = 1,
	  .kept_sql =
	          "SELECT " RESTRICTION_COLUMNS " FROM " STORE_KEPT "restriction ORDER BY entry",
	  .shadow_sql = "SELECT " RESTRICTION_COLUMNS " FROM " STORE_SHADOW
	                "restriction ORDER BY entry" },
	{ .name = "restriction_entry",
	  .columns = { "restriction", "entry", "opened" },
	  .key = 2,
	  .kept_sql = "SELECT " RESTRICTION_ENTRY_COLUMNS " FROM " STORE_KEPT
	              "restriction_entry ORDER BY restriction, entry",
	  .shadow_sql = "SELECT " RESTRICTION_ENTRY_COLUMNS " FROM " STORE_SHADOW
	                "restriction_entry ORDER BY restriction, entry" },
	{ .name = "restriction_reader",
	  .columns = { "restriction", "office" },
	  .key = 2,
	  .kept_sql = "SELECT " RESTRICTION_READER_COLUMNS " FROM " STORE_KEPT
	              "restriction_reader ORDER BY restriction, office",
	  .shadow_sql = "SELECT " RESTRICTION_READER_COLUMNS " FROM " STORE_SHADOW
	                "restriction_reader ORDER BY restriction, office" },
	{ .name = "code",
	  .columns = { "n", "file", "tag", "finder" },
	  .key = 1,
	  .kept_sql = "SELECT " CODE_COLUMNS " FROM " STORE_KEPT "code ORDER BY n",
	  .shadow_sql = "SELECT " CODE_COLUMNS " FROM " STORE_SHADOW "code ORDER BY n" },
	{ .name = "code_run",
	  .columns = { "first", "last", "level", "filter" },
	  .key = 1,
	  .kept_sql = "SELECT " CODE_RUN_COLUMNS " FROM " STORE_KEPT "code_run ORDER BY first",
	  .shadow_sql =
	          "SELECT " CODE_RUN_COLUMNS " FROM " STORE_SHADOW "code_run ORDER BY first" },
	{ .name = "code_bucket",
	  .columns = { "first", "bucket", "pairs" },
	  .key = 2,
	  .kept_sql = "SELECT " CODE_BUCKET_COLUMNS " FROM " STORE_KEPT
	              "code_bucket ORDER BY first, bucket",
	  .shadow_sql = "SELECT " CODE_BUCKET_COLUMNS " FROM " STORE_SHADOW
	                "code_bucket ORDER BY first, bucket" },
	{ .name = "waiting",
	  .columns = { "entry", "file", "kind", "account", "office", "roles", "given", "until_at",
	               "closed" },
	  .key = 1,
	  .kept_sql = "SELECT " WAITING_COLUMNS " FROM " STORE_KEPT "waiting ORDER BY entry",
	  .shadow_sql = "SELECT " WAITING_COLUMNS " FROM " STORE_SHADOW "waiting ORDER BY entry" },
	{ .name = "advised",
	  .columns = { "office", "month", "word", "n" },
	  .key = 3,
	  .kept_sql = "SELECT " ADVISED_COLUMNS " FROM " STORE_KEPT
	              "advised ORDER BY office, month, word",
	  .shadow_sql = "SELECT " ADVISED_COLUMNS " FROM " STORE_SHADOW
	                "advised ORDER BY office, month, word" },
	{ .name = "corrected",
	  .columns = { "of_entry", "field", "value", "entry" },
	  .key = 2,
	  .kept_sql = "SELECT " CORRECTED_COLUMNS " FROM " STORE_KEPT
	              "corrected ORDER BY of_entry, field",
	  .shadow_sql = "SELECT " CORRECTED_COLUMNS " FROM " STORE_SHADOW
	                "corrected ORDER BY of_entry, field" },
};

const char *const book_view_names[VIEWS_N] = {
	"file",
	"file_run",
	"file_bucket",
	"duty",
	"duty_also",
	"climb",
	"link",
	"pattern",
	"born",
	"office_entry",
	"office",
	"holding",
	"deputising",
	"account",
	"broken",
	"restriction",
	"restriction_entry",
	"restriction_reader",
	"code",
	"code_run",
	"code_bucket",
	"waiting",
	"advised",
	"corrected",
};

const char *const book_unused_indexes[VIEWS_UNUSED_N] = { "duty_open",         "duty_next",
	                                                  "duty_due",          "duty_undone",
	                                                  "restriction_until", "waiting_file" };

const char *const book_truth[TRUTH_N] = {
	"credential", "entry",   "migration", "object", "pack", "piece",
	"published",  "reading", "setting",   "signed", "tile",
};

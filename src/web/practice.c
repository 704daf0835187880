/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The routes of those who signed in: practice and oversight. */
#include "web/act_form.h"
#include "web/words.h"

#define ACT_BYTES (UINT64_C(2100) << 20) /* ten files of 200 MB */

#define WORDS_BYTES (UINT64_C(1) << 20)

#define SIGNED_IN .flags = WEB_NEEDS_SESSION
#define FORM .takes = GATE_TAKES_FORM | GATE_TAKES_JSON

static const struct web_route ROUTES[] = {
	{ WEB_GET, "/sign-in", sign_in_show, .flags = WEB_PUBLIC },
	{ WEB_POST, "/sign-in", sign_in_take, FORM, .flags = WEB_PUBLIC | SITE_LIMIT_SIGN_IN },
	{ WEB_GET, "/sign-in/digits", sign_in_digits_show, .flags = WEB_PUBLIC },
	{ WEB_POST, "/sign-in/digits", sign_in_digits_take, FORM,
	  .flags = WEB_PUBLIC | SITE_LIMIT_SIGN_IN },
	{ WEB_GET, "/sign-in/lost", sign_in_lost, .flags = WEB_PUBLIC },
	{ WEB_GET, "/sign-in/first", first_show, .flags = WEB_PUBLIC },
	{ WEB_POST, "/sign-in/first", first_take, FORM, .flags = WEB_PUBLIC | SITE_LIMIT_SIGN_IN },
	{ WEB_GET, "/sign-in/again", sign_in_again_show, SIGNED_IN },
	{ WEB_POST, "/sign-in/again", sign_in_again_take, FORM,
	  .flags = WEB_NEEDS_SESSION | SITE_LIMIT_SIGN_IN },
	{ WEB_POST, "/sign-out", sign_out_take, FORM, .flags = WEB_NEEDS_SESSION | SITE_NO_CSRF },
	{ WEB_POST, "/stay", session_stay, FORM, SIGNED_IN },
	{ WEB_GET, "/office", office_show, SIGNED_IN },
	{ WEB_POST, "/office", office_take, FORM, SIGNED_IN },
	{ WEB_GET, "/work", work_show, SIGNED_IN },
	{ WEB_GET, "/work.ics", work_calendar, SIGNED_IN },
	{ WEB_GET, "/work.csv", work_csv, SIGNED_IN },
	{ WEB_GET, "/late.csv", late_csv, SIGNED_IN },
	{ WEB_GET, "/restricted", restricted_show, SIGNED_IN },
	{ WEB_GET, "/restricted.csv", restricted_csv, SIGNED_IN },
	{ WEB_GET, "/readings.csv", readings_own_csv, SIGNED_IN },
	{ WEB_GET, "/files/:id/readings.csv", readings_of_file_csv, SIGNED_IN },
	{ WEB_GET, "/work/burst", burst_show, SIGNED_IN },
	{ WEB_GET, "/files/:id", file_show, SIGNED_IN },
	{ WEB_GET, "/work/begin", begin_show, SIGNED_IN },
	{ WEB_GET, "/work/call", call_show, SIGNED_IN },
	/* Asks for somebody itself: what was written outlives its session. */
	{ WEB_POST, "/work/call", call_take, .takes = GATE_TAKES_FORM | GATE_TAKES_MULTIPART,
	  .max_bytes = ACT_BYTES, .flags = WEB_PUBLIC, .sink = &act_sink },
	{ WEB_GET, "/files/:id/readings", readings_of_file, SIGNED_IN },
	{ WEB_GET, "/files/:id/chronology", story_show, SIGNED_IN },
	{ WEB_GET, "/files/:id/:kind", act_show, SIGNED_IN },
	/* Asks for somebody itself: what was written outlives its session. */
	{ WEB_POST, "/files/:id/:kind", act_take,
	  .takes = GATE_TAKES_FORM | GATE_TAKES_JSON | GATE_TAKES_MULTIPART, .max_bytes = ACT_BYTES,
	  .flags = WEB_PUBLIC, .sink = &act_sink },
	{ WEB_GET, "/entries/:n/receipt", entry_receipt, SIGNED_IN },
	{ WEB_GET, "/objects/:id", object_download, SIGNED_IN },
	{ WEB_GET, "/readings", readings_own, SIGNED_IN },
	{ WEB_GET, "/find", find_show, SIGNED_IN },
	{ WEB_POST, "/find", find_take, FORM, SIGNED_IN },
	{ WEB_GET, "/matches", matches_show, SIGNED_IN },
	{ WEB_GET, "/matches/:n", match_show, SIGNED_IN },
	{ WEB_GET, "/invisible", invisible_show, SIGNED_IN },
	{ WEB_GET, "/invisible.csv", invisible_csv, SIGNED_IN },
	{ WEB_GET, "/words", words_show, SIGNED_IN },
	{ WEB_POST, "/words/:id/:kind", words_take, FORM, .max_bytes = WORDS_BYTES, SIGNED_IN },
	{ WEB_GET, "/late", late_show, SIGNED_IN },
	{ WEB_GET, "/entries/:n", file_entry_show, SIGNED_IN },
};

const struct routes practice_routes = { ROUTES, COUNT_OF(ROUTES) };

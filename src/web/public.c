/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The public part's routes. */
#include "web/public.h"

#include "web/report.h"
#include "web/return.h"
#include "web/road.h"

#define UPLOAD_MAX ((uint64_t)2100 << 20) /* ten files of 200 MB, and what is around them */
#define PROOF_MAX ((uint64_t)256 << 10)

static bool serve_asset(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct assets assets = { web_asset_files, web_asset_files_n };
	return asset_answer(&assets, request, answer, err);
}

/* Whoever types the address begins at the first question. */
static bool go_to_questions(struct web_request *request, struct web_answer *answer, struct err *err)
{
	(void)request;
	(void)err;
	web_answer_redirect(answer, STR("/report/danger"));
	return true;
}

#define PAGE(path, page)                                                                           \
	{                                                                                          \
		.method = WEB_GET, .pattern = (path), .handler = (page), .flags = WEB_PUBLIC       \
	}
#define FORM(path, page)                                                                           \
	{                                                                                          \
		.method = WEB_POST, .pattern = (path), .handler = (page),                          \
		.takes = GATE_TAKES_FORM | GATE_TAKES_JSON, .flags = WEB_PUBLIC                    \
	}
#define UPLOAD(path, page)                                                                         \
	{                                                                                          \
		.method = WEB_POST, .pattern = (path), .handler = (page),                          \
		.takes = GATE_TAKES_FORM | GATE_TAKES_MULTIPART, .max_bytes = UPLOAD_MAX,          \
		.flags = WEB_PUBLIC, .sink = &report_files_sink                                    \
	}
/* Sends a report: counted against limits.reports. */
#define SENDS(path, page)                                                                          \
	{                                                                                          \
		.method = WEB_POST, .pattern = (path), .handler = (page),                          \
		.takes = GATE_TAKES_FORM | GATE_TAKES_JSON,                                        \
		.flags = WEB_PUBLIC | SITE_LIMIT_REPORTS                                           \
	}

static const struct web_route ROUTES[] = {
	PAGE("/", public_start),
	PAGE(ASSET_PATTERN, serve_asset),
	SENDS("/report", report_whole_post),
	PAGE("/report", go_to_questions),
	PAGE("/api", public_api),
	PAGE("/report/danger-now", report_danger_now),
	PAGE("/report/check", report_check_get),
	SENDS("/report/check", report_check_post),
	PAGE("/report/done", report_done_get),
	FORM("/report/done", report_done_post),
	PAGE("/report/note.html", report_note),
	FORM("/report/note.html", report_note),
	PAGE("/report/note.tlog-proof", report_proof),
	PAGE("/report/note.promise", report_promise),
	UPLOAD("/report/files", report_files_post),
	PAGE("/report/:question", report_question_get),
	FORM("/report/:question", report_question_post),
	PAGE("/tell/:road", road_begin_get),
	{ .method = WEB_POST,
	  .pattern = "/tell/:road",
	  .handler = road_whole_post,
	  .takes = GATE_TAKES_JSON,
	  .flags = WEB_PUBLIC | SITE_LIMIT_REPORTS },
	PAGE("/tell/:road/check", road_check_get),
	SENDS("/tell/:road/check", road_check_post),
	PAGE("/tell/:road/:page", road_page_get),
	UPLOAD("/tell/:road/:page", road_page_post),
	PAGE("/return", return_get),
	PAGE("/return/status", return_status_get),
	FORM("/return/status", return_status_post),
	UPLOAD("/return/add", return_add_post),
	PAGE("/return/lost", return_lost),
	PAGE("/return/challenge", return_challenge_get),
	FORM("/return/challenge", return_challenge_post),
	PAGE("/return/contact", return_contact_get),
	FORM("/return/contact", return_contact_post),
	PAGE("/return/say/:road", road_begin_get),
	PAGE("/return/say/:road/check", road_check_get),
	FORM("/return/say/:road/check", road_check_post),
	PAGE("/return/say/:road/:page", road_page_get),
	UPLOAD("/return/say/:road/:page", road_page_post),
	FORM("/return/leave", return_leave),
	PAGE("/return/note.tlog-proof", return_proof),
	PAGE("/return/note.promise", return_promise),
	PAGE("/safe", public_words),
	PAGE("/pause", public_words),
	PAGE("/accessibility", public_words),
	PAGE("/privacy", public_words),
	PAGE("/figures", public_figures),
	PAGE("/figures.csv", public_figures_csv),
	PAGE("/figures/quarters.csv", public_quarters_csv),
	PAGE("/verify", public_verify_get),
	PAGE("/verify/policy", public_policy),
	{ .method = WEB_POST,
	  .pattern = "/verify",
	  .handler = public_verify_post,
	  .takes = GATE_TAKES_FORM | GATE_TAKES_MULTIPART | GATE_TAKES_JSON,
	  .max_bytes = PROOF_MAX,
	  .flags = WEB_PUBLIC | WEB_ANY_SITE, /* asks and changes nothing */
	  .sink = &public_verify_sink },
};

const struct routes public_routes = { ROUTES, COUNT_OF(ROUTES) };

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The routes of administration. */
#include "web/admin.h"
#include "web/setup.h"

#define SIGNED_IN .flags = WEB_NEEDS_SESSION
#define AT_THE_DOOR .flags = WEB_PUBLIC | SITE_LIMIT_SIGN_IN
#define FORM .takes = GATE_TAKES_FORM | GATE_TAKES_JSON

static const struct web_route ROUTES[] = {
	{ WEB_GET, "/offices", offices_show, SIGNED_IN },
	{ WEB_GET, "/offices/:id/hand-over", hand_over_show, SIGNED_IN },
	{ WEB_POST, "/offices/:id/hand-over", hand_over_take, SIGNED_IN, .takes = GATE_TAKES_FORM },
	{ WEB_GET, "/accounts", accounts_show, SIGNED_IN },
	{ WEB_POST, "/accounts", accounts_add, FORM, SIGNED_IN },
	{ WEB_GET, "/accounts/:id/end", accounts_end_ask, SIGNED_IN },
	{ WEB_POST, "/accounts/:id/end", accounts_end, FORM, SIGNED_IN },
	{ WEB_GET, "/accounts/:id/reset", accounts_reset_ask, SIGNED_IN },
	{ WEB_POST, "/accounts/:id/reset", accounts_reset, FORM, SIGNED_IN },
	{ WEB_GET, "/accounts/agreed/:n", accounts_agreed, SIGNED_IN },
	{ WEB_GET, "/health", health_show, .flags = WEB_PUBLIC },
	{ WEB_GET, "/metrics", metrics_show, SIGNED_IN },
	{ WEB_GET, "/pack", pack_show, SIGNED_IN },
	{ WEB_GET, "/pack/:element", pack_element_show, SIGNED_IN },
	{ WEB_GET, "/pack/proposed/:n", pack_proposed_show, SIGNED_IN },
	{ WEB_GET, "/setup", setup_show, .flags = WEB_PUBLIC },
	{ WEB_POST, "/setup", setup_take, FORM, AT_THE_DOOR },
	{ WEB_GET, "/setup/account", setup_account_show, .flags = WEB_PUBLIC },
	{ WEB_POST, "/setup/account", setup_account_take, FORM, AT_THE_DOOR },
	{ WEB_GET, "/setup/second-factor", setup_factor_show, .flags = WEB_PUBLIC },
	{ WEB_POST, "/setup/second-factor", setup_factor_take, FORM, AT_THE_DOOR },
	{ WEB_GET, "/setup/check", setup_check_show, SIGNED_IN },
	{ WEB_POST, "/setup/check", setup_check_take, FORM, SIGNED_IN },
	{ WEB_GET, "/setup/done", setup_done_show, SIGNED_IN },
	{ WEB_GET, "/setup/:question", setup_question_show, SIGNED_IN },
	{ WEB_POST, "/setup/:question", setup_question_take, FORM, SIGNED_IN },
	{ WEB_GET, "/particulars", particulars_show, SIGNED_IN },
	{ WEB_POST, "/particulars", particulars_take, FORM, SIGNED_IN },
	{ WEB_GET, "/key-shares", shares_show, SIGNED_IN },
	{ WEB_GET, "/key-shares/new", shares_new_show, SIGNED_IN },
	{ WEB_POST, "/key-shares/new", shares_new_take, FORM, SIGNED_IN },
	{ WEB_GET, "/key-shares/:number", share_show, SIGNED_IN },
	{ WEB_POST, "/key-shares/:number", share_take, FORM,
	  .flags = WEB_NEEDS_SESSION | SITE_LIMIT_SIGN_IN },
};

const struct routes admin_routes = { ROUTES, COUNT_OF(ROUTES) };

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The routes of those who signed in: practice, oversight, administration. */
#include "web/site.h"

const struct routes practice_routes = { NULL, 0 };
const struct routes admin_routes = { NULL, 0 };

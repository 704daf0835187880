/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The routes of administration. */
#include "web/practice.h"

const struct routes admin_routes = { NULL, 0 };

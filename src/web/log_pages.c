/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The log in public: checkpoint and tiles. */
#include "web/site.h"

const struct routes log_routes = { NULL, 0 };

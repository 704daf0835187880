/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where an element of a pack was written, for messages. */
#ifndef CANDOUR_PACK_MODEL_PLACE_H
#define CANDOUR_PACK_MODEL_PLACE_H

#include "base/base.h"

/* Where an element stands, for messages: path inside the pack, 1-based. */
struct pack_place {
	struct str file;
	int line;
	int column;
};

#endif

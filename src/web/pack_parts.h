/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: what the pages of the pack share. */
#ifndef CANDOUR_WEB_PACK_PARTS_H
#define CANDOUR_WEB_PACK_PARTS_H

#include "base/base.h"
#include "pack/pack.h"

/* Where an element of the pack is told: "/pack/NAME". */
struct str pack_href(struct arena *arena, struct str name);
/* The model of templates/pack/picture: places in words and numbers. */
struct json *pack_picture(struct arena *arena, const struct pack_drawing *drawing);

#endif

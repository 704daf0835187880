/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What stands around a name by the rules of a language: an article (al-, el-),
 * "servant of" (Abd al-, Abdur-), "descendant of" and "son of" with their
 * daughters' forms (Ó, Ní; Mac, Nic), the endings of a family's women (-ska,
 * -ova). Without it the core is left. Private to match.
 */
#ifndef CANDOUR_MATCH_NAME_FRAME_H
#define CANDOUR_MATCH_NAME_FRAME_H

#include "base/base.h"

enum name_frame {
	NAME_FRAME_NONE,
	NAME_FRAME_ARTICLE, /* "al masri": "masri" */
	NAME_FRAME_ABD,     /* "abdurrahman", "abd al rahman": "rahman" */
	NAME_FRAME_O,       /* "obrien", "ni bhriain": "brien", "briain" */
	NAME_FRAME_MAC,     /* "mccarthy", "nic carthaigh": "carthy", "carthaigh" */
	NAME_FRAME_SK,      /* "kowalska", "kowalskaya": "kowals" */
	NAME_FRAME_OV,      /* "petrova", "petroff": "petr"; "novakova": "novak" */
	NAME_FRAME_SOMALI,  /* written by the Somali alphabet: "xasan": "hasan" */
};

#define NAME_CORE_ROOM 64 /* bytes; longer names have no frame */

/* The core of a folded name into `core`, with its length in *n. */
enum name_frame name_frame_of(struct str folded, char core[NAME_CORE_ROOM], size_t *n);

/* Whether a family name whose core with -ova is `core` may be `plain` without ("svobod",
 * "svoboda"; "hajk", "hajek"). */
bool name_frame_is_base(struct str core, struct str plain);

#endif

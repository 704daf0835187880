/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef CANDOUR_MATCH_NAME_LEVEL_H
#define CANDOUR_MATCH_NAME_LEVEL_H
#include "match/similar.h"
#include "base/base.h"
struct names;
struct name_value { struct str text; uint32_t sound; uint32_t sound_n; uint32_t points[64]; uint32_t n; };
int name_level(const struct names *names, const struct name_value *a, const struct name_value *b);
#endif

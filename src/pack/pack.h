/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The public header of room pack: the rules of a partnership, read from YAML,
 * checked, and compiled once into immutable tables that any thread may read.
 * The room knows no law of any country and no SQL: what an act is judged
 * against comes through struct pack_world.
 *
 * model.h      what a pack holds, as tables
 * due.h        calendars, due times, ages
 * condition.h  conditions and the world they look at
 * words.h      advice on the wording of a text
 * source.h     finding, loading, checking, comparing, explaining
 * draw.h       a file type as a picture
 */
#ifndef CANDOUR_PACK_PACK_H
#define CANDOUR_PACK_PACK_H

#include "base/base.h"

#include "pack/due.h"
#include "pack/model.h"
#include "pack/condition.h"
#include "pack/known.h"
#include "pack/words.h"
#include "pack/source.h"
#include "pack/draw.h"

#endif

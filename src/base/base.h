/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The public header of room base: what every room stands on, and nothing of
 * the field. It gathers one header a noun; rooms include this one alone.
 */
#ifndef CANDOUR_BASE_BASE_H
#define CANDOUR_BASE_BASE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attribute.h"
#include "base/str.h"
#include "base/err.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/embed.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/zone.h"
#include "base/random.h"
#include "base/id.h"
#include "base/json.h"
#include "base/pool.h"
#include "base/wipe.h"
#include "base/yaml.h"
#include "base/file.h"
#include "base/fold.h"
#include "base/journal.h"
#include "base/library.h"
#include "base/wording.h"

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The public header of room log: how entries become leaves, tiles, checkpoints
 * and receipts, and how other people's are checked. It gathers one header a
 * noun; other rooms include this one alone. It knows nothing of files, kinds
 * or duties: an entry is a header and some hashes.
 */
#ifndef CANDOUR_LOG_LOG_H
#define CANDOUR_LOG_LOG_H

#include "base/base.h"
#include "store/store.h"

#include "log/entry.h"
#include "log/parts.h"
#include "log/tree.h"
#include "log/key.h"
#include "log/era.h"
#include "log/note.h"
#include "log/checkpoint.h"
#include "log/path.h"
#include "log/tile.h"
#include "log/cache.h"
#include "log/signed.h"
#include "log/audit.h"
#include "log/policy.h"
#include "log/receipt.h"
#include "log/witness.h"
#include "log/cosigner.h"
#include "log/fetch.h"
#include "log/mirror.h"
#include "log/promise.h"
#include "log/parcel.h"
#include "log/keeper.h"

#endif

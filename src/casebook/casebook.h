/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The public header of room casebook, the heart: acts in, entries out. One
 * road for every write (casebook_submit); gates, duties, links and access are
 * judged inside the turn; views follow from entries alone. It knows nothing of
 * HTTP, HTML or terminals. One header a noun; other rooms include this one.
 */
#ifndef CANDOUR_CASEBOOK_CASEBOOK_H
#define CANDOUR_CASEBOOK_CASEBOOK_H

#include "base/base.h"

#include "casebook/register.h"
#include "casebook/act.h"
#include "casebook/reader.h"
#include "casebook/query.h"
#include "casebook/account.h"
#include "casebook/agreement.h"
#include "casebook/outside.h"
#include "casebook/object.h"
#include "casebook/care.h"
#include "casebook/offsite.h"
#include "casebook/particular.h"
#include "casebook/claim.h"
#include "casebook/undecided.h"

#endif

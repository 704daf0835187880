/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: a text as a picture that a telephone reads. */
#ifndef CANDOUR_WEB_QR_H
#define CANDOUR_WEB_QR_H

#include "base/base.h"

/* {path, box}: `d` of an SVG path, and its view box. NULL: it cannot be drawn. */
struct json *qr_picture(struct arena *arena, struct str text);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Calls that invite mistakes, made compile errors (style S34). Included before
 * every source by the Makefile; the system headers that declare them come
 * first, so that only our own uses are caught.
 */
#ifndef CANDOUR_BASE_BANNED_H
#define CANDOUR_BASE_BANNED_H

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat strtok sprintf vsprintf gets
#pragma GCC poison scanf fscanf sscanf atoi atol atof gmtime localtime ctime asctime
#pragma GCC poison mktemp tmpnam system popen setlocale

/* A library's header that was read before may have made it a macro; -Walloca stands guard too. */
#ifndef alloca
#pragma GCC poison alloca
#endif

#endif

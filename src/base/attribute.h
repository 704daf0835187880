/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Compiler attributes under the names the rest of the code uses. */
#ifndef CANDOUR_BASE_ATTRIBUTE_H
#define CANDOUR_BASE_ATTRIBUTE_H

#define MUST_USE __attribute__((warn_unused_result))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define NORETURN __attribute__((noreturn))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif

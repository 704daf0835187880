/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Which "england" a test of a room means: the small pack kept in tests/data, so
 * that what it says of numbers, offices and due times stays true as the law in
 * packs/ grows. CANDOUR_TEST_PACKS names another folder to look in.
 */
#ifndef CANDOUR_TESTS_PACKS_H
#define CANDOUR_TESTS_PACKS_H

#include "base/base.h"

static inline const char *test_packs(void)
{
	const char *folder = file_environment("CANDOUR_TEST_PACKS");
	return folder ? folder : "tests/data/packs";
}

#endif

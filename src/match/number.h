/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Numbers that stand for a person, or reach her: telephone, NHS number, unique pupil number. */
#ifndef CANDOUR_MATCH_NUMBER_H
#define CANDOUR_MATCH_NUMBER_H

#include "base/base.h"

/*
 * A telephone number as digits, NUL-ended; +44, 0044, (0) become a leading 0,
 * other countries 00, and ten digits that lost their 0 in a spreadsheet get it
 * back. False: missing (fewer than 9 digits, more than 15, or
 * all alike); `out` is then "".
 */
bool norm_phone(struct str text, char out[16]);

/*
 * An NHS number: ten digits as one number below 10^10. False: missing (not ten
 * digits, or all alike), and *digits is 0. *is_valid: the check digit is right
 * (modulus 11); a number whose is not may be a slip of the pen.
 */
bool norm_nhs(struct str text, uint64_t *digits, bool *is_valid);

/*
 * A unique pupil number: a letter, eleven digits, a digit or a letter; upper
 * case, NUL-ended. False: missing, and `out` is "". *is_valid: the check
 * letter is right. *is_temporary: it ends in a letter.
 */
bool norm_upn(struct str text, char out[14], bool *is_valid, bool *is_temporary);

#endif

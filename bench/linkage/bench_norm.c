/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * How fast values are normalised: nanoseconds of processor time a value.
 *
 *   bench_norm [MILLIONS=2]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "match/date.h"
#include "match/number.h"
#include "match/place.h"
#include "match/sound.h"
#include "match/text.h"

static const char *const NAMES[] = { "Mohammed",   "Lucas",    "Smith-Walker", "O'Brien",
	                             "WAYNE",      "Chaudhry", "Amy",          "Williams",
	                             "Anne Marie", "Xu",       "Patrick",      "Nowak",
	                             "Shaw",       "Mr John",  "Unknown",      "Maria" };
static const char *const MARKED[] = { "Zoë",       "Małgorzata", "Nguyễn",
	                              "Олександр", "محمد",       "José María" };
static const char *const DATES[] = { "2009-03-27", "27/03/2009", "1998-01-01", "12 Mar 2011",
	                             "20110612" };
static const char *const POSTCODES[] = { "NM4 7BA", "nf61tj", "EC1A 1BB", "N8 OAA", "ND14 2EW" };
static const char *const ADDRESSES[] = { "114 Exeter Walk, Northmere",
	                                 "Flat 17, 128 Chapel Road, Northmere",
	                                 "119 Hill Cres, Millhouses",
	                                 "5 SPRING GARDENS, KELBROUGH",
	                                 "Carlisle Close",
	                                 "68 College Rd" };
static const char *const PHONES[] = { "06122816456", "+44 7911 123456", "(0114) 496 0123" };
static const char *const NUMBERS[] = { "943 476 5919", "9990041601", "9434765918" };

static size_t sink;

static void do_fold(struct str s)
{
	struct norm_text out;
	norm_fold(s, &out);
	sink += out.n;
}

static void do_script(struct str s)
{
	struct norm_text out;
	norm_fold_script(s, &out);
	sink += out.n;
}

static void do_name(struct str s)
{
	struct norm_text out;
	norm_name(s, &out);
	sink += out.n;
}

static void do_full(struct str s)
{
	struct norm_text first, surname;
	norm_full_name(s, &first, &surname);
	sink += first.n + surname.n;
}

static void do_key(struct str s)
{
	char key[64];
	struct norm_text out;
	norm_fold(s, &out);
	sink += sound_key(norm_str(&out), key, sizeof key);
}

static void do_date(struct str s)
{
	struct norm_date out;
	sink += norm_date(s, NORM_DMY, 2026, &out);
}

static void do_postcode(struct str s)
{
	struct norm_postcode out;
	sink += norm_postcode(s, &out);
}

static void do_address(struct str s)
{
	struct norm_text bytes;
	struct norm_address out;
	norm_address(s, &bytes, &out);
	sink += out.street.n;
}

static void do_phone(struct str s)
{
	char out[16];
	sink += norm_phone(s, out);
}

static void do_nhs(struct str s)
{
	uint64_t digits;
	bool is_valid;
	sink += norm_nhs(s, &digits, &is_valid);
}

static void measure(const char *what, void (*each)(struct str), const char *const *values,
                    size_t count, size_t times)
{
	struct timespec from, to;
	struct str texts[32];
	for (size_t i = 0; i < count; i++)
		texts[i] = str_from_c(values[i]);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (size_t i = 0; i < times; i++)
		each(texts[i % count]);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	double ns = (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
	printf("%-24s %8.1f ns a value %8.2f M a second\n", what, ns / (double)times,
	       (double)times * 1e3 / ns);
}

int main(int argc, char **argv)
{
	size_t times = (size_t)(1e6 * (argc > 1 ? strtod(argv[1], NULL) : 2));
	measure("fold, ASCII", do_fold, NAMES, COUNT_OF(NAMES), times);
	measure("name, ASCII", do_name, NAMES, COUNT_OF(NAMES), times);
	measure("fold, marks", do_fold, MARKED, COUNT_OF(MARKED), times);
	measure("fold in script, marks", do_script, MARKED, COUNT_OF(MARKED), times);
	measure("full name, ASCII", do_full, NAMES, COUNT_OF(NAMES), times);
	measure("fold and sound key", do_key, NAMES, COUNT_OF(NAMES), times);
	measure("date", do_date, DATES, COUNT_OF(DATES), times);
	measure("postcode", do_postcode, POSTCODES, COUNT_OF(POSTCODES), times);
	measure("address", do_address, ADDRESSES, COUNT_OF(ADDRESSES), times);
	measure("phone", do_phone, PHONES, COUNT_OF(PHONES), times);
	measure("NHS number", do_nhs, NUMBERS, COUNT_OF(NUMBERS), times);
	return sink == 0;
}

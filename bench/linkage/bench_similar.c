/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Nanoseconds a pair of Jaro-Winkler on names as they are: by a pattern (one name on the left, many
 * on the right, as in a block), of two by bytes, and in the general form; and of OSA with a bound
 * of 2.
 *
 *   bench_similar [ROUNDS]
 *
 * Best of ROUNDS (5): what other work on the machine does is in the others.
 */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "match/similar.h"

#define LETTERS_MAX 16

static const char *const NAMES[] = {
	"muhammad",  "smith",     "oliver",     "kowalska",  "hussain",  "amelia",    "patel",
	"jones",     "isla",      "mohammed",   "nowak",     "george",   "begum",     "okafor",
	"williams",  "charlotte", "siobhan",    "adeyemi",   "tran",     "nguyen",    "fernandes",
	"thompson",  "zofia",     "aleksander", "ali",       "khan",     "robinson",  "grace",
	"macdonald", "oconnor",   "kelly",      "abdullahi", "hassan",   "freddie",   "poppy",
	"elizabeth", "singh",     "kaur",       "chowdhury", "popescu",  "ionescu",   "ivanova",
	"alexander", "mia",       "jackson",    "harris",    "edwards",  "yusuf",     "ibrahim",
	"maryam",    "chloe",     "sophie",     "benjamin",  "wright",   "whitehead", "fitzgerald",
	"li",        "wang",      "stewart",    "evans",     "florence", "theodore",  "mensah",
	"owusu",
};

struct name {
	uint8_t bytes[LETTERS_MAX];
	uint32_t points[LETTERS_MAX];
	uint32_t n;
};

struct figures {
	double pattern, bytes, general, osa;
};

static int64_t steady_us(void)
{
	return clock_read().boot_us;
}

static double ns_since(int64_t from, size_t pairs)
{
	return (double)(steady_us() - from) * 1000.0 / (double)pairs;
}

static double pairs_by_pattern(const struct name *names, size_t turns, double *sum)
{
	int64_t from = steady_us();
	for (size_t turn = 0; turn < turns; turn++)
		for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
			struct similar_pattern pattern;
			if (!similar_pattern_init(&pattern, names[i].bytes, names[i].n))
				continue;
			for (size_t j = 0; j < COUNT_OF(NAMES); j++)
				*sum += similar_pattern_jw(&pattern, names[j].bytes, names[j].n);
		}
	return ns_since(from, turns * COUNT_OF(NAMES) * COUNT_OF(NAMES));
}

static double pairs_by_bytes(const struct name *names, size_t turns, double *sum)
{
	int64_t from = steady_us();
	for (size_t turn = 0; turn < turns; turn++)
		for (size_t i = 0; i < COUNT_OF(NAMES); i++)
			for (size_t j = 0; j < COUNT_OF(NAMES); j++)
				*sum += similar_bytes_jw(names[i].bytes, names[i].n, names[j].bytes,
				                         names[j].n);
	return ns_since(from, turns * COUNT_OF(NAMES) * COUNT_OF(NAMES));
}

static struct similar_word word_of(const struct name *name)
{
	return (struct similar_word){ name->points, name->n };
}

static double pairs_in_general(const struct name *names, size_t turns, double *sum)
{
	int64_t from = steady_us();
	for (size_t turn = 0; turn < turns; turn++)
		for (size_t i = 0; i < COUNT_OF(NAMES); i++)
			for (size_t j = 0; j < COUNT_OF(NAMES); j++)
				*sum += similar_jaro_winkler(word_of(&names[i]),
				                             word_of(&names[j]));
	return ns_since(from, turns * COUNT_OF(NAMES) * COUNT_OF(NAMES));
}

static double pairs_by_edits(const struct name *names, size_t turns, double *sum)
{
	int64_t from = steady_us();
	for (size_t turn = 0; turn < turns; turn++)
		for (size_t i = 0; i < COUNT_OF(NAMES); i++)
			for (size_t j = 0; j < COUNT_OF(NAMES); j++)
				*sum += similar_osa(word_of(&names[i]), word_of(&names[j]), 2);
	return ns_since(from, turns * COUNT_OF(NAMES) * COUNT_OF(NAMES));
}

static void keep_best(double *best, double now)
{
	if (*best == 0.0 || now < *best)
		*best = now;
}

int main(int argc, char **argv)
{
	static struct name names[COUNT_OF(NAMES)];
	uint64_t rounds = 5;
	if (argc > 2 || (argc == 2 && !str_to_u64(str_from_c(argv[1]), 1000, &rounds))) {
		fprintf(stderr, "bench_similar [ROUNDS]\n");
		return 2;
	}
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		names[i].n = (uint32_t)strlen(NAMES[i]);
		for (uint32_t k = 0; k < names[i].n; k++)
			names[i].points[k] = names[i].bytes[k] = (uint8_t)NAMES[i][k];
	}
	struct figures best = { 0 };
	double sum = 0;
	for (uint64_t round = 0; round < rounds; round++) {
		keep_best(&best.pattern, pairs_by_pattern(names, 200, &sum));
		keep_best(&best.bytes, pairs_by_bytes(names, 200, &sum));
		keep_best(&best.general, pairs_in_general(names, 100, &sum));
		keep_best(&best.osa, pairs_by_edits(names, 100, &sum));
	}
	printf("jaro-winkler by pattern  %6.1f ns a pair\n", best.pattern);
	printf("jaro-winkler of bytes    %6.1f ns a pair\n", best.bytes);
	printf("jaro-winkler in general  %6.1f ns a pair\n", best.general);
	printf("osa, bound 2             %6.1f ns a pair\n", best.osa);
	return sum > 0 ? 0 : 1;
}

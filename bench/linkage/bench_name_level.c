/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the level of two names costs, once both are ready; what making one
 * ready costs; and what loading the variant sets does.
 *
 *   bench_name_level [ROUNDS]
 *
 * Best of ROUNDS (5).
 */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "match/name_level.h"

static const char *const NAMES[] = {
	"muhammad",    "smith",      "oliver",  "kowalska",       "hussain",     "amelia",
	"patel",       "jones",      "isla",    "mohammed",       "nowak",       "george",
	"begum",       "okafor",     "becky",   "charlotte",      "siobhan",     "adeyemi",
	"tran",        "nguyen",     "rebecca", "thompson",       "zofia",       "aleksander",
	"ali",         "khan",       "bob",     "grace",          "macdonald",   "oconnor",
	"kelly",       "abdullahi",  "hassan",  "freddie",        "poppy",       "elizabeth",
	"singh",       "kaur",       "lizzie",  "popescu",        "ionescu",     "ivanova",
	"al hassan",   "mia",        "jackson", "abdul rahman",   "edwards",     "yusuf",
	"ibrahim",     "maryam",     "chloe",   "smith jones",    "benjamin",    "wright",
	"anna maria",  "fitzgerald", "li",      "wang",           "okafor bell", "evans",
	"abdurrahman", "theodore",   "ted",     "williams brown",
};

struct figures {
	double load_ms, ready, level;
};

static double us_since(int64_t from)
{
	return (double)(clock_read().boot_us - from);
}

static void keep_best(double *best, double now)
{
	if (*best == 0.0 || now < *best)
		*best = now;
}

static bool measure(struct figures *best, long *sum)
{
	static struct name_value values[COUNT_OF(NAMES)];
	struct arena *arena = arena_create((size_t)64 << 20);
	const struct names *names;
	struct err err = { 0 };
	int64_t from = clock_read().boot_us;
	if (!arena || !names_load(arena, &names, &err))
		return false;
	keep_best(&best->load_ms, us_since(from) / 1000);
	from = clock_read().boot_us;
	for (int turn = 0; turn < 500; turn++)
		for (size_t i = 0; i < COUNT_OF(NAMES); i++)
			if (!name_value_init(&values[i], arena, names, str_from_c(NAMES[i]),
			                     STR_NONE, &err))
				return false;
	keep_best(&best->ready, us_since(from) * 1000 / (500.0 * COUNT_OF(NAMES)));
	from = clock_read().boot_us;
	for (int turn = 0; turn < 200; turn++)
		for (size_t i = 0; i < COUNT_OF(NAMES); i++)
			for (size_t j = 0; j < COUNT_OF(NAMES); j++)
				*sum += name_level(names, &values[i], &values[j]);
	keep_best(&best->level,
	          us_since(from) * 1000 / (200.0 * COUNT_OF(NAMES) * COUNT_OF(NAMES)));
	arena_destroy(arena);
	return true;
}

int main(int argc, char **argv)
{
	uint64_t rounds = 5;
	struct figures best = { 0 };
	long sum = 0;
	if (argc > 2 || (argc == 2 && !str_to_u64(str_from_c(argv[1]), 1000, &rounds))) {
		fprintf(stderr, "bench_name_level [ROUNDS]\n");
		return 2;
	}
	for (uint64_t round = 0; round < rounds; round++)
		if (!measure(&best, &sum))
			return 1;
	printf("loading the sets      %8.1f ms\n", best.load_ms);
	printf("making a name ready   %8.1f ns\n", best.ready);
	printf("level of two names    %8.1f ns a pair\n", best.level);
	return sum > 0 ? 0 : 1;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whether words are anywhere in the memory of this process but on its stack,
 * in what was given back too. The words are never written down to look for
 * them: they follow from a number.
 */
#ifndef CANDOUR_TESTS_BASE_LEFT_BEHIND_H
#define CANDOUR_TESTS_BASE_LEFT_BEHIND_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* What sanitizers keep of memory that was given back is theirs. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SEES_WHAT_IS_LEFT 0
#else
#define SEES_WHAT_IS_LEFT 1
#endif

static inline char left_letter(unsigned number, size_t i, char first, unsigned letters)
{
	uint32_t mixed = (number * UINT32_C(2654435761) + (uint32_t)i + 1) * UINT32_C(0x85EBCA6B);
	mixed = (mixed ^ mixed >> 13) * UINT32_C(0xC2B2AE35);
	return (char)(first + (char)((mixed ^ mixed >> 16) % letters));
}

/* Small letters, or figures. */
enum left_words { LEFT_LETTERS, LEFT_FIGURES };

static inline char left_at(enum left_words words, unsigned number, size_t i)
{
	return words == LEFT_LETTERS ? left_letter(number, i, 'a', 26) : left_letter(number, i, '0', 10);
}

static inline void left_write(enum left_words words, unsigned number, char *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = left_at(words, number, i);
}

static inline size_t left_count_in(const char *from, const char *to, enum left_words words, unsigned number, size_t n)
{
	char first = left_at(words, number, 0);
	size_t found = 0;
	for (const char *at = from; at + n <= to; at++) {
		at = memchr(at, first, (size_t)(to - at) - n + 1);
		if (!at)
			break;
		size_t i = 1;
		while (i < n && at[i] == left_at(words, number, i))
			i++;
		found += i == n;
	}
	return found;
}

/* How often the first n of them are there. */
static inline size_t left_count(enum left_words words, unsigned number, size_t n)
{
	struct {
		uintptr_t from, to;
	} ranges[4096];
	size_t count = 0, found = 0;
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	while (maps && fgets(line, sizeof line, maps)) {
		unsigned long long from, to, offset, node;
		char how[8];
		if (sscanf(line, "%llx-%llx %7s %llx %*s %llu", &from, &to, how, &offset, &node) == 5 && how[0] == 'r' &&
		    how[1] == 'w' && node == 0 && !strstr(line, "[stack]") && !strstr(line, "[v") && count < 4096) {
			ranges[count].from = (uintptr_t)from;
			ranges[count++].to = (uintptr_t)to;
		}
	}
	if (maps)
		(void)fclose(maps);
	for (size_t i = 0; i < count; i++)
		found += left_count_in((const char *)ranges[i].from, (const char *)ranges[i].to, words, number, n);
	return found;
}

#endif

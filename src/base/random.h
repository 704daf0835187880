/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Where random bytes come from: the system, or (drills, tests, simulations) a
 * seed that replays one history exactly. Handed down as an argument.
 */
#ifndef CANDOUR_BASE_RANDOM_H
#define CANDOUR_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random_source;

/* The system's generator (libsodium); safe from any thread. */
struct random_source *random_system_create(void);
/*
 * The same, drawn 512 bytes at a time: for many small pieces. One thread only, and for nothing that
 * is a key, since what is drawn ahead lies in common memory.
 */
struct random_source *random_pooled_create(void);
/* A stream that follows from `seed` alone. One thread only. Never for a live register. */
struct random_source *random_seeded_create(uint64_t seed);
void random_destroy(struct random_source *source);

void random_bytes(struct random_source *source, void *out, size_t n);
/* 0 .. below - 1, evenly; below >= 1. */
uint64_t random_below(struct random_source *source, uint64_t below);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/work.h"

#include <pthread.h>
#include <stdatomic.h>

struct work {
	work_part *part;
	void *ctx;
	size_t parts;
	_Atomic size_t next;
	_Atomic bool has_failed;
};

struct worker {
	struct work *work;
	unsigned thread;
	pthread_t id;
};

static void *do_parts(void *arg)
{
	const struct worker *worker = arg;
	struct work *work = worker->work;
	while (!atomic_load(&work->has_failed)) {
		size_t part = atomic_fetch_add(&work->next, 1);
		if (part >= work->parts)
			break;
		if (!work->part(work->ctx, part, worker->thread))
			atomic_store(&work->has_failed, true);
	}
	return NULL;
}

bool work_share(unsigned threads, size_t parts, work_part *part, void *ctx)
{
	struct work work = { .part = part, .ctx = ctx, .parts = parts };
	struct worker workers[WORK_THREADS_MAX];
	unsigned begun = 1;
	threads = threads < 1 ? 1 : threads > WORK_THREADS_MAX ? WORK_THREADS_MAX : threads;
	if (threads > parts)
		threads = parts ? (unsigned)parts : 1;
	for (unsigned i = 0; i < threads; i++)
		workers[i] = (struct worker){ .work = &work, .thread = i };
	/* A thread that cannot be had leaves its share to the others. */
	while (begun < threads &&
	       pthread_create(&workers[begun].id, NULL, do_parts, &workers[begun]) == 0)
		begun++;
	(void)do_parts(&workers[0]);
	for (unsigned i = 1; i < begun; i++)
		(void)pthread_join(workers[i].id, NULL);
	return !atomic_load(&work.has_failed);
}

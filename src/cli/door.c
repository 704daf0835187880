/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The serving side of the door: a few threads, each with one caller at a time. */
#include "cli/door.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/frame.h"
#include "cli/parts.h"

#define ANSWER_SECONDS 300 /* a person may take to answer a question */
#define PROGRESS_US (INSTANT_PER_SECOND / 4)

struct worker {
	struct door *door;
	pthread_t thread;
	int caller; /* guarded by door->lock: the caller's socket, or -1 */
};

struct door {
	struct casebook *book; /* set before threads start */
	struct people *people; /* set before threads start */
	int socket;            /* set before threads start */
	int stop_read;         /* set before threads start */
	int stop_write;        /* closed to stop */
	pthread_mutex_t lock;
	bool is_closing; /* guarded by lock */
	struct worker workers[DOOR_THREADS];
	size_t worker_count;
};

/* One caller. */
struct visit {
	struct frame frame;
	struct cli_call call;
	bool asks;
	int64_t shown; /* time since boot of the last progress */
};

static bool ask_caller(void *ctx, const char *question, enum cli_asks how, struct arena *arena,
                       struct str *answer, struct err *err)
{
	struct visit *visit = ctx;
	const struct json *back;
	struct json *message = json_object(arena);
	if (!visit->asks)
		return err_set(
			err, ERR_USAGE,
			"There is no terminal to ask on. Give a token by --token FILE or CANDOUR_TOKEN,"
			" and secrets in files where the command takes them");
	json_put_text(arena, message, STR("ask"), str_from_c(question));
	json_put_bool(arena, message, STR("hidden"), how == CLI_HIDDEN);
	if (!frame_write(&visit->frame, message, err) ||
	    !frame_read(&visit->frame, arena, &back, err))
		return false;
	*answer = json_text(back, STR("answer"));
	if (answer->p)
		return true;
	return err_set(err, ERR_USAGE, "%.*s", STR_ARG(json_text(back, STR("none"))));
}

static void show_caller(void *ctx, const char *what, int64_t done, int64_t all)
{
	struct visit *visit = ctx;
	struct err ignored = { 0 };
	int64_t boot = clock_read().boot_us;
	if (boot - visit->shown < PROGRESS_US)
		return;
	visit->shown = boot;
	struct arena *arena = arena_create(4096);
	struct json *message = json_object(arena);
	json_put_text(arena, message, STR("progress"), str_from_c(what));
	json_put_integer(arena, message, STR("done"), done);
	json_put_integer(arena, message, STR("all"), all);
	/* A caller who went away misses nothing: the work goes on to its end. */
	if (!frame_write(&visit->frame, message, &ignored))
		visit->shown = INT64_MAX / 2;
	arena_destroy(arena);
}

static bool take_words(struct cli_call *call, const struct json *request, struct err *err)
{
	struct str argv[CLI_ARGUMENTS_MAX];
	size_t argc = 0;
	bool wants_help;
	const struct json *words = json_member(request, STR("words"));
	for (const struct json *word = words ? words->first : NULL; word; word = word->next) {
		if (argc == COUNT_OF(argv) || word->type != JSON_STRING)
			return err_set(err, ERR_USAGE,
			               "There are too many words behind the command");
		argv[argc++] = word->string;
	}
	if (!cli_call_read(call, argv, argc, &wants_help, err))
		return false;
	if (wants_help || call->command->needs == CLI_NOTHING)
		return err_set(err, ERR_USAGE,
		               "This command is not carried out by a serving register");
	return call->command->needs != CLI_WRITER || casebook_fits(call->book, err);
}

static bool take_request(struct visit *visit, const struct json *request, unsigned uid,
                         struct err *err)
{
	struct cli_call *call = &visit->call;
	if (!str_eq(json_text(request, STR("version")), STR(CANDOUR_VERSION)))
		return err_set(
			err, ERR_UNABLE,
			"The register is served by another version of this program; restart serve, or"
			" use the same version");
	if (!take_words(call, request, err))
		return false;
	const struct json *inputs = json_member(request, STR("inputs"));
	for (size_t i = 0; i < call->command->option_count; i++) {
		struct cli_value *value = &call->values[i];
		if (call->command->options[i].takes != CLI_INPUT || !value->is_given)
			continue;
		value->text = json_text(inputs, str_from_c(call->command->options[i].name));
		if (!value->text.p)
			return err_set(err, ERR_USAGE,
			               "A file of the command did not come with it");
	}
	call->token = json_text(request, STR("token"));
	call->prepared = json_text(request, STR("prepared"));
	call->machine_user = machine_user_name(call->arena, uid);
	call->is_served = true;
	visit->asks = json_is_true(request, STR("asks"));
	call->person = (struct cli_person){
		.ctx = visit,
		.ask = ask_caller,
		.progress = json_is_true(request, STR("watches")) ? show_caller : NULL,
	};
	return true;
}

static bool answer(struct visit *visit, int status, struct err *err)
{
	struct cli_call *call = &visit->call;
	struct json *outputs = json_object(call->arena), *message = json_object(call->arena);
	for (size_t i = 0; call->command && i < call->command->option_count; i++) {
		if (call->values[i].is_written)
			json_put_text(call->arena, outputs,
			              str_from_c(call->command->options[i].name),
			              call->values[i].text);
	}
	json_put_integer(call->arena, message, STR("exit"), status);
	json_put_text(call->arena, message, STR("out"), buf_str(&call->out));
	json_put_text(call->arena, message, STR("words"), buf_str(&call->words));
	json_put(message, STR("outputs"), outputs);
	return frame_write(&visit->frame, message, err);
}

static void receive(struct worker *worker, int fd, unsigned uid)
{
	struct visit visit = { 0 };
	struct err err = { 0 };
	const struct json *request;
	frame_init(&visit.frame, fd);
	if (!cli_call_init(&visit.call)) {
		frame_finish(&visit.frame);
		return;
	}
	visit.call.book = worker->door->book;
	visit.call.people = worker->door->people;
	visit.call.dir = casebook_dir(worker->door->book);
	if (frame_read(&visit.frame, visit.call.arena, &request, &err)) {
		int status;
		if (take_request(&visit, request, uid, &err)) {
			visit.call.dir = casebook_dir(worker->door->book);
			status = cli_call_run(&visit.call);
		} else {
			status = cli_call_fail(&visit.call, &err);
		}
		if (!answer(&visit, status, &err))
			journal_write(JOURNAL_WARNING,
			              "door: a caller went away before the answer");
	}
	cli_call_finish(&visit.call);
	frame_finish(&visit.frame);
}

/* Whether the worker may serve this caller; else it is closed. */
static bool admit(struct worker *worker, int fd, unsigned *uid)
{
	struct timeval wait = { .tv_sec = ANSWER_SECONDS };
	struct door *door = worker->door;
	if (!frame_peer(fd, uid) || (*uid != (unsigned)geteuid() && *uid != 0)) {
		journal_write(JOURNAL_WARNING,
		              "door: another user of this machine was turned away");
		return false;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) != 0)
		return false;
	pthread_mutex_lock(&door->lock);
	bool may = !door->is_closing;
	if (may)
		worker->caller = fd;
	pthread_mutex_unlock(&door->lock);
	return may;
}

static void *work(void *ctx)
{
	struct worker *worker = ctx;
	struct door *door = worker->door;
	for (;;) {
		struct pollfd waits[2] = { { .fd = door->socket, .events = POLLIN },
			                   { .fd = door->stop_read, .events = POLLIN } };
		unsigned uid;
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (waits[1].revents)
			return NULL;
		if (!(waits[0].revents & POLLIN))
			continue;
		int fd = accept(door->socket, NULL, NULL);
		if (fd < 0)
			continue; /* another worker was quicker, or the caller went away */
		if (fcntl(fd, F_SETFL, 0) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
		    admit(worker, fd, &uid))
			receive(worker, fd, uid);
		pthread_mutex_lock(&door->lock);
		worker->caller = -1;
		pthread_mutex_unlock(&door->lock);
		close(fd);
	}
}

static bool start_workers(struct door *door, struct err *err)
{
	for (size_t i = 0; i < DOOR_THREADS; i++) {
		struct worker *worker = &door->workers[i];
		*worker = (struct worker){ .door = door, .caller = -1 };
		if (pthread_create(&worker->thread, NULL, work, worker) != 0)
			return err_set(err, ERR_UNABLE,
			               "The register's socket cannot be served: no more threads");
		door->worker_count++;
	}
	return true;
}

bool door_open(struct casebook *book, struct people *people, struct door **out, struct err *err)
{
	struct door *door = calloc(1, sizeof *door);
	int ends[2] = { -1, -1 };
	*out = NULL;
	if (!door)
		return err_set(err, ERR_UNABLE,
		               "There is not enough memory to serve the register's socket");
	door->book = book;
	door->people = people;
	door->socket = door->stop_read = door->stop_write = -1;
	pthread_mutex_init(&door->lock, NULL);
	bool good = pipe(ends) == 0 ||
	            err_set(err, ERR_UNABLE,
	                    "The register's socket cannot be served: too many files are open");
	door->stop_read = ends[0];
	door->stop_write = ends[1];
	/* Several threads wait at one socket: an accept that finds nobody must not block. */
	good = good && frame_listen(casebook_dir(book), &door->socket, err) &&
	       (fcntl(door->socket, F_SETFL, O_NONBLOCK) == 0 ||
	        err_set(err, ERR_UNABLE, "The register's socket cannot be served"));
	if (!good || !start_workers(door, err)) {
		door_close(door);
		return false;
	}
	*out = door;
	return true;
}

void door_close(struct door *door)
{
	if (!door)
		return;
	pthread_mutex_lock(&door->lock);
	door->is_closing = true;
	/* Whoever is being asked gets no more; a command at work still gives its answer. */
	for (size_t i = 0; i < door->worker_count; i++) {
		if (door->workers[i].caller >= 0)
			shutdown(door->workers[i].caller, SHUT_RD);
	}
	pthread_mutex_unlock(&door->lock);
	if (door->stop_write >= 0)
		close(door->stop_write);
	for (size_t i = 0; i < door->worker_count; i++)
		pthread_join(door->workers[i].thread, NULL);
	if (door->socket >= 0) {
		close(door->socket);
		frame_remove(casebook_dir(door->book));
	}
	if (door->stop_read >= 0)
		close(door->stop_read);
	pthread_mutex_destroy(&door->lock);
	free(door);
}

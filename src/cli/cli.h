/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The public header of room cli: the commands of `candour`. A command is a row
 * of a table (what it is called, what it takes, what it needs open) and a
 * function from a call to text; it never touches the terminal, so that it runs
 * in this program or, over the register's socket, in the one that serves.
 */
#ifndef CANDOUR_CLI_CLI_H
#define CANDOUR_CLI_CLI_H

#include "base/base.h"
#include "casebook/casebook.h"
#include "people/people.h"

#define CLI_OPTIONS_MAX 16
#define CLI_ARGUMENTS_MAX 64
#define CLI_ARENA_MAX ((size_t)256 << 20) /* bytes of one call */
#define CLI_TEXT_MAX ((size_t)64 << 20)   /* bytes of what a command prints */
#define CLI_INPUT_MAX ((size_t)8 << 20)   /* bytes of a file that is read whole */

/* What an option takes. */
enum cli_takes {
	CLI_FLAG,
	CLI_TEXT,
	CLI_TEXTS,  /* a text, and again: the value is all of them, with a line end between */
	CLI_INPUT,  /* a file, or - for standard input: the value is its text */
	CLI_OUTPUT, /* a file that is written when the command is done */
};

struct cli_option {
	const char *name; /* "receipt", without dashes */
	enum cli_takes takes;
	const char *value; /* "FILE", as help shows it; NULL for a flag */
	const char *about; /* one line of help */
};

/* What must be open for a command. */
enum cli_needs {
	CLI_NOTHING, /* no register, or it opens what it wants by itself */
	CLI_READER,  /* a register to read: the serving program's, else our own */
	CLI_WRITER,  /* a register to write: the serving program's, else with the lock */
};

struct cli_call;

struct cli_command {
	const char *name;      /* "duties", "account add" */
	const char *arguments; /* as help shows them: "DIR CODE" */
	const char *about;     /* one line */
	const char *detail;    /* further words of help; may be NULL */
	size_t least;          /* arguments, DIR counted */
	size_t most;
	enum cli_needs needs;
	bool has_threads; /* of its own, which read and write while it runs */
	const struct cli_option *options;
	size_t option_count;
	/* Runs in the program that was called, before the register is opened or reached; may be
	 * NULL. */
	bool (*prepare)(struct cli_call *call, struct err *err);
	bool (*run)(struct cli_call *call, struct err *err);
	/* Runs in its place when the register is there and cannot be opened: `why`. NULL: that ends
	 * the command. */
	bool (*run_shut)(struct cli_call *call, const struct err *why, struct err *err);
};

/* The value of an option as it was given. */
struct cli_value {
	bool is_given;
	struct str word; /* as typed; a file's name for CLI_INPUT and CLI_OUTPUT */
	struct str text; /* CLI_INPUT: what was read; CLI_OUTPUT: what is to be written */
	bool is_written; /* CLI_OUTPUT: the command gave its text */
};

enum cli_asks {
	CLI_SHOWN,
	CLI_HIDDEN, /* nothing appears while it is typed */
};

/* The person at the other end: the terminal of the program that was called. */
struct cli_person {
	void *ctx;
	/* Asks a question, the answer into `arena`. ERR_USAGE: there is nobody to ask. */
	bool (*ask)(void *ctx, const char *question, enum cli_asks how, struct arena *arena,
	            struct str *answer, struct err *err);
	/* Shows how far long work has come; NULL: nobody watches. */
	casebook_progress *progress;
};

/* One command being carried out. Everything lies in `arena`. */
struct cli_call {
	const struct cli_command *command;
	struct arena *arena;
	const char *dir;        /* the register's folder; NULL: the command takes none */
	const struct str *args; /* the arguments, without DIR where the command needs a register */
	size_t arg_count;
	struct cli_value values[CLI_OPTIONS_MAX]; /* beside command->options */
	struct str token;                         /* CANDOUR_TOKEN, or empty */
	struct str machine_user; /* who runs the program, as the machine names them */
	struct cli_person person;
	struct casebook *book; /* open as the command needs it */
	struct people *people; /* of the serving program; NULL: none is kept */
	bool is_served;        /* runs in the serving program */
	struct str prepared;   /* text that `prepare` made for `run` */
	struct buf out;        /* for standard output */
	struct buf words;      /* for standard error */
	int status; /* exit status when run answers true: 0, or 1 for "the answer is no" */
};

/* All commands, in the order of the help. */
const struct cli_command *const *cli_commands(size_t *count);
/* The whole program: argv as main has it; the exit status. */
int cli_main(int argc, char **argv);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A mirror of a register that is served: its copy, its status page, and what an agreement gives. */
#include "cli/cli_fixture.h"

struct log {
	const char *url;
	const char *key;
	const char *copy;
};

/* Serves the drill on a port of its own, with a beat so long that nothing grows by itself. */
static struct log serve_log(struct fixture *f)
{
	const char *dir = drill(f);
	write_file(f, "r/limits", STR("publish.every 3600\n"));
	f->serving = start(f, NULL, (const char *const[]){ "serve", dir, "--listen", "127.0.0.1:0", NULL });
	struct str said = STR("");
	for (int i = 0; i < 200 && !says(said, "\n"); i++) {
		(void)poll(NULL, 0, 50);
		said = text_of(f, path_of(f, "out"));
	}
	size_t at = str_find_str(said, STR("http://"));
	assert_true(at < said.n);
	struct str url = str_sub(said, at, said.n), rest = url, line;
	assert_true(str_cut(&rest, '\n', &line));
	line = str_trim(line);
	struct log log = { .copy = path_of(f, "copy") };
	log.url = str_to_c(f->arena, arena_format(f->arena, "%.*s%slog/", STR_ARG(line), str_ends(line, STR("/")) ? "" : "/"));
	must_run(f, "log", "vkey", dir);
	log.key = line_of(f, 0);
	return log;
}

static struct str page(struct fixture *f, const struct log *log, const char *name)
{
	return text_of(f, file_join(f->arena, log->copy, name));
}

static const struct json *status(struct fixture *f, const struct log *log)
{
	f->out = page(f, log, "status.json");
	return json_of(f);
}

#define mirror(f, log, ...) run(f, "mirror", (log).url, (log).copy, "--vkey", (log).key, __VA_ARGS__)

static void a_mirror_tells_on_a_page_what_it_saw(void **state)
{
	struct fixture *f = *state;
	struct log log = serve_log(f);
	must_be_done(f, mirror(f, log, "--still", "7200"));
	struct str html = page(f, &log, "status.html");
	assert_true(says(html, "A mirror of the log of drill.northmere.example/register"));
	assert_true(says(html, "All that was looked at fits") && says(html, "No witness is asked for"));
	assert_false(says(html, "Alarm"));
	const struct json *model = status(f, &log);
	assert_true(json_number(model, STR("size"), 0) > 0);
	assert_int_equal(json_member(model, STR("alarms"))->count, 0);
	must_run(f, "log", "checkpoint", drill(f), "--published");
	assert_true(says(f->out, str_to_c(f->arena, json_text(model, STR("root")))));
}

static void it_is_not_kept_where_secrets_lie(void **state)
{
	struct fixture *f = *state;
	struct log log = serve_log(f);
	assert_int_equal(run(f, "mirror", log.url, drill(f), "--vkey", log.key), 3);
	assert_true(says(f->words, "folder of its own"));
	assert_false(file_exists(file_join(f->arena, drill(f), "status.html")));
	assert_int_equal(run(f, "monitor", log.url, "--vkey", log.key, "--keep", drill(f)), 3);
}

static void a_log_that_stands_still_is_an_alarm(void **state)
{
	struct fixture *f = *state;
	struct log log = serve_log(f);
	must_be_done(f, mirror(f, log, "--still", "7200"));
	int64_t size = json_number(status(f, &log), STR("size"), 0);
	write_file(f, "copy/seen", arena_format(f->arena, "%" PRId64 " 2020-01-01T00:00:00Z\n", size));
	assert_int_equal(mirror(f, log, "--still", "7200"), 1);
	assert_true(says(f->out, "alarm stopped: "));
	struct str html = page(f, &log, "status.html");
	assert_true(says(html, "The register stands still") && says(html, "What to do:"));
	assert_true(says(html, "<title>Alarm: "));
	assert_int_equal(mirror(f, log, "--still", "0"), 0);
	write_file(f, "copy/seen", STR("1 2020-01-01T00:00:00Z\n")); /* it has grown since */
	must_be_done(f, mirror(f, log, "--still", "7200"));
}

static void a_register_that_is_not_reached_is_told_as_such(void **state)
{
	struct fixture *f = *state;
	struct log log = serve_log(f);
	must_be_done(f, mirror(f, log, "--still", "7200"));
	assert_int_equal(stop_serving(f), 0);
	assert_int_equal(mirror(f, log, "--still", "7200"), 4);
	assert_true(says(page(f, &log, "status.html"), "The register was not reached"));
	write_file(f, "copy/seen", arena_format(f->arena, "%" PRId64 " 2020-01-01T00:00:00Z\n",
	                                        json_number(status(f, &log), STR("size"), 0)));
	assert_int_equal(mirror(f, log, "--still", "7200"), 1);
	assert_true(says(f->out, "alarm stopped: "));
}

/* Everything that lies where others may read it. */
static bool is_anywhere(struct fixture *f, const char *dir, const char *word)
{
	const struct str *names;
	size_t count;
	struct err err = { 0 };
	assert_true(file_list(f->arena, dir, &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		const char *path = file_join(f->arena, dir, str_to_c(f->arena, names[i]));
		if (file_is_folder(path) ? is_anywhere(f, path, word) : says(text_of(f, path), word))
			return true;
	}
	return false;
}

static void under_an_agreement_headers_are_kept_apart(void **state)
{
	struct fixture *f = *state;
	(void)report(f, "He is alone at night.");
	struct log log = serve_log(f);
	const char *secret = path_of(f, "secret"), *kept = path_of(f, "kept");
	must_run(f, "log", "mirror", "agree", drill(f), "mirror.example.org", "--until", "2028-01-01T00:00:00Z", "--as", "ada");
	const char *shown = line_of(f, 0), *entry = value_of(f, "entry");
	write_file(f, "secret", str_from_c(shown));
	must_be_done(f, mirror(f, log, "--agreement", secret, "--opened", kept));
	const struct json *opened = json_member(status(f, &log), STR("opened"));
	assert_true(json_number(opened, STR("size"), 0) > 0);
	assert_true(is_anywhere(f, kept, "concern.received"));
	assert_false(is_anywhere(f, log.copy, "concern.received"));
	assert_false(is_anywhere(f, kept, "alone at night"));
	write_file(f, "another", STR("c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U"));
	assert_int_equal(mirror(f, log, "--agreement", path_of(f, "another"), "--opened", kept), 1);
	assert_true(says(f->out, "is not given (status 401)"));
	must_be_done(f, mirror(f, log, "--agreement", secret, "--opened", kept));
	must_run(f, "log", "mirror", "list", drill(f));
	assert_true(says(f->out, "mirror.example.org  until 2028-01-01T00:00:00Z  live"));
	must_run(f, "log", "mirror", "end", drill(f), entry, "--as", "ada");
	(void)report(f, "He is alone again.");
	write_file(f, "copy/seen", STR(""));
	assert_int_equal(stop_serving(f), 0);
	struct log again = serve_log(f); /* publishes what is new as it begins */
	assert_int_equal(mirror(f, again, "--agreement", secret, "--opened", kept), 1);
	assert_true(says(f->out, "alarm withheld: "));
	assert_true(says(page(f, &log, "status.html"), "What was agreed is not given"));
}

static void what_is_given_under_an_agreement_is_not_for_the_web(void **state)
{
	struct fixture *f = *state;
	struct log log = serve_log(f);
	write_file(f, "secret", STR("c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U"));
	const char *inside = str_to_c(f->arena, arena_format(f->arena, "%s/kept", log.copy));
	assert_int_equal(mirror(f, log, "--agreement", path_of(f, "secret"), "--opened", inside), 2);
	assert_int_equal(mirror(f, log, "--agreement", path_of(f, "secret")), 2);
	assert_int_equal(mirror(f, log, "--agreement", path_of(f, "secret"), "--opened", path_of(f, "kept")), 1);
	assert_true(says(f->out, "alarm withheld: Entry 0 is not given (status 401)"));
}

/* tlog.md 12: what was promised is in what is published, or the log convicts itself. */
static void a_promise_is_kept_or_is_evidence(void **state)
{
	struct fixture *f = *state;
	const char *kept = path_of(f, "kept.promise"), *other = path_of(f, "other.promise");
	copy_folder(f->arena, drill(f), path_of(f, "second"));
	must_run(f, "report", drill(f), "--text", "He is alone at night.", "--promise", kept);
	must_run(f, "report", path_of(f, "second"), "--text", "Something else.", "--promise", other);
	struct log log = serve_log(f);
	const char *promises = value_of(f, "promises");
	must_run(f, "log", "audit", kept, "--log", log.url, "--promise-key", promises, "--vkey", log.key);
	assert_string_equal(line_of(f, 0), "kept");
	assert_int_equal(run(f, "log", "audit", other, "--log", log.url, "--promise-key", promises, "--vkey", log.key), 1);
	assert_string_equal(line_of(f, 0), "broken");
	assert_true(says(f->words, "the log has something else in its place"));
	assert_int_equal(run(f, "log", "audit", kept, "--log", log.url, "--promise-key", log.key, "--vkey", log.key), 3);
	assert_int_equal(run(f, "log", "audit", kept, "--log", log.url, "--vkey", log.key), 2);
}

/* The folder is the one that whoever asks means, and the tree one that our own readers take. */
static void what_is_exported_lies_where_it_was_asked_for(void **state)
{
	struct fixture *f = *state;
	struct log log = serve_log(f);
	char here[4096];
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(f->dir), 0);
	int left = run(f, "log", "export", drill(f), "tree");
	assert_int_equal(chdir(here), 0);
	must_be_done(f, left);
	assert_true(file_is_folder(path_of(f, "tree")));
	must_be_done(f, mirror(f, log, "--still", "7200"));
	const char *folder = str_to_c(f->arena, json_text(status(f, &log), STR("folder")));
	const char *tree = file_join(f->arena, path_of(f, "tree"), folder), *copy = file_join(f->arena, log.copy, folder);
	assert_true(str_eq(text_of(f, file_join(f->arena, tree, "checkpoint")), text_of(f, file_join(f->arena, copy, "checkpoint"))));
	assert_true(file_is_folder(file_join(f->arena, tree, "tile/entries")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_mirror_tells_on_a_page_what_it_saw),
		PROVES(it_is_not_kept_where_secrets_lie),
		PROVES(a_log_that_stands_still_is_an_alarm),
		PROVES(a_register_that_is_not_reached_is_told_as_such),
		PROVES(under_an_agreement_headers_are_kept_apart),
		PROVES(what_is_given_under_an_agreement_is_not_for_the_web),
		PROVES(a_promise_is_kept_or_is_evidence),
		PROVES(what_is_exported_lies_where_it_was_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

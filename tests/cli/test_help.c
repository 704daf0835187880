/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages in man/ say of each command what --help says: its synopsis and its options. */
#include "cli/cli_fixture.h"

#define MAN "man"

/* "candour report DIR [--text TEXT]", as the page's SYNOPSIS says it; one a command. */
struct synopsis {
	const char *page;
	struct str line;
};

#define SYNOPSES_MAX 200

struct pages {
	struct synopsis at[SYNOPSES_MAX];
	size_t count;
};

/* Words of one line of mdoc behind its macro, as they are shown. */
static struct str shown(struct fixture *f, struct str line)
{
	struct str macro, first, word;
	str_cut(&line, ' ', &macro);
	if (!str_eq(macro, STR(".Op")))
		return str_eq(macro, STR(".Nm")) || str_eq(macro, STR(".Cm")) || str_eq(macro, STR(".Ar")) ?
		               line :
		               STR_NONE;
	struct str text = STR("[");
	bool is_first = true;
	while (str_cut(&line, ' ', &word)) {
		if (str_eq(word, STR("Fl")) || str_eq(word, STR("Ar"))) {
			first = word;
			continue;
		}
		text = arena_format(f->arena, "%.*s%s%s%.*s", STR_ARG(text), is_first ? "" : " ",
		                    str_eq(first, STR("Fl")) ? "-" : "", STR_ARG(word));
		is_first = false;
	}
	return arena_format(f->arena, "%.*s]", STR_ARG(text));
}

static void read_page(struct fixture *f, struct pages *pages, const char *page)
{
	struct str rest = text_of(f, arena_format(f->arena, MAN "/%s", page).p), line;
	bool is_inside = false;
	while (str_cut(&rest, '\n', &line)) {
		if (str_starts(line, STR(".Sh ")))
			is_inside = str_eq(line, STR(".Sh SYNOPSIS"));
		if (!is_inside)
			continue;
		struct str text = shown(f, line);
		if (str_starts(line, STR(".Nm "))) {
			assert_true(pages->count < SYNOPSES_MAX);
			pages->at[pages->count++] = (struct synopsis){ page, text };
		} else if (text.p && pages->count) {
			struct synopsis *last = &pages->at[pages->count - 1];
			last->line = arena_format(f->arena, "%.*s %.*s", STR_ARG(last->line), STR_ARG(text));
		}
	}
}

static struct pages read_pages(struct fixture *f)
{
	struct pages pages = { 0 };
	const struct str *names;
	struct err err;
	size_t count;
	assert_true(file_list(f->arena, MAN, &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		if (str_ends(names[i], STR(".1")) && !str_eq(names[i], STR("candour.1")))
			read_page(f, &pages, str_to_c(f->arena, names[i]));
	}
	return pages;
}

/* The commands that candour --help lists: "pack check". */
static size_t list_commands(struct fixture *f, struct str out[SYNOPSES_MAX])
{
	size_t count = 0;
	struct str rest, line;
	must_run(f, "--help");
	rest = f->out;
	while (str_cut(&rest, '\n', &line)) {
		if (!str_starts(line, STR("  ")) || count == SYNOPSES_MAX)
			continue;
		line = str_sub(line, 2, line.n);
		out[count++] = str_sub(line, 0, str_find_str(line, STR("  ")));
	}
	return count;
}

static struct str usage_of(struct fixture *f, struct str command)
{
	const char *args[6] = { NULL };
	struct str rest = command, word;
	size_t count = 0;
	while (rest.n && count < 4 && str_cut(&rest, ' ', &word))
		args[count++] = str_to_c(f->arena, word);
	args[count] = "--help";
	must_be_done(f, run_list(f, NULL, args));
	struct str line = str_from_c(line_of(f, 0));
	assert_true(str_starts(line, STR("Usage: ")));
	return str_sub(line, 7, line.n);
}

static const struct synopsis *find_synopsis(const struct pages *pages, struct str usage)
{
	for (size_t i = 0; i < pages->count; i++) {
		if (str_eq(pages->at[i].line, usage))
			return &pages->at[i];
	}
	return NULL;
}

static void every_command_has_its_synopsis_in_a_page(void **state)
{
	struct fixture *f = *state;
	struct str commands[SYNOPSES_MAX];
	struct pages pages = read_pages(f);
	size_t count = list_commands(f, commands), lacking = 0;
	assert_true(count > 30);
	for (size_t i = 0; i < count; i++) {
		struct str usage = usage_of(f, commands[i]);
		if (find_synopsis(&pages, usage))
			continue;
		print_error("no page in " MAN "/ has: %.*s\n", STR_ARG(usage));
		lacking++;
	}
	assert_int_equal(lacking, 0);
}

static void every_synopsis_in_a_page_is_a_commands(void **state)
{
	struct fixture *f = *state;
	struct str commands[SYNOPSES_MAX], usages[SYNOPSES_MAX];
	struct pages pages = read_pages(f);
	size_t count = list_commands(f, commands);
	for (size_t i = 0; i < count; i++)
		usages[i] = usage_of(f, commands[i]);
	for (size_t i = 0; i < pages.count; i++) {
		bool is_there = false;
		for (size_t j = 0; j < count; j++)
			is_there = is_there || str_eq(usages[j], pages.at[i].line);
		if (!is_there)
			fail_msg("%s says: %.*s", pages.at[i].page, STR_ARG(pages.at[i].line));
	}
}

static void every_option_is_described_in_its_page(void **state)
{
	struct fixture *f = *state;
	struct str commands[SYNOPSES_MAX];
	struct pages pages = read_pages(f);
	size_t count = list_commands(f, commands);
	for (size_t i = 0; i < count; i++) {
		struct str usage = usage_of(f, commands[i]), rest = f->out, line;
		const struct synopsis *synopsis = find_synopsis(&pages, usage);
		assert_non_null(synopsis);
		struct str page = text_of(f, arena_format(f->arena, MAN "/%s", synopsis->page).p);
		while (str_cut(&rest, '\n', &line)) {
			if (!str_starts(line, STR("  --")) || str_starts(line, STR("  --help")))
				continue;
			struct str name = str_sub(line, 4, str_find(str_sub(line, 4, line.n), ' '));
			if (!says(page, arena_format(f->arena, ".It Fl -%.*s", STR_ARG(name)).p))
				fail_msg("%s does not describe --%.*s", synopsis->page, STR_ARG(name));
		}
	}
}

/* A page that is one line ".so man1/PAGE" leads to PAGE. */
static const char *page_behind(struct fixture *f, const char *page)
{
	struct str text = text_of(f, arena_format(f->arena, MAN "/%s", page).p);
	if (!str_starts(text, STR(".so man1/")))
		return page;
	return str_to_c(f->arena, str_trim(str_sub(text, 9, text.n)));
}

static void every_command_has_a_page_of_its_name(void **state)
{
	struct fixture *f = *state;
	struct str commands[SYNOPSES_MAX];
	struct pages pages = read_pages(f);
	size_t count = list_commands(f, commands);
	for (size_t i = 0; i < count; i++) {
		struct str word = str_sub(commands[i], 0, str_find(commands[i], ' '));
		const char *page = arena_format(f->arena, "candour-%.*s.1", STR_ARG(word)).p;
		const struct synopsis *synopsis = find_synopsis(&pages, usage_of(f, commands[i]));
		if (!file_exists(arena_format(f->arena, MAN "/%s", page).p))
			fail_msg("there is no " MAN "/%s", page);
		assert_non_null(synopsis);
		assert_string_equal(page_behind(f, page), synopsis->page);
	}
}

static void every_page_is_that_of_a_command(void **state)
{
	struct fixture *f = *state;
	struct str commands[SYNOPSES_MAX];
	size_t count = list_commands(f, commands), names_count;
	const struct str *names;
	struct err err;
	assert_true(file_list(f->arena, MAN, &names, &names_count, &err));
	for (size_t i = 0; i < names_count; i++) {
		bool is_there = str_eq(names[i], STR("candour.1"));
		for (size_t j = 0; j < count; j++) {
			struct str word = str_sub(commands[j], 0, str_find(commands[j], ' '));
			is_there = is_there ||
			           str_eq(names[i], arena_format(f->arena, "candour-%.*s.1", STR_ARG(word)));
		}
		if (!is_there)
			fail_msg(MAN "/%.*s is the page of no command", STR_ARG(names[i]));
	}
}

static void a_family_lists_its_commands(void **state)
{
	struct fixture *f = *state;
	must_run(f, "office", "--help");
	assert_true(says(f->out, "office hand-over"));
	assert_false(says(f->out, "account add"));
	must_run(f, "help", "report");
	assert_true(says(f->out, "Usage: candour report"));
}

static void help_is_asked_for_with_no_register_at_hand(void **state)
{
	struct fixture *f = *state;
	must_run(f, "duties", "/not/there", "--help");
	must_run(f, "report", "--help", "--nonsense");
}

static void the_pages_are_clean_mdoc(void **state)
{
	struct fixture *f = *state;
	const struct str *names;
	struct err err;
	size_t count;
	if (!file_exists("/usr/bin/mandoc"))
		skip();
	(void)snprintf(f->program, sizeof f->program, "/usr/bin/mandoc");
	assert_true(file_list(f->arena, MAN, &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		const char *name = str_to_c(f->arena, names[i]);
		const char *page = arena_format(f->arena, MAN "/%s", name).p;
		if (strcmp(page_behind(f, name), name) != 0)
			continue;
		if (run(f, "-T", "lint", "-W", "warning", page) != 0)
			fail_msg("%.*s", STR_ARG(f->out));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(every_command_has_its_synopsis_in_a_page),
		PROVES(every_synopsis_in_a_page_is_a_commands),
		PROVES(every_option_is_described_in_its_page),
		PROVES(every_command_has_a_page_of_its_name),
		PROVES(every_page_is_that_of_a_command),
		PROVES(a_family_lists_its_commands),
		PROVES(help_is_asked_for_with_no_register_at_hand),
		PROVES(the_pages_are_clean_mdoc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

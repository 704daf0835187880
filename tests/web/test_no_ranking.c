/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * No list of children counts signs, scores or ranks (L10): what is written of
 * one child beside another changes neither the row of it nor its place.
 */
#include "web/staff.h"

#include "casebook/changed_pack.h"

static void found_by_england(struct fixture *f)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *pack = NULL;
	MUST(f, pack_find(f->arena, folders, 1, STR("england"), &pack, &f->err));
	found_by(f, pack);
}

static struct casebook_answer child_of(struct fixture *f, const struct person *worker)
{
	return admitted(f, &worker->actor, "person.opened", STR_NONE,
	                fields_of(f, "{'birth-known':'month','born':'2013-05','names':['A child']}"));
}

static void suspected(struct fixture *f, const struct person *worker, struct str child, const char *signs)
{
	admitted(f, &worker->actor, "exploitation.suspected", child,
	         fields_of(f, arena_format(f->arena, "{'form':['sexual'],'indicators':[%s],'seen':'Told by the school.'}", signs)
	                              .p));
}

/* The rows that name the file, with its number and its duties' numbers taken out. */
static struct str rows_of(struct site *site, const char *number)
{
	struct arena *arena = site->f->arena;
	struct str body = site->body, wanted = str_from_c(number), all = STR("");
	struct str mark = STR("<li class=\"cd-duty"), end = STR("</li>");
	for (size_t at; (at = str_find_str(body, mark)) < body.n;) {
		body = str_sub(body, at, body.n);
		struct str row = str_sub(body, 0, str_find_str(body, end)), bare = STR("");
		body = str_sub(body, row.n, body.n);
		if (str_find_str(row, wanted) == row.n)
			continue;
		for (size_t i = 0; (i = str_find_str(row, wanted)) < row.n;) {
			bare = arena_format(arena, "%.*s%.*s#", STR_ARG(bare), STR_ARG(str_sub(row, 0, i)));
			row = str_sub(row, i + wanted.n, row.n);
		}
		bare = arena_format(arena, "%.*s%.*s", STR_ARG(bare), STR_ARG(row));
		size_t duty = str_find_str(bare, STR("duty=D"));
		struct str rest = str_sub(bare, duty, bare.n);
		all = arena_format(arena, "%.*s%.*s%.*s\n", STR_ARG(all), STR_ARG(str_sub(bare, 0, duty)),
		                   STR_ARG(str_sub(rest, str_find(rest, '"'), rest.n)));
	}
	return all;
}

struct two {
	struct site site;
	struct person worker;
	struct casebook_answer few; /* P-1: one sign */
	struct casebook_answer many; /* P-2: nine */
};

static struct two two_children(struct fixture *f)
{
	struct two two = { .worker = person(f, "sunita", "social-worker") };
	two.few = child_of(f, &two.worker);
	two.many = child_of(f, &two.worker);
	suspected(f, &two.worker, two.few.file, "'cars'");
	suspected(f, &two.worker, two.many.file,
	          "'missing-repeat','injuries','threats','sti-under-16','cars','self-harm','drugs-debt',"
	          "'hotels-flats','named-adult'");
	two.site = serve(f, NULL);
	sign_in(&two.site, "sunita", &two.worker);
	return two;
}

static void a_row_says_the_same_of_one_sign_and_of_nine(void **state)
{
	static const char *const LISTS[] = { "/work", "/work?show=initials" };
	struct fixture *f = *state;
	found_by_england(f);
	struct two two = two_children(f);
	for (size_t i = 0; i < COUNT_OF(LISTS); i++) {
		get(&two.site, LISTS[i]);
		struct str few = rows_of(&two.site, "P-1"), many = rows_of(&two.site, "P-2");
		assert_true(few.n > 0);
		assert_true(str_eq(few, many));
	}
	later(f, 30 * INSTANT_PER_DAY);
	sign_in(&two.site, "sunita", &two.worker);
	get(&two.site, "/late");
	must_see(&two.site, "P-2");
	must_not_see(&two.site, " signs");
	must_not_see(&two.site, "injuries");
	get(&two.site, path_on(&two.site, &two.few, "exploitation.suspected"));
	must_see(&two.site, ">P-2, child, known</label>");
	shut(&two.site);
}

/* By due time alone: who has more signs and a later time stands behind. */
static void rows_stand_by_due_time_alone(void **state)
{
	struct fixture *f = *state;
	found_by_england(f);
	struct two two = two_children(f);
	get(&two.site, "/work");
	size_t first = str_find_str(two.site.body, STR(">P-1</a>")), second = str_find_str(two.site.body, STR(">P-2</a>"));
	assert_true(first < second && second < two.site.body.n);
	shut(&two.site);
}

/* A name that measures people would stand in a model before it stood on a page. */
static void no_model_of_a_list_has_a_measure_of_children(void **state)
{
	static const char *const LISTS[] = { "/work", "/late", "/late?by=office", "/work/begin", "/restricted", "/offices",
		                             "/figures", "/words", "/readings" };
	static const char *const NAMES[] = { "\"score", "\"risk", "\"rank", "\"rating", "\"weight\"", "\"points",
		                             "\"signs", "\"indicators", "\"severity", "\"level" };
	struct fixture *f = *state;
	found_by_england(f);
	struct two two = two_children(f);
	for (size_t i = 0; i < COUNT_OF(LISTS); i++) {
		get_json(&two.site, LISTS[i]);
		assert_int_equal(two.site.status, 200);
		for (size_t n = 0; n < COUNT_OF(NAMES); n++)
			must_not_see(&two.site, NAMES[n]);
	}
	shut(&two.site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_row_says_the_same_of_one_sign_and_of_nine),
		PROVES(rows_stand_by_due_time_alone),
		PROVES(no_model_of_a_list_has_a_measure_of_children),
	};
	return PROVE(tests);
}

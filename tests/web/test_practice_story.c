/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One chronology over a child's file and those linked to it: filtered, drawn, on paper. */
#include "web/staff.h"

#include "casebook/child_story.h"

static struct site told(struct fixture *f, struct child_story *story, size_t acts)
{
	child_story_make(f, story, acts);
	return serve(f, NULL);
}

static void a_childs_page_tells_all_linked_files_newest_last(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 16);
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	assert_int_equal(site.status, 200);
	must_see(&site, "of this file and 12 linked");
	must_see(&site, ">Concern <span class=\"cd-number\">C-1</span></a>");
	must_see(&site, ">Missing episode <span class=\"cd-number\">E-1</span></a>");
	struct str lines = between(&site, "<ol class=\"cd-chron\">", "</ol>");
	size_t newest = str_find_str(lines, STR("Anything else worth keeping"));
	size_t oldest = str_find_str(lines, STR("A child&#39;s file"));
	assert_true(oldest < newest && newest < lines.n);
	get(&site, arena_format(f->arena, "%s?order=newest", path_on(&site, &story.child, "chronology")).p);
	lines = between(&site, "<ol class=\"cd-chron\">", "</ol>");
	newest = str_find_str(lines, STR("Anything else worth keeping"));
	oldest = str_find_str(lines, STR("A child&#39;s file"));
	assert_true(newest < oldest && oldest < lines.n);
	shut(&site);
}

static void what_is_owed_over_all_files_stands_on_top_with_whose_it_is(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 3);
	sign_in(&site, "sunita", &story.social);
	later(f, 3 * INSTANT_PER_DAY);
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	struct str owed = between(&site, "what fell due first on top</caption>", "</table>");
	size_t late = str_find_str(owed, STR("govuk-table__row is-late"));
	size_t in_time = str_find_str(owed, STR("cd-tag--owed"));
	assert_true(late < in_time && in_time < owed.n);
	assert_true(str_find_str(owed, STR(">C-1</a></td><td class=\"govuk-table__cell\" data-label=\"Owed by\">"
	                                   "MASH screener</td>")) < owed.n);
	shut(&site);
}

static size_t rows_of(struct str table)
{
	size_t count = 0;
	for (size_t at = 0; (at = str_find_str(table, STR("<th scope=\"row\""))) < table.n; count++)
		table = str_sub(table, at + 1, table.n);
	return count;
}

/* Twenty of one rule are one line, and stand one by one behind it: none buries another. */
static void what_is_owed_several_times_is_one_row_with_how_many_and_the_first(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 24);
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	struct str each = between(&site, "Each of the 27 by itself", "</details>");
	struct str owed = between(&site, "What is owed, what fell due first on top</caption>", "</table>");
	assert_int_equal(rows_of(owed), 26);
	assert_int_equal(rows_of(each), 27);
	must_see(&site, "<span class=\"cd-times\">2 times</span>");
	assert_true(str_find_str(owed, STR(", the first</td>")) < owed.n);
	assert_int_equal(str_find_str(each, STR(", the first<")), each.n);
	shut(&site);
}

static void it_is_filtered_by_agency_kind_period_and_the_childs_own_words(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 24);
	const char *path;
	sign_in(&site, "sunita", &story.social);
	path = path_on(&site, &story.child, "chronology");
	get(&site, arena_format(f->arena, "%s?agency=police", path).p);
	must_see(&site, "<option value=\"police\" selected>Police (");
	must_see(&site, "Take away: </span>Police");
	must_not_see(&site, "The child&#39;s words</h3>");
	must_see(&site, "A child is missing</h3>");
	get(&site, arena_format(f->arena, "%s?kind=child.said", path).p);
	must_see(&site, "3 of ");
	must_see(&site, "The child&#39;s words</h3>");
	must_not_see(&site, "A child is missing</h3>");
	get(&site, arena_format(f->arena, "%s?kind=episode", path).p);
	must_see(&site, "5 of ");
	get(&site, arena_format(f->arena, "%s?words=yes&kind=child", path).p);
	must_see(&site, "6 of ");
	must_see(&site, "In the person's own words");
	must_see(&site, "I want to stay with gran.");
	/* Each filter goes by itself. */
	must_see(&site, "chronology?words=yes#chronology\"><span class=\"govuk-visually-hidden\">Take away: </span>Child ");
	get(&site, arena_format(f->arena, "%s?from=2026-11-27&to=2026-11-27", path).p);
	must_see(&site, "From 27 Nov 2026");
	must_not_see(&site, "<b>26 Nov 2026</b>");
	get(&site, arena_format(f->arena, "%s?agency=navy", path).p);
	must_see(&site, "No entry is like that.");
	shut(&site);
}

/* Said on top and at its field, with what was typed: nobody takes all of it for a part of it. */
static void a_day_that_is_none_is_said_and_what_was_typed_stays(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 24);
	sign_in(&site, "sunita", &story.social);
	const char *path = path_on(&site, &story.child, "chronology");
	get(&site, arena_format(f->arena, "%s?from=31+2+2026&to=2026-11-27&agency=police", path).p);
	assert_int_equal(site.status, 200);
	assert_true(str_starts(title(&site), STR("Error: ")));
	must_see(&site, "<li><a href=\"#from\">The first day must be a real date, like 27 3 2026</a></li>");
	must_see(&site, "id=\"from\" name=\"from\" type=\"text\" value=\"31 2 2026\" aria-describedby=\"from-error\"");
	must_see(&site, "id=\"to\" name=\"to\" type=\"date\" value=\"2026-11-27\">");
	/* What is right holds. */
	must_see(&site, "Up to 27 Nov 2026");
	must_see(&site, "Take away: </span>Police");
	get(&site, arena_format(f->arena, "%s?to=x&print=yes", path).p);
	must_see(&site, "<li><a href=\"#to\">The last day must be a real date, like 27 3 2026</a></li>");
	must_see(&site, "name=\"to\" type=\"text\" value=\"x\"");
	get(&site, arena_format(f->arena, "%s?from=2026-11-28&to=2026-11-27", path).p);
	must_see(&site, "<li><a href=\"#to\">The last day must not be before the first</a></li>");
	must_not_see(&site, "Take away: ");
	/* On the page of the file, where the same form stands, it is said too. */
	get(&site, arena_format(f->arena, "%s?from=x", path_on(&site, &story.child, "")).p);
	must_see(&site, "<li><a href=\"#from\">The first day must be a real date");
	shut(&site);
}

static void a_day_is_read_as_people_write_it(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 3);
	sign_in(&site, "sunita", &story.social);
	const char *path = path_on(&site, &story.child, "chronology");
	static const char *const DAYS[] = { "27+11+2026", "27/11/2026", "27.11.2026", "27-11-2026", "2026-11-27" };
	for (size_t i = 0; i < COUNT_OF(DAYS); i++) {
		get(&site, arena_format(f->arena, "%s?from=%s", path, DAYS[i]).p);
		must_not_see(&site, "There is a problem");
		must_see(&site, "From 27 Nov 2026");
		must_see(&site, "type=\"date\" value=\"2026-11-27\"");
	}
	get(&site, arena_format(f->arena, "%s?to=07+12+2026", path).p);
	must_see(&site, "Up to 7 Dec 2026");
	static const char *const NONE[] = { "27+11", "27+11+26", "27+11+2026+1", "+27+11+x", "11+27+2026", "0+1+2026" };
	for (size_t i = 0; i < COUNT_OF(NONE); i++) {
		get(&site, arena_format(f->arena, "%s?from=%s", path, NONE[i]).p);
		must_see(&site, "There is a problem");
	}
	shut(&site);
}

/* Pages 2.5: a story is read forward; what is asked for first is how it stands now. */
static void fifty_lines_are_a_page_the_newest_is_shown_and_the_rest_is_before_it(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 60);
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	struct str newest = between(&site, "href=\"#entry-", "\">The newest entry");
	struct str first = between(&site, "id=\"entry-", "\"");
	struct str lines = between(&site, "<ol class=\"cd-chron\">", "</ol>");
	struct str last = arena_format(f->arena, "id=\"entry-%.*s\"", STR_ARG(newest));
	size_t at = str_find_str(lines, last);
	assert_true(at < lines.n);
	assert_true(str_find_str(str_sub(lines, at + last.n, lines.n), STR("id=\"entry-")) == lines.n - at - last.n);
	must_not_see(&site, "A child&#39;s file</h3>");
	struct str previous = between(&site, "govuk-pagination__link\" href=\"", "#chronology");
	get(&site, str_to_c(f->arena, previous));
	assert_int_equal(site.status, 200);
	must_not_see(&site, arena_format(f->arena, "id=\"entry-%.*s\"", STR_ARG(first)).p);
	/* From the page before, the newest is a page away. */
	must_see(&site, arena_format(f->arena, "/chronology#entry-%.*s\">To the newest entry", STR_ARG(newest)).p);
	/* To the very first, each once. */
	for (int i = 0; i < 10 && has(&site, "rel=\"prev\""); i++)
		get(&site, str_to_c(f->arena, between(&site, "govuk-pagination__link\" href=\"", "#chronology")));
	must_see(&site, "A child&#39;s file</h3>");
	get(&site, arena_format(f->arena, "%s?order=oldest", path_on(&site, &story.child, "chronology")).p);
	must_see(&site, "A child&#39;s file</h3>");
	must_not_see(&site, "rel=\"prev\"");
	must_see(&site, "rel=\"next\"");
	shut(&site);
}

static void files_of_others_are_counted_by_agency_and_never_hidden(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	child_story_people(f, &story);
	struct person other = person(f, "cora", "missing-coordinator");
	child_story_files(f, &story);
	child_story_goes_on(f, &story, 8);
	struct site site = serve(f, NULL);
	sign_in(&site, "cora", &other);
	/* An office that reads episodes alone sees that there is more about the child. */
	get(&site, path_on(&site, &story.episodes[0], "chronology"));
	must_see(&site, "Linked here too, words not open to your office: ");
	must_see(&site, " by Council. ");
	must_not_see(&site, "I want to stay with gran.");
	shut(&site);
}

static void a_refusal_and_what_was_corrected_say_so_in_words(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 1);
	struct str child = story.child.file;
	struct casebook_answer seen = admitted(
		f, &story.social.actor, "child.not-seen", child, fields_of(f, "{'reason':'not-in'}"));
	admitted(f, &story.social.actor, "entry.corrected", child,
	         fields_of(f, arena_format(f->arena,
	                                   "{'of':%" PRId64 ",'field':'reason','why':'mistyped',"
	                                   "'value':'refused-parent'}",
	                                   seen.index)
	                              .p));
	admitted(f, &story.social.actor, "assessment.opened", child,
	         fields_of(f, arena_format(f->arena,
	                                   "{'concern':'%.*s','referral-received':'2026-11-26T09:00:00Z'}",
	                                   STR_ARG(story.concerns[0].file))
	                              .p));
	(void)act(f, &story.social.actor, "child.seen", child,
	          fields_of(f, "{'contact':'not-seen','alone':'no'}"));
	(void)act(f, &story.social.actor, "plan.ended", child, fields_of(f, "{}"));
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	must_see(&site, "<strong>Corrected</strong>");
	must_see(&site, ": Reason is Refused parent. <a class=\"govuk-link\" href=\"/entries/");
	must_see(&site, "What was tried:</dt><dd>Plan ended. ");
	must_see(&site, "Why:</dt><dd>That office may not do this. ");
	must_see(&site, "What was missing:</dt><dd>If the child was not seen, record the attempt. ");
	shut(&site);
}

static void a_pattern_is_told_in_words_with_what_it_rests_on(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 1);
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	must_see(&site, "What adds up:</dt><dd>Scattered concerns about one child (K01). ");
	must_see(&site, "What it rests on:</dt><dd><a class=\"govuk-link\" href=\"/entries/");
	shut(&site);
}

static void of_many_that_are_cited_the_first_stand_and_the_rest_is_a_link(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 1);
	struct str cited = STR("");
	struct casebook_answer note = { 0 };
	for (int i = 0; i < 8; i++) {
		note = admitted(f, &story.screener.actor, "note.made", story.concerns[0].file,
		                fields_of(f, "{'text':'Spoke to the school.'}"));
		cited = arena_format(f->arena, "%.*s%s%" PRId64, STR_ARG(cited), i ? "," : "", note.index);
	}
	struct casebook_answer decided =
		admitted(f, &story.screener.actor, "concern.decided", story.concerns[0].file,
	                 fields_of(f, arena_format(f->arena,
	                                           "{'decision':'assess','threshold':'3','evidence':[%.*s],"
	                                           "'reasons':'She is hurt.'}",
	                                           STR_ARG(cited))
	                                      .p));
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	assert_int_equal(site.status, 200);
	must_see(&site, arena_format(f->arena, "href=\"/entries/%" PRId64 "\">3 more</a>", decided.index).p);
	must_see(&site, arena_format(f->arena, "(entry %" PRId64 ")</a>", note.index - 3).p);
	get(&site, arena_format(f->arena, "/entries/%" PRId64, decided.index).p);
	must_see(&site, arena_format(f->arena, "(entry %" PRId64 ")</a>", note.index).p);
	shut(&site);
}

static void the_picture_has_a_lane_for_each_agency_and_its_table(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 24);
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	must_see(&site, "role=\"img\" aria-labelledby=\"time-wide time-wide-more\"");
	must_see(&site, "<title id=\"time-tall\">3 agencies, 26 Nov 2026 to ");
	must_see(&site, "class=\"tl-owed\"");
	must_see(&site, "class=\"mk mk--words\"");
	must_see(&site, "<caption class=\"govuk-table__caption govuk-visually-hidden\">Who wrote how much");
	must_not_see(&site, "style=");
	shut(&site);
}

static struct str row_of(struct str table, const char *agency)
{
	size_t at = str_find_str(table, str_from_c(agency));
	struct str rest = str_sub(table, at, table.n);
	return str_sub(rest, 0, str_find_str(rest, STR("</tr>")));
}

static void must_say(struct str text, const char *words)
{
	if (str_find_str(text, str_from_c(words)) == text.n)
		fail_msg("\"%s\" is not in:\n%.*s", words, STR_ARG(text));
}

static void who_knows_the_child_is_a_row_an_agency_the_first_contact_on_top(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 24);
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	must_see(&site, "<h2 class=\"govuk-heading-m\" id=\"known\">Who knows the child</h2>");
	must_see(&site, "<title id=\"known-wide\">Who knows the child: 3 agencies, 26 Nov 2026 to ");
	struct str known = between(&site, "Each agency, the first contact on top</caption>", "</table>");
	assert_int_equal(rows_of(known), 3);
	size_t council = str_find_str(known, STR(">Council</th>"));
	size_t health = str_find_str(known, STR(">Health</th>"));
	size_t police = str_find_str(known, STR(">Police</th>"));
	assert_true(council < health && health < police && police < known.n);
	struct str row = row_of(known, ">Council</th>");
	must_see(&site, "Known to <a class=\"govuk-link\" href=\"#known\">3 agencies since 26 Nov 2026</a>.");
	must_say(row, "data-label=\"First contact\"><time datetime=\"2026-11-26T");
	must_say(row, "Social worker:</span> ");
	must_say(row, "MASH screener:</span> ");
	must_say(row_of(known, ">Police</th>"), "Entries\">8</td>");
	must_say(row_of(known, ">Police</th>"), "A child is missing (5). ");
	must_see(&site, "there may be more.");
	/* Whatever the chronology is filtered by: who knows the child stays the same. */
	get(&site, arena_format(f->arena, "%s?agency=police&people=yes", path_on(&site, &story.child, "")).p);
	assert_true(str_eq(known, between(&site, "Each agency, the first contact on top</caption>", "</table>")));
	shut(&site);
}

static void who_knows_the_child_is_told_to_a_program_too(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 8);
	sign_in(&site, "sunita", &story.social);
	get_json(&site, path_on(&site, &story.child, ""));
	struct str known = between(&site, "\"known\":{", "\"offers\"");
	must_say(known, "\"agency\":\"Council\",\"has_contact\":true,\"first\":{\"iso\":\"2026-11-26T");
	/* The chronology alone has no such map. */
	get_json(&site, path_on(&site, &story.child, "chronology"));
	must_not_see(&site, "\"known\":{");
	shut(&site);
}

static void all_of_it_is_printed_and_the_reading_recorded(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 60);
	site.canary = "Ava Kaya";
	sign_in(&site, "sunita", &story.social);
	get(&site, arena_format(f->arena, "%s?print=yes", path_on(&site, &story.child, "chronology")).p);
	assert_int_equal(site.status, 200);
	must_see(&site, "Child <span class=\"cd-number\">CH-1</span>: chronology: Ava Kaya</h1>");
	must_see(&site, "by sunita, Social worker. The reading was recorded.");
	must_see(&site, "26 Nov 2026 to ");
	must_not_see(&site, "rel=\"next\"");
	must_not_see(&site, "more are left out");
	get(&site, path_on(&site, &story.child, "readings"));
	must_see(&site, "To print the chronology");
	shut(&site);
}

static void words_open_for_the_lines_that_are_shown_alone(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	child_story_people(f, &story);
	struct person other = person(f, "cora", "missing-coordinator");
	child_story_files(f, &story);
	child_story_goes_on(f, &story, 8);
	struct site site = serve(f, NULL);
	(void)other;
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, "chronology"));
	must_see(&site, "I want to stay with gran.");
	must_not_see(&site, "She has a bruise on her arm.");
	get(&site, path_on(&site, &story.concerns[0], "readings"));
	must_see(&site, "Nobody has opened");
	get(&site, arena_format(f->arena, "%s?open=all", path_on(&site, &story.child, "chronology")).p);
	must_see(&site, "She has a bruise on her arm.");
	get(&site, path_on(&site, &story.concerns[0], "readings"));
	must_not_see(&site, "Nobody has opened");
	shut(&site);
}

static void other_people_are_left_out_until_they_are_asked_for(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 3);
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	must_not_see(&site, "Files of other people");
	get_json(&site, path_on(&site, &story.child, "chronology"));
	must_see(&site, "\"people_left\":0");
	shut(&site);
}

/* What is linked beyond what one page gathers is not left out in silence. */
static void where_more_is_linked_than_is_gathered_the_page_says_so(void **state)
{
	struct fixture *f = *state;
	struct child_story story;
	struct site site = told(f, &story, 1);
	for (size_t i = 0; i < 187; i++)
		(void)concern_about(f, &story.screener, story.child.file, "She has a bruise on her arm.");
	sign_in(&site, "sunita", &story.social);
	get(&site, path_on(&site, &story.child, ""));
	must_see(&site, ", of this file and 199 linked");
	must_not_see(&site, "There is more than can be shown at once");
	(void)concern_about(f, &story.screener, story.child.file, "She has a bruise on her arm.");
	get(&site, path_on(&site, &story.child, ""));
	must_see(&site, ", of this file and 199 linked");
	must_see(&site, "There is more than can be shown at once");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_childs_page_tells_all_linked_files_newest_last),
		PROVES(what_is_owed_over_all_files_stands_on_top_with_whose_it_is),
		PROVES(what_is_owed_several_times_is_one_row_with_how_many_and_the_first),
		PROVES(it_is_filtered_by_agency_kind_period_and_the_childs_own_words),
		PROVES(a_day_that_is_none_is_said_and_what_was_typed_stays),
		PROVES(a_day_is_read_as_people_write_it),
		PROVES(fifty_lines_are_a_page_the_newest_is_shown_and_the_rest_is_before_it),
		PROVES(files_of_others_are_counted_by_agency_and_never_hidden),
		PROVES(a_refusal_and_what_was_corrected_say_so_in_words),
		PROVES(a_pattern_is_told_in_words_with_what_it_rests_on),
		PROVES(of_many_that_are_cited_the_first_stand_and_the_rest_is_a_link),
		PROVES(the_picture_has_a_lane_for_each_agency_and_its_table),
		PROVES(who_knows_the_child_is_a_row_an_agency_the_first_contact_on_top),
		PROVES(who_knows_the_child_is_told_to_a_program_too),
		PROVES(all_of_it_is_printed_and_the_reading_recorded),
		PROVES(words_open_for_the_lines_that_are_shown_alone),
		PROVES(other_people_are_left_out_until_they_are_asked_for),
		PROVES(where_more_is_linked_than_is_gathered_the_page_says_so),
	};
	return PROVE(tests);
}

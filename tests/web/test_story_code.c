/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Point 9 of docs/asked.md, told as a reporter lives it: elsewhere only half
 * come back with their code, because they clicked away before it was saved.
 */
#include "web/story.h"

/* From the first question to the page that shows the code. */
static void report_by_phone_screen(struct visitor *visitor)
{
	visitor_open(visitor, "/");
	visitor_open(visitor, "/report/danger");
	visitor_send(visitor, "/report/danger", "danger-now=no&about=child");
	visitor_send(visitor, "/report/child", "child=the+boy+from+number+12");
	visitor_send(visitor, "/report/happening", "happening=He+is+alone+at+night.&harm=neglect");
	visitor_open(visitor, "/report/check");
	assert_true(visitor_sees(visitor, "You have not sent it yet."));
	visitor_send(visitor, "/report/check", "");
	assert_true(visitor_is_at(visitor, "/report/done"));
}

/* "lantern+otter+maple+river+4071", as it stands on the page. */
static const char *code_on(const struct visitor *visitor)
{
	struct str list = visitor_text(visitor, "<ol class=\"cd-code\"", "</ol>"), item;
	struct buf code;
	buf_init(&code, 256);
	for (;;) {
		size_t at = str_find_str(list, STR("<li>"));
		if (at == list.n)
			break;
		list = str_sub(list, at + 4, list.n);
		item = str_sub(list, 0, str_find(list, '<'));
		buf_format(&code, "%s%.*s", code.n ? "+" : "", STR_ARG(item));
	}
	const char *text = str_to_c(visitor->f->arena, buf_str(&code));
	buf_finish(&code);
	return text;
}

static bool shows_code(const struct visitor *visitor, const char *code)
{
	struct str rest = str_from_c(code), part;
	while (str_cut(&rest, '+', &part)) {
		struct str item = arena_format(visitor->f->arena, "<li>%.*s</li>", STR_ARG(part));
		if (!visitor_sees(visitor, item.p))
			return false;
	}
	return true;
}

static void the_code_is_shown_until_it_was_written_down_and_then_never(void **state)
{
	struct fixture *f = *state;
	struct visitor visitor = visitor_begin(f);
	report_by_phone_screen(&visitor);
	const char *code = code_on(&visitor);
	/* She clicks away, comes back, presses Send again: it is there still, and it is the same. */
	visitor_open(&visitor, "/");
	assert_false(shows_code(&visitor, code));
	visitor_open(&visitor, "/report/done");
	assert_true(shows_code(&visitor, code));
	visitor_send(&visitor, "/report/check", "");
	assert_true(visitor_is_at(&visitor, "/report/done"));
	assert_true(shows_code(&visitor, code));
	assert_true(visitor_page_is_kept_nowhere(&visitor));
	/* She has written it down: never again, on no page, and not by going back. */
	visitor_send(&visitor, "/report/done", "");
	assert_true(visitor_sees(&visitor, "Your code is off the screen"));
	static const char *const pages[] = { "/report/done", "/report/check", "/report/note.html", "/return",
		                             "/return/status" };
	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		visitor_open(&visitor, pages[i]);
		assert_false(shows_code(&visitor, code));
		assert_int_equal(str_find_str(visitor.head, str_from_c(code)), visitor.head.n);
	}
	visitor_end(&visitor);
}

static void the_code_on_paper_leads_back_to_what_is_owed(void **state)
{
	struct fixture *f = *state;
	struct visitor first = visitor_begin(f);
	report_by_phone_screen(&first);
	const char *code = code_on(&first);
	/* Days later, on another phone: no cookie, only the words on paper, typed as people type. */
	struct visitor later_on = { .f = f, .web = first.web };
	later(f, 3 * INSTANT_PER_DAY);
	visitor_open(&later_on, "/return");
	visitor_send(&later_on, "/return/status",
	             arena_format(f->arena, "code=%s", code).p);
	assert_true(visitor_is_at(&later_on, "/return/status"));
	assert_true(visitor_sees(&later_on, "We are late"));
	/* What she wrote is on no page: who finds the paper learns nothing of it. */
	assert_false(visitor_sees(&later_on, "alone at night"));
	assert_false(visitor_sees(&later_on, "number 12"));
	visitor_end(&first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_code_is_shown_until_it_was_written_down_and_then_never),
		PROVES(the_code_on_paper_leads_back_to_what_is_owed),
	};
	return PROVE(tests);
}

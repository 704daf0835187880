/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Advice on words: what is found in a text, and what is never looked at. */
#include "pack_fixture.h"

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)
#define FOUND_MAX 64
#define RANDOM_TEXTS 10000

struct fixture {
	struct arena *arena;
	struct pack *pack;
	struct pack_field text; /* a field of type text */
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	if (!f || !(f->arena = arena_create(FIXTURE_BYTES)))
		return -1;
	f->pack = load_good(f->arena, find_pack(f->arena, "england"));
	f->text = (struct pack_field){ .name = STR("reasons"), .type = PACK_TEXT };
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	pack_destroy(f->pack);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

static size_t look(struct fixture *f, struct str text, struct pack_advice *out)
{
	struct pack_look asked = { .pack = f->pack, .field = &f->text };
	return pack_words_find(&asked, text, out, FOUND_MAX);
}

static bool finds(struct fixture *f, struct str text, struct str name)
{
	struct pack_advice found[FOUND_MAX];
	size_t count = look(f, text, found);
	for (size_t i = 0; i < count; i++)
		if (str_eq(found[i].word->name, name))
			return true;
	return false;
}

/* One sentence as it is written, for each row of the guide, in its order. */
static const char *const ROWS[][2] = {
	{ "lifestyle-choice", "She sees it as a Lifestyle Choice." },
	{ "promiscuous", "Known to be promiscuous." },
	{ "putting-at-risk", "She keeps putting herself at risk, we think." },
	{ "risk-taking", "There was risk-taking on Friday." },
	{ "consented", "He says that she consented." },
	{ "agreed-to-sex", "She agreed to have sex." },
	{ "boyfriend", "Her boyfriend's car was outside." },
	{ "in-a-relationship", "She is in a relationship with a driver." },
	{ "older-boyfriend", "An older boyfriend waits for her." },
	{ "child-prostitute", "Thought to be prostituting." },
	{ "sex-worker", "They call her a sex worker." },
	{ "sexually-active", "She is sexually active, says the nurse." },
	{ "sexually-active-since", "Sexually active since 12." },
	{ "sexualised", "Her manner was flirtatious." },
	{ "dressed-inappropriately", "She was dressed inappropriately" },
	{ "streetwise", "A street-wise child" },
	{ "mature-for-her-age", "Mature for her age; went alone" },
	{ "knows-what-doing", "She knows what she is doing" },
	{ "manipulative", "Can be manipulative" },
	{ "attention-seeking", "This is attention-seeking" },
	{ "crying-wolf", "She makes things up" },
	{ "reliable-witness", "Not a reliable witness" },
	{ "alleged", "She alleges that it was him" },
	{ "disclosed-nothing", "Asked at school, disclosed nothing" },
	{ "refuses-to-engage", "He won\xe2\x80\x99t engage" },
	{ "hard-to-reach", "A hard-to-reach family" },
	{ "uncooperative", "Uncooperative at the station" },
	{ "did-not-attend", "DNA on 4 March" },
	{ "failed-to-attend", "Failed to attend twice" },
	{ "chooses-to-go-missing", "Absconded from the home" },
	{ "runaway", "She ran away again" },
	{ "returned-safe-and-well", "Returned safe and well at 3am" },
	{ "streets", "Was out on the streets" },
	{ "involved-in-cse", "Thought to be involved in CSE" },
	{ "engaging-in-sexual-activity", "Engaging in sexual activity with two men" },
	{ "performing-sexual-acts", "Performing sexual acts for lifts" },
	{ "having-sex-with", "Having sex with a man of 30" },
	{ "exchanging-sex", "Exchanging sex for drink" },
	{ "sugar-daddy", "Has a sugar daddy" },
	{ "child-pornography", "Child pornography on the phone" },
	{ "sexting", "This was sexting" },
	{ "out-of-control", "Spiralling out of control" },
	{ "beyond-parental-control", "He is beyond parental control" },
	{ "troubled", "A troubled girl" },
	{ "contempt", "She is a slag" },
	{ "asking-for-it", "She was asking for it" },
	{ "that-sort-of-girl", "No better than she should be" },
	{ "undesirables", "Mixes with the wrong crowd" },
	{ "associates-with", "Associates with older men" },
	{ "gang-member", "A gang member" },
	{ "drug-runner", "A known drug runner" },
	{ "money-mule", "Used as a money mule" },
	{ "county-lines-kid", "Going country since May" },
	{ "recruits-others", "She recruits others" },
	{ "substance-misuser", "A substance misuser at 14" },
	{ "self-inflicted", "Injuries self-inflicted" },
	{ "a-domestic", "It was a domestic" },
	{ "low-level", "Low level only" },
	{ "one-off", "A one-off" },
	{ "historic", "Historic, no danger" },
	{ "no-further-action", "NFA." },
	{ "no-evidence", "There is no evidence" },
	{ "cultural", "A cultural practice" },
	{ "community-tensions", "Because of community tensions" },
	{ "off-the-record", "Best not recorded" },
	{ "reputational", "A reputational matter" },
	{ "family-feud", "Just a family feud" },
	{ "resilient", "He is coping well" },
	{ "disguised-compliance", "Disguised compliance by the girl" },
	{ "toxic-trio", "The toxic trio" },
	{ "complex", "A complex family" },
	{ "worldly", "She is streets ahead" },
	{ "young-woman", "This young woman is 14" },
	{ "tried-it-on", "She tried it on" },
	{ "victim", "The victim was seen" },
	{ "withdrew-complaint", "She withdrew her complaint" },
	{ "refused-medical", "She refused a medical" },
};

static void every_row_of_the_guide_is_found(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(COUNT_OF(ROWS), 77);
	assert_int_equal(f->pack->word_count, 77);
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		assert_true(str_eq(f->pack->words[i].name, str_from_c(ROWS[i][0])));
		assert_true(f->pack->words[i].advice.n > 0 && f->pack->words[i].source.n > 0);
		if (!finds(f, str_from_c(ROWS[i][1]), str_from_c(ROWS[i][0])))
			fail_msg("%s is not found in: %s", ROWS[i][0], ROWS[i][1]);
	}
}

/* A phrase as somebody may write it: two words for `_`, an ending for `*`. */
static struct str as_written(struct arena *arena, struct str phrase)
{
	struct str out = STR("");
	for (size_t i = 0; i < phrase.n; i++) {
		char c = phrase.p[i];
		out = c == '_'   ? arena_format(arena, "%.*svery much", STR_ARG(out))
		      : c == '*' ? arena_format(arena, "%.*sing", STR_ARG(out))
		                 : arena_format(arena, "%.*s%c", STR_ARG(out), c);
	}
	return out;
}

/* Calls `test` with every phrase of the pack, as it is written. */
static void for_each_phrase(struct fixture *f,
                            void (*test)(struct fixture *f, const struct pack_word *word,
                                         struct str text, bool goes_on))
{
	for (size_t i = 0; i < f->pack->word_count; i++) {
		const struct pack_word *word = &f->pack->words[i];
		for (size_t m = 0; m < word->match_count; m++)
			test(f, word, as_written(f->arena, word->match[m]),
			     str_ends(word->match[m], STR("*")));
	}
}

static void expect(struct fixture *f, struct str text, const struct pack_word *word, bool is_there)
{
	if (finds(f, text, word->name) != is_there)
		fail_msg("%.*s is%s found in: %.*s", STR_ARG(word->name), is_there ? " not" : "",
		         STR_ARG(text));
}

static void test_found(struct fixture *f, const struct pack_word *word, struct str text,
                       bool goes_on)
{
	(void)goes_on;
	expect(f, arena_format(f->arena, "Then (%.*s), as was said.", STR_ARG(text)), word, true);
	struct str large = arena_copy(f->arena, text);
	char *letters = (char *)(uintptr_t)large.p;
	for (size_t i = 0; i < large.n; i++) {
		if (letters[i] >= 'a' && letters[i] <= 'z')
			letters[i] = (char)(letters[i] - 'a' + 'A');
		if (letters[i] == ' ')
			letters[i] = i % 2 ? '\n' : '\t';
	}
	expect(f, large, word, true);
}

static void every_phrase_is_found_in_any_case_and_white_space(void **state)
{
	for_each_phrase(*state, test_found);
}

static void test_quoted(struct fixture *f, const struct pack_word *word, struct str text,
                        bool goes_on)
{
	static const char *const MARKS[][2] = {
		{ "\"", "\"" },
		{ "\xe2\x80\x9c", "\xe2\x80\x9d" },
		{ "\xe2\x80\x98", "\xe2\x80\x99" },
		{ "'", "'" },
		{ "\xc2\xab ", " \xc2\xbb" },
		{ "\xc2\xbb", "\xc2\xab" },
		{ "\xe2\x80\xb9", "\xe2\x80\xba" },
		{ "\xe2\x80\x9e", "\xe2\x80\x9c" },
	};
	(void)goes_on;
	for (size_t i = 0; i < COUNT_OF(MARKS); i++) {
		expect(f,
		       arena_format(f->arena, "He wrote: %s%.*s%s and left.", MARKS[i][0],
		                    STR_ARG(text), MARKS[i][1]),
		       word, false);
		expect(f,
		       arena_format(f->arena, "He wrote: %sit isn't so%s. The %.*s.", MARKS[i][0],
		                    MARKS[i][1], STR_ARG(text)),
		       word, true);
	}
}

static void what_stands_between_quotation_marks_is_never_advised_on(void **state)
{
	for_each_phrase(*state, test_quoted);
}

static void test_inside(struct fixture *f, const struct pack_word *word, struct str text,
                        bool goes_on)
{
	expect(f, arena_format(f->arena, "Then zz%.*s.", STR_ARG(text)), word, false);
	if (!goes_on)
		expect(f, arena_format(f->arena, "Then %.*szz.", STR_ARG(text)), word, false);
}

static void a_phrase_inside_other_words_is_none(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < f->pack->word_count; i++) {
		const struct pack_word *word = &f->pack->words[i];
		/* Of several words the others still stand by themselves. */
		for (size_t m = 0; m < word->match_count; m++)
			if (word->match_count == 1 &&
			    str_find(word->match[m], ' ') == word->match[m].n)
				test_inside(f, word, as_written(f->arena, word->match[m]),
				            str_ends(word->match[m], STR("*")));
	}
	assert_false(finds(f, STR("She wore an amulet, and claimsmen came."), STR("drug-runner")));
	assert_false(finds(f, STR("An amulet"), STR("alleged")));
	assert_false(finds(f, STR("slagheap, tartan, complexion, victimless"), STR("contempt")));
	assert_false(finds(f, STR("complexion"), STR("complex")));
	assert_false(finds(f, STR("victimless"), STR("victim")));
	assert_false(finds(f, STR("consentedly"), STR("consented")));
}

static void a_full_stop_parts_a_phrase_and_a_hyphen_joins_it(void **state)
{
	struct fixture *f = *state;
	assert_true(finds(f, STR("a one-off visit"), STR("one-off")));
	assert_true(finds(f, STR("a one\xe2\x80\x91off visit"), STR("one-off")));
	assert_true(finds(f, STR("a o\xc2\xadne off visit"), STR("one-off")));
	assert_false(finds(f, STR("I saw one. Off he went"), STR("one-off")));
	assert_false(finds(f, STR("I saw one - off he went"), STR("one-off")));
	assert_true(
		finds(f, STR("\xef\xbc\xae\xef\xbc\xa6\xef\xbc\xa1"), STR("no-further-action")));
	assert_true(finds(f, STR("pr\xc3\xb4miscuous"), STR("promiscuous")));
	assert_true(finds(f, STR("put herself once more and again at risk"),
	                  STR("putting-at-risk")) == false);
	assert_true(finds(f, STR("put herself and her friend at risk"), STR("putting-at-risk")));
	assert_true(finds(f, STR("She puts herself at significant risk."), STR("putting-at-risk")));
	assert_true(finds(f, STR("She knows exactly what she is doing."), STR("knows-what-doing")));
	assert_true(finds(f, STR("This is historical sexual abuse."), STR("historic")));
}

static void the_longest_phrase_is_the_one(void **state)
{
	struct fixture *f = *state;
	struct pack_advice found[FOUND_MAX];
	struct str text = STR("An older boyfriend, and a money mule.");
	assert_int_equal(look(f, text, found), 2);
	assert_true(str_eq(found[0].word->name, STR("older-boyfriend")));
	assert_true(str_eq(str_sub(text, found[0].from, found[0].to - found[0].from),
	                   STR("older boyfriend")));
	assert_true(str_eq(found[1].word->name, STR("money-mule")));
}

static void with_certain_words_beside_it_no_advice_is_due(void **state)
{
	struct fixture *f = *state;
	assert_true(finds(f, STR("She consented."), STR("consented")));
	assert_false(finds(f, STR("The mother consented to share it."), STR("consented")));
	assert_false(finds(f, STR("The mother consented to treatment."), STR("consented")));
	assert_false(
		finds(f, STR("charged with inciting child prostitution"), STR("child-prostitute")));
	assert_false(finds(f, STR("form MG14 runaway"), STR("runaway")));
	assert_true(finds(f, STR("form MG14. Runaway"), STR("runaway")));
	assert_false(finds(f, STR("Victim support was told"), STR("victim")));
	assert_true(finds(f, STR("The victim, support was told"), STR("victim")));
	assert_false(finds(f, STR("a low-level concern"), STR("low-level")));
	assert_true(finds(f, STR("a low-level concern about the child"), STR("low-level")));
	assert_true(finds(f, STR("low-level concerns for this girl"), STR("low-level")));
	assert_false(finds(f, STR("a low-level concern about a teacher"), STR("low-level")));
	assert_false(finds(f, STR("He absconded from custody."), STR("chooses-to-go-missing")));
	assert_true(finds(f, STR("She absconded from the home."), STR("chooses-to-go-missing")));
}

static void own_words_and_names_are_never_looked_at(void **state)
{
	struct fixture *f = *state;
	struct pack_advice found[FOUND_MAX];
	static const enum pack_type NEVER[] = { PACK_WORDS, PACK_NAME, PACK_ADDRESS,
		                                PACK_ATTACHMENT, PACK_CODE };
	for (size_t i = 0; i < COUNT_OF(NEVER); i++) {
		struct pack_field field = { .name = STR("said"), .type = NEVER[i] };
		struct pack_look asked = { .pack = f->pack, .field = &field };
		assert_false(pack_words_reads(f->pack, &field));
		for (size_t r = 0; r < COUNT_OF(ROWS); r++)
			assert_int_equal(
				pack_words_find(&asked, str_from_c(ROWS[r][1]), found, FOUND_MAX),
				0);
	}
	assert_true(pack_words_reads(f->pack, &f->text));
}

static bool is_of_anybody(void *ctx, const struct pack_word *word)
{
	(void)ctx;
	return word->under == 0;
}

static void what_is_said_of_children_alone_is_asked_of_the_file(void **state)
{
	struct fixture *f = *state;
	struct pack_advice found[FOUND_MAX];
	struct pack_look asked = { .pack = f->pack, .field = &f->text, .applies = is_of_anybody };
	struct str text = STR("A sex worker, promiscuous, with an older boyfriend.");
	assert_int_equal(look(f, text, found), 3);
	assert_int_equal(pack_words_find(&asked, text, found, FOUND_MAX), 1);
	assert_true(str_eq(found[0].word->name, STR("promiscuous")));
}

/* --- the pack --------------------------------------------------------------------------------- */

static const struct edit PLACED = {
	"words.yaml", "  source: Example\npromiscuous:",
	"  source: Example\n  not-in: [concern.decided, pattern.considered.reasons]\n"
	"  when: { lacks: child.seen }\n  under: 16\npromiscuous:"
};

static void a_word_may_be_left_out_in_places_of_the_pack(void **state)
{
	struct fixture *f = *state;
	struct pack_advice found[FOUND_MAX];
	struct pack *pack = load_good(
		f->arena, edit_pack(f->arena, find_pack(f->arena, sample_folder()), &PLACED));
	struct pack_look asked = { .pack = pack, .field = &f->text };
	struct str text = STR("a lifestyle choice");
	assert_int_equal(pack->words[0].under, 16);
	assert_non_null(pack->words[0].when);
	assert_int_equal(pack_words_find(&asked, text, found, FOUND_MAX), 1);
	asked.kind = pack_kind_find(pack, STR("concern.decided"));
	assert_int_equal(pack_words_find(&asked, text, found, FOUND_MAX), 0);
	asked.kind = pack_kind_find(pack, STR("pattern.considered"));
	assert_int_equal(pack_words_find(&asked, text, found, FOUND_MAX), 0);
	struct pack_field other = { .name = STR("other"), .type = PACK_TEXT };
	asked.field = &other;
	assert_int_equal(pack_words_find(&asked, text, found, FOUND_MAX), 1);
	pack_destroy(pack);
}

static void advice_may_be_said_in_other_languages(void **state)
{
	struct fixture *f = *state;
	const struct pack_bytes *sample = find_pack(f->arena, sample_folder());
	static const struct edit welsh = { "texts/cy.yaml", "",
		                           "word.promiscuous.advice: Dywedwch beth ddigwyddodd\n" };
	static const struct edit wrong = { "texts/cy.yaml", "", "word.promiscuous.instead.1: x\n" };
	struct pack *pack = load_good(f->arena, edit_pack(f->arena, sample, &welsh));
	assert_true(str_eq(pack_text(pack, STR("cy"), STR("word.promiscuous.advice"), STR("")),
	                   STR("Dywedwch beth ddigwyddodd")));
	pack_destroy(pack);
	assert_true(is_refused(f->arena, edit_pack(f->arena, sample, &wrong), 3,
	                       "is the path of no sentence of this pack"));
}

/* What is ticked is read, never kept as a fact that could be compared, counted or sorted by (L10).
 */
static void signs_of_harm_feed_no_fact(void **state)
{
	static const char *const SIGNS[] = { "indicator", "neglect-sign", "protective" };
	struct fixture *f = *state;
	size_t seen = 0;
	for (size_t k = 0; k < f->pack->kind_count; k++) {
		const struct pack_kind *kind = &f->pack->kinds[k];
		for (size_t i = 0; i < kind->field_count; i++) {
			const struct pack_field *field = &kind->fields[i];
			bool is_sign = false;
			for (size_t s = 0; s < COUNT_OF(SIGNS); s++)
				is_sign = is_sign || (field->list && str_eq(field->list->name,
				                                            str_from_c(SIGNS[s])));
			if (!is_sign)
				continue;
			seen++;
			for (size_t t = 0; t < f->pack->file_type_count; t++) {
				const struct pack_file_type *type = &f->pack->file_types[t];
				for (size_t a = 0; a < type->fact_count; a++)
					for (size_t r = 0; r < type->facts[a].from_count; r++)
						assert_false(type->facts[a].from[r].kind == kind &&
						             str_eq(type->facts[a].from[r].field,
						                    field->name));
			}
		}
	}
	assert_true(seen > 0);
}

static void the_words_of_england_know_their_places(void **state)
{
	struct fixture *f = *state;
	struct pack_advice found[FOUND_MAX];
	struct pack_field description = { .name = STR("description"), .type = PACK_TEXT };
	struct pack_look asked = { .pack = f->pack,
		                   .kind = pack_kind_find(f->pack, STR("missing.reported")),
		                   .field = &description };
	struct str text = STR("In revealing clothes");
	assert_non_null(asked.kind);
	assert_int_equal(pack_words_find(&asked, text, found, FOUND_MAX), 0);
	asked.field = &f->text;
	assert_int_equal(pack_words_find(&asked, text, found, FOUND_MAX), 1);
	assert_non_null(pack_word_find(f->pack, STR("no-evidence"))->when);
}

static void a_phrase_that_cannot_be_found_is_refused(void **state)
{
	struct fixture *f = *state;
	static const char *const WRONG[][2] = {
		{ "[\"a*b\"]", "has a * that does not end a word" },
		{ "[\"ab*\"]", "has a * behind fewer than three letters" },
		{ "[\"_ word\"]", "has a _ that does not stand alone between two words" },
		{ "[\"word _\"]", "ends with a _" },
		{ "[\"one _ two _ three _ four\"]", "has more than two _" },
		{ "[\"a, b\"]", "holds something besides words, * and _" },
		{ "[\"-\"]", "holds no word" },
		{ "[\"a b c d e f g h i j k l m\"]", "has more than twelve words" },
	};
	const struct pack_bytes *sample = find_pack(f->arena, sample_folder());
	for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
		struct edit edit = { "words.yaml", "[promiscuous]", WRONG[i][0] };
		assert_true(
			is_refused(f->arena, edit_pack(f->arena, sample, &edit), 3, WRONG[i][1]));
	}
	struct edit edit = { "words.yaml", "  source: Example\npromiscuous:",
		             "  source: Example\n  not-in: [concern.decidet]\npromiscuous:" };
	assert_true(is_refused(f->arena, edit_pack(f->arena, sample, &edit), 3,
	                       "not-in names \"concern.decidet\""));
}

/* --- any text --------------------------------------------------------------------------------- */

/* Pieces of phrases, marks and bytes of no sense, so that something is found at times. */
static size_t random_text(struct random_source *random, char *out, size_t room)
{
	static const char *const PIECES[] = {
		"lifestyle choice", "put",      "herself",  " at risk", "\"",        "'",
		"\xe2\x80\x98",     "-",        " ",        "\n",       "boyfriend", "\xe2\x80\x9c",
		"\xe2\x80\x9d",     ".",        "the",      "DNA",      "abscond",   "\xc3\x9f",
		"\xef\xac\x83",     "\xc2",     "\xcc\x81", "a",        " domestic", "withdrew ",
		"complaint",        "\xc2\xab",
	};
	size_t n = 0, pieces = (size_t)random_below(random, 60);
	for (size_t i = 0; i < pieces; i++) {
		struct str piece = str_from_c(PIECES[random_below(random, COUNT_OF(PIECES))]);
		if (n + piece.n > room)
			break;
		for (size_t b = 0; b < piece.n; b++)
			out[n++] = piece.p[b];
	}
	return n;
}

static void no_text_is_changed_and_what_is_found_lies_in_it(void **state)
{
	struct fixture *f = *state;
	struct pack_advice found[FOUND_MAX];
	struct random_source *random = random_seeded_create(21);
	size_t all = 0;
	char bytes[1500], before[1500];
	for (int i = 0; i < RANDOM_TEXTS; i++) {
		size_t n = random_text(random, bytes, sizeof bytes), at = 0;
		memcpy(before, bytes, n);
		size_t count = look(f, (struct str){ bytes, n }, found);
		assert_memory_equal(bytes, before, n);
		assert_true(count <= FOUND_MAX);
		for (size_t k = 0; k < count; k++) {
			assert_true(found[k].from >= at && found[k].from < found[k].to);
			at = found[k].to;
		}
		assert_true(at <= n);
		all += count;
	}
	assert_true(all > RANDOM_TEXTS);
	random_destroy(random);
}

/* Quadratic, each of these would take hours. */
static void a_long_text_of_opening_marks_is_read_once(void **state)
{
	struct fixture *f = *state;
	struct pack_advice found[FOUND_MAX];
	static const char *const PIECES[] = { "\xe2\x80\x9c"
		                              "a ",
		                              "\xe2\x80\x98"
		                              "a ",
		                              " 'a",
		                              "\xc2\xab"
		                              "a ",
		                              "put herself ",
		                              "a domestic\t\t" };
	size_t room = (size_t)2 << 20;
	char *bytes = malloc(room);
	assert_non_null(bytes);
	for (size_t i = 0; i < COUNT_OF(PIECES); i++) {
		struct str piece = str_from_c(PIECES[i]);
		size_t n = 0;
		for (; n + piece.n <= room; n += piece.n)
			memcpy(bytes + n, piece.p, piece.n);
		(void)look(f, (struct str){ bytes, n }, found);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(every_row_of_the_guide_is_found),
		PROVES(every_phrase_is_found_in_any_case_and_white_space),
		PROVES(what_stands_between_quotation_marks_is_never_advised_on),
		PROVES(a_phrase_inside_other_words_is_none),
		PROVES(a_full_stop_parts_a_phrase_and_a_hyphen_joins_it),
		PROVES(the_longest_phrase_is_the_one),
		PROVES(with_certain_words_beside_it_no_advice_is_due),
		PROVES(own_words_and_names_are_never_looked_at),
		PROVES(what_is_said_of_children_alone_is_asked_of_the_file),
		PROVES(a_word_may_be_left_out_in_places_of_the_pack),
		PROVES(advice_may_be_said_in_other_languages),
		PROVES(signs_of_harm_feed_no_fact),
		PROVES(the_words_of_england_know_their_places),
		PROVES(a_phrase_that_cannot_be_found_is_refused),
		PROVES(no_text_is_changed_and_what_is_found_lies_in_it),
		PROVES(a_long_text_of_opening_marks_is_read_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

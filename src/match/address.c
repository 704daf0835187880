/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Addresses taken apart. The folded words are kept with the segment (between
 * commas) they stood in, and read from the left: unit, number, street; what
 * is left is the locality. Where no number stands, the segment that ends in a
 * kind of street is the street, and what stands before it the house's name.
 */
#include "match/place.h"

#include "match/street.h"
#include "match/wordlist.h"

#define WORDS_MAX 64
#define UNIT_WORD_MAX 5 /* letters and digits of "12b" */

static const struct wordlist UNITS = { {
	['a' - 'a'] = "apartment|apt|apmt",
	['b' - 'a'] = "bedsit",
	['c' - 'a'] = "caravan",
	['f' - 'a'] = "flat|flt",
	['m' - 'a'] = "maisonette",
	['p' - 'a'] = "pitch|plot",
	['r' - 'a'] = "room|rm",
	['s' - 'a'] = "studio|suite",
	['u' - 'a'] = "unit",
} };

#define FLOORS                                                                                      \
	"ground|first|second|third|fourth|top|upper|lower|basement|garden|rear|front|middle|attic|" \
	"1st|2nd|3rd|4th"
/* Where somebody lives who has no address, or whose is not known; beside what is no name. */
#define NOWHERE                                                                                    \
	"nfa|no fixed abode|no fixed address|no abode|homeless|of no fixed abode|address unknown|" \
	"address not known|unknown address|no address|rough sleeper|confidential"
#define FLOOR_ENDS "flat|floor|maisonette|apartment"

struct words {
	size_t n;
	struct str at[WORDS_MAX];
	uint8_t segment[WORDS_MAX];
	bool is_range[WORDS_MAX]; /* the first of a segment, and "12-14" stood there */
};

/* Words from `from`, before `to`. */
struct run {
	size_t from, to;
};

struct parts {
	struct run unit, name, street, locality;
	struct str letter; /* "a" of "3a" */
	struct str number;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

/* A few figures, perhaps with one letter behind; how many figures. 0: it is no such thing. */
static size_t house_digits(struct str word)
{
	size_t n = 0;
	while (n < word.n && is_digit(word.p[n]))
		n++;
	bool is_house = n > 0 && n <= UNIT_WORD_MAX &&
	                (n == word.n || (n + 1 == word.n && is_small(word.p[n])));
	return is_house ? n : 0;
}

static bool is_house(struct str word)
{
	return house_digits(word) > 0;
}

/* "17", "17b", "b", "b12". */
static bool is_unit(struct str word)
{
	bool has_letter = word.n > 0 && is_small(word.p[0]);
	struct str behind = str_sub(word, has_letter, word.n);
	return word.n > 0 && (behind.n == 0 || is_house(behind));
}

static bool ends_in_kind(const struct words *words, struct run run)
{
	size_t last = run.to - 1;
	if (last > run.from && street_is_direction(words->at[last]))
		last--;
	return run.to > run.from && street_is_kind(words->at[last]);
}

/* --- words and segments --- */

static bool parts_segments(int32_t point)
{
	return point == ',' || point == ';' || point == '\n' || point == '\r' || point == 0xFF0C ||
	       point == 0x060C || point == 0x3001;
}

static struct str cut_segment(struct str *rest)
{
	struct str all = *rest;
	for (size_t at = 0; at < all.n;) {
		size_t before = at;
		if (parts_segments(fold_read(all, &at))) {
			*rest = str_sub(all, at, all.n);
			return str_sub(all, 0, before);
		}
	}
	*rest = STR_NONE;
	return all;
}

/* "12-14", "12a - 12c": the house has two numbers, and the first will do. */
static bool begins_with_range(struct str segment)
{
	size_t at = 0;
	segment = str_trim(segment);
	while (at < segment.n && is_digit(segment.p[at]))
		at++;
	if (at == 0)
		return false;
	if (at < segment.n && is_small((char)(segment.p[at] | 0x20)))
		at++;
	struct str behind = str_trim(str_sub(segment, at, segment.n));
	size_t dash = str_starts(behind, STR("\xe2\x80\x93")) ? 3 : str_starts(behind, STR("-"));
	struct str second = str_trim(str_sub(behind, dash, behind.n));
	return dash > 0 && second.n > 0 && is_digit(second.p[0]);
}

/* Somebody's at whose house the post is left: "c/o Smith". */
static bool is_care_of(struct str segment)
{
	segment = str_trim(segment);
	return segment.n > 3 && (segment.p[0] | 0x20) == 'c' && segment.p[1] == '/' &&
	       (segment.p[2] | 0x20) == 'o';
}

/* Of words of three letters at least that begin with one of `firsts`: most are told by that. */
static bool is_one_of(const char *firsts, const char *listed, struct str text)
{
	return text.n >= 3 && strchr(firsts, text.p[0]) && wordlist_is_among(listed, text);
}

static bool is_nowhere(struct str folded)
{
	return norm_is_no_name(folded) || is_one_of("acnhoru", NOWHERE, folded);
}

static void add_words(struct words *words, struct str folded, uint8_t segment, bool is_range)
{
	struct str word;
	while (folded.n > 0 && words->n < WORDS_MAX && str_cut(&folded, ' ', &word)) {
		words->at[words->n] = word;
		words->segment[words->n] = segment;
		words->is_range[words->n++] = is_range;
		is_range = false;
	}
}

/* As it is written: a misspelt one may be a street ("Mill St"). */
static bool is_postcode(struct str text)
{
	struct norm_postcode code;
	bool is_code = norm_postcode(text, &code) || code.is_nowhere;
	struct str outward = str_sub(text, 0, strlen(code.out));
	return is_code && code.in[0] && is_digit(text.p[text.n - 3]) &&
	       (is_digit(outward.p[outward.n - 1]) || is_digit(outward.p[outward.n - 2]));
}

/* A postcode at the end belongs to its own column. */
static void drop_postcode(struct words *words)
{
	for (size_t count = 1; count <= 2 && words->n > count; count++) {
		struct str first = words->at[words->n - count], last = words->at[words->n - 1];
		struct str tail = { first.p, (size_t)(last.p - first.p) + last.n };
		if (is_postcode(tail)) {
			words->n -= count;
			return;
		}
	}
}

/* Folds each segment into `source`, one behind the other, and cuts it into words. */
static void read_words(struct str text, struct norm_text *source, struct words *words)
{
	uint8_t segment = 0;
	words->n = source->n = 0;
	while (text.n > 0 && words->n < WORDS_MAX) {
		struct norm_text folded;
		struct str raw = cut_segment(&text);
		if (is_care_of(raw))
			continue;
		norm_fold(raw, &folded);
		if (is_nowhere(norm_str(&folded)) || source->n + folded.n + 1 > NORM_ROOM)
			continue;
		struct str copy = { source->bytes + source->n, folded.n };
		memcpy(source->bytes + source->n, folded.bytes, folded.n);
		source->bytes[source->n + folded.n] = ' ';
		source->n += folded.n + 1;
		add_words(words, copy, segment++, begins_with_range(raw));
	}
	drop_postcode(words);
}

static size_t segment_end(const struct words *words, size_t from)
{
	size_t to = from;
	while (to < words->n && words->segment[to] == words->segment[from])
		to++;
	return to;
}

/* --- unit and number --- */

static bool has_unit(const struct parts *parts)
{
	return parts->unit.to > parts->unit.from || parts->letter.n > 0;
}

static size_t count_houses(const struct words *words, size_t from, size_t to)
{
	size_t at = from;
	while (at < to && is_house(words->at[at]))
		at++;
	return at - from;
}

/* "Flat 17", "Flat 3/2, 12 ...", "Flat 17 128 ...": the unit begins at `at`. Where it ends. */
static size_t unit_end(const struct words *words, size_t at, size_t to)
{
	size_t houses = count_houses(words, at + 1, to);
	bool is_alone = at + 1 + houses == to;
	bool house_follows = to < words->n && is_house(words->at[to]);
	if (houses > 1 || (houses == 1 && is_alone && house_follows))
		return at + 2;
	return at + 1;
}

/* "Ground Floor Flat": where its words end, or `at`. */
static size_t floor_end(const struct words *words, size_t at, size_t to)
{
	size_t end = at;
	while (end < to && is_one_of("abfglmrstu1234", FLOORS, words->at[end]))
		end++;
	return end > at && end < to && is_one_of("afm", FLOOR_ENDS, words->at[end]) ? end : at;
}

static size_t take_unit(const struct words *words, size_t at, size_t to, struct parts *parts)
{
	if (has_unit(parts) || at >= to)
		return at;
	size_t end = floor_end(words, at, to);
	if (end > at) {
		parts->unit = (struct run){ at, end };
		while (end < to && is_one_of("afm", FLOOR_ENDS, words->at[end]))
			end++;
		return end;
	}
	size_t from = at + 1;
	if (from < to &&
	    (str_eq(words->at[from], STR("no")) || str_eq(words->at[from], STR("number"))))
		from++;
	if (from >= to || !wordlist_has(&UNITS, words->at[at]) || !is_unit(words->at[from]))
		return at;
	parts->unit = (struct run){ from, unit_end(words, from, to) };
	return parts->unit.to;
}

/* What is behind a number and belongs to it: "/3", "-14", a letter by itself. */
static size_t take_behind_number(const struct words *words, size_t at, size_t to,
                                 struct parts *parts, bool is_range)
{
	bool is_second = at < to && is_house(words->at[at]);
	bool is_letter = at + 2 < to && words->at[at].n == 1 && is_small(words->at[at].p[0]);
	if (is_range && is_second)
		return at + 1;
	if (has_unit(parts) || (!is_second && !is_letter))
		return at;
	parts->unit = (struct run){ at, at + 1 };
	return at + 1;
}

static size_t take_number(const struct words *words, size_t at, size_t to, struct parts *parts)
{
	size_t from = at;
	if (from + 1 < to &&
	    (str_eq(words->at[at], STR("no")) || str_eq(words->at[at], STR("number"))))
		from++;
	if (parts->number.n > 0 || from >= to || !is_house(words->at[from]))
		return at;
	struct str word = words->at[from];
	size_t digits = house_digits(word);
	parts->number = word;
	if (!has_unit(parts)) {
		parts->number.n = digits;
		parts->letter = str_sub(word, digits, 1);
	}
	return take_behind_number(words, from + 1, to, parts, words->is_range[from]);
}

/* --- street and locality --- */

/* Where the street ends in a segment: behind its last sure kind, else at the segment's end. */
static size_t street_end(const struct words *words, struct run run)
{
	size_t end = run.to;
	for (size_t i = run.from + 1; i < run.to; i++) {
		bool is_saint = street_is_saint(words->at[i]) && street_is_kind(words->at[i - 1]);
		if (street_is_sure_kind(words->at[i]) && !is_saint)
			end = i + 1;
	}
	return end + 1 == run.to && street_is_direction(words->at[end]) ? run.to : end;
}

/* "Chapel Road 12" has its number behind. */
static struct run take_number_behind(const struct words *words, struct run run, struct parts *parts)
{
	size_t last = run.to - 1;
	if (parts->number.n > 0 || run.to - run.from < 3 || !is_house(words->at[last]) ||
	    !street_is_kind(words->at[last - 1]))
		return run;
	(void)take_number(words, last, run.to, parts);
	return (struct run){ run.from, last };
}

static void take_street(const struct words *words, struct run run, struct parts *parts)
{
	size_t to = run.to;
	run = take_number_behind(words, run, parts);
	parts->street = (struct run){ run.from, street_end(words, run) };
	size_t behind = run.to < to ? to : parts->street.to;
	/* "Chapel Road, 12" and "128 Chapel Road, Flat 17". */
	if (behind == to && to < words->n) {
		size_t next = segment_end(words, to);
		size_t at = take_unit(words, to, next, parts);
		at = take_number(words, at, next, parts);
		if (at == next)
			behind = next;
	}
	parts->locality = (struct run){ behind, words->n };
}

enum ahead {
	AHEAD_NOTHING,
	AHEAD_STREET, /* the street stands in a segment further on */
};

/* Whether a segment further on, from `at` before `to`, is the street rather than `run`. */
static bool is_better_street(const struct words *words, struct run run, size_t at, size_t to)
{
	bool may_be_street = ends_in_kind(words, run);
	size_t behind = at + count_houses(words, at, to);
	if (behind > at && behind < to) /* a number, and more */
		return true;
	if (behind == to) { /* a number by itself: of the street before it, or behind */
		struct run next = { to, segment_end(words, to) };
		return to < words->n && ends_in_kind(words, next);
	}
	/* The last segment is a place, unless it says otherwise. */
	bool is_street = street_is_sure_kind(words->at[to - 1]) ||
	                 (to < words->n && ends_in_kind(words, (struct run){ at, to }));
	return is_street && to - at > 1 && !may_be_street;
}

/* What is to be expected behind the segment `run`, which has no number. */
static enum ahead look_ahead(const struct words *words, struct run run, const struct parts *parts)
{
	for (size_t at = run.to; at < words->n;) {
		size_t to = segment_end(words, at);
		bool is_house_named = has_unit(parts) && street_is_sure_kind(words->at[to - 1]);
		if (is_house_named || is_better_street(words, run, at, to))
			return AHEAD_STREET;
		at = to;
	}
	return AHEAD_NOTHING;
}

/* Where a number and its street begin within a segment: "The Mill 22 Canal Street". */
static size_t inner_house(const struct words *words, struct run run)
{
	for (size_t at = run.from + 1; at + 2 < run.to; at++) {
		if (is_house(words->at[at]) && ends_in_kind(words, (struct run){ at + 1, run.to }))
			return at;
	}
	return run.from;
}

static void read_parts(const struct words *words, struct parts *parts)
{
	for (size_t from = 0; from < words->n;) {
		size_t to = segment_end(words, from);
		size_t at = take_unit(words, from, to, parts);
		at = take_number(words, at, to, parts);
		size_t inner =
			parts->number.n > 0 ? at : inner_house(words, (struct run){ at, to });
		if (inner > at) {
			parts->name = (struct run){ at, inner };
			at = take_number(words, inner, to, parts);
		}
		struct run rest = { at, to };
		from = to;
		if (at == to)
			continue;
		if (parts->number.n > 0 || look_ahead(words, rest, parts) == AHEAD_NOTHING) {
			take_street(words, rest, parts);
			return;
		}
		parts->name = rest;
	}
}

/* --- what is written --- */

/* "st" within a street: saint before a name, else street. */
static struct str saint_or_street(const struct words *words, struct run run, size_t at)
{
	bool is_last = at + 1 == run.to, is_first = at == run.from;
	if (is_last)
		return is_first ? words->at[at] : STR("street");
	bool follows_kind = !is_first && street_is_kind(words->at[at - 1]);
	bool before_kind = street_is_kind(words->at[at + 1]);
	return !is_first && before_kind && !follows_kind ? STR("street") : STR("saint");
}

static struct str word_form(const struct words *words, struct run run, size_t at)
{
	struct str word = words->at[at];
	if (street_is_saint(word))
		return saint_or_street(words, run, at);
	return street_whole(word, at > run.from ? STREET_LATER : STREET_FIRST);
}

static void write_word(struct norm_text *bytes, struct str word)
{
	if (word.n == 0 || bytes->n + word.n + 1 > NORM_ROOM)
		return;
	if (bytes->n > 0)
		bytes->bytes[bytes->n++] = ' ';
	memcpy(bytes->bytes + bytes->n, word.p, word.n);
	bytes->n += word.n;
}

/* A part that was written from `from` on, without the blank before it. */
static struct str part_since(const struct norm_text *bytes, size_t from)
{
	if (from > 0 && from < bytes->n)
		from++;
	return (struct str){ bytes->bytes + from, bytes->n - from };
}

static struct str write_run(struct norm_text *bytes, const struct words *words, struct run run)
{
	size_t from = bytes->n;
	for (size_t at = run.from; at < run.to; at++)
		write_word(bytes, word_form(words, run, at));
	return part_since(bytes, from);
}

static struct str write_text(struct norm_text *bytes, struct str word)
{
	size_t from = bytes->n;
	write_word(bytes, word);
	return part_since(bytes, from);
}

void norm_address(struct str text, struct norm_text *bytes, struct norm_address *out)
{
	struct norm_text source;
	struct words words;
	struct parts parts = { 0 };
	*out = (struct norm_address){ 0 };
	bytes->n = 0;
	read_words(text, &source, &words);
	read_parts(&words, &parts);
	bool is_named = parts.number.n == 0;
	if (!is_named && !has_unit(&parts))
		parts.unit = parts.name;
	bool is_letter = parts.letter.n > 0;
	out->unit =
		is_letter ? write_text(bytes, parts.letter) : write_run(bytes, &words, parts.unit);
	out->number =
		is_named ? write_run(bytes, &words, parts.name) : write_text(bytes, parts.number);
	out->street = write_run(bytes, &words, parts.street);
	out->locality = write_run(bytes, &words, parts.locality);
}

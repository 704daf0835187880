/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Testing one value. An act's fields come as a tree; an entry's as canonical
 * text, of which one member is cut out without building anything.
 */
#include "pack/atom.h"

/* --- canonical text ----------------------------------------------------------------------------
 */

/* Position behind the string that begins at `at`. */
static size_t skip_string(struct str s, size_t at)
{
	for (at++; at < s.n && s.p[at] != '"'; at++) {
		if (s.p[at] == '\\')
			at++;
	}
	return at + 1;
}

/* Position behind the value that begins at `at`. */
static size_t skip_value(struct str s, size_t at)
{
	size_t depth = 0;
	while (at < s.n) {
		char c = s.p[at];
		if (c == '"') {
			at = skip_string(s, at);
			if (depth == 0)
				return at;
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		if (c == '}' || c == ']') {
			if (depth == 0)
				return at;
			if (--depth == 0)
				return at + 1;
		}
		if (depth == 0 && c == ',')
			return at;
		at++;
	}
	return s.n;
}

struct str cond_raw_member(struct str plain, struct str name)
{
	size_t at = 1;
	while (at < plain.n && plain.p[at] == '"') {
		size_t key_end = skip_string(plain, at);
		size_t value_end = skip_value(plain, key_end + 1);
		if (value_end > plain.n)
			break;
		if (str_eq(str_sub(plain, at + 1, key_end - at - 2), name))
			return str_sub(plain, key_end + 1, value_end - key_end - 1);
		at = value_end + 1;
	}
	return STR_NONE;
}

static bool raw_integer(struct str raw, int64_t *out)
{
	uint64_t n;
	bool is_negative = raw.n > 0 && raw.p[0] == '-';
	if (!str_to_u64(str_sub(raw, is_negative ? 1 : 0, raw.n), (uint64_t)JSON_INTEGER_MAX, &n))
		return false;
	*out = is_negative ? -(int64_t)n : (int64_t)n;
	return true;
}

uint64_t cond_hash(struct str s)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return h;
}

/* --- tests -------------------------------------------------------------------------------------
 */

static bool is_code_of(const struct cond_test *test, struct str value)
{
	for (size_t i = 0; i < test->code_count; i++) {
		if (str_eq(test->codes[i], value))
			return true;
	}
	return false;
}

static bool is_between(const struct cond_test *test, int64_t n)
{
	return n >= test->least && n <= test->most;
}

static bool raw_is_code(const struct cond_test *test, struct str raw)
{
	if (raw.n >= 2 && raw.p[0] == '"')
		return is_code_of(test, str_sub(raw, 1, raw.n - 2));
	if (str_eq(raw, STR("true")))
		return is_code_of(test, STR("yes"));
	if (str_eq(raw, STR("false")))
		return is_code_of(test, STR("no"));
	for (size_t at = 1; raw.n && raw.p[0] == '[' && at < raw.n && raw.p[at] != ']';) {
		size_t end = skip_value(raw, at);
		struct str one = str_sub(raw, at, end - at);
		if (one.n >= 2 && one.p[0] == '"' && is_code_of(test, str_sub(one, 1, one.n - 2)))
			return true;
		at = end < raw.n && raw.p[end] == ',' ? end + 1 : end;
	}
	return false;
}

bool cond_test_raw(const struct cond_test *test, struct str raw)
{
	int64_t n;
	bool is_absent = !raw.p || str_eq(raw, STR("[]"));
	switch (test->sort) {
	case COND_IS_ABSENT:
		return is_absent;
	case COND_IS_PRESENT:
		return !is_absent;
	case COND_IS_BETWEEN:
		return raw.p && raw_integer(raw, &n) && is_between(test, n);
	case COND_IS_CODE:
		return raw.p && raw_is_code(test, raw);
	}
	return false;
}

static bool json_is_code(const struct cond_test *test, const struct json *value)
{
	switch (value->type) {
	case JSON_STRING:
		return is_code_of(test, value->string);
	case JSON_TRUE:
		return is_code_of(test, STR("yes"));
	case JSON_FALSE:
		return is_code_of(test, STR("no"));
	case JSON_ARRAY:
		for (const struct json *one = value->first; one; one = one->next) {
			if (one->type == JSON_STRING && is_code_of(test, one->string))
				return true;
		}
		return false;
	case JSON_NULL:
	case JSON_INTEGER:
	case JSON_REAL:
	case JSON_OBJECT:
		return false;
	}
	return false;
}

bool cond_test_json(const struct cond_test *test, const struct json *value)
{
	bool is_absent = !value || value->type == JSON_NULL ||
	                 (value->type == JSON_ARRAY && value->count == 0);
	switch (test->sort) {
	case COND_IS_ABSENT:
		return is_absent;
	case COND_IS_PRESENT:
		return !is_absent;
	case COND_IS_BETWEEN:
		return !is_absent && value->type == JSON_INTEGER &&
		       is_between(test, value->integer);
	case COND_IS_CODE:
		return !is_absent && json_is_code(test, value);
	}
	return false;
}

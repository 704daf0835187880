/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "log/parcel.h"

#define HEAD STR("candour/parcel/v1\n")
#define NONE UINT32_C(0xffffffff)
#define LENGTH_SIZE ((size_t)4)
#define NUMBER_SIZE ((size_t)8)

static void add_big_endian(struct buf *out, uint64_t value, size_t size)
{
	for (size_t i = size; i-- > 0;)
		buf_add_char(out, (char)(unsigned char)(value >> (8 * i)));
}

static uint64_t read_big_endian(struct str bytes)
{
	uint64_t value = 0;
	for (size_t i = 0; i < bytes.n; i++)
		value = value << 8 | (unsigned char)bytes.p[i];
	return value;
}

/* --- writing -------------------------------------------------------------------------------- */

void log_parcel_begin(struct buf *out)
{
	buf_add(out, HEAD);
}

void log_parcel_add(struct buf *out, enum log_parcel_sort sort, size_t count)
{
	buf_add_char(out, (char)sort);
	buf_add_char(out, (char)count);
}

void log_parcel_str(struct buf *out, struct str field)
{
	add_big_endian(out, field.p ? field.n : NONE, LENGTH_SIZE);
	buf_add(out, field);
}

void log_parcel_int(struct buf *out, int64_t field)
{
	add_big_endian(out, NUMBER_SIZE, LENGTH_SIZE);
	add_big_endian(out, (uint64_t)field, NUMBER_SIZE);
}

/* --- reading -------------------------------------------------------------------------------- */

bool log_parcel_open(struct str *body)
{
	if (!str_starts(*body, HEAD))
		return false;
	*body = str_sub(*body, HEAD.n, body->n);
	return true;
}

static bool take(struct str *body, size_t n, struct str *out)
{
	if (body->n < n)
		return false;
	*out = str_sub(*body, 0, n);
	*body = str_sub(*body, n, body->n);
	return true;
}

static bool take_field(struct str *body, struct str *out)
{
	struct str length;
	if (!take(body, LENGTH_SIZE, &length))
		return false;
	uint64_t n = read_big_endian(length);
	*out = STR_NONE;
	return n == NONE || take(body, (size_t)n, out);
}

bool log_parcel_next(struct str *body, struct log_parcel_record *out, bool *more)
{
	struct str head;
	*more = body->n > 0;
	if (!*more)
		return true;
	if (!take(body, 2, &head))
		return false;
	*out = (struct log_parcel_record){ .sort = head.p[0], .count = (unsigned char)head.p[1] };
	if (out->count > LOG_PARCEL_FIELDS_MAX)
		return false;
	for (size_t i = 0; i < out->count; i++) {
		if (!take_field(body, &out->at[i]))
			return false;
	}
	return true;
}

bool log_parcel_number(struct str field, int64_t *out)
{
	if (!field.p || field.n != NUMBER_SIZE)
		return false;
	uint64_t value = read_big_endian(field);
	*out = (int64_t)value;
	return value <= INT64_MAX;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/cookie.h"

#include "web/token.h"

/* RFC 6265, 4.1.1, cookie-octet; the quotation marks around a value belong to it. */
static bool is_cookie_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= 0x20 || c >= 0x7f || c == ',' || c == ';' || c == '\\')
			return false;
	}
	return true;
}

bool cookie_read(struct str header, struct fields *out)
{
	struct str piece;
	while (str_cut(&header, ';', &piece)) {
		piece = str_trim(piece);
		size_t at = str_find(piece, '=');
		struct str name = str_sub(piece, 0, at);
		struct str value = at < piece.n ? str_sub(piece, at + 1, piece.n) : STR_NONE;
		if (at == piece.n || !token_is(name) || !is_cookie_value(value))
			continue;
		if (out->count == COOKIES_MAX || out->count == out->room)
			return false;
		out->at[out->count++] = (struct field){ name, value };
	}
	return true;
}

struct str cookie_name(struct arena *arena, struct str name, bool is_secure)
{
	return is_secure ? arena_join(arena, (struct str[]){ STR("__Host-"), name }, 2) : name;
}

bool cookie_write(struct arena *arena, const struct cookie *cookie, struct str *out,
                  struct err *err)
{
	struct str value = cookie->is_dropped ? STR("") : cookie->value;
	if (!token_is(cookie->name) || !is_cookie_value(value) || value.n > COOKIE_VALUE_MAX)
		return err_set(err, ERR_FAULT, "a cookie cannot hold this name or value");
	*out = arena_join(arena,
	                  (struct str[]){
				  cookie->is_secure ? STR("__Host-") : STR(""),
				  cookie->name,
				  STR("="),
				  value,
				  STR("; Path=/; HttpOnly; SameSite="),
				  cookie->site == COOKIE_SITE_STRICT ? STR("Strict") : STR("Lax"),
				  cookie->is_secure ? STR("; Secure") : STR(""),
				  cookie->is_dropped ? STR("; Max-Age=0") : STR(""),
			  },
	                  8);
	return out->p ? true : err_set(err, ERR_UNABLE, "This answer is too large to send");
}

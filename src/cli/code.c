/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour code: the six digits of an authenticator, for drills on a machine without a telephone. */
#include "cli/commands.h"
#include "cli/demo.h"

#define SECRET_BYTES 20
#define SECRET_SYMBOLS 32
#define STEP (30 * INSTANT_PER_SECOND)
#define SYMBOL_BITS 5

static bool read_secret(struct str text, uint8_t out[SECRET_BYTES])
{
	size_t bits = 0;
	uint32_t held = 0;
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		uint32_t value;
		if (c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c >= 'A' && c <= 'Z')
			value = (uint32_t)(c - 'A');
		else if (c >= '2' && c <= '7')
			value = (uint32_t)(c - '2') + 26;
		else
			return false;
		held = (held << SYMBOL_BITS | value) & 0xfff;
		bits += SYMBOL_BITS;
		if (bits < 8)
			continue;
		bits -= 8;
		if (n == SECRET_BYTES)
			return false;
		out[n++] = (uint8_t)(held >> bits);
	}
	return n == SECRET_BYTES && bits == 0;
}

bool code_digits(struct str secret, instant at, char out[7], struct err *err)
{
	uint8_t key[SECRET_BYTES], counter[8], mac[20];
	if (!read_secret(secret, key))
		return err_set(
			err, ERR_INPUT,
			"The secret is %d letters A to Z and digits 2 to 7, as it was shown with the account",
			SECRET_SYMBOLS);
	uint64_t step = (uint64_t)(at / STEP);
	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)(step >> (56 - 8 * i));
	hash_hmac_sha1(str_from_bytes(key, sizeof key), str_from_bytes(counter, sizeof counter),
	               mac);
	/* RFC 4226, 5.3: dynamic truncation */
	size_t from = mac[19] & 15;
	uint32_t number = (uint32_t)(mac[from] & 0x7f) << 24 | (uint32_t)mac[from + 1] << 16 |
	                  (uint32_t)mac[from + 2] << 8 | mac[from + 3];
	(void)snprintf(out, 7, "%06" PRIu32, number % 1000000);
	return true;
}

static const struct cli_option OPTIONS[] = {
	{ "at", CLI_TEXT, "TIME",
	  "the register's time, when its clock was run ahead; now when left out" },
};

static bool run(struct cli_call *call, struct err *err)
{
	char digits[7];
	instant at = clock_read().wall;
	if ((cli_has(call, "at") && !cli_instant(call, "at", &at, err)) ||
	    !code_digits(call->args[0], at, digits, err))
		return false;
	cli_print(call, "%s", digits);
	return true;
}

const struct cli_command cli_code = {
	.name = "code",
	.arguments = "SECRET",
	.about = "The six digits of an authenticator, in a drill",
	.detail =
		"SECRET is what the demo, or account begin, showed. Of a live account it belongs into an\n"
		"authenticator alone: typed here, it stays in the shell's history.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};

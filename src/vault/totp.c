/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-time codes of a second factor: RFC 6238 over HMAC-SHA-1 (RFC 4226, 5.3). */
#include <sodium.h>

#include "vault/state.h"

#define STEP_SECONDS 30
#define DIGITS 6
#define MODULUS 1000000

static void code_of(const uint8_t secret[VAULT_TOTP_SECRET], int64_t step, char out[DIGITS])
{
	uint8_t counter[8], mac[20];
	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	hash_hmac_sha1(str_from_bytes(secret, VAULT_TOTP_SECRET),
	               str_from_bytes(counter, sizeof counter), mac);
	/* RFC 4226, 5.3: dynamic truncation */
	size_t at = mac[19] & 0x0F;
	uint32_t number = ((uint32_t)(mac[at] & 0x7F) << 24 | (uint32_t)mac[at + 1] << 16 |
	                   (uint32_t)mac[at + 2] << 8 | mac[at + 3]) %
	                  MODULUS;
	for (int i = DIGITS - 1; i >= 0; i--) {
		out[i] = (char)('0' + number % 10);
		number /= 10;
	}
	sodium_memzero(mac, sizeof mac);
}

void vault_totp_make(struct vault *vault, uint8_t secret[VAULT_TOTP_SECRET])
{
	vault_random(vault, secret, VAULT_TOTP_SECRET);
}

void vault_totp_base32(const uint8_t secret[VAULT_TOTP_SECRET], char out[VAULT_TOTP_BASE32])
{
	static const char SYMBOLS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; /* RFC 4648, 6 */
	for (size_t i = 0; i < VAULT_TOTP_BASE32; i++) {
		size_t bit = i * 5;
		unsigned pair = (unsigned)secret[bit / 8] << 8;
		if (bit / 8 + 1 < VAULT_TOTP_SECRET)
			pair |= secret[bit / 8 + 1];
		out[i] = SYMBOLS[pair >> (11 - bit % 8) & 31];
	}
}

bool vault_totp_accepts(const uint8_t secret[VAULT_TOTP_SECRET], struct str code, instant now,
                        int64_t last_step, int64_t *step)
{
	bool is_accepted = false;
	if (code.n != DIGITS || now < 0)
		return false;
	int64_t present = now / INSTANT_PER_SECOND / STEP_SECONDS;
	for (int64_t at = present - 1; at <= present + 1; at++) {
		char right[DIGITS];
		code_of(secret, at, right);
		/* All three are always compared. */
		bool is_equal = sodium_memcmp(right, code.p, DIGITS) == 0;
		if (is_equal && at > last_step) {
			is_accepted = true;
			*step = at;
		}
		sodium_memzero(right, sizeof right);
	}
	return is_accepted;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef CANDOUR_VAULT_PASSWORD_H
#define CANDOUR_VAULT_PASSWORD_H

#include "vault/state.h"

/* Makes the string that an account nobody has is compared with. */
bool password_prepare(struct vault *vault, struct err *err) MUST_USE;

#endif

-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Key slots: n 0 is the register's own, n >= 1 the n-th file's. wrapped is nonce (24), key (32) and
-- tag (16), sealed by the master key; no bytes at all once the key was destroyed.
CREATE TABLE slot (
	n {I64} PRIMARY KEY,
	wrapped {BLOB} NOT NULL
){TAIL};

-- What the vault remembers about itself, each under a tag that only the master key can make:
-- "master" (commitment to the master key) and "shares" (the officers' shares and who read theirs back).
CREATE TABLE kept (
	name TEXT PRIMARY KEY,
	value {BLOB} NOT NULL,
	tag {BLOB} NOT NULL
){TAIL};

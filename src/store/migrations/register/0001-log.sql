-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The tree's hashes: `width` of them, 32 bytes each, of level `level` from number idx * 256 on. One row
-- for each full tile (width 256) and for the partial one at a level's end.
CREATE TABLE tile (
	level {I64} NOT NULL,
	idx {I64} NOT NULL,
	width {I64} NOT NULL,
	hashes {BLOB} NOT NULL,
	PRIMARY KEY (level, idx)
) {TAIL};

-- Every checkpoint ever signed: one root a size, never changed. keyid: the key's id as a number. sig may
-- become NULL in old rows that were not published; the rest stays.
CREATE TABLE signed (
	size {I64} NOT NULL PRIMARY KEY,
	root {BLOB} NOT NULL,
	sig {BLOB},
	keyid {I64} NOT NULL
) {TAIL};

-- Checkpoints as the public sees them: the signed note with its cosignatures.
CREATE TABLE published (
	size {I64} NOT NULL PRIMARY KEY,
	note TEXT NOT NULL
) {TAIL};

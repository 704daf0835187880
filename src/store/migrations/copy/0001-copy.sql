-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a keeper holds of somebody's register: it reads headers, sizes and times. `dark` and
-- `sealed` are ciphertext, and the keys that would open them are wrapped (keys.db, apart).
CREATE TABLE entry (
	idx {I64} NOT NULL PRIMARY KEY,
	size {I64} NOT NULL,
	file {I64} NOT NULL,
	header {BLOB} NOT NULL,
	opener {BLOB} NOT NULL,
	sealed {BLOB},
	dark {BLOB} NOT NULL
) {TAIL};

-- The id that the headers of a numbered file name.
CREATE TABLE file (
	n {I64} NOT NULL PRIMARY KEY,
	id TEXT NOT NULL,
	first {I64} NOT NULL
) {TAIL};

-- Entries by which a file's key was destroyed ("destroyed"), and those whose box is not there
-- ("no-box").
CREATE TABLE mark (
	file {I64} NOT NULL,
	sort TEXT NOT NULL,
	entry {I64} NOT NULL,
	PRIMARY KEY (file, sort, entry)
) {TAIL};

CREATE TABLE signed (
	size {I64} NOT NULL PRIMARY KEY,
	root {BLOB} NOT NULL,
	sig {BLOB},
	keyid {I64} NOT NULL
) {TAIL};

CREATE TABLE published (
	size {I64} NOT NULL PRIMARY KEY,
	note TEXT NOT NULL
) {TAIL};

CREATE TABLE object (
	id TEXT NOT NULL PRIMARY KEY,
	entry {I64} NOT NULL,
	size {I64} NOT NULL,
	digest {BLOB} NOT NULL
) {TAIL};
CREATE TABLE piece (
	object TEXT NOT NULL,
	n {I64} NOT NULL,
	bytes {BLOB} NOT NULL,
	PRIMARY KEY (object, n)
) {TAIL};

-- Rows of the register's other tables, sealed whole; `entry`: of which entry they are, or -1.
CREATE TABLE dark (
	part TEXT NOT NULL,
	n {I64} NOT NULL,
	entry {I64} NOT NULL,
	bytes {BLOB} NOT NULL,
	PRIMARY KEY (part, n)
) {TAIL};

-- How far it came: "now" and "proved" are frontiers of trees.
CREATE TABLE state (
	name TEXT NOT NULL PRIMARY KEY,
	value {BLOB} NOT NULL
) {TAIL};

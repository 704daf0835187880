-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Truth: entry, object, piece, credential, reading, pack. Everything under "views" follows from the
-- entries and can be folded anew. Tables named short_ hold what may be lost.

-- Settings fixed at init: origin, drill, and the like.
CREATE TABLE setting (
	name TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) {TAIL};

-- idx: leaf index. size: the tree size its turn was signed at. file: the file's slot (0 the register's
-- own). A destroyed entry keeps idx, size, file, kind and commitment; the rest is NULL.
CREATE TABLE entry (
	idx {I64} NOT NULL PRIMARY KEY,
	size {I64} NOT NULL,
	file {I64} NOT NULL,
	kind TEXT NOT NULL,
	header {BLOB},
	nonce {BLOB},
	plain TEXT,
	sealed {BLOB},
	commitment {BLOB} NOT NULL
) {TAIL};
CREATE INDEX entry_file ON entry (file, kind, idx);
CREATE INDEX entry_thread ON entry (file, idx);

-- An attachment: sealed once under a key of its own, by pieces. entry NULL: named by a live draft.
-- size, digest: bytes and SHA-256 of all pieces as they lie here; 0 and empty while it still arrives.
CREATE TABLE object (
	id TEXT NOT NULL PRIMARY KEY,
	entry {I64},
	draft TEXT,
	size {I64} NOT NULL,
	digest {BLOB} NOT NULL,
	made {I64} NOT NULL
) {TAIL};
-- Those of drafts, which are few: tidying looks at them alone.
CREATE INDEX object_loose ON object (made) WHERE entry IS NULL;
CREATE TABLE piece (
	object TEXT NOT NULL,
	n {I64} NOT NULL,
	bytes {BLOB} NOT NULL,
	PRIMARY KEY (object, n)
) {TAIL};

-- sort: password (Argon2id string), totp (sealed under slot 0). SHA-256 of bytes is plain in the newest
-- account entry of its account.
CREATE TABLE credential (
	account TEXT NOT NULL,
	sort TEXT NOT NULL,
	bytes {BLOB} NOT NULL,
	PRIMARY KEY (account, sort)
) {TAIL};

-- Who opened which seals: highest entry shown of a file, in a minute. sealed_in: entry readings.sealed
-- that folded it in, NULL while not yet sealed.
CREATE TABLE reading (
	n {I64} NOT NULL PRIMARY KEY,
	account TEXT NOT NULL,
	office TEXT NOT NULL,
	session TEXT NOT NULL,
	file {I64} NOT NULL,
	highest {I64} NOT NULL,
	minute {I64} NOT NULL,
	purpose TEXT NOT NULL,
	sealed_in {I64}
) {TAIL};
CREATE INDEX reading_file ON reading (file, n);
CREATE INDEX reading_account ON reading (account, n);
CREATE INDEX reading_open ON reading (n) WHERE sealed_in IS NULL;

-- Adopted packs, all layers in one text; hash is plain in its entry pack.adopted.
CREATE TABLE pack (
	n {I64} NOT NULL PRIMARY KEY,
	entry {I64} NOT NULL,
	hash {BLOB} NOT NULL,
	text {BLOB} NOT NULL
) {TAIL};

-- Views.

-- finder: 63 bits of the id; its index is small. facts: canonical JSON object of the file's facts. last_office: of the last
-- entry by an office; before any, the one that the type's area names.
CREATE TABLE file (
	n {I64} NOT NULL PRIMARY KEY,
	id TEXT NOT NULL,
	finder {I64} NOT NULL,
	type TEXT NOT NULL,
	number {I64} NOT NULL,
	state {I64} NOT NULL,
	facts TEXT NOT NULL,
	area TEXT NOT NULL,
	first_entry {I64} NOT NULL,
	last_entry {I64} NOT NULL,
	first_office TEXT NOT NULL,
	last_office TEXT NOT NULL,
	open_duties {I64} NOT NULL,
	destroyed {I64}
) {TAIL};
CREATE UNIQUE INDEX file_number ON file (type, number);
CREATE TABLE file_run (
	first {I64} NOT NULL PRIMARY KEY,
	last {I64} NOT NULL,
	level {I64} NOT NULL,
	filter {BLOB} NOT NULL
) {TAIL};
CREATE TABLE file_bucket (
	first {I64} NOT NULL,
	bucket {I64} NOT NULL,
	pairs {BLOB} NOT NULL,
	PRIMARY KEY (first, bucket)
) {TAIL};

-- id: opening entry * 1024 + ordinal; shown as D<entry>.<ordinal>. closed_how: settled, ended.
-- done_at: when what settled it happened, which may be before it was recorded.
CREATE TABLE duty (
	id {I64} NOT NULL PRIMARY KEY,
	file {I64} NOT NULL,
	rule TEXT NOT NULL,
	pack {I64} NOT NULL,
	class {I64} NOT NULL,
	office TEXT NOT NULL,
	opened {I64} NOT NULL,
	started {I64} NOT NULL,
	due {I64} NOT NULL,
	last_day {I64} NOT NULL,
	provisional {I64} NOT NULL,
	earliest {I64},
	agreed {I64},
	ladder TEXT NOT NULL,
	rung {I64} NOT NULL,
	next_at {I64},
	about {I64},
	closed {I64},
	closed_at {I64},
	closed_how TEXT,
	done_at {I64}
) {TAIL};
CREATE INDEX duty_file ON duty (file, id);
CREATE INDEX duty_rule ON duty (file, rule);
CREATE INDEX duty_owed ON duty (office, rule, due);
CREATE INDEX duty_open ON duty (office, due, id) WHERE closed IS NULL;
CREATE INDEX duty_next ON duty (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX duty_due ON duty (due, id) WHERE closed IS NULL;
CREATE INDEX duty_about ON duty (about) WHERE about IS NOT NULL;

-- Further offices that owe a duty together with duty.office.
CREATE TABLE duty_also (
	office TEXT NOT NULL,
	due {I64} NOT NULL,
	duty {I64} NOT NULL,
	PRIMARY KEY (office, due, duty)
) {TAIL};
CREATE INDEX duty_also_duty ON duty_also (duty);

-- Who was told at which rung, and when it was read.
CREATE TABLE climb (
	duty {I64} NOT NULL,
	rung {I64} NOT NULL,
	office TEXT NOT NULL,
	entry {I64} NOT NULL,
	at {I64} NOT NULL,
	vacant {I64} NOT NULL,
	PRIMARY KEY (duty, rung, office)
) {TAIL};

-- removed: the entry that took it away; NULL while it stands.
CREATE TABLE link (
	relation TEXT NOT NULL,
	a {I64} NOT NULL,
	b {I64} NOT NULL,
	entry {I64} NOT NULL,
	removed {I64},
	PRIMARY KEY (a, relation, b)
) {TAIL};
CREATE INDEX link_b ON link (b, relation, a);

-- Patterns that were found on a file: by which entry its pattern duty was opened last (the duty is that
-- entry's first), and the newest entry that tells of it.
CREATE TABLE pattern (
	file {I64} NOT NULL,
	name TEXT NOT NULL,
	opened {I64} NOT NULL,
	newest {I64} NOT NULL,
	PRIMARY KEY (file, name)
) {TAIL};

-- Months of birth of files about people, for the ages that are reached at night.
CREATE TABLE born (
	file {I64} NOT NULL PRIMARY KEY,
	month TEXT NOT NULL
) {TAIL};
CREATE INDEX born_month ON born (month, file);

-- Entries that patterns about offices count: which of them are an office's, by its file. part: 1 made
-- in it, 2 names it. Of kinds that the rules in force counted so when the entry was admitted.
CREATE TABLE office_entry (
	file {I64} NOT NULL,
	part {I64} NOT NULL,
	kind TEXT NOT NULL,
	entry {I64} NOT NULL,
	PRIMARY KEY (file, part, kind, entry)
) {TAIL};

CREATE TABLE office (
	id TEXT NOT NULL PRIMARY KEY,
	role TEXT NOT NULL,
	agency TEXT NOT NULL,
	area TEXT NOT NULL,
	title TEXT NOT NULL,
	file {I64} NOT NULL,
	vacant_since {I64}
) {TAIL};

CREATE TABLE holding (
	office TEXT NOT NULL,
	account TEXT NOT NULL,
	since {I64} NOT NULL,
	until {I64},
	PRIMARY KEY (office, account, since)
) {TAIL};
CREATE INDEX holding_account ON holding (account, office);

-- Deputies named for a time: account may act in office between the instants.
CREATE TABLE deputising (
	office TEXT NOT NULL,
	account TEXT NOT NULL,
	entry {I64} NOT NULL,
	from_at {I64} NOT NULL,
	until_at {I64} NOT NULL,
	PRIMARY KEY (office, account, entry)
) {TAIL};

CREATE TABLE account (
	id TEXT NOT NULL PRIMARY KEY,
	tag TEXT NOT NULL,
	entry {I64} NOT NULL,
	newest {I64} NOT NULL,
	ended {I64}
) {TAIL};
CREATE UNIQUE INDEX account_tag ON account (tag);

-- Break-glass: account may read file until then.
CREATE TABLE broken (
	file {I64} NOT NULL,
	account TEXT NOT NULL,
	until_at {I64} NOT NULL,
	entry {I64} NOT NULL,
	PRIMARY KEY (file, account, entry)
) {TAIL};

-- Words that fewer may read: of the whole file, or of the entries in restriction_entry; in both, those whose
-- `opened` is an entry may be read again. entry: by which it was placed, or renewed last; first, since: placed
-- first. readers: who placed it and who may read on. ended: the entry that lifted or replaced it.
CREATE TABLE restriction (
	entry {I64} NOT NULL PRIMARY KEY,
	file {I64} NOT NULL,
	first {I64} NOT NULL,
	office TEXT NOT NULL,
	reason TEXT NOT NULL,
	since {I64} NOT NULL,
	until_at {I64} NOT NULL,
	renewals {I64} NOT NULL,
	whole {I64} NOT NULL,
	ended {I64}
) {TAIL};
CREATE INDEX restriction_file ON restriction (file, entry) WHERE ended IS NULL;
CREATE INDEX restriction_until ON restriction (until_at, entry) WHERE ended IS NULL;
CREATE TABLE restriction_entry (
	restriction {I64} NOT NULL,
	entry {I64} NOT NULL,
	opened {I64},
	PRIMARY KEY (restriction, entry)
) {TAIL};
CREATE TABLE restriction_reader (
	restriction {I64} NOT NULL,
	office TEXT NOT NULL,
	PRIMARY KEY (restriction, office)
) {TAIL};

-- Return codes' tags, numbered from 1, found by runs of their finders (casebook/tags.h), 63 bits each.
CREATE TABLE code (
	n {I64} NOT NULL PRIMARY KEY,
	file {I64} NOT NULL,
	tag TEXT NOT NULL,
	finder {I64} NOT NULL
) {TAIL};
CREATE UNIQUE INDEX code_file ON code (file, tag);
CREATE TABLE code_run (
	first {I64} NOT NULL PRIMARY KEY,
	last {I64} NOT NULL,
	level {I64} NOT NULL,
	filter {BLOB} NOT NULL
) {TAIL};
CREATE TABLE code_bucket (
	first {I64} NOT NULL,
	bucket {I64} NOT NULL,
	pairs {BLOB} NOT NULL,
	PRIMARY KEY (first, bucket)
) {TAIL};

-- Acts that wait for a second reader. open NULL when answered.
CREATE TABLE waiting (
	entry {I64} NOT NULL PRIMARY KEY,
	file {I64} NOT NULL,
	kind TEXT NOT NULL,
	account TEXT NOT NULL,
	office TEXT NOT NULL,
	roles TEXT NOT NULL,
	given TEXT NOT NULL,
	until_at {I64} NOT NULL,
	closed {I64}
) {TAIL};
CREATE INDEX waiting_file ON waiting (file, entry) WHERE closed IS NULL;

-- Newest plain value of fields that entry.corrected mended.
CREATE TABLE corrected (
	of_entry {I64} NOT NULL,
	field TEXT NOT NULL,
	value TEXT NOT NULL,
	entry {I64} NOT NULL,
	PRIMARY KEY (of_entry, field)
) {TAIL};

-- Short-lived.
-- What the YAML of an adopted pack says, so that it is not read anew by each command. tag: keyed, of the row and
-- of the hash of the text that it was read from (casebook/packs.h).
CREATE TABLE short_pack (
	n {I64} NOT NULL PRIMARY KEY,
	parsed {BLOB} NOT NULL,
	tag {BLOB} NOT NULL
) {TAIL};
-- Packs that wait for the independent scrutineer, by the entry act.waiting, which names their hash.
CREATE TABLE short_proposed (
	entry {I64} NOT NULL PRIMARY KEY,
	text {BLOB} NOT NULL
) {TAIL};
-- Submissions in the order they came, found by runs of their tags (casebook/tags.h).
CREATE TABLE short_submission (
	n {I64} NOT NULL PRIMARY KEY,
	tag {I64} NOT NULL,
	act {BLOB} NOT NULL,
	entry {I64} NOT NULL,
	at {I64} NOT NULL
) {TAIL};
CREATE TABLE short_submission_run (
	first {I64} NOT NULL PRIMARY KEY,
	last {I64} NOT NULL,
	level {I64} NOT NULL,
	filter {BLOB} NOT NULL
) {TAIL};
CREATE TABLE short_submission_bucket (
	first {I64} NOT NULL,
	bucket {I64} NOT NULL,
	pairs {BLOB} NOT NULL,
	PRIMARY KEY (first, bucket)
) {TAIL};
-- hash: keyed, of what the browser or the program holds. tag: keyed, of the whole row; a row whose tag
-- is wrong is as if it were not there (casebook/credential.h).
CREATE TABLE short_session (
	hash {BLOB} NOT NULL PRIMARY KEY,
	account TEXT NOT NULL,
	office TEXT NOT NULL,
	made {I64} NOT NULL,
	used {I64} NOT NULL,
	proved {I64} NOT NULL,
	tag {BLOB} NOT NULL
) {TAIL};
CREATE TABLE short_signed_in (
	account TEXT NOT NULL PRIMARY KEY,
	at {I64} NOT NULL,
	tag {BLOB} NOT NULL
) {TAIL};
CREATE TABLE short_token (
	hash {BLOB} NOT NULL PRIMARY KEY,
	account TEXT NOT NULL,
	office TEXT NOT NULL,
	entry {I64} NOT NULL,
	until_at {I64} NOT NULL,
	tag {BLOB} NOT NULL
) {TAIL};
CREATE TABLE short_draft (
	id TEXT NOT NULL PRIMARY KEY,
	owner TEXT NOT NULL,
	bytes {BLOB} NOT NULL,
	made {I64} NOT NULL,
	used {I64} NOT NULL
) {TAIL};
CREATE INDEX short_draft_owner ON short_draft (owner, id);
CREATE INDEX short_draft_used ON short_draft (used);
CREATE TABLE short_totp (
	account TEXT NOT NULL PRIMARY KEY,
	step {I64} NOT NULL,
	tries {I64} NOT NULL,
	wait_until {I64} NOT NULL
) {TAIL};
CREATE TABLE short_refusal (
	account TEXT NOT NULL,
	hour {I64} NOT NULL,
	count {I64} NOT NULL,
	PRIMARY KEY (account, hour)
) {TAIL};
-- Keys of files that are to go, as entry file.destroyed says.
CREATE TABLE short_disposal (
	file {I64} NOT NULL PRIMARY KEY,
	entry {I64} NOT NULL
) {TAIL};
CREATE TABLE short_state (
	name TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) {TAIL};

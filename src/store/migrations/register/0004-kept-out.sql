-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Whom a file was refused to that they had read before in that office; reading: the newest before it. looked: a night has
-- looked whether they began what the rules watch over (casebook/kept_out.c).
CREATE TABLE short_kept_out (
	account TEXT NOT NULL,
	file {I64} NOT NULL,
	office TEXT NOT NULL,
	reading {I64} NOT NULL,
	at {I64} NOT NULL,
	looked {I64} NOT NULL,
	PRIMARY KEY (account, file, office)
) {TAIL};
CREATE INDEX short_kept_out_new ON short_kept_out (account, file, office) WHERE looked = 0;

-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What an office owes by a rule now, what is due first on top: what was done long since is in no one's way
-- (casebook/undecided.c).
CREATE INDEX duty_undone ON duty (office, rule, due, id) WHERE closed IS NULL;

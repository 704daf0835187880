-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What is still owed on a file, among all that was owed there in years (casebook/world.c).
CREATE INDEX duty_closed ON duty (file, closed, id);

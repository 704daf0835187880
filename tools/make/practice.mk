# SPDX-License-Identifier: AGPL-3.0-or-later
# A drill register with people and concerns, for looking at the practice pages:
# `$(BUILD)/tests/web/serve_practice 127.0.0.1:8080` prints who can sign in.

$(BUILD)/tests/web/serve_practice: tests/web/serve_practice.c tests/casebook/fixture.h $(call libs_upto,web)
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CFLAGS_ALL) -Itests $(LINK) -o $@ $< $(call libs_upto,web) -lcmocka $(LIBS)

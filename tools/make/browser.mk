# SPDX-License-Identifier: AGPL-3.0-or-later
# A drill register to look at pages with: `$(BUILD)/tests/web/serve_drill 127.0.0.1:8080`.

$(BUILD)/tests/web/serve_drill: tests/web/serve_drill.c $(call libs_upto,web)
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CFLAGS_ALL) -Itests $(LINK) -o $@ $< $(call libs_upto,web) $(LIBS)

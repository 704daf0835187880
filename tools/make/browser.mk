# SPDX-License-Identifier: AGPL-3.0-or-later
# Pages in Debian's Chromium: every page with axe at 320 and 1280 px, by keyboard, without script, nothing
# from other hosts. Part of `make check`; pictures of every page go to $(BUILD)/pictures with PICTURES=1.

define SERVE_RULE
$(BUILD)/tests/web/$(1): tests/web/$(1).c $(wildcard tests/casebook/*.h tests/web/*.h) $(call libs_upto,web)
	@mkdir -p $$(@D)
	@echo "  test  $$<"
	@$$(CC) $$(CFLAGS_TEST) $$(LINK) -o $$@ $$< $(call libs_upto,web) -lcmocka $$(LIBS)
endef
$(eval $(call SERVE_RULE,serve_drill))
$(eval $(call SERVE_RULE,serve_practice))
$(eval $(call SERVE_RULE,serve_child))
$(eval $(call SERVE_RULE,serve_other))

BROWSER_TEST := $(BUILD)/tests/browser/pages
$(BROWSER_TEST): tests/browser/run $(wildcard tests/browser/*.mjs) $(BUILD)/tests/web/serve_drill $(BUILD)/tests/web/serve_practice $(BUILD)/tests/web/serve_child \
		$(BUILD)/tests/web/serve_other
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec tests/browser/run $(BUILD) $(if $(PICTURES),$(BUILD)/pictures)\n' > $@
	@chmod +x $@

.PHONY: check-browser
check-browser: deps-browser $(BROWSER_TEST)
	@tools/run-tests $(BROWSER_TEST)

ALL_TESTS += $(BROWSER_TEST)

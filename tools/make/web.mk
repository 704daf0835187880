# SPDX-License-Identifier: AGPL-3.0-or-later
# Room web: what it carries, the official cases of Mustache, the smallest server.
# Included behind gen.mk and before the rules of rooms.

# Templates and assets as tables: web_template_files, web_asset_files.
WEB_TEMPLATES := $(sort $(shell find templates -name '*.mustache' 2>/dev/null))
WEB_ASSETS    := $(BUILD)/assets/candour.css $(BUILD)/assets/candour.js $(BUILD)/assets/verify.js

ifneq ($(WEB_TEMPLATES),)
GEN_OBJ_web := $(BUILD)/gen/web_templates.o $(BUILD)/gen/web_assets.o
endif

# With the script of a saved receipt, which is made.
WEB_SCRIPT := $(BUILD)/assets/templates/public/receipt-script.mustache
$(BUILD)/gen/web_templates.c: $(WEB_TEMPLATES) $(BUILD)/assets/stamp $(BUILD)/tools/embed
	@mkdir -p $(@D)
	@echo "  embed templates"
	@$(BUILD)/tools/embed $@ web_template_files templates:$(BUILD)/assets/templates $(WEB_TEMPLATES) $(WEB_SCRIPT)

$(BUILD)/assets/stamp: $(wildcard assets/*.scss assets/*.js) package-lock.json tools/assets tools/beside.mjs
	@echo "  assets"
	@tools/deps assets
	@tools/assets $(BUILD)
	@touch $@

$(BUILD)/gen/web_assets.c: $(BUILD)/assets/stamp $(BUILD)/tools/embed
	@mkdir -p $(@D)
	@echo "  embed assets"
	@$(BUILD)/tools/embed --assets $@ web_asset_files $(BUILD)/assets $(WEB_ASSETS)

# CANDOUR_MUSTACHE_SPEC names a folder with the JSON files of github.com/mustache/spec (specs/);
# without it our own cases run alone.
.PHONY: check-mustache
check-mustache: deps-check
	@$(MAKE) --no-print-directory -s $(BUILD)/tests/web/test_mustache_spec
	@$(BUILD)/tests/web/test_mustache_spec 2>&1

# The smallest server, for measuring: `$(BUILD)/tests/web/hello 127.0.0.1:8080`, then wrk.
$(BUILD)/tests/web/hello: tests/web/hello.c tests/web/hello.h $(BUILD)/lib/libweb.a $(BUILD)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CFLAGS_TEST) $(LINK) -o $@ $< $(filter %.a,$^) $(LIBS)

# SPDX-License-Identifier: AGPL-3.0-or-later
# The dated cases, under several zones of the process: none may change a due time.
# CANDOUR_DATED_CASES=FILE runs another file of the same form.

DATED_ZONES := UTC Europe/London America/Los_Angeles Asia/Kathmandu Pacific/Apia

$(BUILD)/tests/pack/dated: tests/pack/dated.c tests/pack/calendars.h $(call libs_upto,pack)
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CFLAGS_TEST) $(LINK) -o $@ $< $(call libs_upto,pack) $(LIBS)

.PHONY: check-dated
check-dated: deps-check
	@$(MAKE) --no-print-directory -s $(BUILD)/tests/pack/dated
	@for zone in $(DATED_ZONES); do TZ=$$zone $(BUILD)/tests/pack/dated || exit $$?; done

# SPDX-License-Identifier: AGPL-3.0-or-later
# The England pack in a running register: worked histories, every duty, what may not be done.

TESTS_england := $(patsubst tests/england/%.c,$(BUILD)/tests/england/%,$(wildcard tests/england/test_*.c))
ALL_TESTS += $(TESTS_england)
.PHONY: check-england
check-england: $(TESTS_england) $(BUILD)/rooms.ok
	@tools/run-tests $(TESTS_england)
$(TESTS_england): $(BUILD)/tests/england/%: tests/england/%.c $(wildcard tests/england/*.h tests/casebook/fixture.h) $(call libs_upto,clock)
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CFLAGS_TEST) $(LINK) -MMD -MP -MF $@.d -o $@ $< $(call libs_upto,clock) -lcmocka $(LIBS)

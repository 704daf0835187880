# SPDX-License-Identifier: AGPL-3.0-or-later
# The transparency log judged by vectors: CANDOUR_VECTORS names the folder, else tests/data/tlog.

VECTORS_SRC := $(wildcard tests/log/vectors*.c)

$(BUILD)/tests/log/vectors: $(VECTORS_SRC) tests/log/vectors.h $(call libs_upto,log)
	@mkdir -p $(@D)
	@echo "  test  tests/log/vectors.c"
	@$(CC) $(CFLAGS_TEST) $(LINK) -o $@ $(VECTORS_SRC) $(call libs_upto,log) $(LIBS)

.PHONY: check-vectors
check-vectors: deps-check
	@$(MAKE) --no-print-directory -s $(BUILD)/tests/log/vectors
	@$(BUILD)/tests/log/vectors

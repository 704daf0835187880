# SPDX-License-Identifier: AGPL-3.0-or-later
# Measurements. Each bench/bench_NOUN.c is a program; bench/run runs them all and prints what stands in
# bench/RESULTS.md. They speak to libraries directly and are no part of the rooms.

BENCHES := $(patsubst bench/%.c,$(BUILD)/bench/%,$(wildcard bench/bench_*.c))
BENCH_LIBS := $(foreach r,$(call reverse,$(filter-out web cli,$(BUILT))),$(BUILD)/lib/lib$(r).a)

$(BUILD)/bench/%: bench/%.c $(BENCH_LIBS)
	@mkdir -p $(@D)
	@echo "  bench $<"
	@$(CC) $(STD) -O2 -g -Wall -Wextra -Isrc -pthread $(if $(SAN),$(HARDEN) $(LINK)) -o $@ $< $(BENCH_LIBS) $(LIBS)

.PHONY: bench
bench: deps-long all $(BENCHES)
	@bench/run $(BUILD)

# SPDX-License-Identifier: AGPL-3.0-or-later
# Measurements. Each bench/bench_NOUN.c is a program; bench/run runs them all, prints each figure beside
# its bar and fails when one is missed. They speak to libraries directly and are no part of the rooms.
# BENCH_FLAGS go to bench/run: "--quick", "--entries 5000000", "--only pages,peer", "--pack england".

BENCHES := $(patsubst bench/%.c,$(BUILD)/bench/%,$(wildcard bench/bench_*.c bench/linkage/bench_*.c))
BENCH_LIBS := $(foreach r,$(call reverse,$(filter-out web cli,$(BUILT))),$(BUILD)/lib/lib$(r).a)

$(BUILD)/bench/%: bench/%.c $(BENCH_LIBS)
	@mkdir -p $(@D)
	@echo "  bench $<"
	@$(CC) $(STD) -O2 -g -Wall -Wextra -Isrc -pthread $(if $(SAN),$(HARDEN) $(LINK)) $(WRAP) -o $@ $< $(WITH) $(BENCH_LIBS) $(LIBS)

# Two of them serve pages.
SERVING := $(BUILD)/bench/bench_witness $(BUILD)/bench/bench_served_log
$(SERVING): $(BUILD)/lib/libweb.a
$(SERVING): WITH := $(BUILD)/lib/libweb.a

# The fold alone is timed by functions that the linker puts around those of the casebook.
WRAPPED := fold_before fold_entry fold_refresh fold_end_act turn_patterns turn_register_entry
$(BUILD)/bench/bench_linked: WRAP := $(WRAPPED:%=-Wl,--wrap=%)

.PHONY: bench
bench: deps-long all $(BENCHES) $(BUILD)/tests/web/serve_child
	@bench/run $(BUILD) $(BENCH_FLAGS)

# Linkage beside its peers: takes an hour with all of them. LINK_FOLDER keeps what is made (people, peers) for the next time.
LINK_FOLDER ?= $(BUILD)/bench-link
.PHONY: bench-link
bench-link: all
	@bench/linkage/race.py $(BUILD) --folder $(LINK_FOLDER) --write bench/RESULTS.md $(LINK_FLAGS)

# The log for outsiders: witnesses, tiles, the gate at the start, and Tessera's log beside ours (where Go can be had).
.PHONY: bench-outside
bench-outside: deps-long all $(BENCHES)
	@bench/outside.py $(BUILD) --peers $(INTEROP_FOLDER) $(OUTSIDE_FLAGS)

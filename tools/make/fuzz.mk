# SPDX-License-Identifier: AGPL-3.0-or-later
# Fuzzing. fuzz/fuzz_NOUN.c is a target, fuzz/corpus/NOUN/ its kept inputs, fuzz/NOUN.dict (if
# there) its words. `make fuzz` runs each for FUZZ_SECONDS with clang's libFuzzer; `make check`
# replays the kept inputs without it. Include this behind check.mk.

FUZZ_SECONDS ?= 20
FUZZ_SEED    ?= 0 # 0: another one each time
FUZZ_CC      ?= clang-14
FUZZ_NOUNS   := $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c))
FUZZ_ROOMS   := $(filter-out cli,$(BUILT))
FUZZ_SAN     := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_FLAGS   := $(STD) -O1 -g $(FUZZ_SAN) -Isrc -I$(BUILD)/gen -DCANDOUR_VERSION='"$(VERSION)"' -pthread

# --- replay: a test program for each target ---------------------------------------------------
FUZZ_REPLAYS := $(patsubst %,$(BUILD)/tests/fuzz/%,$(FUZZ_NOUNS))
FUZZ_LIBS    := $(foreach r,$(call reverse,$(FUZZ_ROOMS)),$(BUILD)/lib/lib$(r).a)

$(BUILD)/tests/fuzz/%: fuzz/fuzz_%.c fuzz/replay.c fuzz/target.h $(FUZZ_LIBS)
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CFLAGS_ALL) -DCORPUS='"fuzz/corpus/$*"' $(LINK) -o $@ $< fuzz/replay.c $(FUZZ_LIBS) $(LIBS)

.PHONY: check-fuzz
check-fuzz: $(FUZZ_REPLAYS)
	@tools/run-tests $(FUZZ_REPLAYS)

ALL_TESTS += $(FUZZ_REPLAYS)

# --- libFuzzer --------------------------------------------------------------------------------
# What reads strangers' bytes once more, with clang and its counters: four rooms whole, and of others the files that
# the targets speak to. The rest is linked as it was built.
FUZZ_WHOLE := base match log pack
FUZZ_PARTS := src/casebook/codes.c $(patsubst %,src/web/%.c,cookie form gate multipart mustache mustache_parse token)
FUZZ_OBJ   := $(patsubst src/%.c,$(BUILD)/fuzz/obj/%.o,$(foreach r,$(FUZZ_WHOLE),$(wildcard src/$(r)/*.c)) $(FUZZ_PARTS))

$(BUILD)/fuzz/obj/%.o: src/%.c $(wildcard src/*/*.h) | $(GEN_HEADERS)
	@mkdir -p $(@D)
	@echo "  fuzz  $<"
	@$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link $(FIRST) -include src/base/banned.h -c -o $@ $<
$(BUILD)/fuzz/obj/base/yaml.o: FIRST := -include libfyaml.h
$(BUILD)/fuzz/obj/log/mirror.o: FIRST := -D_GNU_SOURCE

# An archive, of which a target takes what it needs; the first that holds a name gives it.
$(BUILD)/fuzz/libread.a: $(FUZZ_OBJ)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/fuzz/bin/%: fuzz/fuzz_%.c fuzz/target.h $(BUILD)/fuzz/libread.a $(FUZZ_LIBS)
	@mkdir -p $(@D)
	@echo "  fuzz  $<"
	@$(FUZZ_CC) $(FUZZ_FLAGS) -DFUZZ_MUTATES -fsanitize=fuzzer -o $@ $< $(BUILD)/fuzz/libread.a $(FUZZ_LIBS) $(LIBS)

# New inputs go to the build folder; one that fails is kept beside them, by name and number.
define FUZZ_RUN
.PHONY: fuzz-$(1)
fuzz-$(1): $(BUILD)/fuzz/bin/$(1)
	@mkdir -p $(BUILD)/fuzz/corpus/$(1) $(BUILD)/fuzz/failed
	@echo "  fuzz  $(1), $(FUZZ_SECONDS) seconds"
	@$$< -max_total_time=$(FUZZ_SECONDS) -seed=$(FUZZ_SEED) -timeout=25 -rss_limit_mb=2048 \
		-verbosity=0 -print_funcs=0 -print_final_stats=1 \
		-artifact_prefix=$(BUILD)/fuzz/failed/$(1)- $(if $(wildcard fuzz/$(1).dict),-dict=fuzz/$(1).dict) \
		$(BUILD)/fuzz/corpus/$(1) fuzz/corpus/$(1) > $(BUILD)/fuzz/$(1).log 2>&1 \
		|| { tail -40 $(BUILD)/fuzz/$(1).log; exit 1; }
	@sed -n 's/^stat::number_of_executed_units: */          inputs tried: /p' $(BUILD)/fuzz/$(1).log
endef
$(foreach n,$(FUZZ_NOUNS),$(eval $(call FUZZ_RUN,$(n))))

.PHONY: fuzz
fuzz: deps-fuzz
	@$(MAKE) --no-print-directory $(JOBS) $(patsubst %,fuzz-%,$(FUZZ_NOUNS))

# SPDX-License-Identifier: AGPL-3.0-or-later
# Tests: one program for each tests/ROOM/test_NOUN.c, linked with its room and those below.

define TEST_RULES
TESTS_$(1) := $(patsubst tests/$(1)/%.c,$(BUILD)/tests/$(1)/%,$(wildcard tests/$(1)/test_*.c))
.PHONY: check-$(1)
check-$(1): $$(TESTS_$(1)) $(BUILD)/rooms.ok
	@tools/run-tests $$(TESTS_$(1))
$$(TESTS_$(1)): $(BUILD)/tests/$(1)/%: tests/$(1)/%.c $(wildcard tests/$(1)/*.h tests/*.h) $(call libs_upto,$(1))
	@mkdir -p $$(@D)
	@echo "  test  $$<"
	@$$(CC) $$(CFLAGS_TEST) $$(LINK) -MMD -MP -MF $$@.d -o $$@ $$< $(call libs_upto,$(1)) -lcmocka $$(LIBS)
endef
# The command line is tried as a program.
check-cli: $(BUILD)/candour
TESTED := $(foreach r,$(BUILT),$(if $(wildcard tests/$(r)/test_*.c),$(r)))
$(foreach r,$(TESTED),$(eval $(call TEST_RULES,$(r))))
ALL_TESTS := $(foreach r,$(TESTED),$(TESTS_$(r)))

# One run of everything, with one closing count. Programs that count for themselves print the same words.
$(BUILD)/tests/kill/kill: tests/kill/kill.py $(BUILD)/candour
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec python3 tests/kill/kill.py $(BUILD)/candour 10 1000\n' > $@
	@chmod +x $@
ALL_TESTS += $(BUILD)/tests/kill/kill

# Yesterday's backup is started beside a witness that saw more; two servers of one folder.
$(BUILD)/tests/fork/fork: tests/fork/fork.py $(BUILD)/candour
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec python3 tests/fork/fork.py $(BUILD)/candour\n' > $@
	@chmod +x $@
ALL_TESTS += $(BUILD)/tests/fork/fork
.PHONY: check-fork
check-fork: $(BUILD)/tests/fork/fork
	@tools/run-tests $<

# Three registers that cosign each other while a witness is killed now and then.
$(BUILD)/tests/kill/witnesses: tests/kill/witnesses.py tests/interop/running.py $(BUILD)/candour
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec python3 tests/kill/witnesses.py $(BUILD)/candour\n' > $@
	@chmod +x $@
ALL_TESTS += $(BUILD)/tests/kill/witnesses

# What is wrong, over every surface of the running program; each row is one test.
$(BUILD)/tests/bad/bad: tests/bad/bad.py $(BUILD)/candour
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec python3 tests/bad/bad.py $(BUILD)/candour\n' > $@
	@chmod +x $@
ALL_TESTS += $(BUILD)/tests/bad/bad
.PHONY: check-bad
check-bad: $(BUILD)/tests/bad/bad
	@tools/run-tests $<

# The tutorial is run as it is written, and every command that the documents name is one.
$(BUILD)/tests/docs/docs: tests/docs/docs.py $(BUILD)/candour
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec python3 tests/docs/docs.py $(BUILD)/candour\n' > $@
	@chmod +x $@
ALL_TESTS += $(BUILD)/tests/docs/docs
.PHONY: check-docs
check-docs: $(BUILD)/tests/docs/docs
	@tools/run-tests $<

# What the public reads: easy words, and none that labels.
$(BUILD)/tests/words/words: tests/words/words.py
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec python3 tests/words/words.py\n' > $@
	@chmod +x $@
ALL_TESTS += $(BUILD)/tests/words/words
# What the program itself may not say: words of one country's law and practice belong to its pack.
$(BUILD)/tests/words/domain: tests/words/domain.py tests/words/domain.txt
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec python3 tests/words/domain.py\n' > $@
	@chmod +x $@
ALL_TESTS += $(BUILD)/tests/words/domain
.PHONY: check-words
check-words: $(BUILD)/tests/words/words $(BUILD)/tests/words/domain
	@tools/run-tests $^

# Packages first, then the program, then the tests: one after the other also under -j.
.PHONY: check
check: deps-browser
	@$(MAKE) --no-print-directory $(JOBS) all
	@$(MAKE) --no-print-directory $(JOBS) check-run

# The long forms of what `make check` does in short; other parts of the build may add to it.
.PHONY: check-long
check-long:: deps-check $(BUILD)/tests/casebook/test_random_packs
	@CANDOUR_RANDOM_PACKS=10000 $(BUILD)/tests/casebook/test_random_packs

check-long:: $(BUILD)/tests/cli/test_histories
	@CANDOUR_HISTORIES_COUNT=100000 $(BUILD)/tests/cli/test_histories

# A million pairs of words, and as many of bytes that are no text, beside the plain form.
check-long:: $(BUILD)/tests/match/test_similar
	@CANDOUR_SIMILAR_PAIRS=1000000 $(BUILD)/tests/match/test_similar

# Every page by every rule at both widths, by day and by night.
check-long:: deps-browser all $(BUILD)/tests/browser/pages
	@CANDOUR_LOOK=long tools/run-tests $(BUILD)/tests/browser/pages

# 20,000 crash points over 500 seeds; 200 kills under 20,000 submissions, and of witnesses under 10,000; ten minutes of
# fuzzing a parser.
check-long:: all
	@$(BUILD)/candour simulate --packs tests/data/packs --seeds 500 --crashes 40
	@python3 tests/kill/kill.py $(BUILD)/candour 200 20000
	@python3 tests/kill/witnesses.py $(BUILD)/candour 10000 1000
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=600

# SPDX-License-Identifier: AGPL-3.0-or-later
# Candour: `make` builds, `make demo` shows, `make check` proves. `make help` lists the rest.

# Sanitised objects lie apart.
BUILD   ?= build$(if $(SAN),/san-$(SAN))
PREFIX  ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC := gcc
endif
SAN     ?=
VERSION := 0.1.0

ROOMS := base store match vault log pack casebook clock people scrutiny web cli
# The rooms that hold code, in order: each may use those before it.
BUILT := $(foreach r,$(ROOMS),$(if $(wildcard src/$(r)/*.c),$(r)))

STD    := -std=c17 -D_POSIX_C_SOURCE=200809L
WARN   := -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes \
          -Wmissing-prototypes -Wold-style-definition -Wvla -Walloca -Wformat=2 -Wcast-qual \
          -Wcast-align=strict -Wwrite-strings -Wpointer-arith -Wundef -Wnull-dereference \
          -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wswitch-enum -Wdouble-promotion \
          -Wimplicit-fallthrough=5 -Wdate-time -Wframe-larger-than=16384
HARDEN := -O2 -g -ffunction-sections -fstack-protector-strong -fstack-clash-protection -fcf-protection \
          -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks -fPIE -U_FORTIFY_SOURCE \
          -D_FORTIFY_SOURCE=3
LINK   := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed -Wl,--gc-sections \
          -Wl,-z,pack-relative-relocs
ifeq ($(SAN),1)
HARDEN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -fPIE
LINK   := -pie -fsanitize=address,undefined
# The sanitisers' own instrumentation trips the first, and makes frames several times as large.
WARN   := $(filter-out -Wnull-dereference -Wframe-larger-than=%,$(WARN)) -Wframe-larger-than=65536
endif
ifeq ($(SAN),thread)
HARDEN := -O1 -g -fsanitize=thread -fPIE
LINK   := -pie -fsanitize=thread
WARN   := $(filter-out -Wnull-dereference,$(WARN))
endif

CFLAGS_ALL = $(STD) $(WARN) $(HARDEN) -Isrc -I$(BUILD)/gen -ffile-prefix-map=$(CURDIR)=. \
             -DCANDOUR_VERSION='"$(VERSION)"' -pthread $(CFLAGS)
# A test is compiled to be run once: five times as fast as with the optimiser, which its rooms have had.
CFLAGS_TEST = $(filter-out -O2 -O1 -D_FORTIFY_SOURCE=3 -Wframe-larger-than=%,$(CFLAGS_ALL)) -Itests
# Linked in as archives, for half of a short command's time would else go into loading them; DYNAMIC=1 takes the
# machine's shared ones. libmicrohttpd is not among them: web takes it in when pages are served.
LINKED := sqlite3 sodium crypto jansson fyaml utf8proc gfshare
LIBS   := $(if $(DYNAMIC),$(LINKED:%=-l%),$(LINKED:%=-l:lib%.a)) -lqrencode -lm -pthread

# As many compilers as there are processors, unless the caller says how many.
JOBS = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

# Packages are installed before anything is compiled, also under -j.
.PHONY: all
all: deps-build
	@$(MAKE) --no-print-directory $(JOBS) $(BUILD)/candour

include tools/make/deps.mk
include tools/make/gen.mk
include tools/make/web.mk

# --- rooms: one static library each -----------------------------------------------------------
define ROOM_RULES
SRC_$(1)  := $(wildcard src/$(1)/*.c)
OBJ_$(1)  := $$(patsubst src/%.c,$(BUILD)/obj/%.o,$$(SRC_$(1))) $$(GEN_OBJ_$(1))
LIB_$(1)  := $(BUILD)/lib/lib$(1).a
$$(LIB_$(1)): $$(OBJ_$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach r,$(BUILT),$(eval $(call ROOM_RULES,$(r))))

$(BUILD)/obj/%.o: src/%.c | $(GEN_HEADERS)
	@mkdir -p $(@D)
	@echo "  cc    $<"
	@$(CC) $(CFLAGS_ALL) $(FIRST) -include src/base/banned.h -MMD -MP -c -o $@ $<

# Its header speaks of alloca and scanf, so it must be read before they are banned.
$(BUILD)/obj/base/yaml.o: FIRST := -include libfyaml.h
# Who is at the other end of a socket is told to GNU programs alone; wiping and hidden typing likewise.
$(BUILD)/obj/cli/frame.o $(BUILD)/obj/cli/terminal.o $(BUILD)/obj/log/mirror.o: FIRST := -D_GNU_SOURCE

# Libraries of a room and of all below it, topmost first, as the linker wants them.
upto = $(if $(2),$(if $(filter $(1),$(firstword $(2))),$(1),$(firstword $(2)) $(call upto,$(1),$(wordlist 2,99,$(2)))))
reverse = $(if $(1),$(call reverse,$(wordlist 2,99,$(1))) $(firstword $(1)))
libs_upto = $(foreach r,$(call reverse,$(call upto,$(1),$(BUILT))),$(BUILD)/lib/lib$(r).a)

$(BUILD)/candour: $(foreach r,$(call reverse,$(BUILT)),$(BUILD)/lib/lib$(r).a) $(BUILD)/rooms.ok
	@echo "  link  $@"
	@$(CC) $(CFLAGS_ALL) $(LINK) -o $@ $(BUILD)/obj/cli/main.o $(filter %.a,$^) $(LIBS)

# The order of rooms, and no markup in C, are checked in every build.
$(BUILD)/rooms.ok: $(wildcard src/*/*.[ch]) tools/rooms tools/no-html tools/banned
	@mkdir -p $(@D)
	@tools/rooms
	@tools/no-html
	@tools/banned
	@touch $@

# --- tests -------------------------------------------------------------------------------------
include tools/make/check.mk
include tools/make/england.mk
include tools/make/vectors.mk
include tools/make/dated.mk
include tools/make/fuzz.mk
-include tools/make/browser.mk
-include tools/make/bench.mk
include tools/make/interop.mk

.PHONY: check-run
check-run: $(ALL_TESTS) $(BUILD)/tests/log/vectors $(BUILD)/tests/pack/dated
	@tools/run-tests $(ALL_TESTS) $(BUILD)/tests/log/vectors $(BUILD)/tests/pack/dated

# --- use ---------------------------------------------------------------------------------------
.PHONY: demo
demo: all
	@$(BUILD)/candour demo $(if $(DEMO_DIR),$(DEMO_DIR))

.PHONY: install
install: all
	@mkdir -p $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/candour $(DESTDIR)$(PREFIX)/share/man/man1
	@install -m 0755 $(BUILD)/candour $(DESTDIR)$(PREFIX)/bin/candour
	@rm -rf $(DESTDIR)$(PREFIX)/share/candour/packs && cp -R packs $(DESTDIR)$(PREFIX)/share/candour/packs
	@for page in man/*.1; do install -m 0644 "$$page" $(DESTDIR)$(PREFIX)/share/man/man1/; done
	@echo "Installed in $(DESTDIR)$(PREFIX)"

.PHONY: help
help:
	@echo "make             the program, build/candour"
	@echo "make demo        Northmere, a synthetic partnership, in your browser"
	@echo "make check       every test (SAN=1: with sanitisers)"
	@echo "make check-long  the long forms"
	@echo "make interop     other people's software on our log, and ours on theirs (needs Go)"
	@echo "make fuzz        fuzz every parser (FUZZ_SECONDS=600)"
	@echo "make bench       every measurement beside its bar (BENCH_FLAGS=--quick)"
	@echo "make bench-link  linkage beside its peers (LINK_FLAGS='--sizes 100000 --large=')"
	@echo "make bench-outside  witnesses, tiles, and another log beside ours (OUTSIDE_FLAGS=--quick)"
	@echo "make install     PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)"

.PHONY: clean
clean:
	rm -rf $(BUILD)

-include $(shell test -d $(BUILD)/obj && find $(BUILD)/obj $(BUILD)/tests -name '*.d' 2>/dev/null)

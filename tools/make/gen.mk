# SPDX-License-Identifier: AGPL-3.0-or-later
# What the build makes: migrations, templates and assets as C tables, never committed.

GEN_HEADERS :=

$(BUILD)/tools/embed: tools/embed.c
	@mkdir -p $(@D)
	@echo "  cc    $<"
	@$(CC) -std=c17 -D_POSIX_C_SOURCE=200809L -O1 -Wall -Wextra -Werror -o $@ $<

MIGRATIONS := $(sort $(wildcard src/store/migrations/*/*.sql))
$(BUILD)/gen/migrations.c: $(MIGRATIONS) $(BUILD)/tools/embed
	@mkdir -p $(@D)
	@$(BUILD)/tools/embed $@ store_migration_files src/store/migrations $(MIGRATIONS)
GEN_OBJ_store := $(BUILD)/gen/migrations.o

$(BUILD)/gen/code_words.c: packs/code-words.en.txt $(BUILD)/tools/embed
	@mkdir -p $(@D)
	@$(BUILD)/tools/embed $@ casebook_code_words packs packs/code-words.en.txt
GEN_OBJ_casebook := $(BUILD)/gen/code_words.o

# Words of the public's report, for packs without their own: `path: sentence` or `path: "sentence"` becomes a row.
$(BUILD)/gen/sentences.c: packs/england/texts/en.yaml
	@mkdir -p $(@D)
	@{ printf '#include "pack/sentence.h"\nconst struct sentence pack_sentences[] = {\n'; \
	   grep '^report\.' $< | LC_ALL=C sort -t: -k1,1 | \
	   awk '{ at = index($$0, ": "); text = substr($$0, at + 2); \
	          if (text !~ /^"/) { gsub(/["\\]/, "\\\\&", text); text = "\"" text "\"" } \
	          print "\t{ \"" substr($$0, 1, at - 1) "\", " text " }," }'; \
	   printf '};\nconst size_t pack_sentence_count = sizeof pack_sentences / sizeof pack_sentences[0];\n'; } > $@
GEN_OBJ_pack := $(BUILD)/gen/sentences.o

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	@echo "  cc    $<"
	@$(CC) $(STD) -O1 -fPIE $(if $(SAN),-g) -Isrc -c -o $@ $<

# Variant sets of names.
NAME_SETS := $(sort $(wildcard src/match/names/*.yaml))
$(BUILD)/gen/name_sets.c: $(NAME_SETS) $(BUILD)/tools/embed
	@mkdir -p $(@D)
	@$(BUILD)/tools/embed $@ match_name_files src/match/names $(NAME_SETS)
GEN_OBJ_match := $(BUILD)/gen/name_sets.o

# Chances for people of a register.
$(BUILD)/gen/people_model.c: src/people/model.yaml $(BUILD)/tools/embed
	@mkdir -p $(@D)
	@$(BUILD)/tools/embed $@ people_model_files src/people src/people/model.yaml
GEN_OBJ_people := $(BUILD)/gen/people_model.o

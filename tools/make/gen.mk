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

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	@echo "  cc    $<"
	@$(CC) $(STD) -O1 -fPIE $(if $(SAN),-g) -Isrc -c -o $@ $<

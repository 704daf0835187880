# SPDX-License-Identifier: AGPL-3.0-or-later
# Other people's software on our log, and ours on theirs. Needs Go and its module proxy; says so where they are out of reach.
INTEROP_FOLDER ?= $(BUILD)/interop

.PHONY: interop
interop: all
	@python3 tests/interop/interop.py $(BUILD)/candour $(INTEROP_FOLDER)

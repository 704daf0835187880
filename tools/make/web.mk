# SPDX-License-Identifier: AGPL-3.0-or-later
# Room web: the official cases of Mustache.

.PHONY: check-mustache
# CANDOUR_MUSTACHE_SPEC names a folder with the JSON files of github.com/mustache/spec (specs/);
# without it our own cases run alone.
check-mustache: $(BUILD)/tests/web/test_mustache_spec
	@$< 2>&1

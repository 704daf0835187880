# SPDX-License-Identifier: AGPL-3.0-or-later
# Debian packages by name, installed when missing (with sudo where not root).

.PHONY: deps-build deps-check deps-browser deps-fuzz deps-long
deps-build:
	@tools/deps build
deps-check: deps-build
	@tools/deps check
deps-browser: deps-check
	@tools/deps browser
deps-fuzz: deps-build
	@tools/deps fuzz
deps-long: deps-check
	@tools/deps long

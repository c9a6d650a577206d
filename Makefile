# The front door. Every target runs under the project's own Node, which npm installs (node_modules/.bin/node).
SHELL := /bin/bash
# npm must be the machine's: the one inside node_modules would delete itself while it installs.
NPM_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
.PHONY: up demo test check bench claims gen install

up: install
	@exec node docker/local/up.ts

demo: install
	@exec node docker/local/demo.ts

test: install
	@exec node docker/local/test.ts

check: install
	@exec node docker/local/check.ts

bench: install
	@exec node docker/local/bench.ts

claims: install
	@exec node docker/local/claims.ts

gen: install
	@exec node docker/local/gen.ts

# npm's own marker is newer than the lock file when the folder holds what the lock says.
install: node_modules/.package-lock.json

node_modules/.package-lock.json: package-lock.json
	@PATH="$(NPM_PATH)" command -v npm >/dev/null || { echo 'npm is needed once, to install everything else: Node 20 or newer brings it.' >&2; exit 1; }
	@echo 'Installing packages (npm ci); the first time takes about a minute.'
	@PATH="$(NPM_PATH)" npm ci --no-audit --no-fund --loglevel=error
	@test -x node_modules/.bin/node || { echo 'No Node for this platform among the optional packages; see evidence/decisions/0002-node-from-npm.md' >&2; exit 1; }
	@touch $@

# Encours. `make help` lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ON_BOTH := tests/core tests/plugins tests/contract tests/faults/test_fuzz.py
PORT := $(or $(ENCOURS_PORT),8000)
# The suite starts some hundreds of programs: none should compile all modules again.
export PYTHONDONTWRITEBYTECODE :=
export ENCOURS_FIXTURES ?= $(shell test -d ../shared/fixtures && cd ../shared/fixtures && pwd)

.PHONY: help install install-test fiscalite demo demo-reset serve test test-sqlite test-postgresql test-postgresql-whole postgres-choice check faults bench docs-images lock

help:  ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.installed: setup.cfg requirements.lock scripts/system.sh
	bash scripts/system.sh runtime
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed requirements-test.lock
	bash scripts/system.sh test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.lock
	touch $@

$(VENV)/.installed-node: $(VENV)/.installed-test tests/interop/package-lock.json scripts/node_tools.sh
	bash scripts/node_tools.sh $(abspath $(BIN)/python)
	touch $@

install: $(VENV)/.installed  ## .venv with all that running needs, from the lock

install-test: $(VENV)/.installed-test $(VENV)/.installed-node fiscalite

fiscalite:  ## The tax engine, in an environment of its own (.venv-fiscalite)
	@PYTHON=$(PYTHON) bash scripts/fiscalite.sh .venv-fiscalite

demo: install  ## Web, worker and simulated extranet with demonstration data
	@exec $(BIN)/encours demo --port $(PORT)

demo-reset: install  ## The demonstration data anew
	@$(BIN)/encours demo --port $(PORT) --reset --prepare-only

serve: install  ## Production server, from encours.toml
	@exec $(BIN)/encours serve

check: install-test  ## ruff, mypy strict, import contracts, templates' lint
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/lint_templates.py

test: test-sqlite test-postgresql  ## The whole suite, on SQLite and on PostgreSQL: less than an hour on two cores

test-sqlite: install-test  ## Unit, contract, browser, interoperation, faults; and what is of PostgreSQL alone
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q

test-postgresql: install-test  ## Every statement that the suite sends, and bad input on every route, on PostgreSQL
	ENCOURS_CHOSEN=1 ENCOURS_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadgroup -q $(ON_BOTH)

test-postgresql-whole: install-test  ## Core, plugins, contracts whole, on PostgreSQL: before a release
	ENCOURS_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadgroup -q $(ON_BOTH)

postgres-choice: install-test  ## Choose anew which tests run on PostgreSQL too (tests/chosen.py)
	rm -rf var/said && mkdir -p var/said
	ENCOURS_SAID=var/said/run $(BIN)/python -m pytest -n 2 --dist loadgroup -q tests/core tests/plugins tests/contract
	$(BIN)/python scripts/postgres_choice.py var/said/*.json

faults: install-test  ## The long fault campaigns
	ENCOURS_FAULTS=long $(BIN)/python -m pytest tests/faults -n 2 -q

bench: install-test  ## Measures against their anchors, into benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

docs-images: install-test  ## The guide's and the README's pictures anew, from the demonstration
	$(BIN)/python -m scripts.screenshot

lock: install-test  ## Pin the dependencies anew
	$(BIN)/pip-compile --quiet --strip-extras --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements.lock setup.cfg
	$(BIN)/pip-compile --quiet --strip-extras --no-annotate --no-emit-index-url --no-emit-find-links -c requirements.lock --output-file requirements-test.lock requirements-test.in
	$(BIN)/pip-compile --quiet --strip-extras --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements-fiscalite.lock requirements-fiscalite.in

# Every target installs what it needs by itself; see docs/interfaces in README.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
MUTANTS := .venv-mutants
BIN := $(VENV)/bin
UV := .tools/bin/uv
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1
ARGS ?=
SCOPE ?= rules
# the tests' databases live for a moment: in memory where there is room, so that no commit waits for a disk
TESTS_TMP := $(shell test -w /dev/shm && test "$$(df -k --output=avail /dev/shm | tail -n 1)" -gt 2000000 && echo /dev/shm || echo /tmp)

.PHONY: help install dev lock check format test everything requirements witness phrases record mutants lives soak demo bench clean

help:
	@echo "make demo | test | everything | requirements | witness | phrases | record | mutants | lives | soak | check | install | format | lock | bench | clean"

$(UV):
	@$(PYTHON) .ci/uv.py .tools

$(BIN)/duban: requirements.lock pyproject.toml | $(UV)
	@test -x $(BIN)/python || $(UV) venv -q --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(BIN)/duban | $(UV)
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

install: $(BIN)/duban

dev: $(VENV)/.dev

lock: | $(UV)
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements.lock
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -c requirements.lock --group dev pyproject.toml -o requirements-dev.lock
	@$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -c requirements.lock -c requirements-dev.lock --group mutants pyproject.toml -o requirements-mutants.lock

check: dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

test: dev
	@TMPDIR=$(TESTS_TMP) $(BIN)/python -m pytest -n 4 --dist worksteal $(ARGS)

# a quarter of an hour: with the second database and the long runs that `make test` leaves out
everything: dev
	@DUBAN_LONG=1 TMPDIR=$(TESTS_TMP) $(BIN)/python -m pytest -n 4 --dist worksteal $(ARGS)

# writes docs/requirements.md
requirements: dev
	@$(BIN)/python -m tests.requirements.page

# that the map of the requirements is true: their tests call the functions that cite them
witness: dev
	@TMPDIR=$(TESTS_TMP) $(BIN)/python -m pytest -p tests.requirements.witness -m requirement -k "not postgres" $(ARGS)

# writes docs/phrases.md
phrases: dev
	@$(BIN)/python -m tests.phrases.page

# writes docs/record.md
record: dev
	@$(BIN)/python -m tests.record.page

# changes each line of bot/rules (ten minutes) or SCOPE=actions (an hour), tells which change nothing noticed: docs/mutants.toml
mutants: $(MUTANTS)/.ready
	@TMPDIR=$(TESTS_TMP) $(MUTANTS)/bin/python .ci/mutants.py $(SCOPE) $(ARGS)

$(MUTANTS)/.ready: requirements-mutants.lock | $(UV)
	@test -x $(MUTANTS)/bin/python || $(UV) venv -q --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(MUTANTS)
	@$(UV) pip install -q --python $(MUTANTS)/bin/python --require-hashes -r requirements-mutants.lock
	@touch $@

# half an hour: 500 random lives on each database, in which the bot, `duban simulate` and the oracle agree, and 50 random
# departments whose books are in order; SEED picks which
lives: dev
	@DUBAN_LONG=1 DUBAN_LIVES=500 DUBAN_SCORES=500 DUBAN_SEED=$(or $(SEED),1) TMPDIR=$(TESTS_TMP) $(BIN)/python -m pytest -n 2 tests/life/test_random_lives.py tests/life/test_random_scores.py tests/life/test_random_departments.py $(ARGS)

# half an hour: signed messages fuzzed at length, then a month under kills; writes docs/reliability.md and .json
soak: dev
	@DUBAN_FUZZ=40 TMPDIR=$(TESTS_TMP) $(BIN)/python -m pytest -n 2 tests/security/test_machine.py
	@$(BIN)/python -m tests.faults.soak $(ARGS)

demo: install
	@$(BIN)/duban demo $(ARGS)

clean:
	rm -rf $(VENV) $(MUTANTS) .mutants .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

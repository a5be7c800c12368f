# Everything one does with this project. Needs Python 3.11 with pip; the rest goes into .venv.
.DEFAULT_GOAL := help
.PHONY: help setup venv words run test lint format bench messages lock clean
SHELL := /bin/bash

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
HOST ?= 127.0.0.1
STATIONS ?= 100
ROUNDS ?= 15
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  \1\t/' | expand -t 14

run: setup ## set up, then start web, worker and beat (PORT=8010 make run moves it)
	@exec $(MANAGE) serve --host $(HOST) --port $(PORT)

setup: venv words ## everything run needs, without starting it
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) seed_demo --in-demo-mode

# Installs only when the lock differs from the one installed last.
venv:
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@cmp -s requirements/dev.txt .venv/installed.txt || { \
		echo "Installing what requirements/dev.txt names ..." && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check \
			--require-hashes -r requirements/dev.txt && \
		cp requirements/dev.txt .venv/installed.txt; }

# Always all of them: it takes a moment, and a stale .mo shows people yesterday's words.
words:
	@test -z "$$(find locale -name '*.po' 2>/dev/null)" || \
		$(BIN)/pybabel --quiet compile --directory locale --domain django

test: venv words lint ## lint, then every test: SQLite, PostgreSQL with Redis, browser
	@$(BIN)/python tests/run.py

lint: venv ## ruff, mypy, import layers, templates, scripts, migrations, deployment check
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python -m lint.chromium
	$(MANAGE) makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		DEMO=0 HTTPS=1 ALLOWED_HOSTS=example.org $(MANAGE) check --deploy --fail-level WARNING

format: venv ## rewrite the code as ruff wants it
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: venv words ## measure pages, sweeps, writing, lists, processes (STATIONS=100 ROUNDS=15 FLAGS=...; bench/README.md)
	@$(BIN)/python bench/run.py --stations $(STATIONS) --rounds $(ROUNDS) $(FLAGS)

messages: venv ## collect strings into locale/*.po (needs GNU gettext)
	$(MANAGE) makemessages --all --no-location --no-obsolete --ignore .venv --ignore var

lock: venv ## rebuild requirements/*.txt from *.in (UPGRADE=1 takes newer versions)
	for name in base dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) \
			requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

clean: ## remove .venv and caches; var/, where the data is, stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

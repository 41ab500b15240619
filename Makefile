# Two commands matter: `make run` and `make test`. Nothing needs to be installed by hand but
# Python 3.11 or 3.12 and make.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
# Byte code is kept, or every start would pay for compiling the packages again.
unexport PYTHONDONTWRITEBYTECODE
export GX_ANALYTICS_ENABLED := false
export DAGSTER_DISABLE_TELEMETRY := yes

.PHONY: run test dev notebook bench accuracy lint picture lock clean help

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/installed ## set up, run profiles headline and demo, show the result
	@$(BIN)/mirror-trade run

test: .venv/installed lint ## set up, check the code and pass the tests
	$(BIN)/pytest -n 2 --dist worksteal $(PYTEST_ARGS)

lint: .venv/installed ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

dev: .venv/installed ## the Dagster UI on 127.0.0.1:3000
	@mkdir -p .dagster && cp pipelines/dagster.yaml .dagster/dagster.yaml
	DAGSTER_HOME=$(CURDIR)/.dagster $(BIN)/dagster dev -h 127.0.0.1 -p $${PORT:-3000} -m pipelines.definitions

notebook: .venv/installed ## the notebook in a browser, on 127.0.0.1:2718
	MARIMO_SKIP_UPDATE_CHECK=1 $(BIN)/marimo edit --host 127.0.0.1 --port $${PORT:-2718} pipelines/analyst/notebook.py

bench: .venv/installed ## time the stages at 1M and 10M rows against a floor
	$(BIN)/python -m tests.benchmarks

accuracy: .venv/installed ## score the ranges over 300 simulated worlds; goes on where it stood
	$(BIN)/python -m tests.accuracy

picture: run ## draw the picture of the README anew
	$(BIN)/python -c "from pathlib import Path; from pipelines.report.picture import draw; print(draw(Path('warehouse')))"

lock: .venv/installed ## compile requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-annotate --no-header --all-extras pyproject.toml -o requirements.lock

clean: ## remove what was built, and the environment
	rm -rf .venv .dagster warehouse/*.duckdb
	find warehouse -mindepth 1 -maxdepth 1 -type d -exec rm -rf {} +

# uv, taken from the same hashed lock, installs the rest in seconds where pip needs a minute.
.venv/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or name it with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@awk '/^uv==/ {inside=1} inside {print} inside && !/\\$$/ {exit}' requirements.lock > .venv/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch .venv/installed

# defgraph from an empty machine: Python 3.11 or newer and make are enough.
#
#   make serve    set up everything and serve the graph on http://127.0.0.1:8000
#   make test     set up everything and run the tests
#   make check    what CI runs
#
# HOST and PORT say where to serve, PYTHON which interpreter makes the environment,
# PYTEST_ARGS what pytest is told (make test PYTEST_ARGS="-k evidence").

HOST ?= 127.0.0.1
PORT ?= 8000
PYTEST_ARGS ?= -n auto --dist loadgroup

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
COMPILE = CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile

# The environment is exactly what the hashed files say, and nothing beyond them.
PIP = $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL = $(PIP) install --quiet --require-hashes

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# -- Setting up ------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "defgraph needs Python 3.11 or newer; '$(PYTHON)' is" \
	    "$$($(PYTHON) --version 2>/dev/null || echo not to be found)." \
	    "Name another: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 2; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 2; }

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing what defgraph runs on (hashes checked)"
	@$(INSTALL) -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "Installing what its tests and checks run on (hashes checked)"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

.PHONY: setup
setup: $(VENV)/.dev ## make the environment for working on defgraph

# -- Using -----------------------------------------------------------------------------------

.PHONY: serve
serve: $(VENV)/.runtime ## serve the graph on http://HOST:PORT
	@exec $(BIN)/defgraph serve --host $(HOST) --port $(PORT)

# A client for its tests, and axe for those of pages; where there is no npm they skip, and say so.
COMUNICA := tests/clients/node_modules/.package-lock.json
$(COMUNICA): tests/clients/package-lock.json
	@if command -v npm >/dev/null 2>&1; then echo "Installing Comunica and axe-core for the tests of clients and pages"; \
	  cd tests/clients && npm ci --silent --no-audit --no-fund --ignore-scripts && touch node_modules/.package-lock.json; \
	fi

.PHONY: clients
clients: $(COMUNICA) ## install the JavaScript that tests ask and judge with

.PHONY: test
test: $(VENV)/.dev clients ## run all tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# -- Checking --------------------------------------------------------------------------------

.PHONY: check
check: export DEFGRAPH_CRAWL = all
check: lint types layers turtle validate test ## everything CI runs

.PHONY: lint
lint: $(VENV)/.dev ## formatting and lint rules of the Python code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

.PHONY: types
types: $(VENV)/.dev ## static types
	$(BIN)/mypy

.PHONY: layers
layers: $(VENV)/.dev ## imports go only downwards
	$(BIN)/lint-imports

.PHONY: turtle
turtle: $(VENV)/.dev ## every Turtle file is in canonical form
	$(BIN)/defgraph format --check ontology data shapes

.PHONY: validate
validate: $(VENV)/.dev ## the shipped dataset conforms to the shapes
	$(BIN)/defgraph validate

# -- Measuring -------------------------------------------------------------------------------

BENCH_ARGS ?=

.PHONY: bench
bench: $(VENV)/.dev ## answers a second beside other servers, and what many clients at once do (needs wrk)
	$(BIN)/python benchmarks/throughput.py $(BENCH_ARGS)
	$(BIN)/python benchmarks/load.py

# -- Mending ---------------------------------------------------------------------------------

.PHONY: format
format: $(VENV)/.dev ## rewrite Python, Turtle and the JSON-LD context as they should be
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/defgraph format ontology data shapes
	$(BIN)/python -m defgraph.jsonld

.PHONY: requirements
requirements: ## compile requirements/*.txt from pyproject.toml (UPGRADE=1 takes newer releases)
	@test -x $(BIN)/pip-compile || $(MAKE) --no-print-directory setup
	$(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements/runtime.txt pyproject.toml
	$(COMPILE) $(if $(UPGRADE),--upgrade) -c requirements/runtime.txt \
	  --all-build-deps --only-build-deps -o requirements/build.txt pyproject.toml
	$(COMPILE) $(if $(UPGRADE),--upgrade) -c requirements/runtime.txt -c requirements/build.txt \
	  --all-extras -o requirements/dev.txt pyproject.toml

.PHONY: clean
clean: ## remove the environment and everything built
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

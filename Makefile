# Each target sets up what it needs first; on a fresh machine Python 3.11, pip and make are enough.

PYTHON ?= $(firstword $(foreach name,python3.11 python3 python,$(shell $(name) -c "import sys; sys.version_info >= (3, 11) and print('$(name)')" 2>/dev/null)))
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
WHEEL_BIN := build/wheel-test/$(notdir $(BIN))
SET_UP := .venv/set-up
COVERED := algebra network derivation

PEERS := build/peers
PEERS_PYTHON := $(CURDIR)/$(PEERS)/$(notdir $(BIN))/python

.PHONY: help setup demo test test-long lint readme wheel-test bench bench-growth bench-marking bench-report

help:
	@echo "make setup         an environment in .venv with workings in it; the command is $(BIN)/workings"
	@echo "make demo          what workings does, on a small network and on real data"
	@echo "make test          the tests; those of algebra, network and derivation must cover 95 % of these rooms"
	@echo "make test-long     the tests that run for minutes"
	@echo "make lint          ruff and mypy"
	@echo "make readme        write the outputs and the picture in README.md anew, and what train --help says of the records"
	@echo "make bench         times against scikit-learn, PyTorch, JAX and C, in an environment of their own; memory; starting"
	@echo "make bench-growth  time and memory as rows, width, depth and batch grow"
	@echo "make bench-marking how long marking a document takes, also a damaged one, and whether memory grows"
	@echo "make bench-report  write what both have measured into README.md, and draw it"
	@echo "make wheel-test    build the wheel, install it into an empty environment, run the demo there"

setup: $(SET_UP)

$(SET_UP): pyproject.toml
	@$(or $(PYTHON),false) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
	  { echo "workings needs Python 3.11 or newer; say which: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || \
	  { echo "$(PYTHON) cannot make environments: its venv module is not complete. On Debian and Ubuntu:" \
	    "apt install python$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --editable ".[train,test]"
	@$(BIN)/python -m compileall -q src  # the first command starts as fast as all later ones
	@$(BIN)/python -m workings.engine.compiled.warm  # and the first long training need not wait for the compiler
	@touch $@
	@echo "Set up. The command is $(BIN)/workings; see also: make demo, make test"

demo: setup
	$(BIN)/workings demo

test: setup
	$(BIN)/python -m pytest -n auto -m "not long" $(COVERED:%=tests/%) $(COVERED:%=--cov=workings.%) \
	  --cov-report=term:skip-covered --cov-fail-under=95
	$(BIN)/python -m pytest -n auto -m "not long" $(COVERED:%=--ignore=tests/%)  # counting lines would double its time

test-long: setup
	$(BIN)/python -m pytest -n auto -m long

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

readme: setup
	$(BIN)/python scripts/records.py
	$(BIN)/python scripts/readme.py

wheel-test: setup
	rm -rf dist build/wheel-test
	$(BIN)/python -m build --wheel
	$(BIN)/python -m venv build/wheel-test
	$(WHEEL_BIN)/python -m pip install --quiet "$$(echo dist/*.whl)[train]"
	cd build && ../$(WHEEL_BIN)/workings demo

bench: setup $(PEERS)/ready
	$(BIN)/python -m benchmarks.run peers own sgemm memory start --peers $(PEERS_PYTHON)

bench-growth: setup $(PEERS)/ready
	$(BIN)/python -m benchmarks.run growth --peers $(PEERS_PYTHON)

bench-marking: setup
	$(BIN)/python -m benchmarks.run marking hostile

bench-report: $(PEERS)/ready
	$(PEERS_PYTHON) -m benchmarks.report

$(PEERS)/ready: benchmarks/requirements.txt | setup
	$(BIN)/python -m venv $(PEERS)
	$(PEERS_PYTHON) -m pip install --quiet --requirement $<
	@touch $@

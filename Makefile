# OneNineX. `make` lists the targets; a fresh machine needs make and Python 3.11 or later.
# Plain make 3.81 (macOS) and POSIX sh, so that nothing has to be installed first.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run store test setup browser java nginx lint format types sql layers test-unit test-browser \
	golden fuzz fuzz-files audit-dependencies screenshots bench bench-import bench-screen bench-forecast bench-flat \
	bench-queries bench-rollup bench-readers lock clean

PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
INSTALLED := $(VENV)/installed
INSTALLED_DEV := $(VENV)/installed-dev
COMPILE := $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"

# Pyright comes whole with its wheel: it must not ask a registry whether there is a newer one.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: $(INSTALLED) store ## Serve the dashboard on 127.0.0.1:8501 (PORT=...), with demo data if there is none
	@echo "OneNineX: http://127.0.0.1:$(PORT)   (Ctrl+C stops it)"
	@exec $(BIN)/python -m streamlit run serve.py --server.port $(PORT)

store: $(INSTALLED) ## Fill an empty store with the demo returns; bring a kept one up to date
	@sh scripts/store.sh $(BIN)/python

test: $(if $(AREA),$(INSTALLED_DEV),lint types sql layers browser java nginx) ## Lint, types, SQL, layers and all tests; AREA=queries: the tests of one folder of tests/
	@sh scripts/tests.sh $(BIN)/python $(AREA)

setup: $(INSTALLED_DEV) ## Make .venv with all that the tests and checks need

browser: $(INSTALLED_DEV) ## Find Chromium and a Chinese font, or install them
	@sh scripts/browser.sh

java: ## Find a Java for the Spark tests, or install one
	@sh scripts/java.sh

nginx: ## Find nginx for the tests of deploy/, or fetch it without installing it
	@sh scripts/nginx.sh

lint: $(INSTALLED_DEV) ## Style of the Python code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(INSTALLED_DEV) ## Repair style: Python and SQL
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --quiet queries

types: $(INSTALLED_DEV) ## Types
	$(BIN)/pyright

sql: $(INSTALLED_DEV) ## Style of the queries
	$(BIN)/sqlfluff lint queries

layers: $(INSTALLED_DEV) ## Which module may import which
	$(BIN)/lint-imports --no-logo

test-unit: $(INSTALLED_DEV) ## All tests but the browser's
	$(BIN)/python -m pytest -m "not browser"

test-browser: $(INSTALLED_DEV) browser ## The tests in a real Chromium
	$(BIN)/python -m pytest tests/browser

golden: $(INSTALLED_DEV) ## Write the reference files of tests/golden again; review their difference
	ONENINEX_GOLDEN_UPDATE=1 $(BIN)/python -m pytest -q tests/golden
	@git --no-pager diff --stat -- tests/golden/expected

fuzz: $(INSTALLED_DEV) ## Put spoiled files to every reader (FUZZ_SECONDS=25; FUZZ_NUMBER= for other ones)
	$(BIN)/python -m scripts.fuzz --seconds $(or $(FUZZ_SECONDS),25) $(if $(FUZZ_NUMBER),--number $(FUZZ_NUMBER))

fuzz-files: $(INSTALLED_DEV) ## Read many spoiled files as an import does (FILES=10000; FUZZ_NUMBER= for other ones)
	$(BIN)/python -m scripts.fuzz --files $(or $(FILES),10000) $(if $(FUZZ_NUMBER),--number $(FUZZ_NUMBER))

audit-dependencies: $(INSTALLED_DEV) ## Licences, hashes and known vulnerabilities of what is locked
	$(BIN)/python -m scripts.audit_dependencies

screenshots: $(INSTALLED_DEV) browser ## Each page in both languages, light and dark, wide and phone
	$(BIN)/python -m tests.browser.screenshots build/screenshots

bench: $(INSTALLED_DEV) browser ## Every benchmark below, small, and one table of its ratios (SCALE=1)
	$(BIN)/python -m benchmarks --scale $(or $(SCALE),1)

bench-import: $(INSTALLED_DEV) ## Time the import of one long file against a bare COPY of it (ROWS=5000000 PAIRS=3)
	$(BIN)/python -m benchmarks.import_labeling --rows $(or $(ROWS),5000000) --pairs $(or $(PAIRS),3)

bench-screen: $(INSTALLED_DEV) browser ## Time a changed filter in a browser beside a Dash page (ROWS=20000000 CHANGES=6)
	$(BIN)/python -m benchmarks.screen --rows $(or $(ROWS),20000000) --changes $(or $(CHANGES),6)

bench-forecast: $(INSTALLED_DEV) ## Does the 80% interval hold 80%, and is the forecast better than the baseline?
	$(BIN)/python -m benchmarks.forecast

bench-flat: $(INSTALLED_DEV) ## Pages and publication with 1 and 20 million facts (ROWS="1000000 20000000 200000000")
	$(BIN)/python -m benchmarks.flat --rows $(or $(ROWS),1000000 20000000)

bench-queries: $(INSTALLED_DEV) ## Cube queries a second with 1, 8 and 32 readers
	$(BIN)/python -m benchmarks.queries

bench-rollup: $(INSTALLED_DEV) java ## rollup against a bare COPY of the same events, and Spark (ROWS=5000000)
	$(BIN)/python -m benchmarks.rollup --rows $(or $(ROWS),5000000)

bench-readers: $(INSTALLED_DEV) ## Readers at once on one process: changes a second, wrong answers, memory (READERS=20 CHANGES=2000)
	$(BIN)/python -m benchmarks.readers --readers $(or $(READERS),20) --changes $(or $(CHANGES),2000)

lock: $(INSTALLED_DEV) ## Write requirements*.txt anew from requirements*.in (UPGRADE=1: newest versions)
	@$(PIP) --require-hashes -r requirements-install.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements-install.in -o requirements-install.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) -c requirements.txt requirements-scale.in -o requirements-scale.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) -c requirements.txt -c requirements-scale.txt \
		requirements-dev.in -o requirements-dev.txt

clean: ## Remove what can be made again; never the store
	rm -rf build test-results .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@sh scripts/venv.sh $(VENV)

$(INSTALLED): requirements.txt | $(BIN)/python
	@echo "Installing what the dashboard needs (some minutes the first time) ..."
	@sh scripts/install.sh $(BIN)/python requirements.txt
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests and checks need (some minutes the first time) ..."
	@sh scripts/install.sh $(BIN)/python requirements-dev.txt
	@touch $@

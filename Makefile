# The two commands of a newcomer: make run, make test. Everything else is for developers.
PYTHON ?= python3
BIN := .venv/bin/python
DATA := $(or $(DATA_DIR),var)
# The type checker reads the settings; nothing is contacted.
OFFLINE := DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost SECRET_KEY=none
SETUP = @command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not there: install Python 3.11 to 3.13, or set PYTHON" >&2; exit 1; }; \
	$(PYTHON) -I secondsource/embedded/bootstrap.py

.PHONY: run test test-long bench lint types assets fmt lock clean
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

run:
	$(SETUP) run
	@$(BIN) -m secondsource.core.assets
	@exec $(BIN) -m secondsource.embedded.launch

# A few tests at a time, or one process gets all that need a browser and the other one waits.
test: prepared-tests lint types
	@echo "- tests"
	@$(BIN) -m pytest -q -n 2 --maxschedchunk 4 -p no:cacheprovider

test-long: prepared-tests
	@$(BIN) -m pytest -q -m long -p no:cacheprovider
	@$(BIN) -m pytest -q --hypothesis-profile=searching -p no:cacheprovider tests/calculations

# Each size has a database of its own, which is made once: make bench PARTS=1000000
PARTS ?= 100000
bench:
	$(SETUP) run
	@$(BIN) -m secondsource.core.assets
	@DJANGO_SETTINGS_MODULE=tests.bench.settings DATA_DIR=$(DATA)/bench-$(PARTS) $(BIN) manage.py bench --parts $(PARTS) --out $(DATA)/bench-$(PARTS).json

lint: prepared-tests
	@echo "- lint"
	@$(BIN) -m ruff format --check --quiet . || { echo "not formatted: make fmt" >&2; exit 1; }
	@$(BIN) -m ruff check --quiet .
	@$(BIN) -m djlint templates --lint --quiet
	@$(BIN) -m tests.template_lines
	@.venv/bin/lint-imports

types: prepared-tests
	@echo "- types"
	@$(OFFLINE) $(BIN) -m mypy --no-error-summary

assets: prepared-tests

fmt: prepared-tests
	@$(BIN) -m ruff check --quiet --fix .
	@$(BIN) -m ruff format --quiet .

# Pins and hashes anew from pyproject.toml and package.json; needs uv and npm.
lock:
	uv pip compile pyproject.toml $(LOCK) -o requirements.txt
	uv pip compile pyproject.toml --group embedded -c requirements.txt $(LOCK) -o requirements-embedded.txt
	uv pip compile --group build $(LOCK) -o requirements-build.txt
	uv pip compile pyproject.toml --group embedded --group dev -c requirements.txt $(LOCK) -o requirements-dev.txt
	npm install --package-lock-only
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

clean:
	rm -rf .venv node_modules static/vendor .mypy_cache .ruff_cache .pytest_cache

.PHONY: prepared-tests
prepared-tests:
	$(SETUP) test
	@$(BIN) -m tests.chromium
	@$(BIN) -m secondsource.core.assets

# What people type. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help install install-all run stop test test-unit test-database test-browser test-api test-faults test-data soak \
        lint format types sure bench mutants fuzz fuzz-api openapi pins walkthrough screenshots clean

VENV := .venv/bin/python
# Two runners, each with servers of its own. Tests that watch a browser's or a worker's clock have the machine alone.
side_by_side := $(VENV) -m pytest -n 2 --dist loadfile
test = result=0; \
$(side_by_side) -m "unit or database or api" || result=$$?; \
$(VENV) -m pytest -m "browser or faults" || result=$$?; \
exit $$result

CHECKED := bench config factcheck tests manage.py

# Which Python makes .venv: PYTHON when given; else the one .venv was made from; else the first of these that is new
# enough. Each is really started: a name on the PATH may be a stub that only prints an error. When none will do,
# config/install.py says so in words.
define choose_python
python="$(PYTHON)"; \
probe='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; \
base='import sys; print(sys._base_executable)'; \
if [ -z "$$python" ] && $(VENV) -c "$$probe" 2>/dev/null; then python=$$($(VENV) -c "$$base"); fi; \
for name in python3.13 python3.12 python3.11 python3; do \
    [ -n "$$python" ] || ! $$name -c "$$probe" >/dev/null 2>&1 || python=$$name; \
done; \
python="$${python:-python3}"; \
if ! "$$python" -c "" >/dev/null 2>&1; then \
    echo "No Python was found that runs ($$python). This needs 3.11, 3.12 or 3.13: make run PYTHON=/path/to/python3.12" >&2; \
    exit 1; \
fi
endef

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /|/' | while IFS='|' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

install: ## make .venv and install what the desk needs, with its embedded servers
	@$(choose_python); "$$python" config/install.py requirements.txt requirements-embedded.txt

install-all:
	@$(choose_python); "$$python" config/install.py requirements.txt requirements-embedded.txt requirements-dev.txt

run: install ## start the desk on http://localhost:8000 (PORT=8001 make run for another port); Ctrl-C stops it
	@exec $(VENV) -m config.embedded run

stop: ## stop a desk that runs in the background or in another terminal
	@if [ -x $(VENV) ]; then exec $(VENV) -m config.embedded stop; else echo "Nothing is installed, so nothing runs."; fi

test: install-all ## every test, with real servers
	@$(test)

test-unit: install-all ## tests that need no server
	@$(side_by_side) -m unit

test-database: install-all ## tests that need PostgreSQL
	@$(side_by_side) -m database

test-browser: install-all ## the desk's story and its pages in a real Chromium (apt-get install chromium)
	@$(VENV) -m pytest -m browser

test-api: install-all ## tests of the partners' door
	@$(side_by_side) -m api

test-faults: install-all ## tests that kill workers, brokers and databases
	@$(VENV) -m pytest -m faults

test-data: install-all ## read every page and fact-check of the public sets, and lose none (DATA=../shared/data)
	@DATA="$(or $(DATA),../shared/data)" $(VENV) -m pytest -q tests/data/every_page.py tests/data/every_review.py

lint: install-all ## look for mistakes without running anything
	@$(VENV) -m ruff format --check $(CHECKED)
	@$(VENV) -m ruff check $(CHECKED)

format: install-all ## write every file in the one format
	@$(VENV) -m ruff format $(CHECKED)
	@$(VENV) -m ruff check --fix $(CHECKED)

types: install-all ## check the types
	@$(VENV) -m mypy

sure: lint types ## what CI runs: format, lint, types, migrations, checks, tests
	@$(VENV) manage.py check
	@# As on a desk that others reach, behind a proxy: no server of these names is asked.
	@DATABASE_URL=postgres://desk:x@db.example.org/desk DATABASE_OWNER_URL=postgres://owner:x@db.example.org/desk \
	    REDIS_URL=redis://queue.example.org SECRET_KEY=only-this-check-uses-the-key-and-it-signs-nothing-at-all-1234567890 \
	    DEBUG=0 PUBLIC_URL=https://desk.example.org ALLOWED_HOSTS=desk.example.org TRUSTED_PROXIES=1 \
	    EMAIL_URL=smtp+tls://desk:x@mail.example.org $(VENV) manage.py check --deploy --fail-level WARNING
	@# Without a server Django compares models with the migration files all the same, and warns that it did only that.
	@$(VENV) -W "ignore:Got an error checking a consistent migration history:RuntimeWarning" \
	    manage.py makemigrations --check --dry-run
	@$(test)

bench: install ## how fast pages are taken in, beside trafilatura alone (PAGES=a folder of *.html or *.html.gz)
	@$(VENV) manage.py bench ingest --pages "$(or $(PAGES),../shared/data/article_extraction_benchmark/dev/html)"

mutants: install-all ## break twenty controls of security.md one by one, and see that a test notices each
	@$(VENV) -m tests.mutants $(CONTROLS)

fuzz: install-all ## 50 and more of each kind of mangled input through every door, and as many random walks (MANY=50, SEED=1)
	@MANY="$(MANY)" SEED="$(SEED)" $(VENV) -m pytest -q --show-capture=no --tb=short tests/mangled/fuzz.py \
	    tests/workflow/test_whole_workflow.py

soak: install-all ## a reader of updated_since beside eight writers for a minute (SOAK=60)
	@SOAK="$(or $(SOAK),60)" $(VENV) -m pytest -q tests/api/test_sequence.py -k beside_eight_writers

fuzz-api: install-all ## fifty and more requests for each operation of the API, made from its schema (MANY=50, SEED=1)
	@MANY="$(or $(MANY),50)" SEED="$(SEED)" $(VENV) -m pytest -q --show-capture=no --tb=short tests/api/test_any_request.py

openapi: install ## write docs/openapi.yaml from the code; what it breaks for partners, the tests say
	@$(VENV) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

pins: install-all ## compile requirements*.txt again from requirements*.in
	@for name in requirements requirements-embedded requirements-dev; do \
	    $(VENV) -m uv pip compile --quiet --universal --python-version 3.11 --no-header --no-emit-index-url --emit-build-options \
	        $$name.in -o $$name.txt || exit 1; \
	done

walkthrough: install ## write docs/walkthrough.md from a real run
	@exec $(VENV) -m config.embedded walkthrough

screenshots: install-all ## every page at 1280 and 390 px, light and dark, into var/screenshots/ (needs Chromium)
	@$(VENV) -m pytest -q tests/browser/screenshots.py

clean: ## remove what can be made again: .venv and caches (never var/, which holds the database)
	@rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

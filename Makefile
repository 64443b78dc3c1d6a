# `make help` lists what can be done. Everything made lives in .venv/ and var/: delete those to start anew.
PORT ?= 8000
PYTHON ?= python3
PY = .venv/bin/python
INSTALL = $(PYTHON) -m venv .venv && .venv/bin/pip install -q --disable-pip-version-check --require-hashes -r
TEMPLATES = git ls-files -z 'templates/*.html' 'templates/*.svg' | xargs -0r .venv/bin/djade
SITE_URL ?= http://127.0.0.1:$(PORT)
export PORT SITE_URL

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*##/make \1\t/p' Makefile
setup: .venv/site  ## install what the site runs on, from the hashed lock
run: .venv/site var/messages var/static  ## serve the site and its data at http://127.0.0.1:8000 (PORT=)
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py load_kb fixtures/
	@$(PY) manage.py first_run var/accounts
	@exec $(PY) manage.py serve
dev: .venv/developer var/messages  ## the same for developers: reloads by itself, shows errors in full
	@$(PY) manage.py migrate --verbosity 0
	@DEBUG=1 exec $(PY) manage.py runserver $(PORT)
test: .venv/developer var/messages  ## run all tests, in parallel (ARGS="-k grading" for some)
	@tests/install_browser.sh
	@$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)
check: .venv/developer  ## run the linters, the import contracts and Django's own checks
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@$(TEMPLATES) --check
	@.venv/bin/lint-imports --no-logo
	@$(PY) manage.py check --fail-level WARNING
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py spectacular --validate --fail-on-warn --file var/openapi.yaml
format: .venv/developer  ## put code and templates into their one form
	@.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format . ; $(TEMPLATES)
bench: .venv/site  ## measure beside peers on 100,000 made claims (CLAIMS=); it prints ratios, since machines differ
	@bench/install_askers.sh && CLAIMS=$(or $(CLAIMS),100000) $(PY) bench/run.py
	@$(PY) bench/lighthouse.py
bench-large: .venv/site  ## how it grows from 10,000 to 990,000 claims (makes the bases first: hours and 30 GB)
	@bench/install_askers.sh && $(PY) bench/growth.py 10000 100000 990000
lock: .venv/developer  ## write the locks anew from requirements*.txt
	@for each in requirements requirements-dev; do .venv/bin/uv pip compile -q $$each.txt -o $$each.lock; done

.venv/site: requirements.lock
	@echo "Installing into .venv" && $(INSTALL) $< && touch $@
.venv/developer: requirements-dev.lock
	@echo "Installing into .venv" && $(INSTALL) $< && touch .venv/site $@
var/messages: $(wildcard locale/*/LC_MESSAGES/*.po) | .venv/site
	@mkdir -p var && $(PY) manage.py compile_messages -v 0 && touch $@
var/static: $(shell find static -type f) requirements.lock | .venv/site
	@$(PY) manage.py collectstatic --noinput --clear -v 0 && touch $@
.PHONY: help setup run dev test check format bench bench-large lock

# The commands of this project. `make demo` and `make test` need Python 3.11 or newer, make and pip, no more.

PYTHON ?= python3
PORT ?= 8000
SECONDS ?= 600
export PORT

VENV_PYTHON := .venv/bin/python
MANAGE := $(VENV_PYTHON) manage.py
# Runs a command with the embedded engines, started before and stopped after it unless they ran already.
WITH_ENGINES = $(MANAGE) engines --redis-db $(or $(REDIS_DB),0) run --
# As a production machine would set it; secrets are made up anew each time.
DEPLOY = env DEBUG=0 ALLOWED_HOSTS=panel.example BASE_URL=https://panel.example EGRESS_ALLOW= \
	SECRET_KEY=$$($(VENV_PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	TRACKING_KEY=$$($(VENV_PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	FIELD_KEYS=$$($(VENV_PYTHON) -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
	SMS_GATEWAY_URL=https://sms.example/api/v1/rest SMS_GATEWAY_TOKEN=made-up-for-this-check SMS_FROM=3000 INVOICE_SELLER_NAME=Panel

# Tests that start the whole panel run two at a time and beside no others: they wait for processes, not for answers.
WHOLE_PROCESSES = tests/processes tests/panel/demo

.PHONY: help bootstrap demo demo-down test checks setup-browser test-browser screenshots bench bench-scale restore-drill chaos attack lint format run engines engines-stop

help:
	@echo 'make demo       the whole panel with demo data on http://127.0.0.1:$(PORT) (PORT=… for another)'
	@echo 'make demo-down  stop what a killed demo left'
	@echo 'make test       lint, import layers, migrations, deployment check and the test suite'
	@echo 'make setup-browser  install Chromium for the browser tests (Debian, as root or by sudo)'
	@echo 'make test-browser   the tests in a real browser alone      make screenshots  the pictures in docs/screenshots'
	@echo 'make attack     the attack run alone: every address, call and field (docs/security.md)'
	@echo 'make bench      measure, write bench/results.json'
	@echo 'make bench-scale  measure growth with 1,000, 100,000 and 5,000,000 orders, write bench/scale.json'
	@echo 'make restore-drill  lose a database of its own, restore it to a moment, and show what that is worth'
	@echo 'make chaos      hurt a whole panel under load and add up the books (SECONDS=600, SEED=…)'
	@echo 'make lint       ruff and import-linter          make format  let ruff rewrite'
	@echo 'make run        the web process alone, reloading on changes'
	@echo 'make engines    start embedded PostgreSQL and Valkey          make engines-stop'

bootstrap:
	@$(PYTHON) scripts/bootstrap.py

demo: bootstrap
	@$(MANAGE) demo

demo-down: bootstrap
	@$(MANAGE) demo_down

test: REDIS_DB = 1
test: bootstrap
	@$(WITH_ENGINES) $(MAKE) --no-print-directory checks

checks: lint
	$(VENV_PYTHON) scripts/audit_packages.py
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) lint_migrations
	@echo '$(MANAGE) check --deploy --fail-level WARNING'
	@$(DEPLOY) $(MANAGE) check --deploy --fail-level WARNING
	$(VENV_PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile $(addprefix --ignore=,$(WHOLE_PROCESSES) tests/browser)
	$(VENV_PYTHON) -m pytest -n 2 --dist loadfile $(WHOLE_PROCESSES)
	$(VENV_PYTHON) -m pytest -rs tests/browser

setup-browser:
	@$(PYTHON) scripts/setup_browser.py

test-browser: REDIS_DB = 1
test-browser: bootstrap
	@$(WITH_ENGINES) $(VENV_PYTHON) -m pytest -rs tests/browser

screenshots: REDIS_DB = 1
screenshots: bootstrap
	@SCREENSHOTS=docs/screenshots $(WITH_ENGINES) $(VENV_PYTHON) -m pytest -rs tests/browser/test_screenshots.py

bench: REDIS_DB = 2
bench: bootstrap
	@$(WITH_ENGINES) $(VENV_PYTHON) -m bench

bench-scale: REDIS_DB = 2
bench-scale: bootstrap
	@$(WITH_ENGINES) $(VENV_PYTHON) -m bench.scale

restore-drill: bootstrap
	@$(VENV_PYTHON) -m scripts.restore_drill

chaos: bootstrap
	@$(VENV_PYTHON) -m chaos --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

lint: bootstrap
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	.venv/bin/lint-imports
	$(VENV_PYTHON) scripts/scan_secrets.py

attack: REDIS_DB = 1
attack: bootstrap
	@$(WITH_ENGINES) $(VENV_PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile tests/attack

format: bootstrap
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m ruff format .

run: bootstrap
	@$(WITH_ENGINES) sh -c '$(MANAGE) migrate --verbosity 0 && exec $(MANAGE) runserver 127.0.0.1:$(PORT)'

engines: bootstrap
	@$(MANAGE) engines start

engines-stop: bootstrap
	@$(MANAGE) engines stop

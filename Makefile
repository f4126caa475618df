PYTHON ?= python3

.PHONY: help run test faults compat bench dist docs events setup clean

help:
	@$(PYTHON) dev.py help

run:
	@$(PYTHON) dev.py run

test:
	@$(PYTHON) dev.py test

faults:
	@$(PYTHON) dev.py faults

compat:
	@$(PYTHON) dev.py compat

bench:
	@$(PYTHON) dev.py bench

dist:
	@$(PYTHON) dev.py dist

docs:
	@$(PYTHON) dev.py docs

events:
	@$(PYTHON) dev.py events

setup:
	@$(PYTHON) dev.py setup

clean:
	rm -rf .venv .compat .release .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage dist docs/site

PYTHON ?= python3

.PHONY: help run test bench setup clean

help:
	@$(PYTHON) dev.py help

run:
	@$(PYTHON) dev.py run

test:
	@$(PYTHON) dev.py test

bench:
	@$(PYTHON) dev.py bench

setup:
	@$(PYTHON) dev.py setup

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage dist

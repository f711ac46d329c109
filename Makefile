# Two commands matter: `make demo` and `make test`. Both install what they need first.
.PHONY: demo test prove bench lint fix install clean
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

demo: install
	$(BIN)/thinktwice demo

test: install lint
	$(BIN)/python -m pytest -m "not prove" -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

prove: install
	$(BIN)/python scripts/prove.py

bench: install
	bash scripts/install_bench.sh
	$(BIN)/thinktwice bench

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/shape.py

fix: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

install: $(VENV)/installed

$(VENV)/installed: requirements/test.txt pyproject.toml scripts/install.sh
	PYTHON=$(PYTHON) bash scripts/install.sh $(VENV)
	touch $@

clean:
	rm -rf $(VENV) artifacts

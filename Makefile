# The two commands a newcomer needs are `make chat` and `make test`; both make the environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help chat run migrate doctor loi documents test lint types unit year drill fuzz bench chaos mutants lock diagrams clean

help:  ## what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Relance needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Preparing the environment (once)..." >&2
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

# The peers that `make bench` sets beside ours: nothing else needs them, so nothing else waits for them.
$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	$(PIP) install --require-hashes --requirement requirements-bench.lock
	@touch $@

chat: $(VENV)/.run  ## talk to Relance in this terminal: no token, no server
	@$(BIN)/relance chat $(ARGS)

run: $(VENV)/.run  ## start the bot on Telegram (RELANCE_TELEGRAM_TOKEN)
	@$(BIN)/relance run

migrate: $(VENV)/.run  ## bring the database to the newest schema
	@$(BIN)/relance migrate

doctor: $(VENV)/.run  ## check settings, database, token and law parameters
	@$(BIN)/relance doctor

loi: $(VENV)/.run  ## every parameter of the law, its source, and what expires when
	@$(BIN)/relance loi $(ARGS)

documents: $(VENV)/.run  ## every text the bot can write, by family; ARGS=relance_1 tells one in full
	@$(BIN)/relance documents $(ARGS)

test: lint types unit  ## everything: ruff, mypy strict, import rules, pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.dev
	$(BIN)/mypy

# Two processes, each a file at a time, the long files of tests/acceptance first. What is compiled of the
# tests is kept from one run to the next, whatever the environment says: it is a fifth of a minute.
unit: $(VENV)/.dev
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

year: $(VENV)/.dev  ## 2,000 people and 10,000 dossiers through a simulated year; ARGS="--seed 7" for another
	$(BIN)/python -m tests.year $(ARGS)

drill: $(VENV)/.dev  ## the runbook for real: two replicas, kills, a backup put back, another key; about a minute
	$(BIN)/python -m tests.drill

fuzz: $(VENV)/.dev  ## 200,000 updates of strangers through the real bot; ARGS="--seed 7 --updates 20000" for others
	$(BIN)/python -m tests.fuzz $(ARGS)

bench: $(VENV)/.bench  ## speed and memory beside peers, as ratios in one run
	$(BIN)/python -m tests.bench $(ARGS)

chaos: $(VENV)/.dev  ## scripted months under 500 kills, on SQLite, then on PostgreSQL with three processes
	$(BIN)/python -m tests.chaos $(ARGS)
	$(BIN)/python -m tests.chaos --database postgresql --replicas 3 $(ARGS)

mutants: $(VENV)/.dev  ## change the code of flows/law a little, many times: what no test notices
	$(BIN)/mutmut run
	$(BIN)/mutmut results

diagrams: $(VENV)/.dev  ## write again what is generated (flows/README.md, letters/README.md, the session of README.md)
	$(BIN)/python -m tests.dialogue.write_diagram
	$(BIN)/python -m tests.letters.write_readme
	$(BIN)/python -m tests.letters.write_pictures
	$(BIN)/python -m tests.readme_session

lock:  ## write the lock files again (needs uv)
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --constraint requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-dev.lock
	uv pip compile pyproject.toml --extra build --extra bench --constraint requirements-dev.lock --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-bench.lock

clean:
	rm -rf $(VENV) mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

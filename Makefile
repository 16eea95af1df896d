# The commands of the house: `make` alone lists them. ARGS are passed on: make test ARGS="-k seats"
.DEFAULT_GOAL := help
VENV := .venv
IN_VENV := $(VENV)/bin/python -m
LOCKED := --quiet --disable-pip-version-check --require-hashes --no-build-isolation
COMPILE := $(IN_VENV) piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
CLOSING := $(VENV)/closing-line
# Where the environment forbids it, each of the processes that the tests start would compile the code anew.
export PYTHONDONTWRITEBYTECODE :=
# tests/scheduling.py says what stays in one worker.
PYTEST := pytest --numprocesses
# One for each core, and one more, because some tests wait.
WORKERS := $$(($$(nproc) + 1))

.PHONY: help run install check test lint format hooks bench messages lock release clean

help: ## list these commands
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

run: $(VENV)/runtime ## run the portal, set up with the sample event the first time
	@$(IN_VENV) portal init --if-missing
	@exec $(IN_VENV) portal serve $(ARGS)

install: $(VENV)/runtime ## install the portal and set up nothing: for a mirror, or for a key holder
	@echo "The portal is installed. Type: $(IN_VENV) portal --help"

check: lint ## check the style, the types, and with the fast tests what the code does
	@$(IN_VENV) $(PYTEST) $(WORKERS) -m "not slow" --hypothesis-profile quick $(ARGS)

# Some of the tests alone cannot reach the coverage of all.
ifeq ($(strip $(ARGS)),)
test: $(VENV)/tools ## run every test, with the coverage of lines and branches
	@rm -f $(CLOSING) .coverage .coverage.*
	@status=0; \
	$(IN_VENV) coverage run -m $(PYTEST) $(WORKERS) --closing-line $(CLOSING) || status=$$?; \
	$(IN_VENV) coverage combine --quiet && $(IN_VENV) coverage report || status=$$?; \
	cat $(CLOSING); exit $$status
else
test: $(VENV)/tools
	@$(IN_VENV) $(PYTEST) $(WORKERS) $(ARGS)
endif

lint: $(VENV)/tools ## check the style and the types
	@$(IN_VENV) ruff check
	@$(IN_VENV) ruff format --check
	@$(IN_VENV) mypy

format: $(VENV)/tools ## lay out the code as `make lint` wants it
	@$(IN_VENV) ruff check --fix
	@$(IN_VENV) ruff format

hooks: ## have git check the style before each commit
	@git config core.hooksPath .githooks
	@echo "Git now runs .githooks/pre-commit before each commit; git commit --no-verify goes without it."

bench: $(VENV)/tools ## measure the portal, side by side with what it is compared to
	@$(IN_VENV) bench $(ARGS)

messages: $(VENV)/tools ## bring the catalogues up to the messages of the code
	@$(IN_VENV) tests.messages $(ARGS)

lock: $(VENV)/tools ## choose the newest versions anew and write the three lock files
	@echo setuptools | CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) --upgrade --output-file requirements-build.lock -
	@CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) --upgrade --output-file requirements.lock pyproject.toml
	@CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) --upgrade --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml

# From the commit alone, and dated like it: not from what else lies in the folder.
release: $(VENV)/tools ## build sdist and wheel of the last commit in dist/: the same bytes anywhere, at any time
	@set -e; source=$$(mktemp -d); trap 'rm -rf "$$source"' EXIT; \
	rm -rf dist; git archive HEAD | tar -x -C "$$source"; \
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(IN_VENV) build --no-isolation --outdir dist "$$source" >/dev/null; \
	cd dist; sha256sum *.whl *.tar.gz | tee SHA256SUMS

clean: ## remove .venv and what the tools left; data/ stays
	@rm -rf $(VENV) $(VENV)-* build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +

# Installed once, and again when a lock file is newer than its mark, or when the Python of .venv has gone.
ifneq ($(shell $(VENV)/bin/python -c 'print("works")' 2>/dev/null),works)
.PHONY: $(VENV)/python
endif

$(VENV)/runtime: $(VENV)/python requirements.lock
	@echo "Installing the packages of requirements.lock into $(VENV), each checked by its hash; this takes a minute or so…"
	@$(IN_VENV) pip install $(LOCKED) --requirement requirements.lock
	@touch $@

$(VENV)/tools: $(VENV)/python requirements-dev.lock
	@echo "Installing the packages of requirements-dev.lock into $(VENV), each checked by its hash; this takes a minute or so…"
	@$(IN_VENV) pip install $(LOCKED) --requirement requirements-dev.lock
	@touch $@

# setuptools builds stem, which comes as source alone; it is locked like the rest.
$(VENV)/python: requirements-build.lock
	@rm -rf $(VENV)
	@set -e; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			if $$python -c 'import venv, ensurepip' 2>/dev/null; then \
				$$python -m venv $(VENV); \
				$(IN_VENV) pip install $(LOCKED) --requirement requirements-build.lock; \
				touch $@; exit 0; \
			fi; \
			echo "$$python cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 2; \
		fi; \
	done; \
	echo "The portal needs Python 3.11 or newer. On Debian 12 or later: apt-get install python3 python3-venv" >&2; exit 2

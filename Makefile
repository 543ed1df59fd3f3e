# Third-Country Ledger. `make` alone prints what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.DELETE_ON_ERROR:
# A variable in the shell that forbids compiled files would make every notebook start slowly for good.
unexport PYTHONDONTWRITEBYTECODE

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
RUN := $(VENV)/bin/python
# A folder of held texts for `make verify`; the one beside a developer's checkout is found by itself.
TEXTS ?= $(wildcard ../shared/seeds)

NBVAL := IPYTHONDIR=$(CURDIR)/.build/ipython JUPYTER_PLATFORM_DIRS=1 $(RUN) -m pytest --nbval --nbval-cell-timeout=120 \
	-n 2 --dist loadfile notebooks

.PHONY: help report editions explain test torture check verify changes draft notebooks codebook lab bench lock clean

help: ## print this list
	@echo "Third-Country Ledger"
	@echo
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 22
	@echo
	@echo "Parameters of report: AS_OF=2025-05-07 REGION_SCHEME=un_m49_subregion PROGRAMME=us-2025 MIN_ORIGINS=2 COUNTRY=PAN"
	@echo "How to build it:      JOBS=4 FORCE=1 TIMEOUT=300 WARM=0 DASK=tcp://host:8786"

report: $(VENV)/.ready ## check the ledger, run what changed, write reports/ (with parameters: an edition beside it)
	@$(RUN) -m analysis report $(MAKEOVERRIDES)

editions: $(VENV)/.ready ## an edition for the end of each month (FROM=2025-02 TO=2026-06 STEP=month)
	@$(RUN) -m analysis editions $(MAKEOVERRIDES)

explain: $(VENV)/.ready ## for each page, why make report would run it again or reuse it
	@$(RUN) -m analysis explain $(MAKEOVERRIDES)

test: $(VENV)/.ready ## ruff, pytest, then nbval on every notebook
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@TEXTS="$(TEXTS)" $(RUN) -m pytest -n 2 --dist loadfile
	@mkdir -p .build/ipython
	@echo "nbval: every notebook is run again and each output compared with the stored one, on ordinary kernels"
	@$(NBVAL)
	@echo "nbval: the same on warm kernels"
	@JUPYTER_DEFAULT_PROVISIONER_NAME=warm WARM_PRELOAD=analysis.display.charts,analysis.display.tables $(NBVAL)

torture: $(VENV)/.ready ## kill 100 builds at random moments: what is published must be whole each time
	@KILLS=100 $(RUN) -m pytest tests/test_crash.py -k random --no-header

check: $(VENV)/.ready ## every problem of the ledger at once, with file, line, column, value, rule, fix
	@$(RUN) -m analysis check

verify: $(VENV)/.ready ## compare locators and wording with held texts (TEXTS=folder)
	@$(if $(TEXTS),$(RUN) -m analysis verify $(TEXTS),echo "no texts: say where they are, make verify TEXTS=folder"; exit 1)

changes: $(VENV)/.ready ## what became known between two days or revisions (FROM=2025-06-25 TO=2025-12-31)
	@$(if $(and $(FROM),$(TO)),$(RUN) -m analysis changes $(FROM) $(TO),echo "say from when to when: make changes FROM=2025-06-25 TO=2025-12-31"; exit 1)

draft: $(VENV)/.ready ## rows proposed from a text, to accept or delete (TEXT=article.txt PUBLISHED=2025-05-07)
	@$(if $(and $(TEXT),$(PUBLISHED)),$(RUN) -m analysis draft $(TEXT) $(PUBLISHED),echo "say which text, and its day: make draft TEXT=article.txt PUBLISHED=2025-05-07"; exit 1)

notebooks: $(VENV)/.ready ## run all notebooks with default parameters and store their outputs
	@$(RUN) -m analysis notebooks

codebook: $(VENV)/.ready ## write data/CODEBOOK.md from data/datapackage.json
	@$(RUN) -m analysis codebook

lab: $(VENV)/.lab ## open JupyterLab on the notebooks
	@$(VENV)-lab/bin/jupyter lab notebooks

bench: $(VENV)/.ready ## time the report against other ways to run its notebooks, and how its cost grows (half an hour)
	@$(RUN) benchmarks/rebuild.py
	@$(RUN) benchmarks/growth.py

lock: ## renew requirements.lock and requirements-lab.lock with uv
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra test --extra bench pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra test --extra bench --extra lab -c requirements.lock pyproject.toml -o requirements-lab.lock

clean: ## remove what can be made again: .venv, .build
	rm -rf $(VENV) $(VENV)-lab .build

$(VENV)/.ready: requirements.lock
	@$(call make_venv,$(VENV),requirements.lock)
	@touch $@

$(VENV)/.lab: requirements-lab.lock | $(VENV)/.ready
	@$(call make_venv,$(VENV)-lab,requirements-lab.lock)
	@touch $@

# uv is used where it is there (20 s); the venv's own pip does the same (about a minute).
define make_venv
if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed: install it, or name one, make PYTHON=/path/to/python3" >&2; exit 1; fi; \
echo "setting up $(1) from $(2) with $$($(PYTHON) --version) (once, about a minute)"; \
rm -rf $(1) && $(PYTHON) -m venv $(1) && \
if command -v uv >/dev/null; then \
	UV_PYTHON_DOWNLOADS=never uv pip install --quiet --python $(1)/bin/python --compile-bytecode --require-hashes -r $(2) && \
	UV_PYTHON_DOWNLOADS=never uv pip install --quiet --python $(1)/bin/python --no-deps --no-build-isolation -e . -e ./warmkernel; \
else \
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(2) && \
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . -e ./warmkernel; \
fi
endef

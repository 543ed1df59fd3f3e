# Third-Country Ledger. `make` alone prints what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.DELETE_ON_ERROR:
# A variable in the shell that forbids compiled files would make every notebook start slowly for good.
unexport PYTHONDONTWRITEBYTECODE
# Python before 3.13 does not start in the language C from a folder whose name has letters that C does not know.
export LC_ALL := C.UTF-8

# Not taken from the environment, where another project's tool may have left one of that name.
VENV := .venv
ifneq ($(words $(VENV)),1)
$(error VENV="$(VENV)": rule: one word without blanks; fix: for example VENV=.venv)
endif
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
RUN := $(VENV)/bin/python

# What was said on the command line (AS_OF=2025-05-07 …) goes to Python as it was typed, as one word: here alone is it quoted,
# and neither make nor the shell looks into it.
define line_break


endef
SAID = '$(subst $(line_break), ,$(subst ','\'',$(MAKEOVERRIDES)))'
unexport $(foreach word,$(MAKEOVERRIDES),$(firstword $(subst =, ,$(word))))
# A folder of held texts for `make verify`; the one beside a developer's checkout is found by itself.
export LEDGER_TEXTS := $(wildcard ../shared/seeds)

# The file in each environment made here that says so: nothing else is ever removed.
MARK := .made-by-third-country-ledger
NBVAL := IPYTHONDIR="$(CURDIR)/.build/ipython" JUPYTER_PLATFORM_DIRS=1 $(RUN) -m pytest --nbval --nbval-cell-timeout=120 \
	-n 2 --dist loadfile --ignore notebooks/explore notebooks

.PHONY: help report editions explain preview test test-all torture check verify changes draft notebooks outputs codebook lab release bench lock clean

help: ## print this list
	@echo "Third-Country Ledger"
	@echo
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 22
	@echo
	@echo "Parameters of report: AS_OF=2025-05-07 REGION_SCHEME=un_m49_subregion PROGRAMME=us-2025 MIN_ORIGINS=2 COUNTRY=PAN"
	@echo "How to build it:      JOBS=4 FORCE=1 TIMEOUT=300 WARM=0 DASK=tcp://host:8786"

report: $(VENV)/.ready ## check the ledger, run what changed, write reports/ (with parameters: an edition beside it)
	@$(RUN) -m analysis report --make $(SAID)

editions: $(VENV)/.ready ## an edition for the end of each month (FROM=2025-02 TO=2026-06 STEP=month)
	@$(RUN) -m analysis editions --make $(SAID)

preview: $(VENV)/.preview ## see the report while you edit: each save is on the page that is open within seconds (PORT=8350)
	@$(RUN) -m analysis preview --make $(SAID)

explain: $(VENV)/.ready ## for each page, why make report would run it again or reuse it
	@$(RUN) -m analysis explain --make $(SAID)

test: $(VENV)/.test ## ruff, mypy, pytest, then nbval on every notebook
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(RUN) -m mypy --strict -p analysis.values -p analysis.ledger -p analysis.curation
	@$(RUN) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"
	@$(call nbval,on ordinary kernels)

test-all: $(VENV)/.all $(VENV)-release/.ready $(VENV)-validate/.ready ## the same at length: every test, the cluster, nbval on warm kernels too (CI runs this)
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(RUN) -m mypy --strict -p analysis.values -p analysis.ledger -p analysis.curation
	@$(RUN) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	@$(call nbval,on ordinary kernels)
	@$(call nbval,on warm kernels,JUPYTER_DEFAULT_PROVISIONER_NAME=warm WARM_PRELOAD=analysis.display.charts,analysis.display.tables)

torture: $(VENV)/.test ## damage the ledger in 10,000 ways (MUTATIONS), kill 100 builds, save 50 files in them, 500 in a preview
	@MUTATIONS=$${MUTATIONS:-10000} KILLS=$${KILLS:-100} SAVES=$${SAVES:-50} SOAK=$${SOAK:-500} $(RUN) -m pytest --no-header -rP -n 2 \
		tests/ledger/test_mutations.py tests/report/test_crash.py tests/report/test_preview.py -k "damage or random or many"

check: $(VENV)/.ready ## every problem of the ledger at once, with file, line, column, value, rule, fix
	@$(RUN) -m analysis check

verify: $(VENV)/.ready ## compare locators and wording with held texts (TEXTS=folder)
	@$(RUN) -m analysis verify --make $(SAID)

changes: $(VENV)/.ready ## what became known between two days or revisions (FROM=2025-06-25 TO=2025-12-31)
	@$(RUN) -m analysis changes --make $(SAID)

draft: $(VENV)/.ready ## rows proposed from a text, to accept or delete (TEXT=article.txt PUBLISHED=2025-05-07)
	@$(RUN) -m analysis draft --make $(SAID)

notebooks: $(VENV)/.ready ## run all notebooks with default parameters and store their outputs
	@$(RUN) -m analysis notebooks

outputs: $(VENV)/.ready ## which stored outputs of the notebooks are no longer what they show
	@$(RUN) -m analysis outputs

codebook: $(VENV)/.ready ## write data/CODEBOOK.md from data/datapackage.json
	@$(RUN) -m analysis codebook

lab: $(VENV)-lab/.ready ## open JupyterLab on the notebooks
	@$(VENV)-lab/bin/jupyter trust notebooks/*.ipynb >/dev/null
	@$(VENV)-lab/bin/jupyter lab $$([ "$$(id -u)" != 0 ] || echo --allow-root) notebooks

release: $(VENV)-release/.ready ## write the data in all formats to dist/, with a wheel and sums
	@$(VENV)-release/bin/python -m analysis release

bench: $(VENV)/.all $(VENV)-release/.ready ## time the report, how its cost grows, its largest page and the data formats (half an hour)
	@$(RUN) benchmarks/rebuild.py
	@$(RUN) benchmarks/preview.py
	@$(RUN) benchmarks/growth.py
	@$(RUN) benchmarks/pages.py
	@$(VENV)-release/bin/python benchmarks/formats.py

# Each lock holds the one before it, that of a release the first, which is what a reader installs.
lock: ## renew the lock files with uv: requirements.lock, and those of the tests, of all extras, of JupyterLab
	$(call compile,requirements.lock,pyproject.toml)
	$(call compile,requirements-preview.lock,-c requirements.lock $(PREVIEW))
	$(call compile,requirements-test.lock,-c requirements-preview.lock $(TEST))
	$(call compile,requirements-all.lock,-c requirements-test.lock $(TEST) $(MORE))
	$(call compile,requirements-release.lock,-c requirements.lock --extra release)
	$(call compile,requirements-lab.lock,-c requirements-all.lock $(TEST) $(MORE) --extra lab)
	$(call lock_of,requirements-validate.in,requirements-validate.lock,-c requirements.lock --excludes <(echo jsonpath-rw))

PREVIEW := --extra preview
TEST := $(PREVIEW) --extra test
MORE := --extra dask --extra bench
compile = $(call lock_of,pyproject.toml,$(1),$(filter-out pyproject.toml,$(2)))
lock_of = uv pip compile --quiet --universal --python-version 3.11 --only-binary :all: --generate-hashes --no-header --no-annotate \
	$(1) $(3) -o $(2)

clean: ## remove what can be made again: .venv and those beside it, .build
	@$(call remove,$(VENV))
	@$(call remove,$(VENV)-lab)
	@$(call remove,$(VENV)-release)
	@$(call remove,$(VENV)-validate)
	rm -rf .build

$(VENV)/.ready: requirements.lock
	@$(call make_venv,$(VENV),$<)
	@touch $@

$(VENV)/.preview: requirements-preview.lock $(VENV)/.ready
	@$(call install,$(VENV),$<)
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.preview
	@$(call install,$(VENV),$<)
	@touch $@

$(VENV)/.all: requirements-all.lock $(VENV)/.test
	@$(call install,$(VENV),$<)
	@touch $@

$(VENV)-lab/.ready: requirements-lab.lock | $(VENV)/.ready
	@$(call make_venv,$(VENV)-lab,$<)
	@touch $@

# An environment of its own: where pyarrow is installed, pandas keeps texts in another way, and starts threads.
$(VENV)-release/.ready: requirements-release.lock | $(VENV)/.ready
	@$(call make_venv,$(VENV)-release,$<)
	@touch $@

# Validators alone. mlcroissant names jsonpath-rw, of which there is no wheel, for a feature that is not used here: left out.
$(VENV)-validate/.ready: requirements-validate.lock | $(VENV)/.ready
	@$(call new_venv,$(VENV)-validate,$<,--no-deps)
	@touch $@

# nbval says at length how texts and figures differ; what a reader wants to know is which, and what to do.
nbval = mkdir -p .build/ipython && echo "nbval: every notebook is run again and each output compared with the stored one, $(1)" && \
	if $(2) $(NBVAL) >.build/nbval.txt 2>&1; then tail -n 1 .build/nbval.txt; else $(RUN) -m analysis outputs && tail -n 50 .build/nbval.txt; exit 1; fi

remove = if [ -e "$(1)/$(MARK)" ]; then rm -rf "$(1)"; \
	elif [ -e "$(1)" ]; then echo "$(1) was not made by this project (it has no $(MARK)): it is left alone" >&2; fi

# uv is used where it is there (20 s); the venv's own pip does the same (about a minute).
make_venv = $(call new_venv,$(1),$(2)) && $(call pip,$(1),--no-deps --no-build-isolation -e . -e ./warmkernel)
define new_venv
if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed: install it, or name one, make PYTHON=/path/to/python3" >&2; exit 1; fi; \
if [ -e "$(1)" ] && [ ! -e "$(1)/$(MARK)" ]; then \
	echo "$(1) is there and was not made by this project (it has no $(MARK)): move it away, or name another folder, make VENV=other" >&2; exit 1; fi; \
echo "setting up $(1) from $(2) with $$($(PYTHON) --version) (once, about a minute)"; \
rm -rf "$(1)" && mkdir "$(1)" && touch "$(1)/$(MARK)" && $(PYTHON) -m venv "$(1)" && \
$(call install,$(1),$(2),$(3))
endef
install = $(call pip,$(1),--only-binary :all: --require-hashes $(3) -r $(2))
pip = if command -v uv >/dev/null; then \
	UV_PYTHON_DOWNLOADS=never uv pip install --quiet --python "$(1)/bin/python" --compile-bytecode $(2); \
else "$(1)/bin/python" -m pip install --quiet --disable-pip-version-check $(2); fi

# Every target makes its own environment in .venv; only Python >= 3.11 and make are needed.
PYTHON ?= python3
# Programs that start many times are compiled once, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SITE_STAMP := $(VENV)/.installed-docs
BENCH_STAMP := $(VENV)/.installed-bench
PEERS := .venv-peers
PEERS_STAMP := $(PEERS)/.installed

.PHONY: demo test test-times long check templates examples expected samples generated bench vocabularies docs-data docs clean

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; say: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,dev]'
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/rembi-sheets demo demo

# One more than there are cores, since some tests wait for a browser, an office or a server.
WORKERS ?= $(shell $(PYTHON) -c "import os; print(1 + os.cpu_count())")

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# The same, and what each file of tests costs.
test-times: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -p tests.cpu_times

# The tests by chance with many more tries than in every run; before an issue closes.
long: $(STAMP)
	REMBI_SHEETS_LONG=1 REMBI_SHEETS_PLANTED=6 REMBI_SHEETS_FUZZ=20000 REMBI_SHEETS_RANDOM=200 REMBI_SHEETS_PAGES=1 REMBI_SHEETS_KILLS=10 REMBI_SHEETS_MOVIES=600 REMBI_SHEETS_MUTATIONS=5000 REMBI_SHEETS_DIFFERENTIAL=20000 $(BIN)/python -m pytest -n auto \
	  tests/checks/test_planted.py tests/fuzz tests/cli/test_streams.py tests/archives tests/fill tests/test_score.py \
	  tests/workbook/test_template_passes.py tests/workbook/test_write_structure.py tests/workbook/test_libreoffice.py tests/workbook/test_copies.py \
	  tests/workbook/test_by_columns.py tests/web tests/harvest/test_scale.py tests/harvest/test_mutations.py

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

templates: $(STAMP)
	$(BIN)/python tools/make_templates.py

examples: $(STAMP)
	$(BIN)/python tools/build_examples.py

expected: $(STAMP)
	$(BIN)/python tools/make_expected.py

# Everything that is made from the data dictionary, in the order in which one needs the other.
generated: templates examples expected samples docs-data

samples: $(STAMP)
	$(BIN)/python tools/make_samples.py

docs-data: $(STAMP)
	$(BIN)/python tools/make_docs.py

# The site, in site/; the programs that build it are in the environment's own extra `docs`.
$(SITE_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	touch $(SITE_STAMP)

docs: $(SITE_STAMP) docs-data
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Open site/index.html"

# The measurements, beside the programs that they compare with: some are in the environment's own extra `bench`, those
# that bring many libraries in an environment of their own.
$(BENCH_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $(BENCH_STAMP)

$(PEERS_STAMP):
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check 'linkml>=1.12,<2' 'mihcsme-py>=0.1.4,<0.2' \
	  || echo "LinkML and MIHCSME-py could not be installed and are not measured."
	touch $(PEERS_STAMP)

bench: $(BENCH_STAMP) $(PEERS_STAMP)
	$(BIN)/python -m benchmarks

vocabularies: $(STAMP)
	$(BIN)/python tools/refresh_vocabularies.py

clean:
	rm -rf $(VENV) $(PEERS) demo site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

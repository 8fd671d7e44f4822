# Two commands: `make demo` runs the main job on the sample articles, `make test` the tests and linters.
# `make test-models` fetches real weights (253 MB) into an environment of its own and runs the whole journey with them,
# `make test-argos` sets our engine beside Argos Translate itself.
PYTHON ?= python3
VENV := .venv
MODELS_VENV := .venv-models
ARGOS_VENV := .venv-argos
BIN := $(VENV)/bin
LOKTA := ../$(BIN)/lokta
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
ARGOS_PIP := $(ARGOS_VENV)/bin/python -m pip --disable-pip-version-check install --quiet
MODELS_PIP := $(MODELS_VENV)/bin/python -m pip --disable-pip-version-check install --quiet

.PHONY: demo test test-models test-argos lint lock clean

demo: $(VENV)/.installed
	@mkdir -p demo
	@cp -R -n corpus locales lokta.toml demo/ 2>/dev/null || true
	@cd demo && $(LOKTA) translate && echo && $(LOKTA) build --package
	@echo
	@echo "All of it lies in demo/; open demo/editions/html/zh-Hans/river-school-opens.html in a browser."
	@echo "Review:  cd demo && $(LOKTA) review --to zh-Hans"

test: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict toolkit
	$(BIN)/python -m pytest -n 2 --dist loadgroup -rs

$(VENV)/.installed: requirements.lock pyproject.toml starter/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Lokta needs Python 3.11 or later; run: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing from requirements.lock into $(VENV)/ ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e . -e starter
	@touch $@

$(VENV)/.test-installed: $(VENV)/.installed requirements-test.lock
	@echo "installing from requirements-test.lock into $(VENV)/ ..."
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@

test-models: $(MODELS_VENV)/.installed
	$(MODELS_VENV)/bin/python -m pytest -rs tests_models

$(MODELS_VENV)/.installed: requirements-test.lock requirements-models.lock pyproject.toml starter/pyproject.toml
	@test -x $(MODELS_VENV)/bin/python || $(PYTHON) -m venv $(MODELS_VENV)
	@echo "installing from requirements-test.lock and requirements-models.lock into $(MODELS_VENV)/ ..."
	@$(MODELS_PIP) --require-hashes -r requirements-test.lock
	@$(MODELS_PIP) --require-hashes -r requirements-models.lock
	@$(MODELS_PIP) --no-deps --no-build-isolation -e . -e starter
	@touch $@

test-argos: $(ARGOS_VENV)/.installed
	$(ARGOS_VENV)/bin/python -m pytest -rs tests_argos

$(ARGOS_VENV)/.installed: requirements-test.lock requirements-argos.lock pyproject.toml
	@test -x $(ARGOS_VENV)/bin/python || $(PYTHON) -m venv $(ARGOS_VENV)
	@echo "installing from requirements-test.lock and requirements-argos.lock into $(ARGOS_VENV)/ ..."
	@$(ARGOS_PIP) --require-hashes -r requirements-test.lock
	@$(ARGOS_PIP) --require-hashes -r requirements-argos.lock
	@$(ARGOS_PIP) --no-deps --no-build-isolation -e .
	@touch $@

lock:  ## needs uv; hashes, and no host names
	uv pip compile pyproject.toml $(EXTRAS) --group build $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml $(EXTRAS) --group build --group test $(LOCK) -o requirements-test.lock
	uv pip compile --group models $(LOCK) -o requirements-models.lock
	echo argos-translate-lt | uv pip compile - -c requirements-test.lock $(LOCK) -o requirements-argos.lock

EXTRAS := --extra evaluate --extra hub --extra llama --extra remote  # argos brings minisbd, which is AGPL: a lock of its own
LOCK := --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate --quiet

clean:
	rm -rf $(VENV) $(MODELS_VENV) $(ARGOS_VENV) demo build dist

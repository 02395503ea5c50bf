# Everything runs in .venv, installed from the lock files; only Python 3.11 or later and make are needed.
PYTHON ?= python3
BIN := .venv/bin
DEMO := build/demo

.PHONY: install demo test opensearch whoosh versions coverage thorough moments bench faults mutants lint types lock translations tables clean

install: .venv/installed ## .venv with goc-nhin in it

demo: .venv/installed ## the whole chain against the bundled replica, served on 127.0.0.1:8000
	$(BIN)/goc-nhin demo --data $(DEMO)

# Compiled before, since the tests start hundreds of commands and PYTHONDONTWRITEBYTECODE may be set. One process more
# than two cores: some tests only wait, as the crawler does.
PARALLEL := --numprocesses 3 --dist loadfile --no-loadscope-reorder --ignore tests/opensearch --ignore tests/moments
PYTEST := $(BIN)/python -m compileall -q crawler indexer search_app tests && $(BIN)/pytest $(PARALLEL)
test: .venv/installed-dev ## the tests
	$(PYTEST) -m "not thorough"

opensearch: .venv/installed-dev ## the engine's own tests on a real node, and those of app, exports and alerts answered by it
	$(BIN)/python -m pytest tests/opensearch
	$(BIN)/python -m pytest -p tests.opensearch.plugin tests/search_app tests/indexer/answers tests/indexer/test_batch.py tests/indexer/test_export.py tests/indexer/alerts
	$(BIN)/python -m tests.faults cluster --moment

# docs/whoosh.md says which distribution is installed and why.
WHOOSHES := reloaded original
whoosh: .venv/installed-dev ## the tests of index and app on the other distributions of Whoosh
	for one in $(WHOOSHES); do \
	    rm -rf build/whoosh/$$one && $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	        --target build/whoosh/$$one -r tests/whoosh/$$one.lock && \
	    PYTHONPATH=build/whoosh/$$one $(BIN)/python -c 'import whoosh; print(*whoosh.__path__, *whoosh.__version__)' && \
	    PYTHONPATH=build/whoosh/$$one $(BIN)/pytest -W ignore::SyntaxWarning --numprocesses 3 tests/indexer tests/search_app || exit 1; \
	done

# Every Python of these that is here; “oldest” is the first one with the oldest dependencies that pyproject.toml allows.
PYTHONS ?= python3.11 python3.12 python3.13
versions: ## the tests on each Python that is here, and on the oldest dependencies; five minutes each
	for one in $(PYTHONS) oldest; do \
	    [ $$one = oldest ] || $$one --version || { echo "left out: $$one is not here" >&2; continue; }; \
	    $(MAKE) --no-print-directory build/versions/$$one/installed && \
	    build/versions/$$one/bin/python -m pytest $(PARALLEL) || exit 1; \
	done

coverage: .venv/installed-dev ## the tests, with branch coverage; takes half as long again
	$(PYTEST) --cov --cov-report=term

thorough: .venv/installed-dev ## the tests of random cases, with four times as many, and those that take long
	$(BIN)/pytest $(PARALLEL) --hypothesis-profile=thorough -m "hypothesis or thorough"

moments: .venv/installed-dev ## that bench and faults can be run: each for a moment
	$(BIN)/pytest tests/moments

bench: .venv/installed-bench ## speed, memory and order within one run; half an hour. SIZES="1000 5000": how searching grows
	$(BIN)/python -m tests.bench $(SIZES)

faults: .venv/installed-dev ## failing sites, kills, damage, calls that fail, power cuts, a crowd; an hour and a half. Writes docs/promises.md
	$(BIN)/python -m tests.faults

mutants: .venv/installed-bench ## mutation testing of the modules named in pyproject.toml; half an hour
	$(BIN)/mutmut run
	$(BIN)/python -m tests.mutants

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-dev
	$(BIN)/mypy crawler indexer search_app tests

lock: ## write the lock files anew from pyproject.toml (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --all-extras --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --all-extras --group bench pyproject.toml -o requirements-bench.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --all-extras --resolution lowest-direct pyproject.toml -o tests/versions/oldest.lock
	echo Whoosh-Reloaded==2.7.5 | uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header - -o tests/whoosh/reloaded.lock
	echo Whoosh==2.7.4 | uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header - -o tests/whoosh/original.lock

TEXTS := search_app/translations
translations: .venv/installed ## bring the Vietnamese texts up to the English ones in the program, and compile them
	@mkdir -p build
	$(BIN)/pybabel extract -F $(TEXTS)/babel.cfg -k to_translate --no-location --sort-output --omit-header -o build/messages.pot .
	$(BIN)/pybabel update --no-fuzzy-matching --ignore-obsolete --omit-header -i build/messages.pot -d $(TEXTS)
	$(BIN)/pybabel compile --use-fuzzy -d $(TEXTS)

tables: .venv/installed-dev ## bring the tables of docs/api.md up to what the program declares
	$(BIN)/python -m tests.tables

clean:
	rm -rf .venv build

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	touch $@

.venv/installed-bench: .venv/installed-dev requirements-bench.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.lock
	touch $@

build/versions/%/installed: requirements-dev.lock tests/versions/oldest.lock pyproject.toml
	$(if $(filter oldest,$*),$(firstword $(PYTHONS)),$*) -m venv --clear build/versions/$*
	build/versions/$*/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(if $(filter oldest,$*),build/versions/$*/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/versions/oldest.lock)
	build/versions/$*/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

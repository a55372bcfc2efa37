# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: demo demo-data test check faults fuzz attack bench bench-placement clean

demo: .venv/.installed
	$(BIN)/planner demo --out runs/demo

# As many files of tests side by side as the machine has processors, by name: by their number of tests long ones come last.
test: .venv/.installed-dev
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: .venv/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Every fault of the corpus, with its outcome; `tests/faults/corpus.py --accept` writes the goldens.
faults: .venv/.installed-dev
	$(BIN)/python tests/faults/corpus.py

# Other bytes for every reader each time: FUZZ_SECONDS (60) of each; findings go to runs/fuzz.
fuzz: .venv/.installed-dev
	nice -19 $(BIN)/python tests/fuzz/hunt.py

# 500 hostile texts in every text of every input, through Chromium and LibreOffice; then ten runs, byte by byte. Half an hour.
attack: .venv/.installed-dev
	nice -19 $(BIN)/python tests/outputs/attack.py

# Takes some minutes, installs the peers it measures in a folder of its own; GRASS as root only.
bench: .venv/.installed-dev
	$(BIN)/python tests/benchmarks/travel.py

# Placement beside spopt (`--long` for the larger instances), at country size and with capacities, some minutes; then on
# published instances beside the best known, a quarter of an hour. Reads public instances where they are.
bench-placement: .venv/.installed-dev
	$(BIN)/python tests/benchmarks/placement.py
	$(BIN)/python tests/benchmarks/countries.py
	$(BIN)/python tests/benchmarks/capacity.py --villages 3000
	$(BIN)/python tests/benchmarks/published.py

demo-data: .venv/.installed
	$(BIN)/python -m planner.demo data/demo

clean:
	rm -rf .venv runs build dist

.venv/.installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.installed-dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

# Each target sets up what it needs: a virtual environment in .venv, with the pinned versions of constraints.txt.
PYTHON ?= python3
SEED ?= 1

BIN := .venv/bin
EVIDENCE := snippets shapes_mutants named_faults interpreter_against_numpy floats_ranges shapes_lemmas ledger_crashes faults_history
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.PHONY: check test evidence peers cluster browser lint benchmarks reproduce reference clean

# The main job: train a network on handwritten digits, export a training step, and decide it beside the theorem,
# the rules of every op and 100 generated graphs.
check: .venv/ready
	@mkdir -p out
	$(BIN)/python examples/digits.py --out out/digits.json
	$(BIN)/backproof check out/digits.json --graphs 100 --seed $(SEED) --out out/check

# Keys of the ledger hold what a process has loaded and changed, so its tests have processes of their own.
test: .venv/ready
	$(BIN)/pytest -n 2 --dist worksteal --ignore-glob '*/test_ledger*.py'
	$(BIN)/pytest -n 2 --dist loadfile tests/test_ledger*.py

# What the checker's strength is stated by, at full size: mutants, named faults, interpreters against numpy, floats, lemmas, and
# what becomes of the ledger when runs are killed.
evidence: .venv/ready
	BACKPROOF_EVIDENCE=full $(BIN)/pytest -n 2 --dist worksteal $(EVIDENCE:%=tests/test_%.py)

# The formulas against ONNX, gradients against PyTorch and autograd.
peers: .venv/peers
	$(BIN)/pytest -n 2 tests/peers

# The page of a real run in a real Chromium, which with its driver is the machine's own (chromium, chromium-driver).
browser: .venv/browser
	$(BIN)/pytest tests/browser

# A Dask cluster of three workers on this machine, one of which is killed: the same report as without.
cluster: .venv/cluster
	$(BIN)/pytest tests/cluster

benchmarks: .venv/benchmarks
	$(BIN)/python benchmarks/tape.py
	$(BIN)/python benchmarks/ops.py
	$(BIN)/python benchmarks/long_graphs.py
	$(BIN)/python benchmarks/gradcheck.py
	$(BIN)/python benchmarks/lemmas.py

# Every claim of the README and of the pages, from fixed seeds, into docs/results.md: make reproduce CLAIMS="theorem ops"
reproduce: .venv/benchmarks
	$(BIN)/python reproduce/run.py $(CLAIMS)

# docs/reference.md, from the code.
reference: .venv/ready
	$(BIN)/python reproduce/reference.py

# mypy does not follow an editable install: it finds the package through a link that bears its name.
lint: .venv/ready
	$(BIN)/ruff check .
	@link=$$(mktemp -d) && trap 'rm -r "$$link"' EXIT && ln -s "$(CURDIR)" "$$link/backproof" && cd "$$link" && \
	MYPYPATH="$$link" "$(CURDIR)/$(BIN)/mypy" --config-file "$(CURDIR)/pyproject.toml" \
	--cache-dir "$(CURDIR)/.mypy_cache"

clean:
	rm -rf .venv out

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("backproof needs Python 3.11 or newer, \
	this is " + sys.version.split()[0] + ": make PYTHON=python3.12, for instance")'
	$(PYTHON) -m venv .venv
	$(INSTALL) '.[test,examples]'
	@# What is installed editable is not compiled by pip, and each start would compile it where Python may not write.
	@$(BIN)/python -m compileall -q *.py ir spec runtime equivalence reports faults pytest_plugin
	@touch $@

.venv/peers: .venv/ready
	$(INSTALL) '.[test,examples,peers]'
	@touch $@

.venv/browser: .venv/ready
	$(INSTALL) '.[test,examples,browser]'
	@touch $@

.venv/cluster: .venv/ready
	$(INSTALL) '.[test,examples,dask]'
	@touch $@

.venv/benchmarks: .venv/peers
	$(INSTALL) '.[test,examples,peers,benchmarks]'
	@touch $@

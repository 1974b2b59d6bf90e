# make run and make test do all their set-up. PYTHON=... chooses the interpreter.
.PHONY: run test thorough lint bench cluster messages bundle deb

run:
	@scripts/prepare run
	@.venv/bin/python main.py

test:
	@scripts/prepare test
	.venv/bin/python -m pytest -n auto --maxprocesses 8 --dist worksteal  # a process a core

thorough:
	@scripts/prepare test
	.venv/bin/python -m pytest --thorough -n auto --maxprocesses 8 --dist worksteal

lint:
	@scripts/prepare test
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy

bench:
	@scripts/prepare bench
	.venv/bin/python -m benchmarks

cluster:
	@scripts/prepare cluster
	@.venv/bin/python -m dask scheduler --host 127.0.0.1 --no-dashboard & scheduler=$$!; \
	trap 'kill $$scheduler' EXIT INT TERM; \
	.venv/bin/python -m dask worker tcp://127.0.0.1:8786 --nworkers auto --nthreads 1 --no-dashboard

messages:
	@scripts/prepare run
	-@.venv/bin/python scripts/messages.py  # tells what is left to translate

bundle:
	@scripts/prepare bundle
	.venv/bin/pyinstaller --noconfirm --log-level WARN packaging/lenet-canvas.spec

deb: bundle
	@scripts/prepare deb
	.venv/bin/python packaging/make_deb.py

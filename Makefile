# make run and make test do all their set-up. PYTHON=... chooses the interpreter.
.PHONY: run test lint bench messages

run:
	@scripts/prepare run
	@.venv/bin/python main.py

test:
	@scripts/prepare test
	.venv/bin/python -m pytest -n auto --maxprocesses 8 --dist worksteal  # a process a core

lint:
	@scripts/prepare test
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy

bench:
	@scripts/prepare bench
	.venv/bin/python -m benchmarks

messages:
	@scripts/prepare run
	-@.venv/bin/python scripts/messages.py  # tells what is left to translate

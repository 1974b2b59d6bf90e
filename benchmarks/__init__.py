"""What is claimed about speed, measured: `python -m benchmarks`, or one module of it alone."""

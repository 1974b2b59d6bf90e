"""Everything that is claimed about speed, measured: `python -m benchmarks`, or `make bench`."""

from benchmarks import engine, training, window

if __name__ == "__main__":
    engine.main()
    training.main()
    window.main()

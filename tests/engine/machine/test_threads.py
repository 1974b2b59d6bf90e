"""Threads: results come in order, and neither they nor the cut of a batch change an answer."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from engine import Dataset, Network, TrainingConfig, TrainingRun, build_network, evaluate
from engine.machine import threads
from engine.machine.threads import in_parallel, one_ahead, one_blas_thread
from tests.digit_templates import digit_images
from tests.engine.blas import blas_threads

ROOT = Path(__file__).resolve().parents[3]


def test_results_come_in_the_order_of_the_pieces():
    assert list(in_parallel(lambda n: n * n, list(range(50)))) == [n * n for n in range(50)]


def test_pieces_run_side_by_side_where_there_are_cores(monkeypatch):
    if threads.cores() < 2:
        pytest.skip("needs two cores")
    meeting = threading.Barrier(2)
    assert list(in_parallel(lambda _: meeting.wait(timeout=60) >= 0, [1, 2])) == [True, True]


def test_an_error_in_a_piece_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        list(in_parallel(lambda n: 1 // n, [1, 0, 2]))


def test_one_blas_thread_holds_until_it_is_left(two_blas_threads):
    with one_blas_thread():
        assert blas_threads() == {1}
    assert blas_threads() == {2}


NESTED = """
from engine.machine import threads

threads.cores = lambda: 2

def outer(number):
    return sum(threads.in_parallel(lambda inner: number * inner, [1, 2, 3]))

assert list(threads.in_parallel(outer, range(2000))) == [6 * number for number in range(2000)]
"""


def test_pieces_may_be_cut_into_pieces_again():
    """In a process of its own, for threads that wait for each other cannot be ended."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", NESTED], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.fail("the pieces wait for each other", pytrace=False)
    assert done.returncode == 0, done.stderr


def test_one_blas_thread_is_what_a_run_and_an_evaluation_compute_with(two_blas_threads, monkeypatch):
    seen = {"loss_and_gradients": [], "logits": []}
    for name, threads_seen in seen.items():
        original = getattr(Network, name)

        def looking(*arguments, original=original, threads_seen=threads_seen, **options):
            threads_seen.append(blas_threads())
            return original(*arguments, **options)

        monkeypatch.setattr(Network, name, looking)
    digits = Dataset(*digit_images(40, np.random.default_rng(7)))
    run = TrainingRun(digits, TrainingConfig(architecture="mlp-tanh", epochs=2, validation_fraction=0.2))
    seen["logits"].clear()  # what it looked at a first image with
    assert len(list(run)) == 4
    # a first image of the epoch is looked at, and the two halves after each of the two epochs
    assert seen == {"loss_and_gradients": [{1}] * 2, "logits": [{1}] * 5}
    evaluate(run.network, digits, views=1)
    assert seen["logits"][5:] == [{1}] * 2
    assert blas_threads() == {2}


def test_gradients_are_the_same_bytes_for_any_number_of_threads(rng, monkeypatch):
    network = build_network("lenet5", rng=rng)
    images, labels = rng.random((100, 28, 28), np.float32), rng.integers(0, 10, 100)
    found = []
    with one_blas_thread():
        for cores in (1, 2):
            monkeypatch.setattr(threads, "cores", lambda cores=cores: cores)
            loss = network.loss_and_gradients(images, labels)
            found.append((loss, [parameter.grad.tobytes() for parameter in network.parameters]))
    assert found[0] == found[1]


def test_items_come_in_order_one_made_ahead():
    begun = [threading.Event() for _ in range(5)]

    def items():
        for n in range(5):
            begun[n].set()
            yield n

    seen = []
    for item in one_ahead(items()):
        seen.append(item)
        assert begun[min(item + 1, 4)].wait(timeout=60)  # the next one is made meanwhile
    assert seen == [0, 1, 2, 3, 4]


def test_an_error_in_the_background_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        list(one_ahead(1 // n for n in [1, 0]))


def test_pieces_may_have_pieces_of_their_own():
    """Were the inner ones handed to the pool as well, all its threads would wait for them for ever."""

    def sums(n):
        return sum(in_parallel(lambda k: n * k, range(50)))

    found = []
    thread = threading.Thread(target=lambda: found.extend(in_parallel(sums, range(40))), daemon=True)
    thread.start()
    thread.join(timeout=60)
    assert found == [n * 1225 for n in range(40)]  # 0 + 1 + … + 49 = 1225


def test_the_blas_is_held_by_the_first_and_let_go_by_the_last(two_blas_threads):
    first, second = one_blas_thread(), one_blas_thread()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)  # not in the order of a stack, as two threads may
    assert blas_threads() == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == {2}

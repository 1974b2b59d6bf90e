"""What tests of the engine share: the strictest floating point, a BLAS with threads, the paper's table."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from threadpoolctl import threadpool_limits

from tests.engine.blas import blas_threads


@pytest.fixture(autouse=True)
def strict_floating_point() -> Iterator[None]:
    """An overflow, a nan out of nothing or a division by zero fails the test."""
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        yield


@pytest.fixture
def two_blas_threads() -> Iterator[None]:
    """As where nobody limits them, on any machine."""
    with threadpool_limits(2, user_api="blas"):
        if blas_threads() != {2}:
            pytest.skip("needs a BLAS with threads")
        yield


@pytest.fixture
def c3_table() -> npt.NDArray[np.bool_]:
    """LeCun et al. (1998), table I: which of the 6 maps of S2 each of the 16 maps of C3 reads."""
    rows = [
        *("012", "123", "234", "345", "045", "015"),  # three neighbours, going around
        *("0123", "1234", "2345", "0345", "0145", "0125"),  # four neighbours
        *("0134", "1245", "0235"),  # two pairs
        "012345",  # all
    ]
    return np.array([[str(column) in row for column in range(6)] for row in rows])

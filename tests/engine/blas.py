"""How many threads a matrix product takes just now."""

from threadpoolctl import threadpool_info


def blas_threads() -> set[int]:
    """One number, unless the libraries that are loaded differ."""
    return {blas["num_threads"] for blas in threadpool_info() if blas["user_api"] == "blas"}

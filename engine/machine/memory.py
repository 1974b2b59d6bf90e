"""Memory: have the C library keep what a training step frees, for the next step needs the same again.

A window, which does many things in turn, gives back what it took for one of them.
"""

import ctypes
import sys
from functools import cache

# From glibc's malloc.h
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
NEVER = 2**31 - 1  # bytes; no array of a step is this large


@cache
def keep_freed_memory() -> None:
    """On Linux, stop glibc from handing arrays of a few MB back to the system when they are freed.

    The system gives memory out as fresh pages, and each first touch of a page is a trap: without this
    a step of lenet5 on 64 images takes half as long again. Other systems' libraries keep it of their own.
    """
    if sys.platform.startswith("linux"):
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:  # musl has none
            mallopt(M_MMAP_THRESHOLD, NEVER)
            mallopt(M_TRIM_THRESHOLD, NEVER)


def give_back_freed_memory() -> None:
    """On Linux, have glibc hand back to the system what it keeps. It takes some milliseconds."""
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:  # musl has none
            trim(0)

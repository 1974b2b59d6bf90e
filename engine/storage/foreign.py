"""Networks of others: the folders of two public projects, read as networks of this engine.

Numbers in files are half a network; the other half is what their authors' program does with them. The
numbers are read here. What is done with them is an architecture, which computes as that program does and
brings its input scaling along:

conv_kernels1.npy, …                lenet5-sigmoid   github.com/GiacomoPorpiglia/CNN-from-scratch
kernels_biases/, weights_biases/    lenet5-tanh      github.com/mezeirobert0/digit-recognizer

Both convolve as this engine does, without turning the kernel, and flatten by map, row, column, so that no
number changes its place but in `ff_weights`, which are (in, out). They keep float64, rounded here to float32.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import Remedy, SavedNetworkError
from engine.files.array_files import MOST_BYTES, parse_npy, read_file
from engine.nn.architectures import build_network
from engine.nn.functional import Array
from engine.nn.network import Network
from engine.quoting import reason

OURS = "network.json"  # a folder with this file is a network of our own, whatever else lies in it
PICKLES = (".pkl", ".pickle", ".pt", ".pth")
MOST_CSV_BYTES = 2**23  # of a table; the largest has 48,000 numbers of some 25 characters

NPY_FILES = {  # of lenet5-sigmoid
    "c1.weight": "conv_kernels1.npy",
    "c3.weight": "conv_kernels2.npy",
    **{
        f"{layer}.{ours}": f"ff_{theirs}{number}.npy"
        for number, layer in enumerate(("c5", "f6", "output"), start=1)
        for ours, theirs in (("weight", "weights"), ("bias", "biases"))
    },
}
CSV_FOLDERS = {  # of lenet5-tanh; the numbers count every layer, activations too
    "c1": "kernels_biases/layer_0",
    "c3": "kernels_biases/layer_3",
    "c5": "kernels_biases/layer_6",
    "f6": "weights_biases/layer_9",
    "output": "weights_biases/layer_11",
}


def is_foreign(folder: Path) -> bool:
    """Whether `read_foreign` is the one to ask, by the names of the files alone; it may still refuse them."""
    return _reader(folder) is not None or bool(_pickles(folder))


def read_foreign(folder: Path) -> Network:
    """The network of a folder that another project wrote, with every file checked.

    Notes
    -----
    Rounding to float32, the precision of every network here, moved the logits of random networks by 3e-6 at
    most, and none of their predictions for MNIST's 10,000 test digits.

    Raises
    ------
    SavedNetworkError
        Names the file, what is wrong with it, and what to do. A pickle is refused unread.
    """
    if reader := _reader(folder):
        return reader(folder)
    if pickles := _pickles(folder):
        raise SavedNetworkError(
            "{file} is a pickle. Unpickling runs whatever code is in the file, so it is not opened. Ask its "
            "author for ONNX, or for plain arrays (.safetensors, .npy or .csv), or train a network.",
            file=pickles[0],
        )
    raise SavedNetworkError(
        "{folder} is no network of another project: it has neither {file} nor a folder kernels_biases. "
        "Choose the very folder that holds them.",
        folder=folder,
        file=NPY_FILES["c1.weight"],
    )


def _names(folder: Path) -> set[str]:
    """What lies in a folder; nothing if it is none, or closed to us."""
    try:
        return {entry.name for entry in folder.iterdir()}
    except (OSError, ValueError):  # a ValueError: no folder can have such a name
        return set()


def _pickles(path: Path) -> list[Path]:
    """The path itself, or the files in it, that are pickles by name."""
    names = _names(path)
    candidates = [] if OURS in names else [path, *(path / name for name in sorted(names))]
    return [file for file in candidates if file.suffix.lower() in PICKLES and file.is_file()]


def _reader(folder: Path) -> Callable[[Path], Network] | None:
    names = _names(folder)
    if OURS in names:
        return None
    if names & set(NPY_FILES.values()):
        return _read_npy_folder
    if names & {"kernels_biases", "weights_biases"}:
        return _read_csv_folder
    return None


def _read_npy_folder(folder: Path) -> Network:
    network = build_network("lenet5-sigmoid", rng=np.random.default_rng(0))  # every value is replaced
    state = {}
    for name, expected in network.state().items():
        path = folder / NPY_FILES[name]
        array = _npy(path)
        if expected.ndim == 2:  # a dense weight: theirs is (in, out), ours (out, in)
            state[name] = _checked(path, array, expected.shape[::-1]).T
        else:
            state[name] = _checked(path, array, expected.shape)
    network.load_state(state)
    return network


def _read_csv_folder(folder: Path) -> Network:
    network = build_network("lenet5-tanh", rng=np.random.default_rng(0))  # every value is replaced
    state = network.state()
    for layer, place in CSV_FOLDERS.items():
        weight, bias = state[f"{layer}.weight"], state[f"{layer}.bias"]
        if weight.ndim == 2:
            files = {"weights.csv": weight, "biases.csv": bias}
        else:  # a file for each kernel, and for each map's biases
            files = {f"kernel_{k}_{c}.csv": weight[k, c] for k, c in np.ndindex(weight.shape[:2])}
            files |= {f"bias_{k}.csv": bias[k] for k in range(len(bias))}
        _check_names(folder / place, set(files))
        for name, values in files.items():  # views into `state`
            values[...] = _checked(folder / place / name, _csv(folder / place / name), values.shape)
    network.load_state(state)
    return network


def _check_names(folder: Path, expected: set[str]) -> None:
    """No csv file too few, and none too many: a layer of more maps would be read in part."""
    found = {name for name in _names(folder) if name.endswith(".csv")}
    if missing := sorted(expected - found):
        if len(missing) == 1:
            raise SavedNetworkError("{path} is missing.", remedy=Remedy.COPY_FOLDER, path=folder / missing[0])
        raise SavedNetworkError(
            "{path} and others, {count:,} in all, are missing.",
            remedy=Remedy.COPY_FOLDER,
            path=folder / missing[0],
            count=len(missing),
        )
    if extra := sorted(found - expected):
        raise SavedNetworkError(
            "{path} has no place in lenet5-tanh. A network of another shape cannot be read.",
            path=folder / extra[0],
        )


def _read(path: Path, most: int = MOST_BYTES) -> bytes:
    return read_file(path, remedy=Remedy.COPY_FOLDER, most=most)


def _npy(path: Path) -> npt.NDArray[Any]:
    array = parse_npy(path, _read(path), remedy=Remedy.COPY)
    if not np.issubdtype(array.dtype, np.floating):
        raise SavedNetworkError(
            "{path} holds {dtype}; float64 is expected.", remedy=Remedy.COPY, path=path, dtype=array.dtype
        )
    return array


def _csv(path: Path) -> npt.NDArray[np.float64]:
    try:
        text = _read(path, MOST_CSV_BYTES).decode()
        lines = [line for line in text.splitlines() if line.strip()]
        return np.array([[float(value) for value in line.split(",")] for line in lines], ndmin=2)
    except ValueError as error:  # letters, rows of unequal length, bytes that are no text
        raise SavedNetworkError(
            "{path} is no table of numbers: {reason}.", remedy=Remedy.COPY, path=path, reason=reason(error)
        ) from error


def _checked(path: Path, array: npt.NDArray[Any], shape: tuple[int, ...]) -> Array:
    """The array as float32, in this shape; a vector may come as a row or as a column."""
    if len(shape) == 1 and array.ndim == 2 and array.shape in ((1, *shape), (*shape, 1)):
        array = array.reshape(shape)
    if array.shape != shape:
        raise SavedNetworkError(
            "{path} holds an array of shape {given}; {shape} is expected. A network of another shape cannot "
            "be read.",
            path=path,
            given=array.shape,
            shape=shape,
        )
    with np.errstate(over="ignore", invalid="ignore"):  # told below
        rounded = array.astype(np.float32)
    if not np.isfinite(rounded).all():
        raise SavedNetworkError(
            "{path} holds numbers that are not finite, or too large for float32.",
            remedy=Remedy.COPY,
            path=path,
        )
    return rounded

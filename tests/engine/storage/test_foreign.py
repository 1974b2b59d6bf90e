"""Networks of others: they compute here what they compute at home, and damage is named, never guessed at.

The oracles below are those projects' programs, told again in float64, one digit and one map at a time.
"""

import os
import pickle
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import scipy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import SavedNetworkError
from engine.storage.foreign import is_foreign, read_foreign

# S2's maps that each map of C3 reads
READS = [
    *([0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 0], [5, 0, 1]),
    *([0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 0], [4, 5, 0, 1], [5, 0, 1, 2]),
    *([0, 1, 3, 4], [1, 2, 4, 5], [2, 3, 5, 0]),
    [0, 1, 2, 3, 4, 5],
]
CONVOLUTIONS = {0: (6, 1, 28), 3: (16, 6, 10), 6: (120, 16, 1)}  # number: maps, maps read, side
DENSE = {9: (84, 120), 11: (10, 84)}


def pool(maps):
    """The mean of each 2x2 block, for each map."""
    return np.array([[[m[r : r + 2, c : c + 2].mean() for c in range(0, m.shape[1], 2)]
                      for r in range(0, m.shape[0], 2)] for m in maps])  # fmt: skip


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def npy_logits(arrays, pixels):
    """The first project's program."""
    x = pixels / 255
    x[x < 0.1] = 0
    x = pool([sigmoid(scipy.signal.correlate2d(x, kernel, "valid")) for kernel in arrays["conv_kernels1"]])
    kernels = zip(arrays["conv_kernels2"], READS, strict=True)
    x = pool(
        [
            sigmoid(scipy.signal.correlate2d(sum(x[i] for i in reads), kernel, "valid"))
            for kernel, reads in kernels
        ]
    )
    x = x.reshape(256)
    for number in (1, 2, 3):
        x = arrays[f"ff_biases{number}"] + np.dot(x, arrays[f"ff_weights{number}"])
        x = x if number == 3 else sigmoid(x)
    return x


def csv_logits(layers, pixels):
    """The second project's program."""
    x = (pixels / 255 - 0.1306604762738429) / 0.30810780385646264
    x = np.pad(x, 2)[None]
    for number in CONVOLUTIONS:
        kernels, biases = layers[number]
        x = np.tanh([
            sum(scipy.signal.correlate2d(m, kernel, "valid") for m, kernel in zip(x, row, strict=True)) + bias
            for row, bias in zip(kernels, biases, strict=True)
        ])  # fmt: skip
        x = x if number == 6 else pool(x)
    x = x.reshape(120, 1)
    x = np.tanh(layers[9][0] @ x + layers[9][1])
    return (layers[11][0] @ x + layers[11][1])[:, 0]


def random_arrays(rng):
    """The arrays of the first project, large enough that a misplaced one would show."""
    arrays = {"conv_kernels1": rng.normal(0, 1, (6, 5, 5)), "conv_kernels2": rng.normal(0, 0.5, (16, 5, 5))}
    for number, (n_in, n_out) in enumerate([(256, 120), (120, 84), (84, 10)], start=1):
        arrays[f"ff_weights{number}"] = rng.normal(0, 0.3, (n_in, n_out))
        arrays[f"ff_biases{number}"] = rng.normal(0, 0.5, n_out)
    return arrays


def random_layers(rng):
    """The kernels, or weights, and the biases of the second project's layers."""
    layers = {}
    for number, (maps, reads, side) in CONVOLUTIONS.items():
        kernels = rng.normal(0, 0.5 / np.sqrt(reads), (maps, reads, 5, 5))
        layers[number] = kernels, rng.normal(0, 0.2, (maps, side, side))
    for number, (n_out, n_in) in DENSE.items():
        layers[number] = rng.normal(0, 0.2, (n_out, n_in)), rng.normal(0, 0.5, (n_out, 1))
    return layers


def csv_text(table):
    return "".join(",".join(repr(float(value)) for value in row) + "\n" for row in table)


def write_csv_folder(folder, layers):
    for number in CONVOLUTIONS:
        place = folder / "kernels_biases" / f"layer_{number}"
        place.mkdir(parents=True)
        kernels, biases = layers[number]
        for out in range(len(kernels)):
            (place / f"bias_{out}.csv").write_text(csv_text(biases[out]))
            for read in range(len(kernels[out])):
                (place / f"kernel_{out}_{read}.csv").write_text(csv_text(kernels[out, read]))
    for number in DENSE:
        place = folder / "weights_biases" / f"layer_{number}"
        place.mkdir(parents=True)
        for name, table in zip(("weights", "biases"), layers[number], strict=True):
            (place / f"{name}.csv").write_text(csv_text(table))


def write_npy_folder(folder, arrays):
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)


@pytest.fixture
def npy_folder(tmp_path, rng):
    write_npy_folder(tmp_path, random_arrays(rng))
    return tmp_path


@pytest.fixture(scope="module")
def csv_folder(tmp_path_factory):
    """Two thousand files, written once; `without` and `replaced` give back what they take."""
    folder = tmp_path_factory.mktemp("csv")
    write_csv_folder(folder, random_layers(np.random.default_rng(0)))
    return folder


@contextmanager
def without(path):
    """A file or a folder is not there in here."""
    aside = path.rename(path.parent.parent / f"{path.name} aside")
    try:
        yield
    finally:
        aside.rename(path)


@contextmanager
def replaced(path, content):
    """Other bytes stand in a file in here."""
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


def pixels_of_all_kinds(rng):
    """Three digits' worth of pixels: faint ones below the threshold, none, and full ink."""
    return rng.choice([0, 10, 25, 26, 128, 255], (3, 28, 28)).astype(float)


# **** what they compute ****


@pytest.mark.parametrize("bias_shape", [(-1,), (1, -1), (-1, 1)])
def test_a_folder_of_npy_files_computes_what_its_authors_program_computes(tmp_path, rng, bias_shape):
    arrays, pixels = random_arrays(rng), pixels_of_all_kinds(rng)
    shaped = {name: a.reshape(bias_shape) if "biases" in name else a for name, a in arrays.items()}
    write_npy_folder(tmp_path, shaped)
    network = read_foreign(tmp_path)
    expected = [npy_logits(arrays, digit.copy()) for digit in pixels]
    assert network.architecture == "lenet5-sigmoid"
    np.testing.assert_allclose(network.logits((pixels / 255).astype(np.float32)), expected, atol=1e-5)


def test_a_folder_of_csv_files_computes_what_its_authors_program_computes(csv_folder, rng):
    layers, pixels = random_layers(np.random.default_rng(0)), pixels_of_all_kinds(rng)
    network = read_foreign(csv_folder)
    expected = [csv_logits(layers, digit) for digit in pixels]
    assert network.architecture == "lenet5-tanh"
    np.testing.assert_allclose(network.logits((pixels / 255).astype(np.float32)), expected, atol=1e-5)


def test_float64_becomes_float32(npy_folder):
    kernels = np.load(npy_folder / "conv_kernels1.npy")
    assert kernels.dtype == np.float64
    assert np.array_equal(read_foreign(npy_folder).state()["c1.weight"], kernels.astype(np.float32))


# **** what is one ****


def test_a_foreign_folder_is_known_by_its_names(npy_folder, csv_folder):
    assert is_foreign(npy_folder)
    assert is_foreign(csv_folder)


def test_other_things_are_not_foreign_networks(tmp_path, npy_folder):
    (tmp_path / "empty").mkdir()
    (tmp_path / "list.txt").touch()
    for name in ("empty", "list.txt", "nowhere", "nowhere.pkl"):
        assert not is_foreign(tmp_path / name)
        with pytest.raises(SavedNetworkError, match=rf"{name} is no network of another.*conv_kernels1\.npy"):
            read_foreign(tmp_path / name)


def test_a_network_of_our_own_is_not_foreign_whatever_lies_in_it(npy_folder):
    (npy_folder / "old.pkl").touch()
    (npy_folder / "network.json").touch()
    assert not is_foreign(npy_folder)


# **** pickles ****


class Bomb:
    """Unpickling it would be noticed."""

    def __reduce__(self):
        return os.mkdir, ("unpickled",)


@pytest.mark.parametrize("in_folder", [True, False])
@pytest.mark.parametrize("name", ["model.pkl", "Model.PICKLE"])
def test_a_pickle_is_refused_with_the_reason_and_never_run(tmp_path, monkeypatch, name, in_folder):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(pickle.dumps(Bomb()))
    path = tmp_path if in_folder else tmp_path / name
    assert is_foreign(path)
    with pytest.raises(
        SavedNetworkError, match=rf"{name} is a pickle\. Unpickling runs whatever code.*train"
    ):
        read_foreign(path)
    assert not (tmp_path / "unpickled").exists()


def test_an_array_of_objects_is_refused_and_never_run(npy_folder, monkeypatch):
    monkeypatch.chdir(npy_folder)
    np.save(npy_folder / "ff_biases2.npy", np.array([Bomb()] * 84, dtype=object), allow_pickle=True)
    with pytest.raises(SavedNetworkError, match=r"ff_biases2\.npy is no plain array file: .*allow_pickle"):
        read_foreign(npy_folder)
    assert not (npy_folder / "unpickled").exists()


def test_a_pickle_beside_the_arrays_is_left_alone(npy_folder):
    (npy_folder / "model.pkl").write_bytes(pickle.dumps(Bomb()))
    assert read_foreign(npy_folder).architecture == "lenet5-sigmoid"


# **** damage: npy ****


@pytest.mark.parametrize("name", ["conv_kernels1.npy", "ff_weights3.npy"])
def test_a_missing_array_is_named(npy_folder, name):
    (npy_folder / name).unlink()
    assert is_foreign(npy_folder)
    with pytest.raises(SavedNetworkError, match=f"{name} is missing. Copy the whole folder again"):
        read_foreign(npy_folder)


@pytest.mark.parametrize(
    ("name", "array", "problem"),
    [
        ("conv_kernels2", np.zeros((16, 3, 3)), r"shape \(16, 3, 3\); \(16, 5, 5\) is expected"),
        ("conv_kernels1", np.zeros((6, 1, 5, 5)), r"shape \(6, 1, 5, 5\); \(6, 5, 5\)"),
        ("ff_weights1", np.zeros((120, 256)), r"shape \(120, 256\); \(256, 120\)"),
        ("ff_biases1", np.zeros((2, 60)), r"shape \(2, 60\); \(120,\)"),
        ("ff_biases3", np.float64(0), r"shape \(\); \(10,\)"),
        ("ff_biases3", np.zeros(10, int), "holds int64; float64 is expected"),
        ("ff_biases3", np.zeros(10, bool), "holds bool; float64"),
        ("ff_biases3", np.zeros(10, complex), "holds complex128; float64"),
        ("ff_biases3", np.full(10, np.nan), "not finite"),
        ("ff_weights2", np.full((120, 84), -np.inf), "not finite"),
        ("ff_weights2", np.full((120, 84), 1e300), "too large for float32"),
    ],
)
def test_an_array_of_another_shape_type_or_value_is_refused(npy_folder, name, array, problem):
    np.save(npy_folder / f"{name}.npy", array)
    with pytest.raises(SavedNetworkError, match=rf"{name}\.npy .*{problem}"):
        read_foreign(npy_folder)


def test_an_archive_of_arrays_is_no_array(npy_folder):
    with open(npy_folder / "ff_biases3.npy", "wb") as file:
        np.savez(file, np.zeros(10))
    with pytest.raises(SavedNetworkError, match=r"ff_biases3\.npy is no plain array file: the magic string"):
        read_foreign(npy_folder)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_header_is_told_or_does_no_harm(npy_folder, data):
    """Bytes of NumPy's own header changed, or the file cut off: never another exception."""
    path = npy_folder / "conv_kernels1.npy"
    np.save(path, np.ones((6, 5, 5)))
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, 127), max_size=3)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        weight = read_foreign(npy_folder).state()["c1.weight"]
    except SavedNetworkError as error:
        assert path.name in str(error)
    else:
        assert np.isfinite(weight).all()


def test_a_header_that_opens_a_bracket_and_ends_is_told(npy_folder):
    path = npy_folder / "conv_kernels1.npy"
    path.write_bytes(path.read_bytes().replace(b"(6, 5, 5), }", b"(6, 5, 5   }"))
    with pytest.raises(SavedNetworkError, match=r"conv_kernels1\.npy is no plain array file"):
        read_foreign(npy_folder)


# **** damage: csv ****


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("kernels_biases/layer_0/kernel_5_0.csv", "kernel_5_0.csv is missing"),
        ("kernels_biases/layer_6/bias_119.csv", "bias_119.csv is missing"),
        ("weights_biases/layer_11/weights.csv", "weights.csv is missing"),
        ("kernels_biases/layer_3", r"layer_3.bias_0\.csv and others, 112 in all, are missing"),
        ("kernels_biases", r"layer_0.bias_0\.csv and others, 12 in all, are missing"),
    ],
)
def test_a_missing_csv_file_is_named(csv_folder, name, problem):
    with without(csv_folder / name):
        assert is_foreign(csv_folder)
        with pytest.raises(SavedNetworkError, match=problem):
            read_foreign(csv_folder)


def test_a_layer_of_more_maps_is_not_read_in_part(csv_folder):
    extra = csv_folder / "kernels_biases/layer_3/kernel_2_6.csv"
    extra.write_text(csv_text(np.zeros((5, 5))))
    with pytest.raises(SavedNetworkError, match=r"kernel_2_6\.csv has no place in lenet5-tanh"):
        read_foreign(csv_folder)
    extra.unlink()


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("kernels_biases/layer_3/kernel_2_4.csv", csv_text(np.zeros((5, 4))), r"shape \(5, 4\); \(5, 5\)"),
        ("kernels_biases/layer_0/bias_3.csv", "0.5\n", r"shape \(1, 1\); \(28, 28\) is expected"),
        ("weights_biases/layer_9/weights.csv", csv_text(np.zeros((120, 84))), r"\(120, 84\); \(84, 120\)"),
        ("weights_biases/layer_11/biases.csv", csv_text(np.zeros((9, 1))), r"shape \(9, 1\); \(10,\)"),
        ("weights_biases/layer_11/biases.csv", "", r"shape \(1, 0\); \(10,\)"),
        ("weights_biases/layer_11/biases.csv", "0\n" + 10 * "1.5\n", r"shape \(11, 1\); \(10,\)"),
        ("kernels_biases/layer_0/kernel_0_0.csv", 4 * "1,2,3,4,5\n" + "1,2,3,4,nan\n", "not finite"),
        (
            "kernels_biases/layer_0/kernel_0_0.csv",
            4 * "1,2,3,4,5\n" + "1,2,3,4,1e39\n",
            "too large for float32",
        ),
        (
            "kernels_biases/layer_0/kernel_0_0.csv",
            "bias\n" + 5 * "1,2,3,4,5\n",
            "no table of numbers: .*'bias'",
        ),
        ("kernels_biases/layer_0/kernel_0_0.csv", "1,2,3\n1,2\n", "no table of numbers"),
        ("kernels_biases/layer_0/kernel_0_0.csv", 5 * "1;2;3;4;5\n", "no table of numbers"),
        ("kernels_biases/layer_0/kernel_0_0.csv", 5 * "1,2,3,4,\n", "no table of numbers"),
    ],
    ids=[
        *("kernel of 5x4", "one bias for all positions", "weights turned", "9 biases", "empty", "11 biases"),
        *("nan", "too large", "header", "ragged rows", "semicolons", "commas at the end"),
    ],
)
def test_a_damaged_csv_file_is_told(csv_folder, name, text, problem):
    with (
        replaced(csv_folder / name, text.encode()),
        pytest.raises(SavedNetworkError, match=rf"{name.rpartition('/')[2]} .*{problem}"),
    ):
        read_foreign(csv_folder)


def test_bytes_that_are_no_text_are_told(csv_folder):
    with (
        replaced(csv_folder / "kernels_biases/layer_0/bias_0.csv", b"\xff\xfe0\x00"),
        pytest.raises(SavedNetworkError, match=r"bias_0\.csv is no table of numbers: .*decode"),
    ):
        read_foreign(csv_folder)


def test_lines_may_end_as_on_windows_and_a_vector_may_be_a_row(csv_folder):
    row = ",".join(str(value / 4) for value in range(10)) + "\r\n"
    with replaced(csv_folder / "weights_biases/layer_11/biases.csv", row.encode()):
        assert np.array_equal(read_foreign(csv_folder).state()["output.bias"], np.arange(10) / 4)


def test_a_file_that_cannot_be_opened_is_told(npy_folder):
    (npy_folder / "ff_biases1.npy").unlink()
    (npy_folder / "ff_biases1.npy").mkdir()
    with pytest.raises(SavedNetworkError, match=r"ff_biases1\.npy cannot be read"):
        read_foreign(npy_folder)


def test_a_table_of_more_than_is_read_is_told(csv_folder, monkeypatch):
    monkeypatch.setattr("engine.storage.foreign.MOST_CSV_BYTES", 100)
    with pytest.raises(SavedNetworkError, match=r"\.csv cannot be read: it is larger than the 100 bytes"):
        read_foreign(csv_folder)


def test_what_is_no_number_is_quoted_in_part(csv_folder):
    with (
        replaced(csv_folder / "kernels_biases/layer_0/kernel_0_0.csv", b"\x1b[2J" + b"x" * 9999),
        pytest.raises(SavedNetworkError, match=r"is no table of numbers: .*\\x1b.*Copy it again") as caught,
    ):
        read_foreign(csv_folder)
    assert len(str(caught.value)) < 600


def test_a_name_that_no_folder_can_have_is_none_of_theirs():
    assert not is_foreign(Path("a\0b"))

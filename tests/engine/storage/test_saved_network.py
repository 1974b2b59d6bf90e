"""Network folders: what was saved comes back, damage is named, and nothing good is lost."""

import hashlib
import json
import os
import pickle
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import (
    Confidence,
    Dataset,
    SavedNetwork,
    TrainingConfig,
    TrainingRun,
    build_network,
    evaluate,
    load_network,
    save_network,
)
from engine.errors import Remedy, SavedNetworkError
from engine.files.folder_transaction import writing
from engine.files.plain_zip import pack_files
from engine.nn.layers import Training
from engine.nn.scaling import InputScaling
from engine.reading.evaluation import TestFacts
from engine.reading.rejection import Rejection
from engine.storage import saved_network
from engine.storage.saved_network import attach, load_attachment, load_facts, load_files
from tests.digit_templates import digit_images
from tests.engine import killed_saves
from tests.engine.programs import run_killer
from tests.engine.system_calls import SystemCalls, failing_at

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def network(rng):
    return build_network("lenet5", rng=rng)


@pytest.fixture
def folder(tmp_path, network):
    save_network(network, tmp_path / "network", attachments={"history.csv": b"epoch\n1\n"})
    return tmp_path / "network"


def entries(folder):
    return sorted(path.name for path in folder.iterdir())


def replace_array(folder, array, name="c1.weight.npy"):
    """Put an array into a network folder, with its right hash: only its content is wrong."""
    np.save(folder / name, array, allow_pickle=array.dtype == object)
    rehash(folder, name)


def rehash(folder, name):
    files = manifest(folder)["files"]
    edit_facts(folder, files={**files, name: hashlib.sha256((folder / name).read_bytes()).hexdigest()})


def manifest(folder):
    return json.loads((folder / "network.json").read_text())


def edit_facts(folder, **changes):
    """Change the manifest as somebody who knows its checksum; ... takes a value out."""
    facts = {key: value for key, value in {**manifest(folder), **changes}.items() if value is not ...}
    del facts["sha256"]
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    facts["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "network.json").write_text(json.dumps(facts))


# **** round trip ****


def test_every_parameter_comes_back_bit_for_bit(network, folder):
    loaded = load_network(folder)
    assert loaded.architecture == "lenet5"
    for saved, parameter in zip(network.parameters, loaded.parameters, strict=True):
        assert saved.name == parameter.name
        assert saved.value.tobytes() == parameter.value.tobytes()


def test_the_folder_holds_manifest_card_history_and_one_array_a_parameter(network, folder):
    arrays = [f"{parameter.name}.npy" for parameter in network.parameters]
    assert entries(folder) == sorted(["network.json", "README.md", "history.csv", *arrays])
    assert "44,426 parameters" in (folder / "README.md").read_text()


def test_facts_are_kept(tmp_path, network):
    test = TestFacts(
        dataset="MNIST's test set", count=10, accuracy=0.9, interval=(0.6, 0.98),
        accuracy_first_half=0.8, accuracy_second_half=1.0, loss=0.25,
    )  # fmt: skip
    save_network(network, tmp_path / "n", test=test)
    assert load_facts(tmp_path / "n").test == test
    card = (tmp_path / "n" / "README.md").read_text()
    assert "90.00 % (95 % interval 60.00 % to 98.00 %)" in card


def test_a_loop_of_ones_own_saves_what_it_has_learnt(tmp_path):
    """As the documentation of engine.learning.training shows it."""
    digits = Dataset(*digit_images(60, np.random.default_rng(3)))
    run = TrainingRun(digits, TrainingConfig(architecture="mlp-tanh", epochs=2))
    for _record in run:
        pass
    test = evaluate(run.network, digits).facts()
    save_network(run.network, tmp_path / "n", training=run.facts(), test=test)
    saved = SavedNetwork.load(tmp_path / "n")
    assert saved.facts.training == run.facts()
    assert saved.facts.test == test
    assert saved.confidence == Confidence()
    card = (tmp_path / "n" / "README.md").read_text()
    assert f"On {run.facts().train_count} images; " in card


@pytest.mark.parametrize("architecture", ["best", "lenet5-tanh", "lenet5-1998", "cifar10"])
def test_running_statistics_and_scaling_are_part_of_a_network(tmp_path, rng, architecture):
    network = build_network(architecture, rng=rng)
    images = rng.random((20, *network.input_shape), np.float32)
    network.loss_and_gradients(
        images, rng.integers(0, 10, 20), training=Training(rng)
    )  # moves running statistics
    network.scaling = InputScaling(threshold=0.2, mean=0.3, deviation=2.0)
    save_network(network, tmp_path / "n")
    loaded = load_network(tmp_path / "n")
    assert loaded.scaling == network.scaling
    assert loaded.logits(images).tobytes() == network.logits(images).tobytes()


def test_temperature_and_rejection_come_back(tmp_path, network):
    confidence = Confidence(1.375, Rejection(3.25, 0.0075, 0.97, 0.998))
    save_network(network, tmp_path / "n", confidence=confidence)
    assert SavedNetwork.load(tmp_path / "n").confidence == confidence
    assert manifest(tmp_path / "n")["confidence"] == {
        "temperature": 1.375,
        "rejection": {
            "least_evidence": 3.25, "digits_rejected": 0.0075, "not_digits_rejected": 0.97, "auc": 0.998,
        },
    }  # fmt: skip


def test_a_network_without_a_confidence_is_read_as_it_always_was(folder):
    edit_facts(folder, confidence=...)
    assert SavedNetwork.load(folder).confidence == Confidence()


REJECTION = {"least_evidence": 3, "digits_rejected": 0, "not_digits_rejected": 1, "auc": 1}


@pytest.mark.parametrize(
    "confidence",
    [
        None,
        [],
        {"temperature": "hot", "rejection": None},
        {"temperature": 0, "rejection": None},
        {"temperature": 1e-46, "rejection": None},  # finite, but no logit divided by it is
        {"temperature": 10**400, "rejection": None},
        {"temperature": True, "rejection": None},
        {"temperature": float("nan"), "rejection": None},
        {"temperature": 1, "rejection": 3},
        {"temperature": 1, "rejection": {"least_evidence": 3}},
        {"temperature": 1, "rejection": REJECTION | {"least_evidence": float("inf")}},
        {"temperature": 1, "rejection": REJECTION | {"auc": None}},
        {"temperature": 1, "rejection": REJECTION | {"auc": 1.5}},
        {"temperature": 1, "rejection": REJECTION | {"bias": 1}},
    ],
)
def test_a_confidence_that_cannot_be_used_is_told(folder, confidence):
    edit_facts(folder, confidence=confidence)
    with pytest.raises(SavedNetworkError, match=r"network\.json is damaged: .*Restore it, or train again"):
        load_network(folder)


# **** saving ****


def test_attachments_are_part_of_the_network_and_go_with_it(folder, network):
    assert (folder / "history.csv").read_bytes() == b"epoch\n1\n"
    save_network(network, folder, attachments={"curve.png": b"\x89PNG"}, overwrite=True)
    assert (folder / "curve.png").read_bytes() == b"\x89PNG"
    assert load_facts(folder).files["curve.png"] == hashlib.sha256(b"\x89PNG").hexdigest()
    assert "history.csv" not in entries(folder)


def test_an_attachment_is_read_by_its_name_and_checked(folder):
    assert load_attachment(folder, "history.csv") == b"epoch\n1\n"
    assert load_attachment(folder, "curve.png") is None
    (folder / "history.csv").write_bytes(b"epoch\n2\n")
    with pytest.raises(SavedNetworkError, match=r"history\.csv is not the file that was saved"):
        load_attachment(folder, "history.csv")


def test_an_existing_network_is_not_written_over_unless_asked(folder, network):
    before = (folder / "network.json").read_bytes()
    with pytest.raises(SavedNetworkError, match="holds a network already") as caught:
        save_network(network, folder)
    assert caught.value.remedy == Remedy.REPLACE
    assert (folder / "network.json").read_bytes() == before
    network.parameters[0].value += 1
    save_network(network, folder, overwrite=True)
    assert np.array_equal(load_network(folder).parameters[0].value, network.parameters[0].value)


def test_overwriting_keeps_what_is_no_part_of_the_network(folder, network):
    (folder / "notes.txt").write_text("mine")
    (folder / "best").mkdir()
    (folder / "best" / "network.json").write_text("{}")
    save_network(network, folder, overwrite=True)
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "best" / "network.json").exists()
    assert "history.csv" not in entries(folder)  # the old network's


def test_a_damaged_network_is_replaced_by_one_that_can_be_loaded(folder, network):
    (folder / "network.json").write_text("{")
    (folder / "notes.txt").write_text("mine")
    network.parameters[0].value += 1
    save_network(network, folder, attachments={"history.csv": b"epoch\n2\n"}, overwrite=True)
    assert np.array_equal(load_network(folder).parameters[0].value, network.parameters[0].value)
    assert (folder / "history.csv").read_bytes() == b"epoch\n2\n"
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_persons_file_gives_way_to_one_of_the_network_of_its_name(folder, network):
    (folder / "training.png").write_bytes(b"a photograph")
    save_network(network, folder, attachments={"training.png": b"\x89PNG"}, overwrite=True)
    assert (folder / "training.png").read_bytes() == b"\x89PNG"
    load_network(folder)


def test_a_folder_of_other_things_is_refused(tmp_path, network):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(SavedNetworkError, match="holds files, but no network"):
        save_network(network, tmp_path, overwrite=True)
    assert entries(tmp_path) == ["thesis.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path, network):
    (tmp_path / "n").touch()
    with pytest.raises(SavedNetworkError, match="is a file, not a folder"):
        save_network(network, tmp_path / "n")


def test_a_full_disk_leaves_the_old_network_and_no_litter(folder, network, monkeypatch):
    old = load_network(folder).state()
    (folder / "notes.txt").write_text("mine")
    before = entries(folder)
    calls = []

    def full_at_the_third(descriptor):
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_at_the_third)
    network.parameters[0].value += 1
    with pytest.raises(SavedNetworkError, match=r"could not be saved.*: No space left on device\."):
        save_network(network, folder, overwrite=True)
    monkeypatch.undo()
    assert load_network(folder).state()["c1.weight"].tobytes() == old["c1.weight"].tobytes()
    assert entries(folder) == before
    assert entries(folder.parent) == ["network"]


@pytest.mark.parametrize("ever_after", [False, True])
def test_whatever_call_of_the_system_fails_the_old_or_the_new_network_is_there(
    tmp_path, monkeypatch, ever_after
):
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # else all that waiting for the disk
    folder = tmp_path / "net"
    killed_saves.save(0, folder)
    killed_saves.put_a_persons_files(folder)
    with monkeypatch.context() as patch:
        calls = SystemCalls(patch)
        killed_saves.save(1, folder)
    told = set()
    for number in range(1, 1 + calls.count):
        before = killed_saves.which_is_there(folder)
        with monkeypatch.context() as patch:
            SystemCalls(patch, failing_at(number, ever_after=ever_after))
            try:
                killed_saves.save(1 - before, folder)
                told.add("saved")
                expected = 1 - before
            except SavedNetworkError as error:
                told.add(str(error).removeprefix(f"The network could not be saved in {folder}: ")[:20])
                expected = before
        assert killed_saves.which_is_there(folder) == expected
        killed_saves.assert_persons_files_are_there(folder)
    assert {"saved", "Input/output error."} <= told
    killed_saves.save(0, folder)
    killed_saves.assert_nothing_is_left_over(folder, 0)


@pytest.mark.thorough
def test_saves_that_are_killed_15_times_leave_the_old_or_the_new_network(tmp_path):
    """At calls that the seed picks, and at any moment."""
    run_killer(killed_saves, tmp_path, 15, 1)
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["kills"] == 15
    assert found["the old network"] > 2
    assert found["the new network"] > 2


SAVER = """
import sys
from pathlib import Path
from tests.engine import killed_saves
for which in [int(sys.argv[2]), 1 - int(sys.argv[2])] * int(sys.argv[3]):
    killed_saves.save(which, Path(sys.argv[1]))
"""


@pytest.mark.thorough
def test_two_savers_and_a_reader_at_once_all_find_whole_networks(tmp_path):
    folder = tmp_path / "net"
    killed_saves.save(0, folder)
    killed_saves.put_a_persons_files(folder)
    savers = [
        subprocess.Popen([sys.executable, "-c", SAVER, str(folder), first, "8"], cwd=ROOT) for first in "01"
    ]
    while any(saver.poll() is None for saver in savers):
        killed_saves.which_is_there(folder)
    assert [saver.returncode for saver in savers] == [0, 0]
    killed_saves.assert_persons_files_are_there(folder)
    killed_saves.assert_nothing_is_left_over(folder, killed_saves.which_is_there(folder))


def test_of_two_that_save_into_a_new_folder_the_second_one_finds_the_first_ones(
    tmp_path, network, monkeypatch
):
    entered = []

    @contextmanager
    def late(*arguments, **options):
        if not entered:
            entered.append(1)
            save_network(network, tmp_path / "n")  # of the other one
        with writing(*arguments, **options):
            yield

    monkeypatch.setattr(saved_network, "writing", late)
    with pytest.raises(SavedNetworkError, match="holds a network already"):
        save_network(build_network("mlp-tanh", rng=np.random.default_rng(0)), tmp_path / "n")
    assert load_network(tmp_path / "n").architecture == "lenet5"


def test_a_folder_that_is_written_to_for_long_is_told(folder, network, monkeypatch):
    monkeypatch.setattr(saved_network, "WAIT", 0.0)
    with writing(folder), pytest.raises(SavedNetworkError, match="Another process has been writing to"):
        save_network(network, folder, overwrite=True)
    load_network(folder)


def test_a_folder_that_is_a_link_stays_one(folder, network, tmp_path):
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    save_network(build_network("mlp-tanh", rng=np.random.default_rng(0)), tmp_path / "link", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert load_network(folder).architecture == "mlp-tanh"
    (tmp_path / "new link").symlink_to("to be made")
    save_network(network, tmp_path / "new link")
    assert load_network(tmp_path / "to be made").architecture == "lenet5"
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(SavedNetworkError):
        save_network(network, tmp_path / "circle")


def test_the_folder_one_is_in_is_saved_to_and_stays_the_one_that_one_is_in(folder, network, monkeypatch):
    monkeypatch.chdir(folder)
    save_network(network, ".", overwrite=True)
    assert os.path.samefile(".", folder)
    load_network(".")


@pytest.mark.parametrize("name", ["数字 🙂", "n" * 255, "ü" * 127, " . "])
def test_any_name_that_the_system_takes_is_saved_under(tmp_path, network, name):
    for _ in range(2):
        save_network(network, tmp_path / name, overwrite=True)
    assert entries(tmp_path) == [name]
    load_network(tmp_path / name)


NO_PLACES = ["n" * 256, "a\0b", "a\ud800b", "file/net"]


@pytest.mark.parametrize("name", NO_PLACES)
def test_what_can_be_no_folder_is_an_error_of_its_kind_for_reading_and_writing(tmp_path, network, name):
    (tmp_path / "file").touch()
    for what in (
        load_network,
        load_facts,
        lambda folder: save_network(network, folder),
        lambda folder: save_network(network, folder, overwrite=True),
    ):
        with pytest.raises(SavedNetworkError) as caught:
            what(tmp_path / name)
        str(caught.value).encode()  # it can be printed
    assert entries(tmp_path) == ["file"]


def test_a_folder_that_is_closed_to_us_is_one_clear_sentence(folder, network, monkeypatch):
    def refuse(path, *arguments, **options):
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch, pytest.raises(SavedNetworkError) as caught:
        patch.setattr(os, "open", refuse)
        save_network(network, folder, overwrite=True)
    assert str(caught.value) == (
        f"The network could not be saved in {folder}: Permission denied ({folder / '.lock'})."
    )
    for call in ("listdir", "stat"):
        with monkeypatch.context() as patch, pytest.raises(SavedNetworkError, match="Permission denied"):
            patch.setattr(os, call, refuse)
            save_network(network, folder, overwrite=True)
    with monkeypatch.context() as patch, pytest.raises(SavedNetworkError, match="Permission denied"):
        patch.setattr(os, "stat", refuse)
        load_network(folder)


# **** damage ****


def test_a_missing_folder_says_how_to_train_one(tmp_path):
    with pytest.raises(SavedNetworkError, match="There is no network folder") as caught:
        load_network(tmp_path / "nowhere")
    assert caught.value.remedy == Remedy.TRAIN
    assert caught.value.subject == str(tmp_path / "nowhere")


def test_a_folder_without_manifest_is_no_network(tmp_path):
    with pytest.raises(SavedNetworkError, match=r"no network folder: it has no network\.json"):
        load_network(tmp_path)


def test_a_missing_array_is_named(folder):
    (folder / "f6.bias.npy").unlink()
    with pytest.raises(SavedNetworkError, match=r"f6\.bias\.npy is missing"):
        load_network(folder)


@pytest.mark.parametrize("name", ["c3.weight.npy", "history.csv"])
def test_one_changed_byte_is_noticed(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(SavedNetworkError, match=f"{name} is not the file that was saved"):
        load_network(folder)


def test_a_truncated_array_is_noticed_even_with_its_hash(folder):
    path = folder / "c3.weight.npy"
    path.write_bytes(path.read_bytes()[:-8])
    rehash(folder, path.name)
    with pytest.raises(SavedNetworkError, match="no plain array file"):
        load_network(folder)


class Bomb:
    """Unpickling it would be noticed."""

    def __reduce__(self):
        return os.mkdir, ("unpickled",)


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_pickle_is_refused_and_never_run(folder, tmp_path, monkeypatch, wrapped):
    monkeypatch.chdir(tmp_path)
    if wrapped:
        replace_array(folder, np.array([Bomb()], dtype=object))
    else:
        (folder / "c1.weight.npy").write_bytes(pickle.dumps(Bomb()))
        rehash(folder, "c1.weight.npy")
    with pytest.raises(SavedNetworkError, match="no plain array file"):
        load_network(folder)
    assert not (tmp_path / "unpickled").exists()


@pytest.mark.parametrize(
    ("array", "problem"),
    [
        (np.zeros((6, 1, 3, 3), np.float32), r"shape \(6, 1, 3, 3\); lenet5 needs \(6, 1, 5, 5\)"),
        (np.zeros((6, 1, 5, 5), np.float64), "float64; float32 is expected"),
        (np.full((6, 1, 5, 5), np.nan, np.float32), "not finite"),
        (np.full((6, 1, 5, 5), np.inf, np.float32), "not finite"),
    ],
)
def test_an_array_of_another_shape_type_or_value_is_refused(folder, array, problem):
    replace_array(folder, array)
    with pytest.raises(SavedNetworkError, match=problem):
        load_network(folder)


def test_an_array_that_the_architecture_does_not_know_is_refused(folder):
    replace_array(folder, np.zeros(3, np.float32), "c9.weight.npy")
    with pytest.raises(SavedNetworkError, match=r"c9\.weight"):
        load_network(folder)


def test_an_array_that_the_manifest_leaves_out_is_missed(folder):
    files = manifest(folder)["files"]
    del files["c5.bias.npy"]
    edit_facts(folder, files=files)
    with pytest.raises(SavedNetworkError, match=r"lists no c5\.bias\.npy"):
        load_network(folder)


@pytest.mark.parametrize(
    "name", ["../c1.weight.npy", "/etc/passwd", "a/b.npy", "..", "", "a\\b.npy", "x\0.npy", "\ud800"]
)
def test_the_manifest_cannot_lead_out_of_the_folder(folder, name):
    edit_facts(folder, files={name: "0" * 64})
    with pytest.raises(SavedNetworkError, match="is no name of a file in the very folder"):
        load_network(folder)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"format": 2}, "is format 2; this version reads format 1"),
        ({"architecture": "alexnet"}, "no architecture 'alexnet'"),
        ({"architecture": None}, "architecture must be a text, got None"),
        ({"files": ["c1.weight.npy"]}, "files must hold values by name, got list"),
        ({"input": ...}, "it has no input"),
        ({"input": None}, "input must hold values by name"),
        ({"input": {"shape": [], "scaling": {"mean": 0, "gain": 3}}}, "scaling has an unknown value 'gain'"),
        ({"input": {"shape": [], "scaling": {"deviation": 0}}}, "deviation above 0"),
        ({"input": {"shape": [], "scaling": {"deviation": 1e-46}}}, "deviation above 0"),
        ({"input": {"scaling": {}, "shape": [1, 32, 32]}}, "asks for the input"),
        ({"training": {"seconds": 3}}, "training has no config"),
        ({"test": {"count": 3}}, "test has no accuracy"),
        ({"test": 3}, "test must hold values by name"),
        ({"colour": "red"}, "unknown value 'colour'"),
    ],
)
def test_a_manifest_of_another_kind_is_refused(folder, changes, problem):
    edit_facts(folder, **changes)
    with pytest.raises(SavedNetworkError, match=problem):
        load_network(folder)


def test_a_manifest_that_was_changed_is_told(folder):
    path = folder / "network.json"
    path.write_text(path.read_text().replace('"temperature": 1.0', '"temperature": 1.5'))
    with pytest.raises(
        SavedNetworkError, match=r"network\.json is not the file that was saved: its checksum"
    ):
        load_network(folder)


def test_a_manifest_of_old_has_no_checksum_and_is_read(folder):
    facts = manifest(folder)
    del facts["sha256"]
    (folder / "network.json").write_text(json.dumps(facts))
    assert load_network(folder).architecture == "lenet5"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, "9" * 5000, "\x00\xff", '{"a": 1}'])
def test_a_damaged_manifest_is_told(folder, text):
    (folder / "network.json").write_text(text, encoding="latin-1")
    with pytest.raises(SavedNetworkError, match=r"network\.json"):
        load_network(folder)


# **** what explains a network ****


def test_a_network_opens_without_what_explains_it(folder, network):
    attach(network, folder, "neighbours.npz", b"an index")
    (folder / "neighbours.npz").write_bytes(b"damaged")
    assert np.array_equal(load_network(folder).parameters[0].value, network.parameters[0].value)
    with pytest.raises(SavedNetworkError, match=r"neighbours\.npz is not the file that was saved"):
        load_attachment(folder, "neighbours.npz")
    (folder / "neighbours.npz").unlink()
    load_network(folder)


def test_a_file_comes_beside_a_network_that_stays_as_it_was_and_as_old(folder, network):
    (folder / "notes.txt").write_text("mine")
    os.utime(folder / "network.json", (10, 10))
    before = load_facts(folder)
    plain = json.loads((folder / "network.json").read_text())
    attach(network, folder, "neighbours.npz", b"an index")
    assert load_attachment(folder, "neighbours.npz") == b"an index"
    after = load_facts(folder)
    assert after.files.keys() - before.files.keys() == {"neighbours.npz"}
    assert replace(after, files=before.files) == before
    again = json.loads((folder / "network.json").read_text())
    for added in ("files", "sha256"):
        del plain[added], again[added]
    assert again == plain
    assert (folder / "network.json").stat().st_mtime == 10
    assert (folder / "notes.txt").read_text() == "mine"
    attach(network, folder, "neighbours.npz", b"another")
    assert load_attachment(folder, "neighbours.npz") == b"another"
    save_network(network, folder, overwrite=True)
    assert not (folder / "neighbours.npz").exists()


def test_nothing_is_attached_to_another_network_or_in_the_place_of_what_is_not_its_own(folder, network):
    (folder / "mine.npz").write_text("mine")
    before = (folder / "network.json").read_bytes()
    with pytest.raises(SavedNetworkError, match=r"mine\.npz is no part of the network, and is left as it is"):
        attach(network, folder, "mine.npz", b"an index")
    network.parameters[0].value += 1
    with pytest.raises(SavedNetworkError, match="holds another network by now"):
        attach(network, folder, "neighbours.npz", b"an index")
    assert (folder / "mine.npz").read_text() == "mine"
    assert (folder / "network.json").read_bytes() == before


def test_nothing_is_attached_where_there_is_no_network(tmp_path, network):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(SavedNetworkError, match="is no network folder"):
        attach(network, tmp_path, "neighbours.npz", b"an index")
    with pytest.raises(SavedNetworkError, match="There is no network folder"):
        attach(network, tmp_path / "none", "neighbours.npz", b"an index")
    assert entries(tmp_path) == ["thesis.txt"]


def test_what_explains_a_network_and_is_damaged_is_left_behind(folder, network):
    attach(network, folder, "neighbours.npz", b"an index")
    assert load_files(folder)["neighbours.npz"] == b"an index"
    (folder / "neighbours.npz").write_bytes(b"damaged")
    assert "neighbours.npz" not in load_files(folder)


def test_nothing_is_attached_to_a_network_in_one_file(folder, network, tmp_path):
    path = tmp_path / "one.lenet"
    path.write_bytes(pack_files(load_files(folder)))
    before = path.read_bytes()
    with pytest.raises(SavedNetworkError, match="is one file, and is left as it is"):
        attach(network, path, "neighbours.npz", b"an index")
    assert path.read_bytes() == before

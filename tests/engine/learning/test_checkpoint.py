"""Checkpoints: a run that is killed anywhere ends with the bytes of one that was left alone.

And what is damaged, missing or of another run is told, with the good one before it kept.
"""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from engine import Dataset, TrainingConfig, TrainingRun
from engine.errors import CheckpointError
from engine.learning import checkpoint
from engine.learning.checkpoint import (
    LAST,
    PREVIOUS,
    checkpointed,
    claimed,
    has_checkpoint,
    load_checkpoint,
    remove_checkpoint,
    save_checkpoint,
)
from engine.learning.optimizers import OPTIMIZERS
from engine.learning.training import EpochRecord
from engine.learning.training_config import TeacherFacts
from tests.digit_templates import digit_images
from tests.engine import interrupted_run
from tests.engine.programs import run_killer
from tests.engine.system_calls import SystemCalls, failing_at

ROOT = Path(__file__).resolve().parents[3]
QUICK = {"architecture": "mlp-tanh", "epochs": 2, "batch_size": 16, "validation_fraction": 0.2}


@pytest.fixture(scope="module")
def digits():
    return Dataset(*digit_images(60, np.random.default_rng(7)))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "network.checkpoint"


def arrays(run):
    return {name: value.tobytes() for name, value in run.network.state().items()}


def after(run, records):
    """The run, so many records later."""
    for _, _record in zip(range(records), run, strict=False):
        pass
    return run


def assert_same(state, other):
    assert (state.config, state.data, state.step) == (other.config, other.data, other.step)
    assert (state.seconds, list(state.history)) == (other.seconds, list(other.history))
    for part, named in state.arrays.items():
        assert {name: value.tobytes() for name, value in named.items()} == {
            name: value.tobytes() for name, value in other.arrays[part].items()
        }


# **** going on ****


def resumed_at_every_record(dataset, config, folder):
    """A run that another one goes on with after each single record."""
    run = TrainingRun(dataset, config)
    while True:
        records = iter(run)
        if next(records, None) is None:
            return run
        save_checkpoint(run.state(), folder)
        records.close()
        run = TrainingRun.resume(dataset, load_checkpoint(folder)[0])


# with and without dropout, batch normalisation, curvatures and a running average
@pytest.mark.parametrize("architecture", ["lenet5", "lenet5-1998", "mlp-relu", "best"])
def test_every_kind_of_network_goes_on_to_the_same_bytes_from_every_record(architecture, digits, folder):
    config = TrainingConfig.for_architecture(architecture, epochs=2, batch_size=16, validation_fraction=0.2)
    undisturbed = after(TrainingRun(digits, config), 1000)
    run = resumed_at_every_record(digits, config, folder)
    assert arrays(run) == arrays(undisturbed)
    assert [replace(r, seconds=0) for r in run.history] == [
        replace(r, seconds=0) for r in undisturbed.history
    ]
    assert run.best.epoch == undisturbed.best.epoch


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_goes_on_to_the_same_bytes(optimizer, digits, folder):
    config = TrainingConfig(**QUICK, optimizer=optimizer, learning_rate=0.001, patience=1)
    run = resumed_at_every_record(digits, config, folder)
    assert arrays(run) == arrays(after(TrainingRun(digits, config), 1000))


@pytest.mark.thorough
def test_a_run_killed_at_12_random_moments_ends_with_the_bytes_of_an_undisturbed_one(tmp_path):
    run_killer(interrupted_run, tmp_path, 12, 1)
    assert len(set((tmp_path / "steps.txt").read_text().split())) > 3  # it went on from many a step
    run = after(TrainingRun(interrupted_run.dataset(), interrupted_run.CONFIG), 1000)
    results = list(tmp_path.glob("*.npz"))
    assert tmp_path / "0.npz" in results
    for path in results:
        if ".part" in path.name:  # what a kill amid the writing of the result has left
            continue
        with np.load(path, allow_pickle=False) as found:
            assert {name: found[name].tobytes() for name in found.files} == arrays(run)


def test_time_goes_on_where_it_was(digits):
    state = after(TrainingRun(digits, TrainingConfig(**QUICK)), 2).state()
    run = TrainingRun.resume(digits, replace(state, seconds=1000.0))
    assert after(run, 1000).history[0].seconds >= 1000


# **** when it is saved ****


@pytest.mark.parametrize(("every", "saved_after"), [(1e9, [3, 6]), (0.0, [1, 2, 3, 3, 4, 5, 6, 6])])
def test_it_is_saved_at_each_epochs_end_and_within_it_as_often_as_asked(every, saved_after, digits, folder):
    seen = []
    run = TrainingRun(digits, TrainingConfig(**QUICK))  # 48 images: 3 steps an epoch
    for _ in checkpointed(run, folder, every=every):
        step = load_checkpoint(folder)[0].step if has_checkpoint(folder) else None
        if step == run.step:
            seen.append(step)
    assert seen == saved_after


def test_the_last_two_are_kept_and_removed_with_their_folder(digits, folder):
    run = TrainingRun(digits, TrainingConfig(**QUICK))
    for _ in checkpointed(run, folder, every=0.0):
        pass
    assert sorted(path.name for path in folder.iterdir()) == ["last.checkpoint", "previous.checkpoint"]
    (folder / ".0123456789abcdef.part").touch()  # of a process that was killed
    remove_checkpoint(folder)
    assert not folder.exists()
    remove_checkpoint(folder)  # and again, where there is none


def test_what_else_lies_in_the_folder_is_not_removed(digits, folder):
    save_checkpoint(TrainingRun(digits, TrainingConfig(**QUICK)).state(), folder)
    (folder / "notes.txt").write_text("mine")
    remove_checkpoint(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_no_file_is_written_under_a_name_that_can_be_foreseen(two, folder, monkeypatch):
    opened = []

    def fail(descriptor):
        opened.append({path.name for path in folder.iterdir()} - {"last.checkpoint", "previous.checkpoint"})
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    for _ in range(2):
        with pytest.raises(CheckpointError):
            save_checkpoint(two[0], folder)
    first, second = opened
    assert len(first) == len(second) == 1
    assert first != second


@pytest.mark.parametrize("ever_after", [False, True])
def test_whatever_call_of_the_system_fails_a_whole_state_is_there(two, folder, monkeypatch, ever_after):
    with monkeypatch.context() as patch:
        calls = SystemCalls(patch)
        save_checkpoint(two[0], folder)
    for number in range(1, 1 + calls.count):
        save_checkpoint(two[1], folder)
        told = False
        with monkeypatch.context() as patch:
            SystemCalls(patch, failing_at(number, ever_after=ever_after))
            try:
                save_checkpoint(two[0], folder)
            except CheckpointError as error:
                told = str(error).endswith("Input/output error. The one before is still there.")
                assert told
        state, damage = load_checkpoint(folder)
        assert not damage
        assert_same(state, two[1] if told else two[0])
        assert {path.name for path in folder.iterdir()} <= {"last.checkpoint", "previous.checkpoint"}


def test_a_kill_while_a_checkpoint_is_removed_leaves_the_last_one(two, folder, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(OSError):
        SystemCalls(patch, failing_at(2, ever_after=True))
        remove_checkpoint(folder)
    assert_same(load_checkpoint(folder)[0], two[0])


# **** one training at a time ****


def test_a_folder_is_claimed_by_one_training_at_a_time(folder):
    with claimed(folder):
        with pytest.raises(CheckpointError, match="Another training is under way"), claimed(folder):
            pass
        assert folder.is_dir()
    assert not folder.exists()
    with claimed(folder):
        pass


def test_what_was_kept_stays_when_the_claim_ends(two, folder):
    with pytest.raises(ZeroDivisionError), claimed(folder):
        _ = 1 / 0
    assert sorted(path.name for path in folder.iterdir()) == ["last.checkpoint", "previous.checkpoint"]


def test_a_claim_of_a_killed_process_is_none(folder):
    if sys.platform == "win32":
        pytest.skip("needs SIGKILL")
    code = (
        "import os, sys; from pathlib import Path; from engine.learning.checkpoint import claimed\n"
        "with claimed(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False)
    assert done.returncode == -9
    assert folder.exists()
    with claimed(folder):
        pass
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_told(folder):
    folder.write_text("a file in its place")
    with (
        pytest.raises(CheckpointError, match="cannot be made or written to: Not a directory"),
        claimed(folder),
    ):
        pass
    assert folder.read_text() == "a file in its place"


# **** the file ****


@pytest.fixture
def two(digits, folder):
    """The states of two checkpoints, the last first."""
    run = TrainingRun(digits, TrainingConfig(**QUICK, weight_average=0.5))
    states = []
    for count in (4, 2):
        after(run, count)
        states.insert(0, run.state())
        save_checkpoint(states[0], folder)
    return states


def test_a_state_comes_back_as_it_was(two, folder):
    state, damage = load_checkpoint(folder)
    assert not damage
    assert_same(state, two[0])
    assert state.history == [r for r in state.history if isinstance(r, EpochRecord)] != []


def test_any_changed_byte_is_noticed_and_the_state_before_used(two, folder, rng):
    whole = (folder / "last.checkpoint").read_bytes()
    before = (folder / "previous.checkpoint").read_bytes()
    for place in [0, 10, 40, 100, *rng.integers(0, len(whole), 20), len(whole) - 1]:
        content = bytearray(whole)
        content[place] ^= 1 << int(rng.integers(8))
        (folder / "last.checkpoint").write_bytes(content)
        (folder / "previous.checkpoint").write_bytes(before)
        state, damage = load_checkpoint(folder)
        assert "last.checkpoint is " in damage
        assert_same(state, two[1])
        assert (folder / "last.checkpoint").read_bytes() == before  # it has taken the other's place


@pytest.mark.parametrize("length", [0, 1, 50, 100, 5000, -1])
def test_a_truncated_file_is_noticed_and_the_state_before_used(two, folder, length):
    whole = (folder / "last.checkpoint").read_bytes()
    (folder / "last.checkpoint").write_bytes(whole[:length])
    state, damage = load_checkpoint(folder)
    assert "last.checkpoint is damaged: it is not the file that was written" in damage
    assert_same(state, two[1])


def test_two_damaged_files_are_an_error_that_names_both(two, folder):
    for path in folder.iterdir():
        path.write_bytes(b"rubbish")
    with pytest.raises(
        CheckpointError, match=r"last\.checkpoint is damaged.*previous\.checkpoint is damaged"
    ):
        load_checkpoint(folder)


def test_a_damaged_file_with_none_before_it_is_an_error(two, folder):
    (folder / "previous.checkpoint").unlink()
    (folder / "last.checkpoint").write_bytes(b"rubbish")
    with pytest.raises(CheckpointError, match=r"last\.checkpoint is damaged.*previous\.checkpoint cannot be"):
        load_checkpoint(folder)


def test_a_kill_between_the_two_renames_leaves_the_state_before(two, folder):
    (folder / "last.checkpoint").unlink()
    state, damage = load_checkpoint(folder)
    assert not damage
    assert_same(state, two[1])


def test_no_checkpoint_is_an_error(folder):
    with pytest.raises(CheckpointError, match="There is no checkpoint in"):
        load_checkpoint(folder)


def test_another_versions_file_is_told_from_a_damaged_one(two, folder, monkeypatch):
    monkeypatch.setattr(checkpoint, "FORMAT", b"LeNet Canvas checkpoint 2")
    with pytest.raises(CheckpointError, match="is of another version of LeNet Canvas"):
        load_checkpoint(folder)


@pytest.mark.parametrize("facts", [b"[]", b"{", b"{}", b'{"config": {"epochs": "many"}}'])
def test_contents_that_are_no_state_are_told_even_with_their_hash(two, folder, monkeypatch, facts):
    monkeypatch.setattr("engine.learning.checkpoint.json.dumps", lambda _: facts.decode())
    save_checkpoint(two[0], folder)
    save_checkpoint(two[0], folder)
    monkeypatch.undo()
    with pytest.raises(CheckpointError, match="holds no state of a run"):
        load_checkpoint(folder)


def rewritten(path, change):
    """Put another archive into a checkpoint, with its right hash, as no damage would."""
    archive = path.read_bytes().partition(b"\n")[2]
    with zipfile.ZipFile(BytesIO(archive)) as content:
        members = {name: content.read(name) for name in content.namelist()}
    archive = change(members)
    sha256 = hashlib.sha256(archive).hexdigest().encode()
    path.write_bytes(b"%s %s\n%s" % (checkpoint.FORMAT, sha256, archive))


def zipped(members, kind):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", kind) as archive:
        for name, value in members.items():
            archive.writestr(name, value)
    return content.getvalue()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda members: zipped({**members, "network/x.npy": bytes(2**24)}, zipfile.ZIP_DEFLATED),
         "it was packed by another program"),
        (lambda members: b"PK\x03\x04" + bytes(90), "not a zip file"),
        (lambda members: zipped({**members, "network/x.npy": b"\x93NUMPY\x01\x00\x02\x00{\n"}, 0), ""),
        (lambda members: zipped({**members, "else/x.npy": members["facts.npy"]}, 0), "KeyError 'else'"),
        (lambda members: zipped({}, 0), "KeyError 'facts'"),
    ],
)  # fmt: skip
def test_an_archive_that_is_no_state_is_told_and_never_unpacked(two, folder, change, problem):
    rewritten(folder / LAST, change)
    rewritten(folder / PREVIOUS, change)
    with pytest.raises(CheckpointError, match=f"holds no state of a run: .*{problem}"):
        load_checkpoint(folder)


@pytest.mark.parametrize(
    ("name", "value"),
    [("step", "many"), ("seconds", None), ("data", 3), ("history", [3]), ("history", [{"epoch": 1}])],
)
def test_facts_of_another_type_are_told(two, folder, monkeypatch, name, value):
    dumps = json.dumps
    monkeypatch.setattr("engine.learning.checkpoint.json.dumps", lambda facts: dumps({**facts, name: value}))
    save_checkpoint(two[0], folder)
    save_checkpoint(two[0], folder)
    with pytest.raises(CheckpointError, match="holds no state of a run"):
        load_checkpoint(folder)


def test_a_file_of_more_than_is_read_is_told(two, folder, monkeypatch):
    monkeypatch.setattr("engine.learning.checkpoint.MOST_BYTES", 1000)
    with pytest.raises(
        CheckpointError, match=r"last\.checkpoint cannot be read: it is larger than the 1,000"
    ):
        load_checkpoint(folder)


# **** what cannot be ****


def test_a_full_disk_is_an_error_that_leaves_the_good_ones(two, folder, monkeypatch):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(CheckpointError, match=r"No space left on device\. The one before is still there"):
        save_checkpoint(two[0], folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_limit_on_the_size_of_files_is_such_an_error_too(two, folder):
    """Not by a stand-in: the system itself stops the write half-way."""
    resource = pytest.importorskip("resource", reason="needs a system with such limits")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(CheckpointError, match=r"could not be written.*The one before is still there"):
            save_checkpoint(two[0], folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_first_checkpoint_that_cannot_be_written_leaves_none(digits, folder):
    folder.write_text("a file in its place")
    with pytest.raises(CheckpointError, match="There is none before it"):
        save_checkpoint(TrainingRun(digits, TrainingConfig(**QUICK)).state(), folder)


def test_another_data_set_is_refused(two, digits):
    changed = digits.images.copy()
    changed[0, 0, 0] ^= 1
    with pytest.raises(CheckpointError, match="was begun with another data set"):
        TrainingRun.resume(Dataset(changed, digits.labels), two[0])
    with pytest.raises(CheckpointError, match="was begun with another data set"):
        TrainingRun.resume(Dataset(digits.images, digits.labels[::-1].copy()), two[0])


def test_a_run_that_distils_goes_on_to_the_same_bytes_without_the_network_it_began_with(digits, folder):
    config = TrainingConfig(**QUICK, start="mine", distil=0.5)
    sure = TrainingConfig(**{**QUICK, "epochs": 30}, seed=5)
    start = after(TrainingRun(digits, sure), 1000).network.state()
    undisturbed = after(TrainingRun(digits, config, start=start), 1000)
    run = TrainingRun(digits, config, start=start)
    while next(records := iter(run), None) is not None:
        save_checkpoint(run.state(), folder)
        records.close()
        run = TrainingRun.resume(digits, load_checkpoint(folder)[0])
    assert arrays(run) == arrays(undisturbed)
    plain = after(TrainingRun(digits, TrainingConfig(**QUICK, start="mine"), start=start), 1000)
    assert arrays(run) != arrays(plain)


def test_a_run_that_is_taught_goes_on_to_the_same_bytes_with_its_teacher(digits, folder):
    sure = {**QUICK, "architecture": "lenet5", "epochs": 30}
    teacher = after(TrainingRun(digits, TrainingConfig(**sure)), 150).network
    config = TrainingConfig(**QUICK, distil=0.5, teachers=(TeacherFacts("it", "ab"),))
    undisturbed = after(TrainingRun(digits, config, teacher=teacher), 1000)
    run = TrainingRun(digits, config, teacher=teacher)
    while next(records := iter(run), None) is not None:
        save_checkpoint(run.state(), folder)
        records.close()
        state, _ = load_checkpoint(folder)
        run = TrainingRun.resume(digits, state, teacher=teacher)
    assert state.config == config
    assert state.arrays["teacher"] == {}  # it lies in its own folder
    assert arrays(run) == arrays(undisturbed)
    assert arrays(run) != arrays(after(TrainingRun(digits, TrainingConfig(**QUICK)), 1000))

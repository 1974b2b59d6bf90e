"""What the person teaches: read at once, kept, asked about where others speak against it, taken back."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from app.jobs.teaching import Teaching
from app.page.collector import Collector
from app.page.controller import Controller
from app.page.drawing import Stroke
from app.page.reader import reading_of
from app.page.reading import Reading
from app.page.teacher import Teacher
from app.store.networks import keep_committee
from app.store.samples import KeptSamples
from engine import Recognizer, SavedNetwork, build_network, save_network
from engine.datasets.samples import Sample, as_dataset, read_samples
from engine.datasets.strokes import render
from engine.errors import SavedNetworkError
from engine.nn.losses import NO_CLASS
from engine.reading.memory import Memory, Reference
from engine.storage.network_facts import TaughtFacts
from engine.storage.saved_network import load_attachment
from tests.app.fakes import FakeView
from tests.digit_templates import digit_strokes
from tests.engine.storage.onnx_models import run

CROSSES = [[(0.2, 0.1), (0.5, 0.9)], [(0.5, 0.1), (0.2, 0.9)], [(0.2, 0.5), (0.5, 0.5)]]


@pytest.fixture
def network(tmp_path):
    """A folder of an untrained network that can be taught."""
    return untrained(tmp_path / "network", 3)


def untrained(folder, seed):
    made = build_network("lenet5", rng=np.random.default_rng(seed))
    digits = render([digit_strokes(digit) for digit in range(10)])
    reference = Reference.build(made, digits, np.arange(10))
    save_network(made, folder, attachments={"reference.npz": reference.to_bytes()})
    return folder


@pytest.fixture
def reader(network):
    return Recognizer.load(network)


@pytest.fixture
def kept(tmp_path):
    return KeptSamples(tmp_path / "samples.jsonl")


@pytest.fixture
def teacher(kept):
    return Teacher(kept, now=lambda: "2026-01-02T03:04:05Z")


@pytest.fixture
def label(reader):
    return (reader.recognize(CROSSES).digit + 1) % 10


def teach(teacher, reader, label, strokes=CROSSES):
    return teacher.teach(reader, reading_of(reader.recognize(strokes)), strokes, label).told


def test_a_lesson_is_answered_at_once_and_kept(teacher, reader, label, tmp_path):
    before = reader.recognize(CROSSES).digit
    assert teach(teacher, reader, label) == f"Remembered as {label} (sample 1)."
    reading = reading_of(reader.recognize(CROSSES))
    assert (reading.digit, reading.from_memory) == (label, True)
    assert reading.caption.endswith(" %\nfrom memory")
    (sample,) = read_samples(tmp_path / "samples.jsonl").samples
    assert (sample.label, sample.read_as, sample.when) == (label, before, "2026-01-02T03:04:05Z")
    assert [list(map(tuple, stroke)) for stroke in sample.strokes] == CROSSES


def test_no_digit_can_be_taught(teacher, reader):
    assert teach(teacher, reader, NO_CLASS) == "Remembered as not a digit (sample 1)."
    reading = reading_of(reader.recognize(CROSSES))
    assert (reading.is_digit, reading.caption) == (False, "not a digit\nfrom memory")


def test_taken_back_it_is_as_if_it_had_never_been(teacher, reader, label, kept):
    before = reader.recognize(CROSSES)
    assert not teacher.can_take_back
    teach(teacher, reader, label)
    assert teacher.can_take_back
    assert teacher.take_back(reader) == f"Forgotten that this is {label}."
    after = reader.recognize(CROSSES)
    assert (after.digit, after.from_memory) == (before.digit, False)
    assert kept.samples == ()
    assert not teacher.can_take_back


def test_what_contradicts_an_earlier_lesson_is_asked_about_and_taken_the_second_time(
    teacher, reader, label, kept
):
    teach(teacher, reader, label)
    other = (label + 1) % 10
    leaning = [[(x + 0.02 * y, y) for x, y in stroke] for stroke in CROSSES]
    asked = f"You taught a drawing much like it as {label}. To teach it as {other}, press {other} again."
    assert teach(teacher, reader, other, leaning) == asked
    assert len(kept.samples) == 1
    assert teach(teacher, reader, (label + 2) % 10, leaning) != asked  # another label is another question
    assert teach(teacher, reader, other, leaning) == asked
    assert teach(teacher, reader, other, leaning) == f"Remembered as {other} (sample 2)."
    assert reader.recognize(leaning).digit == other


def test_another_window_and_another_network_read_what_was_taught(
    teacher, reader, network, label, kept, tmp_path
):
    teach(teacher, reader, label)
    another = Recognizer.load(network)
    Teacher(KeptSamples(tmp_path / "samples.jsonl")).prepare(another)
    assert (another.recognize(CROSSES).digit, another.recognize(CROSSES).from_memory) == (label, True)


def test_a_picture_is_kept_as_the_network_saw_it(teacher, reader, label, kept):
    ink = bytes(range(256)) * 3 + bytes(16)
    teacher.teach(reader, Reading(digit=label, is_digit=True, is_drawn=True, ink=ink), (), 4)
    (sample,) = kept.samples
    assert sample.strokes is None
    assert sample.picture.tobytes() == ink


def test_a_network_without_a_reference_says_so_and_nothing_is_kept(teacher, tmp_path, kept):
    save_network(build_network("lenet5", rng=np.random.default_rng(3)), tmp_path / "old")
    old = Recognizer.load(tmp_path / "old")
    teacher.prepare(old)
    with pytest.raises(SavedNetworkError, match="old was saved before networks could be taught"):
        teach(teacher, old, 3)
    assert kept.samples == ()


def test_a_sample_that_cannot_be_kept_is_not_remembered(reader, label, tmp_path):
    (tmp_path / "file").write_text("")
    teacher = Teacher(KeptSamples(tmp_path / "file" / "samples.jsonl"))
    with pytest.raises(Exception, match="could not be written"):
        teach(teacher, reader, label)
    assert not reader.recognize(CROSSES).from_memory


def test_a_reader_follows_what_becomes_of_the_samples(teacher, reader, label, kept):
    before = reader.recognize(CROSSES).digit
    teach(teacher, reader, label)
    (sample,) = kept.samples
    kept.replace([replace(sample, label=(label + 1) % 10)])
    assert not teacher.can_take_back  # the lesson is no more
    teacher.prepare(reader)
    assert reader.recognize(CROSSES).digit == (label + 1) % 10
    assert len(reader.memory) == 1
    kept.delete_all()
    teacher.prepare(reader)
    assert (reader.recognize(CROSSES).digit, reader.recognize(CROSSES).from_memory) == (before, False)


def test_a_reader_that_already_follows_is_not_taught_again(teacher, reader, label):
    teach(teacher, reader, label)
    memory = reader.memory
    teacher.prepare(reader)
    assert reader.memory is memory


def test_what_is_in_a_taught_networks_own_folder_stays(network, label, tmp_path, reader):
    memory = Memory(Reference.from_bytes((network / "reference.npz").read_bytes(), reader.network))
    own = Sample(label, CROSSES)
    dataset = as_dataset([own])
    taught = tmp_path / "taught"
    save_network(
        reader.network,
        taught,
        attachments={
            "reference.npz": memory.reference.to_bytes(),
            "memory.npz": memory.taught(reader.network, dataset.images, dataset.labels).to_bytes(),
        },
    )
    kept = KeptSamples(tmp_path / "samples.jsonl")
    kept.add(Sample(3, digit_strokes(3)))
    another = Recognizer.load(taught)
    teacher = Teacher(kept)
    teacher.prepare(another)
    assert len(another.memory) == 2
    kept.delete_all()
    teacher.prepare(another)
    assert len(another.memory) == 1
    assert another.recognize(CROSSES).digit == label


def test_what_was_taught_in_the_window_goes_along_with_the_network(controller, teacher, label, tmp_path):
    teach(teacher, controller.reader, label)
    assert controller.export_network(tmp_path / "mine.lenet")
    there = Recognizer.load(tmp_path / "mine.lenet")
    assert (there.recognize(CROSSES).digit, there.recognize(CROSSES).from_memory) == (label, True)


def test_an_exported_network_names_its_parent_and_samples_and_holds_each_once(
    controller, teacher, network, label, kept, tmp_path
):
    teach(teacher, controller.reader, label)
    controller.export_network(tmp_path / "mine.lenet")
    saved = SavedNetwork.load(tmp_path / "mine.lenet")
    content = load_attachment(tmp_path / "mine.lenet", "samples.jsonl")
    assert content == kept.path.read_bytes()
    parent = SavedNetwork.load(network).facts.identity
    assert saved.facts.taught == TaughtFacts(parent, hashlib.sha256(content).hexdigest(), 1)
    controller.open_network_file(tmp_path / "mine.lenet")  # which is taught the same once more
    assert len(controller.reader.memory) == 2
    kept.add(Sample(3, digit_strokes(3)))
    controller.follow_samples()
    controller.export_network(tmp_path / "again.lenet")
    again = SavedNetwork.load(tmp_path / "again.lenet")
    assert (len(again.memory), again.facts.taught.count) == (2, 2)
    assert again.memory.labels.tolist() == [label, 3]


def test_arrays_alone_hold_no_lessons_which_is_told(controller, teacher, label, tmp_path):
    teach(teacher, controller.reader, label)
    assert controller.export_network(tmp_path / "mine.npz")
    assert controller._view.last("show_message") == (
        "Saved the network as mine.npz. What it was taught is not in it, for it cannot hold that."
    )
    assert controller.export_network(tmp_path / "mine.lenet")
    assert controller._view.last("show_message") == "Saved the network as mine.lenet."


def test_what_a_committee_was_taught_goes_along_with_each_of_its_networks(
    controller, teacher, network, tmp_path
):
    committee = keep_committee([network, untrained(tmp_path / "other", 4)], tmp_path / "networks")
    assert controller.open_network(committee)
    label = (controller.reader.recognize(CROSSES).digit + 1) % 10
    teach(teacher, controller.reader, label)
    assert controller.export_network(tmp_path / "mine.lenet")
    assert controller._view.last("show_message") == "Saved the network as mine.lenet."
    saved = SavedNetwork.load(tmp_path / "mine.lenet")
    assert [member.memory.labels.tolist() for member in saved.members] == [[label], [label]]
    before = [SavedNetwork.load(folder).facts.identity for folder in (network, tmp_path / "other")]
    assert [member.facts.taught.parent for member in saved.members] == before
    assert Recognizer.load(tmp_path / "mine.lenet").recognize(CROSSES).digit == label
    assert controller.export_network(tmp_path / "mine.onnx")
    images = as_dataset([Sample(label, CROSSES)]).images[:, None].astype(np.float32) / 255
    probabilities, _ = run((tmp_path / "mine.onnx").read_bytes(), images)
    assert probabilities.argmax() == label
    expected = saved.confidence.probabilities(saved.classifier.logits(images))
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)
    assert all(member.memory is None for member in SavedNetwork.load(committee).members)


def test_each_network_of_a_committee_keeps_what_it_was_taught_before(controller, teacher, network, tmp_path):
    one, seven = Sample(1, digit_strokes(1)), Sample(7, digit_strokes(7))
    for sample, folder in ((one, "one"), (seven, "seven")):
        Teaching(network, [sample], data=tmp_path, keeps_doubtful=True).save(
            tmp_path / folder, overwrite=False
        )
    folders = [tmp_path / "one", tmp_path / "seven"]
    assert controller.open_network(keep_committee(folders, tmp_path / "networks"))
    label = (controller.reader.recognize(CROSSES).digit + 1) % 10
    teach(teacher, controller.reader, label)
    controller.export_network(tmp_path / "mine.lenet")
    first, second = SavedNetwork.load(tmp_path / "mine.lenet").members
    assert first.memory.labels.tolist() == [1, label]
    assert second.memory.labels.tolist()[0] == 7
    assert label in second.memory.labels


def test_a_committee_with_one_that_cannot_be_taught_is_saved_without_what_was_taught(
    controller, teacher, network, tmp_path
):
    save_network(build_network("lenet5", rng=np.random.default_rng(5)), tmp_path / "old")
    assert controller.open_network(keep_committee([network, tmp_path / "old"], tmp_path / "networks"))
    label = (controller.reader.recognize(CROSSES).digit + 1) % 10
    teach(teacher, controller.reader, label)
    assert controller.export_network(tmp_path / "mine.lenet")
    told = "Saved the network as mine.lenet. What it was taught is not in it, for it cannot hold that."
    assert controller._view.last("show_message") == told


@pytest.fixture
def controller(reader, teacher, kept, tmp_path):
    return Controller(
        FakeView(),
        reader,
        load_reader=Recognizer.load,
        teacher=teacher,
        collector=Collector(kept, KeptSamples(tmp_path / "collected.jsonl", are_labelled=False)),
    )


def test_a_network_that_reads_again_remembers_what_was_taught_meanwhile(controller, teacher, network, label):
    first = controller.reader
    controller.open_network(network)
    assert controller.reader is not first
    teach(teacher, controller.reader, label)
    controller.go_back()
    assert controller.reader is first
    assert first.recognize(CROSSES).digit == label


def test_a_network_that_is_whole_again_follows_what_became_of_the_samples(controller, teacher, label, kept):
    whole = controller.reader
    teach(teacher, whole, label)
    controller.read_by(whole.with_network(whole.network))
    kept.delete_all()
    controller.follow_samples()
    assert controller.reader.memory is None  # and is not taught what it was asked without
    controller.read_by(None)
    assert not whole.recognize(CROSSES).from_memory


def test_a_digit_taught_while_it_is_replayed_is_the_whole_drawing(controller, label, kept):
    controller.put_on_page([Stroke(tuple(stroke)) for stroke in CROSSES])
    controller.replay_to(3)
    controller.teach(label)
    assert not controller.is_replaying
    (sample,) = kept.samples
    assert [list(map(tuple, stroke)) for stroke in sample.strokes] == CROSSES


def test_only_a_lesson_that_was_taken_is_offered_to_be_taken_back(controller, label, kept):
    view = controller._view
    controller.put_on_page([Stroke(tuple(stroke)) for stroke in CROSSES])
    controller._drawing.group([{0, 1, 2}])
    controller._after_change()
    controller.teach(label)
    assert view.last("show_lesson") == f"Remembered as {label} (sample 1)."
    controller.teach((label + 1) % 10)  # speaks against it, and is asked about
    assert view.times("show_lesson") == 1
    assert view.last("show_message").startswith("You taught a drawing much like it")
    controller.take_lesson_back()
    assert kept.samples == ()


def test_each_reader_places_the_samples_for_itself(teacher, reader, network, label, kept):
    teach(teacher, reader, label)
    kept.add(Sample(3, digit_strokes(3)))
    teacher.prepare(reader)
    other = Recognizer.load(network)
    other.network.parameters[0].value[:] *= -1
    teacher.prepare(other)
    assert other.memory.places.shape == reader.memory.places.shape
    assert not np.allclose(other.memory.places, reader.memory.places)
    assert other.recognize(CROSSES).digit == label

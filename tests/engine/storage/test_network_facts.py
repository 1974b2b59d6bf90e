"""Facts of a network: what goes into network.json comes out of it again, checked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Augmentation, Confidence, EpochRecord, TrainingConfig
from engine.errors import SavedNetworkError
from engine.learning.training import TrainingFacts
from engine.nn.scaling import InputScaling
from engine.reading.evaluation import Misread, SetFacts, TestFacts
from engine.reading.rejection import Rejection
from engine.storage.network_facts import Framing, InputFacts, NetworkFacts

share = st.floats(0, 1)
configs = st.builds(
    TrainingConfig,
    epochs=st.integers(1, 99),
    augmentation=st.none() | st.builds(Augmentation, rotation=st.floats(0, 90)),
    stroke_augmentation=st.none(),
)
epochs = st.builds(
    EpochRecord,
    *(st.integers(1, 9), st.integers(1, 9), share, share, share, share, share, st.floats(0, 1e6)),
)
tests = st.builds(
    TestFacts,
    dataset=st.text(),
    count=st.integers(1, 10**9),
    accuracy=share,
    interval=st.tuples(share, share),
    accuracy_first_half=share,
    accuracy_second_half=share,
    loss=st.floats(0, 1e6),
    calibration_error=st.none() | share,
    misread=st.lists(st.builds(Misread, st.integers(0, 9), st.integers(0, 9), st.integers(1, 99))).map(tuple),
    drawings=st.lists(st.builds(SetFacts, st.text(), st.integers(1, 99), share, st.tuples(share, share))).map(
        tuple
    ),
)
trainings = st.builds(
    TrainingFacts,
    dataset=st.text(),
    config=configs,
    train_count=st.integers(1, 99),
    validation_count=st.integers(1, 99),
    seconds=st.floats(0, 1e6),
    chosen=epochs,
    command=st.text(),
)
facts = st.builds(
    NetworkFacts,
    architecture=st.text(),
    parameters=st.integers(0, 10**9),
    input=st.builds(
        InputFacts,
        st.lists(st.integers(1, 99)).map(tuple),
        st.builds(InputScaling, share, share, st.floats(0.5, 2)),
        st.none() | st.just(Framing()),
    ),
    confidence=st.builds(
        Confidence, st.floats(0.05, 20), st.none() | st.builds(Rejection, share, share, share, share)
    ),
    training=st.none() | trainings,
    test=st.none() | tests,
    files=st.dictionaries(st.from_regex("[a-z0-9.]*[a-z]", fullmatch=True), st.text()),
)


@given(facts)
def test_facts_come_back_equal(told):
    assert NetworkFacts.from_json(told.to_json()) == told


def test_the_form_is_that_of_every_network_before():
    test = TestFacts(
        dataset="MNIST", count=10, accuracy=0.9, interval=(0.6, 1.0), accuracy_first_half=0.8,
        accuracy_second_half=1.0, loss=0.5, misread=(Misread(9, 4, 1),),
    )  # fmt: skip
    told = NetworkFacts("lenet5", 7, InputFacts((1, 28, 28), InputScaling(), Framing()), test=test)
    plain = json.loads(told.to_json())
    assert list(plain) == [
        "format", "architecture", "parameters", "input", "confidence", "training", "test", "files", "sha256"
    ]  # fmt: skip
    assert plain["training"] == {}
    assert plain["confidence"] == {"temperature": 1.0, "rejection": None}
    assert plain["input"]["framing"] == {"ink": "1.0 on paper 0.0", "box": 20, "centre": 14}
    assert plain["test"]["misread"] == [{"label": 9, "answer": 4, "count": 1}]
    assert "drawings" not in plain["test"]


def test_a_setting_of_old_that_decided_nothing_is_passed_over():
    told = NetworkFacts("lenet5", 7, InputFacts((1, 28, 28), InputScaling()))
    training = {
        "config": {"architecture": "lenet5", "workers": 1},
        "train_count": 5,
        "validation_count": 1,
        "seconds": 2,
        "chosen": vars(EpochRecord(1, 9, 0.1, 0.1, 0.9, 0.1, 0.9, 2.0)),
    }
    read = NetworkFacts.from_json(json.dumps({**told.as_plain(), "training": training}).encode())
    assert read.training is not None
    assert read.training.config == TrainingConfig()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 10**5, b"9" * 5000, b'{"format": 1}'])
def test_what_are_no_facts_is_told(content):
    with pytest.raises(SavedNetworkError, match=r"^(is damaged|does not describe)"):
        NetworkFacts.from_json(content)

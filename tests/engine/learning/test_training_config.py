"""Configurations: what no run could work with is refused, and plain values come back as what they were."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Augmentation, TrainingConfig
from engine.errors import ConfigurationError
from engine.ink.augmentation import FlipAndShift
from engine.learning.training_config import RECIPES, SamplesFacts, TeacherFacts, config_of_plain, settings_of
from engine.nn.architectures import ARCHITECTURES


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"architecture": "resnet"}, "no architecture 'resnet'. Choose one of: lenet5"),
        ({"dataset": ""}, "dataset must name a data set"),
        ({"optimizer": "magic"}, "no optimizer 'magic'"),
        ({"schedule": "magic"}, "no schedule 'magic'"),
        ({"epochs": 0}, "epochs must be 1 or more, got 0"),
        ({"batch_size": 0}, "batch_size must be 1 or more"),
        ({"learning_rate": 0.0}, "learning_rate must be above 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be above 0"),
        ({"validation_fraction": 1.0}, "validation_fraction must lie between 0 and 1"),
        ({"keep": "middle"}, "no keep 'middle'. Choose one of: best, last"),
        ({"drawings": 0}, "drawings must be 1 or more, got 0"),
        ({"seed": -1}, "seed must be 0 or more"),
        ({"processes": 0}, "processes must be 1 or more, got 0"),
        ({"processes": 65}, "processes must be at most 64, got 65"),
        ({"statistics": "none"}, "no statistics 'none'. Choose one of: batch, share"),
        ({"schedule": "halving"}, "halving needs its epochs behind a colon"),
        ({"schedule": "exponential:2"}, "exponential needs its factor"),
        ({"loss": "hinge"}, "no loss 'hinge'. Choose one of: cross-entropy, squared-error, map"),
        ({"label_smoothing": 1.0}, "label_smoothing must be in 0…1, 1 excluded; got 1.0"),
        ({"label_smoothing": -0.1}, "label_smoothing must be in 0…1"),
        ({"label_smoothing": 0.1, "loss": "map"}, "label_smoothing goes with cross-entropy, not with map"),
        ({"distil": 1.0, "start": "it"}, "distil must be in 0…1, 1 excluded; got 1.0"),
        ({"distil": 0.5, "start": "it", "loss": "map"}, "distil goes with cross-entropy, not with map"),
        ({"distil": 0.5}, "distil goes with start, which names the network to go on from"),
        ({"parent": "ab"}, "parent goes with start"),
        ({"teachers": (TeacherFacts("it", "ab"),)}, "taught by teachers has a share to distil, above 0"),
        ({"weight_average": 1.0}, "weight_average must be in 0…1"),
        ({"weight_average": float("nan")}, "weight_average must be in 0…1"),
        ({"least_improvement": 1.0}, "least_improvement must be in 0…1"),
        ({"least_improvement": -0.1}, "least_improvement must be in 0…1"),
        ({"weight_decay": -0.1}, "weight_decay must be 0 or more, got -0.1"),
        ({"weight_decay": float("nan")}, "weight_decay must be 0 or more"),
        ({"patience": -1}, "patience must be 0 or more"),
        ({"epochs": 10**400}, "epochs must be at most 100,000, got 1000"),
        ({"batch_size": 65_537}, "batch_size must be at most 65,536, got 65537"),
        ({"learning_rate": 1e9}, r"learning_rate must be at most 100\.0, got 1000000000\.0"),
        ({"patience": 100_001}, "patience must be at most 100,000"),
        ({"drawings": 10**8}, "drawings must be at most 10,000,000, got 100000000"),
        ({"seed": 2**64}, "seed must be at most 18,446,744,073,709,551,615"),
        ({"weight_decay": 400.0}, r"weight_decay 400\.0 times learning_rate 0\.003 must stay below 1"),
        ({"weight_decay": 1e300, "learning_rate": 1.0}, "Lower weight_decay"),
        ({"weight_decay": float("inf")}, "Lower weight_decay"),
    ],
)
def test_settings_that_no_run_could_work_with_are_refused(settings, problem):
    with pytest.raises(ConfigurationError, match=problem):
        TrainingConfig(**settings)


def test_recipes_are_for_networks_that_there_are():
    assert set(RECIPES) <= set(ARCHITECTURES)
    assert TrainingConfig.for_architecture("lenet5") == TrainingConfig()
    assert TrainingConfig.for_architecture("best", seed=3).seed == 3
    assert TrainingConfig.for_architecture("cifar10").dataset == "cifar10"
    kept = {name: TrainingConfig.for_architecture(name).keep for name in ARCHITECTURES}
    assert {name for name, keep in kept.items() if keep == "last"} == {"best", "lenet5-1998"}


# **** plain values ****

shares = st.floats(0, 1)
handwriting = st.builds(
    Augmentation,
    shift=st.floats(0, 9),
    elastic=st.floats(0, 2),
    thickness=shares,
    probability=st.dictionaries(st.sampled_from(Augmentation.KINDS), shares),
)
photographs = st.builds(FlipAndShift, shift=st.integers(0, 9), flip=shares)


@given(
    architecture=st.sampled_from(list(ARCHITECTURES)),
    augmentation=st.none() | handwriting | photographs,
    learning_rate=st.floats(1e-6, 1),
    seed=st.integers(0, 2**64 - 1),
)
def test_a_configuration_comes_back_equal_from_json(architecture, **changes):
    config = TrainingConfig.for_architecture(architecture, **changes)
    plain = json.loads(json.dumps(config.as_dict()))
    assert TrainingConfig(**settings_of(plain)) == config


def test_settings_may_be_some_and_whole_numbers_do_for_floats():
    settings = settings_of({"epochs": 3, "learning_rate": 1})
    assert settings == {"epochs": 3, "learning_rate": 1.0}
    assert isinstance(settings["learning_rate"], float)


def test_an_augmentation_has_the_amounts_that_are_named_and_no_others():
    given = settings_of({"augmentation": {"elastic": 1, "probability": {"elastic": 0.5}}})
    still = {"shift": 0.0, "rotation": 0.0, "zoom": 0.0, "shear": 0.0}
    assert given["augmentation"] == Augmentation(**still, elastic=1.0, probability={"elastic": 0.5})
    assert settings_of({"augmentation": {"flip": 0.25}})["augmentation"] == FlipAndShift(0, 0.25)


@pytest.mark.parametrize("written", [None, "none"])
def test_no_augmentation_can_be_written_in_two_ways(written):
    assert settings_of({"augmentation": written}) == {"augmentation": None}


@pytest.mark.parametrize(
    ("plain", "problem"),
    [
        ({"epoch": 3}, "There is no setting 'epoch'. Choose among: architecture, dataset, epochs"),
        ({"epochs": 3.0}, "epochs must be a whole number, got 3.0"),
        ({"epochs": True}, "epochs must be a whole number, got True"),
        ({"epochs": "3"}, "epochs must be a whole number, got '3'"),
        ({"learning_rate": "fast"}, "learning_rate must be a number, got 'fast'"),
        ({"learning_rate": False}, "learning_rate must be a number, got False"),
        ({"learning_rate": None}, "learning_rate must be a number, got None"),
        ({"optimizer": 3}, "optimizer must be a text, got 3"),
        ({"augmentation": 3}, 'augmentation must be a table of amounts or "none", got 3'),
        ({"augmentation": {"wobble": 3}}, "There is no setting 'wobble'. Choose among: shift"),
        ({"augmentation": {"shift": "far"}}, "shift must be a number, got 'far'"),
        ({"augmentation": {"shift": -1}}, "Augmentation: shift must be 0 or more, got -1"),
        ({"augmentation": {"probability": 1}}, "probability must name kinds with their shares, got 1"),
        ({"augmentation": {"probability": {"shift": "1"}}}, "shift must be a number, got '1'"),
        ({"augmentation": {"flip": 0.5, "shift": 1.5}}, "shift must be a whole number"),
        ({"augmentation": {"flip": 0.5, "zoom": 0.1}}, "no setting 'zoom'. Choose among: shift, flip"),
    ],
)
def test_plain_values_that_fit_no_setting_are_named(plain, problem):
    with pytest.raises(ConfigurationError, match=problem):
        settings_of(plain)


def test_teachers_come_back_from_a_file_and_who_has_none_says_nothing_of_them():
    config = TrainingConfig(distil=0.5, teachers=(TeacherFacts("one", "ab"), TeacherFacts("two", "cd")))
    assert config_of_plain(json.loads(json.dumps(config.as_dict()))) == config
    assert "teachers" not in TrainingConfig().as_dict()
    for plain in ("one", ["one"], [{"name": "one"}], [{"name": "one", "sha256": 5}]):
        with pytest.raises(ConfigurationError, match="teachers"):
            settings_of({"teachers": plain})


def test_samples_come_back_from_a_file_and_who_has_none_says_nothing_of_them():
    config = TrainingConfig(samples=SamplesFacts("ada", 20, "ab"))
    assert config_of_plain(config.as_dict()) == config
    assert "samples" not in TrainingConfig().as_dict()
    for plain in ({}, {"author": "ada", "count": "many", "sha256": "ab"}, [], "ab"):
        with pytest.raises(ConfigurationError, match="samples"):
            settings_of({"samples": plain})

"""What happens after a training: confidence fitted, each data set tested, everything saved."""

import json

import numpy as np
import pytest

from app.data import sources
from app.data.selection import find_selection
from app.jobs import finishing
from app.jobs.finishing import fit_confidence, measured, save_trained
from app.jobs.kept_beside import digit_index
from engine import Confidence, SavedNetwork, TrainingConfig, TrainingRun
from engine.datasets.not_digits import TAUGHT, UNSEEN, NotDigits
from engine.datasets.strokes import StrokeDataset, StrokeDrawing
from engine.explaining.film import Film
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from engine.nn.losses import NO_CLASS
from engine.reading.calibration import fit_temperature
from engine.reading.evaluation import evaluate, logits_of
from engine.reading.memory import Reference
from engine.reading.rejection import Rejection, evidence, fit_rejection
from engine.storage.saved_network import load_attachment, load_facts
from tests.digit_templates import digit_strokes, write_mnist


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_mnist(folder / "mnist", train=400, test=50, rng=np.random.default_rng(0))
    return folder


@pytest.fixture
def folder(digits, monkeypatch):
    for module in (sources, finishing):
        monkeypatch.setattr(module, "SYNTHETIC_TEST", 60)
    return digits


@pytest.fixture(scope="module")
def runs():
    """What was trained already: tests only read it."""
    return {}


@pytest.fixture
def trained(folder, runs):
    def trained(dataset):
        if dataset not in runs:
            runs[dataset] = train(dataset)
        return runs[dataset]

    def train(dataset):
        selection = find_selection(dataset, folder)
        config = TrainingConfig.for_architecture(
            "mlp-tanh", dataset=dataset, epochs=3, augmentation=None, drawings=100
        )
        with selection.training_data(folder, config) as data:
            run = TrainingRun(data, config)
            list(run)
        return run, selection, fit_confidence(run, selection, folder)

    trained.anew = train
    return trained


def test_the_temperature_is_that_of_the_validation_images_and_changes_no_answer(trained):
    run, _, confidence = trained("mnist")
    network, images = run.network, run.validation
    tempered = evaluate(network, images, confidence=confidence)
    logits = logits_of(network, images.images)
    assert confidence.temperature == fit_temperature(logits, images.labels) != 1
    assert confidence.rejection is None  # it was never shown anything else than digits
    assert np.array_equal(tempered.predictions, logits.argmax(axis=1))


def test_who_was_shown_what_is_no_digit_learns_to_reject_it(trained, folder):
    run, selection, confidence = trained("mnist,synthetic,not-digits")
    rejection = confidence.rejection
    assert rejection.auc > 0.6
    assert rejection.digits_rejected <= 0.01
    test = measured(run.network, confidence, selection.test_parts(folder))
    assert (test.count, test.source) == (50, "mnist")
    (part,) = test.drawings
    assert (part.name, part.source, part.count) == ("synthetic digits, test part", "synthetic", 60)


def test_one_that_goes_on_keeps_the_threshold_that_it_had(trained, folder):
    run, selection, fitted = trained("mnist,synthetic,not-digits")
    shown = evidence(logits_of(run.network, run.validation.images))
    least = float(np.quantile(shown, 0.25))
    held = fit_confidence(run, selection, folder, before=Confidence(1.0, Rejection(least, 0, 0, 1)))
    assert held.rejection.least_evidence == least > fitted.rejection.least_evidence
    assert held.rejection.digits_rejected == np.mean(shown < least)
    assert (held.temperature, held.rejection.auc) == (fitted.temperature, fitted.rejection.auc)
    assert fit_confidence(run, selection, folder, before=Confidence(2.0)) == fitted  # it had none


def test_a_rejection_is_fitted_to_kinds_that_were_taught_and_measured_on_the_others(trained, monkeypatch):
    drawn, fitted = [], []

    def by_teaching(self, *, rng):
        """A one for each drawing of a kind that is taught, a zero for each of another kind."""
        drawn.append(set(self.kinds))
        digit = 1 if set(self.kinds) <= set(TAUGHT) else 0
        return StrokeDataset([StrokeDrawing(digit_strokes(digit), NO_CLASS)] * len(self))

    def fit(digits, taught, unseen):
        fitted.append((taught, unseen))
        return fit_rejection(digits, taught, unseen)

    monkeypatch.setattr(NotDigits, "drawn", by_teaching)
    monkeypatch.setattr(finishing, "fit_rejection", fit)
    run, _, _ = trained.anew("mnist,not-digits")
    for logits, digit in zip(*fitted, (1, 0), strict=True):
        image = frame(stroke_ink(digit_strokes(digit)))
        assert len(logits)
        np.testing.assert_allclose(logits, run.network.logits(image[None]).repeat(len(logits), 0), atol=0.1)
    *while_training, unseen, taught = drawn
    assert while_training
    assert all(kinds == set(TAUGHT) for kinds in (*while_training, taught))
    assert unseen == set(UNSEEN)


def test_what_is_saved_repeats_the_run_and_keeps_the_confidence(trained, folder, tmp_path, real_curves):
    run, selection, confidence = trained("mnist,synthetic,not-digits")
    save_trained(
        run,
        tmp_path / "n",
        data=folder,
        confidence=confidence,
        dataset=selection.title,
        test=measured(run.network, confidence, selection.test_parts(folder)),
        seconds=7,
    )
    assert SavedNetwork.load(tmp_path / "n").confidence == confidence
    assert json.loads((tmp_path / "n" / "training.json").read_text()) == run.config.as_dict()
    assert load_facts(tmp_path / "n").training.seconds == 7
    assert (tmp_path / "n" / "training.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "n" / "history.csv").read_text().count("\n") == 4
    index = digit_index(
        run.network, tmp_path / "n", tmp_path
    )  # where there are no data: the one that is kept
    assert index.prototypes.names == ("mnist",)
    assert load_attachment(tmp_path / "n", "neighbours.npz") == index.to_bytes()
    reference = Reference.from_bytes(load_attachment(tmp_path / "n", "reference.npz"), run.network)
    assert set(reference.labels.tolist()) == {*range(10), NO_CLASS}
    film = Film.from_bytes(load_attachment(tmp_path / "n", "film.npz"), run.network)
    assert film.steps.tolist() == run.snapshots.steps.tolist()
    assert film.epochs[-1] == len(run.history)
    assert "--epochs 3 " in load_facts(tmp_path / "n").training.command


def test_a_run_that_was_finished_early_has_no_command_that_would_repeat_it(folder, tmp_path):
    selection = find_selection("mnist", folder)
    config = TrainingConfig.for_architecture("mlp-tanh", dataset="mnist", epochs=3, augmentation=None)
    with selection.training_data(folder, config) as data:
        run = TrainingRun(data, config)
        next(iter(run))
    run.finish()
    confidence = fit_confidence(run, selection, folder)
    test = measured(run.network, confidence, selection.test_parts(folder))
    save_trained(run, tmp_path / "n", data=folder, confidence=confidence, dataset="MNIST", test=test)
    facts = load_facts(tmp_path / "n").training
    assert (facts.command, facts.ended_after) == ("", 1)


def test_non_digits_that_were_drawn_already_are_not_drawn_again(trained, folder, monkeypatch):
    run, selection, confidence = trained("mnist,not-digits")
    unseen = sources.SOURCES["not-digits"].test_images(folder)
    monkeypatch.setattr(sources.Source, "test_images", None)
    assert fit_confidence(run, selection, folder, unseen=unseen) == confidence

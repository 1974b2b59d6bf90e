"""The networks that ship are those that their cards describe: same bytes, same answers, same figures."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from app import cli
from app.store.networks import SHIPPED
from benchmarks.unusual_hands import MARKED_ZEROS, Way, shares, theta, written
from engine import Dataset, Recognizer, SavedNetwork, evaluate, load_network
from engine.datasets.strokes import render
from engine.explaining.digit_map import MAP_FILE, DigitMap, trustworthiness
from engine.explaining.film import FILM_FILE, Film
from engine.explaining.neighbours import INDEX_FILE, DigitIndex
from engine.learning.snapshots import halves_of
from engine.nn.losses import NO_CLASS
from engine.reading.memory import REFERENCE_FILE, Memory, Reference
from engine.storage.saved_network import load_attachment
from scripts.explanations import PICTURES
from tests.digit_templates import digit_images
from tests.handwriting import NO_DIGITS, WAYS, by_hand, write

FOLDER = SHIPPED
LENET5 = SHIPPED / "lenet5"
EXAMPLES = Path(__file__).resolve().parents[1] / "assets" / "examples"

# SHA-256 over the sorted lines "name sha256" of the parameters. Whoever ships another network changes
# this, and the figures in README.md with it.
PARAMETERS = {
    FOLDER: "06a66f8bedb1c9ec37cad4f53bce20c76cc4817b4c7f31d9a2f2c3a63894129e",
    LENET5: "30c8ec133ec534d321666f5acc11ed68244351b430cec6d1f50853e9c70e79bf",
}

each = pytest.mark.parametrize("folder", PARAMETERS, ids=["best", "lenet5"])


@pytest.fixture
def folder():
    return FOLDER


@pytest.fixture
def facts(folder):
    return json.loads((folder / "network.json").read_text(encoding="utf-8"))


@each
def test_each_file_has_the_sha_256_of_the_manifest(folder, facts):
    files = facts["files"]
    assert {path.name for path in folder.glob("*.npy")} == {name for name in files if name.endswith(".npy")}
    for name, sha256 in files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256, name


@each
def test_the_parameters_are_those_that_were_released(folder, facts):
    lines = sorted(f"{name} {sha256}\n" for name, sha256 in facts["files"].items() if name.endswith(".npy"))
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == PARAMETERS[folder]


@each
def test_it_can_be_taught_at_once(folder):
    """It ships with its reference, in which a digit that was meant is answered from memory."""
    recognizer = Recognizer.load(folder)
    content = load_attachment(folder, REFERENCE_FILE)
    reference = Reference.from_bytes(content, recognizer.network)
    assert np.bincount(reference.labels + 1).tolist() == [2_500] + [300] * 10
    caret = [[(0, 20), (7, 0), (12, 21)]]
    before = recognizer.recognize(caret)
    meant = 3 if before.digit != 3 else 4
    image = np.rint(255 * before.image).astype(np.uint8)[None]
    recognizer.teach(Memory(reference).taught(recognizer.network, image, np.array([meant])))
    again = recognizer.recognize([[(0, 20.5), (7.2, 0), (12, 21)]])
    assert (again.digit, again.is_digit, again.from_memory) == (meant, True, True)
    assert not recognizer.recognize(write("1 with flag and foot", rng=np.random.default_rng(0))).from_memory


@each
def test_it_is_small(folder, facts):
    network = load_network(folder)
    count = {"best": 82_306, "lenet5": 44_426}[network.architecture]
    assert network.parameter_count == facts["parameters"] == count
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    film = sizes.pop(FILM_FILE, 0)
    assert sum(sizes.values()) < 4e6  # most of it the digits to compare with, and those to be taught by
    assert film < 5.5e6  # PICTURES of it, two bytes a number: what tells truly what the network then read


@each
def test_its_film_is_of_its_own_training(folder, facts):
    content = load_attachment(folder, FILM_FILE)
    if content is None:
        pytest.skip("it was trained before films were kept")
    network = load_network(folder)
    film = Film.from_bytes(content, network)
    assert len(film) == PICTURES
    assert (film.steps[0], film.epochs[0]) == (0, 0)
    assert film.epochs[-1] == facts["training"]["chosen"]["epoch"]
    np.testing.assert_array_equal(film.weights[-1], halves_of(network))


@each
def test_it_reads_a_hundred_fixed_digits_of_the_templates(folder):
    images, labels = digit_images(100, np.random.default_rng(2026))
    evaluation = evaluate(load_network(folder), Dataset(images, labels))
    assert evaluation.accuracy == 1.0
    # sure of each: a confidence of 99.8 % on average, and 99.9 % without the weight decay of the best
    assert evaluation.loss < {FOLDER: 0.002, LENET5: 0.001}[folder]


def test_it_claims_what_the_project_asks_of_it(facts):
    test = facts["test"]
    assert test["count"] == 10_000
    assert test["accuracy"] >= 0.9965  # an error of 0.35 %
    pens = next(part for part in test["drawings"] if part["name"].startswith("pen digits"))
    assert pens["count"] == 1_498
    assert pens["accuracy"] >= 0.993
    low, high = test["interval"]
    assert low < test["accuracy"] < high
    rejection = facts["confidence"]["rejection"]
    assert rejection["digits_rejected"] < 0.01
    assert rejection["not_digits_rejected"] > 0.9  # of kinds that it was never shown
    assert rejection["auc"] > 0.98


@each
def test_its_card_says_what_its_manifest_says(folder, facts):
    card = (folder / "README.md").read_text(encoding="utf-8")
    shown = card.replace(" %", "%")
    assert f"{facts['test']['accuracy']:.2%}" in shown
    assert facts["training"]["command"] in card
    assert f"{facts['parameters']:,} parameters" in card


@each
def test_its_history_holds_the_epoch_that_was_chosen(folder, facts):
    header, *rows = (folder / "history.csv").read_text(encoding="utf-8").splitlines()
    names = header.split(",")
    epochs = [dict(zip(names, row.split(","), strict=True)) for row in rows]
    chosen = facts["training"]["chosen"]
    assert len(epochs) == facts["training"]["config"]["epochs"]
    assert facts["training"]["config"]["keep"] == "last"
    assert int(epochs[-1]["epoch"]) == chosen["epoch"] == len(epochs)
    assert float(epochs[-1]["validation_accuracy"]) == pytest.approx(chosen["validation_accuracy"], abs=1e-5)


# The README shows what testing the best one prints, and tests/test_docs.py holds it to that, and to the card.
@pytest.mark.parametrize(
    "folder", [pytest.param(FOLDER, marks=pytest.mark.thorough), FOLDER / "lenet5"], ids=["best", "lenet5"]
)
def test_testing_it_gives_the_very_figures_of_the_card(folder, facts, mnist_folder, capsys):
    status = cli.main(
        ["--mode", "test", "--path", str(folder), "--data", str(mnist_folder), "--format", "json"]
    )
    measured = json.loads(capsys.readouterr().out)
    card = facts["test"]
    assert status == 0
    for name in ("count", "accuracy", "interval", "accuracy_first_half", "accuracy_second_half"):
        assert measured[name] == card[name], name
    # the last digits of a sum of floats are the machine's own
    assert measured["loss"] == pytest.approx(card["loss"], abs=1e-5)


def test_it_reads_the_example_drawings(capsys):
    truths = {
        "digits.jsonl": range(10),
        "seven.jsonl": [7],
        "star.jsonl": [None],
        "three.jsonl": [3],
        "three.png": [3],
    }
    assert {path.name for path in EXAMPLES.iterdir()} == set(truths)
    files = [str(EXAMPLES / name) for name in truths]
    assert cli.main(["--mode", "predict", *files, "--format", "json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    answers = [line["digit"] if line["is_digit"] else None for line in lines]
    assert answers == [digit for truth in truths.values() for digit in truth]


@pytest.mark.parametrize("way", WAYS)
def test_it_reads_the_ways_of_writing_that_mnist_lacks(way):
    recognizer, rng = Recognizer.load(FOLDER), np.random.default_rng(2026)
    read = [recognizer.recognize(write(way, rng=rng)) for _ in range(10)]
    assert sum(each.digit == WAYS[way][0] and each.is_digit for each in read) >= 9


@each
def test_it_reads_zeros_with_a_mark_of_hands_that_it_was_not_taught(folder):
    """Networks not taught such zeros read under half, and took a theta in seven, or four, for a digit."""
    saved = SavedNetwork.load(folder)
    zeros = Way(
        "marked", 0, render([each for n, zero in enumerate(MARKED_ZEROS) for each in written(zero, n, 20)])
    )
    thetas = Way("thetas", NO_CLASS, render(written(theta, 100, 100)))
    assert shares(saved, zeros)[0] > 0.85
    assert shares(saved, thetas)[0] > 0.95


def test_it_knows_what_is_no_digit():
    recognizer, rng = Recognizer.load(FOLDER), np.random.default_rng(2026)
    rejected = {
        name: sum(not recognizer.recognize(by_hand(template, rng=rng)).is_digit for _ in range(10))
        for name, template in NO_DIGITS.items()
    }
    assert min(rejected.values()) >= 6, rejected
    assert sum(rejected.values()) >= 9 * len(rejected), rejected


@each
def test_it_ships_with_the_digits_that_drawings_are_compared_with_and_a_map_of_them(folder):
    network = load_network(folder)
    index = DigitIndex.from_bytes(load_attachment(folder, INDEX_FILE), network)
    assert index.prototypes.names == ("synthetic",)  # nobody's handwriting is shipped
    np.testing.assert_array_equal(np.bincount(index.prototypes.labels), [300] * 10)
    places = index.places * np.float32(index.scale)
    some = slice(None, None, 30)  # are where this very network has them
    images = index.prototypes.images[some].astype(np.float32) / np.float32(255)
    np.testing.assert_allclose(index.place(network, images), places[some], atol=index.scale)
    digits = DigitMap.from_bytes(load_attachment(folder, MAP_FILE), index)
    assert digits.trustworthiness >= 0.98
    assert trustworthiness(places, digits.points) == pytest.approx(digits.trustworthiness, abs=1e-4)

"""app/page/about_network.py: cards that can be shown, and those that had better not be read."""

import os
import sys
from dataclasses import fields

import pytest

from app.language import speaking
from app.page.about_network import LARGEST_CARD, card_pieces, figure_name, read_card, readable
from engine import Augmentation, Confidence, EpochRecord, TrainingConfig
from engine.ink.augmentation import FlipAndShift
from engine.ink.stroke_augmentation import StrokeAugmentation
from engine.learning.training import TrainingFacts
from engine.nn.layer_plans import LayerPlan
from engine.nn.scaling import InputScaling
from engine.reading.evaluation import SetFacts, TestFacts
from engine.reading.rejection import Rejection
from engine.storage.network_facts import Framing, InputFacts, NetworkFacts, TaughtFacts
from tests.app.reports.marked import marked


def test_a_card_is_read(tmp_path):
    (tmp_path / "README.md").write_text("# Ü", encoding="utf-8")
    assert read_card(tmp_path) == "# Ü"


def test_a_network_may_come_without_one(tmp_path):
    assert read_card(tmp_path) is None
    assert read_card(tmp_path / "none") is None


def test_what_is_no_text_is_not_shown(tmp_path):
    (tmp_path / "README.md").write_bytes(b"\xff\xfe")
    assert read_card(tmp_path) is None


@pytest.mark.parametrize(("size", "is_read"), [(LARGEST_CARD, True), (LARGEST_CARD + 1, False)])
def test_one_that_is_too_long_is_not_shown(tmp_path, size, is_read):
    (tmp_path / "README.md").write_text("x" * size)
    assert (read_card(tmp_path) is not None) == is_read


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.parametrize("kind", ["fifo", "endless", "folder"])
def test_what_is_no_file_is_not_read(tmp_path, kind):
    path = tmp_path / "README.md"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    assert read_card(tmp_path) is None


def test_a_card_is_cut_into_its_pieces_without_its_markdown():
    card = (
        "# Title\n\nOne `line`\nand another.\n\n## Part\n\n| | |\n|---|---|\n| time | `148` s |\n\n- first\n"
    )
    assert list(card_pieces(card)) == [
        ("title", "Title"),
        ("text", "One line and another."),
        ("heading", "Part"),
        ("row", "time\t148 s"),
        ("item", "• first"),
    ]


def test_the_head_of_a_table_keeps_its_columns():
    """The first of them may have no name."""
    card = "| | before | now |\n|---|---|---|\n| zeros, read | 8.6 % | 37.8 % |\n"
    assert list(card_pieces(card)) == [("row", "\tbefore\tnow"), ("row", "zeros, read\t8.6 %\t37.8 %")]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("parameters", 44426, "44,426"),
        ("count", 1000, "1000"),
        ("accuracy", 0.9931, "99.31 %"),
        ("interval", [0.99, 0.995], "99.00 %, 99.50 %"),
        ("loss", 0.0171234, "0.0171234"),
        ("is_default", True, "yes"),
        ("is_default", False, "no"),
        ("seed", None, "–"),
        ("shape", [28, 28], "28, 28"),
        ("name", "best", "best"),
    ],
)
def test_a_figure_is_written_as_people_do(name, value, text):
    assert readable(name, value) == text


def test_figures_have_names_that_people_understand():
    assert figure_name("least_evidence") == "least evidence of a digit"
    assert figure_name("train_count") == "digits learnt from"
    assert figure_name("batch_size") == "batch size"
    assert figure_name("c1.weight.npy") == "c1.weight.npy"


def test_what_is_misread_is_told_without_the_files_own_words():
    misread = [{"label": 9, "answer": 4, "count": 7}, {"label": 2, "answer": 3, "count": 2}]
    assert readable("misread", misread) == "9 as 4 (7), 2 as 3 (2)"


def test_further_test_sets_are_told_without_the_files_own_words_too():
    sets = [{"name": "pen digits", "count": 1498, "accuracy": 0.9893, "interval": [0.98, 0.99]}]
    assert readable("drawings", sets) == "pen digits: 98.93 % of 1,498"


def test_teachers_are_told_by_name_and_checksum():
    teachers = [{"name": "saved_network", "sha256": "ab12"}, {"name": "lenet5", "sha256": "cd34"}]
    assert readable("teachers", teachers) == "saved_network (SHA-256 ab12), lenet5 (SHA-256 cd34)"


FACTS = (
    *(NetworkFacts, InputFacts, InputScaling, Framing, Confidence, Rejection, TestFacts, SetFacts),
    *(
        TaughtFacts,
        LayerPlan,
        TrainingFacts,
        TrainingConfig,
        Augmentation,
        FlipAndShift,
        StrokeAugmentation,
        EpochRecord,
    ),
)


@pytest.mark.parametrize(
    "name", sorted({"format", *(field.name for kind in FACTS for field in fields(kind))})
)
def test_every_figure_has_a_name_in_another_language(name):
    with marked():
        assert figure_name(name).startswith("«")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("is_default", True, "«yes»"),
        ("is_default", False, "«no»"),
        ("start", "", "–"),
        ("accuracy", 0.9931, "«99.31 %»"),
        ("misread", [{"label": 9, "answer": 4, "count": 7}], "«9 as 4 (7)»"),
    ],
)
def test_a_figure_is_written_in_another_language(name, value, text):
    with marked():
        assert readable(name, value) == text


def test_numbers_are_written_as_the_language_does():
    with speaking("it"):
        assert readable("loss", 0.0171234) == "0,0171234"
        assert readable("accuracy", 0.9931).startswith("99,31")
        assert readable("parameters", 44426) == "44.426"

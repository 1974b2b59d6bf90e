"""app/reports/words.py: what a page calls distortions and groups."""

from app.reports.measured import UNKNOWN
from app.reports.words import distortion_words, explanation_words, group_name, grouping_words
from engine.datasets.not_digits import UNSEEN
from engine.explaining.faithfulness import METHODS
from engine.reading.robustness import DISTORTIONS
from tests.app.reports.marked import marked


def test_every_distortion_has_its_words():
    words = distortion_words()
    assert {name: each.unit for name, each in words.items()} == {
        name: distortion.unit for name, distortion in DISTORTIONS.items()
    }
    assert [each.name for each in words.values()] == list(words)
    for name, each in words.items():
        assert each.chart == f"Accuracy under {name}, before and after framing"
        assert each.remark.endswith(".")


def test_every_grouping_has_its_words():
    titles = {by: (words.title, words.column) for by, words in grouping_words().items()}
    assert titles == {by: (f"By {by}", by) for by in ("source", "writer", "style", "kind")}


def test_a_group_keeps_its_name_but_for_what_this_program_names():
    with marked():
        assert group_name("ann", "writer") == "ann"
        assert group_name(UNKNOWN, "writer") == f"«{UNKNOWN}»"
        assert group_name("house", "kind") == "«house»"
        assert group_name("house", "writer") == "house"
        for kind in UNSEEN:
            is_a_word = len(kind) > 1  # a sign is the same everywhere
            assert group_name(kind, "kind") == (f"«{kind}»" if is_a_word else kind)


def test_every_map_has_a_name():
    assert set(explanation_words()) == set(METHODS)

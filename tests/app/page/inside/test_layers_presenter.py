"""app/page/inside/layers_presenter.py: all layers of the network that reads, without a screen."""

import numpy as np
import pytest

from app.page.inside.layers_presenter import INPUT, LayersPresenter
from app.page.inside.map_picture import Colours, picture
from app.page.inside.off_cost import OffCosts
from app.page.inside.subject import Subject
from app.page.reader import reading_of
from app.page.reading import Reading
from engine import Recognizer, build_network, save_network
from engine.explaining.neighbours import Prototypes
from engine.ink.preprocessing import framing_of_strokes
from tests.app.fakes import FakeReader, FakeView
from tests.digit_templates import digit_strokes

COLOURS = Colours("#ff8000", "#ffffff", "#0040ff", "#808080", "#202020")


@pytest.fixture(scope="module")
def recognizer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("network")
    save_network(build_network("lenet5", rng=np.random.default_rng(1)), folder)
    return Recognizer.load(folder)


def digits():
    labels = (np.arange(50) % 10).astype(np.uint8)
    return Prototypes(np.full((50, 28, 28), 9, np.uint8), labels, np.zeros(50, np.uint8), ("mnist",))


@pytest.fixture
def view():
    view = FakeView()
    view.due = []
    view.later = view.due.append
    return view


@pytest.fixture
def presenter(view):
    presenter = LayersPresenter(view, OffCosts(digits))
    presenter.set_colours(COLOURS)
    presenter.set_room(460, 1.0)
    return presenter


def subject_of(reader, digit):
    strokes = digit_strokes(digit)
    return Subject(reader, reading_of(reader.recognize(strokes)), strokes, 0, 1)


@pytest.fixture
def shown(presenter, recognizer):
    """The presenter at a drawn 5, with all rows in sight."""
    presenter.show(subject_of(recognizer, 5))
    presenter.set_in_sight([INPUT, *recognizer.network.layers])
    return presenter


def rows(view):
    return {row.name: row for row in view.last("show_rows")}


def test_every_layer_is_a_row_from_the_drawing_to_the_answer(shown, view, recognizer):
    found = rows(view)
    assert list(found) == [INPUT, *recognizer.network.layers]
    assert found["c1"].title == "c1: convolution, 6 maps of 24×24"
    assert found["flatten"].sheet is None
    assert found["output"].labels == tuple("0123456789")


def test_each_picture_is_that_of_the_networks_own_numbers(shown, view, recognizer):
    trace = recognizer.network.trace(subject_of(recognizer, 5).image[None])
    pictures = view.last("show_pictures")
    assert set(pictures) == {name for name, row in rows(view).items() if row.sheet is not None}
    for name in ("c1", "relu4", "f6"):
        expected = picture(trace.outputs[name][0], rows(view)[name].sheet, COLOURS, by_map=True)
        assert pictures[name] == expected


def test_another_reading_brings_other_pictures_and_the_same_rows(shown, view, recognizer):
    before, count = view.last("show_pictures"), view.times("show_rows")
    shown.show(subject_of(recognizer, 8))
    assert view.last("show_pictures")["c1"] != before["c1"]
    assert view.times("show_rows") == count


def test_what_cannot_be_seen_is_not_painted(shown, view, recognizer):
    shown.set_in_sight(["c3"])
    shown.show(subject_of(recognizer, 8))
    assert list(view.last("show_pictures")) == ["c3"]


def test_a_scale_for_a_whole_layer_makes_weak_maps_weak(shown, view):
    by_map = view.last("show_pictures")["c1"]
    shown.set_scope(by_map=False)
    assert view.last("show_pictures")["c1"] != by_map


def test_an_empty_page_says_so_and_shows_what_the_network_makes_of_paper(presenter, view, recognizer):
    presenter.show(Subject(recognizer, Reading()))
    assert view.last("show_told").startswith("The page is empty. Draw a digit")
    paper = recognizer.network.trace(np.zeros((1, 28, 28), np.float32)).outputs["c1"][0]
    assert np.array_equal(presenter.values("c1"), paper)
    presenter.point_at_page((0.5, 0.5))
    assert view.last("show_told").startswith("The page is empty.")


def test_a_unit_that_is_pointed_at_is_told_and_so_is_what_it_reads(shown, view, recognizer):
    shown.point_at("s4", (3, 2, 0))
    trace = recognizer.network.trace(subject_of(recognizer, 5).image[None])
    told = view.last("show_told")
    assert told.startswith("s4, map 4, row 3, column 1: ")
    assert float(told.split(": ")[1].split(". The")[0]) == pytest.approx(
        trace.outputs["s4"][0, 3, 2, 0], rel=6e-3
    )
    marks = view.last("show_marks")
    sheet = rows(view)
    assert (marks.layer, marks.unit) == ("s4", sheet["s4"].sheet.box(3, 2, 0, 3, 1))
    # a pool reads its own map alone, a convolution all maps
    assert marks.boxes["c3"] == (sheet["c3"].sheet.box(3, 4, 0, 6, 2),)
    assert marks.boxes["relu2"] == tuple(sheet["relu2"].sheet.box(one, 4, 0, 10, 6) for one in range(6))
    assert marks.boxes[INPUT] == (sheet[INPUT].sheet.box(0, 8, 0, 24, 16),)


def test_what_a_unit_reads_is_framed_on_the_page_itself(shown, view, recognizer):
    shown.point_at("c1", (0, 10, 12))
    corners = view.last("show_on_page")
    framing = framing_of_strokes(digit_strokes(5))
    placed = [framing.in_image(corner) for corner in corners]
    assert np.allclose(placed, [(12, 10), (17, 10), (17, 15), (12, 15), (12, 10)])
    shown.point_at(None)
    assert view.last("show_on_page") == ()
    assert view.last("show_marks").unit is None


def test_a_place_of_the_page_shows_who_sees_it(shown, view):
    framing = framing_of_strokes(digit_strokes(5))
    shown.point_at_page(framing.back((14.5, 9.5)))
    marks = view.last("show_marks")
    sheet = rows(view)["c1"].sheet
    # the 5x5 kernels that cover row 9 and column 14 begin in rows 5 to 9 and columns 10 to 14
    assert marks.boxes["c1"][2] == sheet.box(2, 5, 10, 10, 15)
    assert "25 of 576 in c1" in view.last("show_told")
    shown.point_at_page((99.0, 99.0))
    assert not view.last("show_marks").boxes


def test_the_arithmetic_of_a_chosen_unit_follows_the_pen(shown, view, recognizer):
    shown.choose("c1", (2, 10, 10))
    first = view.last("show_arithmetic")
    assert first.title == "c1, map 3, row 11, column 11"
    shown.show(subject_of(recognizer, 8))
    assert view.last("show_arithmetic").sentences != first.sentences
    shown.choose_none()
    count = view.times("show_arithmetic")
    shown.show(subject_of(recognizer, 5))
    assert view.last("show_arithmetic") is None
    assert view.times("show_arithmetic") == count


def test_the_drawing_itself_has_no_arithmetic(shown, view):
    shown.choose(INPUT, (0, 3, 3))
    assert view.last("show_arithmetic") is None


def test_a_map_is_switched_off_and_on_again(shown, view, recognizer):
    shown.switch("c3", 4)
    assert view.last("switch") == {"c3": frozenset({4})}
    shown.show(subject_of(recognizer.silenced({"c3": [4]}), 5))
    assert rows(view)["c3"].off == frozenset({4})
    assert not shown.values("c3")[4].any()
    assert view.last("show_off") == "1 map is off."
    shown.switch("c3", 4)
    assert view.last("switch") == {}
    shown.show(subject_of(recognizer, 5))
    assert rows(view)["c3"].off == frozenset()
    assert view.last("show_off") == ""


def test_what_it_costs_is_told_when_it_has_been_measured(shown, view, recognizer):
    shown.show(subject_of(recognizer.silenced({"c3": [4]}), 5))
    for _slice in range(3):
        view.due.pop()()
    assert not view.due
    assert view.last("show_off").startswith("1 map is off. Of 50 digits it reads 5 right;")


def test_another_switch_ends_a_measurement(shown, view, recognizer):
    shown.show(subject_of(recognizer.silenced({"c3": [4]}), 5))
    shown.show(subject_of(recognizer, 5))
    view.due.pop()()
    assert not view.due
    assert view.last("show_off") == ""


def test_neither_the_drawing_nor_the_answer_can_be_switched_off(shown):
    assert [shown.can_switch(name) for name in (INPUT, "c1", "f6", "output")] == [False, True, True, False]


def test_kernels_are_what_the_layers_have_learnt(shown, view, recognizer):
    shown.show_kernels(True)
    assert list(rows(view)) == ["c1", "c3", "c5", "f6", "output"]
    layers = recognizer.network.layers
    assert np.array_equal(shown.values("c3")[6 * 5 + 2], layers["c3"].weight.value[5, 2])
    assert np.array_equal(shown.values("c5")[16 * 7 + 3], layers["c5"].weight.value[7].reshape(16, 4, 4)[3])
    shown.point_at("c3", (6 * 5 + 2, 1, 3))
    weight = float(layers["c3"].weight.value[5, 2, 1, 3])
    assert view.last("show_told") == f"c3, from map 3 to map 6, row 2, column 4: weight {weight:.3g}"
    assert rows(view)["f6"].title == "f6: a row for each of 84 features, its weights for 120 others"
    assert not shown.can_switch("c1")


def test_what_is_pointed_at_in_other_pictures_is_no_longer_told_nor_marked(shown, view):
    shown.point_at("c1", (2, 20, 20))  # no kernel is as large
    assert view.last("show_marks").boxes
    shown.show_kernels(True)
    assert view.last("show_told").startswith("What the layers have learnt.")
    assert not view.last("show_marks").boxes
    shown.point_at("c3", (6 * 15 + 5, 1, 3))  # there are fewer maps
    shown.show_kernels(False)
    assert "blue" in view.last("show_told").lower()


def test_a_click_on_a_kernel_asks_for_no_arithmetic(shown):
    shown.show_kernels(True)
    shown.choose("c3", (6 * 5 + 2, 1, 3))  # no unit has this number
    assert shown.chosen is None


def test_a_network_of_other_layers_has_other_rows(shown, view, tmp_path, rng):
    save_network(build_network("mlp-tanh", rng=rng), tmp_path)
    shown.choose("c3", (0, 0, 0))
    shown.show(subject_of(Recognizer.load(tmp_path), 5))
    assert "c3" not in rows(view)
    assert shown.chosen is None


def test_a_reader_by_rule_can_be_looked_into_too(presenter, view):
    presenter.show(subject_of(FakeReader(), 5))
    assert view.last("show_rows")

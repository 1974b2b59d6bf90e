"""Box: where windows reach, worked out by hand."""

import pytest

from engine.nn.box import Box


def test_the_box_of_a_unit_is_one_number():
    assert Box.of_unit((5, 2, 3)) == Box(2, 3, 3, 4)
    assert Box.of_unit((7,)) == Box(7, 0, 8, 1)


def test_a_whole_layer_is_all_rows_and_columns():
    assert Box.whole((6, 12, 10)) == Box(0, 0, 12, 10)
    assert Box.whole((84,)) == Box(0, 0, 84, 1)


@pytest.mark.parametrize(
    ("kernel_size", "stride", "padding", "expected"),
    [
        (5, 1, 0, Box(2, 3, 7, 8)),
        (2, 2, 0, Box(4, 6, 6, 8)),
        (3, 2, 1, Box(3, 5, 6, 8)),
        (3, 1, 1, Box(1, 2, 4, 5)),
    ],
)
def test_a_window_reads_its_kernel_from_where_its_stride_brought_it(kernel_size, stride, padding, expected):
    assert Box(2, 3, 3, 4).under_windows((1, 28, 28), kernel_size, stride, padding) == expected


def test_several_windows_read_all_that_lies_under_one_of_them():
    assert Box(0, 1, 2, 4).under_windows((1, 28, 28), 3, 2, 0) == Box(0, 2, 5, 9)


def test_padding_is_not_read():
    assert Box(0, 0, 1, 1).under_windows((1, 8, 8), 5, 1, 2) == Box(0, 0, 3, 3)
    assert Box(7, 7, 8, 8).under_windows((1, 8, 8), 5, 1, 2) == Box(5, 5, 8, 8)


def test_what_lies_in_the_frame_reads_nothing_and_neither_does_a_window_on_it():
    corner = Box(0, 0, 1, 1).under_windows((1, 8, 8), 1, 1, 2)
    assert corner.is_empty
    assert corner.under_windows((1, 8, 8), 5, 1, 0).is_empty
    assert not Box(0, 0, 1, 1).is_empty


def test_a_feature_stood_at_one_place_and_features_of_several_maps_anywhere():
    shape = (3, 4, 5)
    assert Box(27, 0, 28, 1).of_flattened(shape) == Box(1, 2, 2, 3)  # 27 = 20 + 5 + 2
    assert Box(27, 0, 29, 1).of_flattened(shape) == Box(1, 2, 2, 4)
    assert Box(27, 0, 33, 1).of_flattened(shape) == Box(1, 0, 3, 5)
    assert Box(10, 0, 30, 1).of_flattened(shape) == Box(0, 0, 4, 5)


def test_features_that_were_never_maps_stay_where_they_are():
    assert Box(3, 0, 4, 1).of_flattened((10,)) == Box(3, 0, 4, 1)

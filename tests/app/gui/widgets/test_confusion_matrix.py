"""The confusion matrix: counts in their cells, each of which can be chosen."""

import pytest

from app.gui.theme import PALETTES
from app.gui.widgets.confusion_matrix import ConfusionMatrix, blend
from tests.app.hand import tip_of, wait_until

COUNTS = [[50, 3, 0], [1, 60, 0], [0, 0, 0]]


@pytest.fixture
def chosen():
    return []


@pytest.fixture
def matrix(root, chosen):
    matrix = ConfusionMatrix(
        root, COUNTS, palette=PALETTES["light"], on_choose=lambda *cell: chosen.append(cell)
    )
    matrix.pack(fill="both", expand=True)
    root.geometry("400x400")
    wait_until(root, lambda: matrix.winfo_width() > 300)
    root.update()
    return matrix


def middle(matrix, row, column):
    left, top, right, bottom = matrix.cell(row, column)
    return round((left + right) / 2), round((top + bottom) / 2)


def at(matrix, row, column, kind):
    x, y = middle(matrix, row, column)
    return [item for item in matrix.find_overlapping(x, y, x, y) if matrix.type(item) == kind]


def test_each_count_stands_in_its_cell_and_none_is_left_blank(matrix):
    for row, counts in enumerate(COUNTS):
        for column, count in enumerate(counts):
            texts = [matrix.itemcget(item, "text") for item in at(matrix, row, column, "text")]
            assert texts == ([str(count)] if count else [])


def test_more_mistakes_have_a_stronger_colour(matrix):
    def fill(row, column):
        return matrix.itemcget(at(matrix, row, column, "rectangle")[0], "fill")

    palette = PALETTES["light"]
    assert fill(2, 2) == palette.window
    assert len({fill(0, 0), fill(0, 1), fill(1, 0), fill(2, 2)}) == 4
    red = [int(fill(*cell)[1:3], 16) - int(fill(*cell)[3:5], 16) for cell in ((0, 1), (1, 0))]
    assert red[0] > red[1] > 0


def test_a_click_chooses_a_cell_and_marks_it(matrix, root, chosen):
    x, y = middle(matrix, 0, 1)
    matrix.event_generate("<Button-1>", x=x, y=y)
    root.update()
    assert chosen == [(0, 1)]
    assert matrix.find_withtag("mark")
    matrix.event_generate("<Button-1>", x=2, y=2)
    root.update()
    assert chosen == [(0, 1)]


def test_arrows_and_return_choose(matrix, root, chosen):
    matrix.focus_force()
    wait_until(root, lambda: matrix.find_withtag("mark"))
    for key in ("<Up>", "<Left>", "<Down>", "<Right>", "<Right>", "<Right>", "<Return>", "<Left>", "<space>"):
        matrix.event_generate(key)
    root.update()
    assert chosen == [(1, 2), (1, 1)]


def test_it_fits_into_what_room_there_is(matrix, root):
    for size in ("640x300", "260x500"):
        root.geometry(size)
        wait_until(root, lambda size=size: root.winfo_width() == int(size[:3]))
        root.update()
        right, bottom = matrix.cell(2, 2)[2:]
        assert right <= matrix.winfo_width() - 1  # whose line is still seen
        assert bottom <= matrix.winfo_height() - 1


@pytest.mark.parametrize("size", ["240x240", "300x420", "640x480", "1200x1000"])
def test_the_longest_count_stands_whole_in_its_cell(root, size):
    counts = [[1132 if i == j else 2 for j in range(10)] for i in range(10)]
    matrix = ConfusionMatrix(root, counts, palette=PALETTES["light"], on_choose=lambda *cell: None)
    matrix.pack(fill="both", expand=True)
    root.geometry(size)
    wait_until(root, lambda: f"{matrix.winfo_width()}x{matrix.winfo_height()}" == size)
    root.update()
    left, top, right, _ = matrix.cell(3, 3)
    (number,) = at(matrix, 3, 3, "text")
    box = matrix.bbox(number)
    assert left - 1 <= box[0] <= box[2] <= right + 1  # Tk rounds outward
    assert top <= box[1] + 1  # a line has some room over its letters
    assert box[2] - box[0] > 0.55 * (right - left)  # no smaller than it has to be


def test_colours_are_blended():
    assert blend("#000000", "#ffffff", 0.5) == "#808080"
    assert blend("#102030", "#ff0000", 0) == "#102030"


def test_it_explains_itself(matrix):
    assert "right answers lie on the diagonal" in tip_of(matrix)

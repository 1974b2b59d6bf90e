"""app/gui/dialogs/about_network_dialog.py: the model card as it is shown."""

from app.gui.dialogs.about_network_dialog import AboutNetworkDialog
from app.gui.theme import PALETTES
from tests.app.hand import wait_until

CARD = """# Mine

| | before | now |
|---|---|---|
| zeros, read | 8.6 % | 37.8 % |
| zeros with an upright slash twice as long as the ring, read | 26.0 % | 100.0 % |
| sevens | 99.0 % | 100 % |

| test part | count | accuracy | 95 % interval |
|---|---|---|---|
| synthetic digits | 2,000 | 99.9 % | 99.7 % to 100.0 % |

| accuracy | 99.66 % |
"""


def test_a_small_screen_has_room_for_all_figures_of_a_table_beside_their_names(root):
    dialog = AboutNetworkDialog(root, "Mine", {}, CARD, palette=PALETTES["light"])
    dialog.geometry("560x420")
    view = dialog.card
    wait_until(root, lambda: dialog.winfo_width() == 560 and view.bbox(view.search("to 100.0 %", "1.0")))

    def top(text):
        return view.dlineinfo(view.search(text, "1.0"))[1]

    for row in (
        ("before", "now"),
        ("zeros with", "26.0 %", "100.0 %"),
        ("test part", "count", "accuracy", "95 % interval"),
        ("synthetic", "2,000", "99.9 %", "99.7 %", "to 100.0 %"),
    ):
        assert len(set(map(top, row))) == 1
    assert top("zeros with") < top("the ring, read") < top("sevens")  # a long name goes on below itself
    x, _y, width, _height = view.bbox(view.search("slash", "1.0"))
    assert x + width < view.bbox(view.search("26.0 %", "1.0"))[0]


def test_the_figures_of_a_table_stand_below_each_other_however_long_their_names(root):
    dialog = AboutNetworkDialog(root, "Mine", {}, CARD, palette=PALETTES["light"])
    view = dialog.card
    wait_until(root, lambda: view.bbox(view.search("99.66 %", "1.0")))

    def left(text):
        return view.bbox(view.search(text, "1.0"))[0]

    for column in (("before", "8.6 %", "26.0 %"), ("now", "37.8 %", "100.0 %")):
        assert len(set(map(left, column))) == 1
    assert left("now") - left("before") > 40
    lines = {view.dlineinfo(view.search(text, "1.0"))[1] for text in ("zeros with", "26.0 %", "100.0 %")}
    assert len(lines) == 1  # none of it is wrapped
    assert left("99.66 %") < left("before")  # nor does another table make room for it

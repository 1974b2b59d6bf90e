"""app/gui/widgets/status_bar.py: messages, errors and the network's name."""

from app.gui.theme import PALETTES
from app.gui.widgets.status_bar import StatusBar


def test_an_error_looks_different_from_a_message(root):
    status = StatusBar(root, palette=PALETTES["light"])
    status.show("It failed.", is_error=True)
    assert status.message == "It failed."
    status.show("At 95 %.", is_error=True)
    assert status._left["text"] == "At 95\xa0%."  # no line ends there
    assert str(status._left["foreground"]) == PALETTES["light"].error
    status.show("Saved.", is_error=False)
    assert str(status._left["foreground"]) == PALETTES["light"].muted


def test_a_long_message_takes_more_lines_and_leaves_room_for_the_network(root):
    status = StatusBar(root, palette=PALETTES["light"])
    status.pack(fill="x")
    status.show_network("Network: saved_network")
    status.show("short", is_error=False)
    root.update()
    one_line = status.winfo_height()
    status.show("A message of many words. " * 10, is_error=True)
    root.update()
    assert status.winfo_height() > 2 * one_line
    right = status._right
    assert right.winfo_x() + right.winfo_width() <= status.winfo_width()
    assert right.winfo_width() == right.winfo_reqwidth()

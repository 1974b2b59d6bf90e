"""app/gui/icon.py: windows have the program's icon."""

from app.gui.icon import show_icon


def test_a_window_gets_the_icon(root, monkeypatch):
    given = []
    monkeypatch.setattr(root, "iconphoto", lambda *arguments: given.append(arguments))
    icon = show_icon(root)
    assert given == [(True, icon)]
    assert icon.width() == icon.height() >= 32

"""app/gui/widgets/mnemonics.py: a letter of its own for each label, as long as there are letters."""

from app.gui.widgets.mnemonics import free_letter


def test_the_first_letter_that_is_free_is_underlined():
    assert free_letter("Open", []) == 0
    assert free_letter("Open", [("Other", 0)]) == 1
    assert free_letter("“Own”", [("network", 1)]) == 1
    assert free_letter("Is", [("Site", 0), ("Nil", 1)]) == -1


def test_a_label_without_a_letter_takes_none_away():
    assert free_letter("Go", [("…", -1)]) == 0

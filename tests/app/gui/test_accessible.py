"""app/gui/accessible.py: what is drawn is told to a screen reader, where Tk has a way to."""

import pytest

from app.gui.accessible import describe, tell_value

# Tk 9.1's command, which notes what it is told; a reader is running, or not.
ACCESSIBLE = """
proc ::told_accessible {what args} {
    if {$what eq "check_screenreader"} {return $::is_read}
    lappend ::told [list $what {*}$args]
}
namespace ensemble configure tk -map [dict merge [namespace ensemble configure tk -map] {
    accessible ::told_accessible
}]
set ::told {}
"""


@pytest.fixture
def told(root):
    """What has been told, in a Tk that can."""
    root.tk.eval(ACCESSIBLE)
    root.tk.eval("set ::is_read 1")
    return lambda: [
        tuple(map(str, root.tk.splitlist(each))) for each in root.tk.splitlist(root.getvar("told"))
    ]


def test_a_widget_is_told_with_role_name_and_value(root, told):
    describe(root, "Canvas", "Page")
    tell_value(root, "42, 91 %")
    assert told() == [
        ("set_acc_role", ".", "Canvas"),
        ("set_acc_name", ".", "Page"),
        ("set_acc_value", ".", "42, 91 %"),
        ("emit_selection_change", "."),
    ]


def test_nothing_is_told_while_no_reader_runs(root, told):
    root.tk.eval("set ::is_read 0")
    describe(root, "Canvas", "Page")
    tell_value(root, "42, 91 %")
    assert told() == []


def test_an_older_tk_is_left_in_peace(root):
    describe(root, "Canvas", "Page")
    tell_value(root, "42, 91 %")

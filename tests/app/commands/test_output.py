"""What every mode says in the same way: lines on stderr, and a status."""

import pytest

from app.commands.output import fail, say


def test_what_is_no_result_is_a_line_on_stderr(capsys):
    say("going on")
    assert capsys.readouterr() == ("", "lenet-canvas: going on\n")


@pytest.mark.parametrize(("more", "status"), [({}, 1), ({"status": 130}, 130)])
def test_what_went_wrong_is_said_there_and_gives_the_status(capsys, more, status):
    assert fail("It broke.", **more) == status
    assert capsys.readouterr() == ("", "lenet-canvas: It broke.\n")

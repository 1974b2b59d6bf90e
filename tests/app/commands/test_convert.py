"""--mode convert."""

import numpy as np

from engine import load_network
from tests.app.command_line import one_line


def test_a_converted_network_is_the_same_in_a_new_folder(run, trained, tmp_path):
    status, out, err = run("--mode", "convert", "--path", trained, "--to", tmp_path / "new")
    assert (status, err) == (0, "")
    assert out == f"saved the lenet5 of {trained} in {tmp_path / 'new'}\n"
    before, after = load_network(trained).state(), load_network(tmp_path / "new").state()
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_a_folder_that_is_there_is_converted_into_only_when_asked(run, trained, tmp_path):
    arguments = ["--mode", "convert", "--path", trained, "--to", tmp_path / "new"]
    assert run(*arguments)[0] == 0
    (tmp_path / "new" / "network.json").write_text("older")
    status, out, err = run(*arguments)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "--overwrite" in err
    assert (tmp_path / "new" / "network.json").read_text() == "older"
    assert run(*arguments, "--overwrite")[0] == 0
    assert load_network(tmp_path / "new").architecture == "lenet5"

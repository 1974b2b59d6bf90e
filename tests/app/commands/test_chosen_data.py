"""Which data a mode reads: what needs no files, what is missing, and where it is looked for."""

from app.data import sources
from tests.app.command_line import one_line


def test_synthetic_digits_need_no_data(run, trained, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", 60)
    status, out, _ = run("--mode", "test", "--path", trained, "--dataset", "synthetic", "--data", tmp_path)
    assert status == 0
    assert "of 60 images" in out


def test_a_missing_data_set_is_told_in_one_line(run, trained, data):
    status, out, err = run(
        "--mode", "test", "--path", trained, "--dataset", "mnist,pendigits", "--data", data
    )
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "archive.ics.uci.edu" in err


def test_data_is_found_through_the_environment(run, data, trained, monkeypatch):
    monkeypatch.setenv("DIGITS_DATA", str(data))
    assert run("--mode", "test", "--path", trained)[0] == 0


def test_a_file_in_place_of_the_data_folder_is_told_what_lies_in_one(run, trained, tmp_path):
    file = tmp_path / "digits.csv"
    file.write_text("label,pixel0\n")
    status, out, err = run("--mode", "test", "--path", trained, "--data", file)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "digits.csv is a file" in err
    assert "mnist_test.csv" in err

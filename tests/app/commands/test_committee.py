"""--mode committee, and what the other modes make of one."""

import io
import json
import shutil
from contextlib import redirect_stdout

import numpy as np
import pytest

from app import cli
from engine import Confidence, SavedNetwork, build_network, save_network
from tests.app.command_line import one_line


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks") / "other"
    save_network(build_network("lenet5", rng=np.random.default_rng(5)), folder, confidence=Confidence(0.6))
    return folder


@pytest.fixture(scope="module")
def made(trained, other, tmp_path_factory):
    """A committee of both; tests only read it."""
    folder = tmp_path_factory.mktemp("networks") / "both"
    command = ("--mode", "committee", "--path", trained, "--path", other, "--to", folder)
    with redirect_stdout(io.StringIO()) as out:
        assert cli.main(list(map(str, command))) == 0
    assert out.getvalue() == f"saved the committee of {trained} and {other} in {folder}\n"
    return folder


@pytest.fixture
def both(made, tmp_path):
    return shutil.copytree(made, tmp_path / "both")


def test_a_committee_tests_and_predicts_as_its_networks_together(run, data, trained, other, both, drawings):
    several = ("--path", trained, "--path", other)
    for more in (("test", "--data", data), ("predict", drawings)):
        told = run("--mode", *more, *several, "--format", "json")
        assert told[0] == 0
        assert run("--mode", *more, "--path", both, "--format", "json") == told


def test_a_report_of_a_committee_tells_what_it_is_made_of(run, data, trained, other, both, tmp_path, bare):
    for name, paths in (("one", ("--path", both)), ("two", ("--path", trained, "--path", other))):
        save = tmp_path / name
        assert run("--mode", "report", *paths, "--data", data, "--save", save)[::2] == (0, "")
        facts = json.loads((save / "report.json").read_text())
        assert facts["network"]["name"] == {"one": "both", "two": "mine + other"}[name]
        assert facts["network"]["architecture"] == "committee"
        assert facts["explanations"] == []
        page = (save / "report.html").read_text(encoding="utf-8")
        assert "A committee: 1. mine, 2. other. They are asked together" in page
        assert page.count("total") >= 2
        _, tested, _ = run("--mode", "test", "--path", both, "--data", data, "--format", "json")
        assert facts["measured"][0]["confusion"] == json.loads(tested)["confusion"]


def test_explain_tells_of_the_first_and_says_so(run, trained, both, drawings, few_changes):
    drawings.write_text("".join(drawings.read_text().splitlines(keepends=True)[:1]))
    status, out, err = run("--mode", "explain", "--path", both, drawings)
    alone = run("--mode", "explain", "--path", trained, drawings)
    assert (status, out) == alone[:2]
    assert f"{both} is a committee of 2; told is why its first, mine, answers." in err


def test_it_is_exported_and_converted_back(run, both, tmp_path):
    assert run("--mode", "export", "--path", both, "--save", tmp_path / "both.lenet")[0] == 0
    again = tmp_path / "again"
    status, out, err = run("--mode", "convert", "--path", tmp_path / "both.lenet", "--to", again)
    assert (status, out, err) == (0, f"saved the committee of {tmp_path / 'both.lenet'} in {again}\n", "")
    names = sorted(path.name for path in both.iterdir())
    assert sorted(path.name for path in again.iterdir()) == names
    assert all((again / name).read_bytes() == (both / name).read_bytes() for name in names)


def test_what_is_there_is_replaced_only_when_asked(run, trained, other, both):
    command = ("--mode", "committee", "--path", other, "--path", trained, "--to", both)
    before = (both / "network.json").read_bytes()
    status, out, err = run(*command)
    assert (status, out, (both / "network.json").read_bytes()) == (1, "", before)
    assert one_line(err)
    assert "--overwrite" in err
    assert run(*command, "--overwrite")[0] == 0
    assert SavedNetwork.load(both).facts.members == ("other", "mine")


@pytest.mark.parametrize("mode", [("film", "drawing.jsonl"), ("teach", "--samples", "x.jsonl", "--to")])
def test_what_needs_one_network_says_that_it_is_several(run, both, tmp_path, drawings, mode):
    name, *more = mode
    more = [drawings] if name == "film" else [more[0], drawings, more[2], tmp_path / "new"]
    status, out, err = run("--mode", name, "--path", both, *more)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "is a committee of 1-mine.lenet, 2-other.lenet, and one network alone is needed" in err
    assert not (tmp_path / "new").exists()


def test_a_training_goes_on_from_one_network(run, data, both, tmp_path):
    status, _out, err = run("--mode", "train", "--path", tmp_path / "new", "--data", data, "--start", both)
    assert status == 1
    assert one_line(err)
    assert "one network alone is needed" in err


def test_several_are_needed_and_no_committee_among_them(run, trained, both, tmp_path):
    status, _out, err = run("--mode", "committee", "--path", trained, "--to", tmp_path / "new")
    assert status == 2
    assert "needs several networks, each after a --path" in err
    status, _out, err = run(
        "--mode", "committee", "--path", trained, "--path", both, "--to", tmp_path / "new"
    )
    assert status == 1
    assert one_line(err)
    assert "Network 2 of 2 is a committee itself" in err
    assert not (tmp_path / "new").exists()

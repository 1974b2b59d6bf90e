"""--mode sweep from end to end: what it prints and leaves, a kill, and what it refuses."""

import csv
import json
import re
import signal
import subprocess
import sys
import time

import pytest

from app import cli, user_folders
from app.data import sources
from app.store.profiles import Profiles
from engine import SavedNetwork
from engine.datasets.samples import Sample, append_samples
from tests.digit_templates import digit_strokes

FILE = """
seed = 1
[base]
dataset = "synthetic"
drawings = 60
epochs = 2
architecture = "cnn-2"
batch_size = 20
validation_fraction = 0.2
augmentation = "none"
[grid]
learning_rate = [0.000001, 0.01]
"""


@pytest.fixture
def plan(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "SYNTHETIC_TEST", 60)
    path = tmp_path / "plan.toml"
    path.write_text(FILE)
    return path


@pytest.fixture
def begun(plan, monkeypatch):
    """Begins a sweep that nobody learns."""
    monkeypatch.setattr("app.jobs.cluster.PATIENCE", 0.1)

    def begin(folder):
        assert run("--config", plan, "--path", folder, "--cluster", "tcp://127.0.0.1:9") == 1

    return begin


def run(*arguments):
    return cli.main(["--mode", "sweep", "--workers", "0", *map(str, arguments)])


def table(folder):
    with open(folder / "sweep.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_a_sweep_leaves_its_table_its_chart_and_the_best_network(plan, tmp_path, capsys):
    folder = tmp_path / "swept"
    assert run("--config", plan, "--path", folder) == 0
    printed = capsys.readouterr().out
    assert "training   2/2  epoch   2/2  validation" in printed
    assert f"saved in {folder / 'best'}" in printed
    ranks = re.findall(r"^ +(\d)  +([\d.]+) %  +2  (.*)$", printed, re.MULTILINE)
    assert [(number, settings) for number, _, settings in ranks] == [
        ("2", "learning_rate 0.01"),
        ("1", "learning_rate 1e-06"),
    ]
    assert float(ranks[0][1]) > float(ranks[1][1])
    told = [[row[name] for name in ("training", "learning_rate", "state", "epochs")] for row in table(folder)]
    assert told == [["1", "1e-06", "finished", "2"], ["2", "0.01", "finished", "2"]]
    assert (folder / "sweep.png").read_bytes().startswith(b"\x89PNG")
    best = SavedNetwork.load(folder / "best")
    assert best.facts.training.config.learning_rate == 0.01
    assert best.facts.test.count == 60
    other = tmp_path / "again"
    assert run("--config", plan, "--path", other, "--format", "json") == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["record"] for record in records] == ["epoch"] * 4 + ["end"]
    assert records[-1]["best"] == 2
    assert (other / "sweep.csv").read_bytes() == (folder / "sweep.csv").read_bytes()


def test_a_sweep_that_is_killed_goes_on_with_resume_alone(plan, tmp_path, capsys):
    folder = tmp_path / "swept"
    command = [
        sys.executable,
        "main.py",
        "--mode",
        "sweep",
        "--config",
        plan,
        "--path",
        folder,
        "--workers",
        "0",
    ]
    killed = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not list(folder.glob("00?/last.checkpoint")) and killed.poll() is None:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert run("--config", plan, "--path", folder) == 1
    assert f"{folder} holds a sweep. Go on with it by --resume" in capsys.readouterr().err
    assert run("--path", folder, "--resume") == 0
    assert {row["state"] for row in table(folder)} == {"finished"}


def test_resuming_another_sweep_is_refused(plan, tmp_path, capsys, begun):
    folder = tmp_path / "swept"
    assert run("--path", folder, "--resume") == 1
    assert f"There is no sweep in {folder} to go on with" in capsys.readouterr().err
    begun(folder)
    plan.write_text(FILE.replace("0.01", "0.02"))
    assert run("--config", plan, "--path", folder, "--resume") == 1
    assert f"{plan} is not the sweep that was begun in {folder}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("epochs = 3", "A sweep has no 'epochs'"),
        ("[grid]\nepochs = 3", "[grid] needs a list of values for epochs"),
        ("[grid", "cannot be read as TOML"),
        ('[base]\ndataset = "stars"', "There is no data set 'stars'"),
    ],
)
def test_what_is_no_plan_is_told_by_the_name_of_its_file(text, problem, plan, tmp_path, capsys):
    plan.write_text(text)
    assert run("--config", plan, "--path", tmp_path / "swept") == 1
    said = capsys.readouterr().err
    assert problem in said
    assert said.count("\n") == 1
    assert not (tmp_path / "swept").exists()


def test_a_folder_with_something_in_it_is_left_alone(plan, tmp_path, capsys):
    assert run("--config", plan, "--path", tmp_path) == 1
    assert f"{tmp_path} is there already. Sweep into a new folder." in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.toml"]


@pytest.mark.parametrize(
    "arguments", [["--path", "new"], ["--config", "plan.toml"], ["--config", "a", "--seed", "1"]]
)
def test_what_is_missing_or_too_much_is_a_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        run(*arguments)
    assert end.value.code == 2
    assert "--mode sweep" in capsys.readouterr().err


def test_a_sweep_learns_of_the_digits_that_it_was_begun_with(plan, tmp_path, monkeypatch, begun):
    monkeypatch.setattr(user_folders, "networks_folder", lambda: tmp_path / "networks")
    own, folder = user_folders.samples_file(), tmp_path / "swept"
    append_samples(own, [Sample(number % 10, digit_strokes(number % 10)) for number in range(20)])
    plan.write_text(
        FILE.replace('"synthetic"', '"synthetic,my-digits:2"').replace("epochs = 2", "epochs = 1")
    )
    begun(folder)
    append_samples(own, [Sample(3, digit_strokes(3))])  # and one was taught meanwhile
    profiles = Profiles(tmp_path)
    ada = profiles.create("Ada")
    profiles.choose(ada)
    append_samples(ada.samples, [Sample(7, digit_strokes(7))] * 30)
    assert run("--config", plan, "--path", folder, "--resume") == 0
    saved = SavedNetwork.load(folder / "best")
    samples = saved.facts.training.config.samples
    assert (samples.author, samples.count) == ("", 20)
    assert [part.count for part in saved.facts.test.drawings] == [4]


def test_where_no_scheduler_answers_the_sweep_can_go_on_later(tmp_path, capsys, begun):
    begun(tmp_path / "swept")
    said = capsys.readouterr().err
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in said
    assert f"Go on with: python main.py --mode sweep --path {tmp_path / 'swept'} --resume" in said
    assert (tmp_path / "swept" / "sweep.json").exists()

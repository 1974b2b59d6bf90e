"""app/page/recent.py: the files that were in use last."""

from pathlib import Path

from app.page.recent import labels, with_latest, without
from app.store.settings import MOST_RECENT


def test_the_latest_file_comes_first_and_each_once(tmp_path):
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    recent = with_latest(with_latest(with_latest((), a), b), a)
    assert recent == (str(a), str(b))


def test_files_are_kept_by_their_whole_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert with_latest((), Path("a.png")) == (str(tmp_path / "a.png"),)


def test_old_files_make_room():
    recent = ()
    for number in range(20):
        recent = with_latest(recent, Path(f"/mine/{number}.png"))
    assert len(recent) == MOST_RECENT
    assert recent[0].endswith("19.png")


def test_a_file_that_is_gone_leaves_the_list():
    assert without(("/a.png", "/b.png"), "/a.png") == ("/b.png",)


def test_two_files_of_one_name_are_told_apart():
    assert labels(("/mine/a.png", "/yours/a.png", "/b.png")) == (
        f"a.png — {Path('/mine')}",
        f"a.png — {Path('/yours')}",
        "b.png",
    )

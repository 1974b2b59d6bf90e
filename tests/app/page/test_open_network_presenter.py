"""app/page/open_network_presenter.py: what is listed, and what can be done with it, without a screen."""

import numpy as np
import pytest

from app.language import speak
from app.page.open_network_presenter import OpenNetworkPresenter, Sorting, columns
from app.store.networks import SHIPPED, name_of
from engine import build_network, save_network
from engine.storage.saved_network import load_facts
from tests.app.fakes import FakeView
from tests.app.reports.marked import marked, unmarked_words

SHIPS = "Best"


@pytest.fixture
def view():
    return FakeView(ask=True)


@pytest.fixture
def present(view, networks_place, heard):
    """Begin, with what opens at the start, and whether another one could."""

    def present(at_start=None, *, opens=True, reads=SHIPPED):
        def on_start(folder):
            heard.append(("start", folder))
            return opens

        presenter = OpenNetworkPresenter(
            view,
            shipped=SHIPPED,
            place=networks_place,
            at_start=at_start,
            reads=reads,
            on_open=lambda folder: heard.append(("open", folder)),
            on_start=on_start,
            on_rename=lambda: heard.append("rename"),
        )
        presenter.begin()
        return presenter

    return present


def rows(view):
    return view.last("show_rows")[0]


def starts(view):
    return [row.name for row in rows(view) if "at the start" in row.use]


def choose(presenter, view, name):
    presenter.choose([row.name for row in rows(view)].index(name))


def test_those_that_ship_stand_first_and_stay_as_they_are(present, view, keep, heard):
    keep("mine")
    presenter = present()
    assert [row.name for row in rows(view)] == [SHIPS, "LeNet-5", "mine"]
    first, second, own = rows(view)
    facts = load_facts(SHIPPED)
    expected = [facts.test.accuracy, *(part.accuracy for part in facts.test.drawings)]
    expected.append(facts.confidence.rejection.not_digits_rejected)
    assert first.scores == tuple(f"{100 * share:.2f} %" for share in expected)
    assert len(first.texts) == len(columns())
    assert (first.saved, second.saved) == ("ships with it", "ships with it")
    assert len(own.saved) == len("2026-01-01 00:00")
    assert set(own.scores) == {"–"}
    assert starts(view) == [SHIPS]
    for number in (0, 1):
        presenter.choose(number)
        assert view.last("enable") == (False, True)
        presenter.rename()
        presenter.delete()
    assert not view.times("ask") + view.times("ask_name")
    presenter.choose(2)
    assert view.last("enable") == (True, True)
    assert heard == []


def test_the_chosen_one_is_opened(present, view, keep, heard):
    folder = keep("Über / 🙂")
    presenter = present()
    choose(presenter, view, "Über / 🙂")
    note, details = view.last("show_note")
    assert note == str(folder)
    assert details.startswith("Trained: 20")
    presenter.choose_start()
    assert view.last("show_note")[1].endswith(" · Reads: at the start")
    heard.clear()
    presenter.open()
    assert view.times("leave") == 1
    assert heard == [("open", folder)]


def test_a_damaged_one_is_told_and_neither_opened_nor_begun_with(present, view, keep, heard):
    (keep("broken") / "network.json").write_text("{")
    presenter = present()
    choose(presenter, view, "broken")
    assert rows(view)[-1].use == "damaged"
    assert set(rows(view)[-1].scores) == {"–"}
    assert view.last("enable") == (True, False)
    note, details = view.last("show_note")
    assert "network.json" in note
    assert "damaged" not in details
    presenter.open()
    presenter.choose_start()
    assert heard == []
    assert not view.times("leave")


def test_another_folder_is_opened(present, view, heard, tmp_path):
    presenter = present()
    presenter.open_other()
    assert heard == []
    assert not view.times("leave")
    view.answers["ask_folder"] = tmp_path
    presenter.open_other()
    assert heard == [("open", tmp_path)]
    assert view.times("leave") == 1


def test_one_is_chosen_for_the_start_and_the_one_that_ships_again(present, view, keep, heard):
    folder = keep("mine")
    presenter = present()
    choose(presenter, view, "mine")
    presenter.choose_start()
    assert starts(view) == ["mine"]
    assert presenter.chosen.name == "mine"
    choose(presenter, view, SHIPS)
    presenter.choose_start()
    assert starts(view) == [SHIPS]
    assert heard == [("start", folder), ("start", None)]


def test_one_that_does_not_open_is_not_marked_for_the_start(present, view, keep):
    keep("mine")
    presenter = present(opens=False)
    choose(presenter, view, "mine")
    presenter.choose_start()
    assert starts(view) == [SHIPS]


def test_one_is_renamed_and_stays_chosen(present, view, keep, heard):
    folder = keep("before")
    keep("another")
    presenter = present()
    choose(presenter, view, "before")
    presenter.rename()  # no name is given
    assert heard == []
    view.answers["ask_name"] = "after ✓"
    presenter.rename()
    assert view.last("ask_name") == ("Rename", "The network's new name:", "before")
    assert name_of(folder) == "after ✓"
    assert presenter.chosen.name == "after ✓"
    assert "before" not in [row.name for row in rows(view)]
    assert heard == ["rename"]


def test_one_is_deleted_after_a_question_and_no_longer_opens_at_the_start(present, view, keep, heard):
    folder = keep("gone soon")
    presenter = present(at_start=folder)
    assert starts(view) == ["gone soon"]
    choose(presenter, view, "gone soon")
    view.answers["ask"] = False
    presenter.delete()
    assert folder.is_dir()
    view.answers["ask"] = True
    presenter.delete()
    assert not folder.exists()
    assert starts(view) == [SHIPS]
    assert presenter.chosen.folder == SHIPPED
    assert heard == [("start", None)]


def test_a_deleted_one_that_did_not_open_at_the_start_changes_nothing_there(present, view, keep, heard):
    other = keep("other")
    keep("gone soon")
    presenter = present(at_start=other)
    choose(presenter, view, "gone soon")
    presenter.delete()
    assert heard == []
    assert starts(view) == ["other"]


def names(view):
    return [row.name.split(",")[0] for row in rows(view)]


def test_the_one_that_reads_is_marked_wherever_it_is(present, view, keep):
    folder = keep("mine")
    present(reads=folder / ".." / folder.name)
    assert [(row.use, row.reads) for row in rows(view)] == [
        ("at the start", False),
        ("", False),
        ("now", True),
    ]
    present(at_start=folder, reads=folder)
    assert rows(view)[-1].use == "now, and at the start"
    present()
    assert rows(view)[0].use == "now, and at the start"


def test_a_column_sorts_the_best_first_and_then_the_other_way_and_what_is_unknown_last(present, view, keep):
    keep("Zoë")
    presenter = present()
    assert view.last("show_rows")[2] == Sorting()
    for column in ("mnist", "pendigits", "synthetic"):
        presenter.sort_by(column)
        assert view.last("show_rows")[2] == Sorting(column, is_upward=False)
        assert names(view) == ["Best", "LeNet-5", "Zoë"]
        presenter.sort_by(column)
        assert view.last("show_rows")[2] == Sorting(column, is_upward=True)
        assert names(view) == ["LeNet-5", "Best", "Zoë"]


def test_names_are_sorted_from_a_on_whatever_their_case(present, view, keep):
    keep("able")
    keep("Zoë")
    presenter = present()
    presenter.sort_by("name")
    assert names(view) == ["able", "Best", "LeNet-5", "Zoë"]
    presenter.sort_by("name")
    assert names(view) == ["Zoë", "LeNet-5", "Best", "able"]


def test_the_one_in_use_and_the_newest_come_first(present, view, keep):
    keep("older")
    newer = keep("newer")
    presenter = present(reads=newer)
    presenter.sort_by("use")
    assert names(view)[:2] == ["newer", "Best"]
    presenter.sort_by("saved")
    by_time = sorted(rows(view), key=lambda row: row.saved, reverse=True)
    assert names(view).index("newer") < names(view).index("older")
    assert {row.name for row in by_time} == {row.name for row in rows(view)}


def test_a_sorted_list_keeps_what_is_chosen_and_opens_that(present, view, keep, heard):
    folder = keep("able")
    presenter = present()
    choose(presenter, view, "able")
    presenter.sort_by("name")
    assert presenter.chosen.folder == folder
    assert view.last("show_rows")[1] == 0
    presenter.open()
    assert heard == [("open", folder)]


def test_keys_sort_by_one_column_after_the_other_and_stop_at_both_ends(present, view):
    presenter = present()
    presenter.turn_round()  # there is no order yet
    assert view.last("show_rows")[2] == Sorting()
    keys = [column.key for column in columns()]
    seen = []
    for _ in range(len(keys) + 2):
        presenter.sort_beside(1)
        seen.append(view.last("show_rows")[2].column)
    assert seen == [*keys, keys[-1], keys[-1]]
    presenter.sort_beside(-1)
    assert view.last("show_rows")[2] == Sorting(keys[-2], is_upward=False)
    presenter.turn_round()
    assert view.last("show_rows")[2] == Sorting(keys[-2], is_upward=True)


def test_a_network_that_ships_is_deleted_in_no_order(present, view, keep):
    keep("able")
    presenter = present()
    presenter.sort_by("name")
    choose(presenter, view, SHIPS)
    assert view.last("enable") == (False, True)
    assert rows(view)[1].saved == "ships with it"


def test_the_list_and_its_questions_speak_another_language(present, view, keep):
    mine = keep("7")
    (keep("8") / "network.json").write_text("{")
    with marked():
        presenter = present(reads=mine, at_start=mine)
        texts = [column.heading for column in columns()]
        texts += [text for row in rows(view) for text in row.texts]
        choose(presenter, view, "7")
        presenter.rename()
        presenter.delete()
        presenter.open_other()
        title, text, _name = view.last("ask_name")
        texts += [*view.last("ask"), title, text, view.last("ask_folder")]
    assert not unmarked_words(*texts)


def choose_all(presenter, view, *names):
    listed = [row.name for row in rows(view)]
    presenter.choose(*(listed.index(name) for name in names))


def test_several_that_are_marked_open_as_the_committee_of_them(present, view, keep, heard, networks_place):
    keep("mine")
    presenter = present()
    choose_all(presenter, view, SHIPS, "mine")
    assert view.last("enable") == (False, True)
    note = "2 networks would read as a committee, by the mean of their answers: Best, mine."
    assert view.last("show_note") == (note, "")
    presenter.rename()
    presenter.delete()
    assert not view.times("ask") + view.times("ask_name")
    presenter.open()
    assert view.times("leave") == 1
    ((what, folder),) = heard
    assert (what, folder.parent, name_of(folder)) == ("open", networks_place, "Best + mine")
    assert load_facts(folder).members == ("Best", "mine")
    heard.clear()
    choose_all(presenter, view, SHIPS, "mine")  # once more: it is there already
    presenter.open()
    assert heard == [("open", folder)]
    assert len(list(networks_place.iterdir())) == 2


def test_several_are_begun_with_as_one(present, view, keep, heard):
    keep("mine")
    presenter = present()
    choose_all(presenter, view, "LeNet-5", "mine")
    presenter.choose_start()
    assert starts(view) == ["LeNet-5 + mine"]
    assert presenter.chosen.name == "LeNet-5 + mine"
    assert view.last("enable") == (True, True)
    row = next(row for row in rows(view) if row.name == "LeNet-5 + mine")
    assert set(row.scores) == {"\N{EN DASH}"}  # nobody has measured it


def test_a_committee_or_a_damaged_one_among_several_is_told(present, view, keep, heard):
    keep("mine")
    (keep("broken") / "network.json").write_text("{")
    presenter = present()
    choose_all(presenter, view, SHIPS, "broken")
    assert view.last("enable") == (False, False)
    assert "network.json" in view.last("show_note")[0]
    choose_all(presenter, view, SHIPS, "mine")
    presenter.choose_start()
    choose_all(presenter, view, SHIPS, "Best + mine")
    assert view.last("enable") == (False, False)
    assert view.last("show_note")[0] == "Best + mine is a committee itself. Mark its networks in its place."
    heard.clear()
    presenter.open()
    presenter.choose_start()
    assert heard == []


def test_networks_that_do_not_go_together_are_told_and_the_dialog_stays(present, view, networks_place, heard):
    save_network(build_network("cifar10", rng=np.random.default_rng(0)), networks_place / "colours")
    presenter = present()
    choose_all(presenter, view, SHIPS, "colours")
    presenter.open()
    assert "Member 2 of the committee tells" in view.last("show_note")[0]
    assert (heard, view.times("leave")) == ([], 0)
    assert [path.name for path in networks_place.iterdir()] == ["colours"]
    speak("it")
    presenter.open()
    assert view.last("show_note")[0] == (
        "Il membro 2 del comitato distingue 10 classi di immagini di forma (3, 32, 32), il primo 10 di forma "
        "(1, 28, 28). Lascialo fuori."
    )

"""app/page/profiles_presenter.py: who draws, without a screen."""

import pytest

from app.page.profiles_presenter import NOBODY, ProfilesPresenter
from app.store.profiles import Profiles
from engine.datasets.samples import Sample, append_samples
from tests.app.fakes import FakeView
from tests.app.reports.marked import marked, unmarked_words
from tests.digit_templates import digit_strokes


@pytest.fixture
def view(tmp_path):
    file = tmp_path / "ada.zip"
    return FakeView(ask=True, ask_name="Ada", ask_file_to_save=file, ask_file_to_open=file)


@pytest.fixture
def profiles(tmp_path):
    return Profiles(tmp_path / "data")


@pytest.fixture
def switched():
    return []


@pytest.fixture
def presenter(view, profiles, switched):
    presenter = ProfilesPresenter(
        view, profiles, on_switch=lambda profile: switched.append((profile.name, presenter.current.name))
    )
    presenter.show()
    return presenter


def test_at_first_nobody_draws_by_name(presenter, view):
    assert view.last("show_names") == ([(NOBODY, "Nobody by name")], NOBODY)
    assert view.last("enable") is False


def test_a_new_one_draws_at_once(presenter, view, profiles, switched):
    presenter.create()
    assert switched == [("Ada", "Ada")]
    folder = presenter.current.folder.name
    assert view.last("show_names") == ([(NOBODY, "Nobody by name"), (folder, "Ada")], folder)
    assert view.last("enable") is True
    assert view.last("say") == "Ada draws now."
    assert profiles.current == presenter.current
    presenter.choose(NOBODY)
    assert switched[-1] == ("", "")
    assert view.last("say") == "Nobody by name draws now."
    presenter.choose(folder)
    assert switched[-1] == ("Ada", "Ada")


def test_a_name_that_is_taken_or_not_given_changes_nothing(presenter, view, switched):
    presenter.create()
    presenter.create()
    assert view.last("say") == ("There is a Ada already. Choose another name.", True)
    view.answers["ask_name"] = None
    presenter.create()
    presenter.rename()
    assert len(switched) == 1


def test_one_that_is_renamed_stays(presenter, view, switched):
    presenter.create()
    folder = presenter.current.folder
    view.answers["ask_name"] = "Bea"
    presenter.rename()
    assert (presenter.current.name, presenter.current.folder) == ("Bea", folder)
    assert switched[-1] == ("Bea", "Bea")


def test_one_is_deleted_only_when_that_is_meant(presenter, view, profiles):
    presenter.create()
    view.answers["ask"] = False
    presenter.delete()
    assert presenter.current.name == "Ada"
    view.answers["ask"] = True
    presenter.delete()
    assert "All that Ada has taught" in view.last("ask")[1]
    assert presenter.current.name == ""
    assert profiles.named() == []
    assert view.last("say") == "Ada is deleted."
    presenter.delete()  # nobody by name
    assert view.times("ask") == 2


def test_one_goes_into_a_file_and_comes_out_of_it(presenter, view, tmp_path):
    presenter.create()
    append_samples(presenter.current.samples, [Sample(3, digit_strokes(3))])
    presenter.export()
    assert view.last("ask_file_to_save") == "Ada.zip"
    assert view.last("say") == "Saved ada.zip."
    presenter.bring_in()
    assert presenter.current.name == "Ada (2)"
    (tmp_path / "ada.zip").write_text("no zip")
    presenter.bring_in()
    text, is_error = view.last("say")
    assert is_error
    assert "ada.zip is no profile" in text
    assert presenter.current.name == "Ada (2)"


def test_the_network_of_one_is_remembered_with_them_alone(presenter, profiles, tmp_path):
    presenter.keep_network(tmp_path / "network")
    assert presenter.current.network is None
    presenter.create()
    presenter.keep_network(tmp_path / "network")
    assert profiles.current.network == tmp_path / "network"
    presenter.keep_network(None)
    assert profiles.current.network is None


def test_every_word_can_be_translated(view, profiles):
    with marked():
        presenter = ProfilesPresenter(view, profiles, on_switch=lambda profile: None)
        presenter.show()
        presenter.choose(NOBODY)
        presenter.create()
        presenter.create()
        presenter.export()
        presenter.delete()
        told = [
            value
            for name, values, keys in view.calls
            for value in (*values, *keys.values())
            if name != "show_names" and isinstance(value, str)
        ]
        told += [label for _folder, label in view.last("show_names")[0]]
    assert set(unmarked_words(*told)) <= {"Ada", "ada", "zip"}

"""app/gui/dialogs/source_chooser.py: digits that are not here yet, in real dialogs."""

import pytest

from app.gui.dialogs import source_chooser
from app.store.settings import load_settings
from tests.app.hand import is_shown, open_dialog, press, wait_until

pytestmark = pytest.mark.usefixtures("window_of_its_own")


def test_without_a_connection_it_is_said_what_to_do(window, no_connection):
    dialog = open_dialog(window, "retrain")
    dialog.sources.download_button.invoke()
    assert is_shown(dialog.sources.cancel_button)
    wait_until(window, lambda: "could not be downloaded" in dialog.sources.note["text"])
    assert "choose a folder" in dialog.sources.note["text"]
    assert is_shown(dialog.sources.download_button)
    assert dialog.start_button.instate(["disabled"])


def test_a_download_is_cancelled(window, no_connection):
    dialog = open_dialog(window, "retrain")
    dialog.sources.download_button.invoke()
    dialog.sources.cancel_button.invoke()
    wait_until(window, lambda: not is_shown(dialog.sources.cancel_button))
    assert "not on this computer yet" in dialog.sources.note["text"]


@pytest.mark.parametrize("action", ["retrain", "evaluate"])
def test_without_data_a_folder_can_be_shown_and_is_remembered(
    window, present, digits, monkeypatch, settings_path, action
):
    dialog = open_dialog(window, action)
    assert "not on this computer yet" in dialog.sources.note["text"]
    assert dialog.start_button.instate(["disabled"])
    press(dialog, "<Return>")  # does nothing yet
    for chosen, is_found in (("", False), (present, False), (digits, True)):
        monkeypatch.setattr(
            source_chooser.filedialog, "askdirectory", lambda chosen=chosen, **options: str(chosen)
        )
        dialog.sources.folder_button.invoke()
        assert dialog.sources.presenter.is_ready is is_found
        if action == "retrain":  # the other one begins by itself
            assert dialog.start_button.instate(["!disabled" if is_found else "disabled"])
    assert load_settings(settings_path)[0].data == str(digits)
    dialog.close()
    assert open_dialog(window, "retrain").sources.presenter.is_ready


def test_a_folder_without_the_files_is_refused(window, present, monkeypatch):
    dialog = open_dialog(window, "retrain")
    monkeypatch.setattr(source_chooser.filedialog, "askdirectory", lambda **options: str(present))
    dialog.sources.folder_button.invoke()
    assert dialog.sources.note["text"] == "present does not hold the files of MNIST, or not all of them."

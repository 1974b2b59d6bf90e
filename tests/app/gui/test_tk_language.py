"""app/gui/tk_language.py: the dialogs of Tk's own speak as the window does."""

import sys
from tkinter import filedialog

import pytest

from app import language
from app.gui.tk_language import follow_language
from tests.app.hand import rebuilt

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.mark.parametrize(("code", "cancel"), [("it", "Annulla"), ("en", "Cancel")])
def test_tk_follows_the_language_also_where_it_changes(root, code, cancel):
    for spoken in ("it", "en", code):
        language.speak(spoken)
        follow_language(root)
    assert root.tk.eval("namespace eval ::tk {::msgcat::mc Cancel}") == cancel


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's own dialogs are opened")
def test_the_file_dialog_is_in_the_windows_language(window):
    with rebuilt(window):
        window.menus.pick("language", "it")
    said = []
    cancel = ".__tk_filedialog.contents.f2.cancel"

    def look():
        if not (window.tk.call("winfo", "exists", cancel) and window.tk.call("winfo", "ismapped", cancel)):
            window.after(50, look)
            return
        said.append(window.tk.call(cancel, "cget", "-text"))
        window.tk.call(cancel, "invoke")

    window.after(50, look)
    assert not filedialog.askopenfilename(parent=window)
    assert said == ["Annulla"]

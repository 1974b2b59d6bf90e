"""Network > Open: the list in a real window, by mouse and keys."""

import pytest

from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.question_dialog import NameDialog
from app.gui.theme import STRONG_FONT, font_of_size, text_width
from app.page import open_network_presenter
from app.store.networks import name_of
from app.store.settings import Settings, load_settings, save_settings
from tests.app.hand import answer, open_dialog, press, shown, tip_of, wait_until

pytestmark = pytest.mark.usefixtures("window_of_its_own")

SHIPS = "Best"


def rows(dialog):
    return [tuple(map(str, dialog.list.item(item, "values"))) for item in dialog.list.get_children()]


def choose(dialog, name):
    (item,) = (item for item in dialog.list.get_children() if dialog.list.item(item, "values")[0] == name)
    dialog.list.selection_set(item)
    dialog.update()


def test_networks_are_listed_and_opened_by_keys(window, keep):
    keep("Über / 🙂")
    dialog = open_dialog(window, "open network")
    (ships, accuracy, *_, use, _), *_, (own, *_) = rows(dialog)
    assert (ships, use) == (SHIPS, "at the start")
    assert accuracy.endswith(" %")
    assert own == "Über / 🙂"
    for _ in rows(dialog)[1:]:
        press(dialog, "<Down>")
    press(dialog, "<Return>")
    assert not shown(window, Dialog)
    assert window.status.message == "The network Über / 🙂 reads now."
    assert "Über / 🙂" in str(window.status._right["text"])


def test_control_shift_o_lists_them(window, hand):
    hand.press_key("<Control-Shift-O>")
    assert len(shown(window, Dialog)) == 1


def test_the_network_that_ships_is_neither_renamed_nor_deleted(window, keep):
    dialog = open_dialog(window, "open network")
    assert dialog.rename_button.instate(["disabled"])
    assert dialog.delete_button.instate(["disabled"])
    press(dialog, "<F2>")
    press(dialog, "<Delete>")
    assert shown(window, Dialog) == [dialog]


def test_one_is_renamed_and_an_empty_name_is_not_taken(window, reader, keep):
    reader.folder = folder = keep("before")
    dialog = open_dialog(window, "open network")
    choose(dialog, "before")

    def type_names(question):
        question.entry.delete(0, "end")
        question.ok_button.invoke()
        assert question.winfo_exists()
        question.entry.insert(0, "after ✓")
        press(question, "<Return>")

    answer(window, type_names, NameDialog)
    dialog.rename_button.invoke()
    assert name_of(folder) == "after ✓"
    names = [name for name, *_ in rows(dialog)]
    assert "after ✓" in names
    assert "before" not in names
    assert "after ✓" in str(window.status._right["text"])
    answer(window, lambda question: press(question, "<Escape>"), NameDialog)
    dialog.rename_button.invoke()
    assert name_of(folder) == "after ✓"


def test_one_is_deleted_after_a_question_and_no_longer_opens_at_the_start(window, keep, settings_path):
    folder = keep("gone soon")
    dialog = open_dialog(window, "open network")
    choose(dialog, "gone soon")
    dialog.start_button.invoke()
    assert [row[0] for row in rows(dialog) if "at the start" in row[-2]] == ["gone soon"]
    assert load_settings(settings_path)[0].network == str(folder)
    answer(window, lambda question: press(question, "<Return>"))
    dialog.delete_button.invoke()
    assert folder.is_dir()
    answer(window, lambda question: question.yes_button.invoke())
    dialog.delete_button.invoke()
    assert not folder.exists()
    assert [row[0] for row in rows(dialog) if "at the start" in row[-2]] == [SHIPS]
    assert load_settings(settings_path)[0].network is None


def test_a_damaged_one_is_shown_as_such_and_not_opened(window, keep):
    (keep("broken") / "network.json").write_text("{")
    dialog = open_dialog(window, "open network")
    choose(dialog, "broken")
    assert [row[-2] for row in rows(dialog) if row[0] == "broken"] == ["damaged"]
    assert dialog.open_button.instate(["disabled"])
    press(dialog, "<Return>")
    assert shown(window, Dialog) == [dialog]
    assert "network.json" in dialog.note["text"]


def test_the_network_that_was_chosen_opens_at_the_start(open_fake_window, keep, settings_path):
    folder = keep("Mine")
    save_settings(Settings(network=str(folder)), settings_path)
    window = open_fake_window(is_default=True)
    assert str(window.status._right["text"]) == "Network: Mine"
    assert not window.menus.is_enabled("go back")


def headings(dialog):
    return [dialog.list.heading(column, "text").strip() for column in dialog.list["columns"]]


def click_heading(dialog, column):
    dialog.update()
    x = next(x for x in range(0, 2000, 5) if dialog.list.identify_column(x) == f"#{column}") + 20
    dialog.list.event_generate("<ButtonPress-1>", x=x, y=5)
    dialog.list.event_generate("<ButtonRelease-1>", x=x, y=5)
    dialog.update()


def test_a_heading_sorts_and_an_arrow_shows_it(window, keep):
    keep("able")
    dialog = open_dialog(window, "open network")
    click_heading(dialog, 1)
    assert rows(dialog)[0][0] == "able"
    assert headings(dialog)[:2] == ["Name ▲", "MNIST"]
    click_heading(dialog, 1)
    assert rows(dialog)[-1][0] == "able"
    assert headings(dialog)[0] == "Name ▼"


def test_keys_sort(window, keep):
    keep("able")
    dialog = open_dialog(window, "open network")
    press(dialog, "<Right>")
    press(dialog, "<Right>")
    assert headings(dialog)[:2] == ["Name", "MNIST ▼"]
    press(dialog, "<space>")
    assert headings(dialog)[1] == "MNIST ▲"
    press(dialog, "<Left>")
    assert headings(dialog)[0] == "Name ▲"


def test_the_one_that_reads_stands_out_in_bold_and_in_words(window, reader, keep):
    reader.folder = keep("mine")
    dialog = open_dialog(window, "open network")
    tags = [dialog.list.item(item, "tags") for item in dialog.list.get_children()]
    assert [bool(tag) for tag in tags] == [row[-2] == "now" for row in rows(dialog)]
    assert rows(dialog)[-1][-2] == "now"
    assert str(dialog.list.tag_configure("reads", "font")) == STRONG_FONT


def test_the_columns_share_what_room_there_is(window):
    dialog = open_dialog(window, "open network")
    for width in (760, 980):
        dialog.geometry(f"{width}x400")
        wait_until(window, lambda width=width: dialog.winfo_width() == width)
        window.update()
        widths = [dialog.list.column(column, "width") for column in dialog.list["displaycolumns"]]
        assert 0.97 * dialog.list.winfo_width() <= sum(widths) <= dialog.list.winfo_width()


def test_nothing_in_the_columns_is_cut_and_what_has_no_room_is_told_below(window):
    dialog = open_dialog(window, "open network")
    face = font_of_size(dialog, 14, bold=True)
    for width, left_out in ((980, []), (680, ["saved"]), (560, ["use", "saved"])):
        dialog.geometry(f"{width}x400")
        wait_until(window, lambda width=width: dialog.winfo_width() == width)
        window.update()
        shown_columns = dialog.list["displaycolumns"]
        assert [column for column in dialog.list["columns"] if column not in shown_columns] == left_out
        for column in shown_columns:
            texts = [str(dialog.list.set(row, column)) for row in dialog.list.get_children()]
            longest = max(text_width(dialog, face, text) for text in texts)
            assert dialog.list.column(column, "width") > longest
        details = "Trained: ships with it · Reads: at the start"
        assert (details in str(dialog.note["text"])) == bool(left_out)


def test_a_name_without_room_ends_in_an_ellipsis_and_stays_the_networks(window, keep):
    name = "A network with a rather long name of mine"
    keep(name)
    dialog = open_dialog(window, "open network")
    face = font_of_size(dialog, 14, bold=True)

    def own():
        (listed,) = (row[0] for row in rows(dialog) if row[0].startswith("A net"))
        assert text_width(dialog, face, listed) < dialog.list.column("name", "width")
        return listed

    for width, has_room in ((1200, True), (560, False), (1200, True), (560, False)):
        dialog.geometry(f"{width}x400")
        wait_until(window, lambda width=width: dialog.winfo_width() == width)
        window.update()
        listed = [own()]
        dialog.presenter.sort_by("name")  # the rows are new
        listed.append(own())
        for each in listed:
            assert (each == name) == has_room
            assert name.startswith(each.removesuffix("…"))
    choose(dialog, own())
    asked = []

    def look(question):
        asked.append(question.entry.get())
        press(question, "<Escape>")

    answer(window, look, NameDialog)
    dialog.rename_button.invoke()
    assert asked == [name]
    dialog.list.column("name", width=600)  # as it is drawn wider by the heading's edge
    dialog.list.event_generate("<ButtonRelease-1>", x=5, y=5)
    assert name in {row[0] for row in rows(dialog)}


def test_the_columns_are_explained(window):
    assert "Non-digits" in tip_of(open_dialog(window, "open network").list)


def test_a_long_heading_has_room_with_its_arrow(window, monkeypatch):
    before = open_network_presenter._
    monkeypatch.setattr(open_network_presenter, "_", lambda text: before(text) + " and some more")
    dialog = open_dialog(window, "open network")
    dialog.presenter.sort_by("pendigits")
    text = dialog.list.heading("pendigits", "text")
    face = font_of_size(dialog, 12)
    assert text.strip() == "Pen digits and some more ▼"
    assert dialog.list.column("pendigits", "width") > text_width(dialog, face, text)


def test_several_are_marked_by_keys_and_read_as_one(window, keep):
    dialog = open_dialog(window, "open network")
    press(dialog, "<Shift-Down>")
    assert len(dialog.list.selection()) == 2
    press(dialog, "<Shift-Up>")
    assert len(dialog.list.selection()) == 1
    press(dialog, "<Shift-Down>")
    assert "2 networks would read as a committee" in dialog.note["text"]
    assert dialog.delete_button.instate(["disabled"])
    press(dialog, "<Return>")
    assert not shown(window, Dialog)
    assert window.status.message == "The network Best + LeNet-5 reads now."
    assert "Best + LeNet-5" in str(window.status._right["text"])

"""Network > My digits: what was taught as a gallery, to correct, delete, bring in, take out and train with.

What can be done is the MyDigitsPresenter's.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tkinter import filedialog, ttk

from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.question_dialog import ask
from app.gui.gallery import Gallery
from app.gui.shortcuts import command, has_modifier, lesson_keys, right_button
from app.gui.theme import Palette, pixels
from app.gui.widgets.button_rows import ButtonRows
from app.gui.widgets.choosable import MARKED
from app.gui.widgets.tooltip import attach
from app.language import _, pgettext
from app.page.my_digits_presenter import LABELS, NOT_LABELLED, MyDigitsPresenter
from app.store.samples import KeptSamples
from engine.datasets.samples import UNLABELLED
from engine.datasets.strokes import SUFFIXES
from engine.nn.losses import NO_CLASS


class MyDigitsDialog(Dialog):
    """A gallery of samples under what is looked for, over what can be done.

    In the gallery the arrow keys go from one to the next, a digit's key says what it is, minus that it is
    none, and Delete deletes it. All it takes but the palette is the MyDigitsPresenter's.
    """

    def __init__(
        self,
        parent: tk.Tk,
        kept: KeptSamples,
        collected: KeptSamples,
        *,
        palette: Palette,
        on_change: Callable[[], None],
        on_train: Callable[[], None],
    ) -> None:
        super().__init__(parent, _("My digits"), palette=palette, floats=False)
        presenter = self.presenter = MyDigitsPresenter(
            self, kept, collected, on_change=on_change, on_train=on_train
        )
        self.menu: tk.Menu | None = None  # that popped up last
        self._is_error = False  # what is said
        gap = pixels(self, 8)
        self._build_filter()
        self.counts = self.add_note(self.body)
        self.gallery = Gallery(self.body, presenter.tile, palette=palette, on_choose=presenter.choose)
        self.digits = self.gallery.grid_of_digits
        self.digits.keeps_mark = True
        self.digits.configure(width=pixels(self, 580), height=pixels(self, 230))
        self.chosen = self.add_note(self.body)
        self._build_tools()
        self.message = ttk.Label(self.body)
        self.place = self.add_note(
            self.body,
            _(
                "They lie in {path}, those that are not labelled yet in {other} beside it, and leave this "
                "computer by your hand alone."
            ).format(path=presenter.path, other=collected.path.name),
        )
        rows = (self._filter, self.counts, self.gallery, self.message, self._tools, self.chosen, self.place)
        above = {self.counts: gap / 2, self.gallery: gap, self._tools: gap, self.chosen: gap / 2}
        for row, part in enumerate(rows):
            part.grid(row=row, column=0, sticky="nsew", pady=(above.get(part, 0), 0))
        for label in (self.counts, self.message, self.place):
            label.configure(wraplength=pixels(self, 580))
            self.digits.bind("<Configure>", partial(_wrap, label), add=True)
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(2, weight=1)
        self.train_button = self.add_button(_("Train with them…"), presenter.train)
        self._bind_keys()
        self.scrolled.least = pixels(self, 400), pixels(self, 420)  # the gallery shows a row at least
        self.minsize(pixels(self, 420), pixels(self, 300))

    def open(self) -> None:
        self.presenter.begin()
        self.present()
        self.keep_in_sight()  # on a large screen the buttons have found room in one row, which is wider
        if self.digits.tiles:
            self.digits.focus_set()

    def restyle(self, palette: Palette) -> None:
        super().restyle(palette)
        self.gallery.restyle(palette)
        self.message.configure(foreground=palette.error if self._is_error else palette.text)

    # What the presenter shows

    def show_samples(self, numbers: Sequence[int], title: str, place: int) -> None:
        self.gallery.show(numbers, title)
        self.gallery.turn_to_place(place)

    def show_counts(self, text: str) -> None:
        self.counts.configure(text=text)

    def show_chosen(self, text: str) -> None:
        self.chosen.configure(text=text)

    def enable(self, *, can_be_changed: bool, can_undo: bool, has_any: bool) -> None:
        for button, is_enabled in (
            (self.label_button, can_be_changed),
            (self.delete_button, can_be_changed),
            (self.undo_button, can_undo),
            (self.export_button, has_any),
        ):
            button.state(["!disabled" if is_enabled else "disabled"])

    def say(self, text: str, *, is_error: bool = False) -> None:
        self._is_error = is_error
        self.message.configure(text=text, foreground=self.palette.error if is_error else self.palette.text)

    def ask(self, title: str, text: str, *, yes: str) -> bool:
        return ask(self, title, text, yes=yes, palette=self.palette)

    def ask_files(self) -> Sequence[Path]:
        chosen = filedialog.askopenfilenames(
            parent=self,
            title=_("Import samples"),
            filetypes=[
                (_("Drawings and samples"), " ".join(f"*{suffix}" for suffix in SUFFIXES)),
                (_("All files"), "*"),
            ],
        )
        return [Path(path) for path in chosen]

    def ask_folder(self) -> Path | None:
        title = _("Make a folder of them in this one")
        chosen = filedialog.askdirectory(parent=self, title=title, mustexist=True)
        return Path(chosen) if chosen else None

    # How it is built

    def _build_filter(self) -> None:
        row = self._filter = ttk.Frame(self.body)
        labels = [_("all digits"), *map(_named, LABELS), _(NOT_LABELLED)]
        self.label = ttk.Combobox(row, values=labels, state="readonly", width=max(map(len, labels)) + 1)
        self.label.current(0)
        self.label.bind("<<ComboboxSelected>>", lambda event: self._look())
        self._only_misread = tk.BooleanVar(self, False)
        self.misread = ttk.Checkbutton(
            row, text=_("Misread only"), variable=self._only_misread, command=self._look
        )
        self.label.pack(side="left", padx=(0, pixels(self, 8)))
        self.misread.pack(side="left")

    def _build_tools(self) -> None:
        presenter, tools = self.presenter, ButtonRows(self.body)
        self._tools = tools
        self.label_button = ttk.Button(tools, text=_("This is a…"), command=self._offer_labels)
        self.delete_button = ttk.Button(tools, text=pgettext("button", "Delete"), command=presenter.delete)
        self.undo_button = ttk.Button(tools, text=_("Undo"), command=presenter.undo)
        self.import_button = ttk.Button(tools, text=_("Import…"), command=presenter.import_files)
        self.export_button = ttk.Button(tools, text=_("Export…"), command=self._offer_formats)
        self.delete_all_button = ttk.Button(tools, text=_("Delete all…"), command=presenter.delete_all)
        attach(
            self.label_button, _("Say what the marked one is; in the gallery the digit’s key does, or minus")
        )
        tools.fill(
            [
                self.label_button,
                self.delete_button,
                self.undo_button,
                self.import_button,
                self.export_button,
                self.delete_all_button,
            ]
        )

    def _bind_keys(self) -> None:
        system, digits, presenter = self.tk.call("tk", "windowingsystem"), self.digits, self.presenter
        digits.bind(MARKED, lambda event: presenter.choose(self.gallery.marked))
        for label in LABELS:
            for sequence in lesson_keys(label):
                digits.bind(sequence, partial(self._on_label_key, label))
        for sequence in ("<Delete>", "<BackSpace>"):
            digits.bind(sequence, lambda event: presenter.delete())
        for sequence in command("z", system == "aqua").sequences:
            self.bind(sequence, lambda event: presenter.undo())
        for sequence in right_button(system):
            digits.bind(sequence, self._on_right_button)
        self.bind("<FocusIn>", lambda event: presenter.look_again(), add=True)

    def _look(self) -> None:
        place = self.label.current()
        wanted = (None, *LABELS, UNLABELLED)[place]
        self.misread.state(["disabled" if wanted == UNLABELLED else "!disabled"])
        self.presenter.look_for(wanted, only_misread=self._only_misread.get())

    def _on_label_key(self, label: int, event: tk.Event[tk.Misc]) -> None:
        if not has_modifier(event, self.tk.call("tk", "windowingsystem")):
            self.presenter.relabel(label)

    def _on_right_button(self, event: tk.Event[tk.Misc]) -> None:
        if self.digits.mark_at(event.x, event.y):
            self._offer_labels(event.x_root, event.y_root)

    def _offer_labels(self, x: int | None = None, y: int | None = None) -> None:
        entries = [(_named(label), partial(self.presenter.relabel, label)) for label in LABELS]
        self._pop_up(self.label_button, entries, x, y)

    def _offer_formats(self) -> None:
        formats = {
            "idx": _("As MNIST’s files (IDX)"),
            "png": _("As pictures in a folder a digit (PNG)"),
            "csv": _("As a table (CSV)"),
        }
        entries = [(label, partial(self.presenter.export, kind)) for kind, label in formats.items()]
        self._pop_up(self.export_button, entries)

    def _pop_up(
        self,
        button: ttk.Button,
        entries: Sequence[tuple[str, Callable[[], None]]],
        x: int | None = None,
        y: int | None = None,
    ) -> None:
        """Offer entries at a place of the screen, or under a button."""
        if self.menu is not None:
            self.menu.destroy()
        self.menu = tk.Menu(self, tearoff=False)
        for label, choose in entries:
            self.menu.add_command(label=label, command=choose, underline=0)
        self.menu.tk_popup(
            button.winfo_rootx() if x is None else x,
            button.winfo_rooty() + button.winfo_height() if y is None else y,
        )


def _named(label: int) -> str:
    return _("No digit") if label == NO_CLASS else str(label)


def _wrap(label: ttk.Label, event: tk.Event[tk.Misc]) -> None:
    label.configure(wraplength=event.width)

"""The dialogs that the menus open, but for those of a training, of files and of who draws."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from app.gui.actions import actions
from app.gui.dialogs.about_dialog import AboutDialog
from app.gui.dialogs.about_network_dialog import AboutNetworkDialog
from app.gui.dialogs.coach_dialog import CoachDialog
from app.gui.dialogs.dialog import Dialog
from app.gui.dialogs.evaluate_dialog import EvaluateDialog
from app.gui.dialogs.my_digits_dialog import MyDigitsDialog
from app.gui.dialogs.open_network_dialog import OpenNetworkDialog
from app.gui.dialogs.shortcuts_dialog import ShortcutsDialog
from app.gui.icon import show_icon
from app.gui.shortcuts import pointer_help
from app.gui.theme import Palette
from app.page.about_network import read_card
from app.page.controller import Controller
from app.page.digit_sources import digits_folder
from app.page.teacher import Teacher
from app.store.networks import SHIPPED
from app.store.samples import KeptSamples
from app.store.settings import PEN_WIDTHS, Settings
from engine.ink.rasterize import Ink


class DialogDesk:
    """What is needed to open each of them.

    Parameters
    ----------
    palette, settings : callable
        What they are by now.
    samples, collected, teacher
        What was taught, drawings that have no label yet, and what remembers lessons.
    networks_place : Path
        Where the person's networks are kept.
    on_folder : callable
        Is given the folder of the data that was chosen.
    on_start : callable
        Is given the network to open with, None for the one that ships; tells whether it could be taken.
    on_train : callable
        "Train with them" was pressed.
    """

    def __init__(
        self,
        window: tk.Tk,
        controller: Controller,
        *,
        palette: Callable[[], Palette],
        settings: Callable[[], Settings],
        samples: KeptSamples,
        collected: KeptSamples,
        teacher: Teacher,
        networks_place: Path,
        on_folder: Callable[[Path], None],
        on_start: Callable[[Path | None], bool],
        on_train: Callable[[], None],
    ) -> None:
        self._window, self._controller, self._palette, self._settings = window, controller, palette, settings
        self._samples, self._collected, self._teacher = samples, collected, teacher
        self._networks_place = networks_place
        self._on_folder, self._on_start, self._on_train = on_folder, on_start, on_train
        self._icon = show_icon(window)
        self._system = window.tk.call("tk", "windowingsystem")

    @property
    def opened(self) -> list[Dialog]:
        """Every dialog of the window, whoever opened it."""
        return [child for child in self._window.winfo_children() if isinstance(child, Dialog)]

    def evaluate(self) -> None:
        if not self._is_raised(EvaluateDialog):
            EvaluateDialog(
                self._window,
                palette=self._palette(),
                network=self._controller.reader.folder,
                name=self._controller.network_name,
                folder=digits_folder(self._settings().data),
                on_folder=self._on_folder,
                on_choose=self._show_test_image,
            ).open()

    def open_network(self) -> None:
        at_start = self._settings().network
        OpenNetworkDialog(
            self._window,
            palette=self._palette(),
            shipped=SHIPPED,
            place=self._networks_place,
            at_start=Path(at_start) if at_start else None,
            reads=self._controller.reader.folder,
            on_open=self._controller.open_network,
            on_start=self._on_start,
            on_rename=self._controller.show_network_name,
        ).open()

    def my_digits(self) -> None:
        if not self._is_raised(MyDigitsDialog):
            MyDigitsDialog(
                self._window,
                self._samples,
                self._collected,
                palette=self._palette(),
                on_change=self._controller.follow_samples,
                on_train=self._on_train,
            ).open()

    def practise(self) -> None:
        if not self._is_raised(CoachDialog):
            CoachDialog(
                self._window,
                self._teacher,
                self._samples,
                palette=self._palette(),
                pen_width=PEN_WIDTHS[self._settings().pen],
                pen_colour=self._settings().pen_colour,
                reader=lambda: self._controller.reader,
                can_teach=self._controller.can_be_taught,
                on_change=self._controller.follow_samples,
            ).open()

    def about_network(self) -> None:
        reader = self._controller.reader
        AboutNetworkDialog(
            self._window,
            self._controller.network_name,
            reader.facts.as_plain(),
            read_card(reader.folder),
            palette=self._palette(),
        )

    def shortcuts(self) -> None:
        keys = [(action.keys_told, action.tip) for action in actions(self._system) if action.keys]
        ShortcutsDialog(
            self._window,
            [*pointer_help(self._system, right_erases=self._settings().right_erases), *keys],
            palette=self._palette(),
        )

    def about(self) -> None:
        AboutDialog(self._window, self._icon, palette=self._palette())

    def follow_who_draws(self) -> None:
        """Close those that show what another one has taught."""
        for dialog in self.opened:
            if isinstance(dialog, MyDigitsDialog | CoachDialog):
                dialog.destroy()

    def _show_test_image(self, ink: Ink, message: str) -> None:
        self._controller.show_image(ink, message)
        self._window.lift()  # the dialog may hide the page

    def _is_raised(self, kind: type[Dialog]) -> bool:
        """Bring the dialog of this kind to the front, if there is one."""
        for dialog in self.opened:
            if isinstance(dialog, kind):
                dialog.lift()
                dialog.focus_set()
                return True
        return False

"""VIEW: the tab Compare, the bars of two networks beside each other."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import ttk
from typing import TYPE_CHECKING

from app.gui.accessible import tell_value
from app.gui.theme import BODY_FONT, STRONG_FONT, Palette, pixels
from app.gui.widgets.probability_bars import ProbabilityBars
from app.language import _, unbroken
from app.page.inside.compare_presenter import Choice, ComparePresenter
from app.page.inside.subject import Subject

if TYPE_CHECKING:
    from app.page.reader import Reader


class CompareTab(ttk.Frame):
    """The ComparePresenter's view; takes what that takes."""

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        choices: Callable[[], Sequence[Choice]],
        load: Callable[[Path], Reader],
        name_of: Callable[[Path], str],
    ) -> None:
        super().__init__(parent, padding=pixels(parent, 6))
        self.presenter = ComparePresenter(self, choices=choices, load=load, name_of=name_of)
        gap = pixels(self, 8)
        ttk.Label(self, text=_("Beside it reads")).grid(row=0, column=0, sticky="w", pady=(0, gap))
        self.choice = ttk.Combobox(self, state="readonly", width=12)
        self.choice.grid(row=0, column=1, sticky="ew", pady=(0, gap))
        self.choice.bind("<<ComboboxSelected>>", lambda event: self.presenter.choose(self.choice.current()))
        self.names = [ttk.Label(self, font=STRONG_FONT) for _each in range(2)]
        self.bars = [ProbabilityBars(self, palette=palette) for _each in range(2)]
        for column, (name, bars) in enumerate(zip(self.names, self.bars, strict=True)):
            between = (0, gap / 2) if column == 0 else (gap / 2, 0)  # both as wide
            name.grid(row=1, column=column, sticky="w", padx=between)
            bars.configure(width=pixels(self, 90), height=pixels(self, 120))
            bars.grid(row=2, column=column, sticky="nsew", padx=between)
        self.told = ttk.Label(self, font=BODY_FONT, justify="left")
        self.told.grid(row=3, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        self.columnconfigure((0, 1), weight=1, uniform="two")
        self.rowconfigure(2, weight=1)
        self.bind("<Configure>", lambda event: self._wrap(event.width - 2 * gap))

    def show(self, subject: Subject) -> None:
        """Another reading of the page."""
        self.presenter.show(subject)

    def leave(self) -> None:
        """Another tab comes to the front."""
        self.presenter.leave()

    def restyle(self, palette: Palette) -> None:
        for bars in self.bars:
            bars.restyle(palette)

    # What the presenter shows

    def show_choices(self, names: Sequence[str], chosen: int | None) -> None:
        self.choice.configure(values=list(names))
        self.choice.set("" if chosen is None else names[chosen])

    def show_bars(self, place: int, name: str, probabilities: Sequence[float], predicted: int | None) -> None:
        self.names[place].configure(text=name)
        self.bars[place].show(probabilities, predicted)

    def show_told(self, text: str) -> None:
        self.told.configure(text=unbroken(text))
        tell_value(self.bars[1], text)

    def _wrap(self, width: int) -> None:
        self.told.configure(wraplength=max(80, width))
        for name in self.names:
            name.configure(wraplength=max(40, width // 2))

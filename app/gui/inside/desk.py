"""View > Inside in the window: whether the panel is open, and whether it lies in the window or apart."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING, Any

from app.gui.dialogs.job_watch import JobWatch
from app.gui.screen import room
from app.gui.theme import Palette, pixels
from app.jobs.job import Job
from app.language import _, pgettext, spoken
from app.messages import for_window
from app.page.controller import Controller
from app.page.digit_sources import digits_folder
from app.store.networks import SHIPPED, SHIPPED_LENET5, KeptNetwork, list_networks, list_shipped
from app.store.settings import Settings
from engine.errors import EngineError, SavedNetworkError
from engine.reading.confidence import Confidence

if TYPE_CHECKING:
    from app.gui.inside.panel import InsidePanel
    from app.gui.widgets.drawing_canvas import DrawingCanvas
    from app.page.half_trained import HalfTrained
    from app.page.inside.subject import Strokes
    from app.page.reader import Reader
    from engine import Network
    from engine.explaining.digit_map import DigitMap
    from engine.explaining.edits import Reader as EditReader
    from engine.explaining.film import Film
    from engine.explaining.neighbours import DigitIndex
    from engine.ink.rasterize import Point
    from engine.ink.rasterize import Strokes as EditedStrokes

WIDTH, LEAST = 440, 306  # px at 96 dots an inch, of the panel
LEAST_OF_PAGE = 226  # with the results below it
APART, LEAST_APART = (620, 640), (320, 300)
REPLAY_MS, REPLAY_LASTS_MS = 40, 5000


class InsideDesk:
    """Opens and closes the panel, and hands on what the tabs ask of the window; closed it does nothing.

    Parameters
    ----------
    canvas : callable
        The page, which is made anew with the window's parts.
    settings : callable
        The present settings.
    remember : callable
        Takes what of them has changed.
    load_reader : callable
        Network folder -> Reader.
    networks_place : Path
        Where the person's networks are kept.
    tell : callable
        Takes what the person should know.
    on_watch : callable
        Takes whether the network that is trained is to read while it learns.
    bind_keys : callable
        Takes a window in which the keys of the main window are to work, too.
    """

    def __init__(
        self,
        window: tk.Tk,
        controller: Controller,
        *,
        palette: Palette,
        canvas: Callable[[], DrawingCanvas],
        settings: Callable[[], Settings],
        remember: Callable[..., Any],
        load_reader: Callable[[Path], Reader],
        networks_place: Path,
        tell: Callable[[str], None],
        on_watch: Callable[[bool], None],
        bind_keys: Callable[[tk.Toplevel], None],
    ) -> None:
        self._window, self._controller, self._palette = window, controller, palette
        self._canvas, self._settings, self._remember = canvas, settings, remember
        self.is_open = tk.BooleanVar(window, settings().is_inside_open)
        self.panel: InsidePanel | None = None
        self.apart: tk.Toplevel | None = None
        self._panes: tk.PanedWindow | None = None
        self._load_reader, self._tell, self._on_watch = load_reader, tell, on_watch
        self._bind_keys = bind_keys
        self._watch = False, False  # whether there is a training to watch, and whether it is watched
        self._networks_place = networks_place
        self._base = self._whole  # the network that is open, or as it was in its training, or half trained
        self._compared: tuple[Reader, DigitIndex | None] | None = None  # what was found of which network
        self._gathering: tuple[Reader, Job] | None = None  # the job that makes it
        self._other: Reader | None = None
        self._mapped: tuple[Reader, bool, DigitMap | None] | None = (
            None  # of which network, after a job or before, what was found
        )
        self._mapping: tuple[Reader, Job] | None = None  # the job that makes it
        self._is_due = False
        self._next_point: str | None = None  # of a replay
        self._widths: tuple[int, int] | None = None  # of the window, before and after it was made broader

    def build(self, panes: tk.PanedWindow) -> None:
        """The window's parts are made, or made anew: the panel comes into these panes, or beside them."""
        self._panes = panes
        panes.bind("<Configure>", lambda event: self._size_panel())
        panes.bind("<ButtonRelease-1>", lambda event: self._keep_width())
        self._take_away()
        if self.is_open.get():
            self._make()
        self._canvas().bind("<Motion>", self._on_page, add=True)
        self._canvas().bind("<Leave>", lambda event: self._point(None), add=True)

    def follow(self) -> None:
        """Open or close, as the menu's entry says."""
        if self.is_open.get():
            self._make_room()
            panel = self._make()
            if self.apart is not None:  # the system gives them to that window
                panel.take_keys()
            self._remember(is_inside_open=True)
        else:
            self._close()

    def open_tab(self, name: str) -> None:
        """Have this tab in front, in the window or apart, wherever the panel is to be."""
        if not self.is_open.get():
            self.is_open.set(True)
            self.follow()
        assert self.panel is not None
        self.panel.open_tab(name)

    def sight(self) -> tuple[str, bool, bool]:
        """Which tab is in front, whether it has arithmetic, and whether the network reads as it was."""
        panel = self.panel
        if panel is None:
            return "", False, False
        has_arithmetic = panel.front is panel.layers and panel.layers.presenter.chosen is not None
        is_earlier = self._base is not self._whole and not self.is_by_half_trained
        return panel.front_name, has_arithmetic, is_earlier

    def show_watch(self, *, can_be: bool, is_on: bool) -> None:
        """Whether there is a training to watch, and whether it is watched."""
        if self._watch != (can_be, is_on):
            self._watch = can_be, is_on
            if self.panel is not None:
                self.panel.show_watch(can_be=can_be, is_on=is_on)

    def read_by_half_trained(self, half: HalfTrained | None) -> None:
        """Have the page read by a network that is learning; None for the network that is open again."""
        if half is None:
            self._base = self._whole
            self._controller.read_by(None)
            return
        has_off = self.is_by_half_trained and self.panel is not None  # of this very architecture
        off = self.panel.layers.presenter.off if has_off and self.panel is not None else {}
        self._base = self._whole.with_network(half.network, Confidence())
        self._controller.read_by(self._base.silenced(off) if off else self._base, half=half)

    @property
    def is_by_half_trained(self) -> bool:
        """Whether a network reads that is learning."""
        return self._controller.subject.half is not None

    @property
    def _whole(self) -> Reader:
        """The network that is open, as it is saved."""
        return self._controller.whole

    def choose_bar(self, digit: int) -> None:
        """A bar was clicked: the panel, where it is open, is asked about its digit."""
        if self.panel is not None:
            self.panel.choose_bar(digit)

    def show(self) -> None:
        """The page was read: look at it as soon as nothing waits, and only at the newest reading."""
        if self.panel is not None and not self._is_due:
            self._is_due = True
            self._window.after_idle(self._show_now)

    def restyle(self, palette: Palette) -> None:
        self._palette = palette
        if self._panes is not None:
            self._panes.configure(background=palette.window)
        if self.panel is not None:
            self.panel.restyle(palette)
        if self.apart is not None:
            self.apart.configure(background=palette.window)

    def end(self) -> None:
        """The window closes: keep the size."""
        self._keep_width()
        if self._next_point is not None:
            self._window.after_cancel(self._next_point)

    def _show_now(self) -> None:
        self._is_due = False
        if self.panel is not None:
            if self._controller.subject.is_whole:
                self._base = self._whole
            self.panel.show()

    # Open and closed, in the window and apart

    def _make(self) -> InsidePanel:
        from app.gui.inside.panel import (  # here: who never looks inside need not wait for it
            InsidePanel,
            Needs,
        )

        assert self._panes is not None
        is_apart = self._is_apart
        parent: tk.Misc = self._panes
        if is_apart:
            parent = self.apart = self._open_window()
        self.panel = InsidePanel(
            parent,
            palette=self._palette,
            subject=lambda: self._controller.subject,
            is_apart=is_apart,
            on_apart=self._turn if self._has_room else None,
            on_close=self._close,
            needs=Needs(
                self._index,
                self._second,
                self._confirms,
                self._show_lines,
                self._switch,
                self._take,
                self._map,
                self._make_map,
                self._controller.show_image,
                self._film,
                self._read_as_then,
                self._save_film,
                self._networks,
                self._load_reader,
                self._replay,
                self._on_watch,
                self._score_film,
                self._find_film,
                self._controller.open_network,
            ),
        )
        can_be, is_on = self._watch
        self.panel.show_watch(can_be=can_be, is_on=is_on)
        if self.apart is not None:
            gap = pixels(self._window, 8)
            self.panel.pack(fill="both", expand=True, padx=gap, pady=gap)
        else:
            self._panes.add(
                self.panel, minsize=pixels(self._window, LEAST), padx=pixels(self._window, 6), stretch="never"
            )
            self._window.after_idle(self._size_panel)
        self.show()
        return self.panel

    def _open_window(self) -> tk.Toplevel:
        apart = tk.Toplevel(self._window, background=self._palette.window)
        apart.title(_("Inside — LeNet Canvas"))
        width, height = (pixels(self._window, side) for side in APART)
        largest = room(self._window)
        apart.geometry(f"{min(width, largest[0])}x{min(height, largest[1])}")
        apart.minsize(*map(min, (pixels(self._window, side) for side in LEAST_APART), largest))
        apart.protocol("WM_DELETE_WINDOW", self._close)
        self._bind_keys(apart)
        for key in ("<F2>", "<Escape>"):
            apart.bind(key, lambda event: self._close())
        return apart

    def _turn(self) -> None:
        """From the window into one of its own, or back."""
        self._keep_width()
        self._remember(is_inside_apart=not self._settings().is_inside_apart)
        self._take_away()
        if self._is_apart:
            self._give_room_back()
        else:
            self._make_room()
        self._make().apart_button.focus_set()  # where the keys have been

    def _close(self) -> None:
        self._keep_width()
        self.is_open.set(False)
        self._controller.replay_to(None)
        self._remember(is_inside_open=False)
        self._take_away()
        self._give_room_back()
        subject = self._controller.subject
        if not subject.is_whole and subject.half is None:  # nothing would say any more why it reads otherwise
            self._controller.read_by(None)
        self._canvas().focus_set()

    def _take_away(self) -> None:
        self._show_lines(())
        if self.panel is not None:
            self._canvas().focus_set()  # Tk may crash where what has the keys goes with all that is around it
            if self.panel.winfo_exists():  # it may have gone with the window's other parts
                self.panel.destroy()
            self.panel = None
        if self.apart is not None:
            self.apart.destroy()
            self.apart = None

    def _size_panel(self) -> None:
        """The panel is as broad as it was left, and the rest of the window gives way, as far as it can."""
        panes = self._panes
        if panes is not None and self.panel is not None and self.apart is None and panes.winfo_width() > 1:
            room = panes.winfo_width() - pixels(self._window, LEAST_OF_PAGE)
            width = max(min(self._width, room), pixels(self._window, LEAST))
            # a panel without a width of its own is laid out anew whenever something in it grows
            panes.tk.call(panes, "paneconfigure", self.panel, "-width", width)

    @property
    def _width(self) -> int:
        """Of the panel in the window: as the person left it, else a part of the window."""
        window = self._window
        return self._settings().inside_width or max(pixels(window, WIDTH), round(0.4 * window.winfo_width()))

    def _keep_width(self) -> None:
        if self.panel is not None and self.apart is None and self.panel.winfo_width() > 1:
            self._remember(inside_width=self.panel.winfo_width())

    @property
    def _is_apart(self) -> bool:
        """In a window of its own: as the person wants it, or as letters this large have it on this screen."""
        return self._settings().is_inside_apart or not self._has_room

    @property
    def _has_room(self) -> bool:
        """Whether the screen has room for the least of the panel and of the page, side by side."""
        return pixels(self._window, LEAST + LEAST_OF_PAGE) <= room(self._window)[0]

    @property
    def _fills_the_screen(self) -> bool:
        window = self._window
        on_x11 = window.tk.call("tk", "windowingsystem") == "x11"
        is_maximised = window.attributes("-zoomed") if on_x11 else window.state() == "zoomed"
        return bool(is_maximised or window.attributes("-fullscreen"))

    def _make_room(self) -> None:
        """Make a window that does not fill the screen broader by the panel, as far as the screen goes."""
        window = self._window
        if self._is_apart or self._fills_the_screen:
            return
        before = window.winfo_width()
        width = self._settings().inside_width or pixels(window, WIDTH)
        broader = min(before + width, room(window)[0])
        if broader > before:
            window.geometry(f"{broader}x{window.winfo_height()}")
            self._widths = before, broader

    def _give_room_back(self) -> None:
        """Make a window as narrow as it was, unless the person has sized it meanwhile."""
        window, widths = self._window, self._widths
        self._widths = None
        if widths is not None and window.winfo_width() == widths[1] and not self._fills_the_screen:
            window.geometry(f"{widths[0]}x{window.winfo_height()}")

    # What the tabs ask for

    def _index(self) -> DigitIndex | None:
        """The digits that drawings are compared with; None while a job makes them."""
        from app.jobs.kept_beside import find_digit_index

        whole = self._whole
        if self._compared is None or self._compared[0] is not whole:
            data = digits_folder(self._settings().data)
            found = find_digit_index(whole.network, whole.folder, data, tell=self._tell_damage)
            self._compared = whole, found
        found = self._compared[1]
        if found is None:
            self._gather()
        return found

    def _gather(self) -> None:
        from app.jobs.laying_out import gather

        whole, panel = self._whole, self.panel
        reader, before = self._gathering or (None, None)
        if panel is None or (reader is whole and before is not None and before.state != "cancelled"):
            return  # they are being made, or that has failed, which was told
        job = Job(gather, network=str(whole.folder), data=str(digits_folder(self._settings().data)))
        self._gathering = whole, job

        def on_end() -> None:
            if job.state == "failed":
                self._tell(job.error)
            elif job.state == "done" and self._whole is whole:
                self._compared = None  # look again
                if self._index() is None:
                    self._tell(_("The digits were gathered, but there is no place where they could be kept."))
                panel.compare_anew()

        JobWatch(panel, job, on_record=lambda record: None, on_end=on_end)

    def _map(self) -> DigitMap | None:
        """The map of the network's digits; None where a job has to make it first."""
        whole = self._whole
        reader, job = self._mapping or (None, None)
        is_made = reader is whole and job is not None and job.state == "done"
        if self._mapped is None or self._mapped[0] is not whole or self._mapped[1] is not is_made:
            from app.jobs.kept_beside import find_digit_map  # SciPy is not loaded before it is needed

            data = digits_folder(self._settings().data)
            found = find_digit_map(whole.network, whole.folder, data, tell=self._tell_damage)
            self._mapped = whole, is_made, found
        return self._mapped[2]

    def _make_map(self) -> Job:
        from app.jobs.laying_out import lay_out

        data = digits_folder(self._settings().data)
        job = Job(lay_out, network=str(self._whole.folder), data=str(data))
        self._mapping = self._whole, job
        return job

    def _score_film(self) -> Job:
        from app.jobs.film_scoring import score_film

        data = digits_folder(self._settings().data)
        return Job(score_film, network=str(self._whole.folder.resolve()), data=str(data))

    def _film(self, reader: Reader) -> Film | None:
        """The film that a network keeps of its training; a damaged one is told, and is none."""
        from engine.explaining.film import FILM_FILE, Film
        from engine.storage.saved_network import load_attachment

        try:
            content = load_attachment(reader.folder, FILM_FILE)
            return None if content is None else Film.from_bytes(content, reader.network)
        except SavedNetworkError as damage:
            self._tell_damage(damage)
            return None

    def _read_as_then(self, network: Network | None) -> None:
        self._base = self._whole if network is None else self._whole.with_network(network)
        self._controller.read_by(self._base)

    def _save_film(self) -> None:
        """Let the person choose a place, and have a job save there what was read in the drawing."""
        image = self._controller.subject.image
        if image is None:
            self._tell(_("The page is empty. Draw the digit that the film is to be of."))
            return
        path = filedialog.asksaveasfilename(
            parent=self.panel,
            title=_("Save the film of the drawing"),
            initialfile=pgettext("name of a file", "film") + ".gif",
            defaultextension=".gif",
            filetypes=[(_("Moving pictures (GIF)"), "*.gif")],
        )
        if not path or self.panel is None:
            return
        from app.jobs.filming import film_drawing

        name = Path(path).name
        job = Job(
            film_drawing,
            network=str(self._whole.folder.resolve()),
            image=image.tolist(),
            path=path,
            language=spoken(),
        )
        self._tell(_("Saving {name}…").format(name=name))
        saved = _("Saved {name}.").format(name=name)
        JobWatch(
            self._window,
            job,
            on_record=lambda record: None,
            on_end=lambda: self._tell(saved if job.state == "done" else job.error),
        )

    def _kept(self) -> Iterator[KeptNetwork]:
        """All that can be opened, those that ship first."""
        kept = (*list_shipped(SHIPPED), *list_networks(self._networks_place))
        return (network for network in kept if not network.problem)

    def _networks(self) -> Sequence[tuple[str, Path]]:
        """All that can be compared with."""
        return [(network.name, network.folder) for network in self._kept()]

    def _find_film(self) -> tuple[str, Path] | None:
        """A network that keeps a film of its training, where the one that is open keeps none."""
        from engine.explaining.film import FILM_FILE

        own = self._whole.folder.resolve()  # whose film may be damaged
        for one in self._kept():
            if one.facts is not None and FILM_FILE in one.facts.files and one.folder.resolve() != own:
                return one.name, one.folder
        return None

    def _replay(self) -> None:
        """Draw the page again point by point; a second time it ends."""
        count = self._controller.point_count
        if self._controller.is_replaying or not count:
            self._controller.replay_to(None)
        else:
            self._replay_on(1, max(1, round(count * REPLAY_MS / REPLAY_LASTS_MS)))

    def _replay_on(self, points: int, by: int) -> None:
        if points >= self._controller.point_count:
            self._controller.replay_to(None)
            return
        self._controller.replay_to(points)
        self._next_point = self._window.after(REPLAY_MS, self._replay_further, points + by, by)

    def _replay_further(self, points: int, by: int) -> None:
        self._next_point = None
        if self._controller.is_replaying:  # a new stroke ends it
            self._replay_on(points, by)

    def _tell_damage(self, damage: SavedNetworkError) -> None:
        self._tell(for_window(damage))

    def _second(self) -> EditReader | None:
        """Another network that ships."""
        if self._other is None or self._other.folder == self._whole.folder:
            folder = SHIPPED if self._whole.folder.resolve() == SHIPPED_LENET5.resolve() else SHIPPED_LENET5
            self._other = self._load_reader(folder)
        return _edit_reader(self._other)

    def _confirms(self, strokes: EditedStrokes, digit: int) -> bool:
        """Whether the page, with nothing but these strokes on it, would be read as this digit."""
        try:
            return self._controller.reader.recognize_page(strokes).text == str(digit)
        except EngineError:  # drawn beyond all bounds
            return False

    def _take(self, strokes: Strokes) -> None:
        self._controller.replace_shown(strokes)

    def _show_lines(self, lines: Sequence[Sequence[Point]]) -> None:
        self._canvas().show_traced(lines)

    def _switch(self, off: Mapping[str, frozenset[int]]) -> None:
        base = self._base
        half = self._controller.subject.half
        self._controller.read_by(base.silenced(off) if off else base, half=half)

    def _on_page(self, event: tk.Event[tk.Misc]) -> None:
        if self.panel is not None:
            self._point(self._canvas().to_page(event))

    def _point(self, point: Point | None) -> None:
        if self.panel is not None and self.panel.front is self.panel.layers:
            self.panel.layers.presenter.point_at_page(point)


def _edit_reader(reader: Reader) -> EditReader:
    from engine.explaining.edits import Reader as EditReader

    return EditReader(reader.network, reader.confidence)

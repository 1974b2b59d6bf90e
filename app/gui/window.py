"""The window: builds its parts, binds the keys, and shows what the Controller tells it to.

`open_window` is the way in. A Window is the Controller's View; what it decides itself is how
things look, which it also remembers from one start to the next.
"""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tkinter import ttk
from types import TracebackType
from typing import Any

from app import user_folders
from app.gui.accessible import describe, tell_value
from app.gui.actions import BUTTONS, PAGE_MENU, Action, actions, menus
from app.gui.appearance import Appearance
from app.gui.dialog_desk import DialogDesk
from app.gui.drop import take_drops
from app.gui.exchange import Exchange
from app.gui.inside.desk import LEAST_OF_PAGE, InsideDesk
from app.gui.main_layout import MainLayout
from app.gui.profile_desk import MENU as WHO_DRAWS
from app.gui.profile_desk import ProfileDesk
from app.gui.screen import room, run_until_closed, screen_needed
from app.gui.shortcuts import (
    has_modifier,
    lesson_keys,
    right_button,
    select_all_by_control_a,
)
from app.gui.theme import pixels, scaled_marks
from app.gui.tk_language import follow_language
from app.gui.tools import Tools
from app.gui.tour import TourDesk
from app.gui.training_desk import TrainingDesk
from app.gui.widgets.answer import Answer
from app.gui.widgets.button_rows import ButtonRows
from app.gui.widgets.drawing_canvas import DrawingCanvas
from app.gui.widgets.examples import Examples
from app.gui.widgets.input_preview import InputPreview
from app.gui.widgets.inside.scrolled_column import ScrolledColumn
from app.gui.widgets.menu_bar import MenuBar
from app.gui.widgets.panes import Panes
from app.gui.widgets.probability_bars import ProbabilityBars
from app.gui.widgets.status_bar import StatusBar
from app.gui.widgets.tooltip import attach
from app.language import _
from app.messages import for_window
from app.page.collector import Collector
from app.page.controller import LESSONS, Controller
from app.page.digit_sources import digits_folder, my_digits_source
from app.page.drawing import Picture
from app.page.frame import Box
from app.page.hints import examples
from app.page.ink_surface import InkSurface
from app.page.opened_picture import read_picture
from app.page.page_files import PageFiles
from app.page.reader import Reader
from app.page.reading import PageReading
from app.page.start import Start, prepare_start
from app.page.teacher import Teacher
from app.store.networks import SHIPPED
from app.store.profiles import Profile, Profiles
from app.store.remembered import Remembered
from app.store.samples import KeptSamples
from app.store.settings import PEN_WIDTHS, Settings
from engine import EngineError, Recognizer
from engine.ink.rasterize import Point
from engine.nn.losses import NO_CLASS
from engine.quoting import shown

_REST_MS = 100  # without a motion, after which the pen rests

logger = logging.getLogger(__name__)


def open_window(
    recognizer: Recognizer,
    *,
    is_default: bool = False,
    settings_path: Path | None = None,
    file: Path | None = None,
) -> None:
    """Show the window until it is closed.

    Parameters
    ----------
    recognizer : Recognizer
        The network that reads.
    is_default : bool
        Let the network read instead that the person has chosen for the start, if there is one.
    settings_path : Path, optional
        Where the settings are kept, if not where the system keeps a person's settings.
    file : Path, optional
        A picture or a drawing to begin with; the window says so if it cannot be opened.

    Raises
    ------
    NoDisplayError
        If there is no screen.
    KeyboardInterrupt
        If Ctrl-C was pressed in the terminal; the window is closed by then.
    """
    settings_path = settings_path or user_folders.settings_file()
    with screen_needed():
        networks_place = user_folders.networks_folder()
        window = Window(
            prepare_start(
                recognizer,
                settings_path=settings_path,
                load_reader=Recognizer.load,
                is_default=is_default,
                own=Profiles(networks_place.parent).current.network,
            ),
            load_reader=Recognizer.load,
            read_image=read_picture,
            settings_path=settings_path,
            networks_place=networks_place,
        )
    if file is not None:
        window.exchange.open_path(file)
    window.run()


class Window(tk.Tk):
    """The main window.

    Parameters
    ----------
    start : Start
        The network that reads first, and the settings.
    load_reader, read_image
        As the Controller takes them.
    settings_path : Path
        Where the settings are kept.
    networks_place : Path
        Where the person's networks are kept.
    """

    def __init__(
        self,
        start: Start,
        *,
        load_reader: Callable[[Path], Reader],
        read_image: Callable[[Path], Picture],
        settings_path: Path,
        networks_place: Path,
    ) -> None:
        super().__init__(className="Lenetcanvas")  # as the desktop entry has it; Tk makes all else small
        self.withdraw()  # until it is built
        self._networks_place = networks_place
        self._remembered = Remembered(start.settings, settings_path)
        self._at_rest: str | None = None  # what is called when the pen rests
        self.appearance = Appearance(
            self,
            settings=lambda: self._settings,
            remember=self._remember,
            on_theme=self._restyle,
            on_change=self._rebuild_soon,
        )
        self._system = self.tk.call("tk", "windowingsystem")
        self.profiles = ProfileDesk(
            self,
            Profiles(networks_place.parent),
            palette=self.appearance.palette,
            menus=lambda: self.menus,
            on_switch=self._switch_to,
            tell=self.show_message,
        )
        # that of whoever has chosen none
        self._usual_network = start.reader.folder.resolve()
        if self._usual_network == self._who_draws.network:
            self._usual_network = Path(start.settings.network or SHIPPED).resolve()
        self._samples = KeptSamples(self._who_draws.samples)
        self._collected = KeptSamples(self._who_draws.collected, are_labelled=False)
        teacher = Teacher(self._samples)
        self._controller = Controller(
            self,
            start.reader,
            load_reader=load_reader,
            teacher=teacher,
            collector=Collector(self._samples, self._collected, is_on=start.settings.collects),
        )
        self.exchange = Exchange(
            self,
            self._controller,
            PageFiles(self._controller, read_image=read_image, tell=self.show_message),
            menus=lambda: self.menus,
            settings=lambda: self._settings,
            remember=lambda files: self._remember(recent=files),
            can=lambda action: self._is_enabled[action],
            tell=self.show_message,
        )
        self.tools = Tools(
            self,
            canvas=lambda: self.canvas,
            status=lambda: self.status,
            settings=lambda: self._settings,
            tell=self.show_message,
        )
        self.dialogs = DialogDesk(
            self,
            self._controller,
            palette=lambda: self.appearance.palette,
            settings=lambda: self._settings,
            samples=self._samples,
            collected=self._collected,
            teacher=teacher,
            networks_place=networks_place,
            on_folder=self._remember_data,
            on_start=self._use_at_start,
            on_train=self._train_with_my_digits,
        )
        self._commands: dict[str, Callable[[], object]] = {
            "open": self.exchange.open,
            "save": self.exchange.save,
            "quit": self.close,
            "undo": self._controller.undo,
            "redo": self._controller.redo,
            "clear": self._controller.clear,
            "join": self._controller.join,
            "read apart": self._controller.read_apart,
            "read as two": self._controller.read_as_two,
            "copy answer": self.exchange.copy_answer,
            "copy drawing": self.exchange.copy_drawing,
            "paste": self.exchange.paste,
            "eraser": self.tools.choose_eraser,
            "select": self.tools.choose_select,
            "tint": self._follow_tint,
            "leave": self._leave,
            "retrain": lambda: self.training.open_page(),
            "evaluate": self.dialogs.evaluate,
            "open network": self.dialogs.open_network,
            "export network": self.exchange.export_network,
            "go back": self._controller.go_back,
            **{name: partial(self._controller.teach, label) for label, name in LESSONS.items()},
            "forget": self._controller.take_lesson_back,
            "my digits": self.dialogs.my_digits,
            "practise": self.dialogs.practise,
            "collect": self._follow_collecting,
            "new profile": self.profiles.presenter.create,
            "rename profile": self.profiles.presenter.rename,
            "delete profile": self.profiles.presenter.delete,
            "export profile": self.profiles.presenter.export,
            "import profile": self.profiles.presenter.bring_in,
            WHO_DRAWS: self.profiles.follow,
            "about network": self.dialogs.about_network,
            "tour": lambda: self.tour.presenter.begin(),
            "shortcuts": self.dialogs.shortcuts,
            "about": self.dialogs.about,
            "larger": partial(self.appearance.zoom_by, 1),
            "smaller": partial(self.appearance.zoom_by, -1),
            "normal size": partial(self.appearance.zoom_to, 100),
            "full screen": self._follow_full_screen,
            "right erases": self._follow_right_button,
            "inside": lambda: self.inside.follow(),
            "theme": self.appearance.choose_theme,
            "pen": self._choose_pen,
            "pen colour": self._choose_pen_colour,
            "language": self.appearance.choose_language,
        }
        self._is_tinted = tk.BooleanVar(self, True)
        self._is_full = tk.BooleanVar(self, False)
        self._collects = tk.BooleanVar(self, self._settings.collects)
        self._right_erases = tk.BooleanVar(self, self._settings.right_erases)
        self._pen = tk.StringVar(self, self._settings.pen)
        self._pen_colour = tk.StringVar(self, self._settings.pen_colour)
        self._is_enabled: dict[str, bool] = {}
        self.training = TrainingDesk(
            self,
            palette=self.appearance.palette,
            present=lambda: self._controller.reader.folder,
            place=self._networks_place,
            folder=lambda: digits_folder(self._settings.data),
            on_folder=self._remember_data,
            on_use=self._use_network,
            tell=lambda text: self.show_message(text, is_error=True),
            say=self.show_message,
            is_drawing=lambda: self.canvas.is_in_use,
            author=lambda: self._who_draws.author,
            on_watch=lambda can_be, is_on: self.inside.show_watch(can_be=can_be, is_on=is_on),
            on_half=lambda half: self.inside.read_by_half_trained(half),
        )
        self.inside = InsideDesk(
            self,
            self._controller,
            palette=self.appearance.palette,
            canvas=lambda: self.canvas,
            settings=lambda: self._settings,
            remember=self._remember,
            load_reader=load_reader,
            networks_place=networks_place,
            tell=self.show_message,
            on_watch=self.training.presenter.watch,
            bind_keys=self._bind_actions,
        )
        self.tour = TourDesk(
            self,
            self._controller,
            palette=self.appearance.palette,
            inside=self.inside.sight,
            open_tab=self.inside.open_tab,
            leave=lambda: self.canvas.focus_set(),
        )
        self._build()
        self._bind_keys()
        self._size_window()
        self._controller.follow_author(self._who_draws.name or None)
        self._controller.start()
        if start.message:
            self.show_message(start.message, is_error=True)
        self.appearance.follow_system()
        self.deiconify()
        if self._settings.is_maximised:
            self._maximise()

    def run(self) -> None:
        """Serve the person until the window is closed; after Ctrl-C, close it and raise that.

        Files can be dropped from now on. The library that takes them stays at work after its window is
        closed, so a process opens only one such.
        """
        self.after_idle(take_drops, self, self.exchange.paste_text)  # the desktop knows the window by then
        try:
            run_until_closed(self)
        except KeyboardInterrupt:
            self._end()
            raise

    def close(self) -> None:
        """Remember the window's size and end it; ask first while a network is trained."""
        if self.training.presenter.may_quit():
            self._end()

    def destroy(self) -> None:
        self.appearance.end()
        if self._at_rest is not None:
            self.after_cancel(self._at_rest)
        self.tour.end()
        self.update_idletasks()  # what waits may need parts that go before others
        super().destroy()

    def _end(self) -> None:
        for dialog in self.dialogs.opened:
            dialog.finish()
        self.inside.end()
        if self._is_maximised:  # the size that it goes back to stays
            self._remember(is_maximised=True)
        elif not self._is_full.get():
            self._remember(width=self.winfo_width(), height=self.winfo_height(), is_maximised=False)
        self.destroy()

    @property
    def _is_maximised(self) -> bool:
        if self._system == "x11":
            return bool(self.attributes("-zoomed"))
        return self.state() == "zoomed"

    def _maximise(self) -> None:
        if self._system == "x11":
            self.attributes("-zoomed", True)
        else:
            self.state("zoomed")

    def report_callback_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Say what went wrong in an event; Tk calls this for every error in a callback."""
        if isinstance(error, (EngineError, OSError)):
            self.show_message(for_window(error), is_error=True)
        else:
            logger.error("An error in the window", exc_info=(kind, error, trace))
            self.show_message(
                _("Something went wrong in the program ({kind}). Your drawing is kept.").format(
                    kind=kind.__name__
                ),
                is_error=True,
            )

    # What the Controller shows

    def show_strokes(self, strokes: Sequence[Sequence[Point]]) -> None:
        self.examples.hide()
        self.canvas.show_strokes(strokes)

    def begin_stroke(self, point: Point) -> None:
        self.canvas.begin_stroke(point)

    def extend_stroke(self, point: Point) -> None:
        self.canvas.extend_stroke(point)

    def show_picture(self, picture: Picture, strokes: Sequence[Sequence[Point]]) -> None:
        self.examples.hide()
        self.canvas.show_picture(picture, strokes)

    def show_box(self, box: Box | None) -> None:
        self.canvas.show_box(box)

    def show_hint(self, text: str) -> None:
        self.canvas.show_hint(text)
        self.examples.show()

    def show_reading(self, reading: PageReading) -> None:
        shown = reading.shown
        self.title(reading.title)
        self.preview.show(shown.ink)
        self.answer.show(reading.symbol, reading.caption, is_certain=reading.is_certain)
        self.bars.show(shown.probabilities, shown.digit if shown.is_digit else None)
        self.canvas.show_frames(reading.frames)
        tell_value(self.answer, reading.told)
        self.inside.show()

    def enable_actions(self, enabled: Mapping[str, bool]) -> None:
        for action, is_enabled in enabled.items():
            if self._is_enabled.get(action) != is_enabled:
                self._is_enabled[action] = is_enabled
                self.menus.enable(action, is_enabled)
                if action in self.buttons:
                    self.buttons[action].state(["!disabled" if is_enabled else "disabled"])
                if action == "select":
                    self._show_tools()
        if not self._is_enabled["select"]:  # there is no picture
            self.tools.put_select_away()
        if not self._is_enabled["eraser"]:  # nothing is left to erase
            self.tools.put_eraser_away()
        if not self._is_enabled["forget"]:
            self.status.withdraw_undo()

    def show_network(self, name: str) -> None:
        told = [_("Network: {name}").format(name=name)]
        if self._collects.get():
            told.insert(0, _("Drawings are collected"))
        if self._who_draws.name:
            told.insert(0, _("{name} draws").format(name=shown(self._who_draws.name, 30)))
        self.status.show_network("\n".join(told))

    def show_message(self, text: str, *, is_error: bool = False) -> None:
        self.status.show(text, is_error=is_error)
        self.layout.lay_out()

    def show_lesson(self, text: str) -> None:
        self.status.show(text, can_be_undone=True)
        self.layout.lay_out()

    def when_idle(self, callback: Callable[[], None]) -> None:
        self.after_idle(callback)

    def when_resting(self, callback: Callable[[], None]) -> None:
        if self._at_rest is not None:
            self.after_cancel(self._at_rest)
        self._at_rest = self.after(_REST_MS, callback)

    def _choose_bar(self, digit: int) -> None:
        """A click on a bar says that it is this digit; who looks inside asks why it is read so."""
        if self.inside.is_open.get():
            self.inside.choose_bar(digit)
        else:
            self._controller.teach(digit)

    def _offer_bar(self, event: tk.Event[tk.Misc]) -> None:
        """What can be done with the bar under the pointer."""
        digit = self.bars.digit_at(event.y)
        if digit is not None:
            entries = [
                (_("This is a {digit}").format(digit=digit), partial(self._controller.teach, digit)),
                (_("This is no digit"), partial(self._controller.teach, NO_CLASS)),
                (_("Ask Inside about {digit}").format(digit=digit), partial(self._ask_why, digit)),
            ]
            self.menus.offer(entries, event.x_root, event.y_root)

    def _ask_why(self, digit: int) -> None:
        if not self.inside.is_open.get():
            self.menus.choose("inside")
        self.inside.choose_bar(digit)

    # How it is built

    def _build(self) -> None:
        """Make the menus and all parts, in the language that is spoken and at the size of this screen."""
        follow_language(self)
        self.menus = MenuBar(
            self,
            menus(self._system),
            commands=self._commands,
            variables={
                "eraser": self.tools.is_erasing,
                "select": self.tools.is_selecting,
                "tint": self._is_tinted,
                "full screen": self._is_full,
                "right erases": self._right_erases,
                "collect": self._collects,
                WHO_DRAWS: self.profiles.variable,
                "inside": self.inside.is_open,
                "theme": self.appearance.theme,
                "pen": self._pen,
                "pen colour": self._pen_colour,
                "language": self.appearance.language,
            },
        )
        self.exchange.show_recent()
        self.profiles.presenter.show()
        self.menus.mark_by(scaled_marks(self, self.appearance.palette))
        self.configure(menu=self.menus)
        if self._system == "aqua":  # Quit in the Mac's own menu
            self.createcommand("::tk::mac::Quit", self.close)
        self._build_parts()

    def _rebuild_soon(self) -> None:
        """Not while the menu that is replaced, or a dialog that opens, is at work."""
        self.after(1, self._rebuild)

    def _rebuild(self) -> None:
        """Make all parts anew; the drawing, what was read and a dialog with work in it stay."""
        self.canvas.lift_pen()  # the new one would not know of a pen that is down
        self.focus_set()  # Tk may crash where what has the keys goes with all that is around it
        for dialog in self.dialogs.opened:
            if not dialog.is_busy:
                dialog.finish()
                dialog.destroy()
        for part in (*self._parts, self.menus):
            part.destroy()
        self.minsize(*self._smallest)
        self._is_enabled.clear()
        self._build()
        self.canvas.set_tinted(self._is_tinted.get())
        self.tools.show()
        self.canvas.focus_set()
        self._controller.show_again()

    def _build_parts(self) -> None:
        palette, gap = self.appearance.palette, pixels(self, 12)
        panes = Panes(self, background=palette.window, borderwidth=0, sashwidth=pixels(self, 5))
        main = ttk.Frame(panes)
        page = ttk.Frame(main)
        self.canvas = DrawingCanvas(
            page,
            self._controller,
            InkSurface(),
            palette=palette,
            pen_width=PEN_WIDTHS[self._settings.pen],
            pen_colour=self._settings.pen_colour,
            eraser_buttons=right_button(self._system) if self._settings.right_erases else (),
        )
        offered = examples()

        def put_on_page(place: int) -> None:
            self._controller.put_on_page(offered[place].strokes)
            self.canvas.focus_set()  # the examples are gone

        self.examples = Examples(
            self.canvas,
            [[stroke.points for stroke in example.strokes] for example in offered],
            palette=palette,
            on_choose=put_on_page,
        )
        if not self._settings.right_erases:
            for press in right_button(self._system):
                self.canvas.bind(press, lambda event: self._show_page_menu(event.x_root, event.y_root))
        tools = ButtonRows(page)
        self.buttons: dict[str, ttk.Button | ttk.Checkbutton] = {
            action.name: self._make_button(tools, action)
            for action in sorted(
                (action for action in actions(self._system) if action.name in BUTTONS),
                key=lambda action: BUTTONS.index(action.name),
            )
        }

        result = ttk.Frame(main)
        self.answer = Answer(result, palette=palette, on_step=self._controller.show_part_beside)
        self.preview = InputPreview(result, palette=palette)
        self.bars = ProbabilityBars(result, palette=palette, on_choose=self._choose_bar)
        for press in right_button(self._system):
            self.bars.bind(press, self._offer_bar)
        for key in ("<Menu>", "<Shift-F10>") if self._system == "x11" else ("<App>", "<Shift-F10>"):
            for part in (self.canvas, self.bars):
                part.bind(key, self._on_menu_key)
        describe(self.canvas, "Canvas", _("The page to draw on"))
        describe(self.answer, "Label", _("The answer"))

        self.status = StatusBar(self, palette=palette, on_undo=self._controller.take_lesson_back)
        foot = ScrolledColumn(self, palette=palette)
        tour = self.tour.make_strip(foot.inside)
        strip = self.training.make_strip(foot.inside)
        self._parts = (panes, foot, self.status)
        panes.add(main, stretch="always", minsize=pixels(self, LEAST_OF_PAGE))
        panes.grid(row=0, column=0, sticky="nsew", padx=gap, pady=(gap, 0))
        for row, each in enumerate((tour, strip)):
            each.grid(row=row, column=0, sticky="ew", pady=(gap, 0))
        foot.inside.columnconfigure(0, weight=1)
        foot.grid(row=1, column=0, sticky="ew", padx=gap)
        self.tour.presenter.show_again()
        self.training.presenter.show_again()
        self.status.grid(row=2, column=0, sticky="ew", padx=gap, pady=pixels(self, 8))
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.layout = MainLayout(
            self,
            main=main,
            page=page,
            canvas=self.canvas,
            tools=tools,
            result=result,
            answer=self.answer,
            preview=self.preview,
            bars=self.bars,
            foot=foot,
            status=self.status,
            least_width=self._smallest[0],
        )
        self._show_tools()
        self.inside.build(panes)

    def _show_tools(self) -> None:
        """Select stands among the tools only while there is a picture."""
        has_picture = self._is_enabled.get("select", False)
        self.layout.show_tools(
            {name: button for name, button in self.buttons.items() if name != "select" or has_picture}
        )

    def _make_button(self, parent: tk.Misc, action: Action) -> ttk.Button | ttk.Checkbutton:
        button: ttk.Button | ttk.Checkbutton
        if action.is_check:
            variable = self.tools.is_selecting if action.name == "select" else self.tools.is_erasing
            button = ttk.Checkbutton(parent, style="Toggle.TButton", variable=variable)
        else:
            button = ttk.Button(parent)
        button.configure(text=action.label, command=self._commands[action.name])
        attach(button, action.hint)
        return button

    def _bind_keys(self) -> None:
        select_all_by_control_a(self)
        self._bind_actions(self)
        for label in LESSONS:
            for sequence in lesson_keys(label):
                self.bind(sequence, partial(self._on_lesson_key, label))
        self.protocol("WM_DELETE_WINDOW", self.close)
        self.canvas.focus_set()

    def _bind_actions(self, place: tk.Tk | tk.Toplevel) -> None:
        """Have the keys of all actions, and of the tour, at work in this window."""
        for action in actions(self._system):
            for key in action.keys:
                for sequence in key.sequences:
                    place.bind(sequence, self._on_key(action))
        self.tour.bind_keys(place)

    def _on_key(self, action: Action) -> Callable[[object], None]:
        def do(event: object) -> None:
            if action.is_check:  # its entry turns it on or off
                self.menus.choose(action.name)
            else:
                self._commands[action.name]()

        return do

    def _on_lesson_key(self, label: int, event: tk.Event[tk.Misc]) -> None:
        """The key of a digit teaches it, but not while something is typed, or with Control held, say."""
        on_page = event.widget in (self, self.canvas, self.answer, self.bars)
        if on_page and not has_modifier(event, self._system):
            self._controller.teach(label)

    @property
    def _smallest(self) -> tuple[int, int]:
        largest = room(self)
        return min(pixels(self, 640), largest[0]), min(pixels(self, 480), largest[1])

    def _size_window(self) -> None:
        largest, smallest = room(self), self._smallest
        width = min(self._settings.width or pixels(self, 860), largest[0])
        height = min(self._settings.height or pixels(self, 620), largest[1])
        self.minsize(*smallest)
        self.geometry(f"{max(width, smallest[0])}x{max(height, smallest[1])}")

    # What the person chooses

    def _train_with_my_digits(self) -> None:
        self.training.open_page(my_digits_source(digits_folder(self._settings.data)))

    def _use_network(self, folder: Path, opens_at_start: bool) -> None:
        if self._controller.open_network(folder) and opens_at_start:
            self._remember(network=str(folder))
            self._usual_network = folder.resolve()

    def _use_at_start(self, folder: Path | None) -> bool:
        """Remember a network for the next start, None for the one that ships; not one that does not open."""
        if folder is not None and not self._controller.can_open(folder):
            return False
        self._remember(network=None if folder is None else str(folder))
        self._usual_network = (folder or SHIPPED).resolve()
        return True

    def _remember_data(self, folder: Path) -> None:
        self._remember(data=str(folder))

    def _restyle(self) -> None:
        palette = self.appearance.palette
        self.menus.mark_by(scaled_marks(self, palette))
        for part in (
            self.canvas,
            self.examples,
            self.answer,
            self.preview,
            self.bars,
            self.training,
            self.profiles,
            self.tour,
            self.status,
            self.layout,
            self.inside,
        ):
            part.restyle(palette)
        for dialog in self.dialogs.opened:
            dialog.restyle(palette)

    def _follow_full_screen(self) -> None:
        self.attributes("-fullscreen", self._is_full.get())

    def _leave(self) -> None:
        """Escape: give up an import, leave the full screen, put the eraser away, a box or Select.

        It never loses ink.
        """
        if self.exchange.give_up():
            return
        if self._is_full.get():
            self._is_full.set(False)
            self._follow_full_screen()
        elif self.tools.is_erasing.get():
            self.tools.put_eraser_away()
        elif not self._controller.leave_box():
            self.tools.put_select_away()

    def _on_menu_key(self, event: object) -> str:
        self._show_page_menu()
        return "break"  # Tk would take Shift+F10 for F10, which opens the first menu of the bar

    def _show_page_menu(self, x: int | None = None, y: int | None = None) -> None:
        """What can be done with the page, at a place of the screen or in the page's middle."""
        self._controller.keep_shown()
        page = self.canvas
        self.menus.pop_up(
            PAGE_MENU,
            page.winfo_rootx() + page.width // 2 if x is None else x,
            page.winfo_rooty() + page.height // 2 if y is None else y,
        )

    def _follow_right_button(self) -> None:
        self._remember(right_erases=self._right_erases.get())
        self._rebuild_soon()

    @property
    def _who_draws(self) -> Profile:
        return self.profiles.presenter.current

    def keep_network(self, folder: Path) -> None:
        folder = folder.resolve()
        self.profiles.presenter.keep_network(None if folder == self._usual_network else folder)

    def _switch_to(self, profile: Profile) -> None:
        """Another one draws: by their samples and their network; the drawing stays."""
        self.dialogs.follow_who_draws()
        self._samples.turn_to(profile.samples)
        self._collected.turn_to(profile.collected)
        self._controller.follow_author(profile.name or None)
        network = profile.network or self._usual_network
        if network != self._controller.reader.folder.resolve():
            self._controller.open_network(network)
        self._controller.show_network_name()
        self.training.presenter.follow_author()

    def _follow_collecting(self) -> None:
        self._controller.collect(self._collects.get())
        self._remember(collects=self._collects.get())
        self._controller.show_network_name()

    def _follow_tint(self) -> None:
        self.canvas.set_tinted(self._is_tinted.get())

    def _choose_pen(self) -> None:
        self.canvas.set_pen_width(PEN_WIDTHS[self._pen.get()])
        self._remember(pen=self._pen.get())
        self._tell_of_pen()

    def _choose_pen_colour(self) -> None:
        self.canvas.set_pen_colour(self._pen_colour.get())
        self._remember(pen_colour=self._pen_colour.get())
        self._tell_of_pen()

    def _tell_of_pen(self) -> None:
        self.show_message(_("The pen looks different now; the network is shown the same as before."))

    @property
    def _settings(self) -> Settings:
        return self._remembered.settings

    def _remember(self, **changes: Any) -> None:
        if not self._remembered.change(**changes):
            self.show_message(_("The settings could not be saved."), is_error=True)

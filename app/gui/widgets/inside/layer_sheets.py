"""The layers of a network below each other, each with a picture of its maps; one unit has the keys' mark."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator, Mapping, Sequence

from app.gui.theme import Palette, font_of_size, line_height, pixels
from app.gui.widgets.focus import has_keys
from app.gui.widgets.painted import Painted
from app.gui.widgets.picture import ppm
from app.page.inside.sheet import LayerRow, Marks, Sheet, Unit

_WRITING = 12
_MARGIN = 6


class LayerSheets(Painted):
    """Scrolled by its scrollbar, the wheel and the keys.

    The arrow keys move a mark: left and right from map to map, up and down from layer to layer, with Shift
    from number to number within a map. Return chooses it, space switches its map.

    Parameters
    ----------
    on_room : callable
        Takes the width that pictures have, in pixels, when it has changed.
    on_sight : callable
        Takes the names of the rows that can be seen, when they have changed.
    on_point, on_choose, on_switch : callable
        Take a row's name and a unit; on_point None where there is none.
    on_menu : callable
        The same, and where on the screen a menu is to be opened.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        palette: Palette,
        on_room: Callable[[int], None],
        on_sight: Callable[[Sequence[str]], None],
        on_point: Callable[[str | None, Unit | None], None],
        on_choose: Callable[[str, Unit], None],
        on_switch: Callable[[str, Unit], None],
        on_menu: Callable[[str, Unit, int, int], None],
        menu_buttons: Sequence[str],
        on_scroll: Callable[[str, str], None],
    ) -> None:
        super().__init__(
            parent,
            palette=palette,
            size=(240, 200),
            takefocus=True,
            highlightthickness=1,
            yscrollincrement=pixels(parent, 24),
            yscrollcommand=lambda first, last: self._on_scrolled(first, last),
        )
        self.rows: Sequence[LayerRow] = ()
        self.marked: tuple[int, Unit] | None = None  # the row's place
        self._room = self._height = 0
        self._seen: list[str] = []
        self._tops: dict[str, int] = {}  # of the pictures, by their rows
        self._images: dict[str, tk.PhotoImage] = {}
        self._marks = Marks()
        self._on_room, self._on_sight, self._on_point = on_room, on_sight, on_point
        self._on_choose, self._on_switch, self._on_menu = on_choose, on_switch, on_menu
        self._on_scroll = on_scroll
        self.bind("<Motion>", lambda event: self._on_point(*self._at(event)))
        self.bind("<Leave>", lambda event: self._on_point(None, None))
        self.bind("<Button-1>", self._on_click)
        for button in menu_buttons:
            self.bind(button, self._on_menu_button)
        for key in ("Menu", "Shift-F10"):
            self.bind(f"<{key}>", lambda event: self._menu_at_mark())
        for wheel, by in (("<Button-4>", -2), ("<Button-5>", 2)):
            self.bind(wheel, lambda event, by=by: self.yview_scroll(by, "units"))  # type: ignore[misc]
        self.bind("<MouseWheel>", lambda event: self.yview_scroll(-1 if event.delta > 0 else 1, "units"))
        self.bind("<Prior>", lambda event: self.yview_scroll(-1, "pages"))
        self.bind("<Next>", lambda event: self.yview_scroll(1, "pages"))
        for key in ("Left", "Right", "Up", "Down"):
            self.bind(f"<{key}>", lambda event, key=key: self._move(key, within=False))  # type: ignore[misc]
            self.bind(f"<Shift-{key}>", lambda event, key=key: self._move(key, within=True))  # type: ignore[misc]
        self.bind("<Return>", lambda event: self._do_at_mark(self._on_choose))
        self.bind("<space>", lambda event: self._do_at_mark(self._on_switch))
        self.bind("<FocusIn>", lambda event: self._show_key_mark())
        self.bind("<FocusOut>", lambda event: self._show_key_mark())
        self.paint()

    def show_rows(self, rows: Sequence[LayerRow]) -> None:
        """Other rows, or the same at another size; their pictures come as soon as they can be seen."""
        self.rows = rows
        if self.marked is not None and not self._has(*self.marked):
            self.marked = None
        self._seen = []
        self._draw()

    def show_pictures(self, pictures: Mapping[str, bytes]) -> None:
        """Rows of red, green and blue, as large as the sheets say."""
        sheets = {row.name: row.sheet for row in self.rows}
        for name, data in pictures.items():
            sheet = sheets[name]
            if sheet is not None and name in self._images:
                self._images[name].configure(data=ppm(data, sheet.width, sheet.height, b""), format="ppm")

    def show_marks(self, marks: Marks) -> None:
        """Frame parts of the pictures."""
        self._marks = marks
        self._draw_marks()

    def paint(self) -> None:
        super().paint()
        self.configure(highlightbackground=self.palette.faint, highlightcolor=self.palette.accent)
        self._draw()

    def lay_out(self) -> None:
        room = max(40, self.winfo_width() - 2 * pixels(self, _MARGIN) - 2)
        if room != self._room:
            self._room = room
            self._on_room(room)
        before, self._height = self._height, self.winfo_height()
        if self.marked is not None and self._is_in_sight(*self.marked, before):
            self._bring_into_sight(*self.marked)  # the arithmetic that was asked for has taken its place
        self._tell_sight()

    def destroy(self) -> None:
        super().destroy()
        self._images.clear()

    # How it is drawn

    def _draw(self) -> None:
        self.delete("all")
        self._images.clear()
        self._tops.clear()
        writing = font_of_size(self, pixels(self, _WRITING))
        margin, line = pixels(self, _MARGIN), line_height(self, writing)
        y = margin
        for row in self.rows:
            self.create_text(
                margin,
                y,
                text=row.title,
                anchor="nw",
                font=writing,
                fill=self.palette.text if row.sheet is not None else self.palette.muted,
                width=self._room,
            )
            y = (self.bbox("all") or (0, 0, 0, y + line))[3] + pixels(self, 2)
            if row.sheet is None:
                y += margin // 2
                continue
            self._tops[row.name] = y
            image = self._images[row.name] = tk.PhotoImage(
                master=self, width=row.sheet.width, height=row.sheet.height
            )
            self.create_image(margin, y, image=image, anchor="nw")
            self._cross_out(row, row.sheet, y)
            y += row.sheet.height
            y = self._label(row, row.sheet, y, writing) + margin
        self.configure(scrollregion=(0, 0, self._room, y))
        self._draw_marks()
        self._show_key_mark()
        self._tell_sight()

    def _label(self, row: LayerRow, sheet: Sheet, y: int, writing: tuple[str, int, str]) -> int:
        for place, label in enumerate(row.labels):
            left, _top, right, _bottom = sheet.whole(place)
            self.create_text(
                pixels(self, _MARGIN) + (left + right) / 2,
                y,
                text=label,
                anchor="n",
                font=writing,
                fill=self.palette.text,
            )
        return y + line_height(self, writing) if row.labels else y

    def _cross_out(self, row: LayerRow, sheet: Sheet, top: int) -> None:
        for one in sorted(row.off):
            left, upper, right, lower = self._placed(sheet.whole(one), top)
            for ends in ((left, upper, right, lower), (left, lower, right, upper)):
                self.create_line(*ends, fill=self.palette.error, width=pixels(self, 2))

    def _draw_marks(self) -> None:
        self.delete("mark")
        for name, boxes in self._marks.boxes.items():
            if name in self._tops:
                for box in boxes:
                    self.create_rectangle(
                        *self._placed(box, self._tops[name]), outline=self.palette.accent, tags="mark"
                    )
        if self._marks.unit is not None and self._marks.layer in self._tops:
            left, top, right, bottom = self._placed(self._marks.unit, self._tops[self._marks.layer])
            self.create_rectangle(
                left - 2, top - 2, right + 1, bottom + 1, outline=self.palette.error, width=2, tags="mark"
            )

    def _show_key_mark(self) -> None:
        self.delete("keys")
        if self.marked is None or not has_keys(self):
            return
        place, unit = self.marked
        sheet, name = self.rows[place].sheet, self.rows[place].name
        if sheet is not None:
            box = self._placed(sheet.whole(unit[0]), self._tops[name])
            self.create_rectangle(
                box[0] - 2,
                box[1] - 2,
                box[2] + 1,
                box[3] + 1,
                outline=self.palette.text,
                dash=(3, 2),
                tags="keys",
            )

    def _placed(self, box: tuple[int, int, int, int], top: int) -> tuple[int, int, int, int]:
        margin = pixels(self, _MARGIN)
        return box[0] + margin, box[1] + top, box[2] + margin, box[3] + top

    # What can be seen

    def _on_scrolled(self, first: str, last: str) -> None:
        self._on_scroll(first, last)
        self._tell_sight()

    def _tell_sight(self) -> None:
        upper = self.canvasy(0)
        lower = upper + self.winfo_height()
        seen = [
            row.name
            for row in self.rows
            if row.sheet is not None
            and row.name in self._tops
            and self._tops[row.name] < lower
            and self._tops[row.name] + row.sheet.height > upper
        ]
        if seen != self._seen:
            self._seen = seen
            self._on_sight(seen)

    # What the person does

    def _at(self, event: tk.Event[tk.Misc]) -> tuple[str, Unit] | tuple[None, None]:
        """The row and the unit under the pointer."""
        x, y = event.x - pixels(self, _MARGIN), self.canvasy(event.y)
        for row in self.rows:
            top = self._tops.get(row.name)
            if row.sheet is not None and top is not None and top <= y < top + row.sheet.height:
                unit = row.sheet.unit_at(x, y - top)
                return (row.name, unit) if unit is not None else (None, None)
        return None, None

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        name, unit = self._at(event)
        if name is not None and unit is not None:
            self._mark(name, unit)
            self._on_choose(name, unit)

    def _on_menu_button(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        name, unit = self._at(event)
        if name is not None and unit is not None:
            self._mark(name, unit)
            self._on_menu(name, unit, event.x_root, event.y_root)

    def _mark(self, name: str, unit: Unit) -> None:
        self.marked = next(place for place, row in enumerate(self.rows) if row.name == name), unit
        self._show_key_mark()

    def _menu_at_mark(self) -> str:
        if self.marked is not None:
            place, unit = self.marked
            name, sheet = self.rows[place].name, self.rows[place].sheet
            if sheet is not None:
                _left, _top, right, bottom = self._placed(sheet.whole(unit[0]), self._tops[name])
                down = round(bottom - self.canvasy(0))
                self._on_menu(name, unit, self.winfo_rootx() + right, self.winfo_rooty() + down)
        return "break"

    def _do_at_mark(self, do: Callable[[str, Unit], None]) -> str:
        if self.marked is not None:
            do(self.rows[self.marked[0]].name, self.marked[1])
        return "break"

    def _move(self, key: str, *, within: bool) -> str:
        place, unit = self.marked or (next(self._with_sheet(range(len(self.rows))), 0), (0, 0, 0))
        if self.marked is not None:
            place, unit = self._moved(place, unit, key, within=within)
        if self._has(place, unit):
            self.marked = place, unit
            self._bring_into_sight(place, unit)
            self._show_key_mark()
            self._on_point(self.rows[place].name, unit)
        return "break"

    def _moved(self, place: int, unit: Unit, key: str, *, within: bool) -> tuple[int, Unit]:
        step = 1 if key in ("Right", "Down") else -1
        of_map, row, column = unit
        if within:
            return place, (of_map, row, column + step) if key in ("Left", "Right") else (
                of_map,
                row + step,
                column,
            )
        if key in ("Left", "Right"):
            return place, (of_map + step, row, column)
        others = range(place + 1, len(self.rows)) if step > 0 else range(place - 1, -1, -1)
        other = next(self._with_sheet(others), None)
        if other is None:
            return place, unit
        sheet = self.rows[other].sheet
        assert sheet is not None
        return other, (min(of_map, sheet.maps - 1), min(row, sheet.rows - 1), min(column, sheet.columns - 1))

    def _with_sheet(self, places: range) -> Iterator[int]:
        return (place for place in places if self.rows[place].sheet is not None)

    def _has(self, place: int, unit: Unit) -> bool:
        sheet = self.rows[place].sheet if place < len(self.rows) else None
        if sheet is None:
            return False
        limits = sheet.maps, sheet.rows, sheet.columns
        return all(0 <= index < limit for index, limit in zip(unit, limits, strict=True))

    def _is_in_sight(self, place: int, unit: Unit, height: int) -> bool:
        """Whether all of its map can be seen, of so many pixels from the upper edge."""
        row, upper = self.rows[place], self.canvasy(0)
        if row.sheet is None:
            return False
        _left, top, _right, bottom = self._placed(row.sheet.whole(unit[0]), self._tops[row.name])
        return upper <= top and bottom <= upper + height

    def _bring_into_sight(self, place: int, unit: Unit) -> None:
        row = self.rows[place]
        if row.sheet is None:
            return
        _left, top, _right, bottom = self._placed(row.sheet.whole(unit[0]), self._tops[row.name])
        upper, height = self.canvasy(0), self.winfo_height()
        _x, _y, _width, whole = (float(part) for part in str(self["scrollregion"]).split())
        if top < upper:
            self.yview_moveto(max(0.0, (top - pixels(self, 24)) / whole))
        elif bottom > upper + height:
            self.yview_moveto((bottom + pixels(self, 6) - height) / whole)

"""How quick the window is: from a motion of the pen to the updated bars and maps, and from nothing to it.

    python -m benchmarks.window

Measured on the real widgets with the network that ships, on a virtual display where there is no screen.
One motion is taken at a time and everything that follows from it is waited for, so what is measured is
what a person sees. Start-up is that of a fresh process, until its window is on the screen.

The longer a drawing, the more there is to do for a motion, so the end of a long scribble is measured, too,
and the last digit of a number. Of a lesson it is from the digit's key to the answer that comes from memory,
the sample being on the disk by then.

While a network is trained in the window, motions come at a mouse's pace, and the delay counts from when each
was due: what else the window has to do then, as to draw the curves, is in it.
"""

import itertools
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from app.gui.screen import what_stays_left_alone
from app.gui.window import Window
from app.page.digit_sources import digits_folder
from app.page.opened_picture import read_picture
from app.page.start import prepare_start
from app.store.networks import SHIPPED
from engine import Recognizer
from engine.datasets.mnist import has_mnist
from engine.ink.rasterize import Point

ROOT = Path(__file__).resolve().parents[1]
STARTS = 5
ROUNDS = 3  # times that every digit is drawn
MOTION_LIMIT, START_LIMIT = 10.0, 1000.0  # ms: what the project promises
SCRIBBLES = 50, 1000, 3000  # points, from which on it is measured
SCRIBBLE_LIMIT = 8.0  # ms, for 99 % of the motions
NUMBER = "12345678"
NUMBER_LIMIT = 16.0  # ms, for 99 % of the motions of its last digit
NETWORKS = {"Best": SHIPPED, "LeNet-5": SHIPPED / "lenet5"}
MAPS_LIMIT = 16.0  # ms, for 99 % of the motions while View > Inside shows the layers
LESSON_LIMIT = 50.0  # ms, from the digit's key to the answer
MOTIONS = 300  # of each scribble that are measured
TRAINING_LIMIT = 50.0  # ms, for 99 % of the motions
PACE = 0.008  # seconds between two motions of a mouse
PATIENCE = 180.0  # seconds, after which something that is waited for will not come

Stroke = Sequence[Point]

# Runs the program as `python main.py` does, says when its window is on the screen, and ends.
START = f"""
import sys, time, tkinter
from app import cli
from app.gui import screen
def say_and_leave(root):
    end = time.monotonic() + {PATIENCE}
    while not root.winfo_viewable():
        if time.monotonic() > end:
            sys.exit("It is not on the screen.")
        root.update()
    print("mapped", flush=True)
screen.run_until_closed = say_and_leave
sys.exit(cli.main([]))
"""


def main() -> None:
    with screen():
        starts = [start_ms() for _ in range(STARTS)]
        delays = motion_delays_ms()
        maps = {name: motion_delays_ms(network=folder, inside=True) for name, folder in NETWORKS.items()}
        scribbles = {points: scribble_delays_ms(points) for points in SCRIBBLES}
        number = number_delays_ms()
        lessons = {name: lesson_delays_ms(folder) for name, folder in NETWORKS.items()}
        has_digits = has_mnist(digits_folder(None))
        training = motion_delays_ms(while_training=True) if has_digits else []
        watched = motion_delays_ms(while_training=True, inside=True, watched=True) if has_digits else []
    print(f"{'':<50}{'median':>9}{'95 %':>9}{'99 %':>9}{'limit':>9}")
    for name, values, limit in (
        (f"start of the window, {STARTS} times", starts, START_LIMIT),
        (f"motion to updated bars, {len(delays)} motions", delays, MOTION_LIMIT),
        *((f"motion to all maps in sight, {name}", values, MAPS_LIMIT) for name, values in maps.items()),
        *(
            (f"the same from {points:,} points on, {len(values)} motions", values, SCRIBBLE_LIMIT)
            for points, values in scribbles.items()
        ),
        (f"the last of {len(NUMBER)} digits, {len(number)} motions", number, NUMBER_LIMIT),
        *((f"key to remembered answer, {name}", values, LESSON_LIMIT) for name, values in lessons.items()),
        (f"the same while it trains, {len(training)} motions", training, TRAINING_LIMIT),
        (f"Inside, by the network that trains, {len(watched)} motions", watched, TRAINING_LIMIT),
    ):
        if not values:
            print(f"{name:<50} needs MNIST: set DIGITS_DATA to the folder of its files")
            continue
        most, nearly_all = (sorted(values)[math.ceil(share * len(values)) - 1] for share in (0.95, 0.99))
        median = statistics.median(values)
        print(f"{name:<50}{median:>6.1f} ms{most:>6.1f} ms{nearly_all:>6.1f} ms{limit:>6.0f} ms")


def screen() -> AbstractContextManager[object]:
    """The screen that is there, else one in memory."""
    if not sys.platform.startswith("linux") or os.environ.get("DISPLAY"):
        return nullcontext()
    from pyvirtualdisplay import Display

    display: AbstractContextManager[object] = Display(visible=False, size=(1600, 1200), color_depth=24)
    return display


def start_ms() -> float:
    """From the start of a process until its window can be seen."""
    with tempfile.TemporaryDirectory() as home:  # no settings of the person's own
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", START],
            cwd=ROOT,
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        elapsed = time.perf_counter() - start
        process.communicate()
    if line.strip() != b"mapped":
        raise SystemExit("The window did not open.")
    return 1000 * elapsed


def motion_delays_ms(
    *, while_training: bool = False, network: Path = SHIPPED, inside: bool = False, watched: bool = False
) -> list[float]:
    """For each motion of the pen, the time until nothing is left to do for it."""
    delays = []
    with opened_window(network) as window:
        if inside:
            window.menus.choose("inside")
            wait_until(window, lambda: window.inside.panel is not None)
            window.update()
        if while_training:
            train(window)
        if watched:
            window.training.presenter.watch(True)
            wait_until(window, lambda: window.inside.is_by_half_trained)
        for _ in range(ROUNDS * 2 if while_training else ROUNDS):
            for strokes in digits():
                delays += [
                    delay
                    for stroke in strokes
                    for delay in draw(window, stroke, pace=PACE if while_training else None)
                ]
                window.buttons["clear"].invoke()
                window.update()
    return delays


def scribble_delays_ms(points: int) -> list[float]:
    """The same for the motions that lengthen a stroke of so many points."""
    with opened_window() as window:
        return list(draw(window, scribble(points + MOTIONS), drawn=points))


def number_delays_ms() -> list[float]:
    """The same for the motions of the last digit of NUMBER, `ROUNDS` times."""
    delays: list[float] = []
    with opened_window() as window:
        for _ in range(ROUNDS):
            *before, last = number_strokes()
            for stroke in itertools.chain(*before):
                draw_at_once(window, stroke)
            delays += [delay for stroke in last for delay in draw(window, stroke)]
            window.buttons["clear"].invoke()
            window.update()
    return delays


def lesson_delays_ms(network: Path = SHIPPED) -> list[float]:
    """From the key that teaches a digit, as another one each time, until nothing is left to do for it."""
    with opened_window(network) as window:
        window.canvas.focus_force()
        return [
            taught(window, strokes, str((digit + lesson) % 10))
            for lesson in range(1, 1 + ROUNDS)
            for digit, strokes in enumerate(digits())
        ]


def taught(window: Window, strokes: Sequence[Stroke], label: str) -> float:
    """Draw a digit, and have it remembered as another one; the delay of that, in ms."""
    for stroke in strokes:
        draw_at_once(window, stroke)
    presses = 0
    while window.answer.symbol != label:  # what others speak against is asked about first
        if presses == 2:
            raise SystemExit(
                f"The window has not remembered a drawing as {label}, but reads {window.answer.symbol}."
            )
        presses += 1
        start = time.perf_counter()
        window.canvas.event_generate(f"<KeyPress-{label}>")
        window.update()
        delay = 1000 * (time.perf_counter() - start)
    window.buttons["clear"].invoke()
    window.update()
    return delay


def number_strokes() -> list[list[Stroke]]:
    """The digits of NUMBER side by side, from edge to edge of the page."""
    shapes = list(digits())
    pitch = 0.96 / len(NUMBER)
    placed = []
    for place, digit in enumerate(map(int, NUMBER)):
        xs, ys = zip(*itertools.chain(*shapes[digit]), strict=True)
        size = max((max(xs) - min(xs)) / (0.75 * pitch), (max(ys) - min(ys)) / (1.4 * pitch))
        left = 0.03 + pitch * place
        placed.append(
            [
                [(left + (x - min(xs)) / size, 0.4 + (y - min(ys)) / size) for x, y in stroke]
                for stroke in shapes[digit]
            ]
        )
    return placed


@contextmanager
def opened_window(network: Path = SHIPPED) -> Iterator[Window]:
    """A window on the screen, with a network that ships and no settings of the person's own."""
    with tempfile.TemporaryDirectory() as folder:
        settings_path = Path(folder) / "settings.json"
        reader = Recognizer.load(network)
        window = Window(
            prepare_start(reader, settings_path=settings_path, load_reader=Recognizer.load),
            load_reader=Recognizer.load,
            read_image=read_picture,
            settings_path=settings_path,
            networks_place=Path(folder) / "networks",
        )
        wait_until(window, window.canvas.winfo_viewable)
        window.update()
        with what_stays_left_alone():
            yield window
        window.destroy()


def wait_until(window: Window, condition: Callable[[], object]) -> None:
    """Serve the window's events until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("What was waited for did not happen.")
        window.update()


def train(window: Window) -> None:
    """Begin a training that outlasts the measurement, and wait until it learns."""
    window.menus.choose("retrain")
    dialog = window.winfo_children()[-1]
    dialog.start_button.invoke()
    wait_until(window, lambda: dialog.progress["value"] and not dialog.progress.is_unknown)


def draw(window: Window, stroke: Stroke, *, pace: float | None = None, drawn: int = 1) -> Iterator[float]:
    """Draw a stroke of page units with the mouse; the delay of each motion after `drawn` points, in ms."""
    canvas = window.canvas
    side = min(canvas.width, canvas.height)
    left, top = (canvas.width - side) // 2, (canvas.height - side) // 2

    pixels = [(left + round(x * side), top + round(y * side)) for x, y in stroke]
    pixels = [pixel for pixel, _ in itertools.groupby(pixels)]  # a motion within one adds nothing

    def event(name: str, pixel: tuple[int, int]) -> None:
        canvas.event_generate(name, x=pixel[0], y=pixel[1])

    event("<ButtonPress-1>", pixels[0])
    for pixel in pixels[1:drawn]:
        event("<B1-Motion>", pixel)
    window.update()
    for pixel in pixels[drawn:]:
        start = time.perf_counter()
        if pace:
            start += pace
            while time.perf_counter() < start:
                window.update()
                time.sleep(0.001)
        event("<B1-Motion>", pixel)
        window.update()
        yield 1000 * (time.perf_counter() - start)
    event("<ButtonRelease-1>", pixels[-1])
    window.update()


def draw_at_once(window: Window, stroke: Stroke) -> None:
    """Draw a stroke so fast that the window reads it once."""
    assert not list(draw(window, stroke, drawn=len(stroke)))  # no motion is left


def digits() -> Iterator[list[Stroke]]:
    """The drawings of assets/examples/digits.jsonl, ten digits in steps as a mouse makes them."""
    from engine.datasets.strokes import parse_drawings

    with open(ROOT / "assets" / "examples" / "digits.jsonl", encoding="utf-8") as lines:
        for _, drawing in parse_drawings(lines):
            assert not isinstance(drawing, Exception)
            yield drawing.strokes


def scribble(points: int) -> Stroke:
    """A pen that wanders about the page, a hundredth of its side at a time."""
    rng = random.Random(0)
    x = y = 0.5
    heading = 0.0
    stroke = [(x, y)]
    while len(stroke) < points:
        heading += rng.uniform(-0.5, 0.5)
        ahead = x + 0.01 * math.cos(heading), y + 0.01 * math.sin(heading)
        if all(0.05 < place < 0.95 for place in ahead):
            x, y = ahead
            stroke.append(ahead)
        else:
            heading += math.pi / 2
    return stroke


if __name__ == "__main__":
    main()

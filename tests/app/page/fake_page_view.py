"""Stands for the window and for the hand, where the Controller is tested."""

from tests.app.reports.marked import marked, unmarked_words

HINT = ("hint",)
LINE = ((0.2, 0.2), (0.8, 0.2))
OTHER = ((0.2, 0.8), (0.8, 0.8))


class FakePageView:
    """Remembers what it was told; an idle callback waits until `idle` is called."""

    def __init__(self):
        self.box = None
        self.page = None  # what the page shows: ("strokes", …), ("picture", …, width) or HINT
        self.hints = []
        self.readings = []
        self.enabled = {}
        self.network = None
        self.message = None
        self.waiting = []
        self.at_rest = None

    def show_strokes(self, strokes):
        self.page = ("strokes", [list(points) for points in strokes])

    def begin_stroke(self, point):
        self.page[1].append([point])

    def extend_stroke(self, point):
        self.page[1][-1].append(point)

    def show_picture(self, picture, strokes):
        self.page = ("picture", [list(points) for points in strokes], picture.ink.shape[1])
        self.picture = picture

    def show_box(self, box):
        self.box = box

    def show_hint(self, text):
        self.page = HINT
        self.hints.append(text)

    def show_reading(self, reading):
        self.readings.append(reading)

    def enable_actions(self, enabled):
        self.enabled = dict(enabled)

    def show_network(self, name):
        self.network = name

    def keep_network(self, folder):
        self.kept = folder

    def show_message(self, text, *, is_error=False):
        self.message = (text, is_error)

    def show_lesson(self, text):
        self.lesson = text

    def when_idle(self, callback):
        self.waiting.append(callback)

    def when_resting(self, callback):
        self.at_rest = callback

    def idle(self):
        waiting, self.waiting = self.waiting, []
        for callback in waiting:
            callback()


def draw(controller, *points):
    controller.pen_down(points[0])
    for point in points:
        controller.pen_move(point)
    controller.pen_up()


def assert_each_is_told_in_another_language(view, *actions):
    with marked():
        for do in actions:
            view.message = None
            do()
            text, is_error = view.message
            assert not is_error
            assert text.startswith("«")
            assert not unmarked_words(text)

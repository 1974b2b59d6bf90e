"""Ways in which people write digits, as strokes whose every measure is drawn anew.

A style is a function of a Hand and gives the strokes of one digit, about 1.0 high, x to the right and y
downward from the top. Knots are places that the pen passes; the hand misses each a little, and a smooth curve
goes through them. A corner is where one curve ends and the next begins.
"""

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from engine.datasets.curves import CENTRIPETAL, Curve, catmull_rom
from engine.ink.rasterize import Point

Style = Callable[["Hand"], list[Curve]]


STEPS = 9  # points from knot to knot


class Hand:
    """Draws the numbers that make one writing of a digit differ from the next."""

    MISS = 0.016  # of the digit's height, by which a knot is missed; a standard deviation

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def some(self, low: float, high: float) -> float:
        return low + (high - low) * self.rng.random()

    def now_and_then(self, probability: float) -> bool:
        return self.rng.random() < probability

    def curve(self, *knots: Point) -> Curve:
        """A smooth curve through the knots."""
        missed = np.array(knots) + self.rng.normal(0, self.MISS, (len(knots), 2))
        return catmull_rom(missed, steps=STEPS, power=CENTRIPETAL)

    def line(self, start: Point, end: Point, bend: float = 0.03) -> Curve:
        """A stroke that means to be straight."""
        (x0, y0), (x1, y1) = start, end
        bend = self.some(-bend, bend)
        return self.curve(start, ((x0 + x1) / 2 + bend * (y1 - y0), (y0 + y1) / 2 - bend * (x1 - x0)), end)

    def ring(
        self, centre: Point, rx: float, ry: float, start: float, turn: float, inward: float = 0.0
    ) -> Curve:
        """Around an ellipse by `turn` degrees, from `start` (0 to the right, 90 downward).

        The end lies nearer to the centre than the start, by `inward` of the radius.
        """
        along = np.linspace(0, 1, 40)
        angles = np.radians(start + turn * along)
        # rounds are never ellipses: two slow waves along the way
        wave = self.rng.normal(0, 0.02, 2) @ np.stack((np.cos(2 * angles), np.sin(3 * angles)))
        radius = 1 + wave - inward * along**4
        x, y = centre
        return np.column_stack((x + rx * radius * np.cos(angles), y + ry * radius * np.sin(angles)))


def stroke(*curves: Curve) -> Curve:
    """Curves one after the other, with the pen on the paper: they meet in corners."""
    return np.vstack(curves)


# **** 0 ****


def zero(
    hand: Hand,
    start: tuple[float, float] = (-115, -60),
    turn: tuple[float, float] = (350, 385),
    inward: tuple[float, float] = (-0.1, 0.1),
    width: tuple[float, float] = (0.5, 0.95),
) -> list[Curve]:
    way = -1 if hand.now_and_then(0.8) else 1
    turned = way * hand.some(*turn)
    return [hand.ring((0.5, 0.5), hand.some(*width) / 2, 0.5, hand.some(*start), turned, hand.some(*inward))]


def polygonal_zero(hand: Hand, corners: tuple[int, int]) -> list[Curve]:
    """Straight from corner to corner, unevenly, as a hurried pen or a slow program leaves it.

    Fewer corners make a shape, no digit.
    """
    count = int(hand.some(*corners))
    half_width, way = hand.some(0.5, 0.9) / 2, 1 if hand.now_and_then(0.2) else -1
    begin = hand.some(-0.6, 0.6)
    places = []
    for corner in range(count):
        angle = begin + way * 2 * math.pi * (corner + hand.some(-0.25, 0.25)) / count
        far = hand.some(0.94, 1.06)
        places.append((0.5 + far * half_width * math.sin(angle), 0.5 - far * 0.5 * math.cos(angle)))
    x, y = places[0]
    places.append((x + hand.some(-0.06, 0.06), y + hand.some(-0.06, 0.06)))
    return [stroke(*(hand.line(start, end, bend=0) for start, end in pairwise(places)))]


# A ring with a bar that lies level and ends at the ring is a theta, no digit. So a zero's mark leaves the
# level, or stays well inside the ring, or goes well beyond it. Degrees above the level:
LEVEL, ASLANT, UPRIGHT = -10, 24, 92
INSIDE, BEYOND = (0.25, 0.58), (1.35, 2.0)  # of the way from the middle to the ring, for a level mark


def struck_zero(
    hand: Hand,
    reach: tuple[float, float],
    angle: tuple[float, float] = (ASLANT, UPRIGHT),
    width: tuple[float, float] = (0.38, 1.1),
) -> list[Curve]:
    """A ring with a mark that reaches so far to either side; 1 is the ring."""
    (ring,) = zero(hand, width=width)
    half_width, half_height = np.ptp(ring, axis=0) / 2
    dx, dy = _direction(hand, angle)
    far = 1 / math.hypot(dx / half_width, dy / half_height)  # from the middle to the ring
    up, down = far * hand.some(*reach), far * hand.some(*reach)
    x, y = 0.5 + hand.some(-0.1, 0.1) * half_width, 0.5 + hand.some(-0.1, 0.1) * half_height
    return _in_some_order(hand, ring, hand.line((x + up * dx, y - up * dy), (x - down * dx, y + down * dy)))


def long_slashed_zero(hand: Hand, angle: tuple[float, float]) -> list[Curve]:
    """The slash is longer than the ring is high; framed, the ring is small."""
    (ring,) = zero(hand, width=(0.38, 1.1))
    dx, dy = _direction(hand, angle)
    up, down = hand.some(0.62, 1.15), hand.some(0.62, 1.15)
    x, y = 0.5 + hand.some(-0.08, 0.08), 0.5 + hand.some(-0.12, 0.12)
    return _in_some_order(hand, ring, hand.line((x + up * dx, y - up * dy), (x - down * dx, y + down * dy)))


def zero_into_slash(hand: Hand) -> list[Curve]:
    """One stroke: around from the upper right, and from there down through the ring; or the way back."""
    half_width = hand.some(0.4, 1.05) / 2
    start = hand.some(-72, -30)
    ring = hand.ring((0.5, 0.5), half_width, 0.5, start, -hand.some(345, 372), hand.some(-0.12, 0.05))
    x, y = ring[-1]
    share = hand.some(1.4, 2.7)  # of the way to the middle; 2 is the ring's other side
    turn = hand.some(-0.12, 0.12)
    dx, dy = share * (0.5 - x), share * (0.5 - y)
    slash = hand.line((x, y), (x + dx - turn * dy, y + dy + turn * dx))
    way = stroke(ring, slash)
    return [way[::-1] if hand.now_and_then(0.3) else way]


def _direction(hand: Hand, degrees: tuple[float, float]) -> Point:
    """Of a mark: rising to the right, as most people's do, or falling."""
    angle = math.radians(hand.some(*degrees))
    return (math.cos(angle) if hand.now_and_then(0.7) else -math.cos(angle)), math.sin(angle)


def _in_some_order(hand: Hand, ring: Curve, mark: Curve) -> list[Curve]:
    return [mark, ring] if hand.now_and_then(0.3) else [ring, mark]


def dotted_zero(hand: Hand) -> list[Curve]:
    (ring,) = zero(hand, width=(0.45, 1.05))
    x, y = 0.5 + hand.some(-0.05, 0.05), 0.5 + hand.some(-0.08, 0.08)
    return [ring, hand.curve((x, y), (x + hand.some(-0.03, 0.03), y + hand.some(0.0, 0.08)))]


# **** 1 ****


def one(hand: Hand, flag: str = "none", foot: bool = False) -> list[Curve]:
    x, end = hand.some(-0.03, 0.03), hand.some(-0.06, 0.06)
    stem = hand.line((x, 0), (end, 1), bend=0.04)
    strokes = [stem]
    if flag == "short":
        width = hand.some(0.1, 0.3)  # the wider, the steeper: what is wide and flat is a seven's bar
        tip = (-width, hand.some(0.06, 0.16) + 0.6 * width)
        flag_curve = hand.line(tip, (x, 0), bend=0.2)
        strokes = [stroke(flag_curve, stem)]
    elif flag == "long":
        width = hand.some(0.2, 0.65)
        tip = (-width, hand.some(max(0.38, 0.7 * width), 0.9))
        strokes = [stroke(hand.line(tip, (x, 0), bend=0.12), stem)]
    elif flag == "curved":
        width, drop = hand.some(0.12, 0.25), hand.some(0.12, 0.25)
        neck = (x + 0.01, hand.some(0.12, 0.25))
        tip = (x - width, drop)
        strokes = [hand.curve(tip, (x - 0.4 * width, 0.35 * drop), (x, 0), neck, (x, 0.6), (end, 1))]
    elif flag == "hooked foot":
        aside = hand.some(0.12, 0.34) * (1 if hand.now_and_then(0.7) else -1)
        turn = [(end, hand.some(0.7, 0.85)), (end + 0.3 * aside, 0.98), (end + aside, hand.some(0.86, 1.0))]
        stem = hand.curve((x, 0), (0.5 * (x + end), 0.45), *turn)
        tip = (x - hand.some(0.02, 0.3), hand.some(0.1, 0.3))
        strokes = [stroke(hand.line(tip, (x, 0), bend=0.2), stem)]
    if foot:
        left, right = hand.some(0.08, 0.42), hand.some(0.08, 0.42)
        y = 1 + hand.some(-0.02, 0.03)
        strokes.append(hand.line((end - left, y), (end + right, y + hand.some(-0.05, 0.03))))
    return strokes


def lambda_one(hand: Hand) -> list[Curve]:
    """The upstroke is a leg of its own, as long as what is below the place where it meets the stem."""
    top, bottom = (hand.some(-0.4, 0.02), 0.0), (hand.some(0.0, 0.25), 1.0)
    stem = hand.line(top, bottom, bend=0.08)
    x, y = stem[round(hand.some(0.1, 0.5) * (len(stem) - 1))]
    leg = hand.line((x - hand.some(0.2, 0.65), hand.some(0.85, 1.04)), (x, y), bend=0.12)
    return [stem, leg]


# **** 2 ****


def flat_two(hand: Hand) -> list[Curve]:
    """Like a z in one stroke, its head and its foot straight, and no higher than it is wide, or little."""
    width = hand.some(0.6, 1.05)
    left, right = hand.some(-0.05, 0.15) * width, hand.some(0.85, 1.0) * width
    top = hand.line((hand.some(-0.05, 0.1) * width, hand.some(-0.04, 0.14)), (right, hand.some(-0.04, 0.06)))
    down = hand.line(tuple(top[-1]), (left, hand.some(0.92, 1.0)), bend=0.08)
    foot = hand.line(tuple(down[-1]), (hand.some(0.9, 1.25) * width, hand.some(0.9, 1.04)), bend=0.06)
    return [stroke(top, down, foot)]


def two(hand: Hand, base: str = "straight", head: str = "round") -> list[Curve]:
    width = hand.some(0.45, 0.65)
    belly = hand.some(0.22, 0.34)  # how far down the head is widest
    left = hand.some(-0.06, 0.08)
    floor = 0.97
    if head == "angular":
        top = [
            hand.curve((0.02, hand.some(0.0, 0.12)), (0.5 * width, hand.some(-0.04, 0.02)), (width, 0.03)),
            hand.line((width, 0.03), (left, floor), bend=0.06),
        ]
    else:
        start = [(hand.some(0.0, 0.06), hand.some(0.16, 0.28))]
        if head == "curled":
            start = [(hand.some(0.12, 0.2), hand.some(0.2, 0.3)), (0.02, hand.some(0.2, 0.28))]
        round_top = [(0.16 * width, 0.07), (0.55 * width, 0.0), (0.95 * width, 0.1)]
        down = [(width, belly), (0.72 * width, hand.some(0.5, 0.58))]
        end = [(0.32 * width, 0.8), (0.05 + left, 0.94)] if base == "looped" else [(left, floor)]
        top = [hand.curve(*start, *round_top, *down, *end)]
    reach = width + hand.some(0.0, 0.25)
    tilt = hand.some(-0.07, 0.05)
    if base == "looped":
        size = hand.some(0.8, 1.7)
        x, y = 0.05 + left, 0.94
        loop = [(x - 0.09 * size, y - 0.03), (x - 0.05 * size, y - 0.14 * size), (x + 0.1, y - 0.12 * size)]
        tail = [(0.5 * reach, floor - 0.04), (reach, floor - hand.some(-0.02, 0.1))]
        # one curve all the way: the loop is where it turns
        return [hand.curve(*start, *round_top, *down, *end, *loop, *tail)]
    if base == "wavy":
        lift = hand.some(0.05, 0.12)
        wave = [(left + 0.22 * reach, floor - lift), (left + 0.62 * reach, floor + 0.3 * lift)]
        bottom = hand.curve((left, floor), *wave, (reach, floor - hand.some(0.3, 1.2) * lift))
    else:
        bottom = hand.line((left, floor), (reach, floor + tilt))
    return [stroke(*top, bottom)]


# **** 3 ****


def three(hand: Hand, top: str = "round", waist: str = "sharp", foot: str = "open") -> list[Curve]:
    upper, lower = hand.some(0.36, 0.54), hand.some(0.48, 0.66)  # widths of the two bows
    middle = hand.some(0.4, 0.5)
    inner = (hand.some(0.12, 0.26), middle)
    start: list[Point] = [(hand.some(-0.02, 0.06), hand.some(0.08, 0.2))]
    if top == "curled":
        start = [(hand.some(0.08, 0.16), hand.some(0.2, 0.26)), (0.0, hand.some(0.1, 0.16))]
    end: list[Point] = [(0.5 * lower, 1.0), (hand.some(-0.08, 0.04), hand.some(0.84, 0.95))]
    if foot == "curled":
        x, y = hand.some(-0.06, 0.0), hand.some(0.84, 0.9)
        size = hand.some(0.7, 1.2)
        end = [(0.5 * lower, 1.0), (0.12, 0.97), (x, y), (x + 0.06 * size, y - 0.1 * size)]
        end += [(x + 0.17 * size, y - 0.05 * size)]
    low = [(0.92 * lower, middle + 0.14), (lower, 0.76)]
    if top == "flat":
        corner = (upper, hand.some(-0.03, 0.03))
        bar = hand.line((hand.some(-0.03, 0.05), hand.some(-0.02, 0.05)), corner)
        down = hand.line(corner, inner, bend=0.05)
        return [stroke(bar, down, hand.curve(inner, (0.6 * lower, middle + 0.01), *low, *end))]
    head = [*start, (0.5 * upper, 0.0), (upper, 0.13), (0.88 * upper, 0.3)]
    if waist == "looped":
        size = hand.some(0.9, 1.8)
        x, y = inner
        loop = [(x + 0.08, y + 0.03), (x - 0.04 * size, y + 0.02), (x - 0.02 * size, y - 0.07 * size)]
        loop += [(x + 0.12, y - 0.03 * size)]
        return [hand.curve(*head, *loop, *low, *end)]
    return [stroke(hand.curve(*head, inner), hand.curve(inner, (0.55 * lower, middle + 0.03), *low, *end))]


# **** 4 ****


def open_four(
    hand: Hand,
    strokes: int = 2,
    stem: tuple[float, float] = (-0.05, 0.3),
    beyond: tuple[float, float] = (0.08, 0.28),
) -> list[Curve]:
    bar = hand.some(0.48, 0.66)  # how far down the bar lies
    right = hand.some(0.42, 0.55)  # where the stem crosses it
    tip = (hand.some(0.06, 0.36), hand.some(-0.02, 0.08))
    corner = (hand.some(-0.05, 0.05), bar)
    stem_top = (right + hand.some(0.0, 0.12), hand.some(*stem))
    stem_end = (right + hand.some(-0.12, 0.04), 1.0)
    if hand.now_and_then(0.3):  # the corner is a bend
        end = (right + hand.some(0.06, 0.2), bar + hand.some(-0.08, 0.02))
        bend = (corner[0] + 0.1, bar + 0.02)
        return [hand.curve(tip, (corner[0], bar - 0.12), bend, end), hand.line(stem_top, stem_end)]
    arm = hand.line(tip, corner, bend=0.1)
    if strokes == 1:  # the pen goes up from the end of the bar and down again
        across = hand.line(corner, (right, bar + hand.some(-0.05, 0.03)))
        up = hand.line((right, bar), stem_top)
        return [stroke(arm, across, up, hand.line(stem_top, stem_end))]
    across = hand.line(corner, (right + hand.some(*beyond), bar + hand.some(-0.06, 0.05)))
    return [stroke(arm, across), hand.line(stem_top, stem_end)]


def closed_four(hand: Hand, strokes: int = 2, beyond: tuple[float, float] = (0.1, 0.28)) -> list[Curve]:
    bar = hand.some(0.56, 0.7)
    right = hand.some(0.4, 0.55)
    corner = (hand.some(-0.06, 0.04), bar)
    end = (right + hand.some(*beyond), bar + hand.some(-0.05, 0.05))
    top = (right + hand.some(-0.05, 0.03), 0.0)
    foot = (right + hand.some(-0.08, 0.04), 1.0)
    if strokes == 1:  # from the right end of the bar, over the top, down
        return [
            stroke(hand.line(end, corner), hand.line(corner, top, bend=0.06), hand.line(top, foot)),
        ]
    start = (top[0] + hand.some(-0.06, 0.02), hand.some(-0.03, 0.05))
    stem = (right + hand.some(-0.02, 0.04), hand.some(-0.03, 0.08))
    return [stroke(hand.line(start, corner, bend=0.06), hand.line(corner, end)), hand.line(stem, foot)]


# **** 5 ****


def five(hand: Hand, hat: str = "joined") -> list[Curve]:
    x = hand.some(0.03, 0.14)  # of the neck
    shoulder = (x - hand.some(0.0, 0.08), hand.some(0.36, 0.48))
    reach = hand.some(0.45, 0.62)
    end = (hand.some(-0.1, 0.03), hand.some(0.84, 0.96))
    bow = hand.curve(
        shoulder,
        (0.45 * reach, shoulder[1] - hand.some(0.0, 0.07)),
        (0.92 * reach, 0.52),
        (reach, hand.some(0.66, 0.76)),
        (0.55 * reach, 0.99),
        end,
    )
    tip = (reach + hand.some(-0.08, 0.15), hand.some(-0.12, 0.04))
    if hat == "joined":
        return [stroke(hand.line(tip, (x, 0.02)), hand.line((x, 0.02), shoulder), bow)]
    neck = hand.line((x, hand.some(0.02, 0.1)), shoulder)
    start = (x + hand.some(-0.05, 0.2), hand.some(-0.16, 0.03))
    return [stroke(neck, bow), hand.line(start, tip)]


def curved_five(hand: Hand) -> list[Curve]:
    reach = hand.some(0.42, 0.56)
    neck = hand.some(0.02, 0.08)
    return [
        hand.curve(
            (reach + hand.some(0.0, 0.14), hand.some(-0.03, 0.06)),
            (0.55 * reach, hand.some(-0.01, 0.03)),
            (neck + 0.05, 0.06),
            (neck, hand.some(0.2, 0.26)),
            (neck + 0.06, hand.some(0.38, 0.42)),
            (0.75 * reach, hand.some(0.47, 0.52)),
            (reach, hand.some(0.68, 0.76)),
            (0.5 * reach, 1.0),
            (hand.some(-0.08, 0.03), hand.some(0.85, 0.95)),
        )
    ]


# **** 6 ****


def six(hand: Hand, tail: str = "curved", loop: tuple[float, float] = (0.4, 0.5)) -> list[Curve]:
    height = hand.some(*loop)
    width = hand.some(0.42, 0.58)
    roof = 1 - height
    x = width + hand.some(-0.16, 0.1)
    top: list[Point] = {
        "straight": [(x - 0.05, 0.0), (0.5 * x, 0.5 * roof + 0.06)],
        "curved": [(x, hand.some(0.0, 0.07)), (0.55 * x, 0.16), (0.16 * x, 0.42)],
        "hooked": [(x, hand.some(0.12, 0.2)), (0.78 * x, 0.01), (0.4 * x, 0.12), (0.1 * x, 0.42)],
    }[tail]
    close = hand.some(-0.03, 0.12)  # how far the loop's end stops short of the side, or crosses it
    return [
        hand.curve(
            *top,
            (0.01, 1 - 0.5 * height),
            (0.12 * width, 0.94),
            (0.5 * width, 1.0),
            (0.92 * width, 1 - 0.3 * height),
            (0.88 * width, 1 - 0.75 * height),
            (0.5 * width, roof),
            (0.05 + close, 1 - hand.some(0.55, 0.75) * height),
        )
    ]


# **** 7 ****


def seven(hand: Hand, head: str = "plain", stem: str = "straight", crossed: bool = False) -> list[Curve]:
    width = hand.some(0.48, 0.72)
    corner = (width, hand.some(-0.03, 0.05))
    foot = (hand.some(0.12, 0.42), 1.0)
    left = (hand.some(-0.03, 0.05), hand.some(-0.02, 0.06))
    bars: dict[str, list[Point]] = {
        "plain": [left, (0.5 * width, 0.5 * (left[1] + corner[1]) + hand.some(-0.02, 0.02)), corner],
        "wavy": [
            (hand.some(-0.04, 0.02), hand.some(0.1, 0.2)),
            (0.24 * width, hand.some(-0.02, 0.04)),
            (0.62 * width, hand.some(0.06, 0.13)),
            corner,
        ],
        "round": [
            (hand.some(-0.03, 0.05), hand.some(0.03, 0.22)),
            (0.4 * width, hand.some(-0.03, 0.01)),
            (0.88 * width, 0.04),
        ],
        "looped": [
            (hand.some(0.08, 0.14), hand.some(0.17, 0.24)),
            (hand.some(-0.05, 0.0), hand.some(0.1, 0.16)),
            (0.16, hand.some(-0.02, 0.03)),
            (0.55 * width, hand.some(0.06, 0.12)),
            corner,
        ],
    }
    middle = hand.some(0.42, 0.66)
    if stem == "curved":  # hollow to the right, as when the stem falls steeply
        hollow = (foot[0] + hand.some(0.0, 0.1), middle)
        down = hand.curve(corner, (0.5 * (width + hollow[0]), 0.45 * middle), hollow, foot)
    else:
        down = hand.line(corner, foot, bend=0.05)
    if head == "hooked":
        top = (hand.some(0.0, 0.04), hand.some(0.0, 0.04))
        tip = (top[0] - hand.some(-0.03, 0.05), hand.some(0.14, 0.28))
        strokes = [stroke(hand.line(tip, top), hand.curve(top, (0.5 * width, 0.02), corner), down)]
    elif head == "serif":  # a short upright at the bar's end, which may stand above it too
        above, below = hand.some(0.0, 0.12), hand.some(0.14, 0.36)
        serif = hand.line((left[0], left[1] - above), (left[0] + hand.some(-0.04, 0.04), left[1] + below))
        strokes = [serif, stroke(hand.curve(*bars["plain"]), down)]
    elif head == "round":  # and so is the corner
        strokes = [hand.curve(*bars[head], (0.92 * width, 0.2), (0.45 * width + 0.5 * foot[0], 0.55), foot)]
    else:
        strokes = [stroke(hand.curve(*bars[head]), down)]
    if crossed:
        body = strokes[-1][len(strokes[-1]) // 2 :]
        x, y = body[np.argmin(np.abs(body[:, 1] - middle))]
        rise = hand.some(-0.06, 0.05)
        before, after = hand.some(0.1, 0.3), hand.some(0.12, 0.4)
        strokes.append(hand.line((x - before, y - rise), (x + after, y + rise)))
    return strokes


# **** 8 ****


def circled_eight(
    hand: Hand, waist: tuple[float, float] = (0.42, 0.5), head: tuple[float, float] = (0.19, 0.28)
) -> list[Curve]:
    above, below = hand.some(*head), hand.some(0.23, 0.34)
    middle = hand.some(*waist)
    x = hand.some(-0.04, 0.04)
    gap = hand.some(-0.05, 0.015)  # the rounds cross, touch, or nearly do
    upper, lower = middle / 2, (1 - middle) / 2
    return [
        hand.ring((x, upper), above, upper - gap / 2, hand.some(-180, 180), hand.some(352, 375)),
        hand.ring((0, 1 - lower), below, lower - gap / 2, hand.some(-180, 180), hand.some(352, 375)),
    ]


def eight(
    hand: Hand,
    begin: str = "top right",
    gap: tuple[float, float] = (-0.06, 0.03),
    head: tuple[float, float] = (0.17, 0.26),
    middle: tuple[float, float] = (0.42, 0.5),
) -> list[Curve]:
    """One stroke: an S, and back up through its middle."""
    above, below = hand.some(*head), hand.some(0.22, 0.32)
    waist = hand.some(*middle)
    round_trip: list[Point] = [
        (0.75 * above, 0.07),
        (0.0, 0.0),
        (-0.75 * above, 0.07),
        (-above, 0.4 * waist),
        (-0.6 * above, 0.75 * waist),
        (0.0, waist),
        (0.75 * below, waist + 0.13),
        (below, 0.75),
        (0.7 * below, 0.94),
        (0.0, 1.0),
        (-0.7 * below, 0.94),
        (-below, 0.75),
        (-0.75 * below, waist + 0.13),
        (0.0, waist),
        (0.6 * above, 0.75 * waist),
        (above, 0.4 * waist),
    ]
    if begin == "over the top":  # to the right, and back up on the left, but not all of the way
        start, end = (-0.9 * above, hand.some(0.1, 0.2) * waist), (-0.9 * above, hand.some(0.5, 0.65) * waist)
        return [hand.curve(start, *round_trip[1::-1], *round_trip[:3:-1], end)]
    first = {"top right": 0, "top": 1, "left": 3, "middle": 13}[begin]
    knots = round_trip[first:] + round_trip[:first]
    (x, y), (_, last) = knots[0], knots[-1]
    short = hand.some(*gap)  # how far the end stops short of the start; below 0 it goes beyond
    if begin == "middle":
        knots.append((x + short, y + abs(short)))
    elif short < 0.05:
        knots.append((x - 0.3 * short, y + short))
    else:  # left open: the end stays away to the right
        knots[-1] = (above + 0.1, max(last - 0.1, 0.0))
        knots[0] = (x - short, y - 0.02)
    return [hand.curve(*knots)]


# **** 9 ****


def nine(hand: Hand, tail: str = "straight", loop: str = "closed") -> list[Curve]:
    width = hand.some(0.36, 0.56)
    floor = hand.some(0.34, 0.54)  # of the loop
    end = width - hand.some(0.0, 0.14)
    tails: dict[str, list[Point]] = {
        "straight": [(0.5 * (width + end) + 0.01, 0.55), (end, 1.0)],
        "curved": [
            (width, 0.55),
            (0.92 * width, 0.82),
            (0.6 * width, 0.98),
            (hand.some(-0.2, 0.1), hand.some(0.84, 0.98)),
        ],
    }
    if loop == "open below":  # around the head first; its start hangs free before the stem
        start = (width - hand.some(0.14, 0.24), floor - hand.some(0.02, 0.08))
        head: list[Point] = [start, (0.36 * width, floor), (0.0, 0.55 * floor), (0.35 * width, 0.0)]
        return [hand.curve(*head, (0.9 * width, 0.1), (width, floor), *tails[tail])]
    reach = 0.78 * width if loop == "open above" else 0.96 * width
    lift = hand.some(0.05, 0.1)
    head = [(reach, lift + 0.03), (0.5 * width, 0.0), (0.0, 0.5 * floor), (0.4 * width, floor)]
    if loop == "open above":  # the pen comes back up beside the start, not onto it
        stem_top = (width + hand.some(0.04, 0.13), hand.some(-0.02, 0.1))
    else:
        stem_top = (width + hand.some(-0.02, 0.03), hand.some(0.02, 0.14))
    head += [(0.85 * width, 0.72 * floor), stem_top]
    if loop == "apart":
        ring = hand.ring((0.5 * width, 0.5 * floor), 0.5 * width, 0.5 * floor, hand.some(-60, 20), -365)
        return [ring, hand.curve((width + hand.some(-0.03, 0.07), hand.some(-0.06, 0.2)), *tails[tail])]
    return [stroke(hand.curve(*head), hand.curve(stem_top, (width + 0.01, floor), *tails[tail]))]


STYLES: dict[int, dict[str, Style]] = {
    0: {
        "plain": zero,
        "from the side": partial(zero, start=(-25, 50)),
        "open": partial(zero, turn=(315, 338), inward=(-0.05, 0.15)),
        "curled": partial(zero, turn=(395, 430), inward=(0.35, 0.6), width=(0.6, 0.98)),
        "tailed": partial(zero, start=(-75, -20), turn=(365, 395), inward=(-0.5, -0.2)),
        "hexagon": partial(polygonal_zero, corners=(6, 7)),
        "polygon": partial(polygonal_zero, corners=(7, 9)),
        "polygon of many corners": partial(polygonal_zero, corners=(9, 11)),
        "slashed": partial(struck_zero, reach=(0.5, 1.02)),
        "slashed over": partial(struck_zero, reach=(1.02, 1.6)),
        "slashed, long and flat": partial(long_slashed_zero, angle=(LEVEL, 30)),
        "slashed, long": partial(long_slashed_zero, angle=(30, 66)),
        "slashed, long and upright": partial(long_slashed_zero, angle=(66, 98)),
        "slashed, one stroke": zero_into_slash,
        "bar inside": partial(struck_zero, reach=INSIDE, angle=(LEVEL, ASLANT), width=(0.5, 1.1)),
        "bar beyond": partial(struck_zero, reach=BEYOND, angle=(LEVEL, ASLANT), width=(0.5, 1.1)),
        "dotted": dotted_zero,
    },
    1: {
        "bar": one,
        "flag": partial(one, flag="short"),
        "curved flag": partial(one, flag="curved"),
        "long upstroke": partial(one, flag="long"),
        "flag and foot": partial(one, flag="short", foot=True),
        "hooked foot": partial(one, flag="hooked foot"),
        "lambda": lambda_one,
    },
    2: {
        "plain": two,
        "curled head": partial(two, head="curled"),
        "looped": partial(two, base="looped"),
        "wavy base": partial(two, base="wavy"),
        "angular": partial(two, head="angular"),
        "flat": flat_two,
    },
    3: {
        "round": three,
        "flat top": partial(three, top="flat"),
        "curled head": partial(three, top="curled"),
        "curled foot": partial(three, foot="curled"),
        "flat top, curled foot": partial(three, top="flat", foot="curled"),
        "middle loop": partial(three, waist="looped"),
    },
    4: {
        "open": open_four,
        "open, short stem": partial(open_four, stem=(0.3, 0.44)),
        "open, one stroke": partial(open_four, strokes=1),
        "closed": closed_four,
        "closed, one stroke": partial(closed_four, strokes=1),
        "open, long bar": partial(open_four, beyond=(0.28, 0.75)),
        "closed, long bar": partial(closed_four, beyond=(0.28, 0.75)),
    },
    5: {
        "one stroke": five,
        "hat apart": partial(five, hat="apart"),
        "curved": curved_five,
    },
    6: {
        "curved": six,
        "straight": partial(six, tail="straight"),
        "hooked": partial(six, tail="hooked"),
        "small loop": partial(six, loop=(0.27, 0.38)),
        "large loop": partial(six, loop=(0.52, 0.64)),
    },
    7: {
        "plain": seven,
        "crossed": partial(seven, crossed=True),
        "hooked": partial(seven, head="hooked"),
        "hooked, crossed": partial(seven, head="hooked", crossed=True),
        "curved stem": partial(seven, stem="curved"),
        "round, crossed": partial(seven, head="round", crossed=True),
        "wavy head": partial(seven, head="wavy", stem="curved"),
        "looped head": partial(seven, head="looped"),
        "looped head, crossed": partial(seven, head="looped", crossed=True),
        "serif": partial(seven, head="serif"),
    },
    8: {
        "two rounds": circled_eight,
        "from the top right": eight,
        "from the top": partial(eight, begin="top"),
        "from the left": partial(eight, begin="left"),
        "from the middle": partial(eight, begin="middle"),
        "open at the left": partial(eight, begin="over the top"),
        "open at the top": partial(eight, gap=(0.06, 0.14)),
        "wide open at the top": partial(eight, gap=(0.14, 0.26)),
        "small head": partial(eight, head=(0.07, 0.15), middle=(0.24, 0.36)),
        "small head, from the top": partial(eight, begin="top", head=(0.07, 0.15), middle=(0.22, 0.36)),
        "two rounds, small head": partial(circled_eight, head=(0.09, 0.16), waist=(0.24, 0.36)),
    },
    9: {
        "straight": nine,
        "curved": partial(nine, tail="curved"),
        "open above": partial(nine, loop="open above"),
        "open below": partial(nine, loop="open below"),
        "open below, curved": partial(nine, tail="curved", loop="open below"),
        "stem apart": partial(nine, loop="apart"),
    },
}

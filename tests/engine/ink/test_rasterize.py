"""Strokes become ink, image files pixels: right side up, right way round, or a clear error."""

import io
import itertools
import math
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageDraw

from engine.errors import ImageError, StrokesError
from engine.ink import rasterize
from engine.ink.picture import find_ink
from engine.ink.rasterize import (
    MARGIN,
    MAX_PIXELS,
    PAGE,
    PEN,
    SIDE,
    draw_over,
    ink_over,
    page_ink,
    page_picture,
    png,
    read_pixels,
    stroke_ink,
)
from tests.digit_templates import digit_strokes

# **** strokes ****


@pytest.mark.parametrize("digit", range(10))
def test_the_longest_side_of_the_ink_is_the_whole_side(digit):
    ink = stroke_ink(digit_strokes(digit))
    rows, cols = np.flatnonzero(ink.max(axis=1)), np.flatnonzero(ink.max(axis=0))
    assert max(np.ptp(rows), np.ptp(cols)) + 1 == pytest.approx(SIDE, abs=1)


@pytest.mark.parametrize("size", [1e-3, 1, 40, 400, 1e6])
def test_size_and_place_make_no_difference_to_the_ink(size):
    ink = stroke_ink([[(x * size + 3 * size, y * size - size) for x, y in s] for s in digit_strokes(3)])
    plain = stroke_ink(digit_strokes(3))
    rows, cols = (min(a, b) for a, b in zip(ink.shape, plain.shape, strict=True))
    assert np.abs(ink[:rows, :cols] - plain[:rows, :cols]).mean() < 0.005


def test_a_line_is_as_wide_as_the_pen_with_round_ends():
    ink = stroke_ink([[(0, 0), (100, 0)]])
    assert ink.shape[0] == pytest.approx(PEN * SIDE, abs=2)
    assert ink[:, SIDE // 2].all()
    assert not ink[0, 0]
    assert not ink[-1, -1]


@pytest.mark.parametrize("pen", [0.05, 0.1, 0.2])
def test_another_pen_draws_lines_of_its_width_and_as_large_a_digit(pen):
    ink = stroke_ink([[(0, 0), (100, 0)]], pen=pen)
    assert ink[:, SIDE // 2].sum() == pytest.approx(pen * SIDE, abs=1)
    assert ink.shape[1] == SIDE


def test_joins_leave_no_gap():
    ink = stroke_ink([[(0, 0), (50, 100), (100, 0)]])
    # around the sharp turn at the bottom, every pixel nearer than the pen's radius is inked
    rows, cols = np.mgrid[: ink.shape[0], : ink.shape[1]]
    radius = PEN * SIDE / 2
    tip = ink.shape[0] - radius, ink.shape[1] / 2
    near = np.hypot(rows + 0.5 - tip[0], cols + 0.5 - tip[1]) < radius - 1.5
    assert ink[near].all()


def test_a_dot_is_a_disc_of_the_pens_width():
    for strokes in ([[(7, 7)]], [[(7, 7), (7, 7)]], [[(7, 7)], [(7, 7)]]):
        ink = stroke_ink(strokes)
        assert ink.shape == (21, 21)
        assert ink.sum() == pytest.approx(np.pi * (PEN * SIDE / 2) ** 2, rel=0.1)


def test_strokes_without_points_leave_no_ink():
    assert stroke_ink([]).size == 0
    assert stroke_ink([[], []]).size == 0


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_point_that_is_not_finite_is_refused(bad):
    with pytest.raises(StrokesError, match="not finite"):
        stroke_ink([[(0, 0), (bad, 1)]])


@given(st.lists(st.lists(st.tuples(st.integers(-500, 500), st.integers(-500, 500)), max_size=6), max_size=4))
def test_any_strokes_give_ink_between_0_and_1(strokes):
    ink = stroke_ink(strokes)
    assert ink.dtype == np.float32
    assert max(ink.shape) <= SIDE + 1
    assert (ink.size == 0) == (not any(strokes))
    assert not ink.size or (ink.min() >= 0 and ink.max() == 1)


# **** strokes over a picture ****

BLANK = np.zeros((PAGE, PAGE), np.float32)


@pytest.mark.parametrize("shape", [(10, 20), (640, 1280), (500, 1000)])
def test_a_picture_fills_its_page_by_the_longer_side_and_lies_in_the_middle(shape):
    page = page_ink(np.ones(shape, np.float32))
    assert page.shape == (PAGE, PAGE)
    rows, cols = np.flatnonzero(page.any(axis=1)), np.flatnonzero(page.any(axis=0))
    assert (cols[0], cols[-1]) == (0, PAGE - 1)
    assert (rows[0], rows[-1]) == pytest.approx((PAGE / 4, 3 * PAGE / 4 - 1), abs=1)


def test_a_hairline_is_not_lost_on_the_page():
    picture = np.zeros((1000, 1000), np.float32)
    picture[501] = 1
    assert page_ink(picture).max() > 0.9


@pytest.mark.parametrize("shape", [(1, 1), (1, 1000), (1000, 1)])
def test_the_smallest_and_narrowest_pictures_have_a_page(shape):
    assert page_ink(np.ones(shape, np.float32)).max() == 1


def test_strokes_are_added_to_the_ink_of_the_page_which_stays_as_it_was():
    page = BLANK.copy()
    page[:40] = 0.5
    ink = draw_over(page, [[(0.25, 0.5), (0.75, 0.5)]], width=10)
    assert ink.shape == (PAGE, PAGE)
    assert ink[PAGE // 2, PAGE // 2] == 1
    assert ink[PAGE // 2 + 8, PAGE // 2] == 0
    assert ink[20, 20] == 0.5
    assert not page[40:].any()


def test_the_page_grows_where_a_stroke_leaves_it():
    ink = draw_over(BLANK + 1, [[(0.5, 0.5), (-0.5, 0.5)], [(0.5, 0.5), (0.5, 1.25)]], width=10)
    assert ink.shape == pytest.approx((1.25 * PAGE, 1.5 * PAGE), abs=8)
    assert ink[:PAGE, -PAGE:].all()  # the page itself
    assert ink[PAGE // 2, 10] == 1
    assert ink[-10, -PAGE // 2] == 1


def test_a_stroke_is_not_followed_without_end():
    ink = draw_over(BLANK, [[(0.5, 0.5), (1e9, -1e9)]], width=10)
    assert max(ink.shape) <= (1 + MARGIN) * PAGE + 8


@pytest.mark.parametrize("nothing", [[], [[]]])
def test_without_strokes_the_page_stays(nothing):
    assert draw_over(BLANK, nothing, width=10) is BLANK


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_point_that_is_not_finite_is_refused_on_a_page_too(bad):
    with pytest.raises(StrokesError, match="not finite"):
        draw_over(BLANK, [[(0.5, bad)]], width=10)


def ink_drawn_at_once(strokes):
    """What stroke_ink is: every point anew, on one canvas."""
    points = np.array([point for stroke in strokes for point in stroke], float)
    start, extent = points.min(axis=0), np.ptp(points, axis=0)
    line = PEN * SIDE
    scale = (SIDE - line) / extent.max() if extent.max() else 0.0
    canvas = Image.new("L", [math.ceil(side * scale + line) for side in extent])
    draw = ImageDraw.Draw(canvas)
    for stroke in strokes:
        placed = [tuple((np.array(point) - start) * scale + line / 2) for point in stroke]
        corners, travelled = placed[:1], 0.0
        for before, point in itertools.pairwise(placed):
            whole = math.floor(travelled)
            travelled += math.dist(before, point)
            if travelled >= whole + 1:
                corners.append(point)
        if corners[-1] is not placed[-1]:
            corners.append(placed[-1])
        if len(corners) > 1:
            draw.line(corners, fill=255, width=round(line))
        for x, y in corners:
            draw.ellipse((x - line / 2, y - line / 2, x + line / 2 - 1, y + line / 2 - 1), fill=255)
    return np.asarray(canvas) / np.float32(255)


coordinates = st.integers(0, 300) | st.floats(0, 300)
actions = st.tuples(coordinates, coordinates) | st.sampled_from(["lift", "undo", "redo"])


@given(st.lists(actions, max_size=60))
@example([(7 * i % 300, 11 * i % 290) for i in range(60)])
@example([(0, 0), (300, 300), *((150 + i / 3, 100 + i % 2) for i in range(40))])  # less than a pixel apart
@example([(0, 0), (300, 300), "lift", (150, 100), (151.6, 100), "lift", (20, 20), (20, 21.6), "lift", (4, 6)])
def test_a_drawing_that_grows_and_shrinks_has_the_ink_of_all_of_it_drawn_at_once(actions):
    strokes, undone, is_down = [], [], False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rasterize, "LONG", 3)  # so that a few points are remembered
        patch.setattr(rasterize, "_remembered", {})
        for action in actions:
            if isinstance(action, tuple):
                strokes, undone = [*strokes, []] if not is_down else strokes, []
                strokes[-1].append(action)
            elif action == "undo" and strokes:
                undone.append(strokes.pop())
            elif action == "redo" and undone:
                strokes.append(undone.pop())
            is_down = isinstance(action, tuple)
            if strokes:
                assert np.array_equal(stroke_ink(strokes), ink_drawn_at_once(strokes))


@given(st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=6))
@example([(100, 100), (250, 90)])  # beyond the box of what lies under it
def test_a_stroke_over_others_has_the_ink_of_all_of_them(stroke):
    under = [[(50, 50), (220, 60), (130, 240)], [(60, 150), (180, 140)]]
    over = ink_over(under)
    for more in (stroke, stroke[::-1]):  # what came first has left no ink
        assert np.array_equal(over(more), ink_drawn_at_once([*under, more]))


@pytest.fixture
def discs(monkeypatch):
    """The ends and joins that are drawn."""
    drawn = []
    ellipse = ImageDraw.ImageDraw.ellipse
    monkeypatch.setattr(
        ImageDraw.ImageDraw, "ellipse", lambda draw, *xy, **more: drawn.append(ellipse(draw, *xy, **more))
    )
    monkeypatch.setattr(rasterize, "_remembered", {})
    return drawn


def wandering(start, points=2000):
    """A long stroke, which spans the same box whatever is added to it."""
    return [(300, 300), (0, 0), *((5 * i % 300, 7 * i % 290) for i in range(start, start + points))]


def test_what_is_added_to_a_long_drawing_is_all_that_is_drawn(discs):
    stroke = wandering(0)
    stroke_ink([stroke])
    assert len(discs) > 2000
    stroke += [(150, 150)]
    for more in ([stroke], [stroke, [(20, 20)]], [stroke, [(20, 20), (90, 40)], [(60, 9)]]):
        discs.clear()
        stroke_ink(more)
        assert 1 <= len(discs) <= 4


def test_several_drawings_are_remembered_and_the_oldest_forgotten(discs):
    drawings = [[wandering(start)] for start in range(rasterize.REMEMBERED + 1)]
    for start, drawing in enumerate(drawings):
        drawing[0][0] = (300, 300 + start)  # they are known by their first points
        stroke_ink(drawings[0])
        stroke_ink(drawing)
    for forgotten, drawing in ((False, drawings[0]), (True, drawings[1]), (False, drawings[-1])):
        discs.clear()
        stroke_ink(drawing)
        assert (len(discs) > 2000) == forgotten


def test_points_that_are_changed_after_they_were_drawn_are_drawn_anew():
    stroke = [list(point) for point in wandering(0)]
    stroke_ink([stroke])
    stroke[7][:] = 10, 280
    assert np.array_equal(stroke_ink([stroke]), ink_drawn_at_once([stroke]))


# **** image files ****


@pytest.fixture
def digit():
    """(60, 50) uint8, a bright two on black with a margin."""
    page = np.zeros((60, 50), np.uint8)
    ink = stroke_ink(digit_strokes(2))[::4, ::4]
    page[10 : 10 + ink.shape[0], 8 : 8 + ink.shape[1]] = ink * 255
    return page


@pytest.mark.parametrize("kind", ["png", "bmp", "gif", "webp", "tif"])
def test_the_pixels_of_an_image_are_read(tmp_path, digit, kind):
    path = tmp_path / f"digit.{kind}"
    Image.fromarray(digit).save(path, **({"lossless": True} if kind == "webp" else {}))
    pixels = read_pixels(path)
    grey = pixels if pixels.ndim == 2 else pixels[..., 1]  # some formats always have colours
    assert np.abs(grey - digit / 255).max() < 0.01


def test_colours_stay_colours(tmp_path):
    Image.new("RGB", (9, 7), (255, 102, 0)).save(tmp_path / "orange.png")
    pixels = read_pixels(tmp_path / "orange.png")
    assert pixels.shape == (7, 9, 3)
    assert pixels[3, 3].tolist() == pytest.approx([1, 0.4, 0])


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 30, 30)])
def test_any_ink_on_transparent_paper_is_read(tmp_path, digit, colour):
    rgba = np.zeros((*digit.shape, 4), np.uint8)
    rgba[..., :3] = colour
    rgba[..., 3] = digit
    Image.fromarray(rgba).save(tmp_path / "clear.png")
    ink = find_ink(read_pixels(tmp_path / "clear.png")).ink
    assert np.abs(ink - find_ink(digit / np.float32(255)).ink).mean() < 0.01


@pytest.mark.parametrize("dark", [True, False])
def test_a_sheet_on_transparency_goes_on_in_its_own_colour(tmp_path, digit, dark):
    sheet, ink = (255, 40) if dark else (30, 250)
    rgba = np.zeros((100, 100, 4), np.uint8)
    rgba[20:80, 25:75, :3] = np.where(digit > 128, ink, sheet)[..., None]
    rgba[20:80, 25:75, 3] = 255
    Image.fromarray(rgba).save(tmp_path / "window.png")
    pixels = read_pixels(tmp_path / "window.png")
    assert np.allclose(pixels[:20], sheet / 255)
    assert np.allclose(pixels[20:80, 25:75, 0], np.where(digit > 128, ink, sheet) / 255)


def test_what_is_all_transparent_is_an_empty_page(tmp_path):
    Image.new("RGBA", (40, 30), (9, 9, 9, 0)).save(tmp_path / "nothing.png")
    assert np.ptp(read_pixels(tmp_path / "nothing.png")) == 0


def test_palette_images_with_transparency_are_read(tmp_path, digit):
    image = Image.fromarray((digit > 128).astype(np.uint8), mode=None).convert("P")
    image.putpalette([255, 0, 255, 0, 0, 0])
    image.save(tmp_path / "palette.gif", transparency=0)
    pixels = read_pixels(tmp_path / "palette.gif")
    assert np.array_equal(pixels[..., 0] < 0.5, digit > 128)


@pytest.mark.parametrize("kind", ["png", "tif"])
def test_sixteen_bit_grey_is_not_clipped(tmp_path, digit, kind):
    Image.fromarray(digit.astype(np.uint16) * 257).save(tmp_path / f"deep.{kind}")
    assert np.abs(read_pixels(tmp_path / f"deep.{kind}") - digit / 255).max() < 0.01


def test_a_photo_lying_on_its_side_is_set_upright(tmp_path, digit):
    image = Image.fromarray(digit).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn 90 degrees clockwise to view
    image.save(tmp_path / "turned.png", exif=exif)
    assert np.abs(read_pixels(tmp_path / "turned.png") - digit / 255).max() < 0.01


def test_a_large_image_is_reduced(tmp_path):
    image = Image.new("1", (8000, 6000), 1)
    image.paste(0, (2000, 1000, 3000, 5000))
    image.save(tmp_path / "large.png")
    pixels = read_pixels(tmp_path / "large.png")
    assert max(pixels.shape) <= 512
    assert 1 - pixels.mean() == pytest.approx(1000 * 4000 / (8000 * 6000), rel=0.05)


@pytest.mark.parametrize(
    ("size", "factor"),
    [
        ((100, 80), 1),
        ((512, 512), 1),
        ((900, 900), 2),
        ((4000, 3000), 8),
        ((120, 3360), 1),  # a strip of digits: 120 px are as narrow as may be
        ((500, 6000), 4),
        ((7000, 200), 2),  # 700,000 pixels would be left, not too many
        ((50_000, 300), 4),  # rather narrow than millions of pixels
    ],
)
def test_a_long_strip_is_reduced_less_unless_it_is_very_large(size, factor):
    for width, height in (size, size[::-1]):
        assert rasterize.reduction(width, height, 512, 112) == factor


def test_a_photograph_is_decoded_small(tmp_path, digit, monkeypatch):
    """A JPEG of many megapixels costs little more than one of a tenth of them."""
    Image.fromarray(np.kron(digit, np.ones((40, 40), np.uint8))).save(tmp_path / "photo.jpg", quality=90)
    monkeypatch.setattr(rasterize, "reduction", lambda *size: 1)  # it is not made smaller later
    pixels = read_pixels(tmp_path / "photo.jpg")
    assert pixels.shape == (600, 500)
    assert np.abs(pixels[5::10, 5::10] - digit / 255).mean() < 0.02


@pytest.mark.parametrize("kind", ["photo.jpg", "turned.jpg", "drawing.png", "glass.png", "small.gif"])
def test_pixels_at_several_sizes_are_those_at_each(tmp_path, digit, monkeypatch, kind):
    image = Image.fromarray(np.kron(digit, np.ones((30, 40), np.uint8)))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6 if kind == "turned.jpg" else 1
    if kind == "glass.png":
        image.putalpha(image.copy())
    image.save(tmp_path / kind, exif=exif)
    opened = []
    real = Image.open
    monkeypatch.setattr(Image, "open", lambda *args, **kwargs: opened.append(args) or real(*args, **kwargs))
    together = rasterize.read_pixels_at(tmp_path / kind, [512, 1024, 200])
    assert len(opened) == (3 if kind.endswith("jpg") else 1)  # a JPEG is decoded as small as will do
    for pixels, side in zip(together, [512, 1024, 200], strict=True):
        assert np.array_equal(pixels, read_pixels(tmp_path / kind, side=side))


def test_more_pixels_are_read_where_more_are_asked_for(tmp_path, digit):
    Image.fromarray(np.kron(digit, np.ones((40, 40), np.uint8))).save(tmp_path / "photo.jpg", quality=90)
    sizes = [max(read_pixels(tmp_path / "photo.jpg", side=side).shape) for side in (512, 1024, 5000)]
    assert sizes[0] < 512 < sizes[1] <= 1024 < sizes[2] == 2400


@pytest.fixture
def heic(tmp_path):
    path = tmp_path / "photo.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    return path


def test_a_heic_asks_for_what_reads_it(heic, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # as if it were not installed
    with pytest.raises(ImageError, match=r"photo\.heic is a HEIC photograph\. Install pillow-heif"):
        read_pixels(heic)


def test_a_heic_is_read_where_the_plug_in_is(heic, monkeypatch, digit):
    opened = []

    def open_heic(file, *, formats):
        opened.append(formats)
        return Image.fromarray(digit)

    plug_in = SimpleNamespace(register_heif_opener=lambda: monkeypatch.setattr(Image, "open", open_heic))
    monkeypatch.setitem(sys.modules, "pillow_heif", plug_in)
    assert np.abs(read_pixels(heic) - digit / 255).max() < 0.01
    assert opened == [("HEIF",)]


def test_more_than_50_megapixels_are_refused(tmp_path):
    for side in (7072, 14_200):  # just above the limit, and where Pillow itself gives up
        Image.new("1", (side, side)).save(tmp_path / "huge.png")
        assert side * side > MAX_PIXELS
        with pytest.raises(ImageError, match="50 megapixels"):
            read_pixels(tmp_path / "huge.png")


def test_files_that_are_no_images_are_told_apart(tmp_path, digit):
    missing, empty, text, cut = (tmp_path / f"{name}.png" for name in ("missing", "empty", "text", "cut"))
    empty.touch()
    text.write_text("no picture")
    Image.fromarray(digit).save(cut)
    cut.write_bytes(cut.read_bytes()[:-60])
    for path, problem in (
        (missing, "There is no file"),
        (empty, r"empty \(0 bytes\)"),
        (text, "no image that can be read here"),
        (cut, "may be cut off or damaged"),
        (tmp_path, "cannot be opened"),
    ):
        with pytest.raises(ImageError, match=problem):
            read_pixels(path)


@given(st.binary(max_size=300), st.integers(0, 2**32 - 1))
def test_damage_anywhere_in_a_file_is_an_image_error_or_harmless(tmp_path_factory, junk, where):
    path = tmp_path_factory.mktemp("damage") / "digit.png"
    Image.fromarray(np.tile(np.arange(64, dtype=np.uint8) * 4, (64, 1))).save(path)
    content = bytearray(path.read_bytes())
    start = where % len(content)
    content[start : start + len(junk)] = junk
    path.write_bytes(content)
    try:
        pixels = read_pixels(path)
    except ImageError:
        return
    assert np.isfinite(pixels).all()


def test_a_file_of_more_than_is_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.ink.rasterize.MAX_BYTES", 100)
    (tmp_path / "a.png").write_bytes(bytes(101))
    with pytest.raises(ImageError, match=r"a\.png has 101 bytes; at most 100 are read"):
        read_pixels(tmp_path / "a.png")


@pytest.mark.parametrize("error", [IndexError("index out of range"), MemoryError(), RecursionError()])
def test_whatever_a_decoder_raises_is_told(tmp_path, monkeypatch, error):
    def fail(*arguments, **more):
        raise error

    monkeypatch.setattr(Image, "open", fail)
    (tmp_path / "a.png").write_bytes(b"damaged")
    with pytest.raises(ImageError, match=r"a\.png cannot be read: .*\. It may be cut off or damaged"):
        read_pixels(tmp_path / "a.png")


def test_a_page_for_people_has_smooth_edges_and_the_picture_under_its_strokes():
    picture = np.zeros((10, 20), np.float32)
    picture[:, :5] = 1
    page = page_picture([[(0.5, 0.5), (0.9, 0.5)]], picture, side=200, width=0.1)
    assert page.shape == (200, 200)
    assert page[100, 140] == 1
    assert page[:, 140].sum() == pytest.approx(20, rel=0.1)
    assert page[100, 20] == pytest.approx(1, abs=0.05)
    assert page[20, 20] == 0
    assert len(np.unique(page)) > 4


def test_ink_becomes_a_png_black_on_white():
    ink = np.array([[0, 1], [0.5, 0]], np.float32)
    with Image.open(io.BytesIO(png(ink))) as image:
        assert np.asarray(image).tolist() == [[255, 0], [128, 255]]


@pytest.mark.parametrize(
    ("orientation", "size"), [(None, (30, 20)), (3, (30, 20)), (6, (20, 30)), (8, (20, 30))]
)
def test_the_size_of_an_image_is_that_of_the_upright_one(tmp_path, orientation, size):
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    Image.new("L", (30, 20)).save(tmp_path / "image.jpg", exif=exif)
    assert rasterize.image_size(tmp_path / "image.jpg") == size

"""--mode augment: a picture of training digits, each beside its variants."""

from matplotlib.figure import Figure
from PIL import Image

from app.commands import augment
from app.data import sources
from engine import Dataset
from engine.datasets import mixture, strokes
from engine.datasets.dataset import as_ink
from tests.app.command_line import one_line
from tests.digit_templates import digit_images


def test_a_picture_of_variants_is_saved(run, data, tmp_path, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    path = tmp_path / "a.png"
    assert run("--mode", "augment", "--data", data, "--save", path) == (0, f"saved {path}\n", "")
    with Image.open(path) as image:
        assert image.width > 800


def test_a_picture_repeats_and_is_of_what_was_asked_for(run, data, tmp_path, monkeypatch):
    pictures = []

    def seen(images, variants, title):
        pictures.append((images.tobytes(), variants.tobytes(), title))
        return Figure()

    def picture(*more):
        assert run("--mode", "augment", "--data", data, "--save", tmp_path / "a.png", *more)[0] == 0
        return pictures.pop()

    monkeypatch.setattr("app.reports.figures.variants_page", seen)
    (tmp_path / "strong.toml").write_text("[augmentation]\nrotation = 40\n")
    plain = picture()
    assert picture() == plain
    others = [
        picture("--seed", 1),
        picture("--augmentation", "elastic=1@0.5"),
        picture("--config", tmp_path / "strong.toml"),
        picture("--architecture", "best"),
    ]
    for kind in (0, 1):  # the seed chooses other images; each has other variants, whatever the title says
        assert others[0][kind] != plain[kind]
    assert len({variants for _, variants, _ in (plain, *others)}) == 5


def test_drawings_are_shown_without_rendering_an_epoch_of_them(run, data, tmp_path, monkeypatch):
    rendered = []
    original = mixture.render

    def counted(drawings, **options):
        rendered.extend(drawings)
        return original(drawings, **options)

    monkeypatch.setattr(strokes, "render", counted)
    monkeypatch.setattr(mixture, "render", counted)
    monkeypatch.setattr(augment, "ENOUGH", 40)
    arguments = ["--mode", "augment", "--data", data, "--dataset", "mnist,synthetic,not-digits:0.001"]
    assert run(*arguments, "--save", tmp_path / "a.png")[0] == 0
    assert len(rendered) == 80


def test_a_class_without_an_example_is_left_out_of_the_picture(run, tmp_path, monkeypatch, rng):
    images, labels = digit_images(60, rng)
    few = Dataset(images[labels % 3 == 0], labels[labels % 3 == 0])
    monkeypatch.setitem(
        sources.SOURCES, "mnist", sources.Source("MNIST", lambda folder: True, lambda *a: few)
    )
    shown = []
    monkeypatch.setattr(
        "app.reports.figures.variants_page", lambda images, *more: shown.append(images) or Figure()
    )
    assert run("--mode", "augment", "--data", tmp_path, "--save", tmp_path / "a.png")[0] == 0
    (images,) = shown
    of = {image.tobytes(): label for image, label in zip(as_ink(few.images), few.labels, strict=True)}
    assert [of[image.tobytes()] for image in images] == [0] * 4 + [3] * 4 + [6] * 4 + [9] * 4


def test_no_augmentation_cannot_be_shown(run, data, tmp_path):
    arguments = ["--mode", "augment", "--data", data, "--save", tmp_path / "a.png"]
    status, _, err = run(*arguments, "--augmentation", "none")
    assert status == 1
    assert one_line(err)
    assert "There is nothing to show" in err
    status, _, err = run(*arguments, "--augmentation", "flip=0.5,shift=2")
    assert status == 1
    assert "FlipAndShift is not made for MNIST's images" in err

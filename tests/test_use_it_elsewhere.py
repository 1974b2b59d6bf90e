"""docs/use-it-elsewhere.md: its programs frame and read as this program does; its examples are true."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from engine import Recognizer
from engine.ink.preprocessing import frame
from engine.ink.rasterize import stroke_ink
from engine.storage.export import export_network

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "use-it-elsewhere.md").read_text(encoding="utf-8")
EXAMPLES = sorted((ROOT / "assets" / "framing").glob("*.json"))


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def example(path):
    told = json.loads(path.read_text(encoding="utf-8"))
    return told["strokes"], np.array(told["image"]).reshape(28, 28)


def alike(image, expected):
    """As the page asks of other implementations."""
    difference = np.abs(image - expected)
    return difference.mean() < 0.01 and difference.max() < 0.2


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_worked_examples_are_what_the_engine_frames(path):
    strokes, image = example(path)
    assert frame(stroke_ink(strokes)) == pytest.approx(image, abs=6e-5)  # they have four digits
    assert path.name in PAGE


def test_there_are_three_of_them():
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_pages_python_frames_alike(path):
    program = {}
    exec(blocks("python")[0], program)
    strokes, image = example(path)
    assert alike(program["frame"](strokes), image)


@pytest.mark.parametrize("name", ["seven", "three"])
def test_the_pages_python_reads_what_this_program_reads(name, tmp_path, monkeypatch, capsys):
    export_network([ROOT / "saved_network"], tmp_path / "digits.onnx")
    shutil.copy(ROOT / "assets" / "framing" / f"{name}.json", tmp_path / "drawing.json")
    monkeypatch.chdir(tmp_path)
    exec("\n".join(blocks("python")), {})
    strokes, _ = example(ROOT / "assets" / "framing" / f"{name}.json")
    prediction = Recognizer.load(ROOT / "saved_network").recognize(strokes)
    assert capsys.readouterr().out == f"{prediction.digit} {prediction.confidence:.1%}\n"


def test_the_pages_programs_that_read_have_a_dozen_lines():
    assert len(blocks("python")[1].splitlines()) <= 12
    assert len(blocks("javascript")[1].splitlines()) <= 12


def test_the_pages_threshold_is_that_of_the_network_that_ships():
    (told,) = re.findall(r"leastEvidence = ([\d.]+)", PAGE)
    rejection = Recognizer.load(ROOT / "saved_network").confidence.rejection
    assert float(told) == pytest.approx(rejection.least_evidence, abs=0.005)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js to run the page's JavaScript")
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_pages_javascript_frames_alike(path):
    strokes, image = example(path)
    program = f"{blocks('javascript')[0]}\nconsole.log(JSON.stringify([...frame({json.dumps(strokes)})]));"
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    assert alike(np.array(json.loads(done.stdout)).reshape(28, 28), image)

"""scripts/inside_pictures.py: pictures of the real window, in both themes."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scripts.inside_pictures import SIZE

ROOT = Path(__file__).resolve().parents[1]
# In a process of its own: Tk ends the one whose screen is gone.
SCRIPT = """
import sys
from pathlib import Path
from scripts import inside_pictures
inside_pictures.REST_S = 0.1
inside_pictures.main(Path(sys.argv[1]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it takes a screen in memory")
def test_it_makes_a_light_and_a_dark_picture_that_show_something(tmp_path):
    subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], cwd=ROOT, check=True)
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == ["inside-layers.png", "inside-why.png"]
    light, dark = (np.asarray(Image.open(path).convert("L")) for path in paths)
    assert light.shape == dark.shape == SIZE[::-1]
    assert np.median(light) > 200 > 80 > np.median(dark)
    blank = [np.mean(picture == np.median(picture)) for picture in (light, dark)]
    assert max(blank) < 0.9

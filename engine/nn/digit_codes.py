"""The ten target codes of LeNet-5's output units, as LeCun et al. (1998) describe them in section II-B.

Each digit is a stylised 7x12 bitmap of the digit itself, +1 where it has ink and -1 where not, in the order
of rows; the 84 units of F6 are meant to look like it. Drawn for this project: the paper shows its own in
figure 3, which these are not copies of.
"""

import numpy as np
import numpy.typing as npt

_BITMAPS = """
 .#####. ...##.. .#####. .#####. .....#. ####### ..####. ####### .#####. .#####.
 ##...## ..###.. ##...## ##...## ....##. ##..... .##.... .....## ##...## ##...##
 #.....# .####.. #.....# #.....# ...###. ##..... ##..... .....## #.....# #.....#
 #.....# ...##.. .....## ......# ..##.#. ##..... #...... ....##. #.....# #.....#
 #.....# ...##.. .....#. .....## .##..#. ##..... #...... ....##. ##...## ##...##
 #.....# ...##.. ....##. ..####. ##...#. ######. #.####. ...##.. .#####. .######
 #.....# ...##.. ...##.. .....## #....#. .....## ##...## ...##.. .#####. ......#
 #.....# ...##.. ..##... ......# ####### ......# #.....# ..##... ##...## ......#
 #.....# ...##.. .##.... ......# .....#. ......# #.....# ..##... #.....# ......#
 #.....# ...##.. ##..... #.....# .....#. #.....# #.....# ..##... #.....# .....##
 ##...## ...##.. #...... ##...## .....#. ##...## ##...## .##.... ##...## ....##.
 .#####. .#####. ####### .#####. .....#. .#####. .#####. .##.... .#####. .####..
"""


def digit_codes() -> npt.NDArray[np.float32]:
    """(10, 84) codes of ±1, a row a digit."""
    rows = [line.split() for line in _BITMAPS.strip().splitlines()]
    bitmaps = ["".join(row[digit] for row in rows) for digit in range(10)]
    return np.array([[1 if cell == "#" else -1 for cell in bitmap] for bitmap in bitmaps], np.float32)

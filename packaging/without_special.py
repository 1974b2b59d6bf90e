"""What the bundle has in the place of scipy.special: nothing.

scipy.ndimage imports it for one function, which rotates and is not called here, and it would bring a second
BLAS along: 35 of 150 MB. PyInstaller runs this before the program.
"""

import sys
from types import ModuleType

sys.modules["scipy.special"] = ModuleType("scipy.special", __doc__)

"""What is typed and what is said: stroke files to read, and errors of one line."""

import json

from tests.digit_templates import digit_strokes


def one_line(text):
    return text.count("\n") == 1 and text.endswith("\n")


def stroke_line(digit, **extra):
    return json.dumps({"label": digit, "strokes": digit_strokes(digit), **extra}) + "\n"

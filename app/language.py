"""The language that the program speaks: sentences are marked by `_`, and translated when they are shown.

A sentence is a whole message with named gaps, so that another language may put them in another order:
`_("Opened {name}.").format(name=name)`. What counts something has two forms, chosen by `ngettext`.
Nothing is translated while a module is imported: the language may change while the window is open.

A language is a file, `locale/it.po` for Italian, which Babel reads; so who adds one compiles nothing.
The command line speaks English, for what it prints is read by programs, too; the report that it writes is for
people, in their language.
"""

from __future__ import annotations

import io
import locale
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

LOCALE = Path(__file__).resolve().parent / "locale"
SOURCE = "en"  # what the sentences of the code are written in


@dataclass(frozen=True)
class Language:
    """A language that the program speaks: its code, "it", and its own name, "italiano"."""

    code: str
    name: str


_translations: NullTranslations = NullTranslations()
_code = SOURCE


def _(message: str) -> str:
    """The message in the language that is spoken."""
    return _translations.gettext(message)


def N_(message: str) -> str:
    """The message as it is: it stands in a table, and is translated when it is shown."""
    return message


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form of the message that goes with a number."""
    return _translations.ngettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    """The message in the language that is spoken, where one English word has several meanings."""
    return _translations.pgettext(context, message)


def decimal(number: float, places: int = 0) -> str:
    """A number with so many places behind the point, as it is written where the language is spoken."""
    if _code == SOURCE:
        return f"{number:,.{places}f}"
    from babel.numbers import format_decimal  # here: a tenth of a second that English does without

    return format_decimal(round(number, places), f"#,##0.{'0' * places}" if places else "#,##0", locale=_code)


def significant(number: float, digits: int) -> str:
    """A number with so many digits that count, as in 0.0171234, whatever its size; zero has no sign."""
    if not number:
        return "0"
    if _code == SOURCE:
        return f"{number:.{digits}g}"
    from babel.numbers import format_decimal

    return format_decimal(number, "@" + "#" * (digits - 1), locale=_code)


def listed(things: Sequence[str]) -> str:
    """As in: MNIST, pen digits and drawings."""
    from babel.lists import format_list  # here, as above

    return format_list(things, locale=_locale())


def unbroken(text: str) -> str:
    """The text, in which no line ends between a number and its per cent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def day_in_words(day: date) -> str:
    """As in: 7 March 2026."""
    from babel.dates import format_date  # here: nor is it needed until a report is written

    return format_date(day, "long", locale=_locale())


def _locale() -> str:
    return "en_GB" if _code == SOURCE else _code


def speak(code: str | None) -> None:
    """Choose the language; None, or one without a file, stands for the system's, and that for English."""
    global _translations, _code
    known = {language.code for language in languages()}
    _code = code if code in known else _of_the_system(known)
    _translations = NullTranslations() if _code == SOURCE else _read(LOCALE / f"{_code}.po")


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Speak a language for a while, and then again what was spoken before."""
    global _translations, _code
    before = _translations, _code
    speak(code)
    try:
        yield
    finally:
        _translations, _code = before


def speak_by(translations: NullTranslations) -> None:
    """Take the messages from these translations, as a test of a made-up language does."""
    global _translations
    _translations = translations


def spoken() -> str:
    """The code of the language that is spoken."""
    return _code


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    """All that can be chosen, English first."""
    codes = sorted(path.stem for path in LOCALE.glob("*.po"))
    return (Language(SOURCE, "English"), *(Language(code, _own_name(code)) for code in codes))


def _own_name(code: str) -> str:
    with (LOCALE / f"{code}.po").open(encoding="utf-8") as file:
        for line in file:
            if line.startswith('"Language-Team: '):  # beside the code: Babel takes 50 ms to know the name
                return line.removeprefix('"Language-Team: ').split("\\n")[0].split(" <")[0]
    return code


def _of_the_system(known: set[str]) -> str:
    """As gettext finds it: the first of LANGUAGE that there is, else that of the locale."""
    wanted = os.environ.get("LANGUAGE", "").split(":")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            wanted.append(os.environ[name])
            break
    else:
        wanted.append(locale.getlocale()[0] or "")  # Windows and macOS set no variable
    codes = (name.replace("-", "_").split(".")[0].split("_")[0].lower() for name in wanted)
    return next((code for code in codes if code in known), SOURCE)


def _read(path: Path) -> NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)

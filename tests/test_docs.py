"""The documents keep up with the program: links lead somewhere, commands parse, sessions are what comes."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from app import VERSION, cli, language
from app.cli import _parser
from app.store.networks import SHIPPED
from engine.storage.saved_network import load_facts
from tests import test_architecture
from tests.digit_templates import write_mnist

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
DOCUMENTS = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def read(path):
    return path.read_text(encoding="utf-8")


def ids(paths):
    return [path.name for path in paths]


def commands(text):
    """The arguments of every `python main.py …` that the text shows, up to a pipe or a comment."""
    for line in re.findall(r"python main\.py([^`\n]*)", text):
        yield shlex.split(re.split(r" [|#>] ?", line)[0])


def sessions(text):
    """(arguments, output) of each command in the text's console blocks."""
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for part in re.split(r"^\$ python main\.py ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield shlex.split(command), output


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids(DOCUMENTS))
def test_every_link_to_a_file_leads_to_one(path):
    for target in re.findall(r"\]\(([^)]+)\)", read(path)):
        if not re.match(r"https?://|#", target):
            assert (path.parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids(DOCUMENTS))
def test_no_document_names_a_folder_of_one_machine(path):
    assert not re.findall(r"(?:^|[\s`(\"'])(?:/(?:home|root|work|tmp|Users|usr)/|[A-Z]:\\)\S*", read(path))


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids(DOCUMENTS))
def test_every_command_shown_is_one_that_the_program_takes(path):
    for arguments in commands(read(path)):
        if arguments == ["--help"]:
            continue
        parser = _parser()
        options = parser.parse_args(arguments)  # SystemExit where it does not parse
        cli._refuse_strays(parser, options, cli.MODES[options.mode])


def test_the_readme_shows_commands_of_every_mode():
    shown = {_parser().parse_args(a).mode for a in commands(read(README)) if a != ["--help"]}
    assert shown == set(cli.MODES)


def test_every_option_is_told():
    options = {name for action in _parser()._actions for name in action.option_strings if name[:2] == "--"}
    told = "".join(read(path) for path in DOCUMENTS)
    assert sorted(name for name in options if name not in told) == []


def test_the_version_is_the_same_everywhere():
    assert f'version = "{VERSION}"' in read(ROOT / "pyproject.toml").splitlines()
    assert re.findall(r"^## ([\d.]+)", read(ROOT / "CHANGELOG.md"), re.MULTILINE)[0] == VERSION


def test_every_key_is_told():
    from app.gui.actions import actions

    language.speak("en")
    for action in actions("x11"):
        for key in action.keys:
            assert key.label in read(README), key.label


def test_every_module_has_its_place_in_the_picture():
    picture = read(ARCHITECTURE)
    by_folder = [ROOT / "app" / folder for folder in ("gui/widgets", "gui/dialogs", "commands")]
    modules = [
        path
        for path in [*ROOT.glob("engine/**/*.py"), *ROOT.glob("app/**/*.py")]
        if path.name != "__init__.py" and path.parent not in by_folder
    ]
    assert sorted(path.name for path in modules if path.name not in picture) == []


def test_the_arrows_of_the_picture_are_those_that_a_test_holds():
    tables = {**test_architecture.ENGINE, **test_architecture.APP}
    told = dict(re.findall(r"^ +(?:engine|app)? *(\w+) +-> ([a-z_ ]+)$", read(ARCHITECTURE), re.MULTILINE))
    assert told == {room: names for room, names in tables.items() if names}


@pytest.mark.parametrize("path", DOCUMENTS + REQUIREMENTS, ids=ids(DOCUMENTS + REQUIREMENTS))
def test_every_module_that_is_named_with_its_folder_is_there(path):
    for named in re.findall(r"(?<![\w/.])((?:engine|app|tests|benchmarks|scripts)/[\w/.]*\w)", read(path)):
        assert (ROOT / named).exists(), named


def test_the_lengths_of_the_rooms_to_read_are_as_told():
    for room, told in re.findall(r"`(\w+)` \((?:about )?([\d,]+) lines", read(README)):
        lines = sum(len(read(path).splitlines()) for path in (ROOT / "engine" / room).glob("*.py"))
        assert abs(lines - int(told.replace(",", ""))) < 100, (room, lines)


def test_the_sources_of_all_assets_are_told():
    sources = read(ROOT / "assets" / "SOURCES.txt")
    for path in (ROOT / "assets").rglob("*"):
        if path.is_file() and path.name != "SOURCES.txt":
            assert path.relative_to(ROOT / "assets").as_posix() in sources


@pytest.mark.parametrize(
    ("arguments", "output"),
    [session for session in sessions(read(README)) if {"predict", "explain"} & set(session[0])],
    ids=lambda value: " ".join(value[2:]) if isinstance(value, list) else "",
)
def test_predicting_prints_what_the_readme_shows(arguments, output, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))  # nearest digits are those that need no data
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out == output


def test_the_readmes_programs_run(tmp_path, rng, monkeypatch, capsys):
    (tmp_path / "data").mkdir()
    write_mnist(tmp_path / "data", train=240, test=50, rng=rng)
    shutil.copytree(SHIPPED, tmp_path / "saved_network")
    monkeypatch.chdir(tmp_path)
    programs = re.findall(r"```python\n(.*?)```", read(README), re.DOTALL)
    for program in programs:
        exec(compile(program, "README.md", "exec"), {})
    read_digit, number, *epochs = capsys.readouterr().out.splitlines()
    assert read_digit.split()[0] == "7"
    assert number.split()[0] == "71"
    assert [line.split()[0] for line in epochs] == ["1", "2", "3"]
    assert load_facts(tmp_path / "my_network").test.count == 50


def test_testing_prints_what_the_readme_shows(mnist_folder, capsys):
    ((arguments, output),) = (session for session in sessions(read(README)) if session[0][1] == "test")
    assert cli.main([*arguments, "--data", str(mnist_folder)]) == 0
    assert capsys.readouterr().out == output


def test_the_figures_of_the_readme_are_those_of_the_model_card():
    facts = load_facts(SHIPPED)
    test, chosen = facts.test, facts.training.chosen
    for share in (test.accuracy, *test.interval, chosen.validation_accuracy):
        assert f"{100 * share:.2f} %" in read(README)
    assert facts.training.command in read(README)

"""The structure holds: imports point one way, each package has one home, each module its tests."""

import ast
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import engine

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*ROOT.glob("engine/**/*.py"), *ROOT.glob("app/**/*.py"), ROOT / "main.py"])


def name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


NAMES = {name(path) for path in MODULES}


@cache
def nodes(path):
    """All that stands in a module."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path):
    """Everything that a module imports anywhere in it, by full name."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            # `from package import module` needs the module; `from module import name` the module itself
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & NAMES or {node.module}
    return found


def who_imports(package, modules=MODULES):
    return {
        name(path)
        for path in modules
        if any(found == package or found.startswith(f"{package}.") for found in imports(path))
    }


def under(folder):
    return [path for path in MODULES if path.is_relative_to(ROOT / folder)]


@pytest.mark.parametrize(
    "package", ["app", "tkinter", "matplotlib", "pooch", "tqdm", "sv_ttk", "platformdirs"]
)
def test_the_engine_knows_nothing_of_window_command_line_or_plots(package):
    assert not who_imports(package, under("engine"))


@pytest.mark.parametrize(
    ("package", "homes"),
    [
        ("PIL", {"engine.ink.rasterize", "app.gui.scaled_theme", "app.gui.clipboard"}),
        ("onnx", {f"engine.storage.onnx_{name}" for name in ("graph", "export", "own", "import")}),
        ("safetensors", {"engine.storage.tensor_files"}),
        ("copykitten", {"app.gui.clipboard"}),
        ("tkinterdnd2", {"app.gui.drop"}),
        ("threadpoolctl", {"engine.machine.threads"}),
        (
            "matplotlib",
            {"app.reports.figures", "app.reports.inside_figures", "app.gui.widgets.training_curves"},
        ),
        ("sv_ttk", {"app.gui.scaled_theme"}),
        ("darkdetect", {"app.gui.system_theme"}),
        ("pooch", {"app.data.download"}),
        ("requests", {"app.data.download"}),
        ("tqdm", {"app.commands.train", "app.commands.sweep", "app.commands.report"}),
        ("distributed", {"app.jobs.cluster"}),
        ("jinja2", {"app.reports.page"}),
        ("tomli", {"app.options"}),
        ("platformdirs", {"app.user_folders"}),
        ("babel", {"app.language"}),
        ("pickle", set()),
    ],
)
def test_a_package_has_one_home(package, homes):
    assert who_imports(package) == homes


def test_only_the_view_knows_tk():
    views = {name(path) for path in under("app/gui")}
    assert who_imports("tkinter") <= views


WITHOUT_TK = [
    name(path)
    for room in ("page", "jobs", "data", "store", "reports", "commands")
    for path in under(f"app/{room}")
]


def test_the_model_the_controller_and_the_presenters_know_no_tk():
    """Nor anything that they import, however far away."""
    code = f"import sys, app.cli, {', '.join(WITHOUT_TK)}; print('tkinter' in sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "False"


@pytest.mark.parametrize("package", ["engine", "numpy", "PIL"])
def test_widgets_take_plain_values(package):
    assert not who_imports(package, under("app/gui/widgets"))


def test_only_the_command_line_prints():
    printing = {
        name(path)
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing <= {"app.cli"} | {name(path) for path in under("app/commands")}


def test_no_array_is_ever_unpickled():
    for path in MODULES:
        for node in nodes(path):
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant)
                assert node.value.value is False


# Which rooms a room may know. Each knows only rows above its own, so that there is no circle of rooms.
ENGINE = {
    "errors": "",
    "quoting": "",
    "plain_values": "errors quoting",
    "machine": "",
    "files": "errors quoting",
    "nn": "errors quoting machine",
    "ink": "errors quoting plain_values machine files",
    "datasets": "errors quoting machine files nn ink",
    "reading": "errors quoting plain_values machine files nn ink datasets",
    "explaining": "errors quoting machine files nn ink reading",
    "learning": "errors quoting plain_values machine files nn ink datasets reading",
    "storage": "errors quoting plain_values files nn ink datasets reading learning",
    "recognizer": "errors machine nn ink reading storage",
}
APP = {
    "language": "",
    "messages": "language",
    "user_folders": "",
    "data": "language user_folders",
    "options": "data",
    "store": "language messages user_folders",
    "reports": "language",
    "jobs": "language messages data options store reports",
    "page": "language messages data store reports jobs",
    "gui": "language messages user_folders store jobs page",
    "commands": "language messages data options store reports jobs page gui",
    "cli": "language messages data options store commands",
}
TABLES = {"engine": ENGINE, "app": APP}


@pytest.mark.parametrize("house", TABLES)
def test_rooms_know_the_rooms_that_the_table_says_and_no_other(house):
    known = {room: set() for room in TABLES[house]}
    for path in under(house):
        room = path.relative_to(ROOT / house).with_suffix("").parts[0]
        if room != "__init__":
            within = {name.split(".")[1] for name in imports(path) if name.startswith(f"{house}.")}
            known[room] |= within - {room}
    assert {room: set(names.split()) for room, names in TABLES[house].items()} == known


@pytest.mark.parametrize("house", TABLES)
def test_every_arrow_of_the_table_points_upward(house):
    above = set()
    for room, names in TABLES[house].items():
        assert set(names.split()) <= above, room
        above.add(room)


def test_widgets_know_little_of_the_window_and_nothing_of_what_it_shows():
    known = {name for path in under("app/gui/widgets") for name in imports(path) if name.startswith("app.")}
    within = {
        "app.gui.theme",
        "app.gui.actions",
        "app.gui.shortcuts",
        "app.gui.screen",
        "app.language",
        "app.page.strip",
        "app.page.tile",
        "app.page.patch",
        "app.page.box_drag",
        "app.page.frame",
        "app.page.keyboard_pen",
        "app.page.inside.sheet",
    }
    assert {name for name in known if not name.startswith("app.gui.widgets.")} <= within


def test_no_module_imports_itself_in_a_circle():
    arrows = {name(path): imports(path) & NAMES for path in MODULES}

    def reachable(start):
        seen, todo = set(), list(arrows[start])
        while todo:
            current = todo.pop()
            if current not in seen:
                seen.add(current)
                todo += arrows[current]
        return seen

    assert not [module for module in NAMES if module in reachable(module)]


def test_the_engines_public_names_are_those_that_it_lists():
    """Where a type checker finds them, and where they are loaded from."""
    told = {
        alias.name: node.module
        for node in ast.walk(ast.parse(Path(engine.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("engine.")
        for alias in node.names
    }
    assert set(told) == set(engine.__all__)
    assert sorted(engine.__all__, key=lambda n: (not n.isupper(), n)) == engine.__all__
    assert set(engine.__all__) <= set(dir(engine))
    for public, module in told.items():
        assert getattr(engine, public) is getattr(import_module(module), public)
    with pytest.raises(AttributeError, match=r"'engine' has no attribute 'Netwrk'"):
        _ = engine.Netwrk


def test_a_room_of_the_engine_is_loaded_without_the_others():
    code = (
        "import sys, engine.errors;"
        "print([name for name in sys.modules if name.split('.')[0] in ('engine', 'numpy')])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "['engine', 'engine.errors']"


def test_every_module_has_its_tests():
    without = {ROOT / "main.py", ROOT / "engine" / "errors.py"}  # tested where they are used
    without |= {
        ROOT / "app" / "page" / name for name in ("tile.py", "patch.py", "strip.py", "frame.py")
    }  # of plain values
    without |= set(under("app/gui/dialogs"))  # in tests/app/gui and test_window, opened from the menus
    missing = [
        name(path)
        for path in MODULES
        if path.name != "__init__.py" and path not in without
        if not (ROOT / "tests" / path.relative_to(ROOT).with_name(f"test_{path.name}")).exists()
    ]
    assert not missing


def test_the_window_opens_without_loading_what_it_does_not_need():
    code = (
        "import sys, app.cli, app.gui.window;"
        "late = 'matplotlib scipy pooch tqdm onnx ssl http.client statistics decimal'.split();"
        "print([m for m in late if m in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"

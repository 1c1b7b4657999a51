import ast
import re
import sys
from pathlib import Path

from lxml import etree

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]
MAY_IMPORT = {  # each room, and those below it
    "antrean": {"antrean"},
    "faskes": {"faskes", "antrean"},
    "job": {"job", "faskes", "antrean"},
    "referensi": {"referensi", "job", "faskes", "antrean"},
    "kepesertaan": {"kepesertaan", "job", "faskes", "antrean"},
    "mobile_jkn": {"mobile_jkn", "referensi", "job", "faskes", "antrean"},
    "harian": {"harian", "job", "faskes", "antrean"},
    "laporan": {"laporan", "harian", "job", "faskes", "antrean"},
}
LAYERS = ("models", "wizards", "controllers", "views", "static/src", "static/tests", "tests")
IMPORTING = ("models", "wizards", "controllers")
NAMING = ("name", "for", "invisible", "readonly", "required", "domain", "context", "widget", "ref")


def imported(file):
    """Return the files and folders of the addon that a Python file imports, as paths."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            yield from (base / alias.name for alias in node.names)


def imported_by_script(file):
    for path in re.findall(r'from "(\.[^"]+|@antrean_bpjs/[^"]+)"', file.read_text()):
        own = path.startswith("@")
        base = ADDON / "static" / "src" if own else file.parent
        yield (base / (path.partition("/")[2] if own else path)).resolve()


def files_of(room, layers, pattern):
    return [file for layer in layers for file in (ADDON / layer / room).rglob(pattern)]


def defined_by(room):
    """Return the names that a room gives to fields, methods, views, actions and components."""
    names = set()
    for file in files_of(room, ("models", "wizards"), "*.py"):
        for model in ast.walk(ast.parse(file.read_text())):
            for node in model.body if isinstance(model, ast.ClassDef) else ():
                if isinstance(node, ast.FunctionDef):
                    names.add(node.name)
                elif isinstance(node, ast.Assign):
                    names.update(target.id for target in node.targets)
    for file in files_of(room, ("views", "wizards"), "*.xml"):
        names.update(etree.parse(file).xpath("//record/@id"))
    names.discard("id")  # every model has it
    components = files_of(room, ("static/src",), "*/*.*")
    return names | {f"antrean_{file.parent.name}" for file in components}


def named_by_view(file):
    """Return the words with which a view refers to something that is defined elsewhere."""
    for node in etree.parse(file).xpath("//field[@name='arch']//*"):
        for attribute in NAMING:
            yield from re.findall(r"\w+", node.get(attribute, ""))


def room_of(path):
    """Return the room in which a path of the addon lies, if it lies in one."""
    for layer in LAYERS:
        folder = ADDON.resolve() / layer
        if path.is_relative_to(folder):
            return next(iter({*path.relative_to(folder).parts[:1]} & MAY_IMPORT.keys()), None)
    return None


@tagged("post_install", "-at_install")
class TestRooms(BaseCase):
    """Rooms by subject: the same names in every layer, and imports that run one way."""

    def _rooms(self, layer):
        return [ADDON.resolve() / layer / room for room in MAY_IMPORT]

    def _assert_allowed(self, file, path):
        room, other = room_of(file), room_of(path)
        self.assertTrue(
            other is None or other in MAY_IMPORT[room],
            f"{file.relative_to(ADDON.resolve())} must not import from {other}/",
        )

    def test_python_imports_run_one_way(self):
        files = [
            file
            for layer in IMPORTING
            for room in self._rooms(layer)
            for file in room.rglob("*.py")
        ]
        for file in files:
            for path in imported(file):
                self._assert_allowed(file, path)
        self.assertGreater(len(files), 40)

    def test_scripts_import_one_way(self):
        files = [file for room in self._rooms("static/src") for file in room.rglob("*.js")]
        for file in files:
            for path in imported_by_script(file):
                self._assert_allowed(file, path)
        self.assertGreater(len(files), 10)

    def _names_from_above(self, room):
        """Return the names that only rooms define which this one knows nothing of."""
        names = {other: defined_by(other) for other in MAY_IMPORT}
        below = set().union(*(names[other] for other in MAY_IMPORT[room]))
        return set().union(*names.values()) - below

    def test_views_name_nothing_of_the_rooms_above(self):
        for room in MAY_IMPORT:
            above = self._names_from_above(room)
            for file in files_of(room, ("views", "wizards"), "*.xml"):
                self.assertFalse(above & set(named_by_view(file)), file.relative_to(ADDON))
        self.assertIn("bpjs_badges", self._names_from_above("antrean"))
        self.assertNotIn("bpjs_badges", self._names_from_above("job"))

    def test_components_name_none_of_the_rooms_above(self):
        for room in MAY_IMPORT:
            above = self._names_from_above(room)
            for file in files_of(room, ("static/src",), "*.*"):
                names = set(re.findall(r"antrean_\w+", file.read_text()))
                self.assertFalse(above & names, file.relative_to(ADDON))
        self.assertIn("antrean_job_badge", self._names_from_above("antrean"))

    def test_every_layer_has_these_rooms_only(self):
        for layer in LAYERS:
            folders = {path.name for path in (ADDON / layer).iterdir() if path.is_dir()}
            self.assertLessEqual(folders - {"tours", "__pycache__"}, MAY_IMPORT.keys(), layer)

    def test_bpjs_knows_no_odoo(self):
        for file in (ADDON / "bpjs").rglob("*.py"):
            self.assertNotRegex(file.read_text(), r"(?m)^\s*(from|import) odoo\b", file.name)

    def test_every_test_is_run(self):
        """Odoo runs only what a room hands up to the package."""
        tests = sys.modules[__package__]
        files = {file.stem for file in (ADDON / "tests").rglob("test_*.py")}
        self.assertEqual({name for name in vars(tests) if name.startswith("test_")}, files)

import ast
import re
import sys
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]
MAY_IMPORT = {  # each room, and those below it
    "antrean": {"antrean"},
    "faskes": {"faskes", "antrean"},
    "job": {"job", "faskes", "antrean"},
    "referensi": {"referensi", "job", "faskes", "antrean"},
    "kepesertaan": {"kepesertaan", "job", "faskes", "antrean"},
}
LAYERS = ("models", "wizards", "controllers", "views", "static/src", "static/tests", "tests")
IMPORTING = ("models", "wizards", "controllers")


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

import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = ROOT / "Makefile"  # its help
DOCUMENTS = sorted(
    [MAKEFILE, *ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("simulator/*.md")],
    key=lambda document: document.name,
)
FILE = re.compile(r"[\w./*-]+\.(?:csv|css|html|ini|js|md|po|pot|py|scss|sh|sql|toml|xml)")
METHOD = re.compile(r"(?:[\w.]+\.)?(_[a-z]\w+)")


@tagged("post_install", "-at_install")
class TestDocuments(BaseCase):
    """What the documents name is there."""

    def test_files(self):
        missing = {
            f"{document.name}: {name}"
            for document in DOCUMENTS
            for name in filter(FILE.fullmatch, self._code_of(document))
            if not self._is_there(name, document.parent)
        }
        self.assertFalse(missing)

    def test_links(self):
        missing = {
            f"{document.name}: {target}"
            for document in DOCUMENTS
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
            if not (document.parent / target).exists()
        }
        self.assertFalse(missing)

    def test_methods(self):
        code = "\n".join(
            file.read_text()
            for folder in ("models", "bpjs", "jobs", "controllers", "wizards", "bench", "dev")
            for file in (ROOT / folder).rglob("*.py")
        )
        missing = {
            f"{document.name}: {name}"
            for document in DOCUMENTS
            for name in self._code_of(document)
            if (method := METHOD.fullmatch(name)) and not re.search(rf"\b{method[1]}\b", code)
        }
        self.assertFalse(missing)

    @staticmethod
    def _code_of(document):
        """Return each word of what is set as code within the text of a document."""
        if document == MAKEFILE:
            return re.findall(r"[\w./-]+", document.read_text())
        spans = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", document.read_text())
        return [word for span in spans for word in span.split()]

    @staticmethod
    def _is_there(name, folder):
        """Whether a file is there: by its path from the root or from `models/`, or by its name."""
        if "/" not in name:
            return any(ROOT.rglob(name))
        return any(list(base.glob(name)) for base in (ROOT, ROOT / "models", folder))

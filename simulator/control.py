"""The control of the stand-in itself: what is asked below `/_control/` (README.md)."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from . import antrean, pcare
from .book import Book
from .envelope import Reply, as_json
from .faults import Fault, Faults
from .settings import Settings


@dataclass
class State:
    """All that a reset empties. Calls under way keep the state they began with."""

    book: Book
    faults: Faults = field(default_factory=Faults)


class Control:
    """Holds the state and changes it; `settings` are those of the beginning, and after a reset.

    `refuse(seconds)` closes the port for a while; others on the way to BPJS join `refuse_by`.
    """

    def __init__(self, refuse: Callable[[float], None], settings: Settings):
        self.refuse_by: dict[str, Callable[[float], None]] = {}  # by service
        self._refuse = refuse
        self._settings = settings
        self._reset()
        self._calls = {
            ("GET", "book"): self._book,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "settings"): self._set,
            ("POST", "reference"): self._replace,
            ("POST", "pendaftaran"): self._by_others(pcare.type_in),
            ("POST", "antrean"): self._by_others(antrean.book_by_phone),
            ("POST", "layani"): self._by_others(pcare.serve),
            ("POST", "reset"): self._reset,
        }

    def __call__(self, method: str, name: str, body: bytes) -> Reply:
        """The answer to a call whose body, if any, is a JSON object of keyword arguments."""
        call = self._calls.get((method, name))
        if call is None:
            return as_json({"error": "not found"}, 404)
        try:
            return as_json(call(**json.loads(body or "{}")))
        except (ValueError, TypeError, KeyError) as error:
            return as_json({"error": f"{type(error).__name__}: {error}"}, 400)

    def _book(self) -> dict:
        return self.state.book.as_dict()

    def _faults(self) -> dict:
        return {"faults": self.state.faults.as_list()}

    def _add_fault(self, fault: str, **asked: object) -> dict:
        if fault == "refuse":
            refuse = self.refuse_by.get(asked.get("service"), self._refuse)
            refuse(float(asked["seconds"]))
        else:
            self.state.faults.add(Fault(fault=fault, **asked))
        return self._faults()

    def _clear_faults(self) -> dict:
        self.state.faults.clear()
        return self._faults()

    def _set(self, **settings: object) -> dict:
        book = self.state.book
        book.settings = book.settings.changed(**settings)
        return asdict(book.settings)

    def _replace(self, **lists: object) -> dict:
        book = self.state.book
        book.reference = book.reference.replace(**lists)
        return book.reference.as_dict()

    def _by_others(self, act: Callable[..., None]) -> Callable[..., dict]:
        """What other people do at BPJS, as a call that answers with the book."""

        def call(**visit: object) -> dict:
            act(self.state.book, **visit)
            return self._book()

        return call

    def _reset(self) -> dict:
        self.state = State(Book(self._settings))
        return {}

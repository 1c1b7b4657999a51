from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from odoo.tools.translate import LazyGettext

from ..bpjs.answer import Answer
from ..bpjs.errors import TransportError
from ..bpjs.outcome import UNKNOWN, Outcome
from ..bpjs.request import Request
from ..words import GIVEN_UP, GIVEN_UP_UNDO, WORDS


@dataclass(frozen=True)
class Problem:
    """Why BPJS would refuse an entry as it is: a code, and a text that tells staff what to do."""

    reason: str
    text: str
    record: Any  # what they open to mend it


def as_it_is(env, value) -> str:
    return value or env._("nothing")


def last_two(env, value) -> str:
    """Two characters tell enough of a number that concerns one person only."""
    return f"…{value[-2:]}" if value else env._("nothing")


def yes_or_no(env, value) -> str:
    return env._("yes") if value else env._("no")


@dataclass(frozen=True)
class Compared:
    """What BPJS is told and an entry may say otherwise later: its name, and how staff read it."""

    label: LazyGettext
    shown: Callable[[Any, Any], str] = as_it_is  # of the environment and a value


@dataclass(frozen=True)
class Exchange:
    """One HTTP exchange and what it means."""

    request: Request
    result: Answer | TransportError
    outcome: Outcome
    started_at: datetime  # naive UTC, as Odoo keeps it
    seconds: float


Call = Callable[[Request], Exchange]


class JobType(ABC):
    """What one kind of job sends for a queue entry and how it finds out whether that arrived.

    `send` and `verify` run in a thread: they know only the request and `call`, which does one HTTP
    exchange. The others run with the ORM in the engine's transactions.
    """

    registry: ClassVar[dict[str, JobType]] = {}
    name: ClassVar[str]  # job_type, as BPJS staff know it
    label: ClassVar[str]
    layanan: ClassVar[str]  # the service it goes to
    letter: ClassVar[str] = ""  # of its badge on the card; without one it shows none
    sequence: ClassVar[int] = 10  # of its badge among the others
    registers: ClassVar[bool] = False  # every reported queue entry is born with it
    undoes: ClassVar[str] = ""  # the job type that this one takes back
    verify_changes_nothing: ClassVar[bool] = False  # it only looks, so it may always go on
    ends_with_day: ClassVar[bool] = True  # not sent by itself once the day of the visit is over
    follows_schedule: ClassVar[bool] = False  # BPJS may take it with another schedule of the day
    given_up: ClassVar[str] = GIVEN_UP  # the reason of a job that got no answer in its tries
    words: ClassVar[Mapping[str, LazyGettext]] = {}  # what the reasons of its outcomes mean
    compared: ClassVar[Mapping[str, Compared]] = {}  # what its `differences` name
    depends: ClassVar[tuple[str, ...]] = ()  # the entry's fields that its `problems` look at

    def __init_subclass__(cls):
        cls.registry[cls.name] = cls()
        WORDS.update(cls.words)

    def about(self, env) -> str:
        """Return what its badge stands for, as staff read it in the board's help."""
        return self.label

    def advice(self, env) -> str:
        """Return what staff had best do when this job alone has failed."""
        return env._("Try Resend PCare first. If it still fails, contact an administrator")

    def is_wanted(self, antrean) -> bool:
        """Whether BPJS is to have this for the queue entry, as the entry is now."""
        return antrean._is_reported() and antrean.state != "batal"

    def visit(self, antrean) -> tuple[str, str, str] | None:
        """Return what BPJS knows the entry by: card, poli code and day; None where it does not."""
        return None

    def visit_told(self, body: dict) -> tuple[str, str, str] | None:
        """Return the same of what was sent."""
        return None

    def visit_key(self, company, visit: tuple[str, str, str] | None) -> str | None:
        """Return what stands for a visit of a facility in the database: a digest, for a database
        error prints the row.
        """
        parts = visit and (str(company.id), self.name, *visit)
        return parts and sha256("|".join(parts).encode()).hexdigest()[:32]

    def differences(self, antrean, request: Request) -> list[tuple[str, Any, Any]]:
        """Return what BPJS was told otherwise than the entry says now: (what, there, here), the
        first a key of `compared`.
        """
        return []

    def problems(self, antrean) -> list[Problem]:
        """Return why the entry cannot be sent as it is now, as far as that is known here."""
        return []

    @abstractmethod
    def request(self, antrean) -> Request:
        """Return the request for the queue entry as it is now, which has no problems.

        Another request means other data: a refused job is then sent again by itself. Where BPJS
        must first be asked for something, it is that look-up: `send` returns what came of it as
        `learned`, `learn` keeps it, and the job is claimed anew.
        """

    def send(self, call: Call, request: Request) -> Outcome:
        """Send the request and return what became of it."""
        return call(request).outcome

    @abstractmethod
    def verify(self, call: Call, request: Request) -> Outcome:
        """Find out whether a request without an answer arrived, without ever doubling it.

        Returns success, `unsent` with scope "job" when BPJS does not have it, or what the look-up
        itself met.
        """

    def apply(self, antrean, outcome: Outcome) -> None:  # noqa: B027 most have nothing to write
        """Write what a success brought back."""

    def learn(self, antrean, outcome: Outcome) -> None:  # noqa: B027 most ask for nothing else
        """Keep what BPJS was asked for beside: what it told, or what it refuses the job for."""

    def is_superseded(self, antrean, request: Request) -> bool:
        """Whether it no longer matters that BPJS did what this request, an earlier one, asks."""
        return False

    def renew(self, antrean) -> None:  # noqa: B027 most keep nothing
        """Forget what BPJS may meanwhile say otherwise: somebody wants a refused job tried anew."""

    def adopted(self, antrean) -> str:
        """Return what staff read of an entry that BPJS had already when it was sent."""
        return ""


class Undo:
    """Takes back at BPJS what the job type `undoes` brought there; for a `JobType` to inherit."""

    letter = "Batal"
    ends_with_day = False  # what is not to be there is taken back the day after, too
    given_up = GIVEN_UP_UNDO

    def about(self, env):
        return env._("A cancelled entry: whether BPJS has taken it back")

    def undone_job(self, antrean):
        return antrean._job(self.undoes)

    def comes_after(self, antrean):
        """Return the job that must have ended before."""
        return self.undone_job(antrean)

    def is_wanted(self, antrean):
        """What BPJS has or may have is taken back where the entry is cancelled or says something
        else now; never what another entry holds.
        """
        job = self.undone_job(antrean)
        is_over = antrean.state == "batal" or job._is_being_replaced()
        return is_over and job._may_have_arrived() and not job._other_holder()

    def is_superseded(self, antrean, request):
        """It was done before, or BPJS has something else to take back since."""
        is_done = antrean._job(self.name).state == "success"
        is_over = is_done or not self.undone_job(antrean)._may_have_arrived()
        return is_over or request != self.request(antrean)

    def apply(self, antrean, outcome):
        self.undone_job(antrean)._was_taken_back()


def card_problems(antrean) -> list[Problem]:
    """Both registrations name the patient by card."""
    patient = antrean.pasien_id
    if patient.no_kartu_bpjs:
        return []
    text = antrean.env._("%s has no BPJS card number. Open the patient and enter it.", patient.name)
    return [Problem("no_card", text, patient)]


def lookup_failed(outcome: Outcome) -> Outcome:
    """A look-up that BPJS refused says nothing about what was looked up."""
    return outcome if outcome.scope == "service" else replace(outcome, kind=UNKNOWN)

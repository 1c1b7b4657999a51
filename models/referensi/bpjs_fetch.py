import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...bpjs import antrean_fktp, pcare, referensi
from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.errors import UnreadableError
from ...bpjs.outcome import REJECTED, SUCCESS, Outcome
from ...bpjs.pages import Pages
from ...bpjs.pcare import PCARE
from ...bpjs.referensi import Referensi, Rows
from ...bpjs.request import Request
from ...bpjs.services import SERVICES
from ...database import Clock, in_transaction, lock
from ...jobs import JOB_TYPES
from ...jobs.base import Call
from ...words import told
from ..job.flight import Flight
from ..job.run import MAX_IN_FLIGHT
from .bpjs_referensi import DOKTER, POLI

_logger = logging.getLogger(__name__)

FETCH_SECONDS = 30  # how long a fetch goes on asking one service
LONGEST_FETCH = timedelta(seconds=FETCH_SECONDS + 60)  # with the last answer
MORNING = 4  # o'clock at the facility: from then on BPJS is asked for the new day


class Lists:
    """Asks one service for one list after the other. Its thread knows no ORM.

    `outcome` is that of the last list that could not be had. After what concerns the whole
    service, and when time is up, nothing more is asked.
    """

    def __init__(self, call: Call, deadline: float):
        self._call, self._deadline = call, deadline
        self.outcome = Outcome(SUCCESS)
        self.is_complete = True

    def ask(self, request: Request, read: Callable[[object], Rows]) -> Rows | None:
        """The rows of an answer; None where they could not be had."""
        rows = None
        if self.outcome.scope != "service" and time.monotonic() < self._deadline:
            rows = self._read(self._call(request), read)
        if rows is None or not rows.is_whole:
            self.is_complete = False
        return rows

    def _read(self, exchange, read):
        outcome = exchange.outcome
        if outcome.kind == REJECTED and referensi.NO_ROWS.search(outcome.message):
            response = None
        elif outcome.kind == SUCCESS:
            response = exchange.result.response
        else:
            self.outcome = outcome
            return None
        try:
            return read(response)
        except UnreadableError as error:
            self.outcome = Outcome(REJECTED, reason=error.reason)
            return None

    def ask_pages(
        self, request: Callable[[int, int], Request], read: Callable[[object], Rows]
    ) -> Rows | None:
        """The same of a list that comes in pages."""
        pages, rows, found = Pages(), [], None

        def read_all(response):
            rows.extend(pages.take(response))
            return read(rows)

        while not pages.is_over:
            found = self.ask(request(pages.start, pcare.PAGE), read_all)
            if found is None:
                return None
        return found


def ask_pcare(lists: Lists, tanggal: date, kd_poli: list[str]) -> dict:
    """What PCare has, of no day: {"poli", "dokter"}, each a list or None."""
    return {
        "poli": lists.ask_pages(pcare.poli, referensi.poli),
        "dokter": lists.ask_pages(pcare.dokter, referensi.dokter),
    }


def ask_antrean(lists: Lists, tanggal: date, kd_poli: list[str]) -> dict:
    """What Antrean FKTP has: {"poli": list or None, "praktek": {kd_poli: list}}.

    `kd_poli` are the poli whose schedule is asked for first.
    """
    poli = lists.ask(antrean_fktp.ref_poli(tanggal), referensi.poli)
    codes = dict.fromkeys([*kd_poli, *(row.kode for row in poli or ())])
    asked = {
        kode: lists.ask(antrean_fktp.ref_dokter(kode, tanggal), referensi.jadwal) for kode in codes
    }
    return {
        "poli": poli,
        "praktek": {kode: rows for kode, rows in asked.items() if rows is not None},
    }


ASK = {PCARE: ask_pcare, ANTREAN: ask_antrean}  # the services that have lists


def fetch(call: Call, kode: str, tanggal: date, kd_poli: list[str], deadline: float) -> Outcome:
    """Ask a service for everything of a day. The outcome's data are those of `_keep_lists`."""
    lists = Lists(call, deadline)
    found = ASK[kode](lists, tanggal, kd_poli)
    data = found | {"tanggal": tanggal, "is_complete": lists.is_complete}
    return replace(lists.outcome, data=data)


class BpjsLayanan(models.Model):
    """Fetching the lists of poli and doctors, and the schedule of the day."""

    _inherit = "bpjs.layanan"

    referensi_on = fields.Date(
        "Lists of", readonly=True, help="The day whose lists were last fetched to their end."
    )

    # When

    @api.model
    def _cron_fetch_lists(self):
        """Fetch, from the facility's morning on, what is not of today yet, and what refused entries
        wait for.
        """
        services = self.search([("kode", "in", list(ASK))])
        up = services.filtered(lambda layanan: layanan._is_up())
        up.filtered(lambda layanan: layanan._is_fetch_due())._fetch_lists()

    def _is_fetch_due(self):
        now = fields.Datetime.context_timestamp(
            self.with_context(tz=self.company_id.antrean_tz), fields.Datetime.now()
        )
        if now.hour < MORNING:
            return False
        return self.referensi_on != now.date() or self._is_waited_for(now.date())

    def _is_waited_for(self, today):
        """Whether an entry of today was refused that BPJS might take with another schedule."""
        kinds = [kind.name for kind in JOB_TYPES.values() if kind.follows_schedule]
        refused = self.env["bpjs.job"].search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("job_type", "in", kinds),
                ("layanan", "=", self.kode),
                ("state", "=", "failed"),
                ("antrean_id.tanggal", "=", today),
            ],
            limit=1,
        )
        return bool(refused)

    @api.model
    def action_fetch_lists(self):
        """Fetch the lists of the user's companies and tell what came of it."""
        self.check_access("write")
        services = self.sudo().search(
            [("kode", "in", list(ASK)), ("company_id", "in", self.env.companies.ids)]
        )
        if not services:
            raise UserError(services._obstacle(self.env.company))
        outcomes = services._fetch_lists()
        results = [layanan._result(outcomes.get(layanan)) for layanan in services]
        is_well = all(well for well, _text in results)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_well else "warning",
                "title": self.env._("Lists of BPJS"),
                "message": "\n".join(text for _well, text in results),
                "sticky": not is_well,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _result(self, outcome):
        """Return whether a fetch went well, and what staff are told of it.

        :param Outcome outcome: None where the service was not asked
        """
        name = SERVICES[self.kode].label
        if len(self.env.companies) > 1:
            name = f"{self.company_id.name}, {name}"
        if obstacle := self._obstacle(self.company_id):
            return False, obstacle
        if not outcome:
            return False, self.env._(
                "%(service)s was not asked, for it is down: %(message)s. Its lists are fetched "
                "by themselves within the hour after it works again.",
                service=name,
                message=self.down_message,
            )
        if outcome.kind != SUCCESS:
            return False, self.env._(
                "%(service)s: %(message)s. What is missing is fetched within the hour.",
                service=name,
                message=told(self.env, outcome),
            )
        if not outcome.data["is_complete"]:
            return False, self.env._(
                "%s is slow; not every list came in time. The rest is fetched within the hour.",
                name,
            )
        return True, self._lists_in_words(name, outcome.data)

    def _lists_in_words(self, name, lists):
        if "dokter" in lists:
            return self.env._(
                "%(service)s: %(poli)s poli and %(dokter)s doctors.",
                service=name,
                poli=len(lists["poli"]),
                dokter=len(lists["dokter"]),
            )
        return self.env._(
            "%(service)s: %(poli)s poli, and today's schedule with %(hours)s practice hours.",
            service=name,
            poli=len(lists["poli"]),
            hours=sum(map(len, lists["praktek"].values())),
        )

    # How

    def _fetch_lists(self):
        """Ask each service that works for its lists, all at the same time, and keep what they say.

        It commits what was done before and each service's lists; no transaction is open while BPJS
        thinks, so Odoo never has to run this again.

        :returns: the outcome by service; a success has the lists in its data, `is_complete` among
            them
        :rtype: dict[BpjsLayanan, Outcome]
        """
        flights = in_transaction(self.env, self._claim_lists)
        outcomes = {}
        with ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix="bpjs") as pool:
            in_flight = {pool.submit(flight.run): flight for flight in flights}
            for future in as_completed(in_flight):
                layanan = self.browse(in_flight[future].layanan_id)
                try:
                    outcomes[layanan] = in_transaction(self.env, layanan._settle_lists, future)
                except Exception:  # of one service must not cost the other its lists
                    self.env.cr.rollback()
                    _logger.exception("The lists of BPJS service %s could not be kept", layanan.id)
        return outcomes

    def _claim_lists(self):
        deadline, clock = time.monotonic() + FETCH_SECONDS, Clock(self.env)
        return [
            Flight(
                layanan_id=layanan.id,
                client=layanan._client(),
                clock=clock,
                until=clock.now() + LONGEST_FETCH,
                fly=layanan._fetch_flight(deadline),
            )
            for layanan in self
            if layanan._is_up()
        ]

    def _is_up(self):
        return not (self.down_since or self._is_copy())

    def _fetch_flight(self, deadline):
        rooms = self.env["antrean.ruangan"].search([("company_id", "=", self.company_id.id)])
        return partial(
            fetch,
            kode=self.kode,
            tanggal=self.company_id._antrean_today(),
            kd_poli=rooms.filtered("kd_poli_antrean").mapped("kd_poli_antrean"),
            deadline=deadline,
        )

    def _settle_lists(self, future):
        """Keep what a service said; return its outcome."""
        outcome = self.env["bpjs.engine"]._outcome(future)
        if outcome.scope == "service":
            self._suspect()
        if outcome.data:
            lock(self.faskes_id)
            self._keep_lists(**outcome.data)
        return outcome

    def _keep_lists(self, tanggal, is_complete, poli, dokter=None, praktek=None):
        """Keep the lists of a day, match rooms and doctors with them, and send again what they may
        have mended.

        :param Rows poli: None where they could not be had
        :param Rows dokter: the same
        :param dict[str, Rows] praktek: the schedules that could be had, by poli code
        """
        keep = self.env["bpjs.referensi"]._keep
        if poli is not None:
            keep(self, POLI, poli, poli.is_whole)
        if dokter is not None:
            keep(self, DOKTER, dokter, dokter.is_whole)
        if praktek:
            self.env["bpjs.jadwal"]._keep(self.company_id, tanggal, praktek)
            practising = [row for rows in praktek.values() for row in rows]
            doctors = [Referensi(str(row.kd_dokter), row.nm_dokter) for row in practising]
            keep(self, DOKTER, doctors, is_whole=False)
        if is_complete:
            self.referensi_on = tanggal
        self.env["bpjs.perbandingan"]._match(self.company_id)
        self.env["bpjs.job"]._reopen_refused(
            Domain("company_id", "=", self.company_id.id) & Domain("layanan", "=", self.kode)
        )

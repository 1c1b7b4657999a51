import logging
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...bpjs.outcome import SUCCESS
from ...bpjs.referensi import Referensi
from ...bpjs.services import SERVICES
from ...database import Clock, in_transaction, lock
from ...jobs import JOB_TYPES
from ...words import told
from ..job.flight import Flight
from ..job.run import MAX_IN_FLIGHT
from .bpjs_referensi import DOKTER, POLI
from .lists import ASK, fetch

_logger = logging.getLogger(__name__)

FETCH_SECONDS = 30  # how long a fetch goes on asking one service
LONGEST_FETCH = timedelta(seconds=FETCH_SECONDS + 60)  # with the last answer
MORNING = 4  # o'clock at the facility: from then on BPJS is asked for the new day


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
        now = self.company_id._antrean_now()
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

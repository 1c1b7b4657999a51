from odoo import api, fields, models

from ...bpjs.outcome import MISCONFIGURED, UNKNOWN
from ...bpjs.services import SERVICES
from ...database import lock, seconds_from_now
from ...words import told

PROBE_SECONDS = (5, 10, 20, 40, 60)  # between probes, longer each time
PROBE_SECONDS_MISCONFIGURED = (30, 60, 120, 300)  # a changed setting is probed at once


class BpjsLayanan(models.Model):
    """How a service is, and what staff are told of that."""

    _inherit = "bpjs.layanan"

    down_since = fields.Datetime(readonly=True)
    down_kind = fields.Selection(
        [("outage", "Unreachable"), ("misconfigured", "Settings refused")], readonly=True
    )
    down_message = fields.Char(readonly=True)
    next_probe_at = fields.Datetime(readonly=True)
    failures = fields.Integer(readonly=True, help="Probes in a row that failed.")

    _next_probe = models.Index("(next_probe_at) WHERE next_probe_at IS NOT NULL")

    def _suspect(self):
        """Have a probe tell whether the service works: one call's trouble may be its own."""
        lock(self)  # the verdict may be coming in at this moment
        if not self.next_probe_at:
            self.next_probe_at = self.env.cr.now()
            self.env["bpjs.engine"]._wake()

    def _judge(self, outcome):
        """Learn from a probe how the service is."""
        if outcome.scope == "service" or outcome.kind == UNKNOWN:
            self._mark_down(outcome)
        else:
            self._mark_up()

    def _mark_down(self, outcome):
        misconfigured = outcome.kind == MISCONFIGURED
        message = told(self.with_context(lang=self.company_id._antrean_lang()).env, outcome)
        pauses = PROBE_SECONDS_MISCONFIGURED if misconfigured else PROBE_SECONDS
        pause = pauses[min(self.failures, len(pauses) - 1)]
        news = not self.down_since
        self.write(
            {
                "down_since": self.down_since or self.env.cr.now(),
                "down_kind": "misconfigured" if misconfigured else "outage",
                "down_message": message,
                "next_probe_at": seconds_from_now(self.env, pause),
                "failures": self.failures + 1,
            }
        )
        if misconfigured:
            self.faskes_id._tell_admins(SERVICES[self.kode].label, message)
        if news:
            self._notify_board()

    def _mark_up(self):
        was_down = self.down_since
        self.write(
            {
                "down_since": False,
                "down_kind": False,
                "down_message": False,
                "next_probe_at": False,
                "failures": 0,
            }
        )
        if was_down:
            self.faskes_id._close_activities_when_healthy()
            self.env["bpjs.engine"]._wake()
            self._notify_board()

    def _probe_now(self):
        """Look at once whether a service that is down works again."""
        down = self.filtered("down_since")
        if down:
            down.next_probe_at = self.env.cr.now()
            self.env["bpjs.engine"]._wake()

    @api.model
    @api.readonly
    def get_trouble(self):
        """Return why entries of the user's companies wait, for the board's banner.

        :returns: for each service that is down its name (and the way there) and kind
            (`down_kind`), since and next_probe_at (UTC), and how many entries wait; the same of
            kind "stalled" where Odoo's scheduled actions do not run; of kind "not_set_up" and
            "copied", without times, the name of each company without an account and with that of
            another database
        :rtype: list[dict]
        """
        services = self.search([("company_id", "in", self.env.companies.ids)])
        by_company = services.grouped("company_id")
        trouble = []
        for company in self.env.companies:
            trouble += by_company.get(company, self.browse())._trouble(company)
        stalled_since = services._stalled_since()
        if stalled_since and (waiting := services._count_waiting()):
            trouble.append(_as_trouble("Odoo", "stalled", waiting, since=stalled_since))
        return trouble

    def _trouble(self, company):
        """Return, as `get_trouble`, what is the matter with a company's services."""
        if not self:
            waiting = self._count_jobs(company, SERVICES)
            return [_as_trouble(company.name, "not_set_up", waiting)] if waiting else []
        if self._is_copy():
            return [_as_trouble(company.name, "copied", self._count_waiting())]
        return [
            _as_trouble(
                layanan._label(),
                layanan.down_kind,
                layanan._count_waiting(),
                since=layanan.down_since,
                next_probe_at=layanan.next_probe_at,
            )
            for layanan in self.filtered("down_since")
        ]

    def _count_waiting(self):
        return self._count_jobs(self.company_id, self.mapped("kode"))

    @api.model
    def _count_jobs(self, companies, services):
        """Return how many jobs of these companies wait to be sent to these services."""
        return self.env["bpjs.job"].search_count(
            [
                ("company_id", "in", companies.ids),
                ("layanan", "in", list(services)),
                ("state", "in", ("pending", "sending", "unknown")),
            ]
        )

    def _notify_board(self):
        for company in self.company_id:
            self.env["bus.bus"]._sendone((company, "ANTREAN"), "antrean_bpjs.layanan", {})


def _as_trouble(name, kind, waiting, since=False, next_probe_at=False):
    return {
        "name": name,
        "kind": kind,
        "since": fields.Datetime.to_string(since),
        "next_probe_at": fields.Datetime.to_string(next_probe_at),
        "waiting": waiting,
    }

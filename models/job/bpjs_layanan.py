import time
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...bpjs.outcome import MISCONFIGURED
from ...bpjs.services import SERVICES
from ...database import now
from ..faskes.bpjs_layanan import environment, stripped

STALLED = timedelta(minutes=3)  # what is due for longer than that is not being looked at
LOADED_AT = time.monotonic()


class BpjsLayanan(models.Model):
    """What a service's health means for its jobs."""

    _inherit = "bpjs.layanan"

    def _jobs(self, *domain):
        self.ensure_one()
        of_service = ("company_id", "=", self.company_id.id), ("layanan", "=", self.kode)
        return self.env["bpjs.job"].sudo().search([*of_service, *domain])

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        for layanan in self:
            if used := len(layanan._jobs(("state", "!=", "cancelled"))):
                raise UserError(
                    self.env._(
                        "%(service)s of %(company)s cannot be deleted. %(waiting)s of its "
                        "%(used)s jobs wait to be sent to it, and without it BPJS could be told "
                        "of no call and no cancel any more. Change it here instead.",
                        service=SERVICES[layanan.kode].label,
                        company=layanan.company_id.name,
                        waiting=layanan._count_waiting(),
                        used=used,
                    )
                )

    def write(self, vals):
        if "base_url" in vals:
            self._check_stays(stripped(vals)["base_url"])
        return super().write(vals)

    def _check_stays(self, base_url):
        """Another environment knows nothing of what this one has. Where the service is down,
        another address may be what mends it.
        """
        for layanan in self.filtered(lambda layanan: not layanan.down_since):
            kode = layanan.kode
            if environment(kode, base_url) == environment(kode, layanan.base_url):
                continue
            jobs = layanan._jobs(
                ("antrean_id.tanggal", ">=", layanan.company_id._antrean_today()),
                ("told_visit_key", "!=", False),
            )
            if told := jobs.filtered(lambda job: job._may_have_arrived()):
                raise UserError(
                    self.env._(
                        "%(service)s has, or may have, visits of today where it is called now "
                        "(visits: %(count)s); another environment knows nothing of them. Change "
                        "the environment when the day is over, or cancel those visits first.",
                        service=SERVICES[kode].label,
                        count=len(told),
                    )
                )

    def _mark_up(self):
        """The service works, so what met trouble has a trouble of its own."""
        was_misconfigured = self.down_kind == "misconfigured"
        result = super()._mark_up()
        self._jobs(("awaits_probe", "=", True))._pause()
        if was_misconfigured:
            self._send_mended()
        return result

    def _mark_down(self, outcome):
        """The service is to blame: what met trouble waits for it and loses no try."""
        result = super()._mark_down(outcome)
        self._jobs(("awaits_probe", "=", True))._release(next_try_at=self.env.cr.now())
        return result

    def _probe_now(self):
        result = super()._probe_now()
        for layanan in self:
            layanan._send_mended()
        return result

    def _send_mended(self):
        """Send again what failed for the account or the settings, now that these are mended."""
        failed = self._jobs(
            ("state", "=", "failed"),
            ("outcome", "=", MISCONFIGURED),
            ("antrean_id.tanggal", ">=", self.company_id._antrean_today()),
        )
        failed.filtered(lambda job: job._type().is_wanted(job.antrean_id))._reopen()

    def _stalled_since(self):
        """Return since when nothing was achieved for these services, if work has been due in vain.

        Where Odoo has just been started, its scheduled actions are still to come. A service that
        has just been found to work was changed by that.
        """
        if time.monotonic() - LOADED_AT < STALLED.total_seconds():
            return None
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT min(moment) FILTER (WHERE is_due), max(moment) FILTER (WHERE NOT is_due)
              FROM (
                    SELECT true AS is_due, greatest(next_try_at, layanan.write_date) AS moment
                      FROM bpjs_job job
                      JOIN bpjs_layanan layanan ON layanan.company_id = job.company_id
                                               AND layanan.kode = job.layanan
                     WHERE layanan.id = ANY(%(services)s) AND layanan.down_since IS NULL
                       AND job.next_try_at IS NOT NULL
                     UNION ALL
                    SELECT true, lease_until FROM bpjs_job
                     WHERE company_id = ANY(%(companies)s) AND lease_until IS NOT NULL
                     UNION ALL
                    SELECT true, next_probe_at FROM bpjs_layanan WHERE id = ANY(%(services)s)
                     UNION ALL
                    SELECT false, answered.create_date
                      FROM unnest(%(companies)s::int[]) AS company (id),
                           LATERAL (SELECT create_date FROM bpjs_attempt
                                     WHERE company_id = company.id AND duration_ms IS NOT NULL
                                     ORDER BY create_date DESC LIMIT 1) AS answered
                   ) AS moments
            """,
            {"services": self.ids, "companies": self.company_id.ids},
        )
        due_since, last_answer = self.env.cr.fetchone()
        since = max(filter(None, (due_since, last_answer)), default=None)
        return since if due_since and since < now(self.env) - STALLED else None

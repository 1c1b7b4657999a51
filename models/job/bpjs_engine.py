import time
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...database import in_transaction, now
from ..faskes.bpjs_salinan import OF_THIS_DATABASE
from .run import Run

CRONS = ("ir_cron_bpjs_1", "ir_cron_bpjs_2")
RUN_SECONDS = 10  # how long a run takes new work, more or less: there are other scheduled actions


class BpjsEngine(models.AbstractModel):
    """Claims due jobs, sends them in threads and settles the answers as they come.

    Each step is a short transaction of its own; no row is locked while BPJS thinks. Any number of
    workers on any number of hosts may run this at once: they share the work through the claim.
    """

    _name = "bpjs.engine"
    _description = "BPJS Engine"

    @api.model
    def _wake(self):
        """Have the workers look for due jobs as soon as this transaction is committed."""
        self.env["ir.cron.trigger"].sudo().create(
            [{"cron_id": cron.id, "call_at": self.env.cr.now()} for cron in self._crons()]
        )
        self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)  # once for all of them

    @api.model
    def _crons(self):
        id_of = self.env["ir.model.data"]._xmlid_to_res_id
        return self.env["ir.cron"].browse(id_of(f"antrean_bpjs.{name}") for name in CRONS)

    @api.model
    def _cron_run(self):
        """Send what is due, for as long as a scheduled action may run."""
        settled = Run(self, self._seconds_to_run()).go()
        in_transaction(self.env, self.env["bpjs.job"]._wake_waiting)
        in_transaction(self.env, self.env["bpjs.job"]._end_overdue)
        in_transaction(self.env, self.env["ir.cron"]._commit_progress, settled)
        in_transaction(self.env, self._schedule)

    def _seconds_to_run(self):
        """Return how long to take new work: until a moment of the clock that is this scheduled
        action's own, so that they never pause at the same time, which gains a third. Never for less
        than half a turn: a lost answer is looked up by the run that met it, since Odoo may take a
        minute to start one.
        """
        cron_ids = self._crons().ids
        if self.env.context.get("cron_id") not in cron_ids:
            return RUN_SECONDS
        turn = cron_ids.index(self.env.context["cron_id"]) * RUN_SECONDS / len(cron_ids)
        shortest = RUN_SECONDS / 2
        return shortest + (turn - time.time() - shortest) % RUN_SECONDS

    # What comes next

    def _is_due_before(self, deadline):
        """Whether there will be something to claim in this run; what is left then is the next's."""
        seconds_left = deadline - time.monotonic()
        next_at = self._next_at()
        soon = now(self.env) + timedelta(seconds=seconds_left)
        return bool(seconds_left > 0 and next_at and next_at <= soon)

    def _schedule(self):
        """Have the next run begin: Odoo is told of what is due, and looks for the rest itself."""
        next_at = self._next_at()
        if next_at and next_at <= now(self.env):
            self._wake()
        elif next_at:
            for cron in self._crons():
                cron._trigger(at=next_at)

    def _next_at(self):
        """Return when there is something to do again, or None."""
        query = SQL(
            """
            WITH layanan AS (SELECT * FROM bpjs_layanan WHERE %s)
            SELECT min(at) FROM (
                SELECT min(job.next_try_at) AS at
                  FROM bpjs_job job
                  JOIN layanan ON layanan.company_id = job.company_id
                              AND layanan.kode = job.layanan
                 WHERE layanan.down_since IS NULL AND job.next_try_at IS NOT NULL
                 UNION ALL SELECT min(next_probe_at) FROM layanan
                 UNION ALL SELECT min(lease_until) FROM bpjs_job WHERE lease_until IS NOT NULL
            ) AS moments
            """,
            SQL(OF_THIS_DATABASE),
        )
        [[next_at]] = self.env.execute_query(query)
        return next_at

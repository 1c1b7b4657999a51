from concurrent.futures import ThreadPoolExecutor, as_completed

from odoo import api, models
from odoo.exceptions import UserError

from ...database import in_transaction


class BpjsEngine(models.AbstractModel):
    """Sending at once, because somebody pressed a button."""

    _inherit = "bpjs.engine"

    @api.model
    def _send_now(self, antrean, job_types=None):
        """Send what BPJS does not have of this entry, and return when the answers are settled.
        Where job types are named, send these only.

        The cursor must be one of its own: a request's transaction may be run anew, and that must
        never send twice.

        :raises LockError: a worker has one of the jobs in the air
        """
        flights = in_transaction(self.env, self._claim_entry, antrean, job_types)
        while flights:
            with ThreadPoolExecutor(len(flights), thread_name_prefix="bpjs") as pool:
                in_flight = {pool.submit(flight.run): flight for flight in flights}
                for future in as_completed(in_flight):
                    self._settle_landed([(in_flight[future], future)])
            landed = [flight.job_id for flight in flights]
            flights = in_transaction(self.env, self._claim_next, landed)

    def _claim_entry(self, antrean, job_types):
        antrean._sync_jobs()
        antrean.job_ids.filtered(lambda job: job._is_outdated())._replace()
        jobs = antrean.job_ids.filtered(
            lambda job: (
                job.state != "success"
                and job._is_free()
                and (not job_types or job.job_type in job_types)
            )
        )
        is_locked = jobs.try_lock_for_update(allow_referencing=True) == jobs
        if not jobs or not is_locked or "sending" in jobs.mapped("state"):
            raise antrean._being_sent()
        jobs.write(jobs._all_tries())
        for job in jobs:
            job._type().renew(antrean)
        return self._claim_each(jobs)

    def _claim_next(self, landed):
        """Claim, for sending, what a look-up has just shown not to be at BPJS or to be ready, what
        was refused and is another request by now, and what waited for a call that has landed. What
        met trouble waits.
        """
        jobs = self.env["bpjs.job"].browse(landed)
        jobs = (jobs | jobs.follower_ids).try_lock_for_update(allow_referencing=True)
        return self._claim_each(
            jobs.filtered(
                lambda job: (
                    job.state == "pending" and job._is_due() and not job._service().down_since
                )
            )
        )

    def _claim_each(self, jobs):
        flights = []
        for job in jobs:
            layanan = job._service()
            if obstacle := layanan._obstacle(job.company_id):
                raise UserError(obstacle)
            flights += self._take_off(layanan, job)
        return flights

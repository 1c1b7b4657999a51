from datetime import timedelta

from odoo import api, models

from ...bpjs.outcome import PATIENT
from ...database import NOW, now, seconds_from_now
from ...words import NOT_TOLD
from ..faskes.bpjs_salinan import OF_THIS_DATABASE

RETRY_SECONDS = (3, 15, 60, 300, 900, 1800)  # after the n-th try that came to nothing

# What may be too late: of a day that is over, or older than the shortest time to try for.
LATE = f"""
    SELECT job.id
      FROM bpjs_job job
      JOIN antrean_antrean antrean ON antrean.id = job.antrean_id
      JOIN res_company company ON company.id = job.company_id
     WHERE job.state IN ('pending', 'unknown')
       AND (antrean.tanggal < (clock_timestamp() AT TIME ZONE company.antrean_tz)::date
            OR job.create_date < {NOW} - interval '1 day')
       AND NOT EXISTS (
               SELECT 1 FROM bpjs_layanan layanan
                WHERE {OF_THIS_DATABASE}
                  AND layanan.company_id = job.company_id
                  AND layanan.kode = job.layanan
                  AND layanan.down_since IS NULL)
"""


class BpjsJob(models.Model):
    """How often, and for how long, a job is tried by itself."""

    _inherit = "bpjs.job"

    def _pause(self):
        """Count a try that came to nothing: the next comes after a pause, or staff are told."""
        for job in self:
            tries = job.attempt_count + 1
            pause = RETRY_SECONDS[min(tries, len(RETRY_SECONDS)) - 1]
            at = seconds_from_now(self.env, pause)
            if job._is_used_up(tries, at):
                job._give_up(tries)
            else:
                job._release(attempt_count=tries, next_try_at=at)

    def _wait_for_patient(self, outcome):
        """It has failed for staff to see, and is tried again while the patient may mend it."""
        tries = self.attempt_count + 1
        at = seconds_from_now(self.env, 60 * self._service().patient_retry_minutes)
        vals = {"attempt_count": tries, "next_try_at": not self._is_used_up(tries, at) and at}
        self._finish("failed", **self._outcome_vals(outcome) | vals)

    def _is_used_up(self, tries, at):
        return tries >= self._service().max_attempts or self._is_overdue(at)

    def _is_overdue(self, at):
        """Whether it is too late, at that moment, to try by itself."""
        age = timedelta(days=self._service().max_age_days or 1)
        return self._is_day_over(at) or at - self._begun_at() >= age

    def _is_day_over(self, at):
        """Whether the day of the visit is over at that moment; what is begun after it goes on."""
        if not self._type().ends_with_day:
            return False
        day_of = self.company_id._antrean_day
        return day_of(self._begun_at()) <= self.antrean_id.tanggal < day_of(at)

    def _begun_at(self):
        return self.restarted_at or self.create_date

    def _give_up(self, tries):
        """Leave it to staff, and tell them what is known of it."""
        vals = {"attempt_count": tries}
        if self.outcome != PATIENT:
            why = self._type().given_up if self._is_unknown() else NOT_TOLD
            vals |= self._own_vals(self.outcome, why, label=self._type().label, tries=tries)
            if self.message:
                vals["message"] = self._for_staff().env._(
                    "%(text)s Last answer: %(answer)s", text=vals["message"], answer=self.message
                )
        self._finish("failed", **vals)

    @api.model
    def _end_overdue(self):
        """End what waits until it is too late for a service that is down, missing or another
        database's: it is never claimed meanwhile.
        """
        at = now(self.env)
        self.env.flush_all()
        self.env.cr.execute(LATE)
        late = self.browse(job_id for [job_id] in self.env.cr.fetchall())
        for job in late.filtered(lambda job: job._is_overdue(at)):
            job._give_up(job.attempt_count)

from datetime import timedelta

from odoo import fields, models

from ...bpjs.outcome import DUPLICATE, LEARNED, PATIENT, REJECTED, SUCCESS, UNKNOWN, UNSENT
from ..faskes.bpjs_layanan import seconds_from_now
from .bpjs_job import NOTHING_SAID

RETRY_SECONDS = (3, 15, 60, 300, 900, 1800)  # after the n-th try that taught nothing


class BpjsJob(models.Model):
    """Settling: what a worker brought back becomes what a job is."""

    _inherit = "bpjs.job"

    def _settle(self, attempt, exchanges, outcome):
        """Keep what a worker brought back.

        Status never goes backwards: a success always counts, any other answer only while the
        attempt still holds the lease.

        :param attempt: the `bpjs.attempt` written at the claim
        :param list[Exchange] exchanges: the HTTP exchanges done for it, in order
        :param Outcome outcome: what they mean for the job
        """
        self.ensure_one()
        attempt._keep(exchanges, outcome)
        self._take_in(attempt, exchanges, outcome)
        self._compare()
        self._reopen_changed()  # the data may have changed while BPJS was still refusing the old

    def _take_in(self, attempt, exchanges, outcome):
        is_late = self.attempt_id != attempt or self.state != "sending"
        if outcome.kind in (SUCCESS, DUPLICATE):
            if is_late and self._is_superseded(exchanges):
                return
            self._keep_sent(exchanges)
            self._type().apply(self.antrean_id, outcome)
            if self.state != "success":
                vals = {"outcome": outcome.kind, "done_at": fields.Datetime.now()}
                self._finish("success", **NOTHING_SAID | vals)
                self._reopen_followers()
        elif is_late:
            return
        elif outcome.kind == LEARNED:
            self._type().learn(self.antrean_id, outcome)
            self._wait("pending", outcome)
        elif outcome.scope == "service":
            self._wait("unknown" if self._is_unknown() else "pending", outcome)
        elif outcome.kind == REJECTED:
            self._type().learn(self.antrean_id, outcome)
            self._finish("failed", **self._outcome_vals(outcome))
        elif outcome.kind == PATIENT:
            retry = seconds_from_now(60 * self._service().patient_retry_minutes)
            self._finish("failed", **self._outcome_vals(outcome), next_try_at=retry)
        elif outcome.kind == UNSENT and self._is_settled():
            self._wait("pending", outcome)
        else:
            self._wait_unknown(outcome)

    def _is_superseded(self, exchanges):
        """Whether BPJS did what nobody waits for any more."""
        sent = self._sent(exchanges)
        return bool(sent) and self._type().is_superseded(self.antrean_id, sent)

    def _keep_sent(self, exchanges):
        """What BPJS has is what this attempt sent, whatever was claimed since."""
        if sent := self._sent(exchanges):
            self.request = sent.as_dict()

    @staticmethod
    def _sent(exchanges):
        """Return the last request that was to change something at BPJS, or None."""
        sent = [exchange.request for exchange in exchanges if exchange.request.has_effect]
        return sent[-1] if sent else None

    def _is_settled(self):
        """Whether BPJS had time to finish what it may have been doing when we lost its answer."""
        return not self._is_unknown() or fields.Datetime.now() >= self._settled_at()

    def _settled_at(self):
        return self.sent_at + timedelta(seconds=self._service().settling_seconds)

    def _wait(self, state, outcome):
        """Put the job back in line; this costs it no try."""
        vals = self._outcome_vals(outcome)
        if state == "unknown":
            vals["outcome"] = UNKNOWN
        self._release(state=state, next_try_at=fields.Datetime.now(), **vals)

    def _wait_unknown(self, outcome):
        layanan, tries = self._service(), self.attempt_count + 1
        begun_at = self.restarted_at or self.create_date
        give_up_at = begun_at + timedelta(days=layanan.max_age_days)
        if tries >= layanan.max_attempts or fields.Datetime.now() > give_up_at:
            values = {"label": self._type().label, "tries": tries}
            vals = self._own_vals(UNKNOWN, self._type().given_up, **values)
            return self._finish("failed", attempt_count=tries, **vals)
        pause = RETRY_SECONDS[min(tries, len(RETRY_SECONDS)) - 1]
        vals = self._outcome_vals(outcome) | {"outcome": UNKNOWN}
        retry = seconds_from_now(pause)
        self._release(state="unknown", attempt_count=tries, next_try_at=retry, **vals)

    def _cancel(self):
        """Give up what BPJS is no longer to have; what may be there by now gets time to arrive."""
        for job in self:
            if job._is_unknown() and not job._is_settled():
                job._release(state="unknown", next_try_at=job._settled_at())
            else:
                job._finish("cancelled")

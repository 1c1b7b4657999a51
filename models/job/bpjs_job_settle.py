from datetime import timedelta

from odoo import models

from ...bpjs.outcome import DUPLICATE, LEARNED, PATIENT, REJECTED, SUCCESS, UNKNOWN, UNSENT
from ...database import now
from .bpjs_job import NOTHING_SAID


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
        sent = [exchange for exchange in exchanges if exchange.request.has_effect]
        is_late = self.attempt_id != attempt or self.state != "sending"
        if outcome.kind in (SUCCESS, DUPLICATE):
            if not (is_late and self._is_superseded(sent)):
                self._arrive(sent, outcome)
        elif not is_late:
            self._keep_sent_at(sent, outcome)
            self._take_in(outcome)
        self._compare()
        self._reopen_changed()  # the data may have changed while BPJS was still refusing the old

    def _arrive(self, sent, outcome):
        self._keep_sent_at(sent, outcome)
        request = sent[-1].request.as_dict() if sent else self.request
        if self.request != request:  # what BPJS has is what this attempt sent
            self.request = request
        self._type().apply(self.antrean_id, outcome)
        if self.state != "success":
            vals = {"outcome": outcome.kind, "done_at": self.env.cr.now()}
            self._finish("success", **NOTHING_SAID | vals)
            self._reopen_followers()

    def _is_superseded(self, sent):
        """Whether BPJS did what nobody waits for any more. That nothing was there when somebody
        looked says nothing of what was registered since.
        """
        if not sent:
            return bool(self._type().undoes)
        return self._type().is_superseded(self.antrean_id, sent[-1].request)

    def _keep_sent_at(self, sent, outcome):
        if sent:
            self.sent_at = sent[-1].started_at
        elif outcome.kind == UNKNOWN and not self._only_looks():
            self.sent_at = now(self.env)  # at the latest

    def _take_in(self, outcome):
        if outcome.kind == REJECTED:
            self._type().learn(self.antrean_id, outcome)
            is_wanted = self._type().is_wanted(self.antrean_id)  # the entry may be cancelled by now
            self._finish("failed" if is_wanted else "cancelled", **self._outcome_vals(outcome))
        elif outcome.kind == PATIENT:
            self._wait_for_patient(outcome)
        elif outcome.kind == LEARNED:
            self._type().learn(self.antrean_id, outcome)
            learned_before = self.outcome == LEARNED
            self._wait(outcome)
            if learned_before:  # what BPJS tells is not what the request needs
                self._pause()
        elif outcome.kind == UNSENT and outcome.scope == "job":
            if self._bpjs_may_be_at_it():
                self._wait(outcome)
                self._pause()
            else:
                self._wait(outcome, is_unknown=False)
        else:
            self._await_verdict(outcome)

    def _bpjs_may_be_at_it(self):
        """Whether BPJS may still be doing that of which we lost the answer."""
        return self._is_unknown() and now(self.env) < self._bpjs_at_it_until()

    def _bpjs_at_it_until(self):
        return self.sent_at + timedelta(seconds=self._service().settling_seconds)

    def _wait(self, outcome, is_unknown=None):
        """Put the job back in line. BPJS's last words stay while a look-up brings nothing."""
        if is_unknown is None:
            is_unknown = outcome.kind == UNKNOWN or self._is_unknown()
        vals = self._outcome_vals(outcome)
        if self.message and self._only_looks():
            vals = {"outcome": outcome.kind}
        if is_unknown:
            vals["outcome"] = UNKNOWN
        state = "unknown" if is_unknown else "pending"
        self._release(state=state, next_try_at=self.env.cr.now(), **vals)

    def _await_verdict(self, outcome):
        """Have a probe tell whether the trouble is the service's, which costs the job no try, or
        the job's own.
        """
        self._wait(outcome)
        service = self._service()
        if service and not service.down_since:
            service._suspect()
            self.write({"awaits_probe": True, "next_try_at": False})

    def _cancel(self):
        """Give up what BPJS is no longer to have; what may be there by now gets time to arrive."""
        for job in self:
            if job._bpjs_may_be_at_it():
                job._release(state="unknown", next_try_at=job._bpjs_at_it_until())
            else:
                job._finish("cancelled")

from datetime import timedelta

from odoo import fields, models

from odoo.addons.antrean_bpjs.bpjs.outcome import LEARNED, SUCCESS
from odoo.addons.antrean_bpjs.database import Clock
from odoo.addons.antrean_bpjs.models.job.flight import Flight


class BpjsJob(models.Model):
    _inherit = "bpjs.job"

    def _send_plainly(self):
        """Send in the transaction under way and write what the addon's own engine writes: attempt,
        job, queue entry and the news for the boards. No lease, no look-up of what may have arrived.
        """
        outcome = self._exchange()
        if outcome.kind == LEARNED:  # as the doctors' hours of a day, for the first entry that day
            outcome = self._exchange()
        self.write(
            {
                "state": "success" if outcome.kind == SUCCESS else "failed",
                "outcome": outcome.kind,
                "message": outcome.message,
                "next_try_at": False,
                "sent_at": fields.Datetime.now(),
                "done_at": fields.Datetime.now(),
            }
        )

    def _exchange(self):
        """Send the request that the entry is in need of now and keep what came of it."""
        layanan, request = self._service(), self._prepare()[0]
        clock = Clock(self.env)
        flight = Flight(
            layanan_id=layanan.id,
            clock=clock,
            until=clock.now() + timedelta(minutes=2),
            lang=layanan.company_id.partner_id.lang,
            client=layanan._client(),
            fly=lambda call: self._type().send(call, request),
        )
        outcome = flight.run()
        attempts = self.env["bpjs.attempt"]
        attempts = attempts.create(
            [{"job_id": self.id, **attempts._exchange_vals(each)} for each in flight.exchanges]
        )
        self.write({"request": request.as_dict(), "attempt_id": attempts[:1].id})
        keep = self._type().learn if outcome.kind == LEARNED else self._type().apply
        keep(self.antrean_id, outcome)
        return outcome

    def _send_one_after_the_other(self):
        """All that is due in one run: Odoo would let a run that watches its time pause for up to a
        minute after each ten seconds.
        """
        due = [("next_try_at", "<=", fields.Datetime.now())]
        for job in self.search(due, order="next_try_at, id"):
            job._send_plainly()
            self.env.cr.commit()

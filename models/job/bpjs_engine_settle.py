import logging

from odoo import models

from ...bpjs.outcome import UNKNOWN, Outcome
from ...database import in_transaction
from ...words import OWN_ERROR

_logger = logging.getLogger(__name__)


class BpjsEngine(models.AbstractModel):
    """Settling: what came back is written down."""

    _inherit = "bpjs.engine"

    def _settle_landed(self, landed):
        """Settle these flights in one transaction; where that fails, each in one of its own.

        Where it fails even so, the lease runs out and BPJS is asked what it has.
        """
        if not landed:
            return
        try:
            in_transaction(self.env, self._settle, landed)
        except Exception:
            self.env.cr.rollback()
            if len(landed) == 1:
                _logger.exception("BPJS job %s could not be settled", landed[0][0].job_id)
                return
            for alone in landed:
                self._settle_landed([alone])

    def _settle(self, landed):
        """Keep what these flights brought back; what they need is read for all at once."""
        job_ids = [flight.job_id for flight, _future in landed if flight.job_id]
        attempt_ids = [flight.attempt_id for flight, _future in landed if flight.job_id]
        for flight, future in landed:
            env = self.with_context(lang=flight.lang).env
            outcome = self._outcome(future)
            if not flight.job_id:
                env["bpjs.layanan"].browse(flight.layanan_id)._judge(outcome)
                continue
            job = env["bpjs.job"].browse(flight.job_id).with_prefetch(job_ids)
            attempt = env["bpjs.attempt"].browse(flight.attempt_id).with_prefetch(attempt_ids)
            job._settle(attempt, flight.exchanges, outcome)

    @staticmethod
    def _outcome(future):
        try:
            return future.result()
        except Exception:
            _logger.exception(
                "A BPJS job failed on our side; whether it arrived is looked up later"
            )
            return Outcome(UNKNOWN, reason=OWN_ERROR)

from odoo import models

from ...words import BOOKED_OTHERWISE


class BpjsJob(models.Model):
    """What BPJS has without having been told: it was booked with Mobile JKN."""

    _inherit = "bpjs.job"

    def _is_booking(self):
        """Whether it began with the member's own booking, and nothing was sent since."""
        return (
            self.job_type == "tambah_antrean_fktp"
            and not self.sent_at
            and self.antrean_id.sumber == "mobile_jkn"
        )

    def _is_corrected_by_itself(self):
        """A member's booking is taken back by a press only."""
        return not self._is_booking() and super()._is_corrected_by_itself()

    def _why_outdated(self):
        return BOOKED_OTHERWISE if self._is_booking() else super()._why_outdated()

    def _note(self):
        if self.state == "success" and self._is_booking():
            return self.env._(
                "The patient booked with Mobile JKN, so BPJS has this queue entry already. "
                "Nothing is sent."
            )
        return super()._note()

from odoo import models


class BpjsJob(models.Model):
    """What BPJS has without having been told: it was booked with Mobile JKN."""

    _inherit = "bpjs.job"

    def _is_booking(self):
        """Whether BPJS has this by the member's own booking, and by nothing that was sent."""
        return (
            self.job_type == "tambah_antrean_fktp"
            and self.state == "success"
            and not self.sent_at
            and self.antrean_id.sumber == "mobile_jkn"
        )

    def _note(self):
        if self._is_booking():
            return self.env._(
                "The patient booked with Mobile JKN, so BPJS has this queue entry already. "
                "Nothing is sent."
            )
        return super()._note()

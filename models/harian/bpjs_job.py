from dataclasses import replace

from odoo import models

from ...bpjs.outcome import DUPLICATE, Outcome
from ..job.bpjs_job import NOTHING_SAID


class BpjsJob(models.Model):
    """Taking over what PCare's list of the day says of a visit."""

    _inherit = "bpjs.job"

    def _check_not_in_the_air(self):
        if "sending" in self.mapped("state"):
            raise self.antrean_id._being_sent()

    def _adopt(self, no_urut, no_kartu, kd_poli):
        """PCare has this visit, under that number."""
        self._check_not_in_the_air()
        self._keep_told(no_kartu, kd_poli)
        self._arrive([], Outcome(DUPLICATE, data={"no_urut": no_urut}))

    def _found_missing(self):
        """PCare does not have what it once said it has: the visit is to be registered anew."""
        self._check_not_in_the_air()
        for job in self.filtered(lambda job: job.state == "success"):
            job.antrean_id.sudo().nomor_antrean_pcare = False
            vals = NOTHING_SAID | job._all_tries() | {"request": False, "next_try_at": False}
            job._finish("pending", **vals)

    def _keep_told(self, no_kartu, kd_poli):
        """PCare has it under this card and poli: by them it is looked up and taken back."""
        told = self._told_visit()
        if told and told[:2] == (no_kartu, kd_poli):
            return
        request = self._type().request(self.antrean_id)
        body = request.body | {"noKartu": no_kartu, "kdPoli": kd_poli}
        self.request = replace(request, body=body).as_dict()

    def _found_alive(self, no_urut, no_kartu, kd_poli):
        """PCare has what was cancelled here: it is to be taken back under that number."""
        (self | self._undo_job())._check_not_in_the_air()
        self.antrean_id.sudo().nomor_antrean_pcare = no_urut
        self._keep_told(no_kartu, kd_poli)
        self._finish("success", **NOTHING_SAID | {"outcome": DUPLICATE})
        self._take_back()
        self.env["bpjs.engine"]._wake()

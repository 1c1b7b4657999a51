import logging

from odoo import api, fields, models

from ...bpjs.outcome import SUCCESS
from ...database import in_transaction
from ...jobs import JOB_TYPES
from ..antrean.antrean_antrean import BOOKED

PUBLICATION = JOB_TYPES["tambah_antrean_fktp"]

_logger = logging.getLogger(__name__)


class AntreanAntrean(models.Model):
    """A queue entry that was booked with Mobile JKN: BPJS has it from the first."""

    _inherit = "antrean.antrean"

    sumber = fields.Selection(
        selection_add=[("mobile_jkn", "Mobile JKN")], ondelete={"mobile_jkn": "set default"}
    )

    def _registering(self):
        """PCare is told when the patient is present, or at the start of the day."""
        kinds = super()._registering()
        if self.sumber != "mobile_jkn" or self.menunggu_at or self._is_time_for_pcare():
            return kinds
        return [kind for kind in kinds if kind.name != "pendaftaran_pcare"]

    def _born(self, kind):
        """BPJS has a booking from the first, as if it had been sent what it was told of it."""
        booked = self.sumber == "mobile_jkn" and self.env.context.get("mobile_jkn_booked")
        if not booked or kind != PUBLICATION:
            return super()._born(kind)
        booking, sesi = booked
        request = PUBLICATION.publication(self, sesi)
        request.body.update(nomorkartu=booking.no_kartu, nik=booking.nik)
        return {
            "state": "success",
            "request": request.as_dict(),
            "outcome": SUCCESS,
            "done_at": self.env.cr.now(),
            "next_try_at": False,
        }

    def _is_time_for_pcare(self):
        faskes = self.env["bpjs.faskes"].sudo()._of(self.company_id)
        is_day = self.tanggal <= self.company_id._antrean_today()
        return is_day and faskes.mobile_jkn_pcare == "awal_hari"

    # Whoever has booked is there from the first press that says so: *Present*, or a call that was
    # taken back or told anew after they had been noted as absent.

    def _hadir(self):
        result = super()._hadir()
        self._sync_jobs()
        return result

    def _note_call(self, is_present):
        result = super()._note_call(is_present)
        if is_present:
            self._arrive()
        return result

    def _undo_call(self):
        result = super()._undo_call()
        self._arrive()
        return result

    def _terima(self):
        result = super()._terima()
        self._arrive()
        return result

    def _arrive(self):
        arrived = self.filtered(lambda entry: not entry.menunggu_at)
        if arrived:
            arrived._write_by_action({"menunggu_at": fields.Datetime.now()})
            arrived._sync_jobs()

    def _can_resend(self, statuses):
        """Of whom is not here yet nothing is missing at BPJS unless it failed."""
        if self.state == BOOKED:
            return "gagal" in statuses
        return super()._can_resend(statuses)

    def _batalkan_oleh_bpjs(self, alasan):
        """Cancel what Mobile JKN has cancelled: BPJS is not told, PCare gives back what it has."""
        publication = self._job("tambah_antrean_fktp")
        publication.filtered(lambda job: job.state == "success" or job._is_outdated())._cancel()
        self._batalkan(alasan)

    # What comes with the hour

    @api.model
    def _cron_dipesan(self):
        """Register at PCare whoever is expected today, and note who did not come."""
        for faskes in self.env["bpjs.faskes"].search([("kd_provider", "!=", False)]):
            for step in (self._expect, self._close):
                try:
                    in_transaction(self.env, step, faskes)
                except Exception:  # one clinic's odd entry is no matter of the others
                    self.env.cr.rollback()
                    _logger.exception("Bookings of facility %s", faskes.id)

    def _expect(self, faskes):
        if faskes.mobile_jkn_pcare == "awal_hari":
            today = faskes.company_id._antrean_today()
            booked = self._booked(faskes, "=", today)
            booked.filtered(lambda entry: not entry._job("pendaftaran_pcare"))._sync_jobs()

    def _close(self, faskes):
        """Note as absent whoever has booked and was not there when practice ended."""
        if faskes.mobile_jkn_tidak_hadir:
            today = faskes.company_id._antrean_today()
            booked = self._booked(faskes, "<=", today)
            booked.filtered(lambda entry: entry._is_practice_over())._absent_from_booking()

    def _booked(self, faskes, operator, tanggal):
        return self.search(
            [
                ("company_id", "=", faskes.company_id.id),
                ("state", "=", BOOKED),
                ("sumber", "=", "mobile_jkn"),
                ("tanggal", operator, tanggal),
            ]
        )

    def _is_practice_over(self):
        """Whether the hours of the visit have ended, by BPJS's own schedule where that is known, as
        for booking; without any they end with the day.
        """
        ours = self.jadwal_id._ends() if self.jadwal_id else 24
        return self._hours_since_midnight() >= (self._praktek().jam_selesai or ours)

    def _hours_since_midnight(self):
        """Return the hours at the facility since the visit's day began."""
        now = self.company_id._antrean_now()
        days = (now.date() - self.tanggal).days
        return 24 * days + now.hour + now.minute / 60

    def _absent_from_booking(self):
        self._move("dipanggil", {BOOKED})
        self._note_call(False)

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...bpjs import pcare
from ...bpjs.outcome import SUCCESS, UNKNOWN
from ...bpjs.pcare import PCARE
from ...database import Clock
from ...jobs import JOB_TYPES
from ...words import told
from ..antrean.res_partner import ADMIN
from ..job.flight import Flight
from .antrean_terutang import P
from .bpjs_harian_baris import BATAL_P
from .bpjs_harian_cari import LONGEST_LOOKUP
from .jawaban import told_by_bpjs
from .selisih import BATAL, SINI


class BpjsHarianBaris(models.Model):
    """What administrators press about a difference."""

    _inherit = "bpjs.harian.baris"

    def _guard(self, button):
        """See that an administrator presses a button that this line has, as things are by now."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(ADMIN):
            raise AccessError(self.env._("Only administrators of the queue act on differences."))
        if not self[button]:
            raise UserError(
                self.env._(
                    "This was dealt with already, or has changed since. Compare the day again to "
                    "see how it is."
                )
            )

    def action_daftarkan(self):
        """Register what only one side has: at PCare, or here."""
        self._guard("bisa_daftar")
        if self.jenis == SINI:
            return self._tell(*self.sudo()._register_there())
        return self._register_here()

    def action_perbaiki(self):
        """Have BPJS take back what it has, and be told what is entered."""
        self._guard("bisa_perbaiki")
        return self.antrean_id._resend_notification()

    def action_pakai_nomor(self):
        """Take over the number that PCare has."""
        self._guard("bisa_pakai")
        baris = self.sudo()
        job = baris.antrean_id._ensure_pcare_job()
        job._adopt(baris.nomor_di_bpjs, baris.no_kartu, baris.kd_poli)
        return self._tell(True, self.env._("PCare's number %s was taken over.", self.nomor_di_bpjs))

    def action_tarik(self):
        """Have PCare take back what it is not to have."""
        self._guard("bisa_tarik")
        baris = self.sudo()
        if holder := baris._holder():
            raise UserError(
                self.env._(
                    "Queue %s holds this registration, or is this visit and its number at PCare is "
                    "not known here yet. Cancel that entry instead, or compare the day again.",
                    holder.nomor_antrean,
                )
            )
        if self.jenis == BATAL and baris.antrean_id._job(P):
            baris._take_back_by_job()
            return self._tell(
                True, self.env._("PCare is asked to take %s back.", self.nomor_di_bpjs)
            )
        return self._tell(*baris._delete_there())

    def _take_back_by_itself(self):
        """Take back what was registered from here and cancelled, where nobody is at it already."""
        for baris in self:
            if not baris._is_ours() or baris._is_undone() or baris._holder():
                continue
            baris._take_back_by_job()
            baris._note(self.env._("PCare is asked to take %s back.", baris.nomor_di_bpjs))

    def _is_ours(self):
        """Whether it is what PCare was told of the entry. What was typed in by hand, instead of it
        or after it was taken back, may be a visit that takes place.
        """
        entry = self.antrean_id
        return (
            bool(entry._job(P).told_visit_key)
            and entry._job(BATAL_P).state != "success"
            and entry.nomor_antrean_pcare in (False, "", self.nomor_di_bpjs)
        )

    def _take_back_by_job(self):
        job = self.antrean_id._job(P)
        job._found_alive(self.nomor_di_bpjs, self.no_kartu, self.kd_poli)

    def _register_there(self):
        """Send what PCare did not have when the day was compared, unless it was sent since."""
        sent_at = self.antrean_id._job(P).sent_at
        return self.antrean_id._susulkan(
            is_lost=not sent_at or sent_at <= self.harian_id.diperiksa_at
        )

    def _register_here(self):
        """Open the registration of a patient who is at PCare today; of an earlier day enter the
        visit as PCare has it.
        """
        if not self.pasien_id:
            raise UserError(
                self.env._(
                    "No patient here has the card %(card)s of %(name)s. Enter the patient under "
                    "Patients first, then compare again.",
                    card=self.kartu,
                    name=self.nama or "?",
                )
            )
        room = self.env["antrean.ruangan"].search(
            [("company_id", "=", self.company_id.id), ("kd_poli_pcare", "=", self.kd_poli)], limit=1
        )
        if not room:
            raise UserError(self.env._("No room here has PCare's poli code %s.", self.kd_poli))
        if self.tanggal >= self.company_id._antrean_today():
            return {
                "type": "ir.actions.act_window",
                "res_model": "antrean.antrean",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_pasien_id": self.pasien_id.id, "default_ruangan_id": room.id},
            }
        if living := self.sudo()._living()[:1]:
            raise UserError(
                self.env._(
                    "Queue %s of that day is this visit already. Compare the day again.",
                    living.nomor_antrean,
                )
            )
        payer = self.env["antrean.penjamin"]
        payer = payer.search([("is_bpjs", "=", True), *payer._domain_of(self.company_id)], limit=1)
        entry = (
            self.env["antrean.antrean"]
            .sudo()
            .create(
                {
                    "company_id": self.company_id.id,
                    "tanggal": self.tanggal,
                    "pasien_id": self.pasien_id.id,
                    "ruangan_id": room.id,
                    "penjamin_id": payer.id,
                    "state": "selesai",
                    "nomor_antrean_pcare": self.nomor_di_bpjs,
                }
            )
        )
        self.sudo().antrean_id = entry
        return self._tell(
            True,
            self.env._(
                "Entered as %(queue)s of that day, with PCare's number %(number)s.",
                queue=entry.nomor_antrean,
                number=self.nomor_di_bpjs,
            ),
        )

    def _living(self):
        """Return the living entries that are this visit to PCare, by what it was told of them, too:
        an entry's card or room may have been corrected since.
        """
        visit = self.no_kartu, self.kd_poli, self.tanggal.isoformat()
        key = JOB_TYPES[P].visit_key(self.company_id, visit)
        jobs = self.env["bpjs.job"].search(
            ["|", ("visit_key", "=", key), ("told_visit_key", "=", key)]
        )
        as_entered = self.env["antrean.antrean"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("tanggal", "=", self.tanggal),
                ("pasien_id.no_kartu_bpjs", "=", self.no_kartu),
                ("ruangan_id.kd_poli_pcare", "=", self.kd_poli),
                ("penjamin_id.is_bpjs", "=", True),
            ]
        )
        return (jobs.antrean_id | as_entered).filtered(lambda entry: entry.state != "batal")

    def _holder(self):
        """Return the living entry that holds this registration at PCare, or may."""
        return self._living().filtered(
            lambda entry: entry.nomor_antrean_pcare in (False, "", self.nomor_di_bpjs)
        )[:1]

    def _delete_there(self):
        """Delete a registration at PCare that no living entry here holds, at once.

        :returns: whether it is gone, and how that is told
        :rtype: tuple[bool, str]
        """
        kind = JOB_TYPES[BATAL_P]
        request = pcare.pendaftaran_delete(
            no_kartu=self.no_kartu,
            tanggal=self.tanggal,
            no_urut=self.nomor_di_bpjs,
            kd_poli=self.kd_poli,
        )
        layanan = self.env["bpjs.layanan"]._of(self.company_id, PCARE)
        if obstacle := layanan._obstacle(self.company_id):
            raise UserError(obstacle)
        clock = Clock(self.env)
        flight = Flight(
            layanan_id=layanan.id,
            client=layanan._client(),
            clock=clock,
            until=clock.now() + LONGEST_LOOKUP,
            fly=lambda call: _deleted(kind, call, request),
        )
        self.env.cr.commit()  # pylint: disable=invalid-commit
        outcome = flight.run()
        if outcome.kind == SUCCESS:
            return True, self.env._("PCare has taken %s back.", self.nomor_di_bpjs)
        return False, told(self.env, outcome)

    def _tell(self, is_done, message):
        """Show what came of a press, and keep it where it is done."""
        if is_done:
            self._note(message)
        return told_by_bpjs(self.env, is_done, message)

    def _note(self, message):
        """Keep who dealt with it, and how; on the day, too, for lines go with the next look-up."""
        self.sudo().write(
            {
                "ditangani_at": fields.Datetime.now(),
                "ditangani_uid": self.env.uid,
                "catatan": message,
            }
        )
        label = dict(self._fields["jenis"]._description_selection(self.env))[self.jenis]
        self.sudo().harian_id._message_log(body=f"{label}, {self.kartu or ''}: {message}")


def _deleted(kind, call, request):
    """Delete; where the answer was lost, see whether it is gone."""
    outcome = kind.send(call, request)
    return kind.verify(call, request) if outcome.kind == UNKNOWN else outcome

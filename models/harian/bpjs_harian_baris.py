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
from .bpjs_harian_cari import LONGEST_LOOKUP
from .selisih import BATAL, GANDA, LAIN, NOMOR, SANA, SINI

P = "pendaftaran_pcare"
BATAL_P = "batal_pendaftaran_pcare"


class BpjsHarianBaris(models.Model):
    """One difference between PCare and the queue, and what an administrator may do about it."""

    _name = "bpjs.harian.baris"
    _description = "Difference from PCare"
    _inherit = ["antrean.rahasia"]
    _order = "harian_id, urutan, id"
    _rec_name = "nama"

    harian_id = fields.Many2one("bpjs.harian", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="harian_id.company_id", store=True, precompute=True)
    tanggal = fields.Date(related="harian_id.tanggal", store=True, precompute=True)
    jenis = fields.Selection(
        [
            (SINI, "Only here"),
            (SANA, "Only at PCare"),
            (BATAL, "Cancelled here, alive there"),
            (NOMOR, "Other number"),
            (GANDA, "There twice"),
            (LAIN, "Other poli or doctor"),
        ],
        "Difference",
        required=True,
        readonly=True,
    )
    urutan = fields.Integer("Order", readonly=True)
    antrean_id = fields.Many2one(
        "antrean.antrean", "Queue Entry", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    pasien_id = fields.Many2one(
        "res.partner", "Patient", readonly=True, ondelete="set null", index="btree_not_null"
    )
    nama = fields.Char("Name", readonly=True)
    kartu = fields.Char("Card", readonly=True, help="Its last four digits.")
    no_kartu = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    kd_poli = fields.Char("Poli at PCare", readonly=True)
    poli_di_sini = fields.Char("Room", readonly=True)
    poli_di_bpjs = fields.Char("At PCare in", readonly=True)
    nomor_di_sini = fields.Char("PCare Number Here", readonly=True)
    nomor_di_bpjs = fields.Char("PCare Number There", readonly=True)
    status_di_bpjs = fields.Char("Status at PCare", readonly=True)
    arti = fields.Text("What It Means", compute="_compute_arti")
    bisa_daftar = fields.Boolean(compute="_compute_arti")
    bisa_tarik = fields.Boolean(compute="_compute_arti")
    bisa_perbaiki = fields.Boolean(compute="_compute_arti")
    ditangani_at = fields.Datetime("Dealt with at", readonly=True)
    ditangani_uid = fields.Many2one("res.users", "Dealt with by", readonly=True)
    catatan = fields.Char("What Was Done", readonly=True)

    def _keep(self, harian, differences):
        """Make the lines of a day's differences.

        :param list[Selisih] differences: as `selisih.settled` returns them
        """
        entries = self.env["antrean.antrean"].browse(
            difference.milik.antrean_id for difference in differences if difference.milik
        )
        by_id = {entry.id: entry for entry in entries}
        strangers = {d.baris.no_kartu for d in differences if not d.milik}
        patients = {
            patient.no_kartu_bpjs: patient
            for patient in self.env["res.partner"].search(
                [
                    ("no_kartu_bpjs", "in", list(strangers)),
                    ("company_id", "in", [harian.company_id.id, False]),
                ]
            )
        }
        order = [jenis for jenis, _label in self._fields["jenis"].selection]
        vals = []
        for difference in differences:
            milik, row = difference.milik, difference.baris
            entry = by_id[milik.antrean_id] if milik else self.env["antrean.antrean"]
            patient = entry.pasien_id or patients.get(row and row.no_kartu, self.env["res.partner"])
            no_kartu = row.no_kartu if row else milik.no_kartu
            vals.append(
                {
                    "harian_id": harian.id,
                    "jenis": difference.jenis,
                    "urutan": order.index(difference.jenis),
                    "antrean_id": entry.id,
                    "pasien_id": patient.id,
                    "nama": patient.name or (row and row.nama),
                    "kartu": no_kartu and f"…{no_kartu[-4:]}",
                    "no_kartu": no_kartu,
                    "kd_poli": row.kd_poli if row else milik.kd_poli,
                    "poli_di_sini": entry.ruangan_id.name,
                    "poli_di_bpjs": row and (row.nm_poli or row.kd_poli),
                    "nomor_di_sini": milik and milik.nomor,
                    "nomor_di_bpjs": row and row.no_urut,
                    "status_di_bpjs": row and row.status,
                }
            )
        return self.create(vals)

    def _compute_arti(self):
        """Say what each line means, and which of the buttons it has."""
        is_admin = self.env.user.has_group(ADMIN)
        for baris in self:
            entry = baris.antrean_id.sudo()
            job = entry._job(P)
            is_open = is_admin and not baris.ditangani_at
            baris.arti = baris.catatan if baris.ditangani_at else baris._meaning()
            is_over = not job or job._has_ended()
            baris.bisa_daftar = is_open and (
                baris.jenis == SANA or (baris.jenis == SINI and is_over)
            )
            baris.bisa_perbaiki = (
                is_open and baris.jenis == LAIN and entry.hari_ini and entry.can_resend_pcare
            )
            baris.bisa_tarik = is_open and (
                baris.jenis in (SANA, GANDA) or (baris.jenis == BATAL and not baris._is_undone())
            )

    def _is_undone(self):
        """Whether taking back is under way by itself."""
        undo = self.antrean_id.sudo()._job(BATAL_P)
        return bool(undo) and not undo._has_ended()

    def _meaning(self):
        """Say what a line means to who is to act on it."""
        tell = {
            SINI: self._tell_sini,
            SANA: self._tell_sana,
            BATAL: self._tell_batal,
            NOMOR: self._tell_nomor,
            GANDA: self._tell_ganda,
            LAIN: self._tell_lain,
        }
        return tell[self.jenis]()

    def _tell_sini(self):
        job = self.antrean_id.sudo()._job(P)
        if job and not job._has_ended():
            return self.env._("PCare does not have it yet: it waits here and is sent by itself.")
        if job.state == "success":
            return self.env._("It was registered, but PCare does not have it any more.")
        return self.env._("PCare does not have this visit: it cannot be claimed.")

    def _tell_sana(self):
        if self.pasien_id:
            return self.env._(
                "Registered at PCare (%s) by hand or another system, not here.", self.nomor_di_bpjs
            )
        return self.env._(
            "Registered at PCare (%s); no patient here has this card.", self.nomor_di_bpjs
        )

    def _tell_batal(self):
        if self._is_undone():
            return self.env._(
                "Cancelled here; PCare is being asked to take %s back.", self.nomor_di_bpjs
            )
        return self.env._("Cancelled here, but PCare still has it as %s.", self.nomor_di_bpjs)

    def _tell_nomor(self):
        if self.nomor_di_sini:
            return self.env._(
                "PCare has it as %(there)s, here it is %(here)s.",
                there=self.nomor_di_bpjs,
                here=self.nomor_di_sini,
            )
        return self.env._(
            "PCare has it as %s; here it is not known to be registered.", self.nomor_di_bpjs
        )

    def _tell_ganda(self):
        return self.env._("PCare has this visit twice; %s is one too many.", self.nomor_di_bpjs)

    def _tell_lain(self):
        entry, row = self.antrean_id.sudo(), self.sudo()
        if row.kd_poli != entry.ruangan_id.kd_poli_pcare:
            return self.env._("PCare has this patient in %s.", self.poli_di_bpjs)
        if row.no_kartu != entry.pasien_id.no_kartu_bpjs:
            return self.env._("PCare has this visit under another card: %s.", self.kartu)
        return self.env._("Antrean FKTP was told of another doctor than is entered.")

    # What administrators press

    def _guard(self, *kinds):
        """See that an administrator acts on a line of these kinds that nobody has dealt with."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(ADMIN):
            raise AccessError(self.env._("Only administrators of the queue act on differences."))
        if self.jenis not in kinds or self.ditangani_at:
            raise UserError(
                self.env._("This was dealt with already. Compare the day again to see how it is.")
            )

    def action_daftarkan(self):
        """Register what only one side has: at PCare, or here."""
        self._guard(SINI, SANA)
        if self.jenis == SINI:
            return self._tell(*self.sudo().antrean_id._susulkan())
        return self._register_here()

    def action_perbaiki(self):
        """Have BPJS take back what it has, and be told what is entered."""
        self._guard(LAIN)
        return self.antrean_id._resend_notification()

    def action_pakai_nomor(self):
        """Take over the number that PCare has."""
        self._guard(NOMOR)
        entry = self.sudo().antrean_id
        entry._ensure_pcare_job()._adopt(self.nomor_di_bpjs)
        return self._tell(True, self.env._("PCare's number %s was taken over.", self.nomor_di_bpjs))

    def action_tarik(self):
        """Have PCare take back what it is not to have."""
        self._guard(BATAL, SANA, GANDA)
        baris = self.sudo()
        if self.jenis == BATAL and baris.antrean_id._job(P):
            baris._take_back_by_job()
            return self._tell(
                True, self.env._("PCare is asked to take %s back.", self.nomor_di_bpjs)
            )
        return self._tell(*baris._delete_there())

    def action_buka(self):
        """Open the queue entry, or else the patient."""
        self.ensure_one()
        self.check_access("read")
        record = self.antrean_id or self.pasien_id
        if not record:
            raise UserError(
                self.env._("No patient here has this card. Look for it in PCare itself.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _take_back_by_itself(self):
        """Take back what was cancelled here, where nobody is at it already."""
        for baris in self.filtered(lambda each: each.antrean_id._job(P) and not each._is_undone()):
            baris._take_back_by_job()
            baris._note(self.env._("PCare is asked to take %s back.", baris.nomor_di_bpjs))

    def _take_back_by_job(self):
        self.antrean_id._job(P)._found_alive(self.nomor_di_bpjs)

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

    def _delete_there(self):
        """Delete a registration at PCare that no living entry here holds, at once.

        :returns: whether it is gone, and how that is told
        :rtype: tuple[bool, str]
        """
        holder = self.env["antrean.antrean"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("tanggal", "=", self.tanggal),
                ("state", "!=", "batal"),
                ("nomor_antrean_pcare", "=", self.nomor_di_bpjs),
                ("pasien_id.no_kartu_bpjs", "=", self.no_kartu),
                ("ruangan_id.kd_poli_pcare", "=", self.kd_poli),
            ],
            limit=1,
        )
        if holder:
            raise UserError(
                self.env._(
                    "Queue %s holds this registration. Cancel the entry instead.",
                    holder.nomor_antrean,
                )
            )
        kind, request = JOB_TYPES[BATAL_P], pcare.pendaftaran_delete(
            no_kartu=self.no_kartu,
            tanggal=self.tanggal,
            no_urut=self.nomor_di_bpjs,
            kd_poli=self.kd_poli,
        )  # fmt: skip
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
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_done else "danger",
                "title": False if is_done else self.env._("ANSWER FROM BPJS:"),
                "message": message,
                "sticky": not is_done,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

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

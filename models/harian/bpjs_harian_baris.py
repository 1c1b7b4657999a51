from odoo import fields, models
from odoo.exceptions import UserError

from ..antrean.res_partner import ADMIN
from .antrean_terutang import P
from .selisih import BATAL, GANDA, LAIN, NOMOR, SANA, SINI

BATAL_P = "batal_pendaftaran_pcare"


class BpjsHarianBaris(models.Model):
    """One difference between PCare and the queue, and what it means."""

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
    bisa_pakai = fields.Boolean(compute="_compute_arti")
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
                    ("company_id", "in", [*harian.company_id.parent_ids.ids, False]),
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
                baris.jenis in (SANA, GANDA)
                or (baris.jenis == BATAL and entry.state == "batal" and not baris._is_undone())
            )
            baris.bisa_pakai = is_open and baris.jenis == NOMOR and baris._is_as_found()

    def _is_as_found(self):
        """Whether the entry lives and is still the visit that PCare has under another number."""
        entry, row = self.antrean_id.sudo(), self.sudo()
        return (
            entry.state != "batal"
            and (entry.nomor_antrean_pcare or "") == (row.nomor_di_sini or "")
            and entry.pasien_id.no_kartu_bpjs == row.no_kartu
            and entry.ruangan_id.kd_poli_pcare == row.kd_poli
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

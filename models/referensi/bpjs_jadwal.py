from dataclasses import asdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.referensi import Praktek, menit
from ...database import lock


class BpjsJadwal(models.Model):
    """BPJS's own schedule: one doctor's hours in one poli on one day.

    Where a poli has no row on a day, BPJS was not asked yet, or has none.
    """

    _name = "bpjs.jadwal"
    _description = "BPJS Schedule"
    _order = "tanggal desc, kd_poli, jam_mulai, id"
    _rec_name = "jam_praktek"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    tanggal = fields.Date("Date", required=True, readonly=True)
    kd_poli = fields.Char("Antrean FKTP Poli Code", required=True, readonly=True)
    kd_dokter = fields.Integer("Antrean FKTP Doctor Code", required=True, readonly=True)
    nm_dokter = fields.Char("Doctor", readonly=True)
    jam_praktek = fields.Char(
        "Practice Hours", required=True, readonly=True, help="As BPJS writes them."
    )
    jam_mulai = fields.Float("From", compute="_compute_jam", store=True, precompute=True)
    jam_selesai = fields.Float(
        "To",
        compute="_compute_jam",
        store=True,
        precompute=True,
        help="In hours since the day's midnight: above 24 it is the next day's.",
    )
    kapasitas = fields.Integer("Capacity", readonly=True)

    _row_uniq = models.Constraint(
        "unique(company_id, tanggal, kd_poli, kd_dokter, jam_praktek)",
        "A doctor has the same hours in a poli once a day.",
    )

    @api.depends("jam_praktek")
    def _compute_jam(self):
        """Hours that cannot be read are 0 to 0: they overlap with none."""
        for row in self:
            begin, end = menit(row.jam_praktek or "") or (0, 0)
            row.jam_mulai, row.jam_selesai = begin / 60, end / 60

    def _chosen(self, jadwal):
        """Return the row of a schedule's doctor that overlaps it most. Hours that nobody can read
        are taken for want of others: they are sent as BPJS writes them.
        """
        rows = self._of_doctor(jadwal.dokter_id)
        return chosen(rows, lambda row: row._overlap(jadwal)) or self.browse()

    def _of_doctor(self, dokter):
        return self.filtered(lambda row: row.kd_dokter == dokter.kd_dokter_antrean)

    def _overlap(self, jadwal):
        return jadwal._overlap(self.jam_mulai, self.jam_selesai)

    def _hours(self):
        """Return the hours as values of an `antrean.jadwal`."""
        is_next_day = self.jam_selesai > 24
        return {
            "jam_mulai": self.jam_mulai,
            "jam_selesai": self.jam_selesai - 24 * is_next_day,
            "kapasitas": self.kapasitas,
        }

    @api.model
    def _keep(self, company, tanggal, praktek):
        """Make the rows of these poli and day the ones BPJS has, as far as they could be read.

        :param dict[str, Rows] praktek: BPJS's rows by poli code
        """
        where = Domain("company_id", "=", company.id) & Domain("tanggal", "=", tanggal)
        rows = self.search(where & Domain("kd_poli", "in", list(praktek)))
        known = {(row.kd_poli, row._praktek()): row for row in rows}
        said = dict.fromkeys((kd_poli, row) for kd_poli in praktek for row in praktek[kd_poli])
        gone = [
            row for key, row in known.items() if key not in said and praktek[row.kd_poli].is_whole
        ]
        if not gone and said.keys() <= known.keys():
            return
        lock(self.env["bpjs.layanan"]._of(company, ANTREAN).faskes_id)
        self.browse().union(*gone).unlink()
        self.create(
            [
                {
                    "company_id": company.id,
                    "tanggal": tanggal,
                    "kd_poli": kd_poli,
                    **asdict(row),
                }
                for kd_poli, row in said
                if (kd_poli, row) not in known
            ]
        )
        self.env["antrean.antrean"].invalidate_model(["jadwal_bpjs_ids"])
        self.env["bpjs.job"]._reopen_refused(
            Domain("company_id", "=", company.id)
            & Domain("layanan", "=", ANTREAN)
            & Domain("antrean_id.tanggal", "=", tanggal)
        )

    def _praktek(self):
        return Praktek(self.kd_dokter, self.nm_dokter or "", self.jam_praktek, self.kapasitas)

    @api.autovacuum
    def _gc_past(self):
        """Remove the schedules of past days: what was sent is kept with its job. Yesterday's stay,
        for what is sent after midnight only.
        """
        self.search(self.env["res.company"]._antrean_past(since=1)).unlink()


def chosen(rows, overlap):
    """Return which of a doctor's rows goes with some hours, by what they have in common; else the
    first whose hours nobody can read, else None.
    """
    best = max(rows, key=overlap, default=None)
    if best is not None and overlap(best) > 0:
        return best
    return next((row for row in rows if not row.jam_selesai), None)


class AntreanAntrean(models.Model):
    """BPJS's schedule for a queue entry."""

    _inherit = "antrean.antrean"

    jadwal_bpjs_ids = fields.Many2many(
        "bpjs.jadwal", string="BPJS's Schedule", compute="_compute_jadwal_bpjs_ids"
    )

    @api.depends("company_id", "tanggal", "ruangan_id.kd_poli_antrean")
    def _compute_jadwal_bpjs_ids(self):
        """All doctors of the entry's poli on its day, as far as BPJS was asked."""
        keys = {entry: entry._jadwal_key() for entry in self}
        companies, days, codes = (set(values) for values in zip(*keys.values(), strict=True))
        rows = self.env["bpjs.jadwal"].search_fetch(
            [
                ("company_id", "in", list(companies)),
                ("tanggal", "in", list(days)),
                ("kd_poli", "in", list(codes)),
            ]
        )
        rows = rows.grouped(lambda row: (row.company_id.id, row.tanggal, row.kd_poli))
        for entry, key in keys.items():
            entry.jadwal_bpjs_ids = rows.get(key, False)

    def _jadwal_key(self):
        return self.company_id.id, self._day(), self.ruangan_id.kd_poli_antrean

    def _praktek(self):
        """Return BPJS's row for the entry's doctor and hours; none where it has or told none."""
        return self.jadwal_bpjs_ids._chosen(self.jadwal_id)

from odoo import fields, models

RAWAT_JALAN = "1"


class AntreanRuangan(models.Model):
    _name = "antrean.ruangan"
    _description = "Room"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kode_antrean = fields.Char(
        "Queue Letter",
        required=True,
        default="A",
        help="Comes before the number: A gives A-1, A-2, …",
    )
    jenis_kunjungan = fields.Selection(
        [
            (RAWAT_JALAN, "Outpatient"),
            ("apotek", "Pharmacy"),
            ("laboratorium", "Laboratory"),
            ("radiologi", "Radiology"),
        ],
        "Kind of Visit",
        required=True,
        default=RAWAT_JALAN,
        help="Only outpatient visits are reported to BPJS.",
    )
    jadwal_ids = fields.One2many("antrean.jadwal", "ruangan_id", "Schedules")

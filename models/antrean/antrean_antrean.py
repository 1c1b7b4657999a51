from odoo import api, fields, models

BOOKED = "dipesan"  # from elsewhere: the patient is not here yet
STATES = [
    (BOOKED, "Booked"),
    ("menunggu", "Waiting"),
    ("dipanggil", "Called"),
    ("diterima", "Accepted"),
    ("selesai", "Done"),
    ("batal", "Cancelled"),
]
OVER = {"selesai", "batal"}  # states in which nothing is left to do at the desk
PRIORITAS = [("lansia", "Elderly"), ("hamil", "Pregnant"), ("difabel", "Disabled")]


class AntreanAntrean(models.Model):
    _name = "antrean.antrean"
    _description = "Queue Entry"
    _inherit = ["antrean.rahasia"]
    _order = "tanggal desc, ruangan_id, angka_antrean, id"
    _rec_name = "nomor_antrean"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.company,
    )
    tanggal = fields.Date("Date", required=True, readonly=True, copy=False, index=True)
    angka_antrean = fields.Integer(
        "Number", required=True, readonly=True, copy=False, aggregator=None
    )
    nomor_antrean = fields.Char("Queue Number", required=True, readonly=True, copy=False)
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="menunggu",
        copy=False,
        group_expand="_group_expand_state",
    )
    sumber = fields.Selection(
        [("loket", "Desk"), ("kiosk", "Kiosk")],
        "Registered at",
        required=True,
        readonly=True,
        default="loket",
        copy=False,
    )
    pasien_id = fields.Many2one(
        "res.partner",
        "Patient",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("is_company", "=", False)],
    )
    penjamin_id = fields.Many2one(
        "antrean.penjamin",
        "Payer",
        required=True,
        compute="_compute_penjamin_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    is_bpjs = fields.Boolean(related="penjamin_id.is_bpjs")
    ruangan_id = fields.Many2one(
        "antrean.ruangan",
        "Room",
        required=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env["antrean.ruangan"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    jenis_kunjungan = fields.Selection(related="ruangan_id.jenis_kunjungan")
    jadwal_id = fields.Many2one(
        "antrean.jadwal",
        "Doctor and Hours",
        compute="_compute_jadwal_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
        domain="[('ruangan_id', '=', ruangan_id)]",
    )
    dokter_id = fields.Many2one(related="jadwal_id.dokter_id")
    kunjungan_sakit = fields.Boolean(
        "Sick Visit",
        compute="_compute_kunjungan_sakit",
        store=True,
        readonly=False,
        precompute=True,
    )
    keluhan = fields.Text("Complaint")
    prioritas = fields.Selection(
        PRIORITAS, "Priority", copy=False, help="Goes before those of the room who wait without."
    )
    is_prioritas = fields.Boolean(
        "Has Priority", compute="_compute_is_prioritas", store=True, precompute=True
    )
    menunggu_at = fields.Datetime(
        "Waiting since", readonly=True, copy=False, default=fields.Datetime.now
    )
    dipanggil_at = fields.Datetime("Called at", readonly=True, copy=False)
    tidak_hadir = fields.Boolean("Absent", readonly=True, copy=False)
    alasan_batal = fields.Char(
        "Reason of Cancel", readonly=True, copy=False, help="In Indonesian, as BPJS is told."
    )

    @api.depends("pasien_id")
    def _compute_penjamin_id(self):
        """Propose BPJS for whoever has a card, else the first payer."""
        payers = self.env["antrean.penjamin"]
        for (company, has_card), entries in (
            self.filtered("pasien_id")
            .grouped(lambda entry: (entry.company_id, bool(entry.pasien_id.no_kartu_bpjs)))
            .items()
        ):
            kind = [("is_bpjs", "=", has_card), *payers._domain_of(company)]
            entries.penjamin_id = payers.search(kind, limit=1)

    @api.depends("prioritas")
    def _compute_is_prioritas(self):
        for entry in self:
            entry.is_prioritas = bool(entry.prioritas)

    @api.depends("ruangan_id", "tanggal")
    def _compute_jadwal_id(self):
        """Propose the room's practice hours of the day: today those of this moment."""
        for entry in self:
            now = entry.company_id._antrean_now()
            hari = entry._weekday()
            hours = entry.ruangan_id.jadwal_ids.filtered_domain([("hari", "=", hari)])
            is_today = entry.tanggal in (False, now.date())
            entry.jadwal_id = (
                hours._proposed_at(now.hour + now.minute / 60) if is_today else hours[:1]
            )

    @api.depends("ruangan_id")
    def _compute_kunjungan_sakit(self):
        """Propose what most visits are."""
        self.kunjungan_sakit = True

    def _weekday(self):
        """Return the weekday of the visit as `antrean.jadwal.hari`."""
        return str(self._day().weekday())

    def _day(self):
        """Return the day of the visit, or today where it has none yet."""
        return self.tanggal or self.company_id._antrean_today()

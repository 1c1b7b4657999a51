from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

BOARD = "antrean_bpjs.board"  # the channel that a board asks for, and what it is sent there
STATES = [
    ("menunggu", "Waiting"),
    ("dipanggil", "Called"),
    ("diterima", "Accepted"),
    ("selesai", "Done"),
    ("batal", "Cancelled"),
]
OPEN = {"menunggu", "dipanggil"}  # not accepted yet: may be changed, accepted, cancelled
# What an entry says, which is settled once it is accepted.
ENTERED = {
    "pasien_id",
    "penjamin_id",
    "ruangan_id",
    "jadwal_id",
    "kunjungan_sakit",
    "keluhan",
    "tanggal",
}
ALASAN_LENGTH = 100  # characters; BPJS does not say how many it takes


class AntreanAntrean(models.Model):
    _name = "antrean.antrean"
    _description = "Queue Entry"
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
    hari_ini = fields.Boolean("Today", compute="_compute_hari_ini", search="_search_hari_ini")
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
    dipanggil_at = fields.Datetime("Called at", readonly=True, copy=False)
    tidak_hadir = fields.Boolean("Absent", readonly=True, copy=False)
    alasan_batal = fields.Char(
        "Reason of Cancel", readonly=True, copy=False, help="In Indonesian, as BPJS is told."
    )

    _nomor_uniq = models.Constraint(
        "unique(ruangan_id, tanggal, angka_antrean)",
        "Two queue entries of one room and day cannot have the same number.",
    )

    # Registration

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        self._assign_nomor(vals_list)
        entries = super().create(vals_list)
        entries.pasien_id._ensure_no_rekam_medis()
        entries._notify_board()
        return entries

    def _assign_nomor(self, vals_list):
        """Give each entry the next number of its room and day, without gap or double."""
        last = {}
        for vals in sorted(vals_list, key=lambda vals: vals.get("ruangan_id") or 0):
            ruangan = self.env["antrean.ruangan"].browse(vals.get("ruangan_id"))
            if not ruangan:
                continue  # the ORM reports the missing room
            company = self.env["res.company"].browse(vals["company_id"])
            vals["tanggal"] = fields.Date.to_date(vals.get("tanggal")) or company._antrean_today()
            key = (ruangan.id, vals["tanggal"])
            if key not in last:
                last[key] = self._lock_last_number(*key)
            last[key] += 1
            vals["angka_antrean"] = last[key]
            vals["nomor_antrean"] = f"{ruangan.kode_antrean}-{last[key]}"

    def _number_in(self, ruangan_id):
        """Return the values of the next number in another room: each has numbers of its own."""
        vals = {
            "ruangan_id": ruangan_id,
            "tanggal": self.tanggal,
            "company_id": self.company_id.id,
        }
        self._assign_nomor([vals])
        return vals

    def _lock_last_number(self, ruangan_id, tanggal):
        """Return the last number given out, and let nobody else take one until we commit.

        This transaction's snapshot may be older than the lock, so numbers committed meanwhile are
        read by a cursor of its own. Nothing is updated: no registration ever has to be re-run.
        """
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", (ruangan_id, tanggal.toordinal())
        )
        self.flush_model(["ruangan_id", "tanggal", "angka_antrean"])
        last = self._last_number(self.env.cr, ruangan_id, tanggal)
        if self.env.registry.ready:  # else we are being installed, and nobody else sees the table
            with self.env.registry.cursor() as fresh:
                last = max(last, self._last_number(fresh, ruangan_id, tanggal))
        return last

    @staticmethod
    def _last_number(cr, ruangan_id, tanggal):
        cr.execute(
            "SELECT max(angka_antrean) FROM antrean_antrean WHERE ruangan_id = %s AND tanggal = %s",
            (ruangan_id, tanggal),
        )
        return cr.fetchone()[0] or 0

    @api.depends("pasien_id")
    def _compute_penjamin_id(self):
        """Propose BPJS for whoever has a card, else the first payer."""
        by_card = self.filtered("pasien_id").grouped(lambda e: bool(e.pasien_id.no_kartu_bpjs))
        for has_card, entries in by_card.items():
            payer = self.env["antrean.penjamin"].search([("is_bpjs", "=", has_card)], limit=1)
            entries.penjamin_id = payer

    @api.depends("ruangan_id", "tanggal")
    def _compute_jadwal_id(self):
        """Propose the room's practice hours of the day: today those of this moment."""
        for entry in self:
            now = fields.Datetime.context_timestamp(
                self.with_context(tz=entry.company_id.antrean_tz), fields.Datetime.now()
            )
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

    # The board's columns and day

    @api.model
    def _group_expand_state(self, states, domain):
        """Show every column, also an empty one; the one of cancelled entries only when needed."""
        return [state for state, _label in STATES if state != "batal" or state in states]

    @api.depends("tanggal", "company_id")
    def _compute_hari_ini(self):
        for entry in self:
            entry.hari_ini = entry.tanggal == entry.company_id._antrean_today()

    def _search_hari_ini(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.companies._antrean_domain("=")
        return today if True in value else ~today

    # What staff press

    def action_panggil(self):
        self._move("dipanggil", {"menunggu", "dipanggil"})
        self.filtered(lambda entry: not entry.dipanggil_at or entry.tidak_hadir)._note_call(True)

    def action_tidak_hadir(self):
        """Note that the patient was called and did not come. They may be called again."""
        self._move("dipanggil", {"dipanggil"})
        self.filtered(lambda entry: not entry.tidak_hadir)._note_call(False)

    def _note_call(self, is_present):
        """Keep when these were called; calling the same patient again changes nothing."""
        self._write_by_action(
            {"dipanggil_at": fields.Datetime.now(), "tidak_hadir": not is_present}
        )

    def action_terima(self):
        self._terima()

    def _terima(self):
        self._move("diterima", {"menunggu", "dipanggil"})

    def action_selesai(self):
        self._move("selesai", {"diterima"})

    def action_batalkan(self):
        """Ask for the reason first."""
        self._check_move("batal", OPEN)
        return self.env["antrean.batal"]._open(self)

    def _batalkan(self, alasan):
        """Cancel, for a reason in Indonesian."""
        self._move("batal", OPEN, alasan_batal=alasan)

    @api.constrains("state", "alasan_batal")
    def _check_alasan_batal(self):
        for entry in self.filtered(lambda entry: entry.state == "batal"):
            alasan = entry.alasan_batal or ""
            if not alasan.strip():
                raise ValidationError(
                    self.env._(
                        "Queue %s cannot be cancelled without a reason. Choose one, or write it "
                        "in a few words.",
                        entry.nomor_antrean,
                    )
                )
            if len(alasan) > ALASAN_LENGTH:
                raise ValidationError(
                    self.env._(
                        "The reason has %(length)s characters. Shorten it to %(most)s.",
                        length=len(alasan),
                        most=ALASAN_LENGTH,
                    )
                )

    def _move(self, state, allowed, **vals):
        self._check_move(state, allowed)
        self._write_by_action({"state": state, **vals})

    def _check_move(self, state, allowed):
        label = dict(self._fields["state"]._description_selection(self.env))
        for entry in self:
            if entry.state not in allowed:
                raise UserError(
                    self.env._(
                        "Queue %(number)s is already “%(now)s”, so it cannot become “%(then)s”. "
                        "Refresh the board to see who changed it.",
                        number=entry.nomor_antrean,
                        now=label[entry.state],
                        then=label[state],
                    )
                )

    def write(self, vals):
        if not ENTERED.isdisjoint(vals):
            self._check_open(vals)
        moved = self.filtered(
            lambda entry: vals.get("ruangan_id", entry.ruangan_id.id) != entry.ruangan_id.id
        )
        for entry in moved:
            super(AntreanAntrean, entry).write({**vals, **entry._number_in(vals["ruangan_id"])})
        result = super(AntreanAntrean, self - moved).write(vals)
        self._notify_board()
        return result

    def _check_open(self, vals):
        """What was accepted is what was treated and reported: it is not rewritten afterwards."""
        for entry in self.filtered(lambda entry: entry.state not in OPEN):
            changed = [name for name in ENTERED & vals.keys() if entry._differs(name, vals[name])]
            if changed:
                label = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "Queue %(number)s is “%(state)s”, so its %(fields)s cannot be changed any "
                        "more. Changes are possible until a patient is accepted.",
                        number=entry.nomor_antrean,
                        state=label[entry.state],
                        fields=", ".join(
                            sorted(
                                self._fields[name]._description_string(self.env) for name in changed
                            )
                        ),
                    )
                )

    def _differs(self, name, value):
        field = self._fields[name]
        return self[name] != field.convert_to_record(field.convert_to_cache(value, self), self)

    # The live board

    def _notify_board(self):
        """Tell the company's open boards, once a transaction, which entries to read again."""
        precommit = self.env.cr.precommit
        if BOARD not in precommit.data:
            precommit.data[BOARD] = set()
            precommit.add(self.sudo().browse()._send_notification)
        precommit.data[BOARD].update(self.ids)

    def _send_notification(self):
        """Send ids only: who may see an entry reads it, nobody else learns what is in it."""
        ids = self.env.cr.precommit.data.pop(BOARD)
        changed = self.search_fetch([("id", "in", ids)], ["company_id"], order="id")
        for company, entries in changed.grouped("company_id").items():
            self.env["bus.bus"]._sendone((company, "ANTREAN"), BOARD, {"antrean_ids": entries.ids})

from dataclasses import asdict, replace

from odoo import api, fields, models

from ...bpjs import pcare
from ...bpjs.errors import TransportError, UnreadableError
from ...bpjs.outcome import MISCONFIGURED, SUCCESS, UNSENT
from ...bpjs.pcare import PCARE
from ...words import told

WAIT_SECONDS = 4  # for BPJS: with all that is around it, staff have their answer within 5
JENIS = {"no_kartu": "noka", "nik": "nik"}  # what PCare calls the numbers one can ask by
KINDS = {MISCONFIGURED: "refused", UNSENT: "down"}  # what an outcome is to who asks


class BpjsPeserta(models.Model):
    """What PCare said of a participant. It is kept for the day, then removed."""

    _name = "bpjs.peserta"
    _description = "BPJS Participant"
    _inherit = ["antrean.rahasia"]
    _order = "id desc"
    _rec_name = "nama"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    tanggal = fields.Date(
        "Date", required=True, readonly=True, default=lambda self: self.env.company._antrean_today()
    )
    no_kartu = fields.Char("BPJS Card Number", required=True, readonly=True)
    nik = fields.Char("NIK", readonly=True)
    nama = fields.Char("Name", readonly=True)
    jenis_kelamin = fields.Char("Sex", readonly=True)
    tgl_lahir = fields.Date("Date of Birth", readonly=True)
    no_hp = fields.Char("Phone", readonly=True)
    kd_provider = fields.Char("Registered Clinic Code", readonly=True)
    nm_provider = fields.Char("Registered Clinic", readonly=True)
    kelas = fields.Char("Class", readonly=True)
    aktif = fields.Boolean("Active", readonly=True)
    ket_aktif = fields.Char("Status", readonly=True)
    tunggakan = fields.Integer("Arrears", readonly=True)

    _of_the_day = models.Index("(company_id, tanggal)")

    @api.autovacuum
    def _gc_peserta(self):
        """Remove what is of a day that is over at its facility."""
        self.search(self.env["res.company"]._antrean_past()).unlink()

    @api.model
    def _ask(self, name, nomor):
        """Ask PCare for the participant whose `name` (a key of `JENIS`) is `nomor`, and keep what
        it says.

        No transaction is open while BPJS thinks, and no row is locked: Odoo never has to run this
        again.

        :returns: "found", "not_found", "rejected", "unreadable", "no_answer", "down", "refused" or
            "not_set_up"; the participant; and the words that staff are shown of it
        :rtype: tuple[str, BpjsPeserta, str]
        """
        company = self.env.company
        layanan = self.env["bpjs.layanan"]._of(company, PCARE)
        if obstacle := layanan._obstacle(company):
            return "not_set_up", self.browse(), obstacle
        if layanan.down_since:
            kind = "refused" if layanan.down_kind == "misconfigured" else "down"
            return kind, self.browse(), layanan.down_message or ""
        client = layanan._client()
        self.env.cr.commit()  # pylint: disable=invalid-commit
        kind, peserta, outcome = self._answer(client, name, nomor)
        kept = peserta and self.sudo().create(asdict(peserta)).sudo(False)
        return kind, kept or self.browse(), told(self.env, outcome)

    @staticmethod
    def _answer(client, name, nomor):
        """Return the kind, the participant as `bpjs.peserta.Peserta` or None, and the outcome."""
        request = pcare.peserta_by(JENIS[name], nomor)
        try:
            result = client.send_within(WAIT_SECONDS, request)
        except TransportError as error:
            outcome = client.outcome(request, error)
            kind = "no_answer" if error.sent else KINDS[outcome.kind]
            return kind, None, outcome
        outcome = client.outcome(request, result)
        if outcome.kind != SUCCESS:
            return KINDS.get(outcome.kind, "rejected"), None, outcome
        if not result.response:
            return "not_found", None, outcome
        try:
            peserta = pcare.read_peserta(result.response)
        except UnreadableError:
            return "unreadable", None, outcome
        # An answer without the number that was asked by is about it, one with another is not.
        is_asked_for = getattr(peserta, name) in ("", nomor)
        if peserta.aktif is None or not is_asked_for:
            return "unreadable", None, outcome
        return "found", replace(peserta, **{name: nomor}), outcome

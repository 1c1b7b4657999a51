from odoo import api, fields, models

ALASAN = {  # as it is kept; another reason is kept in the words of the staff
    "gangguan": "Layanan BPJS sedang terganggu",
    "mendesak": "Pasien perlu segera ditangani",
    "menyusul": "Data pasien dilengkapi menyusul",
    "manual": "Dicatat langsung di aplikasi BPJS",
}


class AntreanTerima(models.TransientModel):
    """What staff see at Terima while BPJS does not have the visit: their choice, and its price."""

    _name = "antrean.terima"
    _description = "Accept a BPJS Queue Entry"

    antrean_id = fields.Many2one(
        "antrean.antrean", required=True, readonly=True, ondelete="cascade"
    )
    nomor_antrean = fields.Char(related="antrean_id.nomor_antrean", related_sudo=False)
    pasien_id = fields.Many2one(related="antrean_id.pasien_id", related_sudo=False)
    bpjs_badges = fields.Json(related="antrean_id.bpjs_badges", related_sudo=False)
    # A list of {labels, message, cause: what that means and who does what, url and qr of the
    # screening form}, or False. What BPJS says of several jobs alike is told once.
    bpjs_failures = fields.Json("Failed at BPJS", compute="_compute_bpjs_failures")
    bpjs_advice = fields.Char(related="antrean_id.bpjs_advice", related_sudo=False)
    can_resend_pcare = fields.Boolean(related="antrean_id.can_resend_pcare", related_sudo=False)
    alasan = fields.Selection(
        [
            ("gangguan", "BPJS is down"),
            ("mendesak", "The patient cannot wait"),
            ("menyusul", "Data is completed later"),
            ("manual", "Entered at BPJS by hand"),
            ("lainnya", "Other reason"),
        ],
        "Reason",
    )
    alasan_lain = fields.Char("Other Reason")

    @api.depends("antrean_id")
    @api.depends_context("lang")
    def _compute_bpjs_failures(self):
        for wizard in self:
            alike = wizard.antrean_id._failed_jobs().grouped(
                lambda job: (job.message or "", job.galat_id)
            )
            wizard.bpjs_failures = [
                {
                    "labels": ", ".join(job._type().label for job in jobs),
                    "message": message,
                    "cause": galat._summary(),
                    **{name: jobs[0]._explanation()[name] for name in ("url", "qr")},
                }
                for (message, galat), jobs in alike.items()
            ]

    def _open(self, antrean):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept Queue %s", antrean.nomor_antrean),
            "res_model": self._name,
            "res_id": self.create({"antrean_id": antrean.id}).id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_terima(self):
        return self.antrean_id._accept_despite_bpjs(ALASAN.get(self.alasan) or self.alasan_lain)

from odoo import api, fields, models

from ...jobs import Problem, registering


class AntreanAntrean(models.Model):
    """What BPJS would refuse of a queue entry anyway, told before it is sent."""

    _inherit = "antrean.antrean"

    # A list of {text, model, id, name}, or False. The last three are those of the record to open;
    # they are empty where it is this entry, or one that the user cannot change.
    bpjs_problems = fields.Json("Missing for BPJS", compute="_compute_bpjs_problems")

    @api.depends(
        lambda self: (
            "state",
            "tanggal",
            "pasien_id",
            "penjamin_id.is_bpjs",
            "ruangan_id.jenis_kunjungan",
            "job_ids.state",
            *(name for kind in registering() for name in kind.depends),
        )
    )
    def _compute_bpjs_problems(self):
        for entry in self:
            problems = dict.fromkeys(entry._problems())
            entry.bpjs_problems = [entry._problem_vals(problem) for problem in problems]

    def _problems(self):
        """Return the `Problem`s of what BPJS is to have of this entry and does not have yet."""
        if not (self.pasien_id and self.ruangan_id and self._is_reported()):
            return []
        missing = [
            kind
            for kind in registering()
            if kind.is_wanted(self) and self._job(kind.name).state != "success"
        ]
        if missing:
            layanan = self.env["bpjs.layanan"]._of(self.company_id, missing[0].layanan)
            if obstacle := layanan._obstacle(self.company_id):
                return [Problem("not_set_up", obstacle, self)]
        return [problem for kind in missing for problem in kind.problems(self)]

    def _problem_vals(self, problem):
        record = problem.record._origin
        if record == self._origin or not record.has_access("write"):
            return {"text": problem.text, "model": "", "id": 0, "name": ""}
        return {
            "text": problem.text,
            "model": record._name,
            "id": record.id,
            "name": record.display_name,
        }

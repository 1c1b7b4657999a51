from odoo import api, models
from odoo.exceptions import ValidationError


class AntreanAntrean(models.Model):
    """One visit: a card once a poli and day, whichever patient's record and room it is."""

    _inherit = "antrean.antrean"

    @api.depends("penjamin_id")
    def _compute_sudah_antre(self):
        """What BPJS books once is refused by `_check_visits`; nobody is asked before."""
        result = super()._compute_sudah_antre()
        self.filtered(lambda entry: entry._is_reported()).sudah_antre = False
        return result

    def _keep_visits(self):
        """Hold the visits that these entries are now: BPJS books a card once a poli and day, and a
        second entry would pass for the first.

        :raises ValidationError: another entry holds one of them
        """
        if not self.env.registry.ready:
            return  # an older database is being updated: its visits are noted afterwards
        changed = {}
        for job in self.job_ids:
            key = job._visit_key(job.antrean_id, job._type())
            if job._held_key() != (key or ""):
                changed[job] = key
        self._check_visits([(key, job.antrean_id) for job, key in changed.items()])
        for job, key in changed.items():
            job.visit_key = key
        self.env["bpjs.job"].flush_model(["visit_key"])  # before another entry takes what was left

    def _check_visits(self, visits):
        """:param visits: pairs of a visit's key and the entry that is to hold it"""
        holders = {}
        for key, entry in visits:
            if key and holders.setdefault(key, entry) != entry:
                raise self._held_already(holders[key]._visit_names())
        if holders and (names := self._find_holder(holders)):
            raise self._held_already(names)

    def _find_holder(self, holders):
        """Return the names of another entry that holds one of these visits, if there is one.

        It may be too new for this transaction's snapshot, as when two desks register a patient at
        once; what this transaction sees is as this transaction has left it.
        """
        found = self.env["bpjs.job"].search([("visit_key", "in", list(holders))])
        found = found.filtered(lambda job: job.antrean_id != holders[job.visit_key])
        if found or not self.env.registry.ready:
            return found and found[0].antrean_id._visit_names()
        with self.env.registry.cursor() as fresh:
            jobs = found.with_env(self.env(cr=fresh)).search([("visit_key", "in", list(holders))])
            new = jobs.browse(set(jobs.ids) - set(found.browse(jobs.ids).exists().ids))
            return new and new[0].antrean_id._visit_names()

    def _visit_names(self):
        return {
            "patient": self.pasien_id.name,
            "number": self.nomor_antrean,
            "room": self.ruangan_id.name,
        }

    def _held_already(self, names):
        return ValidationError(
            self.env._(
                "%(patient)s already has queue %(number)s in %(room)s on this day, and BPJS books "
                "a card once a day there. Open %(number)s, or cancel it first.",
                **names,
            )
        )

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...database import hold
from ...jobs import registering
from ..antrean.antrean_ruangan import RAWAT_JALAN

MOST_NAMED = 10  # patients in a message


class AntreanAntrean(models.Model):
    """Which jobs a queue entry has: what BPJS is told of it."""

    _name = "antrean.antrean"
    _inherit = ["antrean.antrean", "bpjs.source"]
    _antrean_path = "id"
    _tells_nothing = frozenset(
        {
            "alasan_batal",
            "alasan_terima",
            "asal_id",
            "dipanggil_at",
            "diterima_gagal_at",
            "diterima_gagal_error",
            "diterima_gagal_uid",
            "is_prioritas",
            "nomor_antrean_pcare",
            "prioritas",
            "state",
            "tidak_hadir",
        }
    )

    job_ids = fields.One2many("bpjs.job", "antrean_id", "BPJS Jobs", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._sync_jobs()
        return entries

    def _is_reported(self):
        """Whether BPJS is told of this visit: an outpatient visit that BPJS pays."""
        return self.penjamin_id.is_bpjs and self.ruangan_id.jenis_kunjungan == RAWAT_JALAN

    def _registering(self):
        """Return the job types that bring this visit to BPJS, as far as it is time for them."""
        return registering()

    def _born(self, kind):
        """Return the values that a new job of this kind has where it is not to be sent."""
        return {}

    def _job(self, job_type):
        return self.job_ids.filtered(lambda job: job.job_type == job_type)

    @api.model
    def _current(self, domain):
        """Find, among these, the entries that BPJS is still to be told of: those of past days keep
        what was told.
        """
        return self.sudo().search(domain & self._lately())

    @api.model
    def _lately(self):
        return Domain("tanggal", ">=", self.env["res.company"]._antrean_earliest_today())

    def _entries(self):
        return self._current(Domain("id", "in", self.ids))

    def _hold_sources(self):
        """Keep others from changing what these are made of until we commit; they then see these.
        Where it was changed since we began, Odoo has us begin anew.
        """
        for sources in (self.pasien_id, self.penjamin_id, self.ruangan_id, self.jadwal_id):
            hold(sources)

    def _sync_jobs(self):
        """Make the jobs of these entries those that BPJS is owed for them as they are now.

        This is the one rule, asked whenever anything has changed that it depends on, so that what
        was switched off and on again is as before.

        :raises UserError: BPJS has, or may have, what it is no longer to have
        """
        entries = self.sudo().filtered(
            lambda entry: (
                entry.state != "batal" and entry.tanggal >= entry.company_id._antrean_today()
            )
        )
        entries._hold_sources()
        reported = entries.filtered(lambda entry: entry._is_reported())
        (entries - reported)._drop_jobs()
        reported.filtered(lambda entry: entry.state != "selesai")._ensure_jobs()
        reported._keep_visits()
        reported.job_ids._compare()

    def _undo_finish(self):
        """What was over when it came, and is not any more, is owed from now on."""
        result = super()._undo_finish()
        self._sync_jobs()
        return result

    def _source_changed(self):
        """What requests are made of has changed."""
        self._sync_jobs()
        jobs = self.job_ids
        jobs._meet_workers()
        jobs.filtered(lambda job: job.state == "failed")._reopen_changed()

    def _is_corrected_by_itself(self):
        """Whether BPJS is told of a change by itself: until the patient is called."""
        faskes = self.env["bpjs.faskes"].sudo()._of(self.company_id)
        is_called = self.dipanggil_at or self.dipanggil_di_bpjs
        is_untouched = self.state == "menunggu" and not is_called
        return bool(faskes.perbaiki_otomatis and is_untouched)

    def _drop_jobs(self):
        """BPJS is not told of these any more."""
        told = self.filtered(lambda entry: any(job._may_have_arrived() for job in entry.job_ids))
        if told:
            raise UserError(
                self.env._(
                    "BPJS has, or may have, the visit of %(patients)s (visits: %(count)s). Cancel "
                    "the queue entry, then register the patient with the other payer or room.",
                    patients=", ".join(told[:MOST_NAMED].pasien_id.mapped("name")),
                    count=len(told),
                )
            )
        self.job_ids.filtered(lambda job: job.state == "pending")._cancel()
        self.job_ids._leave_visit()

    def _ensure_jobs(self):
        """Give each of these its jobs, in the transaction in which BPJS becomes owed them."""
        missing = []
        for entry in self:
            kinds = entry._registering()
            dropped = entry.job_ids.filtered(
                lambda job, kinds=kinds: job.state == "cancelled" and job._type() in kinds
            )
            dropped._reopen()
            known = entry.job_ids.mapped("job_type")
            missing += [(entry, kind) for kind in kinds if kind.name not in known]
        if missing:
            vals = [
                {
                    "antrean_id": entry.id,
                    "job_type": kind.name,
                    "visit_key": self.env["bpjs.job"]._visit_key(entry, kind),
                    **entry._born(kind),
                }
                for entry, kind in missing
            ]
            self._check_visits(
                (job["visit_key"], entry) for job, (entry, _kind) in zip(vals, missing, strict=True)
            )
            jobs = self.env["bpjs.job"].create(vals).filtered(lambda job: not job._has_ended())
            for job, rivals in jobs._rivals().items():
                job._wait_for_undo(rivals)
            if jobs:
                self.env["bpjs.engine"]._wake()

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...jobs import JOB_TYPES, with_badge
from .bpjs_job import STATUS, STATUSES, WORST_FIRST


class AntreanAntrean(models.Model):
    """How far BPJS is with a queue entry, in the words that staff know."""

    _inherit = "antrean.antrean"

    # A list of {job_type, letter, status, label: the status in words}, in the order of the badges.
    bpjs_badges = fields.Json("BPJS Status", compute="_compute_bpjs_badges")
    nomor_antrean_pcare = fields.Char("PCare Number", readonly=True, copy=False)

    # The manual's two jobs as fields of their own, for lists, filters and exports.
    status_pendaftaran_pcare = fields.Selection(STATUSES, "PCare", compute="_compute_bpjs_status")
    error_pendaftaran_pcare = fields.Char(compute="_compute_bpjs_error")
    status_tambah_antrean_fktp = fields.Selection(
        STATUSES, "Antrean FKTP", compute="_compute_bpjs_status"
    )
    error_tambah_antrean_fktp = fields.Char(compute="_compute_bpjs_error")
    bpjs_advice = fields.Char("Recommended", compute="_compute_bpjs_advice")

    @api.depends(
        "job_ids.state", "nomor_antrean_pcare", "penjamin_id.is_bpjs", "ruangan_id", "state"
    )
    @api.depends_context("lang")
    def _compute_bpjs_badges(self):
        """Tell staff in their words how each job is, and whether there is anything to resend: of
        hundreds of cards at once. Entries of other payers have no badge.
        """
        labels = self._status_words()
        for statuses, entries in self._by_statuses().items():
            found = {status for _kind, status in statuses}
            entries.can_resend_pcare = False
            entries.filtered(lambda e, found=found: e._can_resend(found)).can_resend_pcare = True
            entries.bpjs_badges = [
                {
                    "job_type": kind.name,
                    "letter": kind.letter,
                    "status": status,
                    "label": labels[status],
                }
                for kind, status in statuses
            ]

    def _by_statuses(self):
        """Return {((job type, status) of each badge): the entries that show these}. A board has
        hundreds of cards, and few different ones.
        """
        kinds, states = with_badge(), self._job_states()

        def statuses(entry):
            return tuple(entry._statuses(kinds, states.get(entry.id or entry._origin.id, {})))

        return self.grouped(statuses)

    def _statuses(self, kinds, states):
        """Return (job type, status) of each badge, given {job type's name: state}.

        A cancelled entry shows one, which tells how far BPJS is with taking it back.
        """
        if self.state == "batal":
            statuses = [(JOB_TYPES[name], STATUS[state]) for name, state in states.items()]
            undos = [(kind, status) for kind, status in statuses if kind.undoes]
            return sorted(undos, key=lambda undo: WORST_FIRST.index(undo[1]))[:1]
        if not self.penjamin_id.is_bpjs:
            return []
        return [
            (kind, STATUS.get(states.get(kind.name), "na"))
            for kind in kinds
            if not kind.undoes and (kind.registers or kind.name in states)
        ]

    def _badges(self):
        return self.bpjs_badges or []  # an empty list is False to a field

    def _job_states(self):
        """Return {entry's id: {job type's name: state}}. A board of hundreds of cards would else
        spend most of its time on records of jobs.
        """
        self.env["bpjs.job"].flush_model(["antrean_id", "job_type", "state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT antrean_id, job_type, state FROM bpjs_job"
                " WHERE antrean_id = ANY(%s) AND job_type = ANY(%s)",
                list(self._origin._ids),
                [kind.name for kind in with_badge()],
            )
        )
        states = {}
        for antrean_id, job_type, state in rows:
            states.setdefault(antrean_id, {})[job_type] = state
        return states

    @api.depends("bpjs_badges")
    def _compute_bpjs_status(self):
        for entry in self:
            statuses = {badge["job_type"]: badge["status"] for badge in entry._badges()}
            entry.status_pendaftaran_pcare = statuses.get("pendaftaran_pcare")
            entry.status_tambah_antrean_fktp = statuses.get("tambah_antrean_fktp")

    @api.depends("bpjs_badges", "job_ids.message")
    def _compute_bpjs_error(self):
        for entry in self:
            errors = {job.job_type: job.message for job in entry._failed_jobs()}
            entry.error_pendaftaran_pcare = errors.get("pendaftaran_pcare")
            entry.error_tambah_antrean_fktp = errors.get("tambah_antrean_fktp")

    def _failed_jobs(self):
        """Return the jobs whose badges tell of a failure, in the order of these."""
        failed = [badge["job_type"] for badge in self._badges() if badge["status"] == "gagal"]
        return self.env["bpjs.job"].concat(*map(self._job, failed))

    @api.depends("bpjs_badges", "state")
    @api.depends_context("lang")
    def _compute_bpjs_advice(self):
        for entry in self:
            entry.bpjs_advice = entry.state != "batal" and entry._advice()

    def _advice(self):
        """Return what staff had best do, after the manual's table; False where it says nothing."""
        statuses = [badge["status"] for badge in self._badges()]
        if "processing" in statuses:
            return self.env._("Wait a moment and refresh the data. The job is in the process queue")
        if statuses.count("gagal") > 1:
            return self.env._(
                "Try Resend PCare. If it fails, consult an administrator before accepting"
            )
        if failed := self._failed_jobs():
            return failed._type().advice(self.env)
        return set(statuses) == {"ok"} and self.env._("Accept the entry as usual")

    def _counters(self, domain, waiting):
        counters = super()._counters(domain, waiting)
        failed = self.search_count(Domain(domain) & Domain("job_ids.state", "=", "failed"))
        if failed:
            label = self._status_words()["gagal"].lower()
            counters.append({"filter": "gagal", "label": label, "count": failed})
        return counters

    @api.model
    @api.readonly
    def get_badge_help(self):
        """Return what stands on the badges: the letters, in the order of the badges, and the words.

        :returns: {"letters": [{"letter": str, "about": str}], "statuses": {status: its word}}
        :rtype: dict
        """
        about = {kind.letter: kind.about(self.env) for kind in with_badge()}
        return {
            "letters": [{"letter": letter, "about": text} for letter, text in about.items()],
            "statuses": self._status_words(),
        }

    @api.model
    def _status_words(self):
        """Return {status: its word}."""
        return dict(self.env["bpjs.job"]._fields["status"]._description_selection(self.env))

    @api.readonly
    def get_bpjs_details(self):
        """Return what the badges explain: a job each, in their order, and what staff had best do.

        :returns: {"jobs": [{job_type, letter, label, status, status_label, message, is_answer:
            whether BPJS said so, note, tried_at, attempt_count, next_try_at,
            **`_explanation()`}], "advice": str, "pasien_id": int, "can_resend": bool}; times are
            UTC or False
        :rtype: dict
        """
        self.ensure_one()
        return {
            "jobs": [
                self._job_details(badge) for badge in self._badges() if self._job(badge["job_type"])
            ],
            "advice": self.bpjs_advice or "",
            "pasien_id": self.pasien_id.id,
            "can_resend": self.can_resend_pcare,
        }

    def _job_details(self, badge):
        job = self._job(badge["job_type"])
        return {
            "job_type": badge["job_type"],
            "letter": badge["letter"],
            "label": JOB_TYPES[badge["job_type"]].label,
            "status": badge["status"],
            "status_label": badge["label"],
            "message": job.message or "",
            "is_answer": not job.reason,
            "note": job._note(),
            "tried_at": fields.Datetime.to_string(job.attempt_id.sudo().started_at),
            "attempt_count": job.attempts_made,
            "next_try_at": fields.Datetime.to_string(job.next_try_at),
            **job._explanation(),
        }

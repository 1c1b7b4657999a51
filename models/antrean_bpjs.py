from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..bpjs.outcome import PATIENT, REJECTED
from ..jobs import JOB_TYPES
from .antrean_ruangan import RAWAT_JALAN
from .bpjs_job import INCOMPLETE, STATUS, WORST_FIRST

_lt = LazyTranslate(__name__)

STATUSES = [("processing", "processing"), ("ok", "OK"), ("gagal", "Failed"), ("na", "N/A")]
REGISTRATION = ("pendaftaran_pcare", "tambah_antrean_fktp")  # born with every reported entry
UNDO = {kind.undoes: name for name, kind in JOB_TYPES.items() if kind.undoes}

# What staff are advised to do, by the status of P and A.
ADVICE = {
    ("ok", "ok"): _lt("Accept the entry as usual"),
    ("gagal", "ok"): _lt("Try Resend PCare first. If it still fails, contact an administrator"),
    ("ok", "gagal"): _lt(
        "Accept the entry with confirmation. Antrean FKTP can be handled manually"
    ),
    ("gagal", "gagal"): _lt(
        "Try Resend PCare. If it fails, consult an administrator before accepting"
    ),
}
ADVICE_PROCESSING = _lt("Wait a moment and refresh the data. The job is in the process queue")


class AntreanAntrean(models.Model):
    """The BPJS side of a queue entry."""

    _inherit = "antrean.antrean"
    _bpjs_answers = frozenset({"nomor_antrean_pcare"})

    job_ids = fields.One2many("bpjs.job", "antrean_id", "BPJS Jobs", readonly=True)
    nomor_antrean_pcare = fields.Char("PCare Number", readonly=True, copy=False)
    status_pendaftaran_pcare = fields.Selection(STATUSES, "PCare", compute="_compute_bpjs_status")
    error_pendaftaran_pcare = fields.Char(compute="_compute_bpjs_error")
    status_tambah_antrean_fktp = fields.Selection(
        STATUSES, "Antrean FKTP", compute="_compute_bpjs_status"
    )
    error_tambah_antrean_fktp = fields.Char(compute="_compute_bpjs_error")
    bpjs_advice = fields.Char("Recommended", compute="_compute_bpjs_advice")
    status_batal = fields.Selection(STATUSES, "Cancel", compute="_compute_status_batal")
    can_resend_pcare = fields.Boolean(compute="_compute_can_resend_pcare")

    dipanggil_at = fields.Datetime("Called at", readonly=True, copy=False)
    tidak_hadir = fields.Boolean("Absent", readonly=True, copy=False)

    diterima_gagal_uid = fields.Many2one(
        "res.users", "Accepted Despite BPJS by", readonly=True, copy=False
    )
    diterima_gagal_at = fields.Datetime("Accepted Despite BPJS at", readonly=True, copy=False)
    diterima_gagal_error = fields.Text("BPJS Errors at Acceptance", readonly=True, copy=False)

    @api.depends("job_ids.state", "penjamin_id.is_bpjs", "state")
    def _compute_bpjs_status(self):
        """Tell staff in their words how each job is. Entries of other payers have no status, nor
        have cancelled ones: what BPJS has of them is being taken back.
        """
        told = self.filtered(lambda entry: entry.state != "batal" and entry.penjamin_id.is_bpjs)
        ids = {id_ or id_.origin: id_ for id_ in told._ids}  # a form computes on a copy
        rest = dict.fromkeys(REGISTRATION, told)
        for job_type, state, antrean_ids in told._registrations():
            entries = self.browse(ids[antrean_id] for antrean_id in antrean_ids)
            entries[f"status_{job_type}"] = STATUS[state]
            rest[job_type] -= entries
        for job_type, entries in rest.items():
            entries[f"status_{job_type}"] = "na"
            (self - told)[f"status_{job_type}"] = False

    def _registrations(self):
        """Return (job_type, state, ids of the entries): few rows for a board of hundreds of cards,
        and records take more of its time than all else does.
        """
        self.env["bpjs.job"].flush_model(["antrean_id", "job_type", "state"])
        return self.env.execute_query(
            SQL(
                """
                SELECT job_type, state, array_agg(antrean_id) FROM bpjs_job
                 WHERE antrean_id = ANY(%s) AND job_type = ANY(%s)
                 GROUP BY job_type, state
                """,
                list(self._origin._ids),
                list(REGISTRATION),
            )
        )

    @api.depends("status_pendaftaran_pcare", "status_tambah_antrean_fktp", "job_ids.message")
    def _compute_bpjs_error(self):
        for entry in self:
            for job_type in REGISTRATION:
                is_failed = entry[f"status_{job_type}"] == "gagal"
                entry[f"error_{job_type}"] = is_failed and entry._job(job_type).message

    @api.depends("status_pendaftaran_pcare", "status_tambah_antrean_fktp")
    def _compute_bpjs_advice(self):
        for entry in self:
            entry.bpjs_advice = entry._advice()

    def _advice(self):
        statuses = self.status_pendaftaran_pcare, self.status_tambah_antrean_fktp
        advice = ADVICE_PROCESSING if "processing" in statuses else ADVICE.get(statuses)
        return advice and self.env._(advice)

    @api.depends("job_ids.state", "state")
    def _compute_status_batal(self):
        cancelled = self.filtered(lambda entry: entry.state == "batal")
        for entry in cancelled:
            entry.status_batal = STATUS.get(entry._worst_undo().state, False)
        (self - cancelled).status_batal = False  # at once, without a look at their jobs

    def _worst_undo(self):
        """Return the job that tells how far BPJS is with taking a cancelled entry back."""
        by_status = self._undo_jobs().sorted(lambda job: WORST_FIRST.index(STATUS[job.state]))
        return by_status[:1]

    def _undo_jobs(self):
        return self.job_ids.filtered(lambda job: job._type().undoes)

    @api.depends("job_ids.state", "nomor_antrean_pcare", "penjamin_id", "ruangan_id", "state")
    def _compute_can_resend_pcare(self):
        """The manual's three conditions: BPJS pays, it is an outpatient visit, something is missing
        at BPJS. A cancelled entry is not to be there at all.
        """
        resendable = self.filtered(
            lambda entry: (
                (
                    entry.status_pendaftaran_pcare != "ok"
                    or entry.status_tambah_antrean_fktp != "ok"
                    or entry.nomor_antrean_pcare in (False, "", "0")
                )
                and entry.state != "batal"
                and entry._is_reported()
            )
        )
        resendable.can_resend_pcare = True
        (self - resendable).can_resend_pcare = False

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._ensure_jobs()
        return entries

    def write(self, vals):
        result = super().write(vals)
        if "penjamin_id" in vals:
            self._check_payer_change()
            self._ensure_jobs()
        if vals.get("state") == "batal":
            self.sudo()._withdraw()
        return result

    def _is_reported(self):
        """Whether BPJS is told of this visit: an outpatient visit that BPJS pays."""
        return self.penjamin_id.is_bpjs and self.ruangan_id.jenis_kunjungan == RAWAT_JALAN

    def _check_payer_change(self):
        for entry in self.sudo().filtered(lambda entry: not entry.is_bpjs):
            if any(job._may_have_arrived() for job in entry.job_ids):
                raise UserError(
                    self.env._(
                        "BPJS has queue %s already, or may have it. Cancel the entry, then "
                        "register the patient again with the other payer.",
                        entry.nomor_antrean,
                    )
                )

    def _job(self, job_type):
        return self.job_ids.filtered(lambda job: job.job_type == job_type)

    def _withdraw(self):
        """Take back what BPJS has or may have of these entries; drop what was not sent yet."""
        for entry in self:
            for job in entry.job_ids.filtered(lambda job: job.state in ("pending", "failed")):
                if not job._is_unknown() and not job._type().is_wanted(entry):
                    job._cancel()
                elif job.state == "failed":
                    job._reopen()
            for job_type, undo in UNDO.items():
                if entry._job(job_type)._may_have_arrived():
                    JOB_TYPES[undo].comes_after(entry)._line_up(undo)
        self.env["bpjs.engine"]._wake()

    def _ensure_jobs(self):
        """Give each reported entry its jobs, in the transaction that makes it a reported one."""
        missing = []
        for entry in self.filtered(lambda entry: entry._is_reported()):
            jobs = entry.sudo().job_ids
            jobs.filtered(lambda job: job.state == "cancelled")._reopen()
            if new := set(REGISTRATION) - set(jobs.mapped("job_type")):
                missing += entry._registration_vals(sorted(new))
        if missing:
            self.env["bpjs.job"].sudo().create(missing)
            self.env["bpjs.engine"].sudo()._wake()

    def _registration_vals(self, job_types):
        """Register only after an earlier entry of the same visit has been taken back, or that has
        failed; anew when it then succeeds: BPJS knows them by card, poli and day alone.
        """
        undoing = (
            self.env["bpjs.job"]
            .sudo()
            .search(
                [
                    ("job_type", "in", [UNDO[job_type] for job_type in job_types]),
                    ("state", "not in", ("success", "cancelled")),
                    ("antrean_id.pasien_id", "=", self.pasien_id.id),
                    ("antrean_id.tanggal", "=", self.tanggal),
                    ("company_id", "=", self.company_id.id),
                ]
            )
            .grouped("job_type")
        )
        for job_type in job_types:
            undo = undoing.get(UNDO[job_type], self.env["bpjs.job"])[:1]
            vals = {"antrean_id": self.id, "job_type": job_type, "after_id": undo.id}
            yield vals | {"next_try_at": False} if undo and not undo._has_ended() else vals

    # What staff see and press

    @api.readonly
    def get_bpjs_details(self):
        """Return what the badges explain: a job each, and what staff had best do.

        :returns: {"jobs": [{job_type, letter, label, status, status_label, message, tried_at,
            attempt_count, next_try_at, **`_explanation()`}], "advice": str, "pasien_id": int};
            times are UTC or False
        :rtype: dict
        """
        self.ensure_one()
        jobs = [*map(self._job, REGISTRATION), self._worst_undo()]
        return {
            "jobs": [self._job_details(job) for job in jobs if job],
            "advice": self.bpjs_advice or "",
            "pasien_id": self.pasien_id.id,
        }

    def _job_details(self, job):
        status = STATUS[job.state]
        labels = dict(self._fields["status_batal"]._description_selection(self.env))
        return {
            "job_type": job.job_type,
            "letter": job._type().letter,
            "label": job._type().label,
            "status": status,
            "status_label": labels[status],
            "message": job.message or "",
            "tried_at": fields.Datetime.to_string(job.attempt_id.sudo().started_at),
            "attempt_count": len(job.sudo().attempt_ids),
            "next_try_at": fields.Datetime.to_string(job.next_try_at),
            **job._explanation(),
        }

    def action_panggil(self):
        result = super().action_panggil()
        self.filtered(lambda entry: not entry.dipanggil_at or entry.tidak_hadir)._tell_called(True)
        return result

    def action_tidak_hadir(self):
        """Tell BPJS that the patient was called and did not come. They may be called again."""
        self._move("dipanggil", {"dipanggil"})
        self.filtered(lambda entry: not entry.tidak_hadir)._tell_called(False)

    def _tell_called(self, is_present):
        """Have Antrean FKTP told of this call; calling the same patient again tells nothing new."""
        self.write({"dipanggil_at": fields.Datetime.now(), "tidak_hadir": not is_present})
        for entry in self.sudo().filtered(lambda entry: entry._job("tambah_antrean_fktp")):
            job = entry._job("panggil_antrean_fktp")
            if job.state == "sending":
                raise LockError(
                    self.env._(
                        "BPJS is being told of the last call of queue %s. Try again in a moment.",
                        entry.nomor_antrean,
                    )
                )
            if job:
                job._send_anew()
            else:
                entry._job("tambah_antrean_fktp")._line_up("panggil_antrean_fktp")
        self.env["bpjs.engine"].sudo()._wake()

    def action_kirim_ulang_batal(self):
        """Have BPJS asked again to take back what it did not."""
        self.check_access("write")
        self.sudo()._undo_jobs().filtered(lambda job: job.state == "failed")._reopen()

    def action_terima(self):
        """Accept at once, or first let staff see what BPJS does not have."""
        for entry in self.filtered("is_bpjs"):
            if {"gagal", "processing"} & {
                entry.status_pendaftaran_pcare,
                entry.status_tambah_antrean_fktp,
            }:
                return self.env["antrean.terima"]._open(entry)
        return super().action_terima()

    def _accept_despite_bpjs(self):
        """Accept, and keep who did so, when and despite what."""
        errors = [
            f"{JOB_TYPES[job_type].letter}: {self[f'error_{job_type}']}"
            for job_type in REGISTRATION
            if self[f"status_{job_type}"] == "gagal"
        ]
        if errors:
            self.write(
                {
                    "diterima_gagal_uid": self.env.uid,
                    "diterima_gagal_at": fields.Datetime.now(),
                    "diterima_gagal_error": "\n".join(errors),
                }
            )
        self._terima()

    def _resend_pcare(self):
        """Send at once what BPJS does not have of this entry, in transactions of its own.

        :returns: {"status": "success", "failed" (BPJS refused), "incomplete" (our data does not
            suffice) or "error", "message": str, "jobs": {job_type: {status, message}},
            "nomor_antrean_pcare": str or False}
        :rtype: dict
        :raises UserError: there is nothing to resend
        :raises LockError: it is being sent right now
        """
        self.ensure_one()
        if not self.can_resend_pcare:
            raise UserError(
                self.env._(
                    "There is nothing to resend for queue %s: only an outpatient BPJS visit that "
                    "BPJS does not have yet can be resent.",
                    self.nomor_antrean,
                )
            )
        with self.env.registry.cursor() as cr:
            entry = self.with_env(self.env(cr=cr, su=True))
            entry.env["bpjs.engine"]._send_now(entry)
            return entry._resend_result()

    def _resend_result(self):
        self.invalidate_recordset()
        jobs = self.job_ids.filtered(lambda job: job.job_type in REGISTRATION)
        left = jobs.filtered(lambda job: job.state != "success")
        outcomes = set(left.mapped("outcome"))
        if not left:
            status = "success"
        elif outcomes & {REJECTED, PATIENT}:
            status, left = "failed", left.filtered(lambda job: job.outcome in (REJECTED, PATIENT))
        else:
            status = "incomplete" if INCOMPLETE in outcomes else "error"
        return {
            "status": status,
            "message": "; ".join(dict.fromkeys(filter(None, left.mapped("message")))),
            "jobs": {
                job.job_type: {"status": STATUS[job.state], "message": job.message or ""}
                for job in jobs
            },
            "nomor_antrean_pcare": self.nomor_antrean_pcare,
        }

    def _resend_notification(self):
        """Resend and return how it went as a notification for the web client."""
        try:
            result = self._resend_pcare()
        except UserError as error:
            result = {"status": "error", "message": str(error)}
        if result["status"] == "success":
            shown = {"type": "success", "message": self.env._("PCare data was resent")}
        elif result["status"] == "failed":
            shown = {"type": "danger", "title": self.env._("ANSWER FROM BPJS:")}
        else:
            shown = {"type": "danger", "title": self.env._("PCare data could not be resent")}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": result["message"],
                "sticky": result["status"] != "success",
                **shown,
            },
        }

    @api.constrains("pasien_id", "ruangan_id", "tanggal", "penjamin_id", "state")
    def _check_one_visit(self):
        """BPJS books a member once a poli and day: a second entry would pass for the first."""
        self.flush_model(["pasien_id", "ruangan_id", "tanggal", "penjamin_id", "state"])
        self.penjamin_id.flush_model(["is_bpjs"])
        for entry in self.filtered(lambda entry: entry._is_reported() and entry.state != "batal"):
            if number := entry._number_of_same_visit():
                raise ValidationError(
                    self.env._(
                        "%(patient)s already has queue %(number)s in %(room)s on this day, and "
                        "BPJS books a member once a day there. Open %(number)s, or cancel it "
                        "first.",
                        patient=entry.pasien_id.name,
                        number=number,
                        room=entry.ruangan_id.name,
                    )
                )

    def _number_of_same_visit(self):
        """Return the queue number of another entry of this visit, if there is one.

        It may be too new for this transaction's snapshot, as when two desks register a patient at
        once. The lock of `_lock_last_number` lets the first commit before the second looks.
        """
        numbers = self._numbers_of_same_visit(self.env.cr)
        if not numbers and self.env.registry.ready:
            with self.env.registry.cursor() as fresh:
                numbers = self._numbers_of_same_visit(fresh)
            for known in self.browse(numbers).exists():  # and changed by this transaction
                del numbers[known.id]
        return next(iter(numbers.values()), False)

    def _numbers_of_same_visit(self, cr):
        """Return {id: queue number} of the others."""
        cr.execute(
            """
            SELECT antrean.id, nomor_antrean
              FROM antrean_antrean antrean
              JOIN antrean_penjamin penjamin ON penjamin.id = penjamin_id
             WHERE pasien_id = %s AND ruangan_id = %s AND tanggal = %s
               AND is_bpjs AND state != 'batal' AND antrean.id != %s
            """,
            (self.pasien_id.id, self.ruangan_id.id, self.tanggal, self.id),
        )
        return dict(cr.fetchall())

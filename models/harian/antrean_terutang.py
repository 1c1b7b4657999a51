from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...database import in_transaction
from ...jobs import JOB_TYPES, registering
from .jawaban import told_by_bpjs

P = "pendaftaran_pcare"
NOT_THERE = ("pending", "sending", "unknown", "failed")  # states of a job that BPJS has nothing of
ACCEPTED = ("diterima", "selesai")


class AntreanAntrean(models.Model):
    """*Still owed*: visits that were accepted although BPJS does not have them, and whatever of
    past days PCare does not have. Of a day that is over Antrean FKTP is owed nothing: nobody waits
    any more. An entry leaves the list by itself, once BPJS has it.
    """

    _inherit = "antrean.antrean"

    terutang = fields.Boolean("Still Owed", compute="_compute_terutang", search="_search_terutang")
    terutang_sebab = fields.Text("Why", compute="_compute_terutang_sebab")
    terutang_jawaban = fields.Char("Last Answer", compute="_compute_terutang_sebab")
    terutang_pelaku = fields.Char("Who Acts", compute="_compute_terutang_sebab")
    terutang_sampai = fields.Date("Makes Sense until", compute="_compute_terutang_sebab")
    terutang_terima = fields.Char("Accepted Nevertheless", compute="_compute_terutang_sebab")

    @api.depends("job_ids.state", "state", "tanggal")
    def _compute_terutang(self):
        owed = self.filtered_domain(self._terutang_domain(self.company_id))
        for entry in self:
            entry.terutang = entry in owed

    def _search_terutang(self, operator, value):
        if operator != "in":
            return NotImplemented
        owed = self._terutang_domain(self.env.companies)
        return owed if True in value else ~owed

    @api.model
    def _terutang_domain(self, companies):
        """Return what finds the entries of these companies that BPJS is still owed."""
        names = [kind.name for kind in registering()]
        accepted = Domain("state", "in", ACCEPTED) & _lacks(names)
        domains = []
        for company in companies:
            today = company._antrean_today()
            oldest = today - timedelta(days=self._terutang_days(company))
            domains.append(
                Domain("company_id", "=", company.id)
                & Domain("state", "!=", "batal")
                & (
                    Domain("tanggal", ">=", oldest) & Domain("tanggal", "<", today) & _lacks([P])
                    | Domain("tanggal", "=", today) & accepted
                )
            )
        return Domain.OR(domains)

    @api.model
    def _terutang_days(self, company):
        faskes = self.env["bpjs.faskes"].sudo()
        return faskes._of(company).terutang_hari or faskes._fields["terutang_hari"].default(faskes)

    def _owed_jobs(self):
        """Return the jobs that BPJS is still owed, in the order of their badges."""
        kinds = registering() if self.hari_ini else [JOB_TYPES[P]]
        jobs = self.env["bpjs.job"].concat(*(self._job(kind.name) for kind in kinds))
        return jobs.filtered(lambda job: job.state in NOT_THERE)

    @api.depends("terutang")
    @api.depends_context("lang")
    def _compute_terutang_sebab(self):
        days = {company: self._terutang_days(company) for company in self.company_id}
        for entry in self:
            job = entry._owed_jobs()[:1]
            galat = job.galat_id
            is_late = job.job_type == P
            entry.terutang_sebab = job and entry._why_owed(job)
            entry.terutang_jawaban = job.message
            entry.terutang_pelaku = job and (galat._who() or self.env._("Staff"))
            entry.terutang_sampai = job and entry.tanggal + timedelta(
                days=days[entry.company_id] if is_late else 0
            )
            entry.terutang_terima = entry._accepted_nevertheless()

    def _why_owed(self, job):
        if self.state not in ACCEPTED:
            return self.env._(
                "Never accepted here. If the patient was not there, cancel the entry."
            )
        return job.galat_id.penyebab or job.message or self.env._("Not sent yet")

    def _accepted_nevertheless(self):
        """Return who accepted the entry without BPJS, and for what reason; "" where nobody did."""
        return ": ".join(filter(None, (self.diterima_gagal_uid.sudo().name, self.alasan_terima)))

    # Sending it after all

    def action_susulkan(self):
        """Send this visit at once, also of a day that is over: somebody was asked and said so."""
        self.ensure_one()
        self.check_access("write")
        return told_by_bpjs(self.env, *self._susulkan())

    def _susulkan(self, is_lost=False):
        """Send at once what BPJS does not have of this entry, in transactions of its own; of a day
        that is over only what PCare is owed.

        :param bool is_lost: PCare was seen not to have what it once said it has
        :returns: whether PCare has it, and how that is told
        :rtype: tuple[bool, str]
        """
        if self.state == "batal" or not self._is_reported():
            raise UserError(
                self.env._(
                    "BPJS is not told of queue %s: it is cancelled, or BPJS does not pay it.",
                    self.nomor_antrean,
                )
            )
        job_types = None if self.hari_ini else (P,)
        with self.env.registry.cursor() as cr:
            entry = self.with_env(self.env(cr=cr, su=True))
            in_transaction(entry.env, entry._line_up_again, is_lost)
            if entry._owed_jobs():
                entry.env["bpjs.engine"]._send_now(entry, job_types)
                entry.invalidate_recordset()
            return entry._susulan_told()

    def _line_up_again(self, is_lost):
        job = self._ensure_pcare_job()
        if is_lost:
            job._found_missing()

    def _ensure_pcare_job(self):
        """Return the entry's registration at PCare, also where an import left it without one."""
        if job := self._job(P):
            return job
        return self.env["bpjs.job"].create(
            {
                "antrean_id": self.id,
                "job_type": P,
                "visit_key": self.env["bpjs.job"]._visit_key(self, JOB_TYPES[P]),
            }
        )

    def _susulan_told(self):
        job = self._owed_jobs()[:1]
        if not job:
            return True, self.env._(
                "PCare has queue %(queue)s of %(day)s as %(number)s.",
                queue=self.nomor_antrean,
                day=format_date(self.env, self.tanggal),
                number=self.nomor_antrean_pcare,
            )
        return False, job.message or self.env._(
            "No answer yet. What PCare has is looked up by itself before anything is sent again."
        )


def _lacks(job_types):
    return Domain("job_ids", "any", [("job_type", "in", job_types), ("state", "in", NOT_THERE)])

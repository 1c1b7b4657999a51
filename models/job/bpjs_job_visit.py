from contextlib import suppress

from odoo import api, fields, models

from ...bpjs.outcome import SUCCESS
from ...database import lock
from ...jobs import undoing
from ...words import HELD, NOT_TAKEN_BACK, TOLD_OTHERWISE
from .bpjs_job import INCOMPLETE, NOTHING_SAID, OUTDATED

TWIN = "+"  # in the key of a visit that another holds, from before that was refused


class BpjsJob(models.Model):
    """The visit that a job is about, as BPJS knows it, and whether that is still the entry's."""

    _inherit = "bpjs.job"

    # Of the visit that the entry is, and of the one that BPJS was told of.
    visit_key = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    told_visit_key = fields.Char(
        compute="_compute_told_visit_key",
        store=True,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
    )

    _visit_uniq = models.UniqueIndex(
        "(visit_key) WHERE visit_key IS NOT NULL",
        lambda env, diag: env._(
            "This member was registered in the same poli for the same day at this very moment. "
            "Open that queue entry, or cancel it first."
        ),
    )

    @api.depends("request", "job_type", "company_id")
    def _compute_told_visit_key(self):
        for job in self:
            job.told_visit_key = job._type().visit_key(job.company_id, job._told_visit())

    def _told_visit(self):
        """Return the visit that BPJS was told of last, or None; also where what is kept of it is of
        no use, which must stop nobody from writing.
        """
        with suppress(KeyError, TypeError, ValueError):
            if self.request and self._last_request().has_effect:
                return self._type().visit_told(self._last_request().body)
        return None

    @api.model
    def _visit_key(self, antrean, kind):
        return kind.visit_key(antrean.company_id, kind.visit(antrean))

    def _held_key(self):
        """Return the key of the visit that the job is about, also where another holds it."""
        return (self.visit_key or "").partition(TWIN)[0]

    def _leave_visit(self):
        self.filtered("visit_key").visit_key = False

    # Others that are the same visit to BPJS

    def _rivals(self):
        """Return, by job, those of other entries that told BPJS of the same visit: BPJS has it, or
        may have, or is about to take it back.
        """
        keys = {job._held_key(): job for job in self if job.visit_key}
        told = self.search([("told_visit_key", "in", list(keys))])
        rivals = {}
        for other in told.filtered(lambda other: other._may_have_arrived()):
            job = keys[other.told_visit_key]
            if other.antrean_id != job.antrean_id:
                rivals[job] = rivals.get(job, self.browse()) | other
        return rivals

    def _other_holder(self):
        """Return the job of a living entry that has the visit that BPJS was told of by this one."""
        if not self.told_visit_key:
            return self.browse()
        same = [("told_visit_key", "=", self.told_visit_key), ("state", "=", "success")]
        others = self.search([*same, ("antrean_id", "!=", self.antrean_id.id)])
        return others.filtered(lambda job: job.antrean_id.state != "batal")[:1]

    def _give_way(self, rivals):
        """Let another entry's visit be taken back first; where that one lives, say so.

        :returns: whether this job has to wait
        """
        if self._wait_for_undo(rivals):
            return True
        holder = rivals.antrean_id.filtered(lambda entry: entry.state != "batal")[:1]
        if holder:
            said = {"number": holder.nomor_antrean, "patient": holder.pasien_id.name}
            self._finish("failed", **self._own_vals(INCOMPLETE, HELD, **said))
        return bool(holder)

    def _wait_for_undo(self, rivals):
        undo = rivals._undo_job().filtered(lambda job: not job._has_ended())[:1]
        if undo:
            self._finish("pending", after_id=undo.id)
        return bool(undo)

    # Truth after success

    def _meet_workers(self):
        """Write the jobs that a worker may have in its hands: a claim or an answer that was made of
        what was entered before comes in between then, and is done anew.
        """
        busy = self.filtered(lambda job: job.state in ("pending", "sending", "unknown"))
        if busy:
            self.env.flush_all()
            lock(busy)

    def _compare(self):
        """What BPJS was told is what the entry says now; else the job is not OK any more."""
        for job in self:  # filtered, they would not be read together any more
            if not job._is_compared():
                continue
            differences = job._differences()
            if not differences:
                job._match_again()
            elif job.state != "pending":
                job._fail_outdated(differences)
                if job._is_corrected_by_itself():
                    job._replace()

    def _is_corrected_by_itself(self):
        return self.antrean_id._is_corrected_by_itself()

    def _is_compared(self):
        """Whether BPJS has this visit; those of past days keep what was told."""
        return (
            (self.state == "success" or self.outcome == OUTDATED)
            and self.told_visit_key
            and self._type().visit(self.antrean_id)
            and self.antrean_id.state != "batal"
            and self.antrean_id.tanggal >= self.company_id._antrean_today()
        )

    def _match_again(self):
        """What was changed is as it was told, unless BPJS is already taking it back."""
        if self.outcome != OUTDATED or self._undo_job()._is_under_way():
            return
        if self._is_being_replaced():
            self._undo_job()._cancel()
        self._finish("success", **NOTHING_SAID | {"outcome": SUCCESS})

    def _differences(self):
        return self._type().differences(self.antrean_id, self._last_request())

    def _end_outdated(self):
        """BPJS has not taken back what it has, which may by now be what is entered again."""
        if differences := self._differences():
            self._fail_outdated(differences)
        else:
            self._match_again()

    def _fail_outdated(self, differences):
        """Say what BPJS has otherwise and, where it does not take that back, what it says to it."""
        undo, why, said = self._undo_job(), self._why_outdated(), {}
        if undo.state == "failed" and undo.message:
            why, said = NOT_TAKEN_BACK, {"answer": undo.message}
        told = self._told_otherwise(differences)
        self._finish("failed", **self._own_vals(OUTDATED, why, told=told, **said))

    def _why_outdated(self):
        return TOLD_OTHERWISE

    def _told_otherwise(self, differences):
        env, compared = self._for_staff().env, self._type().compared
        return " ".join(
            env._(
                "BPJS has %(what)s %(there)s, entered is %(here)s.",
                what=env._(compared[what].label),
                there=compared[what].shown(env, there),
                here=compared[what].shown(env, here),
            )
            for what, there, here in differences
        )

    # Replacing what BPJS has

    def _replace(self):
        """Have BPJS take back what it has, then be told what the entry says now."""
        for job in self:
            undo = job._take_back()
            vals = job._all_tries() | {"outcome": OUTDATED, "after_id": undo.id}
            job._finish("pending", **vals)

    def _is_outdated(self):
        return self.state == "failed" and self.outcome == OUTDATED

    def _is_being_replaced(self):
        return self.state == "pending" and self.outcome == OUTDATED

    def _take_back(self):
        """Line up the job that takes back what this one brought."""
        undo = self._undo_job()
        before = undoing(self.job_type).comes_after(self.antrean_id)
        before = before.filtered(lambda job: not job._has_ended())
        if undo:
            undo.after_id = before
            undo._send_anew()
            return undo
        return self.create(
            {
                "antrean_id": self.antrean_id.id,
                "job_type": undoing(self.job_type).name,
                "after_id": before.id,
                "next_try_at": not before and self.env.cr.now(),
            }
        )

    def _undo_job(self):
        undoes = {kind.name for job in self if (kind := undoing(job.job_type))}
        return self.antrean_id.job_ids.filtered(lambda job: job.job_type in undoes)

    def _is_under_way(self):
        """Whether BPJS may be at it this moment."""
        return bool(self) and (self.state == "sending" or self._is_unknown())

    def _was_taken_back(self):
        """BPJS has it no more: an entry that lives is registered anew, and so is another one that
        passed for it meanwhile or waited.
        """
        keys = self.mapped("told_visit_key")
        others = self.search(
            [("visit_key", "in", keys), ("antrean_id", "not in", self.antrean_id.ids)]
        )
        others = others.filtered(lambda job: job.state == "success" or job.outcome == INCOMPLETE)
        for job in self:
            if job._type().is_wanted(job.antrean_id):
                vals = {"request": False, "next_try_at": self.env.cr.now()}
                job._finish("pending", **NOTHING_SAID | vals)
            else:
                job._cancel()
        others._reopen()

import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass, field, replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...bpjs.errors import TransportError
from ...bpjs.outcome import DUPLICATE, PATIENT, REJECTED, SUCCESS, UNKNOWN, Outcome, classify
from ...bpjs.request import Request
from ...jobs import Exchange
from ...tools import for_people
from ..faskes.bpjs_salinan import OF_THIS_DATABASE

_logger = logging.getLogger(__name__)

CRONS = ("ir_cron_bpjs_1", "ir_cron_bpjs_2")
MAX_IN_FLIGHT = 64  # calls at once of one worker, whatever the services allow
MAX_UNSETTLED = 16  # answers that may wait to be written down while places are filled
RUN_SECONDS = 10  # how long a run takes new work, more or less: there are other scheduled actions
POLL_SECONDS = 0.03  # how often a worker with calls in the air looks for new work
LEASE_MARGIN = timedelta(seconds=10)
EXCHANGES_A_LEASE = 2  # a send that meets a duplicate looks its number up
TRANSACTION_TRIES = 10
STALLED = timedelta(minutes=3)  # what is due for longer than that is not being looked at
LOADED_AT = time.monotonic()
ANSWERED = (SUCCESS, DUPLICATE, REJECTED, PATIENT)  # and taught nothing that others wait for


@dataclass(frozen=True)
class Flight:
    """A call on its way to BPJS. Its thread knows no ORM, only what is here."""

    layanan_id: int
    send: Callable[[Request], object]
    fly: Callable[[Callable[[Request], Exchange]], Outcome]
    lang: str | None = None  # in which staff read what comes of it
    job_id: int | None = None
    attempt_id: int | None = None
    is_lookup: bool = False  # the job may have to be sent after it
    exchanges: list[Exchange] = field(default_factory=list)

    def run(self):
        return self.fly(self._call)

    def _call(self, request):
        started_at, start = fields.Datetime.now(), time.monotonic()
        try:
            result = self.send(request)
        except TransportError as error:
            result = error
        exchange = Exchange(
            request, result, classify(request, result), started_at, time.monotonic() - start
        )
        self.exchanges.append(exchange)
        return exchange


class BpjsEngine(models.AbstractModel):
    """Claims due jobs, sends them in threads and settles the answers as they come.

    Each step is a short transaction of its own; no row is locked while BPJS thinks. Any number of
    workers on any number of hosts may run this at once: they share the work through the claim.
    """

    _name = "bpjs.engine"
    _description = "BPJS Engine"

    @api.model
    def _wake(self):
        """Have the workers look for due jobs as soon as this transaction is committed."""
        now = fields.Datetime.now()
        self.env["ir.cron.trigger"].sudo().create(
            [{"cron_id": cron.id, "call_at": now} for cron in self._crons()]
        )
        self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)  # once for all of them

    @api.model
    def _crons(self):
        id_of = self.env["ir.model.data"]._xmlid_to_res_id
        return self.env["ir.cron"].browse(id_of(f"antrean_bpjs.{name}") for name in CRONS)

    @api.model
    def _cron_run(self):
        """Send what is due, for as long as a scheduled action may run.

        Places are filled before the answers that freed them are written down.
        """
        deadline = time.monotonic() + self._seconds_to_run()
        in_flight, answered, settled = {}, [], 0
        with ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix="bpjs") as pool:
            while True:
                if time.monotonic() < deadline:
                    limit = MAX_IN_FLIGHT - len(in_flight)
                    places = Counter(flight.layanan_id for flight, _future in answered)
                    for flight in self._in_transaction(self._claim, limit, places):
                        in_flight[pool.submit(flight.run)] = flight
                has_more = any(future.done() for future in in_flight)
                if not has_more or len(answered) >= MAX_UNSETTLED:
                    self._settle_landed(answered)
                    answered = []
                if not in_flight and not self._in_transaction(self._is_due_before, deadline):
                    break
                landed = [(in_flight.pop(future), future) for future in self._landed(in_flight)]
                settled += len(landed)
                answered += [each for each in landed if self._is_answered(each[1])]
                self._settle_landed([each for each in landed if not self._is_answered(each[1])])
        self._in_transaction(self.env["bpjs.job"]._wake_waiting)
        self._in_transaction(self.env["ir.cron"]._commit_progress, settled)
        self._in_transaction(self._schedule)

    def _seconds_to_run(self):
        """Return how long to take new work: until a moment of the clock that is this scheduled
        action's own, so that they never pause at the same time. Never for less than half a turn: a
        lost answer is looked up by the run that met it, since Odoo may take a minute to start one.
        """
        cron_ids = self._crons().ids
        if self.env.context.get("cron_id") not in cron_ids:
            return RUN_SECONDS
        turn = cron_ids.index(self.env.context["cron_id"]) * RUN_SECONDS / len(cron_ids)
        shortest = RUN_SECONDS / 2
        return shortest + (turn - time.time() - shortest) % RUN_SECONDS

    @staticmethod
    def _is_answered(future):
        """Whether another call may take the place of this one before it is settled. What else an
        answer or its absence teaches is settled first.
        """
        return not future.exception() and future.result().kind in ANSWERED

    @staticmethod
    def _landed(in_flight):
        if not in_flight:
            time.sleep(POLL_SECONDS)
            return ()
        return wait(in_flight, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED).done

    def _in_transaction(self, step, *args):
        """Run a step and commit; run it anew where another transaction came in between."""
        for tries_left in reversed(range(TRANSACTION_TRIES)):
            try:
                result = step(*args)
                self.env.cr.commit()  # pylint: disable=invalid-commit
                return result
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                if not tries_left:
                    raise

    # Claim

    def _claim(self, limit, answered=None):
        """Return up to `limit` flights; what they are about to do is written down.

        :param dict answered: {service's id: calls that hold a lease and are in the air no more}
        """
        answered = answered or {}
        self._expire_leases()
        flights = []
        for layanan, free in self._lock_services().items():
            if layanan.down_since:
                flights.append(self._probe(layanan))
            else:
                room = min(free + answered.get(layanan.id, 0), limit - len(flights))
                if room > 0:
                    flights += self._claim_jobs(layanan, room)
        return flights

    def _lock_services(self):
        """Return the services with something to do, each for this transaction alone.

        :returns: {service: how many calls more it takes}
        """
        rows = self._lock(
            f"""
            SELECT id, concurrency - (
                       SELECT count(*) FROM bpjs_job job
                        WHERE job.company_id = layanan.company_id
                          AND job.layanan = layanan.kode
                          AND job.lease_until IS NOT NULL)
              FROM bpjs_layanan layanan
             WHERE {OF_THIS_DATABASE}
               AND (next_probe_at <= %(now)s
                    OR down_since IS NULL AND EXISTS (
                           SELECT 1 FROM bpjs_job job
                            WHERE job.company_id = layanan.company_id
                              AND job.layanan = layanan.kode
                              AND job.next_try_at <= %(now)s))
            """
        )
        services = self.env["bpjs.layanan"].browse(layanan_id for layanan_id, _free in rows)
        return dict(zip(services, (free for _id, free in rows), strict=True))

    def _lock(self, query, **params):
        """Return the rows a query finds, but for those that another transaction works on."""
        self.env.flush_all()
        self.env.cr.execute(
            f"{query} FOR NO KEY UPDATE SKIP LOCKED",
            {"now": fields.Datetime.now(), **params},
            log_exceptions=False,  # one that came in between is no error: see _in_transaction
        )
        return self.env.cr.fetchall()

    def _claim_jobs(self, layanan, limit):
        """Claim the service's due jobs, the longest due first."""
        rows = self._lock(
            """
            SELECT id FROM bpjs_job
             WHERE company_id = %(company)s AND layanan = %(layanan)s AND next_try_at <= %(now)s
             ORDER BY next_try_at, id
             LIMIT %(limit)s
            """,
            company=layanan.company_id.id,
            layanan=layanan.kode,
            limit=limit,
        )
        return self._take_off(layanan, self.env["bpjs.job"].browse(job_id for [job_id] in rows))

    def _take_off(self, layanan, jobs):
        """Claim these jobs of one service and return their flights."""
        to_verify = jobs.filtered(lambda job: job._is_unknown())
        requests = jobs._claim(self._lease(layanan))
        return [self._flight(layanan, job, requests[job], job in to_verify) for job in requests]

    @staticmethod
    def _flight(layanan, job, request, verify):
        act = job._type().verify if verify else job._type().send
        return Flight(
            layanan_id=layanan.id,
            lang=layanan.company_id._antrean_lang(),
            send=layanan._client().send,
            fly=lambda call: act(call, request),
            job_id=job.id,
            attempt_id=job.attempt_id.id,
            is_lookup=verify or not request.has_effect,
        )

    @staticmethod
    def _lease(layanan):
        seconds = layanan.connect_timeout + 2 * layanan.read_timeout
        return EXCHANGES_A_LEASE * timedelta(seconds=seconds) + LEASE_MARGIN

    def _probe(self, layanan):
        layanan.next_probe_at = fields.Datetime.now() + self._lease(layanan)
        request = layanan._probe_request()
        return Flight(
            layanan_id=layanan.id,
            lang=layanan.company_id._antrean_lang(),
            send=layanan._client().send,
            fly=lambda call: call(request).outcome,
        )

    def _expire_leases(self):
        expired = self._lock("SELECT id FROM bpjs_job WHERE lease_until < %(now)s")
        self.env["bpjs.job"].browse(job_id for [job_id] in expired)._expire_leases()

    # At once, because somebody pressed a button

    @api.model
    def _send_now(self, antrean):
        """Send what BPJS does not have of this entry, and return when the answers are settled.

        The cursor must be one of its own: a request's transaction may be run anew, and that must
        never send twice.

        :raises LockError: a worker has one of the jobs in the air
        """
        flights = self._in_transaction(self._claim_entry, antrean)
        while flights:
            with ThreadPoolExecutor(len(flights), thread_name_prefix="bpjs") as pool:
                in_flight = {pool.submit(flight.run): flight for flight in flights}
                for future in as_completed(in_flight):
                    self._settle_landed([(in_flight[future], future)])
            looked_up = [flight.job_id for flight in flights if flight.is_lookup]
            flights = self._in_transaction(self._claim_looked_up, looked_up)

    def _claim_entry(self, antrean):
        antrean._ensure_jobs()
        jobs = antrean.job_ids.filtered(lambda job: job.state != "success" and job._is_free())
        is_locked = jobs.try_lock_for_update(allow_referencing=True) == jobs
        if not jobs or not is_locked or "sending" in jobs.mapped("state"):
            raise LockError(
                self.env._(
                    "Queue %s is being sent to BPJS right now. Wait until its badges have changed.",
                    antrean.nomor_antrean,
                )
            )
        for job in jobs:
            job._type().renew(antrean)
        return self._claim_each(jobs)

    def _claim_looked_up(self, job_ids):
        """Claim again, for sending, what a look-up has just shown not to be at BPJS or to be ready;
        where the service went down over it, that waits.
        """
        jobs = self.env["bpjs.job"].browse(job_ids).try_lock_for_update(allow_referencing=True)
        return self._claim_each(
            jobs.filtered(lambda job: job.state == "pending" and not job._layanan().down_since)
        )

    def _claim_each(self, jobs):
        flights = []
        for job in jobs:
            layanan = job._layanan()
            if obstacle := layanan._obstacle(job.company_id):
                raise UserError(obstacle)
            flights += self._take_off(layanan, job)
        return flights

    # Settle

    def _settle_landed(self, landed):
        """Settle these flights in one transaction; where that fails, each in one of its own.

        Where it fails even so, the lease runs out and BPJS is asked what it has.
        """
        if not landed:
            return
        try:
            self._in_transaction(self._settle, landed)
        except Exception:
            self.env.cr.rollback()
            if len(landed) == 1:
                _logger.exception("BPJS job %s could not be settled", landed[0][0].job_id)
                return
            for alone in landed:
                self._settle_landed([alone])

    def _settle(self, landed):
        """Keep what these flights brought back; what they need is read for all at once."""
        job_ids = [flight.job_id for flight, _future in landed if flight.job_id]
        attempt_ids = [flight.attempt_id for flight, _future in landed if flight.job_id]
        for flight, future in landed:
            env = self.with_context(lang=flight.lang).env
            layanan = env["bpjs.layanan"].browse(flight.layanan_id)
            outcome = self._outcome(future)
            outcome = replace(outcome, message=for_people(env, outcome.message))
            layanan._note(outcome, is_probe=not flight.job_id)
            if flight.job_id:
                job = env["bpjs.job"].browse(flight.job_id).with_prefetch(job_ids)
                attempt = env["bpjs.attempt"].browse(flight.attempt_id).with_prefetch(attempt_ids)
                job._settle(attempt, flight.exchanges, outcome)

    @staticmethod
    def _outcome(future):
        try:
            return future.result()
        except Exception:
            _logger.exception(
                "A BPJS job failed on our side; whether it arrived is looked up later"
            )
            return Outcome(UNKNOWN, "The clinic's own system made an error")

    # What comes next

    def _is_due_before(self, deadline):
        """Whether there will be something to claim in this run; what is left then is the next's."""
        seconds_left = deadline - time.monotonic()
        next_at = self._next_at()
        soon = fields.Datetime.now() + timedelta(seconds=seconds_left)
        return bool(seconds_left > 0 and next_at and next_at <= soon)

    def _schedule(self):
        if next_at := self._next_at():
            for cron in self._crons():
                cron._trigger(at=max(next_at, fields.Datetime.now()))

    def _next_at(self):
        """Return when there is something to do again, or None."""
        self.env.cr.execute(
            f"""
            WITH layanan AS (SELECT * FROM bpjs_layanan WHERE {OF_THIS_DATABASE})
            SELECT min(at) FROM (
                SELECT min(job.next_try_at) AS at
                  FROM bpjs_job job
                  JOIN layanan ON layanan.company_id = job.company_id
                              AND layanan.kode = job.layanan
                 WHERE layanan.down_since IS NULL AND job.next_try_at IS NOT NULL
                 UNION ALL SELECT min(next_probe_at) FROM layanan
                 UNION ALL SELECT min(lease_until) FROM bpjs_job WHERE lease_until IS NOT NULL
            ) AS moments
            """
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _stalled_since(self):
        """Return when a scheduled action last ran, if work has been waiting for one in vain.

        Where Odoo has just been started, their turn is still to come.
        """
        if time.monotonic() - LOADED_AT < STALLED.total_seconds():
            return None
        long_ago = fields.Datetime.now() - STALLED
        last_run = max(cron.lastcall or cron.create_date for cron in self.sudo()._crons())
        next_at = self._next_at()
        return last_run if last_run < long_ago and next_at and next_at < long_ago else None

import logging
from datetime import timedelta
from functools import partial

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...database import NOW, Clock, now
from ..faskes.bpjs_salinan import OF_THIS_DATABASE
from .flight import Flight

_logger = logging.getLogger(__name__)

LEASE_MARGIN = timedelta(seconds=10)
EXCHANGES_A_FLIGHT = 3  # asking for the member's clinic, registering, looking up the number
LONGEST_FLIGHT = timedelta(seconds=90)  # with the run before: Odoo ends a thread after 120


class BpjsEngine(models.AbstractModel):
    """Claiming: which jobs are sent next, as far as their services have room."""

    _inherit = "bpjs.engine"

    def _claim(self, limit, answered=None):
        """Return up to `limit` flights; what they are about to do is written down.

        :param dict answered: {service's id: calls that hold a lease and are in the air no more}
        """
        answered = answered or {}
        self._expire_leases()
        flights = []
        for layanan, free, is_probe_due in self._lock_services():
            if is_probe_due:
                flights.append(self._probe(layanan))
            room = min(free + answered.get(layanan.id, 0), limit - len(flights))
            if room > 0 and not layanan.down_since:
                flights += self._claim_jobs(layanan, room)
        return flights

    def _lock_services(self):
        """Return the services with something to do, each for this transaction alone.

        :returns: (service, how many calls more it takes, whether it is to be probed) of each
        """
        rows = self._lock(
            f"""
            SELECT id, concurrency - (
                       SELECT count(*) FROM bpjs_job job
                        WHERE job.company_id = layanan.company_id
                          AND job.layanan = layanan.kode
                          AND job.lease_until IS NOT NULL),
                   next_probe_at IS NOT NULL AND next_probe_at <= {NOW}
              FROM bpjs_layanan layanan
             WHERE {OF_THIS_DATABASE}
               AND (next_probe_at <= {NOW}
                    OR down_since IS NULL AND EXISTS (
                           SELECT 1 FROM bpjs_job job
                            WHERE job.company_id = layanan.company_id
                              AND job.layanan = layanan.kode
                              AND job.next_try_at <= {NOW}))
            """
        )
        services = self.env["bpjs.layanan"].browse(layanan_id for layanan_id, *_more in rows)
        return [(layanan, *row[1:]) for layanan, row in zip(services, rows, strict=True)]

    def _lock(self, query, **params):
        """Return the rows a query finds, but for those that another transaction works on."""
        self.env.flush_all()
        self.env.cr.execute(
            f"{query} FOR NO KEY UPDATE SKIP LOCKED",
            params,
            log_exceptions=False,  # one that came in between is no error: see in_transaction
        )
        return self.env.cr.fetchall()

    def _claim_jobs(self, layanan, limit):
        """Claim the service's due jobs, the longest due first."""
        rows = self._lock(
            f"""
            SELECT id FROM bpjs_job
             WHERE company_id = %(company)s AND layanan = %(layanan)s AND next_try_at <= {NOW}
             ORDER BY next_try_at, id
             LIMIT %(limit)s
            """,
            company=layanan.company_id.id,
            layanan=layanan.kode,
            limit=limit,
        )
        return self._take_off(layanan, self.env["bpjs.job"].browse(job_id for [job_id] in rows))

    def _take_off(self, layanan, jobs):
        """Claim these jobs of one service and return their flights. An odd one fails alone."""
        try:
            with self.env.cr.savepoint():
                return self._flights(layanan, jobs)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            if len(jobs) > 1:
                return [flight for job in jobs for flight in self._take_off(layanan, job)]
            _logger.exception("BPJS job %s: it could not be claimed", jobs.id)
            jobs._fail_broken()
            return []

    def _flights(self, layanan, jobs):
        to_verify = jobs.filtered(lambda job: job._is_unknown())
        client = layanan._client()
        requests, clock = jobs._claim(time_to_fly(client) + LEASE_MARGIN), Clock(self.env)
        flights = []
        for job, request in requests.items():
            act = job._type().verify if job in to_verify else job._type().send
            vals = {"job_id": job.id, "attempt_id": job.attempt_id.id}
            fly = partial(_of, act, request)
            flights.append(self._flight(layanan, client, clock, fly, **vals))
        return flights

    def _probe(self, layanan):
        client, request = layanan._client(), layanan._probe_request()
        layanan.next_probe_at = now(self.env) + time_to_fly(client) + LEASE_MARGIN
        fly = partial(_probed, request)
        return self._flight(layanan, client, Clock(self.env), fly)

    def _flight(self, layanan, client, clock, fly, **vals):
        return Flight(
            layanan_id=layanan.id,
            client=client,
            clock=clock,
            until=clock.now() + time_to_fly(client),
            fly=fly,
            lang=layanan.company_id._antrean_lang(),
            **vals,
        )

    def _expire_leases(self):
        if expired := self._lock(f"SELECT id FROM bpjs_job WHERE lease_until < {NOW}"):
            self.env["bpjs.job"].browse(job_id for [job_id] in expired)._expire_leases()


def time_to_fly(client):
    """Return how long a flight may take at most."""
    return min(EXCHANGES_A_FLIGHT * timedelta(seconds=client.longest), LONGEST_FLIGHT)


def _of(act, request, call):
    return act(call, request)


def _probed(request, call):
    return call(request).outcome

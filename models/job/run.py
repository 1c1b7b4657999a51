import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from ...bpjs.outcome import DUPLICATE, PATIENT, REJECTED, SUCCESS
from ...database import in_transaction

MAX_IN_FLIGHT = 64  # calls at once of one worker, whatever the services allow
MAX_ANSWERED = 16  # answers that may wait to be written down while places are filled
POLL_SECONDS = 0.03  # how often a worker with calls in the air looks for new work
IDLE_SECONDS = 0.1  # and one without any, as where another has taken all places
ANSWERED = (SUCCESS, DUPLICATE, REJECTED, PATIENT)  # and taught nothing that others wait for


class Run:
    """One run of a scheduled action: claims due jobs, sends them in threads and settles what comes
    back, until its time is up and the last call has landed.
    """

    def __init__(self, engine, seconds):
        self._engine = engine
        self._deadline = time.monotonic() + seconds
        self._in_flight = {}  # {future: flight}
        self._answered = []  # (flight, future) that have landed and are not written down yet
        self._settled = 0

    def go(self):
        """Return how many calls were settled. Those in the air are, also where it fails."""
        with ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix="bpjs") as pool:
            try:
                while True:
                    self._fill_places(pool)
                    self._write_down_answers()
                    if self._is_over():
                        return self._settled
                    self._land()
            except Exception:
                self._engine.env.cr.rollback()
                wait(self._in_flight)
                self._settle(
                    [*self._answered, *((f, future) for future, f in self._in_flight.items())]
                )
                raise

    def _fill_places(self, pool):
        """Claim jobs for all free places and send them.

        A call that was answered makes room before that is written down: two fifths more jobs a
        second on a busy machine (docs/performance.md).
        """
        if time.monotonic() >= self._deadline:
            return
        free = MAX_IN_FLIGHT - len(self._in_flight)
        answered = Counter(flight.layanan_id for flight, _future in self._answered)
        for flight in in_transaction(self._engine.env, self._engine._claim, free, answered):
            self._in_flight[pool.submit(flight.run)] = flight

    def _write_down_answers(self):
        """Settle what was answered, unless more has landed meanwhile: what comes together is
        written down together, which takes two thirds of the CPU and twice as many jobs a second.
        """
        has_more = any(future.done() for future in self._in_flight)
        if not has_more or len(self._answered) >= MAX_ANSWERED:
            self._settle(self._answered)
            self._answered = []

    def _is_over(self):
        return not self._in_flight and not in_transaction(
            self._engine.env, self._engine._is_due_before, self._deadline
        )

    def _land(self):
        """Wait a moment for calls to land. What no answer came to, or what an answer teaches
        others, is settled before the next jobs are claimed.
        """
        if not self._in_flight:
            time.sleep(IDLE_SECONDS)
        landed = wait(self._in_flight, POLL_SECONDS, FIRST_COMPLETED).done
        landed = [(self._in_flight.pop(future), future) for future in landed]
        answered = [each for each in landed if _is_answered(each[1])]
        self._answered += answered
        self._settle([each for each in landed if each not in answered])

    def _settle(self, landed):
        self._engine._settle_landed(landed)
        self._settled += len(landed)


def _is_answered(future):
    return not future.exception() and future.result().kind in ANSWERED

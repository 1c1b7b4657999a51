"""What goes wrong: at BPJS, on the way there, and on the clinic's own machine."""

import os
import signal
import time
from contextlib import closing

import psycopg2
import requests

from simulator.tests.caller import card

DELAYS = (1.2, 3.0)  # seconds; longer than the time-out
TRICKLE = 0.05  # seconds between two bytes: an answer then takes longer than any time-out
REFUSING = 0.5  # seconds
BIG = 5  # megabytes
MANY_ROWS = 15  # of a page at the most, whatever is asked for

FAULTS = {  # that any call may meet, with their options, and how often each comes up
    **dict.fromkeys(("drop_before", "drop_after", "html_502", "html_502_after"), ({}, 10)),
    **dict.fromkeys(("empty", "empty_after", "wrong_encryption"), ({}, 10)),
    **dict.fromkeys(("gzip", "cut", "odd_shape", "nulls"), ({}, 4)),
    "delay": ({}, 10),
    "slow_headers": ({"seconds": TRICKLE}, 4),
    "slow_body": ({"seconds": TRICKLE}, 4),
    "interim": ({"seconds": 0.1}, 4),
    "redirect": ({"megabytes": BIG}, 4),
    "huge": ({"megabytes": BIG, "gzipped": True}, 4),
    "refuse": ({"seconds": REFUSING}, 2),
}
RELAY_FAULTS = {  # that calls meet on the way, by what stands there
    "engine": {
        **dict.fromkeys(("drop_before", "drop_after", "empty", "empty_after"), ({}, 10)),
        **dict.fromkeys(("soap_fault", "soap_fault_after", "html_502_after"), ({}, 10)),
        **dict.fromkeys(("no_return_after", "no_json_after", "wrong_id"), ({}, 4)),
        **dict.fromkeys(("gzip", "cut"), ({}, 4)),
        "odd_status": ({"status": "CREATED"}, 4),
        "slow_body": ({"seconds": TRICKLE}, 4),
        "interim": ({"seconds": 0.1}, 4),
        "huge": ({"megabytes": BIG, "gzipped": True}, 4),
        "refuse": ({"seconds": REFUSING}, 2),
    },
    "proxy": {
        **dict.fromkeys(("drop_before", "drop_after", "html_502", "html_502_after"), ({}, 10)),
        **dict.fromkeys(("html_403", "html_504_after"), ({}, 4)),
        "redirect": ({"megabytes": BIG}, 4),
        "refuse": ({"seconds": REFUSING}, 2),
    },
}
ODD_ANSWERS = {  # that only some members' calls meet; most mean that BPJS does not take the visit
    "pcare": [
        *("firewall_403", "firewall_200", "html_404", "html_500", "reference_500", "newtonsoft"),
        *("fields_412", "object_412", "text_412", "texts_412", "encrypted_412"),
        *("failed_dependency", "request_timeout", "screening"),
    ],
    "antrean_fktp": [
        *("firewall_403", "firewall_200", "html_404", "html_500", "no_schedule", "not_found"),
        *("screening", "no_content"),
    ],
}
ODD = range(41, 49)  # the members who meet them
UNKNOWN_TO_PCARE = 49  # whose look-ups PCare always answers with 500
ODD_AT_ONCE = 6  # arranged and not yet met, at the most
ODD_TIMES = (1, 3)
WELL = (0, 6)  # calls between two faults: fewer than a third of all meet one
WELL_ON_THE_WAY = (4, 16)  # where BPJS has its faults beside
AHEAD = 20  # calls whose fate is arranged beforehand
SPOIL_LOOKUP = 0.1  # of the faults meet a look-up: it puts the whole service off for a while

TYPED_IN = 501  # the first of the members whom other people register
ANOTHER_POLI = "009"

POSTGRES_SHARE = 0.1  # of the kills, where the server is the campaign's own
PATIENCE = 120  # seconds
BACKENDS = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND pid != pg_backend_pid()
"""


class Spoiler:
    """Arranges the fate of one service's next calls, and of those after them, to the end."""

    def __init__(self, simulator, rng, figures, over):
        self._simulator, self._rng = simulator, rng
        self._figures, self._over = figures, over

    def run(self):
        while not self._over.wait(0.1):
            try:
                if self._simulator.spoilt() < AHEAD:
                    self._spoil_one_more()
                if self._simulator.spoilt(about_somebody=True) < ODD_AT_ONCE:
                    self._answer_oddly()
            except requests.ConnectionError:
                pass  # it refuses connections at the moment
        self._end()

    def _end(self):
        while True:
            try:
                return self._simulator.be_well()
            except requests.ConnectionError:
                time.sleep(REFUSING)

    def _spoil_one_more(self):
        rng = self._rng
        [fault] = rng.choices(list(FAULTS), [often for _options, often in FAULTS.values()])
        options, _often = FAULTS[fault]
        methods = ["GET"] if rng.random() < SPOIL_LOOKUP else ["POST", "DELETE"]
        if well := rng.randint(*WELL):
            self._simulator.spoil("delay", seconds=0.001, times=well)  # no fault at all
        if fault == "refuse":
            self._simulator.spoil(fault, **options)
        elif fault == "delay":
            self._simulator.spoil(fault, seconds=rng.uniform(*DELAYS), methods=methods)
        else:
            self._simulator.spoil(fault, methods=methods, **options)
        self._figures["faults arranged"] += 1

    def _answer_oddly(self):
        rng = self._rng
        self._simulator.spoil(
            rng.choice(ODD_ANSWERS[self._simulator.service]),
            methods=["POST", "DELETE"],
            about=card(rng.choice(ODD)),
            times=rng.randint(*ODD_TIMES),
        )
        self._figures["odd answers arranged"] += 1


class RelaySpoiler(Spoiler):
    """The same of what stands before both services."""

    def _spoil_one_more(self):
        faults = RELAY_FAULTS[self._simulator.service]
        [fault] = self._rng.choices(list(faults), [often for _options, often in faults.values()])
        options, _often = faults[fault]
        well = self._rng.randint(*WELL_ON_THE_WAY)
        self._simulator.spoil("delay", seconds=0.001, times=well)  # no fault at all
        self._simulator.spoil(fault, **options)
        self._figures[f"faults of the {self._simulator.service} arranged"] += 1

    def _answer_oddly(self):
        """It knows nobody."""


def make_peculiar(pcare, days):
    """What is odd about this PCare all the time: small pages, the newest first, rows that others
    typed in and of which parts are null, a member whose look-ups fail."""
    pcare.set(page_size=MANY_ROWS, newest_first=True)
    pcare.add_poli(ANOTHER_POLI, "Poli Lansia")
    for day in days:
        pcare.type_in(no_kartu=card(TYPED_IN), tanggal=day, nulls=["poli"])
        pcare.type_in(
            no_kartu=card(TYPED_IN + 1), tanggal=day, kd_poli=ANOTHER_POLI, nulls=["peserta"]
        )
    somebody = card(UNKNOWN_TO_PCARE)
    pcare.spoil("html_500", methods=["GET"], path="/peserta/*", about=somebody, times=None)


class Killer:
    """Kills servers with SIGKILL and starts them again."""

    def __init__(self, odoos, klinik, rng, figures, kills_postgres):
        self._odoos, self._klinik, self._rng = odoos, klinik, rng
        self._figures, self._kills_postgres = figures, kills_postgres
        if kills_postgres:
            # Of a database copied since the last checkpoint, PostgreSQL forgets in a crash how far
            # its sequences had counted.
            klinik.sql("CHECKPOINT")

    def kill(self):
        if self._kills_postgres and self._rng.random() < POSTGRES_SHARE:
            self._kill_postgres()
        else:
            self._kill_odoo(self._rng.choice(self._odoos))

    def _kill_odoo(self, odoo):
        odoo.kill()
        self._figures["kills of Odoo"] += 1
        odoo.start()

    def _kill_postgres(self):
        """PostgreSQL ends every other process of the server and recovers from its log.

        Odoo's threads for scheduled actions end, too, when they find no server in that moment:
        whatever starts Odoo at a clinic has to start it anew, and so it is done here.
        """
        with closing(psycopg2.connect(dbname=self._klinik.database)) as witness:
            witness.autocommit = True
            pids = [pid for (pid,) in self._klinik.sql(BACKENDS)]
            os.kill(self._rng.choice(pids), signal.SIGKILL)
            self._figures["kills of PostgreSQL"] += 1
            _wait_until(lambda: not _answers(witness))
        _wait_until(self._postgres_answers)
        for odoo in self._odoos:
            self._kill_odoo(odoo)

    def _postgres_answers(self):
        try:
            return self._klinik.sql("SELECT 1")
        except psycopg2.OperationalError:
            return False


def _wait_until(is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("PostgreSQL does not end, or does not come back")
        time.sleep(0.1)


def _answers(connection):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except psycopg2.Error:
        return False
    return True

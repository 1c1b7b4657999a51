"""What people do at a clinic while everything goes wrong."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from queue import Queue
from threading import Lock
from typing import NamedTuple

from system_tests.chaos.desk import Desk
from system_tests.klinik import Refused

CLERKS = 3  # who register patients at the same time
ASSISTANTS = 3  # who do what comes afterwards
PAUSES = (0, 3)  # seconds until that
CORRECTING = (0.5, 2)  # seconds between two corrections of a card
SWITCHING = (2, 5)  # seconds between two switches of a room's kind
OWN_PAYER = 0.05  # of the entries are registered under a payer that is switched off and on at once
RESENDING = (0, 0.5)  # seconds between two presses of Resend PCare
RECENT = 50  # entries of which one is resent
RESENT = 0.5  # of the corrections

# What becomes of an entry after its registration, and how often. Who was called and came cannot be
# taken back at BPJS, so nobody is called whose card is going to be corrected.
STEADY = {"nothing": 40, "call": 25, "correct": 15, "cancel": 10, "come_again": 10}
CHANGING = {"nothing": 60, "correct": 15, "cancel": 10, "come_again": 15}
TWINS = {"nothing": 20, "merge": 30, "cancel": 15, "come_again": 35}

# The latest of the entries that BPJS is not told of and whose visit another entry is, too.
UNTOLD_DOUBLE = """
    WITH alive AS (
        SELECT antrean.id, tanggal, no_kartu_bpjs AS kartu, kd_poli_pcare AS poli,
               EXISTS (SELECT 1 FROM bpjs_job
                        WHERE antrean_id = antrean.id AND state != 'cancelled') AS is_told
          FROM antrean_antrean antrean
          JOIN res_partner pasien ON pasien.id = antrean.pasien_id
          JOIN antrean_ruangan ruangan ON ruangan.id = antrean.ruangan_id
         WHERE antrean.company_id = %s AND antrean.state != 'batal'
    )
    SELECT id FROM alive one
     WHERE NOT is_told AND EXISTS (SELECT 1 FROM alive other WHERE other.id != one.id
            AND (other.tanggal, other.kartu, other.poli) = (one.tanggal, one.kartu, one.poli))
     ORDER BY id DESC LIMIT 1
"""


@dataclass
class Patient:
    """Somebody who comes; twins are two contacts with one card until they are merged."""

    ids: list
    fates: dict
    at_work: Lock = field(default_factory=Lock)


class Visit(NamedTuple):
    patient: Patient
    ruangan: int
    tanggal: str


class People:
    """Those who work at a clinic, each in a thread of their own until there is no more to do."""

    def __init__(self, clinic, odoos, rng_of, figures, over):
        self._clinic, self._odoos, self._rng_of = clinic, odoos, rng_of
        self._figures, self._over = figures, over
        self._visits, self._afterwards = Queue(), Queue()
        self.registered = []
        klinik = clinic.klinik
        klinik.hire(self._admin, "group_antrean_admin")
        rows = klinik.petugas.call(
            "antrean.jadwal", "search_read", [], ["ruangan_id", "hari"], load=False
        )
        self._hours = defaultdict(list)
        for row in rows:
            self._hours[row["ruangan_id"], row["hari"]].append(row["id"])

    @property
    def _admin(self):
        return f"admin_{self._clinic.klinik.staff}"

    def desk(self, purpose, login=None):
        """Somebody at work, by default an administrator, who may enter visits of coming days."""
        klinik = self._clinic.klinik
        rng = self._rng_of(f"{purpose} at {klinik.company}")
        return Desk(self._odoos, klinik.database, login or self._admin, rng)

    def start(self, pool):
        """Have everybody begin, in threads of `pool`."""
        self._clerks = [
            pool.submit(self._register_all, self.desk(f"clerk {n}"), self.desk(f"beside clerk {n}"))
            for n in range(CLERKS)
        ]
        self._assistants = [
            pool.submit(self._do_afterwards, self.desk(f"assistant {n}")) for n in range(ASSISTANTS)
        ]
        self._others = [
            pool.submit(self._resend, self.desk("resend", self._clinic.klinik.staff)),
            pool.submit(self._correct_cards, self.desk("cards", self._clinic.klinik.staff)),
            pool.submit(self._switch_rooms, self.desk("rooms")),
        ]

    def comes(self, visit):
        self._visits.put(visit)

    def finish(self):
        """Wait until all is done that is to be done for those who came; return what failed."""
        failures = self._end(self._clerks, self._visits)
        return failures + self._end(self._assistants, self._afterwards)

    def end(self):
        """Wait for those who work until it is over; return what failed."""
        return [failure for other in self._others if (failure := other.exception())]

    @staticmethod
    def _end(threads, queue):
        for _ in threads:
            queue.put(None)
        return [failure for thread in threads if (failure := thread.exception())]

    def _pause(self, desk, seconds):
        return self._over.wait(desk.rng.uniform(*seconds))

    # Registering

    def _register_all(self, desk, other_desk):
        while visit := self._visits.get():
            antrean_id = self._register(desk, other_desk, visit)
            if antrean_id:
                fates = visit.patient.fates
                [fate] = desk.rng.choices(list(fates), fates.values())
                if fate != "nothing":
                    self._afterwards.put((fate, antrean_id, visit))

    def _register(self, desk, other_desk, visit):
        with visit.patient.at_work:
            if len(visit.patient.ids) > 1:
                return self._register_twins((desk, other_desk), visit)
            if desk.rng.random() < OWN_PAYER:
                return self._register_with_own_payer(desk, visit)
            return self._register_one(desk, visit)

    def _register_one(self, desk, visit, **more):
        """Return the entry's id, or None where it is refused: another has this visit already."""
        pasien = desk.rng.choice(visit.patient.ids)
        try:
            antrean_id = desk.register(pasien, visit.ruangan, visit.tanggal, **more)
        except Refused:
            self._figures["registrations refused"] += 1
            return None
        self.registered.append(antrean_id)
        return antrean_id

    def _register_twins(self, desks, visit):
        """Two desks register both at once: one of them is refused."""
        with ThreadPoolExecutor(2) as pool:
            attempts = [
                pool.submit(desk.register, pasien, visit.ruangan, visit.tanggal)
                for desk, pasien in zip(desks, visit.patient.ids, strict=True)
            ]
        refused = [each for each in attempts if isinstance(each.exception(), Refused)]
        ids = [each.result() for each in attempts if each not in refused]
        self._figures["twins refused"] += len(refused)
        self.registered += ids
        if not ids:
            raise AssertionError(f"both twins were refused: {visit}") from refused[0].exception()
        return ids[0]

    def _register_with_own_payer(self, desk, visit):
        name = f"BPJS {visit.ruangan} {visit.tanggal} {visit.patient.ids}"
        payer = desk.create("antrean.penjamin", name=name, is_bpjs=True)
        antrean_id = self._register_one(desk, visit, penjamin_id=payer)
        self._switch(desk, "antrean.penjamin", payer, {"is_bpjs": False}, {"is_bpjs": True})
        return antrean_id

    # Afterwards

    def _do_afterwards(self, desk):
        while task := self._afterwards.get():
            fate, antrean_id, visit = task
            self._pause(desk, PAUSES)
            getattr(self, f"_{fate}")(desk, antrean_id, visit)

    def _cancel(self, desk, antrean_id, _visit):
        desk.cancel(antrean_id)
        self._figures["cancelled"] += 1

    def _come_again(self, desk, antrean_id, visit):
        """Cancel, and register the visit anew at once, a twin maybe under the other name."""
        with visit.patient.at_work:
            self._cancel(desk, antrean_id, visit)
            if self._register_one(desk, visit):
                self._figures["registered again"] += 1

    def _merge(self, desk, _antrean_id, visit):
        """Make one of both contacts; only one of them may have a medical record number."""
        patient = visit.patient
        with patient.at_work:
            if len(patient.ids) == 1:
                return
            kept, other = desk.rng.sample(patient.ids, 2)
            desk.change("res.partner", other, no_rekam_medis=False)
            try:
                desk.merge(kept, other)
            except Refused:  # both are in one queue, which happens while its room is switched off
                self._figures["merges refused"] += 1
                return
            patient.ids = [kept]
            self._figures["merged"] += 1

    def _call(self, desk, antrean_id, visit):
        """Maybe before BPJS has the entry. Half of them do not come; of these half are called again
        and some cancelled: BPJS lets nobody be cancelled who came."""
        desk.panggil(antrean_id)
        self._figures["called"] += 1
        if desk.rng.random() < 0.5:
            self._over.wait(desk.rng.choice((0, 1)))
            desk.tidak_hadir(antrean_id)
            self._figures["absent"] += 1
            next_act = desk.rng.choice(("call", "call", "cancel", "nothing"))
            if next_act == "call":
                desk.panggil(antrean_id)
                self._figures["called again"] += 1
            elif next_act == "cancel":
                self._cancel(desk, antrean_id, visit)

    def _correct(self, desk, antrean_id, visit):
        """Change what BPJS was told, or is being told. It may be refused: another has the visit."""
        what, vals = self._correction(desk, visit)
        try:
            desk.change("antrean.antrean", antrean_id, **vals)
            self._figures[f"corrected: {what}"] += 1
        except Refused:
            self._figures["corrections refused"] += 1
        if desk.rng.random() < RESENT:
            self._pause(desk, PAUSES)
            self._press_resend(desk, antrean_id)

    def _correction(self, desk, visit):
        rng, hours = desk.rng, self._hours[visit.ruangan, _weekday(visit.tanggal)]
        others = {"room": self._clinic.rooms, "patient": self._clinic.spare, "doctor": hours[1:]}
        what = rng.choice(["kind", *(what for what in others if others[what])])
        if what == "kind":
            return what, {"kunjungan_sakit": False}
        names = {"room": "ruangan_id", "patient": "pasien_id", "doctor": "jadwal_id"}
        return what, {names[what]: rng.choice(others[what])}

    # All the time

    def _resend(self, desk):
        while not self._pause(desk, RESENDING):
            if self.registered:
                self._press_resend(desk, desk.rng.choice(self.registered[-RECENT:]))

    def _press_resend(self, desk, antrean_id):
        self._figures[f"resend: {desk.resend(antrean_id)}"] += 1

    def _correct_cards(self, desk):
        """Give a patient another card; whoever comes next may get the old one."""
        while not self._pause(desk, CORRECTING):
            pasien = desk.rng.choice(list(self._clinic.cards))
            card = self._clinic.free_cards.get()
            try:
                desk.change("res.partner", pasien, no_kartu_bpjs=card)
                self._figures["corrected: card"] += 1
                self._clinic.cards[pasien], card = card, self._clinic.cards[pasien]
            except Refused:
                self._figures["corrections refused"] += 1
            self._clinic.free_cards.put(card)

    def _switch_rooms(self, desk):
        while not self._pause(desk, SWITCHING):
            room = desk.rng.choice(self._clinic.rooms)
            off, on = {"jenis_kunjungan": "apotek"}, {"jenis_kunjungan": "1"}
            self._switch(desk, "antrean.ruangan", room, off, on)

    def _switch(self, desk, model, record_id, off, on):
        """Off is refused where BPJS has, or may have, visits; on where a visit is there twice, for
        nobody minds that while BPJS is not told."""
        try:
            desk.change(model, record_id, **off)
            self._figures["switched off and on"] += 1
        except Refused:
            self._figures["switches refused"] += 1
        self._pause(desk, (0, 1))
        while True:
            try:
                return desk.change(model, record_id, **on)
            except Refused:
                [(antrean_id,)] = desk.ask(self._clinic.sql, UNTOLD_DOUBLE)
                desk.cancel(antrean_id)
                self._figures["doubles cancelled"] += 1


def _weekday(tanggal):
    return str(date.fromisoformat(tanggal).weekday())

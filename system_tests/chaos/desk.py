"""Somebody at work, who gets what they want done although servers die under their hands."""

import time

import psycopg2
import requests

from system_tests.klinik import Refused, User

PATIENCE = 120  # seconds until somebody who gets no answer gives up
# Nobody is there, or it is an error of Odoo's.
NO_ANSWER = (requests.RequestException, RuntimeError, psycopg2.OperationalError)


class Desk:
    """Somebody at work in a clinic, who asks now the one server, now the other.

    What Odoo refuses raises `Refused`.
    """

    def __init__(self, odoos, database, login, rng):
        self.rng = rng
        self._users = [User(odoo.url, database, login) for odoo in odoos]

    @property
    def user(self):
        return self.rng.choice(self._users)

    def register(self, pasien, ruangan, tanggal, **more):
        """Return the queue entry's id."""
        visit = {"pasien_id": pasien, "ruangan_id": ruangan, "tanggal": tanggal}
        live = [*_equal(visit), ("state", "!=", "batal")]
        [antrean_id] = self._see_to(
            lambda: self.user.call("antrean.antrean", "search", live),
            lambda: self.user.call("antrean.antrean", "create", [visit | more]),
        )
        return antrean_id

    def cancel(self, antrean_id):
        self._move(antrean_id, lambda: self.user.batalkan(antrean_id), state="batal")

    def panggil(self, antrean_id):
        call = self._press("action_panggil", antrean_id)
        self._move(antrean_id, call, state="dipanggil", tidak_hadir=False)

    def tidak_hadir(self, antrean_id):
        self._move(antrean_id, self._press("action_tidak_hadir", antrean_id), tidak_hadir=True)

    def change(self, model, record_id, **vals):
        """Write these values."""
        self._see_to(
            lambda: self._is(model, record_id, vals),
            lambda: self.user.call(model, "write", [record_id], vals),
        )

    def create(self, model, **vals):
        """Return the id of the record of a name that nothing else of its model has."""
        [record_id] = self._see_to(
            lambda: self.user.call(model, "search", [("name", "=", vals["name"])]),
            lambda: self.user.call(model, "create", [vals]),
        )
        return record_id

    def merge(self, kept, other):
        """Make one of two contacts, by Odoo's wizard."""
        wizard = "base.partner.merge.automatic.wizard"
        partners = {"dst_partner_id": kept, "partner_ids": [[6, 0, [kept, other]]]}

        def merge():
            [wizard_id] = self.user.call(wizard, "create", [partners])
            self.user.call(wizard, "action_merge", [wizard_id])

        self._see_to(lambda: not self._is("res.partner", other, {}), merge)

    def resend(self, antrean_id):
        """Press Resend PCare once; return what came of it."""
        try:
            return self.user.resend(antrean_id)
        except requests.RequestException:
            return "no answer"

    def ask(self, question, *words):
        """The answer of a function that may find no server."""
        return self._see_to(lambda: question(*words), lambda: None)

    def _press(self, action, antrean_id):
        return lambda: self.user.call("antrean.antrean", action, [antrean_id])

    def _move(self, antrean_id, act, **so):
        self._see_to(lambda: self._is("antrean.antrean", antrean_id, so), act)

    def _is(self, model, record_id, vals):
        return self.user.call(model, "search", [("id", "=", record_id), *_equal(vals)])

    def _see_to(self, is_done, act):
        """Act until it is done, and return what `is_done` then finds.

        Who gets no answer looks first whether the act was done all the same.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if found := is_done():
                    return found
                act()
            except Refused:
                raise
            except NO_ANSWER:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


def _equal(vals):
    return [(name, "=", value) for name, value in vals.items()]

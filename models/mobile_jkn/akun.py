"""A facility's account, as much as each call needs of it: one look into the database."""

from collections import namedtuple
from datetime import timedelta

import pytz

from odoo import fields
from odoo.exceptions import AccessDenied
from odoo.tools import consteq
from odoo.tools.misc import hash_sign, verify_hash_signed

from odoo.addons.base.models.res_users import KEY_CRYPT_CONTEXT

from ...bpjs import mobile_jkn as said

AKUN = """
    SELECT faskes.id, faskes.company_id, company.antrean_tz, mobile_jkn_username, mobile_jkn_hash,
           mobile_jkn_uji_hash, mobile_jkn_menit, mobile_jkn_hari, mobile_jkn_http
      FROM bpjs_faskes faskes JOIN res_company company ON company.id = faskes.company_id
     WHERE kd_provider = %s AND mobile_jkn_hash IS NOT NULL
"""


class Akun(
    namedtuple("Akun", "id company_id tz username password_hash uji_hash menit hari http_status")
):
    """Who may call a facility's service, and how it answers."""

    __slots__ = ()

    @classmethod
    def of(cls, env, kd_provider):
        """Return the account of the facility whose service that is, or None."""
        env.flush_all()
        env.cr.execute(AKUN, [kd_provider])
        row = env.cr.fetchone()
        return row and cls(*row)

    @property
    def now(self):
        """The moment at the facility, with its time zone."""
        return pytz.utc.localize(fields.Datetime.now()).astimezone(pytz.timezone(self.tz))

    @property
    def today(self):
        return self.now.date()

    def token(self, env, username, password):
        """Return a token for whoever knows the password. Guesses are slowed down as Odoo does it
        with those at its login page.

        :raises Refused: they do not know it, or try too often
        """
        refusal = said.TOO_MANY_TRIES
        try:
            with env["res.users"]._assert_can_auth(user=username[:64]):
                refusal = said.ACCOUNT
                its_hash = self._hash_of(username, password)
        except AccessDenied:
            raise said.Refused(refusal) from None
        return hash_sign(env, self._scope(its_hash), [], expiration=timedelta(minutes=self.menit))

    def _hash_of(self, username, password):
        """Return the hash of a password that is right; raises `AccessDenied`."""
        if self._is_user(username):
            for its_hash in self._hashes():
                if KEY_CRYPT_CONTEXT.verify(password, its_hash):
                    return its_hash
        raise AccessDenied()

    def check_token(self, env, username, token):
        """:raises Refused: the token is not this facility's and user's, or has ended"""
        if not (self._is_user(username) and any(self._signed(env, token))):
            raise said.Refused(said.TOKEN)

    def _signed(self, env, token):
        for its_hash in self._hashes():
            try:
                yield verify_hash_signed(env, self._scope(its_hash), token) is not None
            except ValueError:  # it is no token at all
                return

    def _is_user(self, username):
        return consteq(username.encode(), (self.username or "").encode())

    def _hashes(self):
        return filter(None, (self.password_hash, self.uji_hash))

    def _scope(self, its_hash):
        """Return what a token is signed for: it ends with the password and the username."""
        return f"mobile_jkn {self.id} {self.username} {its_hash}"


NOBODY = Akun(0, None, "UTC", None, None, None, 0, 0, "200")  # where no facility is

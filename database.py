import logging
import random
import time
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from zlib import crc32

import psycopg2

from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_is_silent = ContextVar("is_silent", default=False)
logging.getLogger("odoo.sql_db").addFilter(lambda _record: not _is_silent.get())

# The database's clock, the only one that all hosts share, as SQL that an index is compared with.
NOW = "(SELECT clock_timestamp() AT TIME ZONE 'UTC')"
TRANSACTION_TRIES = 10
LOCKS = 1024  # PostgreSQL's are few: an import of thousands must not use them up


def now(env):
    """Return the moment by the database's clock, naive UTC.

    `cr.now()`, when the transaction began, does as well for what is due at once.
    """
    env.cr.execute(f"SELECT {NOW}")
    return env.cr.fetchone()[0]


def seconds_from_now(env, seconds):
    """Return the moment that many seconds from now, give or take a fifth: crowds disperse."""
    return now(env) + timedelta(seconds=seconds * random.uniform(0.8, 1.2))


class Clock:
    """The database's clock for threads without a cursor: it is read once and goes on by itself."""

    def __init__(self, env):
        self._read_at = time.monotonic()
        self._read = now(env)

    def now(self):
        return self._read + timedelta(seconds=time.monotonic() - self._read_at)


def lock(records):
    """Keep others from changing these records until this transaction ends; one that began before
    is then run anew, with what this one has left.
    """
    table = SQL.identifier(records._table)
    query = SQL("UPDATE %s SET write_date = write_date WHERE id IN %s", table, records._ids)
    records.env.cr.execute(query, log_exceptions=False)


def hold(records):
    """Keep others from changing these records until this transaction ends, while any number may
    hold them; where one was changed since this transaction began, it is run anew.
    """
    if records:
        table = SQL.identifier(records._table)
        query = SQL("SELECT FROM %s WHERE id IN %s FOR SHARE", table, records._ids)
        records.env.cr.execute(query, log_exceptions=False)


def in_transaction(env, step, *args):
    """Run a step and commit; run it anew where another transaction came in between.

    What the environment's cursor did before is committed, too.
    """
    for tries_left in reversed(range(TRANSACTION_TRIES)):
        try:
            result = step(*args)
            env.cr.commit()  # pylint: disable=invalid-commit
            return result
        except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError):
            env.cr.rollback()
            if not tries_left:
                raise


def take_turns(cr, names):
    """Let go on, until it commits, only one transaction at a time of those with the same name."""
    keys = sorted({crc32(name.encode()) % LOCKS for name in names})
    cr.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::int[]) AS key", (keys,))


def look_again(records, domain, name):
    """Have Odoo run this transaction anew where it began too early to see what others committed.

    Of a domain's records, `name` is the field that counts. Whoever takes turns with the others then
    sees by plain searches what is there.
    """
    if not records.env.registry.ready:
        return  # we are being installed, and nobody else is here
    with records.env.registry.cursor() as cr:
        committed = _ids_by(records.with_env(records.env(cr=cr)), domain, name)
    unseen = records.browse({id_ for id_, _value in committed - _ids_by(records, domain, name)})
    ours = unseen.exists()
    ours.lock_for_update(allow_referencing=True)  # fails where others have changed them, not we
    if unseen - ours:
        raise ConcurrencyError(
            records.env._("Somebody else is entering the same right now. Try again in a moment.")
        )


def _ids_by(records, domain, name):
    return {(record.id, record[name]) for record in records.search(domain)}


@contextmanager
def unprinted():
    """Keep the values of statements out of the log, whatever PostgreSQL says of them.

    Odoo prints a statement that was refused, and PostgreSQL's error tells the row or the key.
    """
    token = _is_silent.set(True)
    try:
        yield
    except psycopg2.IntegrityError as error:

        class Unprinted(type(error)):
            diag = error.diag  # of which Odoo makes the user's message

        raise Unprinted(error.diag.message_primary) from None
    finally:
        _is_silent.reset(token)

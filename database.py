import logging
from contextlib import contextmanager
from contextvars import ContextVar
from zlib import crc32

import psycopg2

from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_is_silent = ContextVar("is_silent", default=False)
logging.getLogger("odoo.sql_db").addFilter(lambda _record: not _is_silent.get())

TRANSACTION_TRIES = 10
LOCKS = 1024  # PostgreSQL's are few: an import of thousands must not use them up


def in_transaction(env, step, *args):
    """Run a step and commit; run it anew where another transaction came in between.

    What the environment's cursor did before is committed, too.
    """
    for tries_left in reversed(range(TRANSACTION_TRIES)):
        try:
            result = step(*args)
            env.cr.commit()  # pylint: disable=invalid-commit
            return result
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
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

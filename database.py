from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

TRANSACTION_TRIES = 10


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

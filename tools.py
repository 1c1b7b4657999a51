import random
import re
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from zlib import crc32

import qrcode
from qrcode.image.svg import SvgPathFillImage

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# What `bpjs/` says in its own words. BPJS's words are shown as they are, in no other language.
OWN_WORDS = {
    "BPJS could not be reached": _lt("BPJS could not be reached"),
    "BPJS has no practice hours in this poli on this day": _lt(
        "BPJS has no practice hours in this poli on this day"
    ),
    "BPJS did not answer in time": _lt("BPJS did not answer in time"),
    "BPJS did not take the connection in time": _lt("BPJS did not take the connection in time"),
    "BPJS's answer is not a list": _lt("BPJS's answer is not a list"),
    "BPJS's answer is not a list of poli or doctors": _lt(
        "BPJS's answer is not a list of poli or doctors"
    ),
    "No secure connection to BPJS came about": _lt("No secure connection to BPJS came about"),
    "PCare does not have this registration": _lt("PCare does not have this registration"),
    "PCare's answer has no clinic for this participant": _lt(
        "PCare's answer has no clinic for this participant"
    ),
    "The CA bundle is not there": _lt("The CA bundle is not there"),
    "The TLS certificate of BPJS is not trusted": _lt("The TLS certificate of BPJS is not trusted"),
    "The address of BPJS is not valid": _lt("The address of BPJS is not valid"),
    "The clinic's own system made an error": _lt("The clinic's own system made an error"),
    "The connection to BPJS was lost": _lt("The connection to BPJS was lost"),
    "The credentials hold a character that no header takes": _lt(
        "The credentials hold a character that no header takes"
    ),
}

EXCERPT = 2000  # characters kept of anything BPJS sent or was sent
LOCKS = 1024  # PostgreSQL's are few: an import of thousands must not use them up
MASK = "••••"
MASKED_NUMBER = rf"{MASK}\d{{4}}"


def masked(text):
    """Return the text with all but the last four digits of every long number hidden."""
    return re.sub(r"\d{5,}(?=\d{4})", MASK, text)[:EXCERPT]


def stripped(vals):
    """Return the values without the blanks that were pasted along with a text."""
    return {
        name: value.strip() or False if isinstance(value, str) else value
        for name, value in vals.items()
    }


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


def qr_code(text):
    """Return a QR code as a data URI, for an image to show."""
    svg = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage).save(svg)
    return f"data:image/svg+xml;base64,{b64encode(svg.getvalue()).decode()}"


def seconds_from_now(seconds):
    """Return the time that many seconds from now, give or take a fifth, so that crowds disperse."""
    return fields.Datetime.now() + timedelta(seconds=seconds * random.uniform(0.8, 1.2))


def for_people(env, message):
    """Return the message of an outcome as staff may read it: translated, without long numbers."""
    own_words = OWN_WORDS.get(message)
    return masked(env._(own_words) if own_words else message)

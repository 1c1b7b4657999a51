import re
from base64 import b64encode
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathFillImage

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


def qr_code(text):
    """Return a QR code as a data URI, for an image to show."""
    svg = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage).save(svg)
    return f"data:image/svg+xml;base64,{b64encode(svg.getvalue()).decode()}"


def for_people(env, message):
    """Return the message of an outcome as staff may read it: translated, without long numbers."""
    own_words = OWN_WORDS.get(message)
    return masked(env._(own_words) if own_words else message)

import random
import re
from datetime import timedelta

from odoo import fields

EXCERPT = 2000  # characters kept of anything BPJS sent or was sent


def masked(text):
    """Return the text with all but the last four digits of every long number hidden."""
    return re.sub(r"\d{5,}(?=\d{4})", "••••", text)[:EXCERPT]


def seconds_from_now(seconds):
    """Return the time that many seconds from now, give or take a fifth, so that crowds disperse."""
    return fields.Datetime.now() + timedelta(seconds=seconds * random.uniform(0.8, 1.2))

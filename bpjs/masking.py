"""What must not be read by others is hidden behind `MASK`."""

import re

LONGEST = 2000  # characters kept of anything BPJS sent or was sent
LONG = 9  # digits of which only the last four are shown: phones, cards, NIKs
MASK = "••••"
MASKED_NUMBER = rf"{MASK}\d{{4}}"

# What people write between the digits of a number: blanks, dots, hyphens, brackets.
SEPARATOR = r"[\s.()\-\u2010-\u2015]{1,3}"
DAY, MONTH, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
DATE = rf"(?:{DAY}[-./]{MONTH}[-./]{YEAR}|{YEAR}[-./]{MONTH}[-./]{DAY})(?![-./]?\d)"
TIME = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
HOURS = rf"{TIME}\s?[-\u2013]\s?{TIME}(?![-.]?\d)"
AMOUNT = r"(?i:\b(?:rp|idr))\.?\s?\d+(?:\.\d{3})*"
NUMBER = re.compile(
    rf"{MASKED_NUMBER}|{DATE}|{HOURS}|{AMOUNT}"
    rf"|(?P<number>\d+(?:{SEPARATOR}(?!{DATE}|{HOURS})\d+)*)"
)


def masked(text: str) -> str:
    """The text with all but the last four digits of every long number hidden.

    It is one number however it is divided; dates, hours and amounts in rupiah are none.
    """
    return NUMBER.sub(_shown, text)[:LONGEST]


def _shown(found: re.Match) -> str:
    digits = re.sub(r"\D", "", found["number"] or "")
    return found.group() if len(digits) < LONG else MASK + digits[-4:]

"""What must not be read by others is hidden behind `MASK`."""

import re

LONGEST = 2000  # characters kept of anything BPJS sent or was sent
LONG = 9  # digits of which only the last four are shown: phones, cards, NIKs
MASK = "••••"
MASKED_NUMBER = rf"{MASK}\d{{4}}"

# What people write between the digits of a number: blanks (also those that cannot be seen), dots,
# hyphens, brackets; or any one sign alone.
BLANK = r"\s.()\-\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff"
SIGN = rf"(?:[^\w{BLANK}]|_)"
DAY, MONTH, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
DATE = "|".join(
    rf"(?:{DAY}{sign}{MONTH}{sign}{YEAR}|{YEAR}{sign}{MONTH}{sign}{DAY})(?!{sign}?\d)"
    for sign in ("-", r"\.", "/")
)
TIME = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
HOURS = rf"{TIME}\s?[-\u2013]\s?{TIME}(?![-.]?\d)"
MOMENT = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?:\.\d{1,6})?(?![-.:]?\d)"
AMOUNT = r"(?i:\b(?:rp|idr))\.?\s?\d+(?:[.,]\d{3})*"
NUMBER = re.compile(
    rf"{MASKED_NUMBER}|{DATE}|{HOURS}|{MOMENT}|{AMOUNT}"
    rf"|(?P<number>\d+(?:(?:[{BLANK}]{{1,3}}(?!{MOMENT})|{SIGN})(?!{DATE}|{HOURS})\d+)*)"
)


def masked(text: str) -> str:
    """The text with all but the last four digits of every long number hidden.

    It is one number however it is divided; dates, hours and amounts in rupiah are none.
    """
    return NUMBER.sub(_shown, text)[:LONGEST]


def _shown(found: re.Match) -> str:
    digits = re.sub(r"\D", "", found["number"] or "")
    return found.group() if len(digits) < LONG else MASK + digits[-4:]

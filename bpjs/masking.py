"""What must not be read by others is hidden behind `MASK`."""

import re

LONGEST = 2000  # characters kept of anything BPJS sent or was sent
MASK = "••••"
MASKED_NUMBER = rf"{MASK}\d{{4}}"


def masked(text: str) -> str:
    """The text with all but the last four digits of every long number hidden."""
    return re.sub(r"\d{5,}(?=\d{4})", MASK, text)[:LONGEST]

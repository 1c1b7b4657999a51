"""Unpacks what LZString's compressToEncodedURIComponent has packed, up to a limit.

The library of that name has no limit: 40 kB can hold 200 MB.
"""

import re

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-$"
SIXES = str.maketrans({each: f"{number:06b}" for number, each in enumerate(CHARACTERS)})
NEW = {0: 8, 1: 16}  # codes that a new character of so many bits follows
END = 2


def unpack(packed: str, limit: int) -> str:
    """The text. Raises `ValueError` where there is none or one with more characters than `limit`.

    Each code stands for a word. With each word comes a new one: the word before, and the first
    character of this. A code has as many bits as the highest yet, the lowest bit first.
    """
    bits = _Bits(packed)
    words = ["", "", ""]  # the codes of `NEW` and `END` stand for none
    text, length, before = [], 0, ""
    while (code := bits.take(len(words).bit_length())) != END:
        if code in NEW:
            words.append(chr(bits.take(NEW[code])))
            word = words[-1]
        elif code < len(words):
            word = words[code]
        elif code == len(words) and before:  # the new word itself
            word = before + before[0]
        else:
            raise ValueError("a code that stands for nothing")
        text.append(word)
        length += len(word)
        if length > limit:
            raise ValueError("more than the limit")
        if before:
            words.append(before + word[0])
        before = word
    return "".join(text)


class _Bits:
    def __init__(self, packed: str):
        if not re.fullmatch(r"[A-Za-z0-9+$-]*", packed):
            raise ValueError("not packed by LZString")
        self._bits, self._taken = packed.translate(SIXES), 0

    def take(self, count: int) -> int:
        start, self._taken = self._taken, self._taken + count
        if self._taken > len(self._bits):
            raise ValueError("cut off")
        return int(self._bits[start : self._taken][::-1], 2)

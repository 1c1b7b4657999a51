"""What BPJS does to an answer: the reverse of `bpjs.envelope.decrypt`."""

import base64
import json

from cryptography.hazmat.primitives.padding import PKCS7
from lzstring import LZString

from bpjs.envelope import cipher

CONS_ID, SECRET, TIMESTAMP = "1234", "secretKEY", "1700000000"


def encrypt(value: object, timestamp: str = TIMESTAMP, secret: str = SECRET) -> str:
    return encrypt_text(json.dumps(value, ensure_ascii=False), timestamp, secret)


def encrypt_text(text: str, timestamp: str = TIMESTAMP, secret: str = SECRET) -> str:
    padder = PKCS7(128).padder()
    packed = LZString.compressToEncodedURIComponent(utf16_units(text)).encode()
    padded = padder.update(packed) + padder.finalize()
    encryptor = cipher(CONS_ID, secret, timestamp).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def utf16_units(text: str) -> str:
    """BPJS compresses UTF-16: a character outside the BMP is two surrogates."""
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    return "".join(map(chr, units))

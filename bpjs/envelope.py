"""Signatures and encrypted answers (BPJS catalogue, "Signature" and "Decrypt Response")."""

import base64
import hashlib
import hmac
import json

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from .errors import DecryptionError
from .lz import unpack

MAX_TEXT = 5_000_000  # characters of a decrypted response


def sign(cons_id: str, secret: str, timestamp: str) -> str:
    """The X-signature of a request sent at `timestamp` (Unix seconds, UTC)."""
    return _hmac(secret, f"{cons_id}&{timestamp}")


def _hmac(key: str, message: str) -> str:
    digest = hmac.digest(key.encode(), message.encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()


def cipher(cons_id: str, secret: str, timestamp: str) -> Cipher:
    """AES-256-CBC as BPJS encrypts the answer to the request that was sent at `timestamp`."""
    key = hashlib.sha256(f"{cons_id}{secret}{timestamp}".encode()).digest()
    return Cipher(AES(key), CBC(key[:16]))


def decrypt(text: str, cons_id: str, secret: str, timestamp: str) -> object:
    """The JSON value in an encrypted `response`. Raises `DecryptionError`, nothing else."""
    try:
        decryptor = cipher(cons_id, secret, timestamp).decryptor()
        padded = decryptor.update(base64.b64decode(text)) + decryptor.finalize()
        unpadder = PKCS7(AES.block_size).unpadder()
        packed = unpadder.update(padded) + unpadder.finalize()
        return loads(unpack(packed.decode(), MAX_TEXT))
    except (ValueError, RecursionError) as error:
        raise DecryptionError("The answer could not be decrypted") from error


def loads(text: str) -> object:
    """`json.loads`, with characters outside the BMP whole again.

    LZString gives them back as two surrogates. A half one that BPJS cut off becomes U+FFFD, for
    no database takes it.
    """
    unescaped = json.dumps(json.loads(text), ensure_ascii=False)
    return json.loads(unescaped.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))

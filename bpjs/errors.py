class BpjsError(Exception):
    """Whatever this package raises of its own."""


class DecryptionError(BpjsError):
    """The encrypted part of an answer could not be read."""


class UnreadableError(BpjsError):
    """A decrypted answer has not the documented shape."""


class TransportError(BpjsError):
    """There is no HTTP answer.

    `sent` is False when BPJS certainly did not get the request (host not found, connection
    refused, no connection in time, TLS), `certificate` is True when BPJS's certificate is not
    trusted. The text names no address: paths hold card numbers.
    """

    def __init__(self, message: str, *, sent: bool, certificate: bool = False):
        super().__init__(message)
        self.sent = sent
        self.certificate = certificate

class BpjsError(Exception):
    """Whatever this package raises of its own."""


class DecryptionError(BpjsError):
    """The encrypted part of an answer could not be read."""


class UnreadableError(BpjsError):
    """A decrypted answer has not the documented shape; `reason` is one of the module `reason`."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class TransportError(BpjsError):
    """There is no HTTP answer; `reason` is one of the module `reason`.

    `stage` is how far the request got: "address", "name" (nothing says where the host is),
    "connection", "tls" (no secure connection), "certificate" (BPJS's is not trusted), "headers"
    (they cannot be sent) or "answer" (it may have arrived).
    """

    def __init__(self, reason: str, stage: str):
        super().__init__(reason)
        self.reason = reason
        self.stage = stage

    @property
    def sent(self) -> bool:
        """False when BPJS certainly did not get the request."""
        return self.stage == "answer"

    @property
    def certificate(self) -> bool:
        return self.stage == "certificate"

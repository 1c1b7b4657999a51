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
    (they cannot be sent) or "answer" (it may have arrived). Through a proxy also "proxy" (it is
    not reached), "proxy_account" (refused by it) or "proxy_refusal" (of connecting us); through
    an engine "engine", "engine_certificate", "engine_account", "engine_wsdl" or "engine_answer"
    (it may have arrived).
    """

    def __init__(self, reason: str, stage: str):
        super().__init__(reason)
        self.reason = reason
        self.stage = stage

    @property
    def sent(self) -> bool:
        """False when BPJS certainly did not get the request."""
        return self.stage in ("answer", "engine_answer")

    @property
    def misconfigured(self) -> bool:
        """True when nothing gets through until somebody mends the settings."""
        return self.stage.endswith(("certificate", "_account"))

"""Looks up the addresses of a host, and waits no longer than told."""

from __future__ import annotations

import socket
import threading
from concurrent import futures

_asked: dict[tuple[str, int], futures.Future] = {}  # the last question about each host
_asking = threading.Lock()


def addresses(host: str, port: int, seconds: float) -> list[tuple]:
    """What `socket.getaddrinfo` says of a TCP port; raises what that does, or `TimeoutError`.

    getaddrinfo takes no time-out, so it has a thread to itself. Whoever asks for the same host
    meanwhile waits for the same answer: a host whose look-up hangs holds one thread, not one a
    call, and none that another host needs.
    """
    with _asking:
        answer = _asked.get((host, port))
        if not answer or answer.done():
            answer = futures.Future()
            question = threading.Thread(target=_ask, args=(host, port, answer), daemon=True)
            question.start()
            _asked[host, port] = answer
    try:
        return answer.result(seconds)
    except futures.TimeoutError:
        raise TimeoutError("no address in time") from None


def _ask(host: str, port: int, answer: futures.Future) -> None:
    try:
        answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except Exception as error:  # whatever it is, those who wait must learn of it
        answer.set_exception(error)

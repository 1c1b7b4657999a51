"""A server that answers as none should: too slowly, too much, wrongly. Over real sockets."""

import json
import re
import socket
import struct
import threading
from contextlib import suppress

PAUSE = 0.02  # seconds between two drops of what drips
MEGABYTE = b" " * 1_000_000


def said(message, code=201):
    """The body of an answer of BPJS's."""
    return json.dumps({"response": None, "metaData": {"message": message, "code": code}}).encode()


CREATED = said("CREATED")  # what would be a success if all the rest were well


def head(*headers, status="201 Created"):
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


def answer(body=CREATED, *headers, status="201 Created"):
    return head(f"Content-Length: {len(body)}", *headers, status=status) + body


class Guest:
    """A connection that somebody made, for a play to use."""

    def __init__(self, sock, ended):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is sent has arrived
        self.sock, self._ended = sock, ended
        self.sent = 0  # bytes

    def request(self):
        """Read a request to its end. Return its path, "" where nobody asks any more."""
        asked = b""
        while b"\r\n\r\n" not in asked:
            if not (more := self.sock.recv(65_536)):
                return ""
            asked += more
        top, _, body = asked.partition(b"\r\n\r\n")
        missing = int((re.findall(rb"(?i)\ncontent-length: *(\d+)", top) or [0])[0]) - len(body)
        while missing > 0:
            missing -= len(self.sock.recv(missing))
        return top.split()[1].decode()

    def send(self, data):
        self.sock.sendall(data)
        self.sent += len(data)

    def drip(self, data):
        for byte in data:
            self.send(bytes([byte]))
            if self.is_over(PAUSE):
                break

    def drip_on(self, data):
        while not self.is_over(0):
            self.drip(data)

    def pour_on(self, data):
        while not self.is_over(0):
            self.send(data)

    def is_over(self, seconds=60):
        """Wait so long, but not beyond the end of the test. Whether that has come."""
        return self._ended.wait(seconds)

    def hang_up(self):
        self.sock.shutdown(socket.SHUT_RDWR)

    def reset(self):
        """Hang up with an RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class Adversary:
    """Plays to its first guest, and answers all that is asked afterwards as it should: each path
    with a message of its own. `guests` are the connections there were, `played` whether it is over.
    """

    def __init__(self, play, tls=None):
        self.guests = []
        self._play, self._tls = play, tls
        self.played, self._ended = threading.Event(), threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._open)]
        port = self._door.getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{port}"

    def _open(self):
        with suppress(OSError):  # the door is closed
            while True:
                guest = Guest(self._door.accept()[0], self._ended)
                self.guests.append(guest)
                thread = threading.Thread(target=self._serve, args=(guest, self.guests[0] is guest))
                self._threads.append(thread)
                thread.start()

    def _serve(self, guest, is_first):
        with suppress(OSError):  # who hangs up is what is tested
            if self._tls:
                guest.sock = self._tls.wrap_socket(guest.sock, server_side=True)
            if is_first:
                try:
                    self._play(guest)
                finally:
                    self.played.set()
            while path := guest.request():
                guest.send(answer(said(path, 200), status="200 OK"))

    def __enter__(self):
        self._threads[0].start()
        return self

    def __exit__(self, *exception):
        self._ended.set()
        for sock in (self._door, *(guest.sock for guest in self.guests)):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join()

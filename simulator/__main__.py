"""A stand-in for BPJS Kesehatan (PCare and Antrean FKTP) over real HTTP: to try, train and test.

`python -m simulator`, from the checkout's root, serves until SIGINT or SIGTERM. Every person,
number and key in it is invented.
"""

import argparse
import signal
import sys
import threading

from .server import Server


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulator", description="A stand-in for BPJS.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8899, help="0 picks a free one (default: 8899)")
    parser.add_argument("--verbose", action="store_true", help="log every call to stderr")
    options = parser.parse_args()

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        server = Server(options.host, options.port, options.verbose)
    except (OSError, OverflowError) as error:
        where = f"{options.host}:{options.port}"
        print(f"simulator cannot listen on {where}: {error}", file=sys.stderr)
        return 1
    server.start()
    print(f"simulator listening on {server.url}", flush=True)
    stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())

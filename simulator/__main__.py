"""A stand-in for BPJS Kesehatan (PCare and Antrean FKTP) over real HTTP: to try, train and test.

`python -m simulator`, from the checkout's root, serves until SIGINT or SIGTERM. Every person,
number and key in it is invented.
"""

import argparse
import json
import signal
import sys
import threading

from .server import EngineServer, ProxyServer, Server
from .settings import DEFAULTS


def main() -> int:
    options = _parser().parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    host, port = options.host, options.port
    try:
        bpjs = Server(host, port, options.verbose, DEFAULTS.changed(**dict(options.settings)))
        servers = {"simulator": bpjs}
        for name, server, port in (
            ("engine", EngineServer, options.engine_port),
            ("proxy", ProxyServer, options.proxy_port),
        ):
            if port is not None:
                servers[name] = server(host, port, bpjs)
    except (OSError, OverflowError) as error:
        print(f"simulator cannot listen on {host}:{port}: {error}", file=sys.stderr)
        return 1
    for server in servers.values():
        server.start()
    lines = [f"{name} listening on {server.url}" for name, server in servers.items()]
    print("\n".join(lines), flush=True)
    stop.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulator", description="A stand-in for BPJS.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8899, help="0 picks a free one (default: 8899)")
    parser.add_argument("--engine-port", type=int, help="play an integration engine (SOAP), too")
    parser.add_argument("--proxy-port", type=int, help="play an HTTP proxy, too")
    parser.add_argument("--verbose", action="store_true", help="log every call to stderr")
    parser.add_argument(
        "--set",
        dest="settings",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="begin with this setting, see README.md; again and again for more",
    )
    return parser


def _setting(text: str) -> tuple[str, object]:
    """A setting's name and value. Raises `argparse.ArgumentTypeError` for none."""
    name, _, value = text.partition("=")
    try:
        if not isinstance(getattr(DEFAULTS, name, None), str):
            value = json.loads(value)
        DEFAULTS.changed(**{name: value})
    except (TypeError, ValueError) as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return name, value


if __name__ == "__main__":
    sys.exit(main())

"""`python -m simulator` as a process."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from simulator.tests.caller import Caller

CHECKOUT = Path(__file__).parents[2]
LINE = re.compile(r"simulator listening on (http://127\.0\.0\.1:\d+)\n")


@contextmanager
def simulator(*options):
    """The process, its streams being pipes; it is ended in any case, after 20 s at the latest."""
    command = [sys.executable, "-m", "simulator", *options]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, **pipes) as process:
        watchdog = threading.Timer(20, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def url_of(process):
    return LINE.fullmatch(process.stdout.readline())[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_quietly(number):
    with simulator("--port", "0") as process:
        bpjs = Caller(url_of(process))
        assert bpjs.register().response == {"field": "noUrut", "message": "A1"}
        process.send_signal(number)
        assert process.communicate(timeout=10) == ("", "")
        assert process.returncode == 0


def test_it_ends_though_a_call_is_under_way():
    with simulator("--port", "0") as process:
        bpjs = Caller(url_of(process))
        bpjs.fault("pcare", "delay", seconds=60)
        with pytest.raises(requests.ReadTimeout):
            bpjs.send("pcare", "GET", "/kesadaran", timeout=0.2)
        process.terminate()
        assert process.wait(timeout=10) == 0


def test_it_logs_calls_when_told_to():
    with simulator("--port", "0", "--verbose") as process:
        Caller(url_of(process)).send("pcare", "GET", "/kesadaran")
        process.terminate()
        assert '"GET /pcare-rest/kesadaran HTTP/1.1" 200' in process.communicate(timeout=10)[1]


def test_a_taken_port_is_one_line_and_exit_code_1():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with simulator("--port", str(port)) as process:
            out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (1, "")
    expected = rf"simulator cannot listen on 127\.0\.0\.1:{port}: .*Address already in use\n"
    assert re.fullmatch(expected, err)


def test_a_port_that_cannot_be_is_one_line_too():
    with simulator("--port", "99999") as process:
        _out, err = process.communicate(timeout=10)
    assert (process.returncode, err.count("\n")) == (1, 1)

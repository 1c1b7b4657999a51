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


def test_it_plays_what_stands_before_bpjs():
    options = ["--engine-port", "0", "--proxy-port", "0", "--set", "proxy_user="]
    with simulator("--port", "0", *options) as process:
        bpjs = Caller(url_of(process))
        wsdl = re.fullmatch(r"engine listening on (http://\S+)\n", process.stdout.readline())[1]
        proxy = re.fullmatch(r"proxy listening on (http://\S+)\n", process.stdout.readline())[1]
        assert b"DefaultAcceptMessageService" in requests.get(wsdl, timeout=10).content
        through = {"proxies": {"http": proxy}, "headers": bpjs.headers("pcare"), "timeout": 10}
        assert requests.get(f"{bpjs.url}/pcare-rest/kesadaran", **through).status_code == 200
        assert bpjs.book()["calls"]["proxy GET"] == 1


def test_it_begins_with_the_settings_it_is_given_and_goes_back_to_them():
    given = {"page_size": 15, "success_200": True, "engine_user": "", "proxy_password": "007"}
    options = ["page_size=15", "success_200=true", "engine_user=", "proxy_password=007"]
    with simulator(
        "--port", "0", *(word for each in options for word in ("--set", each))
    ) as process:
        bpjs = Caller(url_of(process))
        bpjs.control("POST", "settings", {"page_size": 3})
        bpjs.control("POST", "reset")
        assert given.items() <= bpjs.control("POST", "settings", {}).items()


@pytest.mark.parametrize("wrong", ["page_size=-1", "page_size=a", "page_size", "halaman=15"])
def test_a_setting_that_makes_no_sense_ends_it(wrong):
    with simulator("--port", "0", "--set", wrong) as process:
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (2, "")
    assert "--set" in err


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

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from odoo.tests import TransactionCase, tagged

from ...models.mobile_jkn.uji import Anggota, Uji
from ..common import requests_send

ANGGOTA = Anggota(
    no_kartu="0001000000777",
    nik="3299000000000777",
    nama="Peserta Uji Mandiri",
    kd_poli="001",
    tanggal="2099-01-01",
    kd_dokter=11101,
    jam_praktek="07:00-14:00",
)


@tagged("post_install", "-at_install")
class TestUji(TransactionCase):
    """*Uji Mandiri* at an address where something else answers."""

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        """Let requests out as they are."""
        return requests_send(session, request, **kwargs)

    def test_others_answer_oddly(self):
        for response in (None, 7, "x", [], [7], {}):
            with self.subTest(response=response):
                answer = {"metadata": {"message": "Ok", "code": 200}, "response": response}
                steps = self._run_at(json.dumps(answer).encode())
                self.assertFalse(any(each.gagal for each in steps))
                passed = {each.skenario for each in steps if each.lulus}
                self.assertLessEqual(passed, {"Versi 1", "Versi 2"})

    def _run_at(self, content):
        """Return the steps done where everything is answered with this."""

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *args):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            address = f"http://127.0.0.1:{server.server_port}"
            return Uji(address, "user", "sandi", ANGGOTA, "tanda").run()
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

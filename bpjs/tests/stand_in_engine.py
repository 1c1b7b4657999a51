"""An integration engine on loopback: SOAP in, HTTP out, by the contract alone. It knows no zeep."""

import base64
import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CONTRACT = "http://ws.connectors.connect.mirth.com/"
TYPES = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="{CONTRACT}"
    version="1.0" targetNamespace="{CONTRACT}">
  <xs:element name="acceptMessage" type="tns:acceptMessage"/>
  <xs:element name="acceptMessageResponse" type="tns:acceptMessageResponse"/>
  <xs:complexType name="acceptMessage">
    <xs:sequence><xs:element name="arg0" type="xs:string" minOccurs="0"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="acceptMessageResponse">
    <xs:sequence><xs:element name="return" type="xs:string" minOccurs="0"/></xs:sequence>
  </xs:complexType>
</xs:schema>"""
# As the engines write it: the types in a file of their own, at an address of the inner network.
ELSEWHERE = f"""<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <xsd:import namespace="{CONTRACT}" schemaLocation="http://engine.invalid:8081/bpjs?xsd=1"/>
</xsd:schema>"""


def wsdl(types=TYPES, address="http://engine.invalid:8081/bpjs", operation="acceptMessage"):
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="{CONTRACT}"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:wsam="http://www.w3.org/2007/05/addressing/metadata"
    targetNamespace="{CONTRACT}" name="DefaultAcceptMessageService">
  <types>{types}</types>
  <message name="acceptMessage">
    <part name="parameters" element="tns:acceptMessage"/>
  </message>
  <message name="acceptMessageResponse">
    <part name="parameters" element="tns:acceptMessageResponse"/>
  </message>
  <portType name="DefaultAcceptMessage">
    <operation name="{operation}">
      <input wsam:Action="{CONTRACT}DefaultAcceptMessage/acceptMessageRequest"
        message="tns:acceptMessage"/>
      <output wsam:Action="{CONTRACT}DefaultAcceptMessage/acceptMessageResponse"
        message="tns:acceptMessageResponse"/>
    </operation>
  </portType>
  <binding name="DefaultAcceptMessagePortBinding" type="tns:DefaultAcceptMessage">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
    <operation name="{operation}">
      <soap:operation soapAction=""/>
      <input><soap:body use="literal"/></input>
      <output><soap:body use="literal"/></output>
    </operation>
  </binding>
  <service name="DefaultAcceptMessageService">
    <port name="DefaultAcceptMessagePort" binding="tns:DefaultAcceptMessagePortBinding">
      <soap:address location="{address}"/>
    </port>
  </service>
</definitions>""".encode()


def returned(text):
    return envelope(
        f'<ns2:acceptMessageResponse xmlns:ns2="{CONTRACT}"><return>{escape(text)}</return>'
        f"</ns2:acceptMessageResponse>"
    )


def envelope(body):
    return f'<S:Envelope xmlns:S="{SOAP}"><S:Body>{body}</S:Body></S:Envelope>'.encode()


FAULT = envelope(
    "<S:Fault><faultcode>S:Server</faultcode><faultstring>Saluran gagal</faultstring></S:Fault>"
)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.connections += 1

    def do_GET(self):  # noqa: N802
        self.server.asked.append(("GET", self.path))
        self.server.packings["GET"] = self.headers.get("Accept-Encoding")
        if self.may_pass():
            known = self.path == "/bpjs?wsdl"
            self.send(200 if known else 404, self.server.wsdl if known else b"")

    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(("POST", self.path))
        self.server.packings["POST"] = self.headers.get("Accept-Encoding")
        self.server.content_type = self.headers.get("Content-Type")
        if not self.may_pass():
            return
        asked = ElementTree.fromstring(body).find(f".//{{{CONTRACT}}}acceptMessage/arg0").text
        message = json.loads(asked)
        self.server.messages.append(message)
        self.server.reply(self, message)

    def may_pass(self):
        if self.headers.get("Authorization", "") == self.server.wanted:
            return True
        self.send(401, b"", WWW_Authenticate='Basic realm="engine"')
        return False

    def pass_on(self, message):
        """Send the message to BPJS and return what comes, or a fault where nothing does."""
        parts = urlsplit(self.server.bpjs)
        try:
            there = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
            there.request(
                message["method"], parts.path + message["path"], message["body"], message["headers"]
            )
            answer = there.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return self.send(500, FAULT)
        self.give(message, answer.status, body.decode(errors="replace"), dict(answer.getheaders()))

    def give(self, message, status, body, headers=None, **changes):
        said = {"id": message["id"], "status": status, "headers": headers or {}, "body": body}
        self.send(200, returned(json.dumps({**said, **changes})))

    def send(self, status, body, **headers):
        self.send_response(status)
        named = {"Content_Type": "text/xml; charset=utf-8"}
        if not self.server.is_chunked:
            named["Content_Length"] = str(len(body))
        for name, value in {**named, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        if self.server.is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
            pieces = [body[start : start + 7] for start in range(0, len(body), 7)]
            body = b"".join(b"%x;odd=1\r\n%s\r\n" % (len(each), each) for each in (*pieces, b""))
        self.end_headers()
        self.wfile.write(body)

    def drop(self):
        self.close_connection = True

    def log_message(self, *args):
        pass


class Engine(ThreadingHTTPServer):
    """`bpjs` is the base URL it sends on to; `asked` what reached it, `messages` what it was given.

    `reply(handler, message)` answers a message, `pass_on` unless a test wants otherwise.
    """

    def __init__(self, bpjs="", account=None, tls=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.bpjs, self.wsdl, self.reply = bpjs, wsdl(), Handler.pass_on
        self.is_chunked = False
        self.asked, self.messages, self.connections = [], [], 0
        self.packings = {}  # that were accepted last, by method
        self.wanted = f"Basic {base64.b64encode(account.encode()).decode()}" if account else ""
        if tls:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.server_port}/bpjs"

    def handle_error(self, request, client_address):
        """Clients that hang up are what is tested."""

    def __enter__(self):
        self._serving = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._serving.start()
        return self

    def __exit__(self, *exception):
        self.shutdown()
        self._serving.join()
        super().__exit__(*exception)

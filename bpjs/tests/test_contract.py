"""Engines that keep to the contract and to SOAP 1.1, and still write as ours does not."""

import json
import re
from xml.sax.saxutils import escape

import pytest

from bpjs import pcare
from bpjs.client import Client, Credentials
from bpjs.pcare import PCARE
from bpjs.tests import stand_in_engine
from bpjs.tests.encrypted import CONS_ID, SECRET
from bpjs.tests.stand_in_engine import CONTRACT, ELSEWHERE, SOAP, TYPES, returned, wsdl
from bpjs.ways.soap import Engine

GET = pcare.peserta("0001000000001")
SAID = "Tidak ada, café"
COMMENT = "<!-- Published by JAX-WS RI. RI's version is contoh. -->"


@pytest.fixture
def engine():
    with stand_in_engine.Engine() as engine:
        engine.reply = lambda handler, message: handler.send(200, returned(answer_to(message)))
        yield engine


def answer_to(message):
    said = {"metaData": {"code": 200, "message": SAID}, "response": {}}
    body = json.dumps(said, ensure_ascii=False)
    answer = {"id": message["id"], "status": 200, "headers": {}, "body": body}
    return json.dumps(answer, ensure_ascii=False)


def asked(engine):
    """What the engine's answer says to a client."""
    credentials = Credentials(CONS_ID, SECRET, "kunci", "user", "pass")
    return Client(PCARE, "", credentials, way=Engine(engine.url)).send(GET).message


ANSWERS = {
    "other prefixes, an empty header": lambda text: (
        f'<a:Envelope xmlns:a="{SOAP}"><a:Header/><a:Body><m:acceptMessageResponse '
        f'xmlns:m="{CONTRACT}"><return>{escape(text)}</return></m:acceptMessageResponse>'
        f"</a:Body></a:Envelope>"
    ),
    "default namespaces": lambda text: (
        f'<Envelope xmlns="{SOAP}"><Body><acceptMessageResponse xmlns="{CONTRACT}">'
        f'<return xmlns="">{escape(text)}</return></acceptMessageResponse></Body></Envelope>'
    ),
    "a type, CDATA, comments, blanks": lambda text: (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<S:Envelope xmlns:S="{SOAP}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">\n{COMMENT}<S:Body>\n'
        f'<ns2:acceptMessageResponse xmlns:ns2="{CONTRACT}">\n{COMMENT}\n'
        f'<return xsi:type="xs:string"><![CDATA[{text}]]></return>\n'
        f"</ns2:acceptMessageResponse>\n</S:Body>\n</S:Envelope>\n"
    ),
    "a header that need not be understood": lambda text: (
        f'<S:Envelope xmlns:S="{SOAP}"><S:Header><x:trace xmlns:x="urn:x">1</x:trace></S:Header>'
        f'<S:Body><ns2:acceptMessageResponse xmlns:ns2="{CONTRACT}"><return>{escape(text)}'
        f"</return></ns2:acceptMessageResponse></S:Body></S:Envelope>"
    ),
    "a mark of the byte order": lambda text: "\ufeff" + returned(text).decode(),
}


@pytest.mark.parametrize(
    "content_type", ["text/xml", "text/xml;charset=UTF-8", 'TEXT/XML; charset="utf-8"']
)
@pytest.mark.parametrize("written", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_written_otherwise(engine, written, content_type):
    engine.reply = lambda handler, message: handler.send(
        200, written(answer_to(message)).encode(), Content_Type=content_type
    )
    assert asked(engine) == SAID


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "windows-1252"])
def test_an_answer_in_another_encoding(engine, charset):
    head = f'<?xml version="1.0" encoding="{charset}"?>'
    engine.reply = lambda handler, message: handler.send(
        200,
        (head + returned(answer_to(message)).decode()).encode(charset),
        Content_Type=f"text/xml; charset={charset}",
    )
    assert asked(engine) == SAID


def test_all_in_chunks(engine):
    engine.is_chunked = True
    assert asked(engine) == SAID


POLICY = (
    '<wsp:Policy xmlns:wsp="http://www.w3.org/ns/ws-policy" xmlns:wsu="http://docs.oasis-open.org/'
    'wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" wsu:Id="P"><wsp:All/></wsp:Policy>'
)
SOAP12 = """<port name="Other" binding="tns:Binding12">
  <soap12:address xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" location="http://x/"/>
</port>"""
BINDING12 = """<binding name="Binding12" type="tns:DefaultAcceptMessage"
  xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/">
  <soap12:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
  <operation name="acceptMessage"><soap12:operation soapAction=""/>
    <input><soap12:body use="literal"/></input><output><soap12:body use="literal"/></output>
  </operation>
</binding>"""
ANONYMOUS = f"""<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema" targetNamespace="{CONTRACT}"
    elementFormDefault="unqualified">
  <s:element name="acceptMessage"><s:complexType><s:sequence>
    <s:element name="arg0" type="s:string" minOccurs="0" nillable="true"/>
  </s:sequence></s:complexType></s:element>
  <s:element name="acceptMessageResponse"><s:complexType><s:sequence>
    <s:element name="return" type="s:string" minOccurs="0" nillable="true"/>
  </s:sequence></s:complexType></s:element>
</s:schema>"""
BESIDE = ELSEWHERE.replace("http://engine.invalid:8081/bpjs", "")  # a relative address

WSDLS = {
    "comments, other prefixes": lambda: (
        wsdl()
        .replace(b"?>\n", f"?>\n{COMMENT}\n".encode(), 1)
        .replace(b"tns:", b"mirth:")
        .replace(b":tns=", b":mirth=")
    ),
    "a prefix for WSDL": lambda: prefixed(wsdl()),
    "unqualified, and it says so": lambda: wsdl(
        TYPES.replace('version="1.0"', 'elementFormDefault="unqualified"')
    ),
    "types without a name, nillable": lambda: wsdl(ANONYMOUS),
    "types at ?xsd=1 of another host": lambda: wsdl(ELSEWHERE),
    "types at ?xsd=1 beside it": lambda: wsdl(BESIDE),
    "a policy": lambda: wsdl().replace(b"<types>", POLICY.encode() + b"<types>"),
    "documentation": lambda: wsdl().replace(
        b"<types>", b"<documentation>Saluran <b>BPJS</b></documentation><types>"
    ),
    "another port for SOAP 1.2": lambda: (
        wsdl()
        .replace(b"  <service", BINDING12.encode() + b"  <service")
        .replace(b"  </service>", SOAP12.encode() + b"  </service>")
    ),
    "a mark of the byte order": lambda: b"\xef\xbb\xbf" + wsdl(),
    "another encoding": lambda: wsdl().decode().replace("UTF-8", "utf-16").encode("utf-16"),
}


def prefixed(written):
    """A WSDL whose own elements have a prefix."""
    names = "definitions|types|message|part|portType|operation|input|output|binding|service|port"
    text = re.sub(rf"<(/?)({names})(?=[ >])", r"<\1wsdl:\2", written.decode())
    return text.replace('xmlns="http', 'xmlns:wsdl="http', 1).encode()


@pytest.mark.parametrize("written", WSDLS.values(), ids=WSDLS)
def test_a_wsdl_that_is_written_otherwise(engine, written):
    engine.wsdl = written()
    assert asked(engine) == SAID


def test_what_the_engine_reads(engine):
    """The call is plain SOAP 1.1, its arg0 without a namespace, whatever the WSDL's prefixes."""
    engine.wsdl = WSDLS["types without a name, nillable"]()
    asked(engine)
    [message] = engine.messages  # of an element arg0 in no namespace
    assert engine.content_type.startswith("text/xml")
    assert message["service"] == PCARE

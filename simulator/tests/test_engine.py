"""The integration engine: its description as zeep reads it, and its answers byte by byte."""

import json
from xml.sax.saxutils import escape

import pytest
import requests
import zeep
from lxml import etree

from bpjs.envelope import decrypt
from simulator.tests.caller import CONS_ID, SECRET, TODAY, card, eventually, registration

NAMESPACE = "http://ws.connectors.connect.mirth.com/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CALL = (
    f'<e:Envelope xmlns:e="{SOAP}"><e:Body><m:acceptMessage xmlns:m="{NAMESPACE}">'
    "<arg0>{}</arg0></m:acceptMessage></e:Body></e:Envelope>"
)


class Engine:
    """What a clinic's system asks of the engine."""

    def __init__(self, wsdl, bpjs):
        self.wsdl, self.bpjs = wsdl, bpjs
        self.url = wsdl.removesuffix("?wsdl")
        self.session = requests.Session()

    def message(self, method="POST", path="/pendaftaran", body=None, **changes):
        """What is sent on: by default a registration at PCare."""
        headers = self.bpjs.headers("pcare") | {"Content-Type": "text/plain"}
        call = {"id": "7", "service": "pcare", "method": method, "path": path}
        body = json.dumps(registration() if body is None and method == "POST" else body)
        return call | {"headers": headers, "body": None if method == "GET" else body} | changes

    def post(self, arg0, **options):
        """The raw answer to acceptMessage(arg0)."""
        return self.post_xml(CALL.format(escape(arg0)), **options)

    def post_xml(self, xml, timeout=10, **options):
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        return self.session.post(
            self.url, data=xml.encode(), headers=headers, timeout=timeout, **options
        )

    def listens(self):
        try:
            return requests.get(self.wsdl, timeout=5).ok
        except requests.ConnectionError:
            return False

    def send(self, **changes):
        """The JSON that comes back."""
        reply = self.post(json.dumps(self.message(**changes)))
        assert reply.status_code == 200, reply.text
        return json.loads(returned(reply))


def returned(reply):
    """The `return` of an answer, which must be where the contract says."""
    assert reply.headers["Content-Type"] == "text/xml; charset=utf-8"
    names = {"e": SOAP, "m": NAMESPACE}
    path = "/e:Envelope/e:Body/m:acceptMessageResponse/return"
    [element] = etree.fromstring(reply.content).xpath(path, namespaces=names)
    return element.text


def fault(reply):
    """(code, text) of a SOAP fault."""
    assert reply.status_code == 500
    [found] = etree.fromstring(reply.content).xpath("//e:Fault", namespaces={"e": SOAP})
    return found.findtext("faultcode"), found.findtext("faultstring")


@pytest.fixture
def engine(engine_server, bpjs):
    engine = Engine(engine_server.url, bpjs)
    with engine.session:
        yield engine


def held(bpjs):
    return [item["noKartu"] for item in bpjs.book()["pendaftaran"]]


# The contract


def zeep_client(engine):
    transport = zeep.transports.Transport(session=engine.session, timeout=10)
    return zeep.Client(engine.wsdl, transport=transport)


@pytest.mark.parametrize("schema", ["inline", "apart"])
def test_zeep_reads_the_description_and_calls_by_it(engine, schema):
    engine.bpjs.control("POST", "settings", {"wsdl_schema": schema})
    client = zeep_client(engine)
    [service] = client.wsdl.services.values()
    [port] = service.ports.values()
    assert (service.name, port.name) == ("DefaultAcceptMessageService", "DefaultAcceptMessagePort")
    assert port.binding.name == f"{{{NAMESPACE}}}DefaultAcceptMessagePortBinding"
    assert port.binding_options["address"] == engine.url
    [operation] = port.binding.all().values()
    assert (operation.name, operation.style) == ("acceptMessage", "document")
    assert operation.input.signature() == "arg0: xsd:string"
    assert operation.output.signature() == "return: xsd:string"
    answer = json.loads(client.service.acceptMessage(arg0=json.dumps(engine.message())))
    assert (answer["id"], answer["status"]) == ("7", 201)
    assert held(engine.bpjs) == [card(1)]


def test_it_sends_on_what_it_is_given_and_brings_back_what_comes(engine):
    answer = engine.send()
    assert set(answer) == {"id", "status", "headers", "body"}
    assert answer["status"] == 201
    assert answer["headers"]["Content-Type"] == "application/json; charset=utf-8"
    assert "Date" in answer["headers"]
    envelope = json.loads(answer["body"])
    assert envelope["metaData"] == {"message": "CREATED", "code": 201}
    assert isinstance(envelope["response"], str)  # nobody on the way sees it plain
    [entry] = engine.bpjs.book()["pendaftaran"]
    assert entry["body"] == registration()


def test_the_answer_is_encrypted_for_the_call_that_was_signed(engine):
    message = engine.message("GET", f"/peserta/{card(5)}")
    answer = json.loads(returned(engine.post(json.dumps(message))))
    response = json.loads(answer["body"])["response"]
    member = decrypt(response, CONS_ID, SECRET, message["headers"]["X-timestamp"])
    assert member["noKartu"] == card(5)


def test_both_services_and_an_empty_answer(engine):
    headers = engine.bpjs.headers("antrean_fktp")
    poli = f"/ref/poli/tanggal/{TODAY}"
    answer = engine.send(method="GET", path=poli, service="antrean_fktp", headers=headers)
    assert json.loads(answer["body"])["metadata"]["code"] == 1
    nobody = engine.send(method="GET", path=f"/peserta/{card(61)}")
    assert (nobody["status"], nobody["body"]) == (204, "")


def test_a_quoted_path_is_sent_on_as_it_is(engine):
    engine.send(method="GET", path="/peserta/a%2Fb")
    assert engine.bpjs.book()["calls"]["pcare GET elsewhere"] == 1


def test_what_is_no_ascii_comes_through(engine):
    body = registration(keluhan='pusing 😀 <&> "\x01')
    assert engine.send(body=body)["status"] == 201
    assert engine.bpjs.book()["pendaftaran"][0]["body"]["keluhan"] == body["keluhan"]


def test_it_unpacks_what_bpjs_has_compressed(engine):
    engine.bpjs.fault("pcare", "gzip")
    answer = engine.send(method="GET", path="/kesadaran")
    assert json.loads(answer["body"])["metaData"]["code"] == 200
    assert "Content-Encoding" not in answer["headers"]


@pytest.mark.parametrize(
    "arg0",
    [
        "",
        "bukan JSON",
        "[]",
        "{}",
        '{"id": "1"}',
        json.dumps({"id": "1", "service": "vclaim", "method": "GET", "path": "/", "headers": {}}),
        json.dumps({"id": "1", "service": "pcare", "method": "GET", "path": 7, "headers": {}}),
        json.dumps({"id": "1", "service": "pcare", "method": "GET", "path": "/", "headers": []}),
    ],
)
def test_what_is_no_call_is_a_fault_of_the_client(engine, arg0):
    assert fault(engine.post(arg0))[0] == "S:Client"
    assert not any("pcare" in call for call in engine.bpjs.book()["calls"])


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "bukan XML",
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body/></e:Envelope>',
        CALL.replace("arg0", "arg1"),
        CALL.replace(NAMESPACE, "urn:lain"),
        CALL.replace("<arg0>", "<m:arg0>").replace("</arg0>", "</m:arg0>"),
        '<!DOCTYPE x [<!ENTITY y "z">]>' + CALL,
    ],
)
def test_what_is_no_soap_is_a_fault_of_the_client(engine, xml):
    arg0 = escape(json.dumps(engine.message()))
    assert fault(engine.post_xml(xml.format(arg0)))[0] == "S:Client"
    assert held(engine.bpjs) == []


def test_no_answer_from_bpjs_is_a_fault_of_the_server(engine):
    engine.bpjs.fault("pcare", "drop_after")
    code, text = fault(engine.post(json.dumps(engine.message())))
    assert code == "S:Server"
    assert "RemoteDisconnected" in text
    assert held(engine.bpjs) == [card(1)]


def test_it_may_lead_to_another_address(engine):
    url = engine.bpjs.url
    engine.bpjs.control("POST", "settings", {"pcare_url": f"{url}/antreanfktp"})
    engine.send(method="GET", path="/kesadaran")
    assert engine.bpjs.book()["calls"]["antrean_fktp GET elsewhere"] == 1


@pytest.mark.parametrize("path", ["", "/services/Mirth", "/services/Lain?wsdl"])
def test_nothing_else_is_there(engine, path):
    address = engine.url.removesuffix("/services/Mirth")
    assert engine.session.get(address + path, timeout=10).status_code == 404


def test_it_may_ask_for_a_password(engine):
    engine.bpjs.control("POST", "settings", {"engine_user": "klinik", "engine_password": "sandi"})
    arg0 = json.dumps(engine.message())
    for reply in (engine.post(arg0), engine.session.get(engine.wsdl, timeout=10)):
        assert reply.status_code == 401
        assert reply.headers["WWW-Authenticate"] == 'Basic realm="engine"'
    assert engine.post(arg0, auth=("klinik", "salah")).status_code == 401
    assert held(engine.bpjs) == []
    assert engine.post(arg0, auth=("klinik", "sandi")).status_code == 200
    assert engine.session.get(engine.wsdl, auth=("klinik", "sandi"), timeout=10).ok


# A description that leads elsewhere


@pytest.mark.parametrize("schema", ["elsewhere", "entity"])
def test_a_description_may_lead_elsewhere(engine, schema):
    engine.bpjs.control("POST", "settings", {"wsdl_schema": schema})
    text = engine.session.get(engine.wsdl, timeout=10).text
    assert f"{engine.bpjs.url}/elsewhere/" in text
    assert "elsewhere GET /elsewhere/schema.xsd" not in engine.bpjs.book()["calls"]
    requests.get(f"{engine.bpjs.url}/elsewhere/schema.xsd", timeout=10)
    assert engine.bpjs.book()["calls"]["elsewhere GET /elsewhere/schema.xsd"] == 1


# Faults of the engine itself


@pytest.mark.parametrize(("name", "cards"), [("drop_before", []), ("drop_after", [card(1)])])
def test_it_may_say_nothing(engine, name, cards):
    engine.bpjs.fault("engine", name)
    with pytest.raises(requests.ConnectionError):
        engine.send()
    assert held(engine.bpjs) == cards


@pytest.mark.parametrize(("name", "cards"), [("soap_fault", []), ("soap_fault_after", [card(1)])])
def test_it_may_fail(engine, name, cards):
    engine.bpjs.fault("engine", name)
    code, text = fault(engine.post(json.dumps(engine.message())))
    assert (code, text) == ("S:Server", "java.lang.NullPointerException")
    assert held(engine.bpjs) == cards


@pytest.mark.parametrize(("name", "cards"), [("html_502", []), ("html_502_after", [card(1)])])
def test_a_page_may_come_in_its_place(engine, name, cards):
    engine.bpjs.fault("engine", name)
    reply = engine.post(json.dumps(engine.message()))
    assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html")
    assert held(engine.bpjs) == cards


def test_its_answer_may_be_another_calls(engine):
    engine.bpjs.fault("engine", "wrong_id")
    answer = engine.send()
    assert (answer["id"], answer["status"]) == ("another call's", 201)
    assert held(engine.bpjs) == [card(1)]


@pytest.mark.parametrize("status", [0, -1, 99, 1000, "201", None, 200.5])
def test_its_status_may_be_odd(engine, status):
    engine.bpjs.fault("engine", "odd_status", status=status)
    assert engine.send()["status"] == status
    assert held(engine.bpjs) == [card(1)]


@pytest.mark.parametrize(("name", "cards"), [("no_json", []), ("no_json_after", [card(1)])])
def test_it_may_return_no_json(engine, name, cards):
    engine.bpjs.fault("engine", name)
    with pytest.raises(json.JSONDecodeError):
        engine.send()
    assert held(engine.bpjs) == cards


def test_it_may_return_nothing(engine):
    engine.bpjs.fault("engine", "no_return_after")
    reply = engine.post(json.dumps(engine.message()))
    assert reply.status_code == 200
    assert b"acceptMessageResponse" in reply.content
    assert b"return" not in reply.content
    assert held(engine.bpjs) == [card(1)]


def test_it_may_be_slow(engine):
    engine.bpjs.fault("engine", "delay_after", seconds=0.6)
    with pytest.raises(requests.ReadTimeout):
        engine.post(json.dumps(engine.message()), timeout=0.3)
    assert held(engine.bpjs) == [card(1)]


def test_it_may_want_another_password(engine):
    engine.bpjs.fault("engine", "wrong_password")
    assert engine.post(json.dumps(engine.message())).status_code == 401
    assert held(engine.bpjs) == []


def test_a_fault_of_it_may_be_for_its_description_or_for_one_card(engine):
    engine.bpjs.fault("engine", "html_404", methods=["GET"])
    engine.bpjs.fault("engine", "soap_fault", times=None, about=card(3))
    assert engine.send()["status"] == 201
    message = engine.message(body=registration(3))
    assert engine.post(json.dumps(message)).status_code == 500
    assert engine.session.get(engine.wsdl, timeout=10).status_code == 404
    assert engine.session.get(engine.wsdl, timeout=10).status_code == 200


def test_it_may_refuse_connections_while_bpjs_takes_them(engine):
    engine.bpjs.control("POST", "faults", {"fault": "refuse", "service": "engine", "seconds": 0.4})
    with pytest.raises(requests.ConnectionError, match="refused"):
        requests.get(engine.wsdl, timeout=5)
    assert engine.bpjs.register(2).code == 201
    assert eventually(engine.listens)
    assert engine.send()["status"] == 201


@pytest.mark.parametrize("fault", ["wrong_encryption", "odd_shape", "screening", "firewall_403"])
def test_what_is_bpjss_fault_is_not_the_engines(engine, fault):
    asked = {"service": "engine", "fault": fault}
    assert engine.bpjs.control("POST", "faults", asked, status=400)["error"]

"""SOAP 1.1 as a Web Service Listener of Mirth speaks it: its description, one call, its answers."""

from string import Template

from lxml import etree

from .envelope import Reply

SERVICE_PATH = "/services/Mirth"
NAMESPACE = "http://ws.connectors.connect.mirth.com/"
_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_CONTENT_TYPE = "text/xml; charset=utf-8"

_SCHEMA = f"""\
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="{NAMESPACE}"
    targetNamespace="{NAMESPACE}" version="1.0">
  <xsd:element name="acceptMessage" type="tns:acceptMessage"/>
  <xsd:element name="acceptMessageResponse" type="tns:acceptMessageResponse"/>
  <xsd:complexType name="acceptMessage">
    <xsd:sequence><xsd:element name="arg0" type="xsd:string" minOccurs="0"/></xsd:sequence>
  </xsd:complexType>
  <xsd:complexType name="acceptMessageResponse">
    <xsd:sequence><xsd:element name="return" type="xsd:string" minOccurs="0"/></xsd:sequence>
  </xsd:complexType>
</xsd:schema>
"""
_WSDL = Template(f"""\
<?xml version="1.0" encoding="UTF-8"?>
$doctype<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="{NAMESPACE}"
    targetNamespace="{NAMESPACE}" name="DefaultAcceptMessageService">
<types>
$schema</types>
<message name="acceptMessage">
  <part name="parameters" element="tns:acceptMessage"/>
</message>
<message name="acceptMessageResponse">
  <part name="parameters" element="tns:acceptMessageResponse"/>
</message>
<portType name="DefaultAcceptMessage">
  <operation name="acceptMessage">
    <input message="tns:acceptMessage"/>
    <output message="tns:acceptMessageResponse"/>
  </operation>
</portType>
<binding name="DefaultAcceptMessagePortBinding" type="tns:DefaultAcceptMessage">
  <soap:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
  <operation name="acceptMessage">
    <soap:operation soapAction=""/>
    <input><soap:body use="literal"/></input>
    <output><soap:body use="literal"/></output>
  </operation>
</binding>
<service name="DefaultAcceptMessageService">
  <port name="DefaultAcceptMessagePort" binding="tns:DefaultAcceptMessagePortBinding">
    <soap:address location="$address"/>
  </port>
</service>
</definitions>
""")
_IMPORT = """\
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <xsd:import namespace="{}" schemaLocation="{}"/>
</xsd:schema>
"""


def wsdl(address: str, elsewhere: str, schema: str) -> Reply:
    """The description of the service at `address`.

    :param elsewhere: an address that is not the service's
    :param schema: `inline`; `apart`: in a document of its own at the service's address, as JAX-WS
        does it; `elsewhere`: at another address besides; `entity`: an entity of that address, too
    """
    types = {
        "inline": _SCHEMA,
        "apart": _IMPORT.format(NAMESPACE, f"{address}?xsd=1"),
        "elsewhere": _SCHEMA + _IMPORT.format("urn:elsewhere", f"{elsewhere}/schema.xsd"),
        "entity": _SCHEMA + "&elsewhere;",
    }
    doctype = f'<!DOCTYPE definitions [<!ENTITY elsewhere SYSTEM "{elsewhere}/entity.xml">]>\n'
    return _reply(
        _WSDL.substitute(
            address=address,
            schema=types[schema],
            doctype=doctype if schema == "entity" else "",
        )
    )


def schema() -> Reply:
    return _reply('<?xml version="1.0" encoding="UTF-8"?>\n' + _SCHEMA)


def read(body: bytes) -> str:
    """The `arg0` of a call of acceptMessage. Raises `ValueError` for anything else."""
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"no XML: {error}") from error
    names = {"soap": _ENVELOPE, "mirth": NAMESPACE}
    found = root.xpath("/soap:Envelope/soap:Body/mirth:acceptMessage/arg0", namespaces=names)
    if root.getroottree().docinfo.doctype or len(found) != 1:
        raise ValueError("not a call of acceptMessage with one arg0")
    return found[0].text or ""


def response(text: str | None) -> Reply:
    """The answer to a call of acceptMessage; None: it returns nothing."""
    answer = etree.Element(f"{{{NAMESPACE}}}acceptMessageResponse", nsmap={"ns2": NAMESPACE})
    if text is not None:
        etree.SubElement(answer, "return").text = text
    return _in_envelope(answer)


def fault(text: str, code: str = "Server") -> Reply:
    answer = etree.Element(f"{{{_ENVELOPE}}}Fault", nsmap={"S": _ENVELOPE})
    etree.SubElement(answer, "faultcode").text = f"S:{code}"
    etree.SubElement(answer, "faultstring").text = text
    return _in_envelope(answer, 500)


def _in_envelope(answer: etree._Element, status: int = 200) -> Reply:
    envelope = etree.Element(f"{{{_ENVELOPE}}}Envelope", nsmap={"S": _ENVELOPE})
    etree.SubElement(envelope, f"{{{_ENVELOPE}}}Body").append(answer)
    return _reply(etree.tostring(envelope, encoding="unicode"), status)


def _reply(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), _CONTENT_TYPE)

"""Why something did not work, where BPJS does not say so itself: codes, which the addon puts in
words (`words.py`).
"""

# There is no answer
ADDRESS = "address"  # is not valid
UNREACHABLE = "unreachable"
NO_CONNECTION_IN_TIME = "no_connection_in_time"
TLS = "tls"  # no secure connection came about
CERTIFICATE = "certificate"  # is not trusted
CA_BUNDLE = "ca_bundle"  # is not there, or is none
CHARACTERS = "characters"  # the credentials hold one that no header takes
NO_ANSWER_IN_TIME = "no_answer_in_time"
CONNECTION_LOST = "connection_lost"

# On a way that is not straight
PROXY_UNREACHABLE = "proxy_unreachable"
PROXY_ACCOUNT = "proxy_account"  # the proxy does not accept it
PROXY_REFUSAL = "proxy_refusal"  # the proxy does not connect us to BPJS
ENGINE_UNREACHABLE = "engine_unreachable"
ENGINE_CERTIFICATE = "engine_certificate"  # is not trusted
ENGINE_ACCOUNT = "engine_account"  # the engine does not accept it
ENGINE_WSDL = "engine_wsdl"  # there is none, or one of something else
ENGINE_FAULT = "engine_fault"  # the engine says that it failed
ENGINE_ANSWER = "engine_answer"  # is not what was agreed on

# There is one, but not BPJS's, or none that can be read
EMPTY = "empty"
NOT_JSON = "not_json"
NO_CODE = "no_code"
TOO_LARGE = "too_large"
UNDECRYPTABLE = "undecryptable"

# It can be read, but does not say what it should
NO_MESSAGE = "no_message"
NO_LIST = "no_list"
NO_END = "no_end"  # a list that changed while it was read, or has none
NO_REFERENSI = "no_referensi"  # a list, but not of poli or doctors
NO_URUT = "no_urut"
NO_PROVIDER = "no_provider"
NO_PESERTA = "no_peserta"
NO_VISIT = "no_visit"  # a row of visits without card, poli or number

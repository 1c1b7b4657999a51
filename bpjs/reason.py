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

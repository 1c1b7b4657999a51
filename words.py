"""Our own words: what the reasons of `bpjs/` and of the job types mean to staff.

BPJS's own text is shown as it is, in no other language.
"""

from odoo.tools.translate import LazyTranslate

from .bpjs import reason
from .bpjs.masking import masked

_lt = LazyTranslate(__name__)

OWN_ERROR = "own_error"
WORKER_ENDED = "worker_ended"
NO_REQUEST = "no_request"
HELD = "held"  # by another entry
TOLD_OTHERWISE = "told_otherwise"  # BPJS was told something else than the entry says now
BOOKED_OTHERWISE = "booked_otherwise"  # what BPJS was not told, but has by the member's booking
NOT_TAKEN_BACK = "not_taken_back"  # nor does BPJS take that back
GIVEN_UP = "given_up"
GIVEN_UP_UNDO = "given_up_undo"
NOT_TOLD = "not_told"

WORDS = {  # by reason; each job type adds those of its own
    reason.ADDRESS: _lt("The address of BPJS is not valid"),
    reason.UNREACHABLE: _lt("BPJS could not be reached"),
    reason.NO_CONNECTION_IN_TIME: _lt("BPJS did not take the connection in time"),
    reason.TLS: _lt("No secure connection to BPJS came about"),
    reason.CERTIFICATE: _lt("The TLS certificate of BPJS is not trusted"),
    reason.CA_BUNDLE: _lt("The CA bundle cannot be used"),
    reason.CHARACTERS: _lt("The credentials hold a character that no header takes"),
    reason.NO_ANSWER_IN_TIME: _lt("BPJS did not answer in time"),
    reason.CONNECTION_LOST: _lt("The connection to BPJS was lost"),
    reason.PROXY_UNREACHABLE: _lt("The proxy could not be reached"),
    reason.PROXY_ACCOUNT: _lt("The proxy does not accept its user and password"),
    reason.PROXY_REFUSAL: _lt("The proxy does not get through to BPJS"),
    reason.ENGINE_UNREACHABLE: _lt("The integration engine could not be reached"),
    reason.ENGINE_CERTIFICATE: _lt("The TLS certificate of the integration engine is not trusted"),
    reason.ENGINE_ACCOUNT: _lt("The integration engine does not accept its user and password"),
    reason.ENGINE_WSDL: _lt("The integration engine has no WSDL, or one of something else"),
    reason.ENGINE_FAULT: _lt("The integration engine says that it failed"),
    reason.ENGINE_ANSWER: _lt("The integration engine does not answer as agreed"),
    reason.EMPTY: _lt("HTTP %(http_status)s without a readable answer (empty)"),
    reason.NOT_JSON: _lt("HTTP %(http_status)s without a readable answer (not JSON)"),
    reason.NO_CODE: _lt("HTTP %(http_status)s without a readable answer (no code)"),
    reason.TOO_LARGE: _lt("HTTP %(http_status)s without a readable answer (too large)"),
    reason.UNDECRYPTABLE: _lt(
        "HTTP %(http_status)s without a readable answer (could not be decrypted)"
    ),
    reason.NO_MESSAGE: _lt("HTTP %(http_status)s without a message"),
    reason.NO_LIST: _lt("BPJS's answer is not a list"),
    reason.NO_END: _lt("BPJS's list changed while it was read, or has no end"),
    reason.NO_REFERENSI: _lt("BPJS's answer is not a list of poli or doctors"),
    reason.NO_URUT: _lt("PCare's answer has no queue number"),
    reason.NO_PROVIDER: _lt("PCare's answer has no clinic for this participant"),
    reason.NO_PESERTA: _lt("PCare's answer has no participant"),
    reason.NO_VISIT: _lt("PCare's list has a row without card, poli or queue number"),
    OWN_ERROR: _lt("The clinic's own system made an error"),
    WORKER_ENDED: _lt("The worker ended without a result"),
    NO_REQUEST: _lt(
        "The request could not be made. Tell an administrator: Odoo's log says why, at "
        "“BPJS job %(job)s”."
    ),
    HELD: _lt(
        "BPJS has this visit for queue %(number)s (%(patient)s). Where that one was corrected, "
        "press Resend PCare there; else cancel one of the two."
    ),
    TOLD_OTHERWISE: _lt(
        "%(told)s Resend PCare takes back what BPJS has and registers what is entered."
    ),
    BOOKED_OTHERWISE: _lt(
        "%(told)s The patient booked this with Mobile JKN: enter it as it was booked. Resend PCare "
        "cancels the booking and tells BPJS what is entered."
    ),
    NOT_TAKEN_BACK: _lt("%(told)s BPJS does not take back what it has: “%(answer)s”"),
    GIVEN_UP: _lt(
        "%(label)s gave no answer in %(tries)s tries, so it is not known whether this visit "
        "arrived. Resend it: what BPJS has is looked up first."
    ),
    GIVEN_UP_UNDO: _lt(
        "%(label)s gave no answer in %(tries)s tries, so it is not known whether BPJS took "
        "this visit back. Send the cancel again: what BPJS has is looked up first."
    ),
    NOT_TOLD: _lt(
        "%(label)s could not be told of this visit in time, and nothing of it arrived. Resend it "
        "if BPJS is to have it."
    ),
}


def in_words(env, why, **values):
    """Return our words for a reason, in the language of `env`."""
    text = env._(WORDS[why])
    return text % values


def told(env, outcome):
    """Return what an outcome says to staff: our words, BPJS's text, without long numbers."""
    own = outcome.reason and in_words(env, outcome.reason, http_status=outcome.http_status)
    return masked(": ".join(filter(None, (own, outcome.message))))

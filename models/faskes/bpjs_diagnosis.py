from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from babel.dates import format_timedelta

from odoo import models
from odoo.tools import babel_locale_parse
from odoo.tools.translate import LazyTranslate

from ...bpjs.diagnosis import FAILED, LONGEST, MAX_SKEW, OK, diagnose
from ...bpjs.services import SERVICES
from ...database import in_transaction
from ...words import told
from .bpjs_jalur import MESIN

_lt = LazyTranslate(__name__)

LABELS = {
    "address": _lt("Address"),
    "proxy": _lt("Proxy"),
    "proxy_account": _lt("Proxy's user and password"),
    "connection": _lt("Connection"),
    "tls": _lt("Secure connection (TLS)"),
    "engine": _lt("Integration engine"),
    "engine_account": _lt("Integration engine's user and password"),
    "engine_wsdl": _lt("Integration engine's WSDL"),
    "engine_answer": _lt("Integration engine's answer"),
    "answer": _lt("Answer"),
    "clock": _lt("Server's clock"),
    "user_key": _lt("User key"),
    "service": _lt("Consumer ID and service"),
    "signature": _lt("Signature (consumer secret)"),
    "account": _lt("PCare account"),
    "decryption": _lt("Decryption of the answer"),
}
# Why a step failed and what to do about it, by the reasons of `bpjs.diagnosis`.
ADVICE = {
    "address_invalid": _lt(
        "This is no address at which a service can be called. Choose an environment, or write the "
        "address as BPJS gave it."
    ),
    "address_unknown": _lt(
        "The host of this address cannot be found. Choose an environment to be sure of the "
        "address; if it is right, the server has no internet or no name server (DNS)."
    ),
    "connection": _lt(
        "The server does not get through to this address. Check the server's internet connection "
        "and whether its firewall lets it out. If other sites can be reached, BPJS is down: wait."
    ),
    "tls": _lt(
        "The address is reached but does not speak TLS. Compare the address, above all its "
        "https:// and port, and see whether a proxy or firewall stands in between."
    ),
    "certificate": _lt(
        "Whoever answers does not prove to be BPJS. Check the server's date and update its "
        "certificates (package ca-certificates). If the clinic's network has a certificate of its "
        "own, who administers Odoo itself enters its file under Advanced as CA bundle."
    ),
    "proxy": _lt(
        "The proxy is not reached, or what answers is none. Compare its address and port under Way "
        "to BPJS, and see that it runs."
    ),
    "proxy_account": _lt(
        "The proxy does not accept this user and password. Ask whoever runs it for the right ones, "
        "and enter them under Way to BPJS."
    ),
    "proxy_refusal": _lt(
        "The proxy is reached, but does not connect to this address. Compare the address, and ask "
        "whoever runs the proxy to let it through. If it is let through already, BPJS is down: "
        "wait."
    ),
    "engine": _lt(
        "The integration engine is not reached. Compare its address and port under Way to BPJS, "
        "and see that the channel with the Web Service Listener is started."
    ),
    "engine_certificate": _lt(
        "Whoever answers does not prove to be the integration engine. Who administers Odoo itself "
        "enters the file of its certificate under Way to BPJS as CA bundle."
    ),
    "engine_account": _lt(
        "The integration engine does not accept this user and password. Enter those of the "
        "channel's Web Service Listener under Way to BPJS."
    ),
    "engine_wsdl": _lt(
        "At this address is no Web Service Listener that takes messages for BPJS. Open the address "
        "with ?wsdl behind it in a browser, and compare it with the channel's."
    ),
    "engine_answer": _lt(
        "The integration engine takes the message, but does not answer as agreed. Look at the "
        "channel's messages and errors in the engine, and at the answer that it gives back."
    ),
    "no_answer": _lt(
        "BPJS takes the connection but gives no answer. It is probably overloaded: wait, and test "
        "again."
    ),
    "down": _lt(
        "BPJS itself has a disturbance. Nothing needs to be changed here: wait, and test again."
    ),
    "busy": _lt("BPJS takes no more calls for the moment. Wait a few minutes, and test again."),
    "not_found": _lt(
        "BPJS has nothing at this address: its last part is wrong. Choose an environment, or "
        "compare the address with what BPJS gave the clinic."
    ),
    "content_type": _lt(
        "BPJS does not take this content type. Change it under Advanced: text/plain or "
        "application/json."
    ),
    "not_bpjs": _lt(
        "What answers is not BPJS, but perhaps a proxy or the login page of the network. Compare "
        "the address, and open it on the server to see what is there."
    ),
    "characters": _lt(
        "It holds a blank or a character that BPJS never uses. Copy it anew, without blanks, line "
        "breaks and typographic dashes."
    ),
    "user_key": _lt(
        "BPJS does not accept this user key. Copy it anew. Each service has a user key of its own, "
        "and the consumer secret is another thing again: see that they are not swapped."
    ),
    "user_key_blank": _lt("The user key of this service is empty. Enter the one BPJS gave for it."),
    "service": _lt(
        "BPJS does not know this consumer ID for this service. Compare the consumer ID and the "
        "environment: keys of development do not work in production. If both are right, ask BPJS "
        "to grant the service."
    ),
    "signature": _lt(
        "BPJS does not accept the signature: the consumer secret is wrong. Copy it anew, and see "
        "that it is not swapped with a user key."
    ),
    "account": _lt(
        "PCare does not accept username and password. Try them in PCare itself, for a password can "
        "expire. Then enter here what works there."
    ),
    "account_blank": _lt(
        "Username or password is empty. Enter the account with which the clinic logs in to PCare."
    ),
    "account_lost": _lt(
        "The account did not reach PCare: the header X-authorization, which begins with “Basic”, "
        "was lost on the way. See that no proxy removes it."
    ),
    "decryption": _lt(
        "BPJS accepts the call, but its answer cannot be decrypted. Compare consumer ID and "
        "consumer secret once more; if they are right, tell whoever maintains the software."
    ),
}

# The same where the integration engine, not we, knows the addresses of BPJS.
ADVICE_BY_ENGINE = {
    "not_found": _lt(
        "BPJS has nothing at the address to which the integration engine sends. Compare the "
        "address of this service in the channel with what BPJS gave the clinic."
    ),
    "not_bpjs": _lt(
        "The integration engine sends to something else than BPJS, or changes its answer. Compare "
        "the address of this service in the channel, and see that it returns the answer's body as "
        "it is."
    ),
    "account_lost": _lt(
        "The account did not reach PCare: the header X-authorization, which begins with “Basic”, "
        "was lost in the integration engine. See that the channel sends on all headers."
    ),
    "decryption": _lt(
        "BPJS accepts the call, but its answer cannot be decrypted. See that the channel returns "
        "the answer's body as it is; then compare consumer ID and consumer secret once more."
    ),
}


class BpjsFaskes(models.Model):
    """The test of a facility's connection to BPJS."""

    _inherit = "bpjs.faskes"

    def action_diagnose(self):
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "antrean_bpjs.diagnosis",
            "name": self.env._("Test Connection"),
            "target": "new",
            "params": {"faskes_id": self.id},
            "context": {"dialog_size": "large"},
        }

    def diagnose(self):
        """Test all services at once with the settings that are saved; BPJS is changed nothing.

        No transaction is open meanwhile. A service that works is taken up again if it was down;
        one that does not is left to its jobs and probes, for the admin may be in the midst of it.

        :returns: for each service {"name", "way": in words where it is not straight, "address" of
            BPJS where we know it, "works": bool, "steps": [{"label", "state" ("ok", "failed" or
            "skipped"), "text": why and what to do, "detail": what was seen}]}
        :rtype: list[dict]
        """
        self.ensure_one()
        self.check_access("write")
        tests = in_transaction(self.env, self._diagnosis_tests)
        with ThreadPoolExecutor(thread_name_prefix="bpjs") as pool:
            results = list(pool.map(lambda test: diagnose(*test), tests))
        return in_transaction(self.env, self._report, results)

    def _diagnosis_tests(self):
        return [
            (layanan._new_client(longest=LONGEST), layanan._probe_request())
            for layanan in self.layanan_ids
        ]

    def _report(self, results):
        report, way = [], self._way_in_words()
        for layanan, steps in zip(self.layanan_ids, results, strict=True):
            works = FAILED not in {step.state for step in steps}
            if works:
                layanan.sudo()._mark_up()
            report.append(
                {
                    "name": SERVICES[layanan.kode].label,
                    "way": way,
                    "address": layanan.base_url if self.jalur != MESIN else "",
                    "works": works,
                    "steps": [self._step_in_words(step) for step in steps],
                }
            )
        return report

    def _step_in_words(self, step):
        by_engine = ADVICE_BY_ENGINE if self.jalur == MESIN else {}
        advice = by_engine.get(step.reason) or ADVICE.get(step.reason)
        text = self.env._(advice) if advice else ""
        if step.name == "clock" and abs(step.ahead) > MAX_SKEW:
            text = self._clock_in_words(step)
        return {
            "label": self.env._(LABELS[step.name]),
            "state": step.state,
            "text": text,
            "detail": told(self.env, step.seen) if step.seen else "",
        }

    def _clock_in_words(self, step):
        difference = format_timedelta(
            timedelta(seconds=abs(step.ahead)), locale=babel_locale_parse(self.env.lang)
        )
        if step.state == OK:
            return self.env._(
                "The server's clock differs by %s. BPJS puts up with it for now: set the clock.",
                difference,
            )
        if step.ahead > 0:
            return self.env._(
                "The server's clock differs by %s: it is fast, so BPJS refuses every call. Set the "
                "server's clock, best to be kept right by NTP.",
                difference,
            )
        return self.env._(
            "The server's clock differs by %s: it is slow, so BPJS refuses every call. Set the "
            "server's clock, best to be kept right by NTP.",
            difference,
        )

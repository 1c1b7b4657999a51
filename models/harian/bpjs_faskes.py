from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...bpjs.pcare import PCARE
from ..antrean.res_partner import PETUGAS
from .bpjs_harian import MORNING

TERUTANG_DAYS = 30
AT_THE_LATEST = 9  # o'clock: the summary is sent then, even where yesterday could not be compared


class BpjsFaskes(models.Model):
    """Who is told of what BPJS is still owed, and what is done by itself about it."""

    _inherit = "bpjs.faskes"

    tarik_otomatis = fields.Boolean(
        "Take Back by Itself",
        help="Where the daily comparison finds at PCare what was cancelled here, PCare is asked to "
        "take it back without a press.",
    )
    terutang_hari = fields.Integer(
        "Still Owed for (days)",
        default=lambda self: TERUTANG_DAYS,
        required=True,
        help="How long after its day a visit that PCare does not have stays among what is still "
        "owed.",
    )
    terutang_user_id = fields.Many2one(
        "res.users",
        "Responsible for What Is Owed",
        domain=lambda self: [("all_group_ids", "in", self.env.ref(PETUGAS).ids)],
        help="Gets one activity a day while something is owed. Empty: each administrator.",
    )
    terutang_diingatkan_on = fields.Date("Last Reminded on", readonly=True)

    @api.constrains("terutang_hari")
    def _check_terutang_hari(self):
        if any(not 1 <= faskes.terutang_hari <= 366 for faskes in self):
            raise ValidationError(self.env._("What is owed stays in the list for 1 to 366 days."))

    def _tell_of_days(self):
        """Tell those whom it concerns what is owed, and what came of yesterday; once a day."""
        self._remind_of_terutang()
        self._summarize_yesterday()

    # Once a day, while something is owed

    def _remind_of_terutang(self):
        """Give who is responsible an activity of today, or close it where nothing is owed."""
        entries = self.env["antrean.antrean"]
        owed = entries.search_count(entries._terutang_domain(self.company_id))
        reminders = self._reminders()
        if not owed:
            reminders.unlink()
        elif self.company_id._antrean_now().hour >= MORNING and self.terutang_diingatkan_on != (
            self.company_id._antrean_today()
        ):
            reminders.unlink()
            self._remind(owed)

    def _reminders(self):
        kind = self.env.ref("antrean_bpjs.mail_activity_terutang")
        return self.company_id.partner_id.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def _remind(self, owed):
        self.terutang_diingatkan_on = self.company_id._antrean_today()
        for user in self.terutang_user_id or self._admins():
            told = self.company_id.partner_id.with_context(lang=user.lang)
            text = told.env._(
                "Visits that BPJS still does not have: %s. Each line says why, who acts and until "
                "when it makes sense.",
                owed,
            )
            link = Markup('<a href="/odoo/terutang">%s</a>') % told.env._("Open the list")
            told.activity_schedule(
                "antrean_bpjs.mail_activity_terutang",
                note=Markup("<p>%s %s</p>") % (text, link),
                user_id=user.id,
                date_deadline=self.terutang_diingatkan_on,
            )

    # The morning's summary of yesterday

    def _summarize_yesterday(self):
        """Tell the administrators, in one message, what of yesterday is to be done; numbers only,
        for some read it by mail.
        """
        now = self.company_id._antrean_now()
        yesterday = now.date() - timedelta(days=1)
        if now.hour < MORNING or self.env["bpjs.layanan"]._of(self.company_id, PCARE)._obstacle(
            self.company_id
        ):
            return
        harian = self.env["bpjs.harian"]._of(self.company_id, [yesterday])
        if harian.diringkas_at:
            return
        compared_on = harian.diperiksa_at and self.company_id._antrean_day(harian.diperiksa_at)
        is_compared = harian.state == "selesai" and compared_on == now.date()
        if not is_compared and now.hour < AT_THE_LATEST:
            return
        harian.diringkas_at = fields.Datetime.now()
        entries = self.env["antrean.antrean"]
        owed = entries.search_count(entries._terutang_domain(self.company_id))
        if harian.jumlah_beda or owed or not is_compared:
            self._send_summary(harian, owed, is_compared)

    def _send_summary(self, harian, owed, is_compared):
        harian = harian.with_context(lang=self.company_id._antrean_lang())
        env = harian.env
        registered = [milik for milik in harian._entries() if not milik.is_cancelled]
        counts = [
            (env._("Registered here for BPJS"), len(registered)),
            (env._("Not at PCare"), harian.beda_sini),
            (env._("Only at PCare"), harian.beda_sana),
            (env._("Cancelled here, alive there"), harian.beda_batal),
            (env._("There twice"), harian.beda_ganda),
            (env._("Other number, poli or doctor"), harian.beda_nomor + harian.beda_lain),
            (env._("Still owed, of all days"), owed),
        ]
        lines = Markup().join(Markup("<li>%s: %s</li>") % line for line in counts)
        note = "" if is_compared else self._not_compared(harian)
        day = format_date(env, harian.tanggal)
        harian.message_notify(
            partner_ids=self._admins().partner_id.ids,
            subject=env._("BPJS on %(day)s: %(clinic)s", day=day, clinic=self.name),
            body=Markup("<ul>%s</ul><p>%s</p>") % (lines, note),
        )

    @staticmethod
    def _not_compared(harian):
        why = harian.message or harian.env._("PCare was not asked")
        return harian.env._("Yesterday could not be compared to the end: %s", why)

import re
import unicodedata

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.sql import escape_psql
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PETUGAS = "antrean_bpjs.group_antrean_petugas"
ADMIN = "antrean_bpjs.group_antrean_admin"

IDENTITY_NUMBERS = {"nik": 16, "no_kartu_bpjs": 13}  # and their digits
NUMBERS = (*IDENTITY_NUMBERS, "no_rekam_medis")
NO_NAME = _lt("This is the number of a card or a NIK, not a name. Enter it there, and the name.")
NONE = re.compile(r"0*|([0-9])\1{12,}")  # what people enter where there is no number


def without_separators(text):
    """Drop all blanks and signs with which people write identity numbers, also those that cannot
    be seen, and make digits of full width plain ones. The wildcard of searches stays.
    """
    return re.sub(r"[^\w%]|_", "", unicodedata.normalize("NFKC", text))


def identity_number(text):
    """Return which of a patient's numbers a text is, and that number; False, False for others."""
    number = without_separators(text) if isinstance(text, str) else ""
    for name, length in IDENTITY_NUMBERS.items():
        if _has_digits(number, length) and not NONE.fullmatch(number):
            return name, number
    return False, False


def as_kept(name, text):
    """Return one of a patient's numbers as it is kept, however it was typed; False for none."""
    if name not in IDENTITY_NUMBERS:
        return text.strip() or False
    number = without_separators(text)
    return False if NONE.fullmatch(number) else number


def _has_digits(text, length):
    return bool(re.fullmatch(rf"[0-9]{{{length}}}", text))


def _as_looked_up(condition):
    """Return a condition of a domain that finds an identity number however it was typed."""
    if condition.field_expr not in IDENTITY_NUMBERS:
        return condition
    if isinstance(condition.value, str):
        value = without_separators(condition.value) or condition.value
    elif condition.operator in ("in", "not in"):
        value = [
            without_separators(text) if isinstance(text, str) else text for text in condition.value
        ]
    else:
        return condition
    return Domain(condition.field_expr, condition.operator, value)


def _record_number_like(text):
    """Return what finds a medical record number however it was entered, and is typed."""
    part = without_separators(text).lower()

    def to_sql(model, alias, query):
        column = model._field_to_sql(alias, "no_rekam_medis", query)
        like = f"%{escape_psql(part)}%"
        return SQL(r"regexp_replace(%s, '[\s.-]', '', 'g') ILIKE %s", column, like)

    def predicate(patient):
        return part in without_separators(patient.no_rekam_medis or "").lower()

    return Domain.custom(to_sql=to_sql, predicate=predicate) if part else Domain.FALSE


class ResPartner(models.Model):
    """A patient: who they are, by the numbers on their cards."""

    _name = "res.partner"
    _inherit = ["res.partner", "antrean.rahasia"]

    nik = fields.Char("NIK", index="btree_not_null", groups=PETUGAS, copy=False)
    no_kartu_bpjs = fields.Char(
        "BPJS Card Number", index="btree_not_null", groups=PETUGAS, copy=False
    )
    no_rekam_medis = fields.Char(
        "Medical Record Number", index="btree_not_null", groups=PETUGAS, copy=False
    )
    tanggal_lahir = fields.Date("Date of Birth", groups=PETUGAS, copy=False)
    jenis_kelamin = fields.Selection(
        [("L", "Male"), ("P", "Female")], "Sex", groups=PETUGAS, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._as_kept(vals) for vals in vals_list])

    def write(self, vals):
        """Write; a number that stays what it is may be that of another from before."""
        vals = self._as_kept(vals)
        same = {name for name in (*NUMBERS, "company_id") if self._has(name, vals)}
        return super().write({name: value for name, value in vals.items() if name not in same})

    def _has(self, name, vals):
        """Whether all of these have the value of a field that is to be written."""
        field = self._fields[name]
        return name in vals and all(
            field.convert_to_write(patient[name], patient) == vals[name] for patient in self
        )

    @staticmethod
    def _as_kept(vals):
        typed = [name for name in NUMBERS if isinstance(vals.get(name), str)]
        return {**vals, **{name: as_kept(name, vals[name]) for name in typed}}

    @api.model
    def default_get(self, fields_list):
        """Take an identity number that was typed as a new patient's name for what it is."""
        defaults = super().default_get(fields_list)
        name, number = identity_number(defaults.get("name"))
        return defaults | {"name": False, name: number} if name in fields_list else defaults

    @api.onchange("name")
    def _onchange_name_is_number(self):
        """A number that is scanned into the name goes where it belongs."""
        name, number = identity_number(self.name)
        if name and self.env.context.get("antrean_pasien"):
            self.update({"name": False, name: number})

    @api.constrains("name")
    def _check_name_is_no_number(self):
        """Staff name nobody by a number. What the system itself brings may be no patient."""
        is_staff = self.env.uid != SUPERUSER_ID and self.env.user.has_group(PETUGAS)
        if is_staff and any(identity_number(patient.name)[0] for patient in self):
            raise ValidationError(self.env._(NO_NAME))

    @api.model
    def name_create(self, name):
        """Refuse a number as a name: the web client then opens the form, with the number in it."""
        if identity_number(name)[0]:
            raise ValidationError(self.env._(NO_NAME))
        return super().name_create(name)

    @api.constrains("nik")
    def _check_nik(self):
        for patient in self.filtered("nik"):
            patient._check_digits("nik", self.env._("NIK"))

    @api.constrains("no_kartu_bpjs")
    def _check_no_kartu_bpjs(self):
        for patient in self.filtered("no_kartu_bpjs"):
            patient._check_digits("no_kartu_bpjs", self.env._("BPJS card number"))

    def _check_digits(self, name, label):
        text, length = self[name], IDENTITY_NUMBERS[name]
        if _has_digits(text, length):
            return
        raise ValidationError(
            self.env._(
                "The %(label)s of %(name)s must have exactly %(length)s digits; "
                "what was entered has %(count)s characters. Check the card and enter it again.",
                label=label,
                name=self.name,
                length=length,
                count=len(text),
            )
        )

    @api.constrains("company_id")
    def _check_company_of_visits(self):
        """No clinic is to lose a patient whom it has in its queue to another."""
        visits = self.env["antrean.antrean"].sudo()
        rows = visits._read_group([("pasien_id", "in", self.ids)], ["pasien_id", "company_id"])
        for patient, company in rows:
            if patient.company_id and patient.company_id not in company.parent_ids:
                raise ValidationError(
                    self.env._(
                        "%s has visits in more clinics than one, so the contact cannot belong to "
                        "a single one. Leave its company empty.",
                        patient.name,
                    )
                )

    # Finding a patient

    @api.model
    def _search(self, domain, *args, **kwargs):
        return super()._search(Domain(domain).map_conditions(_as_looked_up), *args, **kwargs)

    @api.model
    def _search_display_name(self, operator, value):
        """Let staff find a patient by card number, NIK or medical record number, too."""
        domain = super()._search_display_name(operator, value)
        texts = [value] if isinstance(value, str) else value if operator == "in" else []
        is_text = texts and all(isinstance(text, str) and text for text in texts)
        if (
            not is_text
            or operator in Domain.NEGATIVE_OPERATORS
            or not self.env.user.has_group(PETUGAS)
        ):
            return domain
        numbers = Domain.OR(Domain(name, operator, value) for name in NUMBERS)
        found = Domain(domain) | numbers.map_conditions(_as_looked_up)
        return found | _record_number_like(value) if operator == "ilike" else found

    # Telling patients of one name apart

    @api.depends_context("antrean_pasien")
    def _compute_display_name(self):
        """In the list to pick a patient from, tell each from others of that name."""
        result = super()._compute_display_name()
        is_picked = {"antrean_pasien", "formatted_display_name"} <= self.env.context.keys()
        if is_picked and self.env.user.has_group(PETUGAS):
            for patient in self:
                if ciri := patient._ciri():
                    patient.display_name = f"{patient.display_name} \t --{ciri}--"
        return result

    def _ciri(self):
        """Return what tells a patient from another of that name: record number, date of birth, the
        last digits of the card; of the NIK where there is no card.
        """
        number = self.no_kartu_bpjs or self.nik
        known = (
            self.no_rekam_medis,
            self.tanggal_lahir and format_date(self.env, self.tanggal_lahir),
            number and f"…{number[-4:]}",
        )
        return " · ".join(filter(None, known))

    # Medical record numbers

    def _ensure_no_rekam_medis(self):
        """Give each patient who has none the next number that nobody has, of an import either."""
        for patient in self.filtered(lambda partner: not partner.no_rekam_medis):
            patient.no_rekam_medis = patient._next_no_rekam_medis()

    def _next_no_rekam_medis(self):
        sequence = self.env["ir.sequence"].sudo()
        contacts = self.sudo().with_context(active_test=False)
        number = sequence.next_by_code("antrean.rekam_medis")
        while number and contacts.search_count([("no_rekam_medis", "=", number)], limit=1):
            number = sequence.next_by_code("antrean.rekam_medis")
        return number

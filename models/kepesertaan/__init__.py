from . import bpjs_peserta
from . import res_partner
from . import antrean_preflight

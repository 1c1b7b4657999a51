from . import res_company
from . import res_partner
from . import antrean_penjamin
from . import antrean_ruangan
from . import antrean_dokter
from . import antrean_jadwal
from . import antrean_antrean
from . import ir_websocket

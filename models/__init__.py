from . import antrean
from . import faskes
from . import job
from . import referensi
from . import kepesertaan
from . import mobile_jkn
from . import harian
from . import laporan

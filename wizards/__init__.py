from . import antrean
from . import job
from . import referensi
from . import harian

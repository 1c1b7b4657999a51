from . import test_referensi
from . import test_jadwal

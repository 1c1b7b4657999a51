from . import test_antrean
from . import test_board
from . import test_jadwal

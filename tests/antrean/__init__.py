from . import test_antrean
from . import test_bersama
from . import test_board
from . import test_jadwal
from . import test_pasien_gabung
from . import test_pasien_kembar
from . import test_perubahan
from . import test_tetap

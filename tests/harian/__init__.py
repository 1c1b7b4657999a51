from . import test_basi
from . import test_basi_serentak
from . import test_harian
from . import test_terutang

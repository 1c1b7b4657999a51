from . import test_harian
from . import test_terutang

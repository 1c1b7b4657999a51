from . import test_antrean
from . import test_board

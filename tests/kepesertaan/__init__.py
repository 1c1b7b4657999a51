from . import test_kepesertaan
from . import test_preflight

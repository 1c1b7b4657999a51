from . import job
from . import mobile_jkn

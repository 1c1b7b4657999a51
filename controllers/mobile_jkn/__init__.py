from . import mobile_jkn

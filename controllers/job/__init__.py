from . import resend_pcare

"""The services of BPJS by their code, in the order of screens. A new one is a module and a line."""

from . import antrean_fktp, pcare

SERVICES = {service.code: service for service in (pcare.SERVICE, antrean_fktp.SERVICE)}

"""`python -m bench PART…` measures parts, one after the other; all of them make the page.

`make bench` runs it: DATABASE names an installed database, ODOO_BIN, ODOO_CONF and PG* lead to Odoo
and PostgreSQL, QUEUE_JOB to queue_job, BROWSER_PYTHON and CHROMIUM to a browser.
"""

import argparse
import sys
import time

from bench import (
    backlog,
    cost,
    desk,
    evening,
    growth,
    hosts,
    jalur,
    latency,
    mobile_jkn,
    odd,
    report,
)

PARTS = {
    "backlog": backlog,
    "cost": cost,
    "latency": latency,
    "desk": desk,
    "hosts": hosts,
    "odd": odd,
    "jalur": jalur,
    "mobile_jkn": mobile_jkn,
    "growth": growth,
    "evening": evening,
}


def main():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--scale", type=float, default=1, help="of all sizes, for trying")
    parser.add_argument("--runs", type=int, default=3, help="of what is told as a median")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - PARTS.keys():
        parser.error(f"{', '.join(unknown)}: the parts are {', '.join(PARTS)}")
    about, sections = report.machine(), []
    for name in asked.parts or PARTS:
        start = time.monotonic()
        sections.append(PARTS[name].measure(asked.scale, asked.runs))
        print(f"\n{sections[-1]}\n({name}: {time.monotonic() - start:.0f} s)", flush=True)
    if asked.scale == 1 and not asked.parts:
        report.write(f"RUNS={asked.runs} make bench", about, sections)
        print(f"Written to {report.PAGE}")


if __name__ == "__main__":
    sys.exit(main())

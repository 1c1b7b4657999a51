"""`make chaos`: exits with an error where a figure is not 0 that must be."""

import argparse
import os
import sys
import time
from pathlib import Path

from system_tests.chaos import campaign as fault_campaign


def main():
    parser = argparse.ArgumentParser(prog="chaos", description=fault_campaign.__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--entries", type=int, required=True)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--way", default="", help="what all calls go through: soap, proxy")
    parser.add_argument("--kill-postgres", action="store_true", help="the server is ours to kill")
    asked = parser.parse_args()
    logs = Path(os.environ["ODOO_CONF"]).parent
    start = time.monotonic()
    with fault_campaign.campaign(
        logs,
        asked.seed,
        asked.entries,
        asked.kills,
        way=asked.way,
        kills_postgres=asked.kill_postgres,
    ) as campaign:
        wrong = campaign.run()
        for name, ids in wrong.items():
            print(f"\n{name}:", *map(campaign.history, sorted(ids, key=str)), sep="\n")
        print(f"\n{campaign}\nseed {asked.seed}, {time.monotonic() - start:.0f} s")
        print(
            *(f"{name} {len(wrong.get(name, ()))}" for name in fault_campaign.MUST_BE_ZERO),
            sep=", ",
        )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

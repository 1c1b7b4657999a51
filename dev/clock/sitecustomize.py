"""Python runs this when it starts. libfaketime 0.9.10 breaks the call that time.sleep makes from
Python 3.11 on, so it sleeps by another."""

import select
import time

time.sleep = lambda seconds: select.select([], [], [], seconds) and None

"""A stand-in for BPJS Kesehatan (PCare and Antrean FKTP) over real HTTP: to try, train and test.

Start it from the checkout's root with `python -m simulator`. Every person, number and key in it
is invented.
"""

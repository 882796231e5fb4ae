"""Every pair of a sample compared as the original scripts compare: character by character of the
hex spelling, in plain Python.

    python hex_characters.py SAMPLE     # SAMPLE: 8 bytes a hash

Prints the seconds it took and how many pairs differ in 0, 1, ... 16 characters.
"""
import json
import sys
import time
from itertools import combinations

with open(sys.argv[1], "rb") as file:
    data = file.read()
hashes = [data[i : i + 8].hex() for i in range(0, len(data), 8)]

histogram = [0] * 17
start = time.perf_counter()
for a, b in combinations(hashes, 2):
    histogram[sum(x != y for x, y in zip(a, b))] += 1
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "histogram": histogram}))

"""Write hamming.json: distances of hashes in bits and in hex characters, by plain Python.

    python vectors/hamming/make.py

Bits by int.bit_count of the exclusive or; characters as the scripts of arXiv 2307.01898 count them,
position by position in the hex spelling. Near hashes, equal ones, all zeros and all ones among them.
"""
import json
import pathlib
import random
from itertools import combinations

random.seed(2307_01898)
THRESHOLD = 3


def hashes(bits):
    centre = random.getrandbits(bits)
    near = [centre ^ sum(1 << random.randrange(bits) for _ in range(n)) % (1 << bits) for n in range(12)]
    values = [0, (1 << bits) - 1, centre, centre, *near, *(random.getrandbits(bits) for _ in range(8))]
    return [f"{value:0{bits // 4}x}" for value in values]


def bit_distance(a, b):
    return (int(a, 16) ^ int(b, 16)).bit_count()


def digit_distance(a, b):
    return sum(x != y for x, y in zip(a, b))


def measured(values, distance, largest):
    histogram = [0] * (largest + 1)
    near = []
    for (i, a), (j, b) in combinations(enumerate(values), 2):
        apart = distance(a, b)
        histogram[apart] += 1
        if apart <= THRESHOLD:
            near.append([i, j, apart])
    return {"histogram": histogram, "near": near}


sets = []
for bits in (64, 128, 192, 256):
    values = hashes(bits)
    sets.append(
        {
            "bits": bits,
            "hashes": values,
            "inBits": measured(values, bit_distance, bits),
            "inHexDigits": measured(values, digit_distance, bits // 4),
        }
    )

out = pathlib.Path(__file__).with_name("hamming.json")
out.write_text(json.dumps({"threshold": THRESHOLD, "sets": sets}) + "\n")

"""Recomputes Pillow's Lanczos weights and records their digests.

    python vectors/perceptual-hash/lanczos.py        (about a minute)

lanczos.json: {"<output size>": [digest, ...]}, one SHA-256 for each block of 128 input sizes, 1-128,
129-256, ... 1921-2048. A digest covers, for each input size and then each output sample, the first
input sample, the number of samples and the weights (22 fractional bits), as little-endian int32.
The arithmetic is that of libImaging/Resample.c in Python's doubles, with the C library's sine.
"""

import hashlib
import json
import math
import struct
from pathlib import Path


def sinc(x):
    if x == 0.0:
        return 1.0
    x *= math.pi
    return math.sin(x) / x


def lanczos(x):
    return sinc(x) * sinc(x / 3) if -3.0 <= x < 3.0 else 0.0


def kernel(input_size, output_size):
    scale = input_size / output_size
    filter_scale = max(scale, 1.0)
    support = 3.0 * filter_scale
    step = 1.0 / filter_scale
    numbers = []
    for i in range(output_size):
        centre = (i + 0.5) * scale
        start = max(0, int(centre - support + 0.5))
        end = min(input_size, int(centre + support + 0.5))
        taps = [lanczos((x - centre + 0.5) * step) for x in range(start, end)]
        total = 0.0
        for tap in taps:
            total += tap
        weights = [tap / total for tap in taps] if total != 0.0 else taps
        numbers += [start, end - start]
        numbers += [int(w * (1 << 22) + (-0.5 if w < 0 else 0.5)) for w in weights]
    return struct.pack(f"<{len(numbers)}i", *numbers)


def digest(sizes, output_size):
    block = hashlib.sha256()
    for size in sizes:
        block.update(kernel(size, output_size))
    return block.hexdigest()


digests = {
    output_size: [digest(range(first, first + 128), output_size) for first in range(1, 2049, 128)]
    for output_size in (8, 9, 32)
}
(Path(__file__).parent / "lanczos.json").write_text(json.dumps(digests, indent=1) + "\n")

"""Write noise.json: the seed noise, from an implementation independent of the TypeScript one.

Philox 4x32-10 on Python integers; the inverse normal by mpmath at 60 digits, so the float32
results are correctly rounded. Also normal.json: the inverse normal itself, to double precision,
and million.json: the SHA-256 of a million normals as little-endian float32, by numpy and scipy.

    python vectors/philox/make.py
"""
import hashlib
import json
import random
import struct
from pathlib import Path

import numpy as np
from mpmath import erfinv, mp, mpf, sqrt
from scipy.special import ndtri

mp.dps = 60
HERE = Path(__file__).parent
MASK = 0xFFFFFFFF


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b & MASK, a >> 32 ^ c[3] ^ k[1], a & MASK]
        k = [k[0] + 0x9E3779B9 & MASK, k[1] + 0xBB67AE85 & MASK]
    return c


def normal(u):
    """Inverse of the normal distribution at an exact probability."""
    return sqrt(mpf(2)) * erfinv(2 * u - 1)


def float32_bits(x):
    """Bits of the float32 nearest to an mpf (by way of the double, far from ties here)."""
    return struct.pack(">f", float(x)).hex()


def noise(seed, stream, length):
    key = (seed & MASK, seed >> 32)
    out = []
    for n in range(length):
        words = philox((n // 2, 0, stream, 0), key)
        high, low = words[:2] if n % 2 == 0 else words[2:]
        k = high << 20 | low >> 12
        out.append(float32_bits(normal((mpf(k) + mpf(1) / 2) / mpf(2) ** 52)))
    return out


def million(seed):
    """A million normals of stream 0 at once, in double precision before rounding."""
    word = lambda x: np.full(500_000, x, np.uint64)
    c, k = [np.arange(500_000, dtype=np.uint64), word(0), word(0), word(0)], [seed & MASK, seed >> 32]
    for _ in range(10):
        a, b = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        low, high = lambda x: x & np.uint64(MASK), lambda x: x >> np.uint64(32)
        c = [high(b) ^ c[1] ^ np.uint64(k[0]), low(b), high(a) ^ c[3] ^ np.uint64(k[1]), low(a)]
        k = [k[0] + 0x9E3779B9 & MASK, k[1] + 0xBB67AE85 & MASK]
    parts = [(h << np.uint64(20) | l >> np.uint64(12)).astype(np.float64) + 0.5 for h, l in ((c[0], c[1]), (c[2], c[3]))]
    return ndtri(np.stack(parts, 1).ravel() / 2.0**52).astype("<f4")


def main():
    cases = [(0, 0, 64), (1, 0, 64), (42, 0, 257), (42, 1, 16), (2**32, 0, 16), (2**53 + 1, 0, 16),
             (2**64 - 1, 0, 64), (2**64 - 1, 2**32 - 1, 16), (1234567890123456789, 7, 33)]
    rows = [dict(seed=str(s), stream=t, float32=noise(s, t, n)) for s, t, n in cases]
    (HERE / "noise.json").write_text(json.dumps(rows, indent=0) + "\n")

    digest = hashlib.sha256(million(20231120).tobytes()).hexdigest()
    (HERE / "million.json").write_text(json.dumps(dict(seed="20231120", sha256=digest)) + "\n")

    rng = random.Random(241)
    ps = [0.5, 0.075, 0.925, 2.0**-53, 1 - 2.0**-53, 1e-11, 1.3887943864964021e-11]
    ps += [rng.random() for _ in range(100)] + [2.0 ** (-53 * rng.random()) for _ in range(60)]
    (HERE / "normal.json").write_text(json.dumps(
        [dict(p=struct.pack(">d", p).hex(), x=struct.pack(">d", float(normal(mpf(p)))).hex()) for p in ps], indent=0) + "\n")


if __name__ == "__main__":
    main()

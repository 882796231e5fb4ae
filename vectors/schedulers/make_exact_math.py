"""Write exact-math.json: log, exp and expm1 correctly rounded to double, from mpmath at 60 digits.

    python vectors/schedulers/make_exact_math.py
"""
import json
import random
import struct
from pathlib import Path

from mpmath import exp, expm1, log, mp, mpf

mp.dps = 60


def bits(x):
    return struct.pack(">d", float(x)).hex()


def main():
    rng = random.Random(7)
    logs = [1.0, 2.0, 0.5, 10.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1 + 2.0**-52, 1 - 2.0**-53]
    logs += [2.0 ** rng.uniform(-60, 60) for _ in range(120)] + [rng.uniform(0.5, 2) for _ in range(180)]
    exps = [0.0, 1.0, -1.0, 0.5, 709.7, -700.0, 1e-300, -1e-20, 0.34657359027997264, -0.34657359027997264]
    exps += [rng.uniform(-5, 5) for _ in range(180)] + [rng.uniform(-700, 700) for _ in range(60)]
    exps += [rng.choice([-1, 1]) * 2.0 ** rng.uniform(-40, 0) for _ in range(60)]
    out = dict(
        log=[[bits(x), bits(log(mpf(x)))] for x in logs],
        exp=[[bits(x), bits(exp(mpf(x)))] for x in exps],
        expm1=[[bits(x), bits(expm1(mpf(x)))] for x in exps if x != 0.0],
    )
    (Path(__file__).parent / "exact-math.json").write_text(json.dumps(out, indent=0) + "\n")


if __name__ == "__main__":
    main()

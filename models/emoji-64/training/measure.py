"""Average-hash distance between pictures of one prompt from different seeds."""
import argparse
import json
from itertools import combinations

import imagehash
import numpy as np

from captions import article
from concepts import CONCEPTS
from sampling import Pipeline


def summary(d):
    d = np.array(d)
    return dict(
        pairs=len(d), minimum=int(d.min()), mean=round(float(d.mean()), 2),
        percentiles={str(q): float(np.percentile(d, q)) for q in (1, 5, 25, 50, 75, 95)},
        share_over_2=round(float((d > 2).mean()), 4), share_over_6=round(float((d > 6).mean()), 4),
        histogram=np.bincount(d, minlength=65)[: d.max() + 1].tolist())


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True)
    p.add_argument("--out")
    p.add_argument("--concepts", type=int, default=20)
    p.add_argument("--seeds", type=int, default=8)
    p.add_argument("--guidance", type=float, default=4.0)
    a = p.parse_args()
    pipe = Pipeline(a.model)
    must = ["shark", "cat", "dog", "rocket", "apple"]
    names = must + [c["name"] for c in CONCEPTS[:: max(1, len(CONCEPTS) // a.concepts)] if c["name"] not in must]
    names = names[: a.concepts]
    seeds = list(range(100, 100 + a.seeds))
    pictures = pipe.many([f"a photo of {article(n)}" for n in names for _ in seeds], seeds * len(names), guidance=a.guidance)
    hashes = [imagehash.average_hash(x) for x in pictures]
    same, worst = [], []
    for i, n in enumerate(names):
        h = hashes[i * a.seeds : (i + 1) * a.seeds]
        d = [x - y for x, y in combinations(h, 2)]
        same += d
        worst.append((min(d), n))
    report = dict(concepts=names, seeds=a.seeds, guidance=a.guidance, same_prompt_other_seed=summary(same),
                  closest_pair_by_concept={n: m for m, n in sorted(worst)})
    print(json.dumps(report))
    if a.out:
        with open(a.out, "w") as f:
            f.write(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()

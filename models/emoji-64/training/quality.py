"""How good the pictures are: by a judge that learned from real renderings only.

Prints and writes top-1 accuracy over all concepts and per concept, a Frechet distance in the judge's
features against held-out renderings (Heusel et al., arXiv 1706.08500, with this judge in Inception's
place), and how near the nearest training picture is, for generated pictures and, as the measure of
near, for held-out renderings.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch

from captions import article
from concepts import CONCEPTS
from judge import Judge, Renderings
from sampling import Pipeline

FIRST_SEED = 900_000  # training noise is drawn elsewhere; nobody picked these by eye


def features_of(judge, pictures):
    with torch.no_grad():
        parts = [judge(part) for part in pictures.split(256)]
    return torch.cat([s for s, _ in parts]), torch.cat([f for _, f in parts]).double().numpy()


def root(matrix):
    """Square root of a symmetric positive matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(values.clip(0)) @ vectors.T


def frechet(a, b):
    ma, mb, ca, cb = a.mean(0), b.mean(0), np.cov(a.T), np.cov(b.T)
    half = root(ca)
    return float(((ma - mb) ** 2).sum() + np.trace(ca + cb) - 2 * np.trace(root(half @ cb @ half)))


def nearest(a, b):
    """Distance of each row of a to the nearest row of b."""
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.sqrt(squares.min(1).clip(0))


def percentiles(x):
    return {str(q): round(float(np.percentile(x, q)), 3) for q in (1, 5, 50, 95)}


def to_tensor(pictures):
    """[n, 3, 64, 64] in [-1, 1]; larger pictures as the judge would see them, by averaging."""
    pictures = [x.reduce(x.width // 64) for x in pictures]
    return torch.from_numpy(np.stack([np.asarray(x, np.float32) for x in pictures])).permute(0, 3, 1, 2) / 127.5 - 1


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True)
    p.add_argument("--data", required=True)
    p.add_argument("--run", required=True, help="folder of judge.pt")
    p.add_argument("--seeds", type=int, default=12, help="pictures of each concept")
    p.add_argument("--out")
    a = p.parse_args()
    torch.set_num_threads(2)
    judge = Judge()
    judge.load_state_dict(torch.load(Path(a.run) / "judge.pt", weights_only=True))
    judge.eval()
    source = Renderings(a.data)
    names = [c["name"] for c in CONCEPTS]
    truth = torch.arange(len(names)).repeat_interleave(a.seeds)
    prompts = [f"a photo of {article(names[i])}" for i in truth]
    made = to_tensor(Pipeline(a.model).many(prompts, [FIRST_SEED + i for i in range(len(prompts))]))
    held, held_truth = source.draw(np.random.default_rng(5), len(made), "3d")
    other, _ = source.draw(np.random.default_rng(6), len(made), "3d")
    trained, _ = source.draw(np.random.default_rng(7), 4 * len(made), "3d")

    scores, made_features = features_of(judge, made)
    held_scores, held_features = features_of(judge, held)
    _, other_features = features_of(judge, other)
    _, trained_features = features_of(judge, trained)
    guesses = scores.argmax(1)
    right = guesses == truth
    per_concept = {n: round(right[truth == i].float().mean().item(), 3) for i, n in enumerate(names)}
    taken_for = {
        n: names[guesses[(truth == i) & ~right].mode().values.item()] for i, n in enumerate(names) if per_concept[n] < 0.9}
    report = dict(
        pictures=len(made), concepts=len(names), first_seed=FIRST_SEED,
        top1=round(right.float().mean().item(), 4),
        top1_of_renderings=round((held_scores.argmax(1) == held_truth).float().mean().item(), 4),
        frechet=round(frechet(made_features, held_features), 3),
        frechet_of_renderings=round(frechet(other_features, held_features), 3),
        nearest_training_picture=dict(
            generated=percentiles(nearest(made_features, trained_features)),
            held_out_renderings=percentiles(nearest(held_features, trained_features))),
        mostly_taken_for=taken_for,
        top1_by_concept=dict(sorted(per_concept.items(), key=lambda x: x[1])))
    print(json.dumps(report, indent=1))
    if a.out:
        Path(a.out).write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Compose augmented pictures of every concept and encode them once.

Writes latents.npy (float16 [n, 4, 16, 16], scaled to unit variance), labels.npz (what
the captions may say) and scaling.json: the factor, measured on these latents unless it is
there already, since weights once trained belong to one factor.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch

from compose import compose, compose_pair, draw_settings, load_sprites, pick, side_by_side
from concepts import CONCEPTS, DRAWN_STYLES
from vae import VAE

SHARE_3D = 0.76  # of the pictures; the other styles share the rest


def sprite_chances(index):
    """Rows of the sprites that the denoiser learns, and how often each is taken."""
    rows = [i for i, r in enumerate(index) if r["concept"] >= 0 and r["style"] in DRAWN_STYLES]
    per_concept = np.bincount([index[i]["concept"] for i in rows], minlength=len(CONCEPTS)) - 1
    weight = np.array([
        SHARE_3D if index[i]["style"] == "3d" else (1 - SHARE_3D) / per_concept[index[i]["concept"]] for i in rows])
    return np.array(rows), weight / weight.sum()


def partners(rng, index, ids, share):
    """For that share of the sprites another of the same style, to stand on its right; -1 for the rest."""
    partner = np.full(len(ids), -1)
    by_style = {s: [i for i, r in enumerate(index) if r["concept"] >= 0 and r["style"] == s] for s in DRAWN_STYLES}
    for k in np.flatnonzero(rng.random(len(ids)) < share):
        same = by_style[index[ids[k]]["style"]]
        partner[k] = same[rng.integers(len(same))]
    return partner


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True)
    p.add_argument("--vae", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--count", type=int, default=16000)
    p.add_argument("--pairs", type=float, default=0.0, help="share of pictures of two things")
    p.add_argument("--mirrored", type=float, default=0.5, help="share of pictures turned about")
    a = p.parse_args()
    torch.set_num_threads(2)
    rng = np.random.default_rng(7)
    sprites, index = load_sprites(a.data)
    rows, chances = sprite_chances(index)
    ids = rows[rng.choice(len(rows), a.count, p=chances)]
    settings = draw_settings(rng, a.count)
    settings["flip"] &= rng.random(a.count) < 2 * a.mirrored
    partner = partners(rng, index, ids, a.pairs)
    vae = VAE()
    vae.load_state_dict(torch.load(a.vae, weights_only=True))
    vae = vae.eval().to(memory_format=torch.channels_last)
    parts = []
    with torch.no_grad():
        for i in range(0, a.count, 100):
            some = np.arange(i, min(i + 100, a.count))
            x = compose(sprites[ids[some]], pick(settings, some))
            two = np.flatnonzero(partner[some] >= 0)
            if len(two):
                rows = some[two]
                x[two] = compose_pair(sprites[ids[rows]], sprites[partner[rows]], side_by_side(pick(settings, rows), rng))
            parts.append(vae.encoder(x.to(memory_format=torch.channels_last))[0])
            if i % 8000 == 0:
                print(i, flush=True)
    z = torch.cat(parts).contiguous()
    out = Path(a.out)
    scaling = out / "scaling.json"
    if not scaling.exists():
        scaling.write_text(json.dumps(dict(scaling_factor=round(1 / z.std().item(), 5))) + "\n")
    factor = json.loads(scaling.read_text())["scaling_factor"]
    print("scaling factor", factor, "channel means", (z.mean((0, 2, 3)) * factor).tolist(),
          "channel deviations", (z.std((0, 2, 3)) * factor).tolist())
    np.save(out / "latents.npy", (z * factor).half().numpy())
    np.savez(out / "labels.npz",
             concept=[index[i]["concept"] for i in ids],
             second=[index[i]["concept"] if i >= 0 else -1 for i in partner],
             style=[DRAWN_STYLES.index(index[i]["style"]) for i in ids],
             colour=settings["colour"], scale=settings["scale"])


if __name__ == "__main__":
    main()

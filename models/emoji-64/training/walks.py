"""Walks of the published model from noise to latent: what its students learn from.

A walk takes 20 guided steps of a second-order solver (DPM-Solver++ 2M, Lu et al. 2022) and keeps
the states at the four moments where the fast student stops, and the end. No picture of the data
set is needed: the model itself says what its students should do.

    python walks.py --model .. --out RUN --count 14000

writes walks.npy, float16 [count, 5, 4, 16, 16], and walks.txt, a caption a line.
"""
import argparse
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from captions import caption
from compose import COLOUR_NAMES
from concepts import CONCEPTS, DRAWN_STYLES
from published import read
from schedule import alphas_bar
from train import encode

STEPS = 20
STOPS = 4  # of the fast student
GUIDANCE = 4.0
BATCH = 50


def moments(steps):
    """Timesteps from 999 down, evenly apart: what diffusers calls trailing spacing."""
    return [1000 - 1000 // steps * i - 1 for i in range(steps)]


def a_caption(rng):
    """A caption as the training pictures have them, of any concept in any of its styles."""
    n = rng.integers(len(CONCEPTS))
    styles = [s for s in DRAWN_STYLES if s != "streamline" or CONCEPTS[n]["streamline"]]
    # The style without a name of its own is what most people will ask for.
    style = "3d" if rng.random() < 0.5 else styles[rng.integers(len(styles))]
    colour = COLOUR_NAMES[rng.integers(len(COLOUR_NAMES))] if rng.random() < 0.5 else ""
    return caption(rng, n, style, colour, rng.uniform(0.7, 0.95))


@torch.no_grad()
def walk(unet, words, nothing, x):
    """[batch, 5, 4, 16, 16]: the states at timesteps 999, 749, 499 and 249, and the end."""
    ab = alphas_bar().float()
    times = moments(STEPS)
    alphas = torch.cat([ab[times], ab[:1]])
    a, s = alphas.sqrt(), (1 - alphas).sqrt()
    lamb = (a / s).log()
    both = torch.cat([nothing.expand(len(x), -1, -1), words])
    kept, before = [x], None
    for i, t in enumerate(times):
        v = unet(torch.cat([x, x]).contiguous(memory_format=torch.channels_last), torch.tensor([t]), both)
        empty, full = v.chunk(2)
        clean = a[i] * x - s[i] * (empty + GUIDANCE * (full - empty))
        h = lamb[i + 1] - lamb[i]
        guess = clean
        if before is not None:
            r = (lamb[i] - lamb[i - 1]) / h
            guess = clean + (clean - before) / (2 * r)
        x = s[i + 1] / s[i] * x - a[i + 1] * torch.expm1(-h) * guess
        before = clean
        if (i + 1) % (STEPS // STOPS) == 0:
            kept.append(x)
    return torch.stack(kept, 1)


def work(part, a):
    torch.set_num_threads(1)
    torch.manual_seed(1000 + part)
    rng = np.random.default_rng(part)
    tokenizer = Tokenizer.from_file(str(Path(a.model) / "tokenizer" / "tokenizer.json"))
    model, _ = read(a.model)
    model.eval()
    unet = model.unet.to(memory_format=torch.channels_last)
    with torch.no_grad():
        nothing = model.text.padded(encode(tokenizer, [""]))
    walks, texts = [], []
    while len(texts) < a.count // a.workers:
        said = [a_caption(rng) for _ in range(BATCH)]
        with torch.no_grad():
            words = model.text.padded(encode(tokenizer, said))
        walks.append(walk(unet, words, nothing, torch.randn(BATCH, 4, 16, 16)).half().numpy())
        texts += said
        if part == 0 and len(walks) % 10 == 0:
            print(f"{len(texts)} of {a.count // a.workers}", flush=True)
    np.save(Path(a.out) / f"walks-{part}.npy", np.concatenate(walks))
    (Path(a.out) / f"walks-{part}.txt").write_text("\n".join(texts) + "\n")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--count", type=int, default=14000)
    p.add_argument("--workers", type=int, default=2)
    a = p.parse_args()
    torch.multiprocessing.spawn(work, (a,), a.workers)
    out, parts = Path(a.out), range(a.workers)
    np.save(out / "walks.npy", np.concatenate([np.load(out / f"walks-{n}.npy") for n in parts]))
    (out / "walks.txt").write_text("".join((out / f"walks-{n}.txt").read_text() for n in parts))
    for n in parts:
        (out / f"walks-{n}.npy").unlink()
        (out / f"walks-{n}.txt").unlink()


if __name__ == "__main__":
    main()

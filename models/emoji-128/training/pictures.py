"""Pictures of 128 and 256 pixels, composed where the sprites lie: on the GPU if there is one.

Sprites come packed (pack.py): one WebP after another, and an index. What a picture shows is drawn
on the CPU by many processes at once, with its caption and the caption's token ids.
"""
import io
import json
import os
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer

from captions import caption, pair_caption
from compose import COLOUR_NAMES, draw_settings, over_background, place, side_by_side
from make_latents import partners, sprite_chances
from text import END, LENGTH

SIZE = 128
PAIRS = 0.15  # of the pictures show two things
PROCESSES = os.cpu_count()


def device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def open_webp(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))


def load_packed(folder):
    """Sprites as uint8 [n, 256, 256, 4] and their index rows."""
    info = json.loads((Path(folder) / "packed.json").read_text())
    whole, parts, at = (Path(folder) / "packed.bin").read_bytes(), [], 0
    for size in info["bytes"]:
        parts.append(whole[at : at + size])
        at += size
    with Pool(PROCESSES) as pool:
        sprites = np.stack(pool.map(open_webp, parts, chunksize=32))
    return sprites, info["index"]


def describe(job):
    """Poses, backgrounds, partners and token ids of `count` pictures."""
    index, tokenizer, seed, count, pairs = job
    rng = np.random.default_rng(seed)
    rows, chances = sprite_chances(index)
    ids = rows[rng.choice(len(rows), count, p=chances)]
    pose = draw_settings(rng, count)
    pose["flip"][:] = False  # things that read or point one way stay so
    partner = partners(rng, index, ids, pairs)
    left, right = side_by_side(pose, rng)
    said = []
    for n, i in enumerate(ids):
        style, colour = index[i]["style"], COLOUR_NAMES[pose["colour"][n]]
        if partner[n] >= 0:
            said.append(pair_caption(rng, index[i]["concept"], index[partner[n]]["concept"], style, colour))
        else:
            said.append(caption(rng, index[i]["concept"], style, colour, pose["scale"][n]))
    tokens = np.full((count, LENGTH), END, np.int16)
    for n, e in enumerate(Tokenizer.from_file(tokenizer).encode_batch(said)):
        tokens[n, : min(len(e.ids), LENGTH - 1)] = e.ids[: LENGTH - 1]
    two = partner >= 0
    first = {k: np.where(two.reshape(-1, *[1] * (pose[k].ndim - 1)), left[k], pose[k]) for k in pose}
    return dict(ids=ids, partner=partner, tokens=tokens, **{f"a.{k}": v for k, v in first.items()},
                **{f"b.{k}": v for k, v in right.items() if k in ("scale", "angle", "dx", "dy", "flip")})


class Pictures:
    """`count` pictures, described on the CPU and composed when asked for."""

    def __init__(self, sprites, index, tokenizer, seed, count, pairs=PAIRS):
        self.sprites, self.index = sprites, index
        share = -(-count // PROCESSES)
        jobs = [(index, str(tokenizer), seed * 1000 + n, share, pairs) for n in range(PROCESSES)]
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        with Pool(PROCESSES) as pool:
            parts = pool.map(describe, jobs)
        joined = {k: np.concatenate([p[k] for p in parts]) for k in parts[0]}
        self.count = len(joined["ids"])
        where = sprites.device
        self.tokens = torch.from_numpy(joined.pop("tokens")).to(where)
        self.ids, self.partner = joined.pop("ids"), joined.pop("partner")
        self.settings = joined

    def placed(self, rows, size=SIZE):
        """Premultiplied colour and alpha [n, 4, size, size], and the settings of the background."""
        first = {k[2:]: v[rows] for k, v in self.settings.items() if k.startswith("a.")}
        a = place(self.sprites[torch.as_tensor(self.ids[rows], device=self.sprites.device)], first, size)
        two = np.flatnonzero(self.partner[rows] >= 0)
        if len(two):
            second = {k[2:]: v[rows][two] for k, v in self.settings.items() if k.startswith("b.")}
            sprites = self.sprites[torch.as_tensor(self.partner[rows][two], device=self.sprites.device)]
            b = place(sprites, second, size)
            at = torch.as_tensor(two, device=a.device)
            a[at] = a[at] + b * (1 - a[at][:, 3:])
        return a, first

    def composed(self, rows, size=SIZE):
        """Pictures [n, 3, size, size] in [-1, 1]."""
        return over_background(*self.placed(rows, size))

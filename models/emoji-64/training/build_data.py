"""From the registries to sprites and shards, in one command: fetch, render, caption, pack, count.

Fetches the icon packages at the versions that NOTICE.md names, renders every concept in every style,
and packs captioned pictures as WebDataset shards: 000000.png beside 000000.json (caption, concept,
style, background, pose). A tenth of them show two things side by side. The same command gives the same bytes; a digest of each file says so.
Training reads the sprites and composes anew, so the shards are for whoever trains something else.
"""
import argparse
import hashlib
import io
import json
import subprocess
import tarfile
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from captions import caption, pair_caption
from compose import COLOUR_NAMES, compose, compose_pair, draw_settings, load_sprites, pick, side_by_side
from concepts import CONCEPTS, DRAWN_STYLES, STYLES
from make_latents import partners, sprite_chances

PACKAGES = {
    "@lobehub/fluent-emoji-3d": ("1.1.0", "MIT"),
    "@iconify-json/fluent-emoji": ("1.2.7", "MIT"),
    "@iconify-json/fluent-emoji-flat": ("1.2.6", "MIT"),
    "@iconify-json/noto": ("1.2.9", "Apache-2.0"),
    "@iconify-json/twemoji": ("1.2.5", "CC-BY-4.0"),
    "@iconify-json/streamline-emojis": ("1.2.4", "CC-BY-4.0"),
    "unicode-emoji-json": ("0.9.0", "MIT"),
    "sharp": ("0.35.5", "Apache-2.0"),
}
HERE = Path(__file__).parent
PAIRS = 0.1  # of the pictures


def fetch(folder):
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [f"{name}@{version}" for name, (version, _) in PACKAGES.items()]
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--save-exact", "--prefix", folder, *wanted], check=True)


def render(out, modules, side):
    table = out / "table.json"
    table.write_text(json.dumps(dict(concepts=CONCEPTS, styles=STYLES), ensure_ascii=False))
    subprocess.run(["node", HERE / "render.mjs", table, modules, out, str(side)], check=True)


def add(tar, name, content):
    entry = tarfile.TarInfo(name)  # no time, no owner: equal bytes
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def pack(out, count, per_shard):
    """Writes shards/emoji-000.tar and so on; returns how many pictures of each style, and of pairs."""
    sprites, index = load_sprites(out)
    rows, chances = sprite_chances(index)
    rng = np.random.default_rng(0)
    ids = rows[rng.choice(len(rows), count, p=chances)]
    settings = draw_settings(rng, count)
    partner = partners(rng, index, ids, PAIRS)
    (out / "shards").mkdir(exist_ok=True)
    for first in range(0, count, per_shard):
        with tarfile.open(out / "shards" / f"emoji-{first // per_shard:03}.tar", "w") as tar:
            for i in range(first, min(first + per_shard, count)):
                pose, sprite = pick(settings, slice(i, i + 1)), sprites[ids[i : i + 1]]
                row, colour = index[ids[i]], COLOUR_NAMES[settings["colour"][i]]
                told = dict(concept=CONCEPTS[row["concept"]]["name"], style=row["style"], background=colour)
                if partner[i] >= 0:
                    other = index[partner[i]]["concept"]
                    picture = compose_pair(sprite, sprites[partner[i : i + 1]], side_by_side(pose, rng))[0]
                    told.update(
                        caption=pair_caption(rng, row["concept"], other, row["style"], colour),
                        beside=CONCEPTS[other]["name"])
                else:
                    scale = float(settings["scale"][i])
                    picture = compose(sprite, pose)[0]
                    told.update(
                        caption=caption(rng, row["concept"], row["style"], colour, scale), scale=round(scale, 3),
                        turned=round(float(settings["angle"][i]), 2), mirrored=bool(settings["flip"][i]))
                pixels = (picture.permute(1, 2, 0).numpy() * 127.5 + 127.5).round().astype(np.uint8)
                png = io.BytesIO()
                Image.fromarray(pixels).save(png, "PNG")
                add(tar, f"{i:06}.png", png.getvalue())
                add(tar, f"{i:06}.json", (json.dumps(told) + "\n").encode())
    return Counter(index[i]["style"] for i in ids), int((partner >= 0).sum())


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", required=True)
    p.add_argument("--pictures", type=int, default=10_000)
    p.add_argument("--per-shard", type=int, default=1000)
    p.add_argument("--side", type=int, default=128, help="pixels of a sprite")
    a = p.parse_args()
    out = Path(a.out)
    fetch(out / "npm")
    render(out, out / "npm" / "node_modules", a.side)
    by_style, pairs = pack(out, a.pictures, a.per_shard)
    print(f"{len(CONCEPTS)} concepts, {len(load_sprites(out)[1])} sprites, {a.pictures} pictures:",
          ", ".join(f"{by_style[s]} {s}" for s in DRAWN_STYLES) + f", {pairs} of pairs")
    for name, (version, licence) in PACKAGES.items():
        print(f"{licence:10} {name} {version}")
    for path in [out / "sprites.rgba", out / "sprites.json", *sorted((out / "shards").iterdir())]:
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(out))


if __name__ == "__main__":
    main()

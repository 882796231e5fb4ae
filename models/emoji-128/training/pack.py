"""Pack the sprites that a picture may show as WebP, one after another, for a GPU machine that cannot fetch them.

    python ../../emoji-64/training/build_data.py --out RUN/data --side 256 --pictures 1000
    python pack.py --data RUN/data --out RUN
"""
import argparse
import io
import json
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image

from compose import load_sprites

QUALITY = 92
OTHER_EVERY = 4  # of the icons that are no concept; they teach only the autoencoder


def as_webp(sprite):
    content = io.BytesIO()
    Image.fromarray(sprite).save(content, "WEBP", quality=QUALITY, method=4, exact=True)
    return content.getvalue()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True, help="folder of sprites.rgba and sprites.json")
    p.add_argument("--out", required=True)
    a = p.parse_args()
    sprites, index = load_sprites(a.data)
    drawn = [i for i, row in enumerate(index) if row["style"] != "fluent"]
    rows = [i for i in drawn if index[i]["concept"] >= 0]
    rows += [i for i in drawn if index[i]["concept"] < 0][::OTHER_EVERY]
    with Pool() as pool:
        parts = pool.map(as_webp, (np.ascontiguousarray(sprites[i]) for i in rows), chunksize=32)
    out = Path(a.out)
    (out / "packed.bin").write_bytes(b"".join(parts))
    (out / "packed.json").write_text(json.dumps(dict(
        size=sprites.shape[1], index=[index[i] for i in rows], bytes=[len(part) for part in parts])))
    print(f"{len(rows)} sprites, {sum(map(len, parts)) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

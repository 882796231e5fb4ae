"""Makes picture files of the kinds found in the wild, and their hashes by imagehash over Pillow.

Run with Pillow 13 and ImageHash 4.3.2: python generate.py
"""
import json
from pathlib import Path

import imagehash
import numpy as np
import PIL
from PIL import Image, ImageCms

HERE = Path(__file__).parent
IMAGES = HERE / "images"


def picture(seed, size):
    rng = np.random.default_rng(seed)
    coarse = (rng.random((7, 7, 3)) * 255).astype("uint8")
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def swapped_profile():
    """sRGB with red and blue exchanged: whoever follows it gets other colours."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for n in range(int.from_bytes(profile[128:132], "big")):
        at = 132 + 12 * n
        tag = bytes(profile[at : at + 4])
        profile[at : at + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(tag, tag)
    return bytes(profile)


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def files():
    image = picture(1, (120, 90))
    grey = image.convert("L")
    with_alpha = image.convert("RGBA")
    with_alpha.putalpha(grey)
    profile = swapped_profile()
    yield "profile.png", image, dict(icc_profile=profile)
    yield "profile.jpg", image, dict(icc_profile=profile, quality=90)
    yield "plain.jpeg", image, dict(quality=75)
    yield "UPPER.JPEG", picture(2, (90, 120)), dict(quality=90, subsampling=0)
    yield "progressive.jpg", image, dict(progressive=True)
    yield "grey.jpg", grey, {}
    yield "cmyk.jpg", image.convert("CMYK"), dict(quality=90)
    yield "orientation.jpg", image, dict(exif=turned())
    yield "palette.png", image.quantize(32), {}
    yield "palette-clear.png", image.quantize(32), dict(transparency=3)
    yield "one-bit.png", grey.convert("1"), {}
    yield "alpha.png", with_alpha, {}
    yield "grey-alpha.png", with_alpha.convert("LA"), {}
    yield "lossy.webp", image, dict(quality=80)
    yield "lossy-alpha.webp", with_alpha, dict(quality=80)
    yield "lossless.webp", picture(3, (65, 63)), dict(lossless=True)
    yield "animated.webp", image, dict(save_all=True, append_images=[picture(4, image.size)])
    yield "small.png", picture(5, (3, 2)), {}


IMAGES.mkdir(exist_ok=True)
hashes = []
for name, image, options in files():
    image.save(IMAGES / name, format="JPEG" if name.endswith("JPEG") else None, **options)
    saved = Image.open(IMAGES / name)
    hashes.append(
        dict(
            file=name,
            width=saved.width,
            height=saved.height,
            average=str(imagehash.average_hash(saved)),
            perceptual=str(imagehash.phash(saved)),
            difference=str(imagehash.dhash(saved)),
            color="0" + str(imagehash.colorhash(saved, binbits=3)),
        )
    )
versions = dict(imagehash=imagehash.__version__, pillow=PIL.__version__)
(HERE / "hashes.json").write_text(json.dumps(dict(versions=versions, images=hashes), indent=1) + "\n")

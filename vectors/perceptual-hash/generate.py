"""Draws the test images and records their hashes as imagehash computes them.

    python vectors/perceptual-hash/generate.py

Writes images/*.png, images/*.jpg and hashes.json beside this file. Needs pillow 13, imagehash 4.3.2,
numpy and scipy. Every image is drawn by the functions below; nothing is taken from elsewhere.

hashes.json: {"versions": {...}, "images": [{file, mode, width, height, pixels, average, perceptual,
difference, color}]}. `pixels` is the SHA-256 of the decoded samples (row-major, interleaved), so that
a decoder that differs is told from a hash that differs. `color` has 11 hexadecimal digits (42 bits).
"""

import hashlib
import json
import platform
from pathlib import Path

import imagehash
import numpy
import PIL
import scipy
from PIL import Image, ImageDraw

HERE = Path(__file__).parent
IMAGES = HERE / "images"
CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}
random = numpy.random.default_rng(20230704)
files = []


def save(name, image, **options):
    image.save(IMAGES / name, **options)
    files.append(name)


def from_array(mode, samples):
    samples = numpy.ascontiguousarray(numpy.clip(samples, 0, 255).astype(numpy.uint8))
    height, width = samples.shape[:2]
    return Image.frombytes(mode, (width, height), samples.tobytes())


def noise(mode, width, height):
    return from_array(mode, random.integers(0, 256, (height, width, CHANNELS[mode])))


def gradient(mode, width, height, across, down):
    y, x = numpy.mgrid[0:height, 0:width]
    ramp = 255 * (across * x / max(1, width - 1) + down * y / max(1, height - 1))
    shifts = numpy.arange(CHANNELS[mode]) * 60
    return from_array(mode, (ramp[..., None] + shifts) % 256)


def landscape(width, height):
    """Fractal noise in three correlated channels, the statistics of a photograph."""
    frequency = numpy.hypot(
        numpy.fft.fftfreq(height)[:, None] * height, numpy.fft.fftfreq(width)[None] * width
    )
    frequency[0, 0] = 1
    planes = []
    for _ in range(3):
        spectrum = numpy.fft.fft2(random.normal(size=(height, width))) / frequency**1.2
        plane = numpy.real(numpy.fft.ifft2(spectrum))
        planes.append((plane - plane.mean()) / plane.std())
    mixed = numpy.tensordot(
        numpy.array([[1, 0.4, 0.1], [0.8, -0.3, 0.3], [0.6, -0.2, -0.5]]), numpy.array(planes), 1
    )
    return from_array("RGB", numpy.moveaxis(mixed, 0, -1) * 55 + [130, 120, 105])


def color():
    return tuple(int(v) for v in random.integers(0, 256, 3))


def pictogram(size, background):
    """A few flat shapes with smooth edges on a plain or transparent ground."""
    scale = 4
    big = Image.new("RGBA", (size * scale, size * scale), background)
    draw = ImageDraw.Draw(big)
    for _ in range(random.integers(2, 7)):
        x, y = random.integers(0, size * scale // 2, 2)
        w, h = random.integers(size * scale // 6, size * scale // 2, 2)
        box = [int(x), int(y), int(x + w), int(y + h)]
        shape = random.integers(0, 4)
        if shape == 0:
            draw.ellipse(box, fill=color())
        elif shape == 1:
            draw.rounded_rectangle(box, radius=int(min(w, h) // 4), fill=color())
        elif shape == 2:
            draw.pieslice(box, int(random.integers(0, 180)), int(random.integers(180, 360)), fill=color())
        else:
            points = [tuple(int(v) for v in random.integers(0, size * scale, 2)) for _ in range(3)]
            draw.polygon(points, fill=color())
    return big.resize((size, size), Image.Resampling.LANCZOS)


def flat_images():
    for level in (0, 1, 31, 32, 100, 128, 254, 255):
        save(f"flat-L-{level}.png", Image.new("L", (16, 16), level))
    for value in ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255)):
        save("flat-RGB-%d-%d-%d.png" % value, Image.new("RGB", (33, 17), value))
    # Saturation bytes at the class boundaries 84, 85, 169, 170 and 171; hues at bin edges.
    for value in ((255, 171, 171), (255, 170, 170), (255, 86, 86), (255, 85, 85), (255, 84, 84),
                  (252, 84, 252), (255, 3, 0), (255, 0, 3), (255, 0, 4), (0, 255, 128), (90, 30, 30)):
        save("edge-RGB-%d-%d-%d.png" % value, Image.new("RGB", (5, 5), value))
    save("flat-RGBA-clear.png", Image.new("RGBA", (20, 20), (10, 200, 90, 0)))
    save("flat-LA-clear.png", Image.new("LA", (20, 20), (200, 0)))


def tiny_and_thin_images():
    sizes = [(1, 1), (1, 2), (2, 1), (1, 7), (7, 1), (1, 64), (64, 1), (1, 1500), (1500, 1), (2, 3),
             (8, 8), (9, 8), (8, 9), (32, 32), (31, 33), (8, 32), (32, 8), (9, 40), (3, 700), (700, 3),
             (20, 32), (20, 33), (33, 34), (33, 35), (10, 12), (10, 13)]
    for index, (width, height) in enumerate(sizes):
        for mode in ("RGB", ("L", "LA", "RGBA")[index % 3]):
            save(f"thin-{mode}-{width}x{height}.png", noise(mode, width, height))


def symmetric_images():
    """Many coefficients of the perceptual hash are zero but for rounding."""
    for index in range(12):
        samples = random.integers(0, 256, (40, 40, 1))
        if index % 3 != 1:
            samples = (samples + samples[:, ::-1]) // 2
        if index % 3 != 0:
            samples = (samples + samples[::-1]) // 2
        save(f"mirrored-{index}.png", from_array("L", samples))
    for index in range(6):
        column = random.integers(0, 256, (48, 1, 3))
        save(f"stripes-across-{index}.png", from_array("RGB", numpy.repeat(column, 48, 1)))
        row = random.integers(0, 256, (1, 48, 3))
        save(f"stripes-down-{index}.png", from_array("RGB", numpy.repeat(row, 48, 0)))
    for cell in (1, 2, 3, 4, 5, 8, 16):
        y, x = numpy.mgrid[0:64, 0:64] // cell
        save(f"checks-{cell}.png", from_array("L", ((x + y) % 2 * 255)[..., None]))


def gradient_images():
    for index, (across, down) in enumerate(((1, 0), (0, 1), (1, 1), (-1, 0), (0, -1), (1, -1), (3, 2))):
        for mode in CHANNELS:
            width, height = ((64, 64), (100, 37), (37, 100))[index % 3]
            save(f"gradient-{mode}-{index}.png", gradient(mode, width, height, across, down))


def noise_images():
    for mode in CHANNELS:
        for size in (12, 24, 45, 64):
            save(f"noise-{mode}-{size}.png", noise(mode, size, size))
    for index in range(6):
        bits = random.integers(0, 2, (30, 30, 1))
        save(f"two-colors-{index}.png", from_array("RGB", bits * color() + (1 - bits) * color()))


def photograph_images():
    sizes = [(64, 64), (128, 96), (96, 128), (256, 256), (320, 200), (200, 320), (512, 512), (640, 100),
             (90, 400), (333, 77)]
    for index, (width, height) in enumerate(sizes):
        for quality in (25, 70, 92):
            image = landscape(width, height)
            save(f"photograph-{index}-{quality}.jpg", image, quality=quality,
                 subsampling=index % 3, progressive=index % 2 == 1)
        save(f"photograph-{index}-grey.jpg", landscape(width, height).convert("L"), quality=80)
    for index in range(8):
        save(f"photograph-{index}.png", landscape(48 + 5 * index, 60))


def pictogram_images():
    for index in range(16):
        save(f"pictogram-{index}.png", pictogram(64, (255, 255, 255, 255)).convert("RGB"))
        save(f"pictogram-alpha-{index}.png", pictogram(72, (0, 0, 0, 0)))
    for index in range(6):
        save(f"pictogram-grey-{index}.png", pictogram(64, (0, 0, 0, 0)).convert("LA"))
        save(f"pictogram-{index}.jpg", pictogram(128, (255, 255, 255, 255)).convert("RGB"), quality=85)


def record(name):
    image = Image.open(IMAGES / name)
    image.load()
    assert image.mode in CHANNELS, (name, image.mode)
    return {
        "file": name,
        "mode": image.mode,
        "width": image.width,
        "height": image.height,
        "pixels": hashlib.sha256(image.tobytes()).hexdigest(),
        "average": str(imagehash.average_hash(image, hash_size=8)),
        "perceptual": str(imagehash.phash(image, hash_size=8, highfreq_factor=4)),
        "difference": str(imagehash.dhash(image, hash_size=8)),
        "color": str(imagehash.colorhash(image, binbits=3)),
    }


def main():
    IMAGES.mkdir(exist_ok=True)
    for old in IMAGES.iterdir():
        old.unlink()
    for draw in (flat_images, tiny_and_thin_images, symmetric_images, gradient_images, noise_images,
                 photograph_images, pictogram_images):
        draw()
    versions = {
        "imagehash": imagehash.__version__,
        "pillow": PIL.__version__,
        "scipy": scipy.__version__,
        "numpy": numpy.__version__,
        "machine": platform.machine(),
    }
    lines = ",\n".join(json.dumps(record(name)) for name in files)
    (HERE / "hashes.json").write_text(f'{{"versions": {json.dumps(versions)},\n"images": [\n{lines}\n]}}\n')
    print(len(files), "images", sum(f.stat().st_size for f in IMAGES.iterdir()), "bytes")


main()

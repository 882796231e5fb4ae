"""Place sprites on backgrounds: the augmentation that gives every seed its own picture."""
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

SIZE = 64

# Tasteful background shades by the word a caption uses for them (RGB, 0-255).
COLOURS = {
    "white": [(250, 250, 250), (240, 240, 244)],
    "gray": [(200, 204, 210), (150, 156, 166), (104, 110, 120)],
    "black": [(20, 20, 26), (36, 36, 44)],
    "red": [(214, 84, 84), (168, 44, 56), (240, 150, 146)],
    "orange": [(246, 166, 88), (226, 120, 56), (252, 206, 160)],
    "yellow": [(250, 218, 110), (252, 236, 170), (232, 190, 60)],
    "green": [(120, 190, 130), (60, 130, 88), (186, 226, 186), (30, 84, 60)],
    "teal": [(90, 190, 186), (32, 120, 124), (176, 226, 222)],
    "blue": [(110, 170, 232), (48, 100, 184), (184, 216, 246), (26, 48, 104)],
    "purple": [(160, 130, 220), (98, 64, 160), (208, 190, 242), (54, 34, 92)],
    "pink": [(244, 168, 198), (226, 110, 160), (252, 212, 226)],
    "brown": [(160, 116, 84), (98, 66, 48), (214, 184, 154)],
}
COLOUR_NAMES = list(COLOURS)


def load_sprites(folder):
    """Sprites as uint8 [n, 128, 128, 4] (memory mapped) and their index rows."""
    info = json.loads((Path(folder) / "sprites.json").read_text())
    s = info["size"]
    raw = np.memmap(Path(folder) / "sprites.rgba", dtype=np.uint8, mode="r")
    return raw.reshape(-1, s, s, 4), info["index"]


def draw_settings(rng, n):
    """Random pose and background of n pictures, as a dict of arrays."""
    scale = rng.uniform(0.68, 1.0, n)
    room = (1 - scale) + 0.03  # how far the middle may move, in units of half the frame
    base = np.array([rng.integers(len(COLOUR_NAMES)) for _ in range(n)])
    second = np.zeros((n, 3))
    first = np.zeros((n, 3))
    for i, c in enumerate(base):
        shades = COLOURS[COLOUR_NAMES[c]]
        a = np.array(shades[rng.integers(len(shades))], float)
        kind = rng.random()
        if kind < 0.5:  # one colour
            b = a
        elif kind < 0.9:  # another shade of the same colour
            b = np.array(shades[rng.integers(len(shades))], float)
        else:  # towards light or dark
            b = a * 0.55 if rng.random() < 0.5 else a + (255 - a) * 0.6
        jitter = rng.normal(0, 5, 3)
        first[i], second[i] = a + jitter, b + jitter
    return dict(
        flip=rng.random(n) < 0.5,
        scale=scale,
        angle=rng.uniform(-10, 10, n),
        dx=rng.uniform(-1, 1, n) * room,
        dy=rng.uniform(-1, 1, n) * room,
        colour=base,
        first=first.clip(0, 255),
        second=second.clip(0, 255),
        direction=rng.uniform(0, 2 * math.pi, n),
        radial=rng.random(n) < 0.3,
    )


def backgrounds(p, n, size=SIZE, device="cpu"):
    number = lambda name: torch.as_tensor(p[name], dtype=torch.float32, device=device)
    axis = (torch.arange(size, device=device) + 0.5) / size * 2 - 1
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    d = number("direction")[:, None, None]
    linear = (x * torch.cos(d) + y * torch.sin(d)) * 0.4 + 0.5
    circle = ((x**2 + y**2).sqrt() * 0.75).expand(n, -1, -1)
    t = torch.where(torch.as_tensor(p["radial"], device=device)[:, None, None], circle, linear).clamp(0, 1)[:, None]
    a = number("first")[:, :, None, None] / 255
    b = number("second")[:, :, None, None] / 255
    return a + (b - a) * t


@torch.no_grad()
def place(sprites, p, size=SIZE):
    """uint8 sprites [n, side, side, 4] (array or tensor) and settings -> premultiplied colour and alpha, [n, 4, size, size] in [0, 1].

    The work happens where the sprites are.
    """
    n = len(sprites)
    sprites = sprites if torch.is_tensor(sprites) else torch.from_numpy(np.ascontiguousarray(sprites))
    number = lambda x: torch.as_tensor(x, dtype=torch.float32, device=sprites.device)
    rgba = sprites.permute(0, 3, 1, 2).float() / 255
    rgba = torch.cat([rgba[:, :3] * rgba[:, 3:], rgba[:, 3:]], 1)
    a = number(np.deg2rad(p["angle"]))
    s = number(p["scale"])
    m = torch.where(torch.as_tensor(p["flip"], device=sprites.device), -1.0, 1.0)
    dx = number(p["dx"])
    dy = number(p["dy"])
    # output position -> sprite position: undo the shift, the turn, the scale, the flip
    c, q = torch.cos(a) / s, torch.sin(a) / s
    row0 = torch.stack([m * c, m * q, -m * (c * dx + q * dy)], 1)
    row1 = torch.stack([-q, c, -(-q * dx + c * dy)], 1)
    grid = F.affine_grid(torch.stack([row0, row1], 1), (n, 4, 2 * size, 2 * size), align_corners=False)
    placed = F.grid_sample(rgba, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return F.avg_pool2d(placed, 2)


def over_background(placed, p):
    """Placed sprites -> pictures [n, 3, size, size] in [-1, 1]."""
    rgb = placed[:, :3] + backgrounds(p, len(placed), placed.shape[-1], placed.device) * (1 - placed[:, 3:])
    return rgb.clamp(0, 1) * 2 - 1


def compose(sprites, p, size=SIZE):
    """uint8 sprites [n, 128, 128, 4] and settings -> pictures [n, 3, size, size] in [-1, 1]."""
    return over_background(place(sprites, p, size), p)


def side_by_side(p, rng):
    """Settings of two pictures of half the width each, on one background: the left and the right."""
    n = len(p["scale"])
    scale = rng.uniform(0.42, 0.54, (2, n))
    place = lambda side: dict(
        p, scale=scale[side], flip=np.zeros(n, bool), angle=rng.uniform(-8, 8, n),
        dx=(2 * side - 1) * rng.uniform(0.44, 0.5, n), dy=rng.uniform(-0.25, 0.25, n))
    return place(0), place(1)


def compose_pair(left, right, settings, size=SIZE):
    """Two times uint8 sprites [n, 128, 128, 4], and what side_by_side gave -> pictures [n, 3, size, size] in [-1, 1]."""
    a, b = place(left, settings[0], size), place(right, settings[1], size)
    return over_background(a + b * (1 - a[:, 3:]), settings[0])


def pick(p, rows):
    return {k: v[rows] for k, v in p.items()}

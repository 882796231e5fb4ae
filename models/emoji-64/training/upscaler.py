"""The upscaler: 3 x h x w to 3 x 2h x 2w, a correction of the enlarged picture.

All work happens at the small size; the enlarged picture itself passes by every layer.
"""
import torch
import torch.nn as nn

from vae import Block


class Upscaler(nn.Module):
    def __init__(self, w=40, blocks=4):
        super().__init__()
        last = nn.Conv2d(w, 12, 3, padding=1)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.correction = nn.Sequential(
            nn.Conv2d(3, w, 3, padding=1), *(Block(w) for _ in range(blocks)), nn.SiLU(), last)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, x):
        enlarged = x.repeat_interleave(4, 1) if not torch.onnx.is_in_onnx_export() else torch.cat(
            [x[:, c : c + 1] for c in range(3) for _ in range(4)], 1)
        return self.shuffle(enlarged + self.correction(x))

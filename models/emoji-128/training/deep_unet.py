"""The denoiser for 128 pixels: a UNet over 4 x 32 x 32 latents with three levels, two blocks each on both ways.

The blocks are those of emoji-64's UNet. Words reach the picture through cross-attention at 16 x 16
and 8 x 8, and through the caption's summary (the first text vector), which is added to the time embedding.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from unet import Attention, Res, zero

WIDTHS = (64, 128, 192)
D_TEXT = 160
EMBEDDING = 192


class Moment(nn.Module):
    """What time it is and what the caption says, as one vector for every block."""

    def __init__(self, d_text=D_TEXT, emb=EMBEDDING, freqs=32):
        super().__init__()
        self.freqs = freqs
        self.time = nn.Sequential(nn.Linear(2 * freqs, emb), nn.SiLU(), nn.Linear(emb, emb))
        self.summary = nn.Linear(d_text, emb)

    def forward(self, t, text):
        f = torch.exp(torch.arange(self.freqs, device=t.device) * (-math.log(10000.0) / self.freqs))
        args = t.float()[:, None] * f[None]
        e = self.time(torch.cat([args.cos(), args.sin()], 1)) + self.summary(text[:, 0])
        return F.silu(e)


class Level(nn.Module):
    """Two residual blocks, each followed by attention where there are words to look at."""

    def __init__(self, cin, cout, emb, d_text=None):
        super().__init__()
        self.r0, self.r1 = Res(cin, cout, emb), Res(cout, cout, emb)
        if d_text:
            self.a0, self.a1 = Attention(cout, d_text), Attention(cout, d_text)
        self.words = d_text is not None

    def forward(self, x, e, text):
        x = self.r0(x, e)
        if self.words:
            x = self.a0(x, text)
        x = self.r1(x, e)
        return self.a1(x, text) if self.words else x


def up(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, 4 * cout, 1), nn.PixelShuffle(2))


class DeepUNet(nn.Module):
    def __init__(self, w=WIDTHS, d_text=D_TEXT, emb=EMBEDDING):
        super().__init__()
        a, b, c = w
        self.moment = Moment(d_text, emb)
        self.inp = nn.Conv2d(4, a, 3, padding=1)
        self.d0 = Level(a, a, emb)
        self.down0 = nn.Conv2d(a, b, 3, stride=2, padding=1)
        self.d1 = Level(b, b, emb, d_text)
        self.down1 = nn.Conv2d(b, c, 3, stride=2, padding=1)
        self.d2, self.u2 = Level(c, c, emb, d_text), Level(c, c, emb, d_text)
        self.up1, self.u1 = up(c, b), Level(2 * b, b, emb, d_text)
        self.up0, self.u0 = up(b, a), Level(2 * a, a, emb)
        self.out = nn.Sequential(nn.GroupNorm(8, a), nn.SiLU(), zero(nn.Conv2d(a, 4, 3, padding=1)))

    def forward(self, x, t, text, add0=0, add1=0, add_middle=0):
        """The last three are what a control network adds to the states on the way down."""
        e = self.moment(t, text)
        s0 = self.d0(self.inp(x), e, text)
        s1 = self.d1(self.down0(s0), e, text)
        h = self.d2(self.down1(s1), e, text) + add_middle
        s0, s1 = s0 + add0, s1 + add1
        h = self.u2(h, e, text)
        h = self.u1(torch.cat([self.up1(h), s1], 1), e, text)
        h = self.u0(torch.cat([self.up0(h), s0], 1), e, text)
        return self.out(h)

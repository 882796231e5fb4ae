"""The denoiser: a UNet over 4 x 16 x 16 latents with three levels (16, 8 and 4 cells a side).

Most weights sit at the two coarse levels, where they cost little. Words reach the
picture twice: through cross-attention at 8 x 8 and 4 x 4, and through the caption's
summary (the first text vector), which is added to the time embedding.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


WIDTHS = (48, 96, 160)  # channels of the three levels


def zero(m):
    nn.init.zeros_(m.weight)
    nn.init.zeros_(m.bias)
    return m


class Res(nn.Module):
    def __init__(self, cin, cout, emb):
        super().__init__()
        self.n1 = nn.GroupNorm(8, cin)
        self.c1 = nn.Conv2d(cin, cout, 3, padding=1)
        self.emb = nn.Linear(emb, 2 * cout)
        self.n2 = nn.GroupNorm(8, cout)
        self.c2 = zero(nn.Conv2d(cout, cout, 3, padding=1))
        self.skip = nn.Conv2d(cin, cout, 1) if cin != cout else nn.Identity()

    def forward(self, x, e):
        h = self.c1(F.silu(self.n1(x)))
        scale, shift = self.emb(e)[:, :, None, None].chunk(2, 1)
        h = self.c2(F.silu(self.n2(h) * (1 + scale) + shift))
        return self.skip(x) + h


class Attention(nn.Module):
    """Self-attention, then cross-attention to the words; heads of 32."""

    def __init__(self, c, d_text):
        super().__init__()
        self.heads = c // 32
        self.n1, self.n2 = nn.LayerNorm(c), nn.LayerNorm(c)
        self.qkv = nn.Linear(c, 3 * c, bias=False)
        self.o1 = zero(nn.Linear(c, c))
        self.q = nn.Linear(c, c, bias=False)
        self.kv = nn.Linear(d_text, 2 * c, bias=False)
        self.o2 = zero(nn.Linear(c, c))

    def split(self, x):
        return x.reshape(x.shape[0], -1, self.heads, 32).transpose(1, 2)

    def mix(self, q, k, v):
        if torch.onnx.is_in_onnx_export():
            w = (self.split(q) @ self.split(k).transpose(-1, -2) * 32**-0.5).softmax(-1)
            y = w @ self.split(v)
        else:
            y = F.scaled_dot_product_attention(self.split(q), self.split(k), self.split(v))
        return y.transpose(1, 2).reshape(q.shape[0], -1, self.heads * 32)

    def forward(self, x, text):
        b, c, h, w = x.shape
        t = x.flatten(2).transpose(1, 2)
        t = t + self.o1(self.mix(*self.qkv(self.n1(t)).chunk(3, -1)))
        t = t + self.o2(self.mix(self.q(self.n2(t)), *self.kv(text).chunk(2, -1)))
        return t.transpose(1, 2).reshape(b, c, h, w)


class UNet(nn.Module):
    def __init__(self, w=WIDTHS, d_text=128, emb=128):
        super().__init__()
        a, b, c = w
        self.freqs = 32
        self.time = nn.Sequential(nn.Linear(64, emb), nn.SiLU(), nn.Linear(emb, emb))
        self.summary = nn.Linear(d_text, emb)
        self.inp = nn.Conv2d(4, a, 3, padding=1)
        self.d0 = Res(a, a, emb)
        self.down0 = nn.Conv2d(a, b, 3, stride=2, padding=1)
        self.d1, self.da1 = Res(b, b, emb), Attention(b, d_text)
        self.down1 = nn.Conv2d(b, c, 3, stride=2, padding=1)
        self.d2, self.da2 = Res(c, c, emb), Attention(c, d_text)
        self.u2, self.ua2 = Res(c, c, emb), Attention(c, d_text)
        self.up1 = nn.Sequential(nn.Conv2d(c, 4 * b, 1), nn.PixelShuffle(2))
        self.u1, self.ua1 = Res(2 * b, b, emb), Attention(b, d_text)
        self.up0 = nn.Sequential(nn.Conv2d(b, 4 * a, 1), nn.PixelShuffle(2))
        self.u0 = Res(a, a, emb)
        self.out = nn.Sequential(nn.GroupNorm(8, a), nn.SiLU(), zero(nn.Conv2d(a, 4, 3, padding=1)))

    def moment(self, t, text):
        """What time it is and what the caption says, as one vector for every block."""
        f = torch.exp(torch.arange(self.freqs, device=t.device) * (-math.log(10000.0) / self.freqs))
        args = t.float()[:, None] * f[None]
        e = self.time(torch.cat([args.cos(), args.sin()], 1)) + self.summary(text[:, 0])
        return F.silu(e)

    def descend(self, x, e, text):
        """The states on the way down: 16, 8 and 4 cells a side."""
        s0 = self.d0(self.inp(x), e)
        s1 = self.da1(self.d1(self.down0(s0), e), text)
        return s0, s1, self.da2(self.d2(self.down1(s1), e), text)

    def forward(self, x, t, text, add0=0, add1=0, add_middle=0):
        """The last three are what a control network adds to the states on the way down."""
        e = self.moment(t, text)
        s0, s1, s2 = self.descend(x, e, text)
        s0, s1, s2 = s0 + add0, s1 + add1, s2 + add_middle
        h = self.ua2(self.u2(s2, e), text)
        h = self.ua1(self.u1(torch.cat([self.up1(h), s1], 1), e), text)
        h = self.u0(self.up0(h) + s0, e)
        return self.out(h)

"""A slim control network: silhouettes or edges to what is added to the denoiser's way down (ControlNet, arXiv 2302.05543).

ControlNet begins as a copy of the denoiser's way down. A shape needs no words and less width, so
this one begins anew; what it adds begins as nothing, as there.
"""
import torch.nn as nn

from deep_unet import D_TEXT, WIDTHS, Moment
from unet import Res, zero


class SlimControlNet(nn.Module):
    def __init__(self, w=(48, 80, 112), into=WIDTHS, d_text=D_TEXT, emb=128):
        super().__init__()
        a, b, c = w
        self.moment = Moment(d_text, emb)
        self.see = nn.Sequential(nn.PixelUnshuffle(4), nn.Conv2d(48, a, 3, padding=1), nn.SiLU(), nn.Conv2d(a, a, 3, padding=1))
        self.inp = nn.Conv2d(4, a, 3, padding=1)
        self.d0, self.down0 = Res(a, a, emb), nn.Conv2d(a, b, 3, stride=2, padding=1)
        self.d1, self.down1 = Res(b, b, emb), nn.Conv2d(b, c, 3, stride=2, padding=1)
        self.d2, self.d3 = Res(c, c, emb), Res(c, c, emb)
        self.add0, self.add1, self.add_middle = (zero(nn.Conv2d(n, m, 1)) for n, m in zip(w, into))

    def forward(self, x, t, text, picture):
        e = self.moment(t, text)
        s0 = self.d0(self.inp(x) + self.see(picture), e)
        s1 = self.d1(self.down0(s0), e)
        s2 = self.d3(self.d2(self.down1(s1), e), e)
        return self.add0(s0), self.add1(s1), self.add_middle(s2)

"""The control network: a second way down that also sees a control picture (ControlNet, arXiv 2302.05543).

A control picture is white on black: the silhouette of the thing, or its edges. The network
begins as a copy of the denoiser's way down; what it adds to the denoiser begins as nothing.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from unet import WIDTHS, UNet, zero


class ControlNet(nn.Module):
    def __init__(self, w=WIDTHS):
        super().__init__()
        a, b, c = w
        self.way = UNet(w)
        for name in ("u2", "ua2", "up1", "u1", "ua1", "up0", "u0", "out"):
            delattr(self.way, name)
        self.see = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.SiLU(),
            nn.Conv2d(16, 32, 4, stride=2, padding=1), nn.SiLU(),
            nn.Conv2d(32, a, 4, stride=2, padding=1), nn.SiLU(),
            zero(nn.Conv2d(a, a, 3, padding=1)))
        self.add0, self.add1, self.add_middle = (zero(nn.Conv2d(n, n, 1)) for n in (a, b, c))

    def begin_as(self, unet):
        self.way.load_state_dict({k: v for k, v in unet.state_dict().items() if k in self.way.state_dict()})

    def forward(self, x, t, text, picture):
        way = self.way
        e = way.moment(t, text)
        s0 = way.d0(way.inp(x) + self.see(picture), e)
        s1 = way.da1(way.d1(way.down0(s0), e), text)
        s2 = way.da2(way.d2(way.down1(s1), e), text)
        return self.add0(s0), self.add1(s1), self.add_middle(s2)


def silhouettes(placed):
    """Where the thing is: [n, 1, size, size] in [0, 1]."""
    return (placed[:, 3:] > 0.5).float()


def edges(placed):
    """Outline and inner lines, by the differences of colour and alpha: [n, 1, size, size] in [0, 1]."""
    p = F.pad(placed, (1, 1, 1, 1), mode="replicate")
    dx = (p[..., 1:-1, 2:] - p[..., 1:-1, :-2]).abs().amax(1, keepdim=True)
    dy = (p[..., 2:, 1:-1] - p[..., :-2, 1:-1]).abs().amax(1, keepdim=True)
    return (torch.maximum(dx, dy) > 0.25).float()

"""The picture autoencoder: 3 x 64 x 64 <-> 4 x 16 x 16, a quarter of each side.

Almost all work happens at half resolution or less (pixel shuffle at both ends), and
there is no normalisation layer, so the two graphs are convolutions and little else.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Conv2d(width, width, 3, padding=1)
        self.b = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.b.weight)
        nn.init.zeros_(self.b.bias)

    def forward(self, x):
        return x + self.b(F.silu(self.a(F.silu(x))))


class Encoder(nn.Module):
    def __init__(self, latent=4, w1=32, w2=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(12, w1, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(w1, w2, 4, stride=2, padding=1),
            Block(w2),
            nn.SiLU(),
            nn.Conv2d(w2, 2 * latent, 1),
        )

    def forward(self, x):
        mean, logvar = self.net(x).chunk(2, 1)
        return mean, logvar.clamp(-12, 4)


class Decoder(nn.Module):
    def __init__(self, latent=4, w1=48, w2=112):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(latent, w2, 3, padding=1),
            Block(w2),
            nn.SiLU(),
            nn.Conv2d(w2, 4 * w1, 3, padding=1),
            nn.PixelShuffle(2),
            Block(w1),
            Block(w1),
            nn.SiLU(),
            nn.Conv2d(w1, 64, 3, padding=1),
            nn.PixelShuffle(2),
            nn.SiLU(),
            nn.Conv2d(16, 3, 3, padding=1),
        )

    def forward(self, z):
        return self.net(z)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()

    def forward(self, x):
        mean, logvar = self.encoder(x)
        z = mean + torch.randn_like(mean) * (0.5 * logvar).exp()
        return self.decoder(z), mean, logvar


class MeanOnly(nn.Module):
    """The encoder as pipelines use it: nothing drawn, the mean of each latent."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, x):
        return self.encoder(x)[0]

"""The caption encoder: two small transformer layers that look both ways.

Everything after the first end token is padding, whatever its id. Its output is one
learned vector, and no word attends to it. Position 0 (the start token) gathers the
meaning of the whole caption; the UNet uses it as a summary.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

END = 1  # id of <|endoftext|>
LENGTH = 32


class Layer(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv = nn.Linear(d, 3 * d)
        self.proj = nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)
        for m in (self.proj, self.down):
            nn.init.normal_(m.weight, std=0.02)
            nn.init.zeros_(m.bias)

    def forward(self, x, bias):
        b, n, d = x.shape
        qkv = self.qkv(self.n1(x)).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        w = (q @ k.transpose(-1, -2) * (d // self.heads) ** -0.5 + bias).softmax(-1)
        x = x + self.proj((w @ v).transpose(1, 2).reshape(b, n, d))
        return x + self.down(F.silu(self.up(self.n2(x))))


class TextEncoder(nn.Module):
    def __init__(self, vocab, d=128, layers=2, heads=4):
        super().__init__()
        self.tokens = nn.Embedding(vocab, d)
        self.places = nn.Parameter(torch.randn(LENGTH, d) * 0.02)
        self.pad = nn.Parameter(torch.zeros(d))
        self.layers = nn.ModuleList(Layer(d, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(d)
        nn.init.normal_(self.tokens.weight, std=0.05)

    def forward(self, ids):
        ids = ids.long()
        ends = (ids == END).long()
        padding = (ends.cumsum(1) - ends) > 0  # an end token came before
        bias = padding[:, None, None, :].float() * -1e4
        x = self.tokens(ids) + self.places[: ids.shape[1]]
        for layer in self.layers:
            x = layer(x, bias)
        keep = (~padding)[..., None].float()
        return self.norm(x) * keep + self.pad * (1 - keep)

    def padded(self, ids):
        """The same as forward on ids padded to LENGTH, without computing the padding."""
        x = self(ids)
        rest = self.pad.expand(len(ids), LENGTH - ids.shape[1], -1)
        return torch.cat([x, rest], 1)

"""Train a new decoder for the latents of an encoder that stays as it is.

The denoiser knows the encoder's latents, so only this half can still get better. It learns
from slightly noisy latents, as a denoiser leaves them, and in the second part of the time also
against a small critic of patches, which asks for edges where squared errors settle for blur.
Replaces the decoder in vae.pt; the averaged weights are kept.
"""
import argparse
import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from compose import compose, draw_settings, load_sprites, pick
from train_vae import gradients
from vae import VAE, Decoder

NOISE = 0.1  # greatest deviation of the noise on latents, whose own is about 1.1


class Critic(nn.Module):
    """Scores patches of 22 pixels; its inner layers also say how alike two pictures look."""

    def __init__(self, w=32):
        super().__init__()
        layer = lambda cin, cout, s: nn.Sequential(nn.Conv2d(cin, cout, 4, stride=s, padding=1), nn.LeakyReLU(0.2))
        self.layers = nn.ModuleList([layer(3, w, 2), layer(w, 2 * w, 2), layer(2 * w, 3 * w, 1)])
        self.score = nn.Conv2d(3 * w, 1, 3, padding=1)

    def forward(self, x):
        inner = []
        for layer in self.layers:
            x = layer(x)
            inner.append(x)
        return self.score(x), inner


def likeness(out, x):
    gx, gy = gradients(out)
    tx, ty = gradients(x)
    return (out - x).abs().mean() + 0.5 * ((gx - tx).abs().mean() + (gy - ty).abs().mean()) + 2 * F.mse_loss(out, x)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True, help="folder of vae.pt")
    p.add_argument("--minutes", type=float, default=40)
    p.add_argument("--critic-from", type=float, default=0.4, help="part of the time after which the critic speaks")
    p.add_argument("--critic-weight", type=float, default=0.02)
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--lr", type=float, default=1.5e-3)
    p.add_argument("--pool", type=int, default=12288)
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    out = Path(a.out)
    sprites, index = load_sprites(a.data)
    weight = np.array([(12.0 if r["style"] == "3d" else 4.0) if r["concept"] >= 0 else 0.6 for r in index])
    ids = rng.choice(len(index), a.pool, p=weight / weight.sum())
    ps = draw_settings(rng, a.pool)
    pool = torch.cat([
        (compose(sprites[ids[i : i + 64]], pick(ps, slice(i, i + 64))) * 127.5 + 127.5).round().byte()
        for i in range(0, a.pool, 64)])
    vae = VAE()
    state = torch.load(out / "vae.pt", weights_only=True)
    vae.encoder.load_state_dict({k.removeprefix("encoder."): v for k, v in state.items() if k.startswith("encoder.")})
    encoder = vae.encoder.eval()
    with torch.no_grad():
        latents = torch.cat([encoder(pool[i : i + 128].float() / 127.5 - 1)[0] for i in range(0, a.pool, 128)])
    print(f"{a.pool} pictures; latent deviation {latents.std().item():.3f}", flush=True)
    held = 256

    decoder, critic = Decoder().to(memory_format=torch.channels_last), Critic().to(memory_format=torch.channels_last)
    mean_decoder = copy.deepcopy(decoder)
    print(sum(q.numel() for q in decoder.parameters()), "weights", flush=True)
    opt = torch.optim.AdamW(decoder.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
    critic_opt = torch.optim.AdamW(critic.parameters(), lr=4e-4, betas=(0.5, 0.9), fused=True)
    start, step, log = time.time(), 0, []
    while True:
        f = (time.time() - start) / (60 * a.minutes)
        lr = a.lr * min(1, (step + 1) / 200) * (0.5 * (1 + math.cos(math.pi * min(f, 1))) * 0.98 + 0.02)
        for g in opt.param_groups:
            g["lr"] = lr
        rows = torch.randint(held, a.pool, (a.batch,))
        x = (pool[rows].float() / 127.5 - 1).to(memory_format=torch.channels_last)
        z = latents[rows]
        z = z + torch.randn_like(z) * torch.rand(a.batch, 1, 1, 1) * NOISE
        y = decoder(z.to(memory_format=torch.channels_last))
        loss = likeness(y, x)
        if f > a.critic_from:
            with torch.no_grad():
                real_inner = critic(x)[1]
            score, inner = critic(y)
            same = sum((p - q).abs().mean() for p, q in zip(inner, real_inner))
            loss = loss + a.critic_weight * (-score.mean() + 5 * same)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        opt.step()
        if f > a.critic_from - 0.05:
            real, fake = critic(x)[0], critic(y.detach())[0]
            hinge = F.relu(1 - real).mean() + F.relu(1 + fake).mean()
            critic_opt.zero_grad()
            hinge.backward()
            critic_opt.step()
        step += 1
        with torch.no_grad():
            torch._foreach_lerp_(list(mean_decoder.parameters()), list(decoder.parameters()), 1 - min(0.998, step / (step + 20)))
        log.append(loss.item())
        if step % 500 == 0 or f >= 1:
            with torch.no_grad():
                h = pool[:held].float() / 127.5 - 1
                err = ((mean_decoder(latents[:held]).clamp(-1, 1) - h) ** 2).mean((1, 2, 3)) / 4
            print(f"{time.time() - start:6.0f}s step {step} lr {lr:.1e} loss {np.mean(log[-500:]):.4f} "
                  f"held psnr {(-10 * err.log10()).mean().item():.2f} dB", flush=True)
            vae.decoder.load_state_dict(mean_decoder.state_dict())
            torch.save(vae.state_dict(), out / "decoder.tmp")
            (out / "decoder.tmp").rename(out / "vae-decoder.pt")
        if f >= 1:
            break
    (out / "vae-decoder.pt").rename(out / "vae.pt")


if __name__ == "__main__":
    main()

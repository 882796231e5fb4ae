"""Train the upscaler on pictures as the autoencoder leaves them, against the same at 128 pixels.

Writes upscaler.pt (averaged weights). Half of the time is plain likeness; then a critic of
patches asks for edges, as in train_decoder.py.
"""
import argparse
import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from compose import compose, draw_settings, load_sprites, pick
from train_decoder import NOISE, Critic, likeness
from upscaler import Upscaler
from vae import VAE

SMALL, LARGE = 64, 128


def byte(x):
    return (x.clamp(-1, 1) * 127.5 + 127.5).round().byte()


def real(x):
    return (x.float() / 127.5 - 1).to(memory_format=torch.channels_last)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True, help="folder of sprites")
    p.add_argument("--run", required=True, help="folder of vae.pt")
    p.add_argument("--minutes", type=float, default=20)
    p.add_argument("--count", type=int, default=6000)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--lr", type=float, default=1.5e-3)
    p.add_argument("--critic-from", type=float, default=0.5, help="part of the time after which the critic speaks")
    p.add_argument("--critic-weight", type=float, default=0.02)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--resume", action="store_true", help="start from the weights in upscaler.pt")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    run = Path(a.run)
    sprites, index = load_sprites(a.data)
    weight = np.array([(12.0 if r["style"] == "3d" else 4.0) if r["concept"] >= 0 else 0.6 for r in index])
    ids = rng.choice(len(index), a.count, p=weight / weight.sum())
    settings = draw_settings(rng, a.count)
    vae = VAE()
    vae.load_state_dict(torch.load(run / "vae.pt", weights_only=True))
    vae.eval()
    small, large = [], []
    with torch.no_grad():
        for i in range(0, a.count, 100):
            part, s = pick(settings, slice(i, i + 100)), sprites[ids[i : i + 100]]
            z = vae.encoder(compose(s, part, SMALL))[0]
            small.append(byte(vae.decoder(z + torch.randn_like(z) * torch.rand(len(z), 1, 1, 1) * NOISE)))
            large.append(byte(compose(s, part, LARGE)))
    small, large = torch.cat(small), torch.cat(large)
    print(f"{a.count} pairs", flush=True)
    held = 100
    model, critic = (m.to(memory_format=torch.channels_last) for m in (Upscaler(), Critic()))
    if a.resume:
        model.load_state_dict(torch.load(run / "upscaler.pt", weights_only=True))
    mean_model = copy.deepcopy(model)
    opt = torch.optim.AdamW(model.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
    critic_opt = torch.optim.AdamW(critic.parameters(), lr=4e-4, betas=(0.5, 0.9), fused=True)
    start, step, log = time.time(), 0, []
    while True:
        f = (time.time() - start) / (60 * a.minutes)
        for g in opt.param_groups:
            g["lr"] = a.lr * min(1, (step + 1) / 200) * (0.5 * (1 + math.cos(math.pi * min(f, 1))) * 0.98 + 0.02)
        rows = torch.randint(held, a.count, (a.batch,))
        x, y = real(small[rows]), real(large[rows])
        out = model(x)
        loss = likeness(out, y)
        if f > a.critic_from:
            with torch.no_grad():
                wanted = critic(y)[1]
            score, inner = critic(out)
            loss = loss + a.critic_weight * (-score.mean() + 5 * sum((p - q).abs().mean() for p, q in zip(inner, wanted)))
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        if f > a.critic_from - 0.05:
            hinge = F.relu(1 - critic(y)[0]).mean() + F.relu(1 + critic(out.detach())[0]).mean()
            critic_opt.zero_grad()
            hinge.backward()
            critic_opt.step()
        step += 1
        log.append(loss.item())
        with torch.no_grad():
            torch._foreach_lerp_(list(mean_model.parameters()), list(model.parameters()), 1 - min(0.998, step / (step + 20)))
        if step % 250 == 0 or f >= 1:
            with torch.no_grad():
                h, g = real(small[:held]), real(large[:held])
                psnr = lambda v: (-10 * (((v.clamp(-1, 1) - g) ** 2).mean((1, 2, 3)) / 4).log10()).mean().item()
                print(f"{time.time() - start:6.0f}s step {step} loss {np.mean(log[-250:]):.4f} held {psnr(mean_model(h)):.2f} dB, "
                      f"bicubic {psnr(F.interpolate(h, scale_factor=2, mode='bicubic')):.2f} dB", flush=True)
            torch.save(mean_model.state_dict(), run / "upscaler.tmp")
            (run / "upscaler.tmp").rename(run / "upscaler.pt")
        if f >= 1:
            break


if __name__ == "__main__":
    main()

"""Train the autoencoder for a given number of minutes; keeps vae.pt (averaged weights)."""
import argparse
import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from compose import compose, draw_settings, load_sprites, pick
from vae import VAE


def gradients(x):
    return x[..., :, 1:] - x[..., :, :-1], x[..., 1:, :] - x[..., :-1, :]


def loss_of(out, x, mean, logvar, kl_weight):
    l1 = (out - x).abs().mean()
    gx, gy = gradients(out)
    tx, ty = gradients(x)
    edge = (gx - tx).abs().mean() + (gy - ty).abs().mean()
    square = F.mse_loss(out, x)
    kl = 0.5 * (mean**2 + logvar.exp() - 1 - logvar).mean()
    return l1 + 0.5 * edge + 2.0 * square + kl_weight * kl, square, kl


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--minutes", type=float, default=20)
    p.add_argument("--batch", type=int, default=20)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--pool", type=int, default=8192)
    p.add_argument("--resume", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    out = Path(a.out)
    sprites, index = load_sprites(a.data)
    # concepts five times as often as the other icons
    weight = np.array([5.0 if r["concept"] >= 0 else 1.0 for r in index])
    ids = rng.choice(len(index), a.pool, p=weight / weight.sum())
    ps = draw_settings(rng, a.pool)
    pool = torch.cat([
        (compose(sprites[ids[i : i + 64]], pick(ps, slice(i, i + 64))) * 127.5 + 127.5).round().byte()
        for i in range(0, a.pool, 64)
    ])
    held, pool = pool[:256], pool[256:]
    print(f"pool of {len(pool)} pictures", flush=True)

    model = VAE().to(memory_format=torch.channels_last)
    if a.resume and (out / "vae.pt").exists():
        model.load_state_dict(torch.load(out / "vae.pt", weights_only=True))
    print({k: sum(q.numel() for q in m.parameters()) for k, m in model.named_children()}, flush=True)
    mean_model = copy.deepcopy(model)
    opt = torch.optim.AdamW(model.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4)
    start, step, log = time.time(), 0, []
    while True:
        f = (time.time() - start) / (60 * a.minutes)
        lr = a.lr * min(1, (step + 1) / 200) * (0.5 * (1 + math.cos(math.pi * min(f, 1))) * 0.98 + 0.02)
        for g in opt.param_groups:
            g["lr"] = lr
        x = pool[torch.randint(len(pool), (a.batch,))].float() / 127.5 - 1
        x = x.to(memory_format=torch.channels_last)
        y, mean, logvar = model(x)
        loss, square, kl = loss_of(y, x, mean, logvar, 3e-4)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        step += 1
        with torch.no_grad():
            d = min(0.998, step / (step + 20))
            for e, q in zip(mean_model.parameters(), model.parameters()):
                e.lerp_(q, 1 - d)
        log.append((loss.item(), square.item(), kl.item()))
        if step % 250 == 0 or f >= 1:
            with torch.no_grad():
                h = held.float() / 127.5 - 1
                z, _ = mean_model.encoder(h)
                err = ((mean_model.decoder(z).clamp(-1, 1) - h) ** 2).mean((1, 2, 3)) / 4
            psnr = (-10 * err.log10()).mean().item()
            m = np.mean(log[-250:], 0)
            print(
                f"{time.time() - start:6.0f}s step {step} lr {lr:.1e} loss {m[0]:.4f} kl {m[2]:.3f} "
                f"held psnr {psnr:.2f} dB latent std {z.std().item():.3f} "
                f"by channel {[round(v, 2) for v in z.std((0, 2, 3)).tolist()]}", flush=True)
            torch.save(mean_model.state_dict(), out / "vae.tmp")
            (out / "vae.tmp").rename(out / "vae.pt")
        if f >= 1:
            break


if __name__ == "__main__":
    main()

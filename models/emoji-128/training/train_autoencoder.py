"""Train the autoencoder on fresh pictures; writes vae.pt (averaged weights) and what it reaches.

With --decoder, trains only the decoder, from slightly noisy latents and against a critic of patches.
"""
import copy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from arguments import parser
from autoencoder import Autoencoder
from pace import Pace, follow, mixed
from pictures import Pictures, device, load_packed
from train_decoder import NOISE, Critic, likeness
from train_vae import loss_of

HELD = 256


def byte(x):
    return (x.clamp(-1, 1) * 127.5 + 127.5).round().byte()


def real(x):
    return (x.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def psnr(out, x):
    return (-10 * (((out.float().clamp(-1, 1) - x) ** 2).mean((1, 2, 3)) / 4).log10()).mean().item()


def critic_step(critic, opt, x, y):
    hinge = F.relu(1 - critic(x)[0]).mean() + F.relu(1 + critic(y)[0]).mean()
    opt.zero_grad()
    hinge.backward()
    opt.step()


def persuade(critic, y, x):
    """What the critic still holds against y, beside how unlike x its inner layers find it."""
    with torch.no_grad():
        wanted = critic(x)[1]
    score, inner = critic(y)
    return -score.mean() + 5 * sum((p - q).abs().mean() for p, q in zip(inner, wanted))


def all_pictures(source, size, batch=512):
    return torch.cat([byte(source.composed(np.arange(i, min(i + batch, source.count)), size)) for i in range(0, source.count, batch)])


def train_whole(pool, a, where):
    model = Autoencoder().to(where, memory_format=torch.channels_last)
    mean = copy.deepcopy(model)
    opt = torch.optim.AdamW(model.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
    pace, held = Pace(opt, a.lr, a.seconds), real(pool[:HELD])
    while pace.tick():
        x = real(pool[torch.randint(HELD, len(pool), (a.batch,), device=where)])
        with mixed(where):
            y, m, logvar = model(x)
        loss, square, kl = loss_of(y.float(), x, m.float(), logvar.float(), 3e-4)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        follow(mean, model, pace.step, 0.998)
        if pace.step % 200 == 0:
            with torch.no_grad():
                z = mean.encoder(held)[0]
                print(f"{pace.said()} loss {loss.item():.4f} kl {kl.item():.2f} held {psnr(mean.decoder(z), held):.2f} dB, "
                      f"latents {z.std().item():.3f}", flush=True)
    return mean


def train_decoder(pool, a, where):
    vae = Autoencoder().to(where, memory_format=torch.channels_last)
    vae.load_state_dict(torch.load(Path(a.work) / "vae.pt", weights_only=True, map_location=where))
    decoder, critic = vae.decoder, Critic(48).to(where, memory_format=torch.channels_last)
    mean = copy.deepcopy(decoder)
    opt = torch.optim.AdamW(decoder.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
    critic_opt = torch.optim.AdamW(critic.parameters(), lr=4e-4, betas=(0.5, 0.9), fused=True)
    pace, held = Pace(opt, a.lr, a.seconds), real(pool[:HELD])
    while pace.tick():
        x = real(pool[torch.randint(HELD, len(pool), (a.batch,), device=where)])
        with mixed(where):
            with torch.no_grad():
                z = vae.encoder(x)[0]
            z = z + torch.randn_like(z) * torch.rand(len(z), 1, 1, 1, device=where) * NOISE
            y = decoder(z)
            critical = pace.part > 0.15
            loss = likeness(y.float(), x) + (a.critic_weight * persuade(critic, y, x) if critical else 0)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        opt.step()
        if pace.part > 0.1:
            with mixed(where):
                critic_step(critic, critic_opt, x, y.detach())
        follow(mean, decoder, pace.step, 0.998)
        if pace.step % 200 == 0:
            with torch.no_grad():
                print(f"{pace.said()} loss {loss.item():.4f} held {psnr(mean(vae.encoder(held)[0]), held):.2f} dB", flush=True)
    vae.decoder = mean
    return vae


def main():
    p = parser(__doc__, seconds=60, count=60_000, batch=96, lr=2e-3)
    p.add_argument("--critic-weight", type=float, default=0.02)
    p.add_argument("--decoder", action="store_true")
    a = p.parse_args()
    torch.manual_seed(0)
    where = device()
    sprites, index = load_packed(a.data)
    sprites = torch.from_numpy(sprites).to(where)
    pool = all_pictures(Pictures(sprites, index, a.tokenizer, 1, a.count), 128)
    del sprites
    print(f"{len(pool)} pictures", flush=True)
    vae = (train_decoder if a.decoder else train_whole)(pool, a, where)
    torch.save({k: v.float().cpu() for k, v in vae.state_dict().items()}, Path(a.work) / "vae.pt")


if __name__ == "__main__":
    main()

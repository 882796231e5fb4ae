"""Train the upscaler, 128 pixels as the autoencoder leaves them to 256 as they were rendered, with a critic of patches."""
import copy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from arguments import parser
from autoencoder import Autoencoder
from pace import Pace, follow, mixed
from pictures import Pictures, device, load_packed
from train_autoencoder import HELD, byte, critic_step, persuade, psnr, real
from train_decoder import NOISE, Critic, likeness
from upscaler import Upscaler

WIDTH, BLOCKS = 48, 5
PATCH = 64  # of the small picture


def enlarger():
    return Upscaler(WIDTH, BLOCKS)


def main():
    p = parser(__doc__, seconds=45, count=24_000, batch=64, lr=1.5e-3)
    p.add_argument("--critic-weight", type=float, default=0.02)
    a = p.parse_args()
    torch.manual_seed(3)
    torch.backends.cudnn.benchmark = True
    where, work = device(), Path(a.work)
    sprites, index = load_packed(a.data)
    source = Pictures(torch.from_numpy(sprites).to(where), index, a.tokenizer, 4, a.count)
    vae = Autoencoder().to(where, memory_format=torch.channels_last)
    vae.load_state_dict(torch.load(work / "vae.pt", weights_only=True, map_location=where))
    small, large = [], []
    with torch.no_grad():
        for i in range(0, source.count, 128):
            whole = source.composed(np.arange(i, min(i + 128, source.count)), 256)
            z = vae.encoder(F.avg_pool2d(whole, 2))[0]
            z = z + torch.randn_like(z) * torch.rand(len(z), 1, 1, 1, device=where) * NOISE
            small.append(byte(vae.decoder(z)))
            large.append(byte(whole))
    small, large = torch.cat(small), torch.cat(large)
    del source, sprites
    print(f"{len(small)} pairs", flush=True)

    model, critic = (m.to(where, memory_format=torch.channels_last) for m in (enlarger(), Critic(48)))
    mean = copy.deepcopy(model)
    opt = torch.optim.AdamW(model.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
    critic_opt = torch.optim.AdamW(critic.parameters(), lr=4e-4, betas=(0.5, 0.9), fused=True)
    pace = Pace(opt, a.lr, a.seconds)
    h, g = real(small[:64]), real(large[:64])
    while pace.tick():
        rows = torch.randint(HELD, len(small), (a.batch,), device=where)
        i, j = np.random.randint(0, small.shape[-1] - PATCH + 1, 2)
        x = real(small[rows, :, i : i + PATCH, j : j + PATCH])
        y = real(large[rows, :, 2 * i : 2 * (i + PATCH), 2 * j : 2 * (j + PATCH)])
        with mixed(where):
            out = model(x)
            loss = likeness(out.float(), y) + (a.critic_weight * persuade(critic, out, y) if pace.part > 0.4 else 0)
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        if pace.part > 0.35:
            with mixed(where):
                critic_step(critic, critic_opt, y, out.detach())
        follow(mean, model, pace.step, 0.998)
        if pace.step % 200 == 0:
            with torch.no_grad():
                print(f"{pace.said()} loss {loss.item():.4f} held {psnr(mean(h), g):.2f} dB, "
                      f"bicubic {psnr(F.interpolate(h, scale_factor=2, mode='bicubic'), g):.2f} dB", flush=True)
    torch.save({k: v.cpu() for k, v in mean.state_dict().items()}, work / "upscaler.pt")


if __name__ == "__main__":
    main()

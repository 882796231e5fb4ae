"""Train the control network on silhouettes and edges; the denoiser and the caption encoder stay as they are."""
import copy
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn

from arguments import parser
from autoencoder import Autoencoder
from compose import over_background
from control import edges, silhouettes
from pace import Pace, follow, mixed
from pictures import Pictures, device, load_packed
from schedule import alphas_bar, noised
from slim_control import SlimControlNet
from tokenizers import Tokenizer
from train_denoiser import EMPTY, Model


def main():
    p = parser(__doc__, seconds=45, count=60_000, batch=192, lr=1e-3)
    a = p.parse_args()
    torch.manual_seed(2)
    torch.backends.cudnn.benchmark = True
    where, work = device(), Path(a.work)
    sprites, index = load_packed(a.data)
    source = Pictures(torch.from_numpy(sprites).to(where), index, a.tokenizer, 3, a.count)
    vae = Autoencoder().to(where, memory_format=torch.channels_last)
    vae.load_state_dict(torch.load(work / "vae.pt", weights_only=True, map_location=where))
    factor = json.loads((work / "scaling.json").read_text())["scaling_factor"]
    model = Model(Tokenizer.from_file(a.tokenizer).get_vocab_size()).to(where)
    model.load_state_dict(torch.load(work / "denoiser.pt", weights_only=True, map_location=where))
    model.requires_grad_(False).eval()
    model.unet.to(memory_format=torch.channels_last)
    latents, shapes, lines = [], [], []
    with torch.no_grad():
        for i in range(0, source.count, 256):
            placed, pose = source.placed(np.arange(i, min(i + 256, source.count)))
            latents.append((vae.encoder(over_background(placed, pose))[0] * factor).half())
            shapes.append(silhouettes(placed).bool())
            lines.append(edges(placed).bool())
    latents, guides = torch.cat(latents), torch.stack([torch.cat(shapes), torch.cat(lines)])
    tokens = source.tokens
    del source, sprites
    print(f"{len(latents)} pictures", flush=True)

    control = SlimControlNet().to(where, memory_format=torch.channels_last)
    mean = copy.deepcopy(control)
    opt = torch.optim.AdamW(control.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    ab, empty = alphas_bar().float().to(where), torch.tensor(EMPTY, dtype=torch.int16, device=where)
    pace = Pace(opt, a.lr, a.seconds)
    while pace.tick():
        rows = torch.randint(0, len(latents), (a.batch,), device=where)
        kind = (torch.rand(a.batch, device=where) > 0.6).long()
        picture = guides[kind, rows].float().expand(-1, 3, -1, -1)
        ids = torch.where(torch.rand(a.batch, 1, device=where) < 0.1, empty, tokens[rows])
        x, t = latents[rows].float(), torch.randint(0, 1000, (a.batch,), device=where)
        noisy, target = noised(x, torch.randn_like(x), ab[t][:, None, None, None])
        noisy = noisy.contiguous(memory_format=torch.channels_last)
        with mixed(where):
            with torch.no_grad():
                words = model.text(ids)
            v = model.unet(noisy, t, words, *control(noisy, t, words, picture))
        loss = ((v.float() - target) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(control.parameters(), 1.0)
        opt.step()
        follow(mean, control, pace.step, 0.998)
        if pace.step % 100 == 0:
            print(f"{pace.said()} samples {pace.step * a.batch} loss {loss.item():.4f}", flush=True)
    torch.save({k: v.cpu() for k, v in mean.state_dict().items()}, work / "control.pt")


if __name__ == "__main__":
    main()

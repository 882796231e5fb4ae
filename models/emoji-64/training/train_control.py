"""Train the control network; the denoiser and the text encoder stay as they are.

Makes its own pictures, since the latents of make_latents.py have lost where their sprites lie.
Writes control.pt (averaged weights) every two minutes.
"""
import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
from tokenizers import Tokenizer

from captions import caption
from compose import COLOUR_NAMES, draw_settings, load_sprites, over_background, pick, place
from control import ControlNet, edges, silhouettes
from make_latents import sprite_chances
from schedule import alphas_bar, noised
from train import Model, encode
from vae import VAE


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True, help="folder of sprites")
    p.add_argument("--run", required=True, help="folder of vae.pt, diffusion.pt and scaling.json")
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--minutes", type=float, default=30)
    p.add_argument("--count", type=int, default=24000)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--lr", type=float, default=5e-4)
    p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(2)
    rng = np.random.default_rng(2)
    run = Path(a.run)
    sprites, index = load_sprites(a.data)
    rows, chances = sprite_chances(index)
    ids = rows[rng.choice(len(rows), a.count, p=chances)]
    settings = draw_settings(rng, a.count)
    tokenizer = Tokenizer.from_file(a.tokenizer)
    model, vae = Model(tokenizer.get_vocab_size()), VAE()
    model.load_state_dict(torch.load(run / "diffusion.pt", weights_only=True)["mean"])
    state = torch.load(run / "vae.pt", weights_only=True)
    vae.encoder.load_state_dict({k.removeprefix("encoder."): v for k, v in state.items() if k.startswith("encoder.")})
    factor = json.loads((run / "scaling.json").read_text())["scaling_factor"]
    model.requires_grad_(False).eval()
    latents, shapes, lines = [], [], []
    with torch.no_grad():
        for i in range(0, a.count, 100):
            part = pick(settings, slice(i, i + 100))
            placed = place(sprites[ids[i : i + 100]], part)
            latents.append((vae.encoder(over_background(placed, part))[0] * factor).half())
            shapes.append(silhouettes(placed).bool())
            lines.append(edges(placed).bool())
    latents, shapes, lines = torch.cat(latents), torch.cat(shapes), torch.cat(lines)
    print(f"{a.count} pictures", flush=True)

    control = ControlNet()
    control.begin_as(model.unet)
    mean_control = copy.deepcopy(control)
    model.unet.to(memory_format=torch.channels_last)
    control.to(memory_format=torch.channels_last)
    opt = torch.optim.AdamW(control.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    ab = alphas_bar().float()
    start, saved, step, losses = time.time(), time.time(), 0, []
    while True:
        f = (time.time() - start) / (60 * a.minutes)
        lr = a.lr * min(1, (step + 1) / 300) * (0.5 * (1 + math.cos(math.pi * min(f, 1))) * 0.98 + 0.02)
        for g in opt.param_groups:
            g["lr"] = lr
        k = rng.integers(0, a.count, a.batch)
        texts = [
            "" if rng.random() < 0.1 else
            caption(rng, index[ids[i]]["concept"], index[ids[i]]["style"], COLOUR_NAMES[settings["colour"][i]], settings["scale"][i])
            for i in k]
        picture = torch.stack([(shapes if rng.random() < 0.6 else lines)[i] for i in k]).float().expand(-1, 3, -1, -1)
        x, t = latents[k].float(), torch.randint(0, 1000, (a.batch,))
        alpha = ab[t][:, None, None, None]
        noisy, target = noised(x, torch.randn_like(x), alpha)
        noisy = noisy.to(memory_format=torch.channels_last)
        with torch.no_grad():
            words = model.text.padded(encode(tokenizer, texts))
        v = model.unet(noisy, t, words, *control(noisy, t, words, picture))
        loss = ((v - target) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(control.parameters(), 1.0)
        opt.step()
        step += 1
        losses.append(loss.item())
        with torch.no_grad():
            keep = min(0.998, (step + 1) / (step + 20))
            torch._foreach_lerp_(list(mean_control.parameters()), list(control.parameters()), 1 - keep)
        if step % 200 == 0:
            print(f"{time.time() - start:6.0f}s step {step} samples {step * a.batch} lr {lr:.1e} loss {np.mean(losses[-200:]):.4f}", flush=True)
        if f >= 1 or time.time() - saved > 120:
            saved = time.time()
            torch.save(mean_control.state_dict(), run / "control.tmp")
            (run / "control.tmp").rename(run / "control.pt")
        if f >= 1:
            break


if __name__ == "__main__":
    main()

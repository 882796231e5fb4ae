"""Take the samples of samples.jsonl once more with PyTorch, on a GPU in four precisions.

The weights are the published ones; captions, denoiser and decoder run in the precision named, the
scheduler (diffusers' UniPC) in float32, as the runtimes of this project do. What it needs, places, starting
noise and directions of sketches, is written by `semblance study samples prepare`; what it writes, a line a
sample, is taken in by `semblance study samples add`, which takes the hashes of the pixels.
"""
import argparse
import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from diffusers import UniPCMultistepScheduler

from published import read
from text import END, LENGTH
from tokenizers import Tokenizer

PRECISIONS = dict(bfloat16=torch.bfloat16, float16=torch.float16)  # of matrix products and convolutions, by autocast
KINDS = ["float32", "tf32", *PRECISIONS]


@torch.no_grad()
def take(model, vae, config, factor, ids, noise, kind, where, guidance=4.0, steps=20):
    """Latents after a quarter of the steps, a half, three quarters and all [4, n, 4, 16, 16], and pixels [n, 64, 64, 3]."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = kind == "tf32"
    text, unet, decoder = (m.to(where).eval() for m in (model.text, model.unet, vae.decoder))
    mixed = torch.autocast(where.type, PRECISIONS.get(kind, torch.bfloat16), enabled=kind in PRECISIONS)
    scheduler = UniPCMultistepScheduler.from_config(config)
    scheduler.set_timesteps(steps)
    x = (noise * scheduler.init_noise_sigma).to(where)
    empty = torch.full_like(ids, END)
    empty[:, 0] = 0
    with mixed:
        words = text(torch.cat([empty, ids]).to(where)).float()
    kept = []
    for i, t in enumerate(scheduler.timesteps):
        moment = torch.full((2 * len(x),), int(t), device=where)
        with mixed:
            v = unet(torch.cat([x, x]), moment, words).float()
        bare, full = v.chunk(2)
        x = scheduler.step(bare + guidance * (full - bare), t, x).prev_sample
        if (i + 1) % (steps // 4) == 0:
            kept.append(x.cpu())
    with mixed:
        y = decoder(x / factor).float().clamp(-1, 1)
    return torch.stack(kept), ((y / 2 + 0.5) * 255).round().byte().permute(0, 2, 3, 1).cpu()


def text64(array):
    return base64.b64encode(array.tobytes()).decode()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True)
    p.add_argument("--prepared", required=True, help="what study samples prepare wrote")
    p.add_argument("--out", required=True, help="file of samples, a JSON object a line")
    p.add_argument("--limit", type=int)
    p.add_argument("--precisions", nargs="+", default=KINDS)
    a = p.parse_args()
    where = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    prepared = json.loads(Path(a.prepared).read_text())
    places = prepared["places"][: a.limit]
    folder = Path(a.model)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))
    ids = torch.full((len(places), LENGTH), END)
    for n, place in enumerate(places):
        said = tokenizer.encode(place["prompt"]).ids[:LENGTH]
        ids[n, : len(said)] = torch.tensor(said)
    noise = torch.tensor(np.array([prepared["noise"][str(place["seed"])] for place in places], np.float32)).view(-1, 4, 16, 16)
    signs = np.array(prepared["signs"], np.float64)
    config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text())
    factor = json.loads((folder / "vae_decoder" / "config.json").read_text())["scaling_factor"]
    begun = [hashlib.sha256(x.numpy().tobytes()).hexdigest()[:16] for x in noise]
    lines = []
    for kind in a.precisions:
        model, vae = read(folder)
        parts = [take(model, vae, config, factor, ids[i : i + 72], noise[i : i + 72], kind, where) for i in range(0, len(places), 72)]
        latents, pixels = torch.cat([q for q, _ in parts], 1).double().numpy(), torch.cat([y for _, y in parts]).numpy()
        for n, place in enumerate(places):
            flat = latents[:, n].reshape(4, -1)
            rows = np.concatenate([np.linalg.norm(flat, axis=1)[:, None], flat @ signs.T], 1).astype("<f4")
            drawn = dict(sketches=[text64(r) for r in rows], pixels=text64(pixels[n]))
            lines.append(dict(precision=kind, **place, noise=begun[n], **drawn))
    name = torch.cuda.get_device_name() if where.type == "cuda" else "cpu"
    root = json.loads((folder / "manifest.json").read_text())["weightsRoot"]
    head = dict(gpu=name, torch=torch.__version__, weightsRoot=root)
    Path(a.out).write_text("".join(json.dumps(x) + "\n" for x in [head, *lines]))


if __name__ == "__main__":
    main()

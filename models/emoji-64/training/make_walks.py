"""The denoiser's own walks from noise to picture, which the fast model learns to take in four steps.

Each walk is guided and has 16 steps of UniPC; kept are its states where the fast model stands, at
timesteps 999, 749, 499 and 249, and its end. Can be stopped at any time: what is there is used.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import UniPCMultistepScheduler
from tokenizers import Tokenizer

import schedule
from captions import caption
from compose import COLOUR_NAMES
from concepts import CONCEPTS, DRAWN_STYLES
from train import Model, encode

GUIDANCE = 4.0
STEPS, KEPT = 16, 4
TIMES = [999, 749, 499, 249]
BATCH = 32


def scheduler():
    return UniPCMultistepScheduler.from_config(schedule.CONFIG, timestep_spacing="trailing")


def draw_captions(rng, count):
    """Mostly pictures in the model's own style; the words as people type them."""
    out = []
    for _ in range(count):
        concept = int(rng.integers(len(CONCEPTS)))
        styles = [s for s in DRAWN_STYLES if s != "streamline" or CONCEPTS[concept]["streamline"]]
        style = "3d" if rng.random() < 0.8 else styles[rng.integers(len(styles))]
        out.append(caption(rng, concept, style, COLOUR_NAMES[rng.integers(len(COLOUR_NAMES))], rng.uniform(0.68, 1)))
    return out


@torch.inference_mode()
def walk(model, tokenizer, texts, noise):
    """States [5, batch, 4, 16, 16]: at TIMES, and the end."""
    n = len(texts)
    words = torch.cat([model.text.padded(encode(tokenizer, part)) for part in ([""] * n, texts)])
    s = scheduler()
    s.set_timesteps(STEPS)
    assert s.timesteps.tolist()[:: STEPS // KEPT] == TIMES
    x, states = noise, []
    for i, t in enumerate(s.timesteps):
        if i % (STEPS // KEPT) == 0:
            states.append(x)
        both = torch.cat([x, x]).to(memory_format=torch.channels_last)
        empty, full = model.unet(both, t.expand(2 * n), words).chunk(2)
        x = s.step(empty + GUIDANCE * (full - empty), t, x).prev_sample
    return torch.stack([*states, x])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--run", required=True, help="folder of diffusion.pt; walks.f16 and walks.txt go there")
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--count", type=int, default=16384)
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    run = Path(a.run)
    tokenizer = Tokenizer.from_file(a.tokenizer)
    model = Model(tokenizer.get_vocab_size())
    model.load_state_dict(torch.load(run / "diffusion.pt", weights_only=True)["mean"])
    model.eval().unet.to(memory_format=torch.channels_last)
    rng = np.random.default_rng(11)
    noise = torch.Generator().manual_seed(11)
    start = time.time()
    with open(run / "walks.f16", "wb") as states, open(run / "walks.txt", "w") as captions:
        for done in range(0, a.count, BATCH):
            texts = draw_captions(rng, BATCH)
            walks = walk(model, tokenizer, texts, torch.randn(BATCH, 4, 16, 16, generator=noise))
            states.write(walks.transpose(0, 1).contiguous().half().numpy().tobytes())
            captions.write("".join(f"{text}\n" for text in texts))
            if done % (32 * BATCH) == 0:
                states.flush(), captions.flush()
                print(f"{time.time() - start:6.0f}s {done + BATCH} walks", flush=True)


if __name__ == "__main__":
    main()

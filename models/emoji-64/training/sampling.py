"""Sample the exported graphs with diffusers' schedulers: the reference for other runtimes."""
import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler, UniPCMultistepScheduler
from PIL import Image
from tokenizers import Tokenizer

SCHEDULERS = dict(unipc=UniPCMultistepScheduler, ddim=DDIMScheduler, euler=EulerDiscreteScheduler)
LENGTH, END = 32, 1
# Inputs that a control network fills, and by how much the side is smaller than the latent's.
RESIDUALS = dict(down_block_res_samples_0=1, down_block_res_samples_1=2, mid_block_res_sample=4)


class Pipeline:
    def __init__(self, folder):
        self.folder = Path(folder)
        options = ort.SessionOptions()
        options.intra_op_num_threads = 2
        load = lambda name: ort.InferenceSession(
            str(self.folder / name / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.text, self.unet, self.decoder = load("text_encoder"), load("unet"), load("vae_decoder")
        self.tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer" / "tokenizer.json"))
        self.config = json.loads((self.folder / "scheduler" / "scheduler_config.json").read_text())
        taken = {one.name: one.shape[1] for one in self.unet.get_inputs() if one.name in RESIDUALS}
        self.side = json.loads((self.folder / "unet" / "config.json").read_text())["sample_size"]
        index = json.loads((self.folder / "model_index.json").read_text())
        self.steps, self.guidance = index["default_steps"], index["default_guidance_scale"]
        self.scheduler = next(k for k, v in SCHEDULERS.items() if v.__name__ == index["scheduler"][1])
        self.silent = lambda n, side: {
            name: np.zeros((n, channels, side // RESIDUALS[name], side // RESIDUALS[name]), np.float32)
            for name, channels in taken.items()}
        self.factor = json.loads((self.folder / "vae_decoder" / "config.json").read_text())["scaling_factor"]

    def words(self, prompts):
        ids = [self.tokenizer.encode(p).ids[:LENGTH] for p in prompts]
        ids = np.array([r + [END] * (LENGTH - len(r)) for r in ids], np.int32)
        return self.text.run(None, dict(input_ids=ids))[0]

    def __call__(self, prompts, seeds, steps=None, guidance=None, scheduler=None):
        """One picture per prompt and seed (two lists of one length), as PIL images; as the model is meant to be used."""
        guidance = self.guidance if guidance is None else guidance
        s = SCHEDULERS[scheduler or self.scheduler].from_config(self.config)
        s.set_timesteps(steps or self.steps)
        x = torch.stack([torch.randn(4, self.side, self.side, generator=torch.Generator().manual_seed(n)) for n in seeds])
        x = x * s.init_noise_sigma
        words = np.concatenate([self.words([""] * len(prompts)), self.words(prompts)])
        for t in s.timesteps:
            inp = s.scale_model_input(x, t).numpy()
            v = self.unet.run(None, dict(
                sample=np.concatenate([inp, inp]), timestep=np.array([int(t)], np.int64),
                encoder_hidden_states=words, **self.silent(2 * len(inp), self.side)))[0]
            empty, full = np.split(v, 2)
            x = s.step(torch.from_numpy(empty + guidance * (full - empty)), t, x).prev_sample
        y = self.decoder.run(None, dict(latent_sample=(x.numpy() / self.factor).astype(np.float32)))[0]
        y = ((y.clip(-1, 1) + 1) * 127.5).round().astype(np.uint8).transpose(0, 2, 3, 1)
        return [Image.fromarray(p) for p in y]

    def many(self, prompts, seeds, batch=32, **kw):
        out = []
        for i in range(0, len(prompts), batch):
            out += self(prompts[i : i + batch], seeds[i : i + batch], **kw)
        return out

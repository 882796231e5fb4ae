"""Record what Python diffusers' own pipelines make of the test models: modes.json.

StableDiffusionImg2ImgPipeline, StableDiffusionInpaintPipeline and StableDiffusionControlNetPipeline
run as they are; their networks are the ONNX files of packages/inference/test/fixtures under Python's
onnxruntime, and their noise is ours (vectors/philox). Files are made and read by Pillow.

    python vectors/modes/make.py        # diffusers 0.42, and transformers 5.24, which its pipelines import

Each case: the request, its files in base64, `encoded` (the latents of the pictures, in the order of the
leaves), `start` (the sample of step 1), `latents` (after each step) and `pixels` (8-bit RGB).
"""
import base64
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnxruntime as ort
import torch
from diffusers import (ControlNetModel, StableDiffusionControlNetPipeline, StableDiffusionImg2ImgPipeline,
                       StableDiffusionInpaintPipeline, __version__)
from diffusers.configuration_utils import FrozenDict
from diffusers.pipelines.controlnet import pipeline_controlnet
from diffusers.pipelines.stable_diffusion import (pipeline_stable_diffusion_img2img,
                                                  pipeline_stable_diffusion_inpaint)
from PIL import Image

HERE = Path(__file__).parent
FIXTURES = HERE.parents[1] / "packages/inference/test/fixtures"
sys.path.insert(0, str(FIXTURES))
import make  # noqa: E402

SPEC = make.MODELS["tiny"]
DIFFUSERS = dict(
    imageToImage=(StableDiffusionImg2ImgPipeline, pipeline_stable_diffusion_img2img),
    inpaint=(StableDiffusionInpaintPipeline, pipeline_stable_diffusion_inpaint),
    control=(StableDiffusionControlNetPipeline, pipeline_controlnet))


def load(model, part):
    return ort.InferenceSession(str(FIXTURES / model / part / "model.onnx"), providers=["CPUExecutionProvider"])


def run(session, **feeds):
    return [torch.from_numpy(x) for x in session.run(None, {k: np.asarray(v) for k, v in feeds.items()})]


class Net(torch.nn.Module):
    """A network of a pipeline whose numbers come from ONNX."""
    device, dtype = torch.device("cpu"), torch.float32

    def __init__(self, session, **config):
        super().__init__()
        self.session, self.config = session, FrozenDict(config)


class Vae(Net):
    def __init__(self, model):
        super().__init__(load(model, "vae_decoder"), scaling_factor=SPEC["scaling"], latent_channels=4,
                         block_out_channels=[make.D] * SPEC["levels"])
        self.encoder, self.encoded = load(model, "vae_encoder"), []

    def encode(self, x):
        mean = run(self.encoder, sample=x)[0][:, :4]
        self.encoded.append(mean * SPEC["scaling"])
        return SimpleNamespace(latents=mean)

    def decode(self, z, **_):
        return run(self.session, latent_sample=z)


class Unet(Net):
    def __init__(self, model, channels):
        super().__init__(load(model, "unet"), in_channels=channels, sample_size=4, time_cond_proj_dim=None)

    def forward(self, sample, t, encoder_hidden_states, down_block_additional_residuals=None,
                mid_block_additional_residual=None, **_):
        added = {}
        if len(self.session.get_inputs()) > 3:
            b, _, h, w = sample.shape
            down = down_block_additional_residuals or (torch.zeros(b, make.D, h, w), torch.zeros(b, 2 * make.D, h // 2, w // 2))
            mid = mid_block_additional_residual if mid_block_additional_residual is not None else torch.zeros_like(down[1])
            added = dict(down_block_res_samples_0=down[0], down_block_res_samples_1=down[1], mid_block_res_sample=mid)
        return run(self.session, sample=sample, timestep=np.array([int(t)], np.int64),
                   encoder_hidden_states=encoder_hidden_states, **added)


class ControlNet(ControlNetModel):
    device, dtype = torch.device("cpu"), torch.float32

    def __init__(self, model):
        torch.nn.Module.__init__(self)
        self.session, self._internal_dict = load(model, "controlnet"), FrozenDict(global_pool_conditions=False)

    def forward(self, sample, t, encoder_hidden_states, controlnet_cond, conditioning_scale, **_):
        *down, mid = run(self.session, sample=sample, timestep=np.array([int(t)], np.int64),
                         encoder_hidden_states=encoder_hidden_states, controlnet_cond=controlnet_cond)
        return [x * conditioning_scale for x in down], mid * conditioning_scale


def embed(model, *prompts):
    words = make.tokenizer_of(model)
    words.enable_truncation(SPEC["length"])
    words.enable_padding(length=SPEC["length"], pad_id=words.token_to_id(make.EOS), pad_token=make.EOS)
    text = load(model, "text_encoder")
    return [run(text, input_ids=np.array([words.encode(p).ids], np.int32))[0] for p in prompts]


def pack(x):
    return base64.b64encode(np.ascontiguousarray(x).tobytes()).decode()


def floats(x):
    return pack(x.numpy().astype("<f4"))


def file_of(image, kind="PNG"):
    out = io.BytesIO()
    image.save(out, kind, **(dict(quality=95) if kind == "JPEG" else {}))
    return out.getvalue()


def picture(seed, width, height, mode="RGB"):
    """Waves of a few colours, with a little grain."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width] / 8
    bands = [np.sin(x * a + y * b + c) for a, b, c in rng.uniform(-2, 2, (len(mode), 3))]
    grain = rng.uniform(-16, 16, (height, width, len(mode)))
    pixels = (128 + 100 * np.stack(bands, -1) + grain).clip(0, 255).astype(np.uint8)
    return Image.fromarray(pixels if len(mode) > 1 else pixels[..., 0])


def opened(file):
    return Image.open(io.BytesIO(base64.b64decode(file)))


def sample(mode, model, prompt="a red cat", negative="", seed=1, steps=6, width=16, height=16, guidance=4.0,
           scheduler="unipc", **options):
    cls, module = DIFFUSERS[mode]
    vae, unet = Vae(model), Unet(model, 9 if model == "tiny-inpaint" else 4)
    parts = dict(vae=vae, text_encoder=None, tokenizer=None, unet=unet, safety_checker=None, feature_extractor=None,
                 scheduler=make.SCHEDULERS[scheduler].from_config(SPEC["scheduler"]), requires_safety_checker=False)
    pipe = cls(**parts, **(dict(controlnet=ControlNet(model)) if mode == "control" else {}))
    pipe.set_progress_bar_config(disable=True)
    module.randn_tensor = lambda shape, **_: make.seed_noise(seed, shape)

    prepare, states, start = pipe.prepare_latents, [], []

    def prepared(*args, **kwargs):
        given = prepare(*args, **kwargs)
        start.append(given[0] if isinstance(given, tuple) else given)
        return given

    def after_step(_, i, t, given):
        states.append(given["latents"].clone())
        return {}

    pipe.prepare_latents = prepared
    empty, full = embed(model, negative, prompt)
    files = {k: options.pop(k) for k in ("image", "mask") if k in options}
    given = dict(image=opened(files["image"]).convert("RGB"))
    if mode == "inpaint":
        given["mask_image"] = opened(files["mask"])
    if mode != "control":
        given["strength"] = options["strength"]
    else:
        given["controlnet_conditioning_scale"] = options["conditioningScale"]
    if mode != "imageToImage":
        given.update(width=width, height=height)
    image = pipe(prompt_embeds=full, negative_prompt_embeds=empty, num_inference_steps=steps, guidance_scale=guidance,
                 callback_on_step_end=after_step, **given).images[0]
    if options.get("unmasked") == "original":
        white = given["mask_image"].convert("L").point(lambda v: 255 if v >= 128 else 0)
        image = Image.composite(image, given["image"], white)
    encoded = vae.encoded[:1] if model == "tiny-modes" else vae.encoded
    return dict(
        mode=mode, model=model, encoded=[floats(x) for x in encoded], start=floats(start[0]),
        latents=[floats(x) for x in states], pixels=pack(np.array(image)), files=files,
        request=dict(prompt=prompt, negativePrompt=negative, seed=str(seed), steps=steps, width=width, height=height,
                     guidance=guidance, scheduler=scheduler, **options))


def upscaled(image, width, height):
    x = torch.from_numpy(np.array(opened(image).convert("RGB"), np.float32) / 255).permute(2, 0, 1)[None] * 2 - 1
    y = run(load("tiny-modes", "upscaler"), sample=x)[0]
    pixels = ((y / 2 + 0.5).clamp(0, 1)[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
    return dict(mode="upscale", model="tiny-modes", files=dict(image=image), pixels=pack(pixels),
                request=dict(width=width, height=height))


def cases():
    small, wide = (pack(file_of(picture(3, *size))) for size in ((16, 16), (24, 16)))
    jpeg, grey = pack(file_of(picture(4, 16, 24), "JPEG")), pack(file_of(picture(5, 16, 16, "L")))
    for scheduler, strength in (("ddim", 0.5), ("euler", 0.7), ("unipc", 0.9), ("unipc", 1.0)):
        yield sample("imageToImage", "tiny-modes", scheduler=scheduler, strength=strength, steps=8, image=small)
    yield sample("imageToImage", "tiny-modes", negative="blue", seed=2**63, strength=0.3, steps=10, width=16, height=24,
                 guidance=7.5, image=jpeg)
    yield sample("imageToImage", "tiny-modes", scheduler="euler", strength=0.6, steps=5, guidance=1.0, image=grey)

    mask, bright = pack(file_of(picture(9, 16, 16, "L"))), pack(file_of(picture(7, 24, 16)))
    for model in ("tiny-modes", "tiny-inpaint"):
        for scheduler, strength in (("ddim", 1.0), ("euler", 1.0), ("unipc", 1.0), ("unipc", 0.6), ("euler", 0.6)):
            yield sample("inpaint", model, scheduler=scheduler, strength=strength, unmasked="decoded", image=small, mask=mask)
        yield sample("inpaint", model, negative="a dog", seed=5, strength=0.8, unmasked="original", width=24, height=16,
                     steps=5, image=wide, mask=bright)
    yield sample("inpaint", "tiny-modes", scheduler="ddim", strength=0.5, guidance=1.0, unmasked="original", image=small, mask=mask)

    for scheduler, scale in (("ddim", 1.0), ("euler", 0.5), ("unipc", 1.5)):
        yield sample("control", "tiny-modes", scheduler=scheduler, conditioningScale=scale, image=small)
    yield sample("control", "tiny-modes", guidance=1.0, conditioningScale=0.8, width=24, height=16, image=wide)

    yield upscaled(small, 16, 16)
    yield upscaled(jpeg, 16, 24)


if __name__ == "__main__":
    (HERE / "modes.json").write_text(json.dumps(dict(diffusers=__version__, cases=list(cases())), indent=0) + "\n")

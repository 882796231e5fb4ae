"""Record what Python diffusers' schedulers do: schedules.json, trajectories.json, from-image.json.

The "model" is exact in float32 on any machine: output = 0.3 * input + c, c a recorded vector, so
a trajectory depends on nothing but the scheduler. Arrays are base64 of little-endian float32.

    python vectors/schedulers/make.py        # diffusers 0.42
"""
import base64
import json
from pathlib import Path

import numpy as np
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler, UniPCMultistepScheduler, __version__

SCHEDULERS = dict(ddim=DDIMScheduler, euler=EulerDiscreteScheduler, unipc=UniPCMultistepScheduler)
SHAPE = (1, 4, 2, 4)
SD15 = dict(num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
            trained_betas=None, clip_sample=False, set_alpha_to_one=False, steps_offset=1,
            prediction_type="epsilon", timestep_spacing="leading")
STEPS = (1, 4, 20, 50)


def pack(x):
    return base64.b64encode(np.ascontiguousarray(x, "<f4").tobytes()).decode()


def cases():
    for name in SCHEDULERS:
        for prediction in ("epsilon", "v_prediction"):
            for spacing in ("leading", "linspace", "trailing"):
                for steps in STEPS:
                    yield name, dict(SD15, prediction_type=prediction, timestep_spacing=spacing), steps
        yield name, dict(SD15, steps_offset=0), 20
        yield name, dict(SD15, beta_schedule="linear", beta_start=0.0001, beta_end=0.02), 20
        yield name, dict(SD15, prediction_type="v_prediction"), 7
        yield name, dict(SD15, timestep_spacing="trailing"), 999
    yield "ddim", dict(SD15, set_alpha_to_one=True), 20
    yield "ddim", dict(SD15, clip_sample=True, clip_sample_range=1.0), 20
    yield "ddim", dict(SD15, clip_sample=True, clip_sample_range=2.5, prediction_type="v_prediction"), 20
    yield "euler", dict(SD15, final_sigmas_type="sigma_min"), 20
    yield "unipc", dict(SD15, final_sigmas_type="sigma_min"), 20
    yield "unipc", dict(SD15, solver_order=1), 20
    yield "unipc", dict(SD15, lower_order_final=False, final_sigmas_type="sigma_min"), 20


def run(name, config, steps, noise, c):
    s = SCHEDULERS[name].from_config(config)
    s.set_timesteps(steps)
    x = torch.from_numpy(noise).reshape(SHAPE) * s.init_noise_sigma
    c = torch.from_numpy(c).reshape(SHAPE)
    states = []
    for t in s.timesteps:
        x = s.step(s.scale_model_input(x, t) * 0.3 + c, t, x).prev_sample
        states.append(x.numpy().copy())
    return s, states


def from_image_cases():
    for name in SCHEDULERS:
        for prediction in ("epsilon", "v_prediction"):
            for spacing in ("leading", "linspace", "trailing"):
                for steps, strength in ((20, 0.3), (10, 0.7), (50, 0.58), (7, 1.0), (3, 0.4)):
                    yield name, dict(SD15, prediction_type=prediction, timestep_spacing=spacing), steps, strength
    yield "ddim", dict(SD15, clip_sample=True, clip_sample_range=1.0), 20, 0.5
    yield "unipc", dict(SD15, solver_order=1), 20, 0.5
    yield "unipc", dict(SD15, lower_order_final=False, final_sigmas_type="sigma_min"), 20, 0.5


def run_from_image(name, config, steps, strength, image, noise, c):
    """As StableDiffusionImg2ImgPipeline begins and StableDiffusionInpaintPipeline noises anew after each step."""
    s = SCHEDULERS[name].from_config(config)
    s.set_timesteps(steps)
    t_start = max(steps - min(int(steps * strength), steps), 0)
    timesteps = s.timesteps[t_start:]
    if hasattr(s, "set_begin_index"):
        s.set_begin_index(t_start)
    image, noise, c = (torch.from_numpy(a).reshape(SHAPE) for a in (image, noise, c))
    x = s.add_noise(image, noise, timesteps[:1])
    noised, states = [x.numpy().copy()], []
    for i, t in enumerate(timesteps):
        x = s.step(s.scale_model_input(x, t) * 0.3 + c, t, x).prev_sample
        states.append(x.numpy().copy())
        if i < len(timesteps) - 1:
            noised.append(s.add_noise(image, noise, torch.tensor([timesteps[i + 1]])).numpy().copy())
    return timesteps, noised, states


def from_image(noise, c):
    image = np.random.default_rng(6).standard_normal(32).astype(np.float32)
    rows = []
    for name, config, steps, strength in from_image_cases():
        timesteps, noised, states = run_from_image(name, config, steps, strength, image, noise, c)
        ends = slice(None) if len(states) < 7 else slice(None, None, len(states) - 1)
        rows.append(dict(scheduler=name, config=config, steps=steps, strength=strength,
                         timesteps=[float(t) for t in timesteps],
                         noised=[pack(x) for x in noised[ends]], states=[pack(x) for x in states[ends]]))
    return dict(diffusers=__version__, image=pack(image), noise=pack(noise), c=pack(c), cases=rows)


def main():
    here = Path(__file__).parent
    rng = np.random.default_rng(5)
    noise, c = (rng.standard_normal(32).astype(np.float32) for _ in range(2))
    rows = []
    for name, config, steps in cases():
        s, states = run(name, config, steps, noise, c)
        rows.append(dict(
            scheduler=name, config=config, steps=steps, initNoiseSigma=float(s.init_noise_sigma),
            timesteps=[float(t) for t in s.timesteps] if steps <= 50 else None,
            states=[pack(x) for x in (states if steps in (7, 20) else states[-1:])]))
    (here / "trajectories.json").write_text(json.dumps(
        dict(diffusers=__version__, noise=pack(noise), c=pack(c), cases=rows), indent=0) + "\n")
    (here / "from-image.json").write_text(json.dumps(from_image(noise, c), indent=0) + "\n")
    (here / "schedules.json").write_text(json.dumps(dict(
        diffusers=__version__,
        schedules=[dict(config=k, alphasCumprod=pack(DDIMScheduler.from_config(k).alphas_cumprod.numpy()))
                   for k in (SD15, dict(SD15, beta_schedule="linear", beta_start=0.0001, beta_end=0.02),
                             dict(SD15, num_train_timesteps=777))]), indent=0) + "\n")


if __name__ == "__main__":
    main()

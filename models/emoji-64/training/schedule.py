"""Stable Diffusion v1.5's noise schedule, and the v-prediction target."""
import json
from pathlib import Path

import torch

CONFIG = dict(
    _class_name="UniPCMultistepScheduler",
    num_train_timesteps=1000,
    beta_schedule="scaled_linear",
    beta_start=0.00085,
    beta_end=0.012,
    trained_betas=None,
    prediction_type="v_prediction",
    timestep_spacing="leading",
    steps_offset=1,
    clip_sample=False,
    set_alpha_to_one=False,
    solver_order=2,
    solver_type="bh2",
    lower_order_final=True,
    predict_x0=True,
    thresholding=False,
)


def alphas_bar():
    betas = torch.linspace(CONFIG["beta_start"] ** 0.5, CONFIG["beta_end"] ** 0.5, 1000, dtype=torch.float64) ** 2
    return (1 - betas).cumprod(0)


def noised(x, noise, a):
    """Noisy latents and their v target; a is alpha-bar, [batch, 1, 1, 1]."""
    return a.sqrt() * x + (1 - a).sqrt() * noise, a.sqrt() * noise - (1 - a).sqrt() * x


def loss_weight(a, gamma=5.0):
    """Full weight where there is much noise, which decides what is drawn; less where there is little."""
    snr = a / (1 - a)
    return (gamma / snr).clamp(max=1.0)


def save(folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "scheduler_config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")

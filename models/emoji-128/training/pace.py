"""How training goes with the clock: learning rate, averaged weights, mixed precision."""
import contextlib
import math
import time

import torch


class Pace:
    """A learning rate that rises over the first steps and falls to a hundredth by the end of the time."""

    def __init__(self, opt, lr, seconds, warmup=200, flat=0.0):
        self.opt, self.lr, self.seconds, self.warmup, self.flat = opt, lr, seconds, warmup, flat
        self.start, self.step, self.part = time.time(), 0, 0.0

    def tick(self):
        """Sets the rate of the next step; false once the time is over."""
        self.part = min(1.0, (time.time() - self.start) / self.seconds)
        fall = max(0.0, (self.part - self.flat) / (1 - self.flat))
        self.step += 1
        lr = self.lr * min(1, self.step / self.warmup) * (0.5 * (1 + math.cos(math.pi * fall)) * 0.99 + 0.01)
        for g in self.opt.param_groups:
            g["lr"] = lr
        return self.part < 1

    def said(self):
        return f"{time.time() - self.start:5.0f}s step {self.step}"


@torch.no_grad()
def follow(mean, model, step, most):
    """Moves the averaged weights towards the model's."""
    keep = min(most, (step + 1) / (step + 20))
    torch._foreach_lerp_(list(mean.parameters()), list(model.parameters()), 1 - keep)


def mixed(where):
    """bfloat16 where the hardware is made for it: on a GPU, and on processors with tiles (AMX)."""
    made = where.type == "cuda" or torch.cpu._is_amx_tile_supported()
    return torch.autocast(where.type, torch.bfloat16) if made else contextlib.nullcontext()

"""Write a student (students.py) as a model folder of its own: its denoiser beside the published parts.

The denoiser's weights are stored in half precision and widened by the graph itself, exactly, so
that the file is half as large and every runtime computes in float32 as before.

    python export_student.py fast --model .. --run RUN --out ../../emoji-64-fast
"""
import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import schedule
from export import OPSET, compare, finish
from students import HALF
from text import LENGTH
from unet import UNet

SHARED = ["text_encoder", "tokenizer", "vae_decoder"]
STORED_HALF_FROM = 1024  # numbers in a tensor; norms and biases are few


class Uncontrolled(torch.nn.Module):
    """A denoiser without the inputs of a control network."""

    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, x, t, text):
        return self.unet(x, t, text)


def round_to_half(module):
    for q in module.parameters():
        if q.numel() >= STORED_HALF_FROM:
            q.data = q.data.half().float()


def store_half(path):
    """Replace large float32 weights by half-precision ones and a cast each."""
    m = onnx.load(str(path))
    casts = []
    for tensor in m.graph.initializer:
        value = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or value.size < STORED_HALF_FROM:
            continue
        half = value.astype(np.float16)
        assert (half.astype(np.float32) == value).all(), tensor.name
        wide = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(half, f"{wide}.half"))
        casts.append(helper.make_node("Cast", [f"{wide}.half"], [wide], to=TensorProto.FLOAT))
    for at, node in enumerate(casts):
        m.graph.node.insert(at, node)
    finish(m, path)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("kind", choices=["fast", "half"])
    p.add_argument("--model", required=True)
    p.add_argument("--run", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    model, out = Path(a.model), Path(a.out)
    torch.manual_seed(0)
    state = torch.load(Path(a.run) / f"{a.kind}.pt", weights_only=True)
    unet = UNet(HALF) if a.kind == "half" else UNet()
    unet.load_state_dict(state["mean"])
    round_to_half(unet)
    module = Uncontrolled(unet).eval()
    print(f"{sum(q.numel() for q in unet.parameters()) / 1e6:.2f}M parameters, "
          f"{state['samples']} samples in {state['seconds'] / 60:.0f} minutes")

    path = out / "unet" / "model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ["sample", "timestep", "encoder_hidden_states"]
    case = lambda b, w, t: (torch.randn(b, 4, 16, w), torch.tensor([t]), torch.randn(b, LENGTH, 128))
    image = {0: "batch", 2: "height", 3: "width"}
    torch.onnx.export(
        module, case(2, 16, 501), str(path), input_names=names, output_names=["out_sample"], opset_version=OPSET,
        dynamic_axes=dict(sample=image, encoder_hidden_states={0: "batch", 1: "length"}, out_sample=image),
        do_constant_folding=True, dynamo=False)
    store_half(path)
    compare(module, path, names, [case(2, 16, 501), case(1, 16, 1), case(3, 24, 951)])

    for part in SHARED:
        shutil.copytree(model / part, out / part, dirs_exist_ok=True)
    (out / "unet" / "config.json").write_text((model / "unet" / "config.json").read_text())
    index = json.loads((model / "model_index.json").read_text())
    del index["vae_encoder"]
    (out / "scheduler").mkdir(exist_ok=True)
    config = dict(schedule.CONFIG)
    if a.kind == "fast":
        config.update(_class_name="DDIMScheduler", timestep_spacing="trailing")
        index.update(scheduler=["diffusers", "DDIMScheduler"], default_steps=4, default_guidance_scale=1.0)
    (out / "scheduler" / "scheduler_config.json").write_text(json.dumps(config, indent=2) + "\n")
    (out / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")


if __name__ == "__main__":
    main()

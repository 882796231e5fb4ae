"""Write the fast model: the teacher's words and decoder, its own denoiser with weights in float16.

The graph widens the weights when it is loaded and computes in float32, so the file is half as large
and every runtime can run it.
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
from export import compare, write
from make_walks import TIMES
from text import LENGTH
from unet import UNet

SHARED = ["text_encoder", "tokenizer", "vae_decoder"]


def store_as_half(path):
    model = onnx.load(str(path))
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or len(tensor.dims) < 2:
            continue
        name = tensor.name
        half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), f"{name}_half")
        tensor.CopyFrom(half)
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], name=f"{name}_widened", to=TensorProto.FLOAT))
    for node in reversed(casts):
        graph.node.insert(0, node)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


@torch.no_grad()
def round_to_half(module):
    for q in module.parameters():
        if q.ndim >= 2:
            q.copy_(q.half().float())


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--run", required=True, help="folder of fast.pt")
    p.add_argument("--teacher", required=True, help="model folder of the teacher")
    p.add_argument("--out", required=True, help="model folder; holds a hand-written manifest.json")
    a = p.parse_args()
    teacher, out = Path(a.teacher), Path(a.out)
    torch.manual_seed(0)
    unet = UNet()
    unet.load_state_dict(torch.load(Path(a.run) / "fast.pt", weights_only=True))
    round_to_half(unet)
    for name in SHARED:
        shutil.copytree(teacher / name, out / name, dirs_exist_ok=True)
    shutil.copy(teacher / "concepts.json", out / "concepts.json")

    z, words = torch.randn(2, 4, 16, 16), torch.randn(2, LENGTH, 128)
    image, length = {0: "batch", 2: "height", 3: "width"}, {0: "batch", 1: "length"}
    names = ["sample", "timestep", "encoder_hidden_states"]
    path = out / "unet" / "model.onnx"
    write(unet, path, [z, torch.tensor([TIMES[0]]), words], names, ["out_sample"],
          dict(sample=image, encoder_hidden_states=length, out_sample=image))
    store_as_half(path)
    compare(unet, path, names, [(z[:n], torch.tensor([t]), words[:n]) for n in (1, 2) for t in TIMES])
    shutil.copy(teacher / "unet" / "config.json", out / "unet" / "config.json")

    (out / "scheduler").mkdir(exist_ok=True)
    (out / "scheduler" / "scheduler_config.json").write_text(json.dumps({
        **{k: v for k, v in schedule.CONFIG.items() if not k.startswith(("solver", "lower", "predict"))},
        "_class_name": "DDIMScheduler", "timestep_spacing": "trailing", "steps_offset": 0, "set_alpha_to_one": True,
        "prediction_type": "v_prediction"}, indent=2) + "\n")
    index = json.loads((teacher / "model_index.json").read_text())
    del index["vae_encoder"]
    (out / "model_index.json").write_text(json.dumps({
        **index, "scheduler": ["diffusers", "DDIMScheduler"], "default_steps": len(TIMES),
        "default_guidance_scale": 1.0}, indent=2) + "\n")


if __name__ == "__main__":
    main()

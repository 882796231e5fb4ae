"""Write a student (students.py) as a model folder of its own: its denoiser beside the published parts.

The denoiser's weights are stored as bytes and widened by the graph itself (store_bytes.py).

    python export_student.py fast --model .. --run RUN --out ../../emoji-64-fast
"""
import argparse
import json
import shutil
from pathlib import Path

import torch

import schedule
from export import OPSET, compare
from store_bytes import store_bytes
from students import HALF
from text import LENGTH
from unet import UNet

SHARED = ["text_encoder", "tokenizer", "vae_decoder"]


class Uncontrolled(torch.nn.Module):
    """A denoiser without the inputs of a control network."""

    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, x, t, text):
        return self.unet(x, t, text)


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
    compare(module, path, names, [case(2, 16, 501), case(1, 16, 1), case(3, 24, 951)])
    store_bytes(path)

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

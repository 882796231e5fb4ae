"""Write the model that draws everything as a folder of its own, beside the published autoencoder and upscaler.

Its weights are stored as bytes with a scale an output channel, and widened by the graph itself, so that
the file is a quarter as large and every runtime computes in float32.

    CONCEPTS=everything python export_wide.py --model .. --run RUN --tokenizer RUN/tokenizer --out ../../emoji-808
"""
import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from export import OPSET, compare, finish, suggestions
from export_student import Uncontrolled
from text import END, LENGTH
from train import Model

SHARED = ["scheduler", "vae_decoder", "vae_encoder", "upscaler"]
STORED_FROM = 1024  # numbers in a tensor; norms and biases are few


def store_bytes(path):
    """Replace large float32 weights by int8 ones with a scale for each output channel."""
    m = onnx.load(str(path))
    widening, scales = [], []
    for tensor in m.graph.initializer:
        value = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or value.size < STORED_FROM or value.ndim < 2:
            continue
        # The exporter transposes the matrices of linear layers, and leaves them without a name.
        channel = value.ndim - 1 if tensor.name.startswith("onnx::MatMul") else 0
        others = tuple(a for a in range(value.ndim) if a != channel)
        scale = (np.abs(value).max(others, keepdims=True) / 127).clip(1e-12).astype(np.float32)
        wide = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(np.round(value / scale).astype(np.int8), f"{wide}.int8"))
        scales.append(numpy_helper.from_array(scale, f"{wide}.scale"))
        widening += [
            helper.make_node("Cast", [f"{wide}.int8"], [f"{wide}.cast"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{wide}.cast", f"{wide}.scale"], [wide])]
    m.graph.initializer.extend(scales)
    for at, node in enumerate(widening):
        m.graph.node.insert(at, node)
    finish(m, path)


def difference(module, path, names, inputs):
    """How far the stored graph is from the module, as a part of what the module says."""
    with torch.no_grad():
        want = module(*inputs).numpy()
    got = ort.InferenceSession(str(path)).run(None, {n: x.numpy() for n, x in zip(names, inputs)})[0]
    return float(np.linalg.norm(got - want) / np.linalg.norm(want))


def write(module, path, names, output, axes, cases):
    path.parent.mkdir(parents=True, exist_ok=True)
    module.eval()
    torch.onnx.export(
        module, cases[0], str(path), input_names=names, output_names=[output], opset_version=OPSET,
        dynamic_axes=axes, do_constant_folding=True, dynamo=False)
    compare(module, path, names, cases)
    store_bytes(path)
    print(f"{path.parent.name}: stored in {path.stat().st_size / 1e6:.2f} MB, {difference(module, path, names, cases[0]):.2e} off")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True)
    p.add_argument("--run", required=True)
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    model, out = Path(a.model), Path(a.out)
    torch.manual_seed(0)
    state = torch.load(Path(a.run) / "diffusion.pt", weights_only=True)
    vocab = Tokenizer.from_file(str(Path(a.tokenizer) / "tokenizer.json")).get_vocab_size()
    whole = Model(vocab)
    whole.load_state_dict(state["mean"])
    print(f"{state['samples']} samples in {state['spent'] / 60:.0f} minutes")

    ids = torch.full((2, LENGTH), END, dtype=torch.int32)
    ids[:, :6] = torch.tensor([[0, 300, 301, 302, 303, 304], [0, END, END, END, END, END]], dtype=torch.int32)
    length, image = {0: "batch", 1: "length"}, {0: "batch", 2: "height", 3: "width"}
    write(whole.text, out / "text_encoder" / "model.onnx", ["input_ids"], "last_hidden_state",
          dict(input_ids=length, last_hidden_state=length), [(ids,), (ids[:1, :9],)])
    case = lambda b, w, t: (torch.randn(b, 4, 16, w), torch.tensor([t]), torch.randn(b, LENGTH, 128))
    write(Uncontrolled(whole.unet), out / "unet" / "model.onnx", ["sample", "timestep", "encoder_hidden_states"],
          "out_sample", dict(sample=image, encoder_hidden_states=length, out_sample=image),
          [case(2, 16, 501), case(1, 16, 1), case(3, 24, 951)])

    for part in SHARED:
        shutil.copytree(model / part, out / part, dirs_exist_ok=True)
    shutil.copytree(a.tokenizer, out / "tokenizer", dirs_exist_ok=True)
    shutil.copy(model / "model_index.json", out / "model_index.json")
    shutil.copy(model / "unet" / "config.json", out / "unet" / "config.json")
    config = json.loads((model / "text_encoder" / "config.json").read_text())
    (out / "text_encoder" / "config.json").write_text(json.dumps(dict(config, vocab_size=vocab), indent=2) + "\n")
    (out / "concepts.json").write_text(json.dumps(suggestions(), indent=1) + "\n")


if __name__ == "__main__":
    main()

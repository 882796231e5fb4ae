"""Read the published ONNX weights back into PyTorch, to train on from them.

The exporter keeps the names of most weights. It transposes those of bias-free and
position-wise linear layers and splits group norms into a multiplication and an addition,
both without a name: they stand in the graph in the order in which the layers run, which
is also the order of the modules.

    python published.py --model .. --tokenizer RUN/tokenizer --out RUN

writes vae.pt, diffusion.pt and scaling.json, the word vectors in the order of the tokenizer
named (the model's own, or one made after a change of concepts: words new to it start afresh).
"""
import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer

from sampling import RESIDUALS
from text import END, LENGTH
from train import Model
from unet import WIDTHS
from vae import VAE, MeanOnly


def weights_of(path):
    """A graph's weights by name, in its order; those stored as bytes multiplied by their scales."""
    stored = {t.name: numpy_helper.to_array(t).copy() for t in onnx.load(str(path)).graph.initializer}
    weights = {}
    for name, value in stored.items():
        if name.endswith(".int8"):
            name = name.removesuffix(".int8")
            value = value * stored[f"{name}.scale"]
        if not name.endswith(".scale"):
            weights[name] = torch.from_numpy(value)
    return weights


def load(module, path):
    named, nameless = {}, []
    for name, value in weights_of(path).items():
        if name.startswith("onnx::"):
            nameless.append(value.T if "MatMul" in name else value.reshape(-1))
        else:
            named[name.removeprefix("encoder.")] = value
    state = {}
    for name, old in module.state_dict().items():
        value = named.pop(name) if name in named else nameless.pop(0)
        assert value.shape == old.shape, (name, value.shape, old.shape)
        state[name] = value
    assert not named and not nameless, (list(named), len(nameless))
    module.load_state_dict(state)


def check(module, path, inputs):
    """The weights landed in their places: the graph and the module answer alike."""
    with torch.no_grad():
        want = module(*inputs.values())
    got = ort.InferenceSession(str(path)).run(None, {k: v.numpy() for k, v in inputs.items()})[0]
    assert np.abs(got - want.numpy()).max() < 5e-5, path


def reorder_words(text, old, new):
    """The same vectors for the same words under another tokenizer."""
    known = old.get_vocab()
    fresh = type(text)(new.get_vocab_size()).tokens.weight.data
    for word, row in new.get_vocab().items():
        if word in known:
            fresh[row] = text.tokens.weight.data[known[word]]
    text.tokens = torch.nn.Embedding.from_pretrained(fresh, freeze=False)


def read(folder):
    """Model and VAE with the weights in `folder`."""
    folder = Path(folder)
    file = lambda part: folder / part / "model.onnx"
    model = Model(Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json")).get_vocab_size())
    vae = VAE()
    load(model.text, file("text_encoder"))
    load(model.unet, file("unet"))
    load(vae.decoder, file("vae_decoder"))
    load(vae.encoder, file("vae_encoder"))
    ids = torch.full((1, LENGTH), END, dtype=torch.int32)
    ids[0, :3] = torch.tensor([0, 300, 301])
    z = torch.randn(1, 4, 16, 16)
    check(model.text, file("text_encoder"), dict(input_ids=ids))
    words = torch.randn(1, LENGTH, 128)
    nothing = {
        name: torch.zeros(1, channels, 16 // smaller, 16 // smaller)
        for (name, smaller), channels in zip(RESIDUALS.items(), WIDTHS)}
    check(model.unet, file("unet"), dict(sample=z, timestep=torch.tensor([501]), encoder_hidden_states=words, **nothing))
    check(vae.decoder, file("vae_decoder"), dict(latent_sample=z))
    check(MeanOnly(vae.encoder), file("vae_encoder"), dict(sample=torch.rand(1, 3, 64, 64) * 2 - 1))
    return model, vae


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", required=True)
    p.add_argument("--tokenizer", required=True, help="folder of the tokenizer to train on with")
    p.add_argument("--out", required=True)
    a = p.parse_args()
    model, vae = read(a.model)
    tokenizer = lambda folder: Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    reorder_words(model.text, tokenizer(Path(a.model) / "tokenizer"), tokenizer(a.tokenizer))
    out = Path(a.out)
    torch.save(vae.state_dict(), out / "vae.pt")
    torch.save(dict(model=model.state_dict(), mean=model.state_dict()), out / "diffusion.pt")
    factor = json.loads((Path(a.model) / "vae_decoder" / "config.json").read_text())["scaling_factor"]
    (out / "scaling.json").write_text(json.dumps(dict(scaling_factor=factor)) + "\n")


if __name__ == "__main__":
    main()

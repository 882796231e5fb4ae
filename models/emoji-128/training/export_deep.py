"""Write the ONNX graphs and configs of emoji-128, and check each against PyTorch.

Every large weight is stored as a byte with a scale an output channel and widened by the graph itself
(store_bytes.py), so that the files are a quarter as large and every runtime computes in float32.
"""
import argparse
import json
import shutil
from pathlib import Path

import torch
from tokenizers import Tokenizer

import schedule
from autoencoder import Autoencoder
from deep_unet import D_TEXT
from export import RESIDUALS, compare, suggestions
from slim_control import SlimControlNet
from store_bytes import store_bytes
from text import END, LENGTH
from train_denoiser import Model
from train_enlarger import enlarger
from vae import MeanOnly

OPSET = 17
SEEN = ["sample", "timestep", "encoder_hidden_states"]


def write(module, path, names, outputs, axes, cases):
    """The graph for any batch and size; the cases show that it is the module, before its weights are rounded."""
    path.parent.mkdir(parents=True, exist_ok=True)
    module.eval()
    torch.onnx.export(
        module, cases[0], str(path), input_names=names, output_names=outputs, opset_version=OPSET,
        dynamic_axes={n: axes[n] for n in names + outputs if n in axes}, do_constant_folding=True, dynamo=False)
    compare(module, path, names, cases)
    store_bytes(path)
    print(f"  stored in {path.stat().st_size / 1e6:.2f} MB")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--run", required=True, help="folder of denoiser.pt, vae.pt, control.pt, upscaler.pt and scaling.json")
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    run, out = Path(a.run), Path(a.out)
    torch.manual_seed(0)
    vocab = Tokenizer.from_file(str(Path(a.tokenizer) / "tokenizer.json")).get_vocab_size()
    state = lambda name: torch.load(run / name, weights_only=True, map_location="cpu")
    model, vae, control, upscaler = Model(vocab), Autoencoder(), SlimControlNet(), enlarger()
    model.load_state_dict(state("denoiser.pt"))
    vae.load_state_dict(state("vae.pt"))
    control.load_state_dict(state("control.pt"))
    upscaler.load_state_dict(state("upscaler.pt"))

    image, length = {0: "batch", 2: "height", 3: "width"}, {0: "batch", 1: "length"}
    axes = dict(input_ids=length, last_hidden_state=length, sample=image, latent_sample=image, out_sample=image,
                encoder_hidden_states=length, controlnet_cond=image, **{n: image for n in RESIDUALS})
    ids = torch.full((2, LENGTH), END, dtype=torch.int32)
    ids[:, :6] = torch.tensor([[0, 300, 301, 302, 303, 304], [0, END, END, END, END, END]], dtype=torch.int32)
    graph = lambda part: out / part / "model.onnx"
    write(model.text, graph("text_encoder"), ["input_ids"], ["last_hidden_state"], axes, [(ids,), (ids[:1, :9],)])

    seen = lambda b, side, t: (torch.randn(b, 4, 32, side), torch.tensor([t]), torch.randn(b, LENGTH, D_TEXT))
    moments = [(*seen(b, side, t), torch.rand(b, 3, 128, 4 * side)) for b, side, t in ((2, 32, 501), (1, 32, 1), (3, 40, 951))]
    write(control, graph("controlnet"), [*SEEN, "controlnet_cond"], RESIDUALS, axes, moments)
    with torch.no_grad():
        controlled = [(*m[:3], *control(*m)) for m in moments]
    write(model.unet, graph("unet"), [*SEEN, *RESIDUALS], ["out_sample"], axes, controlled)

    latents = [(torch.randn(b, 4, 32, side),) for b, side in ((2, 32), (1, 40))]
    pictures = [(torch.rand(b, 3, 128, side) * 2 - 1,) for b, side in ((1, 128), (2, 160))]
    write(vae.decoder, graph("vae_decoder"), ["latent_sample"], ["sample"], axes, latents)
    write(MeanOnly(vae.encoder), graph("vae_encoder"), ["sample"], ["latent_sample"], axes, pictures)
    write(upscaler, graph("upscaler"), ["sample"], ["out_sample"], axes, pictures)

    factor = json.loads((run / "scaling.json").read_text())["scaling_factor"]
    config = lambda folder, **c: (out / folder / "config.json").write_text(json.dumps(c, indent=2) + "\n")
    for part, blocks in (("vae_decoder", [56, 56, 144]), ("vae_encoder", [48, 48, 96])):
        config(part, scaling_factor=factor, latent_channels=4, sample_size=128, block_out_channels=blocks)
    config("unet", in_channels=4, out_channels=4, sample_size=32, cross_attention_dim=D_TEXT)
    config("text_encoder", hidden_size=D_TEXT, num_hidden_layers=3, num_attention_heads=5, vocab_size=vocab,
           max_position_embeddings=LENGTH, bos_token_id=0, eos_token_id=END, pad_token_id=END)
    schedule.save(out / "scheduler")
    if Path(a.tokenizer).resolve() != (out / "tokenizer").resolve():
        shutil.copytree(a.tokenizer, out / "tokenizer", dirs_exist_ok=True)
    index = json.loads((Path(__file__).parents[2] / "emoji-64" / "model_index.json").read_text())
    (out / "model_index.json").write_text(json.dumps(dict(index, sample_size=128), indent=2) + "\n")
    (out / "concepts.json").write_text(json.dumps(suggestions(), indent=1) + "\n")


if __name__ == "__main__":
    main()

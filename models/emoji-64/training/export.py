"""Write the six ONNX graphs and their configs, check each against PyTorch, and store three as bytes."""
import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from tokenizers import Tokenizer

import schedule
from captions import BY_STYLE, article
from compose import COLOUR_NAMES
from concepts import CONCEPTS, DRAWN_STYLES
from control import ControlNet
from store_bytes import finish, store_bytes
from text import END, LENGTH
from train import Model
from upscaler import Upscaler
from vae import VAE, MeanOnly

OPSET = 17
RESIDUALS = ["down_block_res_samples_0", "down_block_res_samples_1", "mid_block_res_sample"]

STORED_AS_BYTES = ["controlnet", "upscaler", "vae_encoder"]


def write(module, path, inputs, names, outputs, axes):
    path.parent.mkdir(parents=True, exist_ok=True)
    module.eval()
    torch.onnx.export(
        module, tuple(inputs), str(path), input_names=names, output_names=outputs, opset_version=OPSET,
        dynamic_axes=axes, do_constant_folding=True, dynamo=False)
    finish(onnx.load(str(path)), path)


def compare(module, path, names, cases):
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for inputs in cases:
        with torch.no_grad():
            wanted = module(*inputs)
        wanted = wanted if isinstance(wanted, tuple) else (wanted,)
        given = session.run(None, {n: x.numpy() for n, x in zip(names, inputs)})
        for got, want in zip(given, wanted, strict=True):
            worst = max(worst, float(np.abs(got - want.numpy()).max()))
            assert got.shape == want.shape, (got.shape, want.shape)
    ops = sorted({n.op_type for n in onnx.load(str(path)).graph.node})
    print(f"{path.parent.name}: {path.stat().st_size / 1e6:.2f} MB, largest difference {worst:.2e}; ops {' '.join(ops)}")
    assert worst < 5e-5, worst


def suggestions():
    """What a user interface may offer: concepts, styles and background colours."""
    return dict(
        concepts=[
            dict(name=c["name"], aliases=c["aliases"], group=c["group"], prompt=f"a photo of {article(c['name'])}",
                 styles=[s for s in DRAWN_STYLES if s != "streamline" or c["streamline"]])
            for c in CONCEPTS],
        styles=[dict(name=s, templates=list(dict.fromkeys(BY_STYLE[s]))) for s in DRAWN_STYLES],
        template_fields=dict(a="the concept with its article", n="the concept alone"),
        default_style="3d",
        background_colours=COLOUR_NAMES,
        background_template="{prompt} on a {colour} background",
        sizes=["small", "large"],
    )


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--run", required=True, help="folder of vae.pt, diffusion.pt and scaling.json")
    p.add_argument("--out", required=True, help="model folder; holds tokenizer/ already")
    a = p.parse_args()
    run, out = Path(a.run), Path(a.out)
    torch.manual_seed(0)
    vocab = Tokenizer.from_file(str(out / "tokenizer" / "tokenizer.json")).get_vocab_size()
    model, vae, control, upscaler = Model(vocab), VAE(), ControlNet(), Upscaler()
    control.load_state_dict(torch.load(run / "control.pt", weights_only=True))
    upscaler.load_state_dict(torch.load(run / "upscaler.pt", weights_only=True))
    model.load_state_dict(torch.load(run / "diffusion.pt", weights_only=True)["mean"])
    vae.load_state_dict(torch.load(run / "vae.pt", weights_only=True))
    factor = json.loads((run / "scaling.json").read_text())["scaling_factor"]
    encoder = MeanOnly(vae.encoder)

    ids = torch.full((2, LENGTH), END, dtype=torch.int32)
    ids[:, :6] = torch.tensor([[0, 300, 301, 302, 303, 304], [0, END, END, END, END, END]], dtype=torch.int32)
    z = torch.randn(2, 4, 16, 16)
    t = torch.tensor([501])
    with torch.no_grad():
        words = model.text(ids)
    image = {0: "batch", 2: "height", 3: "width"}
    length = {0: "batch", 1: "length"}

    write(model.text, out / "text_encoder" / "model.onnx", [ids], ["input_ids"], ["last_hidden_state"],
          dict(input_ids=length, last_hidden_state=length))
    seen = ["sample", "timestep", "encoder_hidden_states"]
    picture = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        residuals = control(z, t, words, picture)
    inner = {name: image for name in RESIDUALS}
    write(model.unet, out / "unet" / "model.onnx", [z, t, words, *residuals], seen + RESIDUALS, ["out_sample"],
          dict(sample=image, encoder_hidden_states=length, out_sample=image, **inner))
    write(control, out / "controlnet" / "model.onnx", [z, t, words, picture], seen + ["controlnet_cond"], RESIDUALS,
          dict(sample=image, encoder_hidden_states=length, controlnet_cond=image, **inner))
    write(upscaler, out / "upscaler" / "model.onnx", [picture * 2 - 1], ["sample"], ["out_sample"],
          dict(sample=image, out_sample=image))
    write(vae.decoder, out / "vae_decoder" / "model.onnx", [z], ["latent_sample"], ["sample"],
          dict(latent_sample=image, sample=image))
    write(encoder, out / "vae_encoder" / "model.onnx", [torch.randn(2, 3, 64, 64).clamp(-1, 1)], ["sample"],
          ["latent_sample"], dict(sample=image, latent_sample=image))

    one, wide = torch.randn(1, 4, 16, 16), torch.randn(3, 4, 16, 24)
    compare(model.text, out / "text_encoder" / "model.onnx", ["input_ids"], [(ids,), (ids[:1, :9],)])
    shown = lambda b, w: torch.rand(b, 3, 64, w)
    moments = [(z, t, words, picture), (one, torch.tensor([1]), words[:1], shown(1, 64)),
               (wide, torch.tensor([951]), words[[0, 1, 0]], shown(3, 96))]
    compare(control, out / "controlnet" / "model.onnx", seen + ["controlnet_cond"], moments)
    with torch.no_grad():
        controlled = [(x, when, said, *control(x, when, said, c)) for x, when, said, c in moments]
    compare(model.unet, out / "unet" / "model.onnx", seen + RESIDUALS, controlled)
    compare(upscaler, out / "upscaler" / "model.onnx", ["sample"], [(shown(2, 64) * 2 - 1,), (shown(1, 96) * 2 - 1,)])
    compare(vae.decoder, out / "vae_decoder" / "model.onnx", ["latent_sample"], [(z,), (one,), (wide,)])
    compare(encoder, out / "vae_encoder" / "model.onnx", ["sample"],
            [(torch.rand(b, 3, 64, w) * 2 - 1,) for b, w in ((1, 64), (2, 96))])
    for part in STORED_AS_BYTES:
        store_bytes(out / part / "model.onnx")

    config = lambda folder, **c: (out / folder / "config.json").write_text(json.dumps(c, indent=2) + "\n")
    config("vae_decoder", scaling_factor=factor, latent_channels=4, sample_size=64, block_out_channels=[48, 48, 112])
    config("vae_encoder", scaling_factor=factor, latent_channels=4, sample_size=64, block_out_channels=[32, 32, 64])
    config("unet", in_channels=4, out_channels=4, sample_size=16, cross_attention_dim=128)
    config("text_encoder", hidden_size=128, num_hidden_layers=2, num_attention_heads=4, vocab_size=vocab,
           max_position_embeddings=LENGTH, bos_token_id=0, eos_token_id=END, pad_token_id=END)
    schedule.save(out / "scheduler")
    (out / "model_index.json").write_text(json.dumps(dict(
        _class_name="OnnxStableDiffusionPipeline",
        scheduler=["diffusers", "UniPCMultistepScheduler"],
        text_encoder=["diffusers", "OnnxRuntimeModel"],
        tokenizer=["transformers", "PreTrainedTokenizerFast"],
        unet=["diffusers", "OnnxRuntimeModel"],
        vae_decoder=["diffusers", "OnnxRuntimeModel"],
        vae_encoder=["diffusers", "OnnxRuntimeModel"],
        safety_checker=[None, None],
        feature_extractor=[None, None],
        requires_safety_checker=False,
        default_steps=20,
        default_guidance_scale=4.0,
        sample_size=64), indent=2) + "\n")
    (out / "concepts.json").write_text(json.dumps(suggestions(), indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Store a graph's large weights as bytes, with a scale for each output channel, and widen them in the graph itself.

The file is a quarter as large and every runtime computes in float32. For float32 graphs, and for those
stored in half precision before.

    python store_bytes.py ../controlnet/model.onnx
"""
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

STORED_FROM = 1024  # numbers in a tensor; norms and biases are few


def finish(m, path):
    """Check the graph and save it without what changes from one machine to another."""
    m.producer_version = ""
    m.doc_string = ""
    for node in m.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(m)
    onnx.save(m, str(path))


def widen_halves(m):
    """Float32 weights in place of half-precision ones that a cast widens."""
    halves = {t.name: t for t in m.graph.initializer if t.data_type == TensorProto.FLOAT16}
    for node in [n for n in m.graph.node if n.op_type == "Cast" and n.input[0] in halves]:
        tensor = halves[node.input[0]]
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float32), node.output[0]))
        m.graph.node.remove(node)


def as_bytes(value, channel):
    """int8 weights and the scale of each output channel, which multiplies them back."""
    others = tuple(axis for axis in range(value.ndim) if axis != channel)
    scale = (np.abs(value).max(others, keepdims=True) / 127).clip(1e-12).astype(np.float32)
    return np.round(value / scale).astype(np.int8), scale


def store_bytes(path):
    m = onnx.load(str(path))
    widen_halves(m)
    widening, scales = [], []
    for tensor in m.graph.initializer:
        value = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or value.size < STORED_FROM or value.ndim < 2:
            continue
        # The exporter transposes the matrices of linear layers, and leaves them without a name.
        stored, scale = as_bytes(value, value.ndim - 1 if tensor.name.startswith("onnx::MatMul") else 0)
        wide = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(stored, f"{wide}.int8"))
        scales.append(numpy_helper.from_array(scale, f"{wide}.scale"))
        widening += [
            helper.make_node("Cast", [f"{wide}.int8"], [f"{wide}.cast"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{wide}.cast", f"{wide}.scale"], [wide])]
    m.graph.initializer.extend(scales)
    for at, node in enumerate(widening):
        m.graph.node.insert(at, node)
    finish(m, path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        store_bytes(Path(name))
        print(f"{name}: {Path(name).stat().st_size / 1e6:.2f} MB")

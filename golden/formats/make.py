"""Small files that show how other software writes and reads the checkpoint formats.

usage: make.py OUT      (Python 3.11; safetensors 0.8.0, gguf 0.19.0, ml_dtypes 0.6.0, numpy 2.4.6)

dtypes.safetensors   one tensor of every dtype that safetensors 0.8.0 can write from Python, written by its own writer;
                     "NAME.f32" holds what numpy / ml_dtypes make of each that is a real number
quantised.safetensors  f32 rows with awkward values, and the bytes that gguf makes of them as Q8_0, Q4_0, BF16
metadata.gguf        every metadata type of GGUF, nested lists, alignment 64, tensors of the plain types
"""
import sys
import gguf
import ml_dtypes
import numpy as np
from gguf import GGMLQuantizationType as T, GGUFValueType as V, quants
from safetensors import TensorSpec, serialize_file

out = sys.argv[1]
rng = np.random.default_rng(20261121)


alive = []


def entry(a, dtype, shape=None):
    a = np.array(a, order="C")
    alive.append(a)
    return TensorSpec(dtype=dtype, shape=list(a.shape if shape is None else shape), data_ptr=a.ctypes.data, data_len=a.nbytes)


# 1. every dtype
every_byte = np.arange(256, dtype=np.uint8)
small = {
    "float8_e4m3fn": ml_dtypes.float8_e4m3fn,
    "float8_e5m2": ml_dtypes.float8_e5m2,
    "float8_e8m0fnu": ml_dtypes.float8_e8m0fnu,
    "float8_e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
    "float8_e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
}
tensors = {}
for name, kind in small.items():
    tensors[name] = entry(every_byte.view(kind), name)
    tensors[name + ".f32"] = entry(every_byte.view(kind).astype(np.float32), "float32")
plain = {
    "bool": np.array([True, False, True]),
    "uint8": np.array([0, 7, 255], np.uint8),
    "int8": np.array([-128, 0, 127], np.int8),
    "uint16": np.array([0, 65535], np.uint16),
    "int16": np.array([-32768, 32767], np.int16),
    "uint32": np.array([0, 2**32 - 1, 16777217], np.uint32),
    "int32": np.array([-(2**31), 2**31 - 1], np.int32),
    "uint64": np.array([0, 2**64 - 1, 2**63 + 2**39 + 1, 2**63 + 3 * 2**39], np.uint64),
    "int64": np.array([-(2**63), 2**63 - 1, 2**40 + 2**16 + 1], np.int64),
    "float16": np.concatenate([np.arange(0, 65536, 97).astype(np.uint16).view(np.float16), np.array([65504, 6e-8], np.float16)]),
    "bfloat16": np.arange(0, 65536, 97).astype(np.uint16).view(ml_dtypes.bfloat16),
    "float32": np.array([0, -0.0, 1e-45, 3.4e38, np.inf, -np.inf], np.float32),
    "float64": np.array([0.1, 1e-300, 1e300, 1 + 2**-24, 1 + 2**-24 + 2**-50], np.float64),
    "scalar": np.array(2.5, np.float32),
    "empty": np.zeros((0, 3), np.float32),
}
with np.errstate(all="ignore"):
    for name, a in plain.items():
        tensors[name] = entry(a, str(a.dtype))
        tensors[name + ".f32"] = entry(a.astype(np.float32), "float32")
tensors["complex64"] = entry(np.array([1 + 2j, -3j], np.complex64), "complex64")
tensors["float4_e2m1fn_x2"] = entry(np.arange(8, dtype=np.uint8), "float4_e2m1fn_x2", (2, 4))
serialize_file(tensors, out + "/dtypes.safetensors", {"format": "pt", "note": "gr\u00fcn \u2713 \"quoted\""})

# 2. what gguf quantises
rows = rng.standard_normal((40, 64)).astype(np.float32)
rows[0] = 0
rows[1, :32] = 1e-30
rows[2] = np.repeat([3.0, -3.0], 32)
rows[3] = np.arange(64) - 32
rows[4] = (np.arange(64) - 32) * 0.5
rows[5, ::2] = -rows[5, 1::2]
rows[6] = np.tile(np.float32([127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 63.5]), 8)
rows[7] *= 1e4
rows[8] *= 1e-6
q = {"rows": entry(rows, "float32")}
for t in (T.Q8_0, T.Q4_0, T.BF16):
    q[t.name] = entry(quants.quantize(rows, t), "uint8")
serialize_file(q, out + "/quantised.safetensors", None)

# 3. metadata of every type
w = gguf.GGUFWriter(out + "/metadata.gguf", "none")
w.add_custom_alignment(64)
w.add_key_value("t.u8", 200, V.UINT8)
w.add_key_value("t.i8", -100, V.INT8)
w.add_key_value("t.u16", 60000, V.UINT16)
w.add_key_value("t.i16", -30000, V.INT16)
w.add_key_value("t.u32", 4000000000, V.UINT32)
w.add_key_value("t.i32", -2000000000, V.INT32)
w.add_key_value("t.u64", 2**63 + 5, V.UINT64)
w.add_key_value("t.i64", -(2**62), V.INT64)
w.add_key_value("t.f32", 0.1, V.FLOAT32)
w.add_key_value("t.f64", 0.1, V.FLOAT64)
w.add_key_value("t.bool", True, V.BOOL)
w.add_key_value("t.text", "gr\u00fcn \u2713", V.STRING)
w.add_array("t.texts", ["a", "", "\u2581hello", "\n"])
w.add_array("t.floats", [0.5, -1.25, 1e-6])
w.add_array("t.ints", [1, -2, 3])
w.add_array("t.nested", [[1, 2], [3], [4, 5, 6]])
w.add_tensor("f32", np.arange(6, dtype=np.float32).reshape(2, 3))
w.add_tensor("f16", np.arange(8, dtype=np.float16).reshape(2, 2, 2))
w.add_tensor("f64", np.arange(3, dtype=np.float64) / 3)
w.add_tensor("i8", np.array([-1, 2], np.int8))
w.add_tensor("i16", np.array([-1, 2], np.int16))
w.add_tensor("i32", np.array([-1, 2], np.int32))
w.add_tensor("i64", np.array([-1, 2**40], np.int64))
w.write_header_to_file()
w.write_kv_data_to_file()
w.write_tensors_to_file()
w.close()

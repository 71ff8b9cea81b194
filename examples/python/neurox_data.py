"""Activations and labels as NeuroX stores them, tested by Penfield.

  neurox_data.py [ACTIVATIONS WORDS LABELS LABEL]

ACTIVATIONS is what NeuroX's extractor wrote, .json or .hdf5 (needs h5py); WORDS and LABELS have a sentence a line, with
spaces between words; LABEL is the label of the targets. Without arguments, such files are made with the bundled model.
"""

import json
import pathlib
import sys
import tempfile

import numpy as np
import penfield


def read_json(path):
    """A matrix [words, layers x units] for each sentence."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = json.loads(line)["features"]
            yield np.array([[layer["values"] for layer in word["layers"]] for word in words], np.float32).reshape(len(words), -1)


def read_hdf5(path):
    import h5py

    with h5py.File(path) as file:
        for i in sorted(json.loads(file["sentence_to_index"][0]).values(), key=int):
            yield np.swapaxes(file[i][:], 0, 1).reshape(file[i].shape[1], -1)


def make_files(folder):
    values, tokens = penfield.activations(penfield.demo_model(), penfield.demo_text(), layers=[1, 2], rows=60)
    is_name = penfield.label(penfield.demo_model(), penfield.demo_text(), "proper-noun", rows=60)["label"]
    paths = [folder / name for name in ("activations.json", "words.txt", "labels.txt")]
    activations, words, labels = (open(path, "w", encoding="utf-8") for path in paths)
    with activations, words, labels:
        for document in np.unique(tokens["document"]):
            own = np.flatnonzero(tokens["document"] == document)
            texts = [tokens["token"][i] for i in own]
            features = [{"token": text, "layers": [{"index": k, "values": layer.tolist()} for k, layer in enumerate(rows)]}
                        for text, rows in zip(texts, values[own].reshape(len(own), 2, -1))]
            print(json.dumps({"linex_index": int(document), "features": features}), file=activations)
            print(*texts, file=words)
            print(*("NAME" if is_name[i] else "O" for i in own), file=labels)
    return *paths, "NAME"


if len(sys.argv) > 4:
    activations, words, labels, target = sys.argv[1:5]
else:
    activations, words, labels, target = make_files(pathlib.Path(tempfile.mkdtemp()))
read = read_hdf5 if str(activations).endswith(".hdf5") else read_json
X = np.concatenate(list(read(activations)))
words, labels = ([word for line in open(path, encoding="utf-8") for word in line.split()] for path in (words, labels))
y = np.array([label == target for label in labels])
# A word is no observation of its own: its occurrences belong together.
table = penfield.associate(X, y, cluster=words, correction="bonferroni")
order = np.argsort(-np.nan_to_num(table["neglog10_p_cluster"]))[:5]
for i in order:
    print(f"column {i}: AUC {table['auc'][i]:.3f}, -log10 p {table['neglog10_p_cluster'][i]:.1f} by word")

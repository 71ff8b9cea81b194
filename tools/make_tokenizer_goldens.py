#!/usr/bin/python3
"""Small tokenizer.json files of every kind that Penfield reads, and the tokenizers library's ids for hard texts.

Each tokenizer is trained here on the bundled demo text, with the normaliser, the pattern, the added tokens and the model options
of a family; none of a released model's vocabulary is in it. Writes to tests/golden/tokens/tokenizers:

  NAME.json       a tokenizer.json
  NAME.ids.jsonl  for each text of texts.json its ids without the template's tokens, and with special tokens spelled out
  texts.json      the texts
  record.json     versions

With `--released FOLDER` it reads tokenizers in FOLDER instead as they were released with their models, NAME/tokenizer.json or
GPT-2's NAME/vocab.json and NAME/merges.txt, and writes to tests/golden/tokens/released the ids of the same texts, and in
record.json the checksum of each tokenizer.json or vocab.json. The tokenizers themselves are not committed.

Needs tokenizers (made with 0.23.3). Texts hold no character that was assigned after Unicode 14.0 (see tests/golden/tokens/README.md).
"""
import hashlib, json, pathlib, random, sys, unicodedata
import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers as N, pre_tokenizers as P, processors, trainers

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "tests" / "golden" / "tokens" / "tokenizers"
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace("{1,3}", "")


def training_lines():
    lines = (ROOT / "data" / "demo" / "articles.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    return lines[::7] + ["  \n\n", "\t\tx\n", "don't 12,345 CAN'T\n", "café naïve Ångström\n"] * 20


def byte_level(vocab_size, *pre, normalizer=None, specials=("<|endoftext|>",), alphabet=True):
    t = Tokenizer(models.BPE())
    if normalizer:
        t.normalizer = normalizer
    t.pre_tokenizer = pre[0] if len(pre) == 1 else P.Sequence(list(pre))
    t.train_from_iterator(training_lines(), trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=list(specials), show_progress=False,
        initial_alphabet=P.ByteLevel.alphabet() if alphabet else []))
    return t


def by_template(t, token):
    t.post_processor = processors.TemplateProcessing(single=f"{token} $A", pair=f"{token} $A {token} $B",
                                                     special_tokens=[(token, t.token_to_id(token))])


def sentencepiece(vocab_size, normalizer=None, pre=None, byte_fallback=True, fuse_unk=True, user=()):
    """Merging runs over characters; the training alone is by words."""
    t = Tokenizer(models.BPE(unk_token="<unk>"))
    if normalizer:
        t.normalizer = normalizer
    t.pre_tokenizer = pre or P.Split(Regex(r"[^▁]*▁?[^▁]*▁?"), "isolated")  # words in twos, so that tokens hold a ▁ inside
    specials = ["<unk>", "<s>", "</s>"]
    bytes_ = [f"<0x{b:02X}>" for b in range(256)] if byte_fallback else []
    t.train_from_iterator(training_lines(), trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=specials + bytes_ + list(user), show_progress=False, limit_alphabet=70))
    made = json.loads(t.to_str())
    made["added_tokens"] = [a for a in made["added_tokens"] if a["content"] in specials + list(user)]
    for token in made["added_tokens"]:
        token["special"] = token["content"] in specials
    made["model"].update(byte_fallback=byte_fallback, fuse_unk=fuse_unk)
    made["pre_tokenizer"] = None
    t = Tokenizer.from_str(json.dumps(made))
    if pre:
        t.pre_tokenizer = pre
    by_template(t, "<s>")
    return t


def split(pattern, behavior="isolated", invert=False):
    return P.Split(Regex(pattern), behavior, invert)


def with_whole_piece(t, piece):
    """A token that no merge makes: found where ignore_merges is set."""
    made = json.loads(t.to_str())
    made["model"]["vocab"][piece] = len(made["model"]["vocab"])
    made["model"]["ignore_merges"] = True
    return Tokenizer.from_str(json.dumps(made))


def gpt2():
    return byte_level(420, P.ByteLevel(add_prefix_space=False))


def neox():
    t = byte_level(420, P.ByteLevel(add_prefix_space=False), normalizer=N.NFC(), specials=("<|endoftext|>", "<|padding|>"))
    t.add_tokens([AddedToken(" " * n, normalized=True) for n in range(24, 1, -1)])
    return t


def llama3():
    t = byte_level(420, split(LLAMA3), P.ByteLevel(add_prefix_space=False, use_regex=False), specials=("<|begin_of_text|>",))
    t = with_whole_piece(t, "Ġwxyzzy")
    by_template(t, "<|begin_of_text|>")
    return t


def qwen2():
    t = byte_level(420, split(QWEN2), P.ByteLevel(add_prefix_space=False, use_regex=False), normalizer=N.NFC())
    t.add_special_tokens(["<|im_start|>", "<|im_end|>"])
    t.add_tokens([AddedToken("<think>", normalized=False)])
    return t


def olmo2():
    return byte_level(420, split(LLAMA3, "removed", True), P.ByteLevel(add_prefix_space=False, use_regex=False))


def smollm2():
    """Trained without the whole alphabet: some bytes have no token."""
    return byte_level(330, P.Digits(individual_digits=True), P.ByteLevel(add_prefix_space=False), alphabet=False)


def prefixed():
    t = byte_level(420, P.ByteLevel(add_prefix_space=True))
    t.add_special_tokens([AddedToken("<mask>", lstrip=True), AddedToken("<r>", rstrip=True)])
    t.add_tokens([AddedToken("ten", single_word=True), AddedToken("Ne\u0301", normalized=True)])
    return t


def llama2():
    return sentencepiece(520, N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")]))


def mistral():
    return sentencepiece(520, pre=P.Metaspace("▁", "first", split=False))


def metaspace():
    return sentencepiece(520, pre=P.Metaspace("▁", "always", split=True))


def gemma():
    user = ["\n" * n for n in range(1, 6)] + ["▁" * n for n in range(2, 6)] + ["<table>"]
    t = sentencepiece(540, N.Replace(" ", "▁"), user=user)
    t.pre_tokenizer = P.Split(" ", "merged_with_previous")
    return t


def unknown(fuse):
    return sentencepiece(200, N.Replace(" ", "▁"), byte_fallback=False, fuse_unk=fuse)


TOKENIZERS = {"gpt2": gpt2, "neox": neox, "llama3": llama3, "qwen2": qwen2, "olmo2": olmo2, "smollm2": smollm2,
              "prefixed": prefixed, "llama2": llama2, "mistral": mistral, "metaspace": metaspace, "gemma": gemma,
              "unknown": lambda: unknown(False), "unknown_fused": lambda: unknown(True)}


def texts():
    rng = random.Random(11)
    yield from ("", "a", " ", "\n", "  ", "The city of New York\n\nwas founded. \n", "don't CAN'T I'LL it'\u017f", "12345 678,9 x1y22 ²½",
                " wxyzzy wxyzzyx", "x     y      z" + " " * 30 + "end", "a\r\n\tb\n \n  c\n\n\n\n\n\nd", "\u00a0x\u2003y\u3000\u2028z",
                "Ångström A\u030angstro\u0308m \u212b e\u0302\u0323 \uac00\u11a8 \u0958", "naïve café — “quotes” 日本語 😀👍🏽 \x00\x1b",
                "<|endoftext|>a<|endoftext|> <|begin_of_text|><s> </s>x", "<s>a b<s>  c</s>\n<unk>", "a <mask> b<mask>  c<r>  d <r>",
                "ten often ten. tension Ne\u0301 N\u00e9x", "<|im_start|>user\n<think>hi</think><|im_end|>", "<table> \n\n x<table>",
                "▁a ▁▁ b▁", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "<0x0A><0x41>", "the the the\tthe\nthe")
    assigned = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and unicodedata.category(chr(c)) != "Cn"]
    edges = list(" \n\t.'-_09Aae\u0301\u0323\u00a0é中▁") + ["  ", "\n\n", "the ", " of", "<s>", "<|endoftext|>", "<mask>", "ten"]
    for i in range(60):
        pool = edges if i % 2 else assigned
        yield "".join(rng.choice(pool) for _ in range(rng.randrange(1, 30)))


def write_ids(tokenizer, hard, path):
    with open(path, "w", encoding="ascii") as f:
        for text in hard:
            ids = []
            for spelled in (False, True):
                tokenizer.encode_special_tokens = spelled
                ids.append(tokenizer.encode(text, add_special_tokens=False).ids)
            f.write(json.dumps({"ids": ids[0], "spelled": ids[1]}, separators=(",", ":")) + "\n")


def write_released(folder):
    out = OUT.parent / "released"
    out.mkdir(exist_ok=True)
    record = {"python": sys.version.split()[0], "tokenizers": tokenizers.__version__, "sha256": {}}
    for of_name in sorted(path for path in pathlib.Path(folder).iterdir() if path.is_dir()):
        path = of_name / "tokenizer.json"
        if path.exists():
            t = Tokenizer.from_file(str(path))
        else:
            path = of_name / "vocab.json"
            t = Tokenizer(models.BPE.from_file(str(path), str(of_name / "merges.txt")))
            t.pre_tokenizer = P.ByteLevel(add_prefix_space=False)
            t.add_special_tokens(["<|endoftext|>"])
        write_ids(t, list(texts()), out / f"{of_name.name}.ids.jsonl")
        record["sha256"][of_name.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    (out / "record.json").write_text(json.dumps(record, indent=1) + "\n", encoding="ascii")


def main():
    if sys.argv[1:2] == ["--released"]:
        return write_released(sys.argv[2])
    OUT.mkdir(parents=True, exist_ok=True)
    hard = list(texts())
    (OUT / "texts.json").write_text(json.dumps(hard, indent=0) + "\n", encoding="ascii")
    for name, make in TOKENIZERS.items():
        made = json.loads(make().to_str())
        (OUT / f"{name}.json").write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="ascii")
        write_ids(Tokenizer.from_file(str(OUT / f"{name}.json")), hard, OUT / f"{name}.ids.jsonl")
    record = {"python": sys.version.split()[0], "tokenizers": tokenizers.__version__}
    (OUT / "record.json").write_text(json.dumps(record, indent=1) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Checks `penfield tokenize` against the tokenizers library, id for id, on whole corpora.

  tools/check_tokenizers.py PENFIELD [NAME…]

  PENFIELD_TOKENIZERS   folder that holds NAME/tokenizer.json for each tokenizer; NAME may be a link to NAME.gguf beside its
                        tokenizer.json: then the GGUF file is read and compared with the ids of the tokenizer.json
  PENFIELD_CORPORA      folder with *.raw or *.txt (plain text) and *.conllu (its "# text" lines), also in folders

Besides the corpora it reads 400 lines of random characters, 200 lines of random marks, spaces and newlines, and its own source.
Every text is encoded whole (--encode documents), line by line (--encode rows), and with special tokens spelled out
(--special text). Prints a line for each tokenizer; exits with 1 where an id differs, with 77 where a variable is not set.

Random characters are those assigned in the Unicode version of Python (14.0 in Python 3.11), less those that the library's
normaliser orders or composes in another way than unicodedata (98 marks assigned since Unicode 10; it has older tables): the
library's regex engine follows Unicode 16, Penfield Unicode 15.0, and newer characters are in another class.

Needs tokenizers (compared with 0.23.3).
"""
import json, os, pathlib, random, re, subprocess, sys, tempfile, time, unicodedata

DOCUMENT_LINES = 200


def agreed(c):
    """Whether the library and unicodedata compose it alike."""
    nfc = tokenizers.normalizers.NFC()
    return all(nfc.normalize_str(s) == unicodedata.normalize("NFC", s) for s in (c, f"a{c}\u0323", f"a\u0301{c}", f"a{c}\u0301"))


def random_lines():
    rng = random.Random(4)
    assigned = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and unicodedata.category(chr(c)) != "Cn"]
    assigned = [c for c in assigned if not unicodedata.combining(c) or agreed(c)]
    latin = [c for c in assigned if ord(c) < 0x250]
    marks = [c for c in assigned if unicodedata.combining(c)] + list("\u1161\u11a8\u1100\uac00\u0958\u2126\u212b")
    pools = [assigned, latin + [" "] * 30, marks + list("aeoAEO ")]
    for i in range(400):
        yield "".join(rng.choice(pools[i % 3]) for _ in range(rng.randrange(1, 120)))
    edges = list(" \n\r\t\u00a0\u2028\u3000'.,!-_<>|") + ["'s", "'LL", "'\u017f", "  ", "\n\n", "ab", "Z", "7", "12345", "\u2581", "é", "中"]
    edges += ["<|endoftext|>", "<s>", "</s>", "<bos>", "<table>", "<|im_start|>", "\u2581\u2581"]
    for _ in range(200):
        yield "".join(rng.choice(edges) for _ in range(rng.randrange(1, 60)))


def documents(corpora):
    own = pathlib.Path(__file__).read_text(encoding="utf-8")
    yield from (own, own.replace("    ", "\t"), " " * 1000, "\n" * 1000, "x" * 100_000, "ab" * 30_000, "^" * 50_000)
    yield from random_lines()
    for path in sorted(corpora.rglob("*")):
        if path.suffix in (".raw", ".txt"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        elif path.suffix == ".conllu":
            lines = [line[9:] for line in path.open(encoding="utf-8") if line.startswith("# text = ")]
        else:
            continue
        for first in range(0, len(lines), DOCUMENT_LINES):
            yield "".join(lines[first:first + DOCUMENT_LINES])


def rows_of(text):
    """A row ends behind its newline."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def penfield_ids(program, model, path, *flags):
    out = subprocess.run([program, "tokenize", "-m", model, "-t", path, "-q", *flags], check=True, capture_output=True, text=True)
    return [[int(i) for i in line.split()] for line in out.stdout.split("\n")[:-1]]


def check(program, name, model, library, texts, path):
    def whole(text):
        return library.encode(text, add_special_tokens=False).ids

    def by_rows(text):
        return [i for row in rows_of(text) for i in whole(row)]

    worst = 0
    n_tokens = {}
    for kind, flags, encode in (("documents", (), whole), ("rows", ("--encode", "rows"), by_rows),
                                ("special text", ("--special", "text"), whole)):
        library.encode_special_tokens = kind == "special text"
        began = time.time()
        ids = penfield_ids(program, model, path, *flags)
        seconds = time.time() - began
        assert len(ids) == len(texts), (len(ids), len(texts))
        n_different = 0
        for text, found in zip(texts, ids):
            expected = encode(text)
            if found == expected:
                continue
            n_different += 1
            at = next((i for i, (a, b) in enumerate(zip(found, expected)) if a != b), min(len(found), len(expected)))
            if n_different <= 3:
                print(f"  {name}, {kind}: token {at}: {found[at - 2:at + 3]}, not {expected[at - 2:at + 3]}: "
                      f"{library.decode(expected[max(0, at - 5):at + 5], skip_special_tokens=False)!r}")
        n_tokens[kind] = sum(map(len, ids))
        worst += n_different
        if kind == "documents":
            speed = sum(len(t.encode()) for t in texts) / seconds / 1e6
    print(f"{name}: {len(texts)} texts, {n_tokens['documents']} tokens ({n_tokens['rows']} by rows), "
          f"{worst} texts differ; {speed:.1f} MB/s with reading the tokenizer", flush=True)
    return worst


def main():
    tokenizers_folder, corpora = (os.environ.get(v) for v in ("PENFIELD_TOKENIZERS", "PENFIELD_CORPORA"))
    if not tokenizers_folder or not corpora:
        print("skipped: set PENFIELD_TOKENIZERS and PENFIELD_CORPORA")
        return 77
    global tokenizers
    import tokenizers
    texts = [text.replace("\r\n", "\n") for text in documents(pathlib.Path(corpora)) if text]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text in texts)
        file.flush()
        n_different = 0
        for folder in sorted(pathlib.Path(tokenizers_folder).iterdir()):
            if len(sys.argv) > 2 and folder.name not in sys.argv[2:]:
                continue
            library = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
            for model in [folder, *sorted(folder.glob("*.gguf"))]:
                n_different += check(sys.argv[1], model.name, str(model), library, texts, file.name)
    return 1 if n_different else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main())

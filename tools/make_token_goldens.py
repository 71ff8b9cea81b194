#!/usr/bin/python3
"""Expected token ids for tests/golden/tokens, from an encoder that shares nothing with Penfield's.

The encoder is tools/demo-model/bpe.py's: the published pattern run by the `regex` module, and the rescanning merge of
the original. Without arguments it writes the goldens with the bundled model's vocabulary:

  cases.jsonl        {"text": ..., "ids": [...]}, each text encoded as one row
  long_runs.jsonl    {"unit": ..., "repeat": n, "n_ids": ..., "sha256": ...}, unit repeated n times (1 MB) as one row; the
                     hash is of the ids as little-endian uint32
  char_classes.tsv   first, last code point (hex) and class (L, N, S) of every range that `regex` takes for \\p{L}, \\p{N}
                     or \\s; what is in none is of no class
  record.json        versions

With `--hash FOLDER FILE...` it prints, for each file of plain text, the number of tokens under the vocabulary in FOLDER,
row by row, and the same hash: the facts in tests/golden/tokens/README.md.

Needs python3-regex, python3-numpy.
"""
import hashlib, itertools, json, pathlib, random, struct, sys, unicodedata
import regex

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools" / "demo-model"))
import bpe  # noqa: E402

OUT = ROOT / "tests" / "golden" / "tokens"

CONTRACTIONS = [
    "I'm sure they've said it's what he'd do, you're late, we'll see, don't.",
    "I'M SURE THEY'VE SAID IT'S WHAT HE'D DO, YOU'RE LATE, WE'LL SEE, DON'T.",
    "'s't're've'm'll'd", "'S'T'RE'VE'M'LL'D", "'sa 'ta 'rea 'vea 'ma 'lla 'da", "' s ' t", "'l 'r 'v 'e", "''s '''s",
    "rock 'n' roll's 'tis 'twas", "it’s they’re (curly)", "a's' b'", "'", "''", " '", "' ", "'\n's", "x'dx'dx", "9's 9'll",
    "'ſ 'ſa", "'ré 'lla'l",
]
SCRIPTS = [
    "The quick brown fox jumps over the lazy dog.",
    "Ελληνικά κείμενα και ΚΕΦΑΛΑΙΑ", "Русский текст, с запятыми", "日本語のテキスト。カタカナとひらがな", "中文文本，没有空格。",
    "한국어 문장입니다.", "النص العربي مع تشكيل: كِتَابٌ", "עברית עם נִקּוּד", "हिन्दी में एक वाक्य।", "ภาษาไทยไม่มีช่องว่าง", "ქართული ენა",
    "Tiếng Việt có dấu", "naïve café — “quotes” … €100", "e\u0301 a\u0308 combining, z\u0351\u036b\u0343\u036a\u0302 stacked",
    "ǅ ǈ ǋ titlecase, ªº ordinals, ʰʷ modifiers", "Ⅳ ⅷ ½ ² ① ٣٤٥ १२३ 𝟘𝟙 numbers", "ﬁ ﬂ ligatures, Ａｆｕｌｌ１",
    "\U00010400\U00010428 Deseret \U0001e900", "𠀀𠀁 beyond the BMP",
]
EMOJI = [
    "😀", "😀😀😀", " 😀 a😀b 1😀2", "👨‍👩‍👧‍👦 family", "🏳️‍🌈 flag", "👍🏽 skin tone", "🇩🇪🇫🇷", "1️⃣#️⃣", "☕️ ☕",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
]
SPACES = [
    " ", "  ", "   ", "\n", "\n\n", "\n\n\n", "\t", " \t \n \t ", "a  b", "a   b", "a \n b", "a\n\nb", "a\n \nb", "a \tb", "  a", "a  ",
    " \n", " = Title = \n", "x \u00a0y", "x\u00a0\u00a0y", "x\u3000y \u3000 z", "x\u2028y\u2029z", "x\u0085y", "x\u1680\u2000\u200ay",
    "x\u200by", "x\ufeffy", "\r\n", "a\r\nb", "a\rb", "\v\f", "x  \u00a0  y", "1 2  3   4", "! ?  .   ,", "a \u2003\u2003b",
]
CONTROLS = [
    "\x00", "a\x00b", "\x00\x00\x00", "".join(map(chr, range(32))), "".join(map(chr, range(127, 161))), "a\x1cb\x1dc\x1ed\x1fe",
    "\x1b[31mred\x1b[0m", "\u202eright to left\u202c", "\u00ad\u200c\u200d\u2060", "\ufffd\ufffe\uffff", "\ue000 private \U0010ffff",
    "\u0378\u0379 unassigned",
]
MIXED = [
    "", "a", "<|endoftext|>", "a<|endoftext|>b", " <|endoftext|>", "<script>alert(1)</script>", "3.14159, 1,000,000 and 1e-9",
    "abc123def456", "abc 123 def 456", "foo_bar->baz(x[1]);", "http://example.org/?q=a%20b#c", "@-@ @,@ @.@", "CamelCase HTTPServer",
    "...???!!!---", "a.b.c", "$€£¥", "_ __ ___", "#hash @at", "1st 2nd 3rd", "x²+y²=z²", "–—‐", "½cup", "don't1't", "Ġ Ċ Ń ġ",
]


def random_texts(seed, n):
    """Texts over several alphabets, so that every border between two classes is met."""
    rng = random.Random(seed)
    valid = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    ascii_mix = " \n\t'stremvld.,!?aAzZ019"
    edges = "a1.\u00a0 \n'\u00e9\u0663\u4e2d\U0001f600\u0301\u2028\x00s"
    for i in range(n):
        length = rng.randrange(1, 40)
        if i % 3 == 0:
            yield "".join(rng.choice(ascii_mix) for _ in range(length))
        elif i % 3 == 1:
            yield "".join(rng.choice(edges) for _ in range(length))
        else:
            yield "".join(chr(rng.choice(valid)) for _ in range(length))


def kinds_of_code_points():
    """The first code point of each general category in every block of 4096, between letters, spaces, digits and stops."""
    firsts = {}
    for c in range(0x110000):
        if not 0xD800 <= c < 0xE000:
            firsts.setdefault((unicodedata.category(chr(c)), c >> 12), chr(c))
    for c in firsts.values():
        yield f"a{c}a {c} 1{c}1.{c}"


def cases():
    runs = [unit * n for unit in ("x", "^", " ", "\n", "😀", "ab", "1", "é", "'", " x") for n in (2, 3, 7, 64, 257, 1000)]
    return list(itertools.chain(CONTRACTIONS, SCRIPTS, EMOJI, SPACES, CONTROLS, MIXED, runs, kinds_of_code_points(),
                                random_texts(20240229, 600)))


def char_classes():
    patterns = [("L", regex.compile(r"\p{L}")), ("N", regex.compile(r"\p{N}")), ("S", regex.compile(r"\s"))]
    classes = [next((name for name, p in patterns if p.match(chr(c))), "") for c in range(0x110000)]
    first = 0
    for name, group in itertools.groupby(classes):
        n = len(list(group))
        if name:
            yield first, first + n - 1, name
        first += n


def write_goldens():
    encode = bpe.Encoder(ROOT / "models" / "demo")
    OUT.mkdir(parents=True, exist_ok=True)
    with open(OUT / "cases.jsonl", "w", encoding="ascii") as f:
        for text in cases():
            f.write(json.dumps({"text": text, "ids": encode(text)}) + "\n")
    with open(OUT / "long_runs.jsonl", "w", encoding="ascii") as f:
        for unit in ("x", "^", " ", "😀", "the", "nation"):
            repeat = 1_000_000 // len(unit.encode())
            ids = encode(unit * repeat)
            f.write(json.dumps({"unit": unit, "repeat": repeat, "n_ids": len(ids), "sha256": sha256(ids)}) + "\n")
    with open(OUT / "char_classes.tsv", "w", encoding="ascii") as f:
        f.write("first\tlast\tclass\n")
        for first, last, name in char_classes():
            f.write(f"{first:X}\t{last:X}\t{name}\n")
    record = {"python": sys.version.split()[0], "regex": regex.__version__, "model": "models/demo"}
    (OUT / "record.json").write_text(json.dumps(record, indent=1) + "\n", encoding="ascii")


def sha256(ids):
    return hashlib.sha256(struct.pack(f"<{len(ids)}I", *ids)).hexdigest()


def print_hashes(folder, paths):
    encode = bpe.Encoder(folder)
    for path in paths:
        with open(path, encoding="utf-8", newline="\n") as f:
            ids = [i for row in f for i in encode(row)]
        print(path, len(ids), sha256(ids))


if __name__ == "__main__":
    if len(sys.argv) > 3 and sys.argv[1] == "--hash":
        print_hashes(sys.argv[2], sys.argv[3:])
    elif len(sys.argv) == 1:
        write_goldens()
    else:
        sys.exit(__doc__)

#!/usr/bin/python3
"""Prompt processing of a GGUF file by Penfield and by llama.cpp, in turns on the same cores.

  bench/llama_cpp.py FORWARD_BENCH FILE [--tokens 1024] [--threads 2] [--turns 5]      (FORWARD_BENCH: build/bench/forward_bench)

llama.cpp is given the tokens in one batch, without logits but for the last token; it keeps no activations, while Penfield hands on
every value of the default site of every layer. Prints for each turn the tokens a second of both, and at the end the best of each and
their ratio. Needs llama_cpp_py_sync, which brings llama.cpp compiled for AVX-512 or AVX2.
"""
import argparse, random, re, subprocess, time


def llama_context(path, args):
    from llama_cpp_py_sync._cffi_bindings import get_ffi, get_lib
    ffi, lib = get_ffi(), get_lib()
    lib.llama_backend_init()
    params = lib.llama_model_default_params()
    model = lib.llama_model_load_from_file(path.encode(), params)
    assert model != ffi.NULL, path
    context = lib.llama_context_default_params()
    context.n_ctx = context.n_batch = args.tokens
    context.n_threads = context.n_threads_batch = args.threads
    made = lib.llama_init_from_model(model, context)
    assert made != ffi.NULL
    return ffi, lib, model, made


def llama_seconds(ffi, lib, model, context, args):
    n_vocab = lib.llama_vocab_n_tokens(lib.llama_model_get_vocab(model))
    tokens = [random.randrange(n_vocab) for _ in range(args.tokens)]
    lib.llama_memory_clear(lib.llama_get_memory(context), True)
    ids = ffi.new("llama_token[]", tokens)
    begin = time.perf_counter()
    assert lib.llama_decode(context, lib.llama_batch_get_one(ids, args.tokens)) == 0
    lib.llama_synchronize(context)
    return time.perf_counter() - begin


def penfield_seconds(args):
    printed = subprocess.run([args.program, args.file, str(args.tokens), str(args.threads), "1"], check=True,
                             capture_output=True, text=True).stdout
    return [float(s) for s in re.findall(r"window: ([0-9.]+) s", printed)]  # float32, bfloat16


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("file")
    parser.add_argument("--tokens", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--turns", type=int, default=5)
    args = parser.parse_args()
    parts = llama_context(args.file, args)
    llama_seconds(*parts, args)
    best = {}
    for turn in range(args.turns):
        seconds = dict(zip(("Penfield f32", "Penfield bf16"), penfield_seconds(args)))
        seconds["llama.cpp"] = llama_seconds(*parts, args)
        for name, value in seconds.items():
            best[name] = min(value, best.get(name, value))
        print(f"turn {turn}: " + ", ".join(f"{name} {args.tokens / s:.0f} tokens/s" for name, s in seconds.items()), flush=True)
    for name, value in best.items():
        print(f"{name}: {args.tokens / value:.0f} tokens/s, {best['llama.cpp'] / value:.2f} of llama.cpp")


if __name__ == "__main__":
    main()

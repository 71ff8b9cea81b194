#include "readers.h"

#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "penfield/formats/gguf/gguf_file.h"
#include "penfield/formats/json.h"
#include "penfield/formats/npy.h"
#include "penfield/formats/safetensors.h"
#include "penfield/labels/label_file.h"
#include "penfield/store/run_json.h"
#include "penfield/store/units_table.h"
#include "penfield/text/corpus.h"
#include "penfield/tokens/gguf_spec.h"
#include "penfield/tokens/tokenizer_json.h"

namespace penfield::fuzz {
namespace {

template <class T>
std::string message_of(const Result<T>& result) {
  return result ? "" : result.error().message;
}

std::string read_npy(std::string_view /*bytes*/, const std::string& path) {
  return message_of(formats::NpyFile::open(path));
}
std::string read_safetensors(std::string_view /*bytes*/, const std::string& path) {
  return message_of(formats::open_safetensors(path));
}
// The tensors, then the tokenizer in the metadata, which the seed does not have.
std::string read_gguf(std::string_view /*bytes*/, const std::string& path) {
  const auto file = formats::open_gguf(path);
  if (file) (void)tokens::parse_gguf_tokenizer(file->metadata);
  return message_of(file);
}
std::string read_json(std::string_view bytes, const std::string& /*path*/) {
  return message_of(formats::parse_json(bytes, "x.json"));
}
std::string read_tokenizer(std::string_view bytes, const std::string& /*path*/) {
  return message_of(tokens::parse_tokenizer_json(bytes, "tokenizer.json"));
}
std::string read_text(std::string_view /*bytes*/, const std::string& path) {
  const std::vector<std::string> paths = {path};
  text::TextOptions options;
  options.max_memory_bytes = std::uint64_t{1} << 26;
  return message_of(text::read_corpus(paths, options));
}
std::string read_labels(std::string_view /*bytes*/, const std::string& path) {
  return message_of(labels::read_label_file(path, 4));
}
std::string read_units(std::string_view bytes, const std::string& /*path*/) {
  return message_of(store::parse_units(bytes, "units.tsv", store::UnitColumns::kAssociate));
}
std::string read_run(std::string_view bytes, const std::string& /*path*/) {
  return message_of(store::parse_run_document(bytes, "run.json"));
}

constexpr std::string_view kRows =
    "{\"text\": \"One row \\ud83d\\ude00.\", \"n\": 1.5e3}\n{\"meta\": [null, {}], \"text\": \"two\\n\"}\n";
constexpr std::string_view kTagged =
    "# text = Anna slept.\n1\tAnna\tAnna\tPROPN\tNNP\t_\t2\tnsubj\t_\t_\n"
    "2-3\tslept.\t_\t_\t_\t_\t_\t_\t_\t_\n2\tslept\tsleep\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No\n"
    "3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_\n\n";
constexpr std::string_view kTokenizer =
    R"({"added_tokens": [{"id": 3, "content": "<s>", "special": true}], "normalizer": {"type": "NFC"},
 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "<s>": 3}, "merges": ["a b"]}})";
constexpr std::string_view kRun =
    R"({"schema_version": 1, "penfield_version": "0.1.0", "seed": 7, "options": {"test": "lrt"}, "counts": {}})";

constexpr std::array kReaders = {
    Reader{"npy", "x.npy", "tests/golden/families/llama/losses.npy", "", read_npy},
    Reader{"safetensors", "x.safetensors", "tests/golden/families/gpt2/model.safetensors", "",
           read_safetensors},
    Reader{"gguf", "x.gguf", "tests/golden/gguf/gpt2.gguf", "", read_gguf},
    Reader{"json", "x.json", "tests/golden/families/gemma3-multimodal/config.json", "", read_json},
    Reader{"tokenizer.json", "tokenizer.json", "", kTokenizer, read_tokenizer},
    Reader{"plain text", "x.txt", "data/demo/README.md", "", read_text},
    Reader{"JSON Lines", "x.jsonl", "", kRows, read_text},
    Reader{"CoNLL-U", "x.conllu", "", kTagged, read_text},
    Reader{"labels", "x.labels", "", "0\n1\n1\n0\n", read_labels},
    Reader{"units.tsv", "units.tsv", "", "", read_units},
    Reader{"run.json", "run.json", "", kRun, read_run},
};

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

}  // namespace penfield::fuzz

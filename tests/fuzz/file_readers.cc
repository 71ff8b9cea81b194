// Weights, arrays and configurations.
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "checks.h"
#include "penfield/formats/dtype.h"
#include "penfield/formats/gguf/gguf_file.h"
#include "penfield/formats/gguf/gguf_for_tests.h"
#include "penfield/formats/json.h"
#include "penfield/formats/npy_header.h"
#include "penfield/formats/safetensors_for_tests.h"
#include "penfield/formats/safetensors_header.h"
#include "penfield/matrix_file/values.h"
#include "penfield/model/gguf_config.h"
#include "penfield/model/gguf_spec.h"
#include "penfield/model/model_spec.h"
#include "penfield/tokens/gguf_spec.h"
#include "readers.h"
#include "tape.h"

namespace penfield::fuzz {
namespace {

using formats::GgufBytes;
using Seeds = std::vector<std::string>;

// Every tensor lies inside the file, and is as long as its shape says.
void check_tensors(const std::vector<formats::Tensor>& tensors, std::string_view file) {
  for (const formats::Tensor& tensor : tensors) {
    PENFIELD_CHECK(formats::dtype_bytes(tensor.dtype, tensor.n_values()) == tensor.bytes.size());
    if (!tensor.bytes.empty()) {
      const auto* const begin = reinterpret_cast<const char*>(tensor.bytes.data());
      PENFIELD_CHECK(begin >= file.data() && begin + tensor.bytes.size() <= file.data() + file.size());
    }
    if (formats::encoding_of(tensor.dtype)) (void)formats::check_finite(tensor);
  }
}

std::string read_safetensors(std::string_view bytes) {
  const auto tensors = formats::parse_safetensors(std::as_bytes(std::span(bytes)), "x.safetensors");
  if (tensors) check_tensors(*tensors, bytes);
  return message_of(tensors);
}
constexpr std::string_view kTensorHeader =
    R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
    R"("b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]},"c":{"dtype":"I64","shape":[],"data_offsets":[32,40]}})";
Seeds safetensors_seeds() {
  return {formats::file_of(kTensorHeader, std::string(40, '\0')),
          formats::one_tensor(R"({"dtype":"U8","shape":[8],"data_offsets":[0,8]})"),
          formats::file_of("{}", "")};
}

// How many bytes of data, and the header.
std::string read_made_safetensors(std::string_view bytes) {
  Tape tape(bytes);
  const std::string data(tape.byte(), '\0');
  return read_safetensors(formats::file_of(tape.rest(), data));
}
Seeds made_safetensors_seeds() {
  return {std::string("\x28") + std::string(kTensorHeader), std::string(1, '\0') + "{}"};
}

// Every tensor that follows from a configuration has a size that 63 bits hold.
void check_shapes(const Result<model::ModelSpec>& spec) {
  constexpr std::uint32_t kFewLayers = 16;
  if (!spec || spec->architecture.n_layers() > kFewLayers) return;
  model::for_each_tensor(spec->architecture, spec->rules,
                         [](const model::TensorSlot& /*slot*/, const std::string& name,
                            const std::vector<std::uint64_t>& shape) {
                           PENFIELD_CHECK(!name.empty());
                           std::uint64_t n = 1;
                           for (const std::uint64_t side : shape)
                             PENFIELD_CHECK(!__builtin_mul_overflow(n, side, &n) && n > 0 && n >> 63 == 0);
                         });
}

// Tensors and metadata, then the tokenizer and the configuration in the metadata.
std::string read_gguf(std::string_view bytes) {
  const std::string path = put_file("x.gguf", bytes);
  const auto file = formats::open_gguf(path);
  if (!file) return file.error().message;
  check_tensors(file->tensors.tensors(), file->tensors.files()[0].text());
  auto tokenizer = tokens::parse_gguf_tokenizer(file->metadata);
  if (tokenizer) check_tokenizer(*std::move(tokenizer));
  check_shapes(model::read_gguf_spec(path));
  return "";
}
// A file's metadata without its tensors: what a model of that family says, in some kilobytes.
std::string metadata_of(const std::string& path) {
  const auto file = formats::open_gguf(path);
  PENFIELD_CHECK(file.has_value());
  GgufBytes bare;
  for (const formats::GgufEntry& entry : file->metadata.entries()) {
    std::string value = formats::gguf_number(static_cast<std::uint32_t>(entry.value.type));
    const std::string_view bytes(reinterpret_cast<const char*>(entry.value.bytes.data()),
                                 entry.value.bytes.size());
    if (entry.value.type == formats::GgufType::kString) value = formats::gguf_text(bytes);
    if (entry.value.type == formats::GgufType::kArray) {
      value = formats::gguf_array(static_cast<std::uint32_t>(entry.value.element_type),
                                  entry.value.n_elements, bytes);
    }
    if (value.size() == 4) value += bytes;
    bare.pairs.push_back({std::string(entry.key), std::move(value)});
  }
  return bare.bytes();
}
Seeds gguf_seeds() {
  Seeds seeds = {formats::small_gguf().bytes(), GgufBytes{}.bytes()};
  for (const char* family : {"gemma2", "gpt2", "gpt_neox", "llama", "llama-linear", "phi3"})
    seeds.push_back(metadata_of(std::string("tests/golden/gguf/") + family + ".gguf"));
  return seeds;
}

constexpr std::array<std::string_view, 24> kGgufKeys = {"general.architecture",
                                                        "general.alignment",
                                                        "general.name",
                                                        "split.count",
                                                        "split.no",
                                                        "tokenizer.ggml.model",
                                                        "tokenizer.ggml.pre",
                                                        "tokenizer.ggml.tokens",
                                                        "tokenizer.ggml.token_type",
                                                        "tokenizer.ggml.scores",
                                                        "tokenizer.ggml.merges",
                                                        "tokenizer.ggml.bos_token_id",
                                                        "tokenizer.ggml.add_bos_token",
                                                        "tokenizer.ggml.add_space_prefix",
                                                        "llama.context_length",
                                                        "llama.embedding_length",
                                                        "llama.block_count",
                                                        "llama.feed_forward_length",
                                                        "llama.attention.head_count",
                                                        "llama.attention.head_count_kv",
                                                        "llama.attention.layer_norm_rms_epsilon",
                                                        "llama.rope.dimension_count",
                                                        "llama.rope.freq_base",
                                                        "llama.vocab_size"};
constexpr std::array<std::string_view, 20> kGgufTexts = {
    "llama", "gpt2",   "a",     "b",      "ab",       "a b",       "\xe2\x96\x81",
    "<s>",   "</s>",   "<unk>", "<0x0A>", "\xc4\xa0", "llama-bpe", "default",
    "qwen2", "gemma2", "",      "smollm", "\xff",     "<0x41>"};

std::string made_text(Tape& tape) {
  const std::uint8_t which = tape.byte();
  return std::string(which < kGgufTexts.size() ? kGgufTexts.at(which) : tape.text());
}

// The bytes of `n` values of the type.
std::string made_values(Tape& tape, formats::GgufType type, std::uint64_t n) {
  std::string out;
  for (std::uint64_t i = 0; i < n; ++i) {
    if (type == formats::GgufType::kString) {
      out += formats::gguf_string(made_text(tape));
    } else if (type == formats::GgufType::kArray) {
      out += formats::gguf_number(std::uint32_t{0}) + formats::gguf_number(std::uint64_t{1}) + "x";
    } else if (type == formats::GgufType::kF32) {
      out += formats::gguf_number(static_cast<float>(tape.number()));
    } else {
      out += formats::gguf_number(tape.number()).substr(0, formats::gguf_type_bytes(type));
    }
  }
  return out;
}

formats::GgufBytes::Pair made_pair(Tape& tape) {
  const std::uint8_t which = tape.byte();
  GgufBytes::Pair pair;
  pair.key = which < kGgufKeys.size() ? kGgufKeys.at(which) : tape.text();
  const auto type = static_cast<formats::GgufType>(tape.byte() % formats::kGgufTypes);
  if (type != formats::GgufType::kArray) {
    pair.value = formats::gguf_number(static_cast<std::uint32_t>(type)) + made_values(tape, type, 1);
    return pair;
  }
  const auto element = static_cast<formats::GgufType>(tape.byte() % formats::kGgufTypes);
  const std::uint64_t n = tape.byte() % 32;
  pair.value = formats::gguf_array(static_cast<std::uint32_t>(element), n, made_values(tape, element, n));
  return pair;
}

void add_made_tensor(Tape& tape, GgufBytes& file) {
  const std::string name(tape.text());
  std::vector<std::uint64_t> dims;
  for (std::uint8_t n = tape.byte() % 5; n > 0; --n) dims.push_back(tape.number());
  const std::uint32_t type = tape.byte() % 48;
  file.add(name, std::move(dims), type, std::string(tape.number() % 4096, '\x3c'));
}

std::string read_made_gguf(std::string_view bytes) {
  Tape tape(bytes);
  GgufBytes file;
  while (!tape.is_empty()) {
    switch (tape.byte() % 16) {
      case 0:
        file.version = static_cast<std::uint32_t>(tape.number());
        break;
      case 1:
        file.more_pairs = tape.number();
        break;
      case 2:
        file.more_tensors = tape.number();
        break;
      case 3:
        if (!file.tensors.empty()) file.tensors.back().offset = tape.number();
        break;
      case 4:
        file.data += tape.text();
        break;
      case 5:
      case 6:
      case 7:
        add_made_tensor(tape, file);
        break;
      default:
        file.pairs.push_back(made_pair(tape));
    }
  }
  return read_gguf(file.bytes());
}
// A tokenizer of three tokens; a tensor of two values.
Seeds made_gguf_seeds() {
  return {std::string(
              "\x08\x05\x08\x00\x08\x07\x09\x08\x03\x02\x03\x04\x08\x08\x09\x05\x03\x01\x01\x01\x01\x01\x01"
              "\x08\x09\x09\x06\x03\x00\x00\x00",
              31),
          std::string("\x05\x01"
                      "a\x01\x01\x02\x00\x01\x08",
                      9)};
}

// The values too, of arrays that fit.
std::string read_npy(std::string_view bytes) {
  const auto header = formats::parse_npy_header(bytes, "x.npy");
  if (!header) return header.error().message;
  PENFIELD_CHECK(header->n_bytes <= bytes.size());
  return message_of(matrix_file::read_values(put_file("x.npy", bytes)));
}
Seeds npy_seeds() {
  const std::uint64_t matrix[] = {2, 3}, vector[] = {4};
  return {formats::npy_header("'<f4'", matrix) + std::string(24, '\0'),
          formats::npy_header("'|u1'", vector) + std::string(4, '\1'),
          formats::npy_header("'<i8'", vector) + std::string(32, '\0'),
          formats::npy_header("'<f2'", vector) + std::string(8, '\0')};
}

// Both readers take the same documents, and what is taken is written and read again as the same.
std::string read_json(std::string_view bytes) {
  const auto document = formats::parse_json(bytes, "x.json");
  PENFIELD_CHECK(document.has_value() == formats::parse_ordered_json(bytes, "x.json").has_value());
  if (!document) return document.error().message;
  const auto again = formats::parse_json(document->dump(), "again");
  PENFIELD_CHECK(again.has_value() && again->dump() == document->dump());
  return "";
}
Seeds json_seeds() {
  return {R"({"a": [1, -2.5e3, true, null, "\u00e9\ud83d\ude00"], "b": {}, "c": 18446744073709551615})", "[]",
          source_file("tests/golden/families/gemma3-multimodal/config.json")};
}

std::string read_config(std::string_view bytes) {
  static const std::string kFolder = [] {
    std::string folder = scratch_folder() + "/config";
    std::filesystem::create_directory(folder);
    return folder;
  }();
  put_file("config/config.json", bytes);
  const auto spec = model::read_model_spec(kFolder);
  check_shapes(spec);
  return message_of(spec);
}
Seeds config_seeds() {
  Seeds seeds;
  for (const char* family : {"gemma2", "gemma3-multimodal", "gpt2", "gpt_neo", "gpt_neox", "llama", "mistral",
                             "olmo2", "opt", "phi3-longrope", "qwen2", "qwen3", "smollm3"})
    seeds.push_back(source_file(std::string("tests/golden/families/") + family + "/config.json"));
  return seeds;
}

constexpr std::array kReaders = {
    Reader{"safetensors",
           R"(__metadata__ dtype shape data_offsets F32 F16 BF16 F64 I64 U8 BOOL "a" [0,0] {} [])",
           safetensors_seeds, read_safetensors},
    Reader{"safetensors-made",
           R"(__metadata__ "dtype": "shape": "data_offsets": "F32" "BF16" "F4" "F6_E2M3" "a": [0,0] {} [])",
           made_safetensors_seeds, read_made_safetensors},
    Reader{"gguf",
           "GGUF general.architecture general.alignment tokenizer.ggml.model tokenizer.ggml.tokens "
           "tokenizer.ggml.merges tokenizer.ggml.token_type split.count split.no llama.block_count gpt2",
           gguf_seeds, read_gguf},
    Reader{"gguf-made", "", made_gguf_seeds, read_made_gguf},
    Reader{
        "npy",
        "NUMPY 'descr': 'fortran_order': 'shape': '<f4' '<f8' '|u1' '>i4' '|b1' '<c8' True False (1,) (2,3) {} ,",
        npy_seeds, read_npy},
    Reader{"json",
           R"({ } [ ] : , "a" \u0041 \ud83d\ude00 \n true false null -0 1e999 0.5 18446744073709551616)",
           json_seeds, read_json},
    Reader{
        "config.json",
        R"("model_type": "llama" "gemma2" "gpt2" "gpt_neox" "qwen3" "phi3" "rope_scaling": "rope_type": "yarn" "llama3" )"
        R"("longrope" "layer_types": "sliding_attention" "sliding_window": "head_dim": "hidden_act": null true)",
        config_seeds, read_config},
};

}  // namespace

std::span<const Reader> file_readers() {
  return kReaders;
}

}  // namespace penfield::fuzz

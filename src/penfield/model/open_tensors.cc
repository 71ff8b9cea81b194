#include "penfield/model/open_tensors.h"

#include <algorithm>
#include <array>

#include "penfield/formats/folder_file.h"
#include "penfield/formats/gguf/gguf_file.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/safetensors.h"
#include "penfield/model/gguf_spec.h"

namespace penfield::model {
namespace {

// What torch.compile and DistributedDataParallel put before every name.
constexpr std::array<std::string_view, 2> kWrappers = {"_orig_mod.", "module."};

bool has_embedding(const formats::TensorFile& file, const std::string& before, const TensorRules& rules) {
  return file.find(before + rules.token_embedding + ".weight") != nullptr;
}

bool has_any(const std::string& folder, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names,
                             [&](std::string_view name) { return formats::exists_in_folder(folder, name); });
}

}  // namespace

Result<formats::TensorFile> open_tensors(const std::string& model) {
  if (is_gguf(model)) {
    PENFIELD_TRY(formats::GgufFile file, formats::open_gguf(model));
    return std::move(file.tensors);
  }
  const std::string& folder = model;
  const bool has_safetensors = has_any(folder, {"model.safetensors", "model.safetensors.index.json"});
  if (!has_safetensors && has_any(folder, {"pytorch_model.bin", "pytorch_model.bin.index.json"})) {
    return bad_input(
        "{0}: its weights are pytorch_model.bin, a pickle, which runs code when it is read; Penfield reads "
        "safetensors. Convert once: python -c \"from transformers import AutoModelForCausalLM as M; "
        "M.from_pretrained('{0}').save_pretrained('{0}', safe_serialization=True)\"",
        formats::message_text(folder));
  }
  return formats::open_safetensors_folder(folder);
}

Result<std::string> find_prefix(const formats::TensorFile& file, const TensorRules& rules) {
  for (const std::string& prefix : rules.prefixes) {
    if (has_embedding(file, prefix, rules)) return prefix;
  }
  for (const std::string_view wrapper : kWrappers) {
    for (const std::string& prefix : rules.prefixes) {
      if (!has_embedding(file, std::string(wrapper) + prefix, rules)) continue;
      const std::string& path = file.file_paths().front();
      return bad_input(
          "{0}: every name begins with '{1}', which {2} added while training; remove it: python -c \"from "
          "safetensors.torch import load_file as l, save_file as s; import os; p='{0}'; "
          "s({{k.removeprefix('{1}'): v for k, "
          "v in l(p).items()}}, p + '.new', {{'format': 'pt'}}); os.replace(p + '.new', p)\"",
          path, wrapper, wrapper == kWrappers[0] ? "torch.compile" : "DistributedDataParallel");
    }
  }
  return rules.prefixes.front();
}

}  // namespace penfield::model

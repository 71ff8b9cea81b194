#include "penfield/tokens/read_spec.h"

#include <filesystem>

#include "penfield/tokens/gguf_spec.h"
#include "penfield/tokens/tokenizer_json.h"
#include "penfield/tokens/vocab_files.h"

namespace penfield::tokens {

Result<Spec> read_spec(const std::string& model) {
  if (model.ends_with(".gguf")) return read_gguf_tokenizer(model);
  std::error_code error;
  if (std::filesystem::exists(model + "/tokenizer.json", error)) return read_tokenizer_json(model);
  if (!std::filesystem::exists(model + "/vocab.json", error)) {
    return io_error("{}: holds neither tokenizer.json nor vocab.json; one of them is needed to read text",
                    model);
  }
  return read_vocab_files(model);
}

}  // namespace penfield::tokens

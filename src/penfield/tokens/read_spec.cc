#include "penfield/tokens/read_spec.h"

#include "penfield/base/file_type.h"
#include "penfield/tokens/gguf_spec.h"
#include "penfield/tokens/tokenizer_json.h"
#include "penfield/tokens/vocab_files.h"

namespace penfield::tokens {

Result<Spec> read_spec(const std::string& model) {
  if (model.ends_with(".gguf")) return read_gguf_tokenizer(model);
  PENFIELD_TRY(const auto tokenizer, file_type(model + "/tokenizer.json"));
  if (tokenizer != std::filesystem::file_type::not_found) return read_tokenizer_json(model);
  PENFIELD_TRY(const auto vocabulary, file_type(model + "/vocab.json"));
  if (vocabulary == std::filesystem::file_type::not_found) {
    return io_error("{}: holds neither tokenizer.json nor vocab.json; one of them is needed to read text",
                    model);
  }
  return read_vocab_files(model);
}

}  // namespace penfield::tokens

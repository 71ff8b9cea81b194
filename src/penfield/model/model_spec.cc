#include "penfield/model/model_spec.h"

#include <filesystem>

#include "penfield/formats/json.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/sha256.h"
#include "penfield/model/families/families.h"
#include "penfield/model/gguf_spec.h"

namespace penfield::model {

Result<ModelSpec> read_model_spec(const std::string& model) {
  if (is_gguf(model)) return read_gguf_spec(model);
  const std::string path = (std::filesystem::path(model) / "config.json").string();
  PENFIELD_TRY(const formats::MappedFile file, formats::MappedFile::open(path));
  const std::string bytes(file.text());  // parsed and hashed as they are now, whatever becomes of the file
  PENFIELD_TRY(nlohmann::json json, formats::parse_json(bytes, path));
  const ConfigReader config(std::move(json), path);
  if (!config.has("model_type")) {
    return bad_input(
        "{}: \"model_type\" is missing, so nothing says what the model computes; add it, one of {}", path,
        known_families());
  }
  PENFIELD_TRY(const std::string type, config.text("model_type"));
  ReadFamily* const read = find_family(type);
  if (read == nullptr) {
    return bad_input("{}: \"model_type\" is '{}'; Penfield runs models of type {}", path,
                     formats::message_text(type), known_families());
  }
  PENFIELD_TRY(ModelSpec spec, read(config));
  spec.architecture.family = type;
  spec.config_sha256 = formats::sha256_hex(bytes);
  return spec;
}

Result<Architecture> read_architecture(const std::string& folder) {
  PENFIELD_TRY(ModelSpec spec, read_model_spec(folder));
  return std::move(spec.architecture);
}

}  // namespace penfield::model

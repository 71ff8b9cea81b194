// What a family's reader makes of a configuration: the architecture, and how the checkpoint stores it.
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/model/architecture.h"
#include "penfield/model/tensor_rules.h"

namespace penfield::model {

struct ModelSpec {
  Architecture architecture;
  TensorRules rules;
  // Of the bytes of config.json that were read; of GGUF, of its metadata as JSON. Not set by a family's
  // reader.
  std::string config_sha256 = {};
};

// model: a folder with a config.json, or a .gguf file. Errors: those of read_architecture.
[[nodiscard]] Result<ModelSpec> read_model_spec(const std::string& model);

}  // namespace penfield::model

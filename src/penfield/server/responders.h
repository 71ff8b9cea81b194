// Which units of a result respond most to a text.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"
#include "penfield/model/model.h"

namespace penfield::server {

struct Responder {
  UnitId unit;
  std::size_t token = 0;  // of the text: where the unit is farthest from its mean
  double z = 0;           // activation there, in SDs of the scan's samples from their mean
};

// The n units that are farthest from their mean on any token but the first of what the model is given, on
// which models have huge activations; farthest first, ties in the order of `units`. Units without an SD are
// left out. ids: 1 … context tokens, with `bos`, which stands before them. units: in the order of units.tsv,
// of the model. Errors: as Model::forward.
[[nodiscard]] Result<std::vector<Responder>> find_responders(const model::Model& model,
                                                             std::optional<TokenId> bos,
                                                             std::span<const TokenId> ids,
                                                             std::span<const findings::Finding> units,
                                                             std::size_t n, model::ForwardBuffers& buffers,
                                                             const std::stop_token& stop);

}  // namespace penfield::server

// A text that somebody types: its tokens, their labels by the scan's concept, and the activations of a unit
// or two, from the very forward pass that `penfield activations` makes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/labels/concept.h"
#include "penfield/labels/label_track.h"
#include "penfield/labels/pieces.h"
#include "penfield/server/responders.h"
#include "penfield/server/result_model.h"
#include "penfield/store/run_record.h"

namespace penfield::server {

struct LiveResult {
  std::vector<std::string> tokens;         // [n] as tokens::show_tokens shows them
  std::vector<TokenId> token_ids;          // [n]
  std::vector<labels::Label> labels;       // [n]
  std::vector<std::vector<float>> values;  // [units][n]
  bool truncated = false;  // the text has more tokens than the model's context; n is what it holds
};

class LiveText {
 public:
  // A concept of which nothing can be said here leaves all tokens kExcluded: gold tags, and the labels or
  // words of a file, since whoever made the result named that file.
  LiveText(std::shared_ptr<const ResultModel> model, const store::RunRecord& run);

  // text: UTF-8, not empty; one document, a row a line. units: of the model. The labels are those of the
  // whole text. kInterrupted: `stop` was requested; kBadInput: a
  // token without an embedding; else as Model::forward.
  [[nodiscard]] Result<LiveResult> respond(const std::string& text, std::span<const UnitId> units,
                                           const std::stop_token& stop);

  // As find_responders, of the tokens of a result.
  [[nodiscard]] Result<std::vector<Responder>> responders(const LiveResult& result,
                                                          std::span<const findings::Finding> units,
                                                          std::size_t n, const std::stop_token& stop);

 private:
  // On as many threads as a pass over n tokens is worth.
  Result<void> with_buffers(std::size_t n, const std::function<Result<void>(model::ForwardBuffers&)>& pass);

  std::shared_ptr<const ResultModel> model_;
  std::optional<labels::Concept> concept_;
  labels::Pieces pieces_ = labels::Pieces::kFirst;
  // As results were made before they named these options.
  tokens::EncodeOptions encode_ = {tokens::EncodeUnit::kRows, tokens::Special::kText};
  std::optional<TokenId> bos_;                    // before the text, as it was before the scan's windows
  std::optional<model::ForwardBuffers> buffers_;  // for the model's context, made at the first text
};

}  // namespace penfield::server

// The model that a result was made with, opened again, and only that one: values of another model beside the
// statistics of this one would be wrong without looking so.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "penfield/base/result.h"
#include "penfield/model/model.h"
#include "penfield/store/run_record.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::server {

struct ResultModel {
  model::Model model;
  tokens::Tokenizer tokenizer;
};

// Opens the model in `folder` (in Hugging Face layout) at the run's precision, so that values computed now
// equal those of the run. kBadInput names what differs from the run's record: shapes, the checksum of
// config.json, the names or checksums of the weights (which reads them once, a second a gigabyte), or a
// precision that this version does not have. Other errors: those of Model::open and Tokenizer::open.
[[nodiscard]] Result<std::shared_ptr<const ResultModel>> open_result_model(const store::RunRecord& run,
                                                                           const std::string& folder);

// The BOS token that the scan had before every window.
[[nodiscard]] std::optional<TokenId> bos_of(const store::RunRecord& run);

}  // namespace penfield::server

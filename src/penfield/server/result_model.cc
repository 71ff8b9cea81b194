#include "penfield/server/result_model.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <span>
#include <utility>

#include "penfield/formats/message_text.h"
#include "penfield/formats/sha256.h"
#include "penfield/model/model_spec.h"
#include "penfield/numeric/precision.h"

namespace penfield::server {
namespace {

// "n_layer is 6, not 24; n_embd is 128, not 1024"
std::string shape_differences(const store::ModelRecord& record, const model::Architecture& architecture) {
  struct Shape {
    const char* name;
    std::uint32_t found, recorded;
  };
  const std::array shapes = {Shape{"n_layer", architecture.n_layers(), record.n_layer},
                             Shape{"n_embd", architecture.width, record.n_embd},
                             Shape{"n_head", architecture.attention.n_heads, record.n_head},
                             Shape{"n_inner", architecture.mlp.n_inner, record.n_inner},
                             Shape{"n_positions", architecture.n_positions, record.n_positions},
                             Shape{"vocab_size", architecture.vocab_size, record.vocab_size}};
  std::string out;
  for (const Shape& shape : shapes) {
    if (shape.found == shape.recorded) continue;
    fmt::format_to(std::back_inserter(out), "{}{} is {}, not {}", out.empty() ? "" : "; ", shape.name,
                   shape.found, shape.recorded);
  }
  return out;
}

tl::unexpected<Error> other_model(const std::string& folder, const std::string& difference) {
  return bad_input("{}: is not the model of this result: {}; give the one that the scan was made with",
                   folder, difference);
}

Result<void> check_weights(const store::ModelRecord& record, const std::string& folder,
                           std::span<const formats::MappedFile> files) {
  if (files.size() != record.weights_sha256.size()) {
    return other_model(folder, fmt::format("it has {} files of weights, not {}", files.size(),
                                           record.weights_sha256.size()));
  }
  for (const formats::MappedFile& file : files) {
    const std::string name = std::filesystem::path(file.path()).filename().string();
    const auto recorded =
        std::ranges::find(record.weights_sha256, name, &std::pair<std::string, std::string>::first);
    if (recorded == record.weights_sha256.end())
      return other_model(folder, "the scan had no " + formats::message_text(name));
    if (formats::sha256_hex(file) != recorded->second)
      return other_model(folder, name + " has another checksum");
  }
  return {};
}

}  // namespace

std::optional<TokenId> bos_of(const store::RunRecord& run) {
  if (!run.model.bos) return std::nullopt;
  return TokenId{run.model.bos->token_id};
}

Result<std::shared_ptr<const ResultModel>> open_result_model(const store::RunRecord& run,
                                                             const std::string& folder) {
  const store::ModelRecord& record = run.model;
  const auto precision = numeric::parse_precision(run.precision);
  if (!precision) {
    return bad_input("run.json: \"precision\" is {}, which this version of Penfield does not compute",
                     formats::message_text(run.precision));
  }
  PENFIELD_TRY(const model::ModelSpec spec, model::read_model_spec(folder));
  const model::Architecture& architecture = spec.architecture;
  const std::string shapes = shape_differences(record, architecture);
  if (!shapes.empty()) return other_model(folder, shapes);
  if (spec.config_sha256 != record.config_sha256)
    return other_model(folder, "config.json has another checksum");
  PENFIELD_TRY(tokens::Tokenizer tokenizer, tokens::Tokenizer::open(folder));
  PENFIELD_TRY(model::Model model, model::Model::open(folder, spec, *precision));
  PENFIELD_TRY_VOID(check_weights(record, folder, model.weights().files()));
  return std::make_shared<const ResultModel>(ResultModel{std::move(model), std::move(tokenizer)});
}

}  // namespace penfield::server

#include "penfield/server/live_text.h"

#include <algorithm>
#include <utility>

#include "penfield/labels/label_tokens.h"
#include "penfield/machine/flop.h"
#include "penfield/server/threads_for.h"
#include "penfield/text/document.h"
#include "penfield/tokens/bos.h"
#include "penfield/tokens/check_ids.h"
#include "penfield/tokens/show_token.h"

namespace penfield::server {
namespace {

text::Corpus one_document(const std::string& text) {
  text::Document document;
  document.source = "live text";
  document.text = text;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
    document.row_end_bytes.push_back(at + 1);
  if (document.row_end_bytes.empty() || document.row_end_bytes.back() != text.size())
    document.row_end_bytes.push_back(text.size());
  text::Corpus corpus;
  corpus.n_rows_read = document.row_end_bytes.size();
  corpus.documents.push_back(std::move(document));
  return corpus;
}

model::TapRequest taps_of(std::span<const UnitId> units) {
  model::TapRequest taps;
  for (const UnitId& unit : units) {
    taps.sites.push_back(unit.site);
    taps.layers.push_back(unit.layer);
  }
  return taps;
}

}  // namespace

LiveText::LiveText(std::shared_ptr<const ResultModel> model, const store::RunRecord& run)
    : model_(std::move(model)), bos_(bos_of(run)) {
  if (!labels::may_read_file(run.concept_name)) {
    if (auto parsed = labels::Concept::parse(run.concept_name)) concept_ = *std::move(parsed);
  }
  for (const auto& [name, value] : run.options) {
    if (name == "pieces") pieces_ = labels::parse_pieces(value).value_or(pieces_);
    if (name == "encode") encode_.unit = tokens::parse_encode_unit(value).value_or(encode_.unit);
    if (name == "special") encode_.special = tokens::parse_special(value).value_or(encode_.special);
  }
}

Result<LiveResult> LiveText::respond(const std::string& text, std::span<const UnitId> units,
                                     const std::stop_token& stop) {
  const text::Corpus corpus = one_document(text);
  PENFIELD_TRY(const tokens::TokenStream stream, tokens::tokenize(model_->tokenizer, corpus, encode_));
  PENFIELD_TRY_VOID(
      tokens::check_ids(stream, corpus, model_->tokenizer, model_->model.architecture().vocab_size));
  const std::size_t n_context = model_->model.architecture().n_positions - (bos_ ? 1 : 0);
  const std::size_t n = std::min(stream.n_tokens(), n_context);
  LiveResult out;
  out.truncated = stream.n_tokens() > n_context;
  out.token_ids.assign(stream.ids.begin(), stream.ids.begin() + static_cast<std::ptrdiff_t>(n));
  out.tokens = tokens::show_tokens(stream, corpus.documents.front(), 0, n);
  out.labels.assign(n, labels::Label::kExcluded);
  if (concept_) {
    if (const auto track = labels::label_tokens(*concept_, corpus, stream, pieces_))
      std::copy_n(track->labels.begin(), n, out.labels.begin());
  }
  out.values.resize(units.size());
  const auto take = [&](const model::Tap& tap) {
    for (std::size_t u = 0; u < units.size(); ++u) {
      if (tap.site != units[u].site || tap.layer != units[u].layer) continue;
      for (std::size_t row = bos_ ? 1 : 0; row < tap.values.rows; ++row)
        out.values[u].push_back(tap.values(row, units[u].index));
    }
  };
  const std::vector<TokenId> ids = tokens::with_bos(bos_, out.token_ids);
  const model::Sequence sequence = ids;
  PENFIELD_TRY_VOID(with_buffers(ids.size(), [&](model::ForwardBuffers& buffers) {
    return model_->model.forward({&sequence, 1}, taps_of(units), buffers, take, stop);
  }));
  return out;
}

Result<std::vector<Responder>> LiveText::responders(const LiveResult& result,
                                                    std::span<const findings::Finding> units, std::size_t n,
                                                    const std::stop_token& stop) {
  std::vector<Responder> out;
  PENFIELD_TRY_VOID(
      with_buffers(result.token_ids.size(), [&](model::ForwardBuffers& buffers) -> Result<void> {
        PENFIELD_TRY(out, find_responders(model_->model, bos_, result.token_ids, units, n, buffers, stop));
        return {};
      }));
  return out;
}

Result<void> LiveText::with_buffers(std::size_t n,
                                    const std::function<Result<void>(model::ForwardBuffers&)>& pass) {
  const model::Architecture& architecture = model_->model.architecture();
  if (!buffers_) buffers_ = model_->model.make_buffers(architecture.n_positions);
  const auto n_tokens = static_cast<double>(n);
  const ThreadsFor threads(machine::forward_flop(architecture, n_tokens, n_tokens, architecture.n_layers()));
  return pass(*buffers_);
}

}  // namespace penfield::server

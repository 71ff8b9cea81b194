#include "penfield/server/explorer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "penfield/formats/json.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/tsv.h"
#include "penfield/model/sites.h"
#include "penfield/report/page/page.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/token_kinds.h"
#include "penfield/server/result_folders.h"
#include "penfield/server/token.h"
#include "penfield/store/result_folder.h"
#include "penfield/store/unit_json.h"
#include "penfield/text/utf8.h"

namespace penfield::server {
namespace {

// What went wrong here, not in the request.
tl::unexpected<Refusal> failed(const Error& error) {
  return refuse(error.kind == ErrorKind::kInterrupted ? 503 : 500, error.message);
}

std::string joined(std::size_t n, const std::function<void(std::string&, std::size_t)>& append) {
  std::string out = "[";
  for (std::size_t i = 0; i < n; ++i) {
    if (i > 0) out += ',';
    append(out, i);
  }
  return out + "]";
}

// JSON has no NaN and no infinity.
std::string values_json(std::span<const float> values) {
  return joined(values.size(), [&](std::string& out, std::size_t i) {
    if (std::isfinite(values[i])) {
      formats::append_number(out, values[i]);
    } else {
      out += "null";
    }
  });
}

struct LiveRequest {
  std::string text;
  std::vector<UnitId> units;
  std::size_t n_responders = 0;  // asked for beside the units
};

Outcome<nlohmann::json> parse_body(const std::string& body) {
  constexpr std::size_t kMaxDepth = 4;
  auto json = formats::parse_json(body, "the request's body", kMaxDepth);
  if (!json) return refuse(400, json.error().message);
  return *std::move(json);
}

Outcome<LiveRequest> parse_live(const std::string& body, std::size_t max_characters) {
  const auto json = parse_body(body);
  if (!json) return tl::unexpected(json.error());
  LiveRequest out;
  const nlohmann::json* text = formats::find_field(*json, "text");
  const nlohmann::json* units = formats::find_field(*json, "units");
  if (text == nullptr || !text->is_string() || text->get_ref<const std::string&>().empty())
    return refuse(400, "\"text\" must be a string, and not empty");
  if (units == nullptr || !units->is_array() || units->empty() || units->size() > 2)
    return refuse(400, "\"units\" must be an array of one or two names of units");
  out.text = text->get<std::string>();
  const std::size_t n = text::n_code_points(out.text);
  if (n > max_characters)
    return refuse(413, fmt::format("the text has {} characters; at most {} are taken", n, max_characters));
  for (const nlohmann::json& name : *units) {
    const auto unit = name.is_string() ? parse_unit(name.get_ref<const std::string&>())
                                       : Result<UnitId>(usage_error("no string"));
    if (!unit) return refuse(400, "\"units\" must be an array of one or two names of units");
    out.units.push_back(*unit);
  }
  if (const nlohmann::json* wanted = formats::find_field(*json, "responders"); wanted != nullptr) {
    constexpr std::uint64_t kMostResponders = 50;
    if (!wanted->is_number_unsigned() || wanted->get<std::uint64_t>() > kMostResponders)
      return refuse(400, fmt::format("\"responders\" must be a whole number up to {}", kMostResponders));
    out.n_responders = wanted->get<std::size_t>();
  }
  return out;
}

std::string responders_json(const std::vector<Responder>& responders) {
  return joined(responders.size(), [&](std::string& out, std::size_t i) {
    out += fmt::format(R"({{"unit":{},"token":{},"z":)", json_string(to_string(responders[i].unit)),
                       responders[i].token);
    formats::append_number(out, responders[i].z);
    out += '}';
  });
}

std::string live_json(const LiveRequest& request, const LiveResult& result,
                      const std::vector<Responder>& responders, double milliseconds) {
  const std::size_t n = result.tokens.size();
  std::string out = "{\"tokens\":";
  out += joined(n, [&](std::string& to, std::size_t t) { to += json_string(result.tokens[t]); });
  out += ",\"token_ids\":";
  out += joined(n, [&](std::string& to, std::size_t t) {
    formats::append_number(to, static_cast<std::uint64_t>(result.token_ids[t]));
  });
  out += ",\"labels\":";
  out += joined(n, [&](std::string& to, std::size_t t) {
    formats::append_number(to, static_cast<std::uint64_t>(result.labels[t]));
  });
  out += ",\"values\":{";
  for (std::size_t u = 0; u < request.units.size(); ++u) {
    if (u == 1 && request.units[0] == request.units[1]) continue;
    if (u > 0) out += ',';
    out += json_string(to_string(request.units[u])) + ":" + values_json(result.values[u]);
  }
  out += fmt::format(R"(}},"responders":{},"truncated":{},"milliseconds":{:.3f}}})",
                     responders_json(responders), result.truncated, milliseconds);
  return out;
}

Result<report::ReportData> read_result(const std::string& folder) {
  PENFIELD_TRY(store::ResultData data, store::read_result(folder));
  return report::ReportData{std::move(data.run), std::move(data.units), std::move(data.heatmaps)};
}

// Values are looked up by these numbers, and anybody may have written them.
Result<void> check_units(const report::ReportData& data, const std::string& folder,
                         const model::Architecture& architecture) {
  for (const findings::Finding& finding : data.units) {
    const UnitId& unit = finding.unit;
    if (!model::has_site(architecture, unit.site) || unit.layer >= architecture.n_layers() ||
        unit.index >= architecture.n_units(unit.site)) {
      return bad_input("{}/units.tsv: {} is not a unit of the model", folder, to_string(unit));
    }
  }
  return {};
}

bool same_model(const store::RunRecord& a, const store::RunRecord& b) {
  return a.model.config_sha256 == b.model.config_sha256 && a.model.weights_sha256 == b.model.weights_sha256 &&
         a.precision == b.precision;
}

}  // namespace

Result<std::unique_ptr<Explorer>> Explorer::open(ExplorerOptions options) {
  const std::string folder = options.folder;
  const Need need = options.model.empty() ? Need::kModelMayMiss : Need::kModelMustFit;
  std::unique_ptr<Explorer> explorer(new Explorer(std::move(options)));
  PENFIELD_TRY_VOID(explorer->show(shown_name(folder), need));
  return explorer;
}

Published Explorer::published() const {
  const std::lock_guard lock(published_mutex_);
  return published_;
}

// The model given, the one that is open, the one that the result names: the first that is the result's own.
Result<std::shared_ptr<const ResultModel>> Explorer::find_model(const store::RunRecord& run,
                                                                Need need) const {
  if (store::is_recorded(run)) {
    return usage_error("its activations were recorded by another program ({}), so there is no model to run{}",
                       run.model.name, need == Need::kModelMustFit ? "; leave -m out" : "");
  }
  if (shown_.model != nullptr && same_model(run, shown_.data.run)) return shown_.model;
  if (!options_.model.empty()) {
    auto given = open_result_model(run, options_.model);
    if (given || need == Need::kModelMustFit) return given;
  }
  const auto named = options_.find_model(run.model.name);
  return open_result_model(run, named ? *named : run.model.path);
}

Result<void> Explorer::show(const std::string& folder, Need need) {
  Shown next;
  next.folder = folder;
  PENFIELD_TRY(next.data, read_result(folder));
  auto model = find_model(next.data.run, need);
  if (!model && need == Need::kModelMustFit) return tl::unexpected(std::move(model).error());
  if (model) {
    next.model = *std::move(model);
    PENFIELD_TRY_VOID(check_units(next.data, folder, next.model->model.architecture()));
    PENFIELD_TRY(next.scan_text, ScanText::make(next.model->model, next.data.run, next.data.heatmaps.tokens,
                                                options_.scan_text_bytes));
    next.live_text.emplace(next.model, next.data.run);
  } else {
    next.why_not_live = model.error().message;
  }
  Published published;
  PENFIELD_TRY(published.token, make_token());
  const report::ExplorerSeat seat{
      .token = published.token, .live = next.model != nullptr, .folder = next.folder};
  published.page = std::make_shared<const std::string>(report::render_page(next.data, {.explorer = seat}));
  shown_ = std::move(next);
  const std::lock_guard lock(published_mutex_);
  published_ = std::move(published);
  return {};
}

Outcome<std::string> Explorer::unit(const std::string& name, const std::stop_token& gone) {
  const auto unit = parse_unit(name);
  const findings::Finding* finding = unit ? report::find_unit(shown_.data, *unit) : nullptr;
  if (finding == nullptr)
    return refuse(404, fmt::format("{} is not a unit of this result", formats::message_text(name)));
  std::string out = "{\"unit\":" + json_string(to_string(*unit)) + ",\"row\":";
  store::append_unit_json(out, *finding, store::UnitColumns::kScan);
  const auto with_values = [&](std::span<const float> values) {
    const std::string tally = report::tally_sentence(shown_.data.heatmaps.tokens, values, finding->direction);
    return out + ",\"values\":" + values_json(values) + ",\"tally\":" + json_string(tally) + "}";
  };
  const std::span<const float> stored = report::heatmap_values(shown_.data.heatmaps, *unit);
  if (!stored.empty()) return with_values(stored);
  if (!shown_.scan_text) return out + ",\"values\":null}";
  const auto values = shown_.scan_text->values(*unit, gone);
  if (!values) return failed(values.error());
  return with_values(*values);
}

Outcome<std::string> Explorer::live(const std::string& body, const std::stop_token& gone) {
  const auto start = std::chrono::steady_clock::now();
  const auto request = parse_live(body, options_.limits.text_characters);
  if (!request) return tl::unexpected(request.error());
  if (!shown_.live_text) return refuse(409, "no model is open: start penfield serve with -m MODEL");
  for (const UnitId& unit : request->units) {
    if (report::find_unit(shown_.data, unit) == nullptr)
      return refuse(404, fmt::format("{} is not a unit of this result", to_string(unit)));
  }
  const auto result = shown_.live_text->respond(request->text, request->units, gone);
  if (!result) return failed(result.error());
  std::vector<Responder> responders;
  if (request->n_responders > 0) {
    auto found = shown_.live_text->responders(*result, shown_.data.units, request->n_responders, gone);
    if (!found) return failed(found.error());
    responders = *std::move(found);
  }
  const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
  return live_json(*request, *result, responders, time.count());
}

Outcome<std::string> Explorer::folders() const {
  const std::vector<std::string> others = folders_beside(shown_.folder);
  return "{\"folder\":" + json_string(shown_.folder) + ",\"folders\":" +
         joined(others.size(), [&](std::string& out, std::size_t i) { out += json_string(others[i]); }) + "}";
}

Outcome<std::string> Explorer::open_folder(const std::string& body) {
  const auto json = parse_body(body);
  if (!json) return tl::unexpected(json.error());
  const nlohmann::json* folder = formats::find_field(*json, "folder");
  if (folder == nullptr || !folder->is_string()) return refuse(400, "\"folder\" must be a string");
  const auto& name = folder->get_ref<const std::string&>();
  const std::vector<std::string> others = folders_beside(shown_.folder);
  if (std::ranges::find(others, name) == others.end())
    return refuse(404, fmt::format("there is no result folder {}", formats::message_text(name)));
  if (const auto shown = show(name, Need::kModelMayMiss); !shown) return refuse(422, shown.error().message);
  return "{}";
}

Answer Explorer::answer(const Request& request, const std::stop_token& gone) {
  Outcome<std::string> out = refuse(404, "there is nothing at this address");
  try {
    switch (request.endpoint) {
      case Endpoint::kUnit:
        out = unit(request.name, gone);
        break;
      case Endpoint::kLive:
        out = live(request.body, gone);
        break;
      case Endpoint::kFolders:
        out = folders();
        break;
      case Endpoint::kOpen:
        out = open_folder(request.body);
        break;
      case Endpoint::kNone:
      case Endpoint::kPage:
        break;
    }
  } catch (const std::bad_alloc&) {
    out = refuse(503, "not enough memory for this");
  }
  return out ? json_answer(*std::move(out)) : error_answer(out.error());
}

bool Explorer::work_ahead(const std::stop_token& stop) {
  if (!shown_.scan_text) return false;
  const auto more = shown_.scan_text->work_ahead(stop);
  return more && *more;  // an error comes again where the values are asked for
}

}  // namespace penfield::server

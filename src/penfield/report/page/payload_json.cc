#include "penfield/report/page/payload_json.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "penfield/report/words/lookup.h"
#include "penfield/report/words/run_story.h"
#include "penfield/report/words/target_words.h"
#include "penfield/report/words/token_kinds.h"
#include "penfield/report/words/words.h"
#include "penfield/store/run_json.h"
#include "penfield/store/words.h"

namespace penfield::report {
namespace {

using Json = nlohmann::ordered_json;

std::string file_name(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

// run.json less what says where things lie on this machine.
Json run_json(store::RunRecord run) {
  run.model.name = model_phrase(run.model.name);
  for (text::TextFile& file : run.text_files) file.path = file_name(file.path);
  std::erase_if(run.options,
                [](const auto& option) { return option.first == "model" || option.first == "text"; });
  Json out = Json::parse(store::format_run_json(run));
  out["model"].erase("path");
  return out;
}

Json groups_json(const ReportData& data) {
  Json out = Json::array();
  const findings::Finding* before = nullptr;
  for (const findings::Finding& unit : data.units) {
    const bool is_new =
        before == nullptr || before->unit.site != unit.unit.site || before->unit.layer != unit.unit.layer;
    if (is_new)
      out.push_back({{"site", site_name(unit.unit.site)}, {"layer", unit.unit.layer}, {"n_units", 0}});
    out.back()["n_units"] = out.back()["n_units"].get<std::uint64_t>() + 1;
    before = &unit;
  }
  return out;
}

Json column_json(const PayloadColumn& column) {
  constexpr std::array<std::string_view, 6> kTypes = {"const", "u8", "u32", "f64", "fixed", "decimal"};
  Json out = {{"name", column.name}, {"type", kTypes.at(static_cast<std::size_t>(column.type))}};
  if (column.type == ColumnType::kConst) out["value"] = column.value;  // NaN becomes null
  if (column.type == ColumnType::kFixed) out["decimals"] = column.digits;
  if (column.type == ColumnType::kDecimal) out["digits"] = column.digits;
  return out;
}

Json table_json(const PayloadTable& table) {
  Json columns = Json::array();
  for (const PayloadColumn& column : table.columns) columns.push_back(column_json(column));
  return {{"block", table.block}, {"n_rows", table.n_rows}, {"columns", std::move(columns)}};
}

Json names_json(const std::vector<UnitId>& units) {
  Json out = Json::array();
  for (const UnitId& unit : units) out.push_back(to_string(unit));
  return out;
}

// What the strongest tokens of each unit with a heatmap are.
Json tallies_json(const ReportData& data) {
  Json out = Json::array();
  for (std::size_t row = 0; row < data.heatmaps.units.size(); ++row) {
    const findings::Finding* const finding = find_unit(data, data.heatmaps.units[row]);
    out.push_back(tally_sentence(data.heatmaps.tokens, heatmap_row(data.heatmaps, row),
                                 finding == nullptr ? 0 : finding->direction));
  }
  return out;
}

Json new_window(const store::WindowToken& first) {
  return {{"split", store::word_of(first.split)},
          {"window", first.window},
          {"document", first.document},
          {"first_position", first.position},
          {"tokens", Json::array()},
          {"targets", Json::array()},
          {"sampled", Json::array()},
          {"token_ids", Json::array()}};
}

Json windows_json(const std::vector<store::WindowToken>& tokens) {
  Json out = Json::array();
  const store::WindowToken* before = nullptr;
  for (const store::WindowToken& token : tokens) {
    if (before == nullptr || before->split != token.split || before->window != token.window) {
      out.push_back(new_window(token));
    }
    Json& window = out.back();
    const std::size_t at = window["tokens"].size();
    window["tokens"].push_back(token.token);
    window["token_ids"].push_back(token.token_id);
    if (token.is_target) window["targets"].push_back(at);
    if (token.is_sampled) window["sampled"].push_back(at);
    before = &token;
  }
  return out;
}

// A part of a sentence: "text", or {"strong": "12"}, {"unit": "L3.1"}, {"sign": 1}.
Json part_json(const Part& part) {
  switch (part.kind) {
    case Part::Kind::kText:
      return part.text;
    case Part::Kind::kStrong:
      return {{"strong", part.text}};
    case Part::Kind::kUnit:
      return {{"unit", part.text}};
    case Part::Kind::kSign:
      return {{"sign", part.text == "+" ? 1 : -1}};
  }
  return nullptr;
}

Json target_words_json(const ReportData& data) {
  constexpr std::size_t kTargetWords = 12;
  Json out = Json::array();
  for (const TargetWord& one : target_words(data, kTargetWords))
    out.push_back(Json::array({one.word, one.n_target}));
  return out;
}

Json story_json(const ReportData& data) {
  const RunStory story = tell_run(data);
  Json found = Json::array(), facts = Json::array();
  for (const Sentence& sentence : story.found) {
    Json parts = Json::array();
    for (const Part& part : sentence) parts.push_back(part_json(part));
    found.push_back(std::move(parts));
  }
  for (const RunFact& fact : story.facts) facts.push_back(Json::array({fact.name, fact.value}));
  return {{"title", story.title},      {"question", story.question},
          {"found", std::move(found)}, {"controls", story.controls},
          {"facts", std::move(facts)}, {"target_words", target_words_json(data)}};
}

// The words for enumerations, of which the columns hold the numbers and the run the names.
Json words_json(const ReportData& data) {
  Json statuses = Json::array(), notes = Json::array();
  for (std::size_t i = 0; i < association::kStatusNames.size(); ++i) {
    const auto status = static_cast<association::FitStatus>(i);
    statuses.push_back({{"name", store::word_of(status)},
                        {"label", status_label(status)},
                        {"sentence", status_sentence(status)}});
  }
  for (std::size_t bits = 0; bits < std::size_t{1} << association::kNoteNames.size(); ++bits) {
    const auto note = static_cast<association::FitNote>(bits);
    notes.push_back({{"name", note_text(note)}, {"sentence", note_sentences(note)}});
  }
  return {{"concept", concept_phrase(data.run)},
          {"test", test_words(data.run.test)},
          {"correction", correction_phrase(data.run)},
          {"threshold", keep_equations_whole(threshold_phrase(data))},
          {"statuses", std::move(statuses)},
          {"notes", std::move(notes)}};
}

std::string without_markup(std::string_view json) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSpelled = {
      {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}, {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"}}};
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    std::string_view written = json.substr(0, 1);
    std::size_t n = 1;
    for (const auto& [sign, spelled] : kSpelled) {
      if (!json.starts_with(sign)) continue;
      written = spelled;
      n = sign.size();
    }
    out.append(written);
    json.remove_prefix(n);
  }
  return out;
}

}  // namespace

std::string payload_json(const ReportData& data, const PageOptions& options, const PayloadTable& units,
                         const ExactUnits& exact, const PayloadTable& heatmaps) {
  Json out = {{"format", "penfield-payload"}, {"version", 1}};
  out["mode"] = options.explorer ? "explorer" : "report";
  out["run"] = run_json(data.run);
  out["story"] = story_json(data);
  out["words"] = words_json(data);
  const bool before_activation = data.run.sites == std::vector{Site::kMlpPre};
  if (before_activation) out["activation_function"] = data.run.model.activation_function;
  out["groups"] = groups_json(data);
  out["units"] = table_json(units);
  if (exact.table.n_rows > 0) {
    out["exact"] = table_json(exact.table);
    out["exact"]["units"] = names_json(exact.units);
  }
  if (!data.heatmaps.tokens.empty()) {
    out["heatmaps"] = table_json(heatmaps);
    out["heatmaps"]["units"] = names_json(data.heatmaps.units);
    out["heatmaps"]["tallies"] = tallies_json(data);
    out["heatmaps"]["windows"] = windows_json(data.heatmaps.tokens);
  }
  if (options.explorer) {
    out["explorer"] = {{"token", options.explorer->token},
                       {"live", options.explorer->live},
                       {"folder", options.explorer->folder}};
  }
  return without_markup(out.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace penfield::report

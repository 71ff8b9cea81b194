#include "penfield/mcp/tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>

#include "penfield/formats/json.h"
#include "penfield/labels/concept.h"
#include "penfield/mcp/arguments.h"
#include "penfield/mcp/desk.h"
#include "penfield/report/terminal/terminal.h"
#include "penfield/report/words/headline.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/run_story.h"
#include "penfield/store/unit_json.h"

namespace penfield::mcp {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using Shared = std::shared_ptr<Desk>;

// Of a row of units.tsv, what is told of many units at once; `card` has all of it.
constexpr std::array kShownColumns = {"unit",         "direction",      "auc",         "auc_lo",
                                      "auc_hi",       "neglog10_p_adj", "significant", "held_out_unseen_auc",
                                      "auc_words_lo", "auc_words_hi",   "effect",      "specific"};

ordered_json schema(ordered_json properties, std::vector<std::string> required = {}) {
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

ordered_json result_property() {
  return {{"type", "string"}, {"description", "name of a result; default: the last one"}};
}
ordered_json unit_property() {
  return {{"type", "string"}, {"description", "name of a unit, such as L2.435 or L2.mlp.post.7"}};
}
ordered_json count_property(const char* what, std::uint64_t most) {
  return {{"type", "integer"}, {"minimum", 1}, {"maximum", most}, {"description", what}};
}

ordered_json row_of(const findings::Finding& unit) {
  std::string text;
  store::append_unit_json(text, unit, store::UnitColumns::kScan);
  return ordered_json::parse(text);
}

std::string shown_value(const ordered_json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? fmt::format("{:.4g}", value.get<double>()) : value.dump();
}

std::vector<std::string> sentences_of(const report::ReportData& data) {
  std::vector<std::string> out = report::tell_headline(data);
  if (!out.empty()) return out;
  for (const report::Sentence& sentence : report::tell_run(data).found) out.push_back(plain(sentence));
  return out;
}

std::string lines(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& sentence : sentences) out += sentence + "\n";
  return out;
}

Result<ToolAnswer> concepts(const json&) {
  ordered_json list = ordered_json::array();
  std::string text;
  for (const labels::ConceptInfo& info : labels::list_concepts()) {
    list.push_back({{"name", info.name},
                    {"argument", info.argument},
                    {"description", info.description},
                    {"example", info.example}});
    text += fmt::format("{}: {}\n", info.example, info.description);
  }
  return ToolAnswer{std::move(text), {{"concepts", std::move(list)}}};
}

ordered_json summary_of(const std::string& name, const report::ReportData& data) {
  return {{"result", name},
          {"title", report::tell_run(data).title},
          {"concept", data.run.concept_name},
          {"n_units", data.units.size()},
          {"n_significant", data.run.n_significant},
          {"n_replicated", data.run.n_replicated},
          {"headline", sentences_of(data)},
          {"warnings", data.run.warnings}};
}

Result<ToolAnswer> results(Desk& desk) {
  ordered_json list = ordered_json::array();
  std::string text;
  for (const auto& [name, folder] : desk.results()) {
    PENFIELD_TRY(const report::ReportData* data, desk.result(name));
    list.push_back(summary_of(name, *data));
    text += fmt::format("{}: {}\n{}", name, report::tell_run(*data).title, lines(sentences_of(*data)));
  }
  return ToolAnswer{text.empty() ? "there is no result yet" : text, {{"results", std::move(list)}}};
}

Result<ToolAnswer> top(Desk& desk, const json& arguments) {
  PENFIELD_TRY(const std::string name, text_argument(arguments, "result", ""));
  PENFIELD_TRY(const std::uint64_t n, count_argument(arguments, "n", 20, 1, kMostUnits));
  std::optional<std::uint32_t> layer;
  if (arguments.contains("layer")) {
    PENFIELD_TRY(layer, count_argument(arguments, "layer", 0, 0, UINT32_MAX));
  }
  PENFIELD_TRY(const report::ReportData* data, desk.result(name));
  std::vector<const findings::Finding*> best = report::surviving_units(*data, n, layer);
  const bool has_effects = !best.empty();
  if (!has_effects) best = report::top_units(*data, n, layer);
  ordered_json units = ordered_json::array();
  std::string text;
  for (const findings::Finding* unit : best) {
    const ordered_json row = row_of(*unit);
    ordered_json shown;
    for (const char* column : kShownColumns) {
      shown[column] = row[column];
      text += fmt::format("{}{} {}", column == kShownColumns.front() ? "" : "  ", column,
                          shown_value(row[column]));
    }
    text += "\n";
    units.push_back(std::move(shown));
  }
  return ToolAnswer{std::move(text), {{"ranked_by", has_effects ? "effect" : "p"}, {"units", units}}};
}

Result<const findings::Finding*> find_unit(const report::ReportData& data, const json& arguments) {
  PENFIELD_TRY(const std::string name, text_argument(arguments, "unit", ""));
  PENFIELD_TRY(const UnitId unit, parse_unit(name));
  const findings::Finding* finding = report::find_unit(data, unit);
  if (finding == nullptr) return usage_error("{} is no unit of this result", to_string(unit));
  return finding;
}

Result<ToolAnswer> card(Desk& desk, const json& arguments) {
  PENFIELD_TRY(const std::string name, text_argument(arguments, "result", ""));
  PENFIELD_TRY(const report::ReportData* data, desk.result(name));
  PENFIELD_TRY(const findings::Finding* unit, find_unit(*data, arguments));
  PENFIELD_TRY(std::string text, report::show_unit(*data, unit->unit, {.width = 100}));
  return ToolAnswer{std::move(text), {{"unit", row_of(*unit)}}};
}

// The body of an answer of the explorer, or its error.
Result<ordered_json> ask(server::Explorer& explorer, const server::Request& request,
                         const std::stop_token& gone) {
  const server::Answer answer = explorer.answer(request, gone);
  const ordered_json body = ordered_json::parse(*answer.body);
  if (answer.status == 200) return body;
  return usage_error("{}", body["error"].get<std::string>());
}

// The tokens on which the unit is farthest from its mean, in their order of strength.
std::string strongest(const std::vector<std::string>& tokens, const json& values, std::size_t n) {
  std::vector<std::size_t> order(std::min(tokens.size(), values.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  n = std::min(n, order.size());
  const auto value = [&](std::size_t t) { return values[t].is_number() ? values[t].get<double>() : 0.0; };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n), order.end(),
                    [&](std::size_t a, std::size_t b) { return value(a) > value(b); });
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += fmt::format("{:+.3f}  {}\n", value(order[i]), tokens[order[i]]);
  return out;
}

Result<ToolAnswer> heatmap(Desk& desk, const json& arguments, const std::stop_token& gone) {
  PENFIELD_TRY(const std::string name, text_argument(arguments, "result", ""));
  PENFIELD_TRY(const std::string split, text_argument(arguments, "split", "discovery"));
  PENFIELD_TRY(const std::uint64_t most, count_argument(arguments, "tokens", 512, 1, kMostTokens));
  if (split != "discovery" && split != "held_out") return usage_error("split must be discovery or held_out");
  PENFIELD_TRY(const report::ReportData* data, desk.result(name));
  PENFIELD_TRY(const findings::Finding* unit, find_unit(*data, arguments));
  PENFIELD_TRY(server::Explorer * explorer, desk.explorer(name));
  PENFIELD_TRY(const ordered_json body,
               ask(*explorer, {server::Endpoint::kUnit, to_string(unit->unit), {}}, gone));
  if (body["values"].is_null()) {
    return usage_error("{} has no heatmap, and the model of this result is not open: {}",
                       to_string(unit->unit), explorer->why_not_live());
  }
  // Two readings of one folder, into which another scan may have written in between.
  if (body["values"].size() != data->heatmaps.tokens.size()) {
    desk.forget();
    return usage_error("the result was replaced while it was read; ask again");
  }
  const auto wanted = split == "discovery" ? sample::Split::kDiscovery : sample::Split::kHeldOut;
  std::vector<std::string> tokens;
  ordered_json values = ordered_json::array(), labels = ordered_json::array();
  for (std::size_t t = 0; t < data->heatmaps.tokens.size() && tokens.size() < most; ++t) {
    const store::WindowToken& token = data->heatmaps.tokens[t];
    if (token.split != wanted) continue;
    tokens.push_back(token.token);
    values.push_back(body["values"][t]);
    labels.push_back(token.is_target ? 1 : 0);
  }
  std::string text = "the tokens with the largest activations:\n" + strongest(tokens, values, 20);
  return ToolAnswer{std::move(text),
                    {{"unit", to_string(unit->unit)},
                     {"split", split},
                     {"tokens", tokens},
                     {"values", std::move(values)},
                     {"labels", std::move(labels)}}};
}

Result<ToolAnswer> live_text(Desk& desk, const json& arguments, const std::stop_token& gone) {
  PENFIELD_TRY(const std::string name, text_argument(arguments, "result", ""));
  PENFIELD_TRY(const std::string text, text_argument(arguments, "text", ""));
  PENFIELD_TRY(const std::vector<std::string> units, texts_argument(arguments, "units"));
  PENFIELD_TRY(server::Explorer * explorer, desk.explorer(name));
  if (!explorer->why_not_live().empty())
    return usage_error("the model of this result is not open: {}", explorer->why_not_live());
  const json request{{"text", text}, {"units", units}, {"responders", 10}};
  PENFIELD_TRY(ordered_json body, ask(*explorer, {server::Endpoint::kLive, {}, request.dump()}, gone));
  const auto tokens = body["tokens"].get<std::vector<std::string>>();
  std::string out;
  for (const auto& [unit, values] : body["values"].items())
    out += fmt::format("{}\n{}", unit, strongest(tokens, values, 10));
  return ToolAnswer{std::move(out), std::move(body)};
}

// A concept that reads a file is refused: whoever calls gives no paths.
Result<void> check_concept(const std::string& concept_spec) {
  if (labels::may_read_file(concept_spec))
    return usage_error("a concept that reads a file cannot be asked for here; give the words themselves");
  PENFIELD_TRY([[maybe_unused]] const labels::Concept parsed, labels::Concept::parse(concept_spec));
  return {};
}

Result<ToolAnswer> scan(Desk& desk, const json& arguments, const std::stop_token& gone) {
  study::StudyRequest request;
  PENFIELD_TRY(request.concept_spec, text_argument(arguments, "concept", "proper-noun"));
  PENFIELD_TRY_VOID(check_concept(*request.concept_spec));
  PENFIELD_TRY(request.layers, text_argument(arguments, "layers", "all"));
  PENFIELD_TRY(request.budget, count_argument(arguments, "budget", kMostBudget, 100, kMostBudget));
  PENFIELD_TRY(const std::string name, desk.scan(std::move(request), gone));
  PENFIELD_TRY(const report::ReportData* data, desk.result(name));
  return ToolAnswer{fmt::format("result {}\n{}", name, lines(sentences_of(*data))), summary_of(name, *data)};
}

Tool scan_tool(const Shared& desk) {
  return {
      "scan", "Scan the model",
      "Find the units of the model that respond to a concept in the text that this server was given, and test "
      "each on held-out text. Takes seconds to minutes. The result can then be read by its name.",
      schema({{"concept",
               {{"type", "string"}, {"description", "what to look for; see concepts; default proper-noun"}}},
              {"layers", {{"type", "string"}, {"description", "all (default), or a list such as 0-5,23"}}},
              {"budget", count_property("tokens of text to read; default 40960", kMostBudget)}}),
      [desk](const json& arguments, const std::stop_token& gone) { return scan(*desk, arguments, gone); }};
}

}  // namespace

Result<std::vector<Tool>> make_tools(ToolOptions options) {
  PENFIELD_TRY(const Shared desk, Desk::open(std::move(options)));
  const auto none = ordered_json::object();
  const auto unit = unit_property(), result = result_property();
  std::vector<Tool> tools = {
      {"concepts", "List concepts", "What a scan can look for, with an example of each.", schema(none),
       [](const json& arguments, const std::stop_token&) { return concepts(arguments); }},
      {"results", "List results", "The results that can be read: what each asked and found.", schema(none),
       [desk](const json&, const std::stop_token&) { return results(*desk); }},
      {"top", "Best units", "The units that most surely tell the concept from unseen words.",
       schema({{"result", result},
               {"n", count_property("how many; default 20", kMostUnits)},
               {"layer", {{"type", "integer"}, {"minimum", 0}, {"description", "of this layer alone"}}}}),
       [desk](const json& arguments, const std::stop_token&) { return top(*desk, arguments); }},
      {"card", "A unit in words", "All statistics of one unit, in words and as numbers.",
       schema({{"result", result}, {"unit", unit}}, {"unit"}),
       [desk](const json& arguments, const std::stop_token&) { return card(*desk, arguments); }},
      {"heatmap", "A unit over the text", "One unit's activations on each token of the scan's text.",
       schema({{"result", result},
               {"unit", unit},
               {"split", {{"type", "string"}, {"enum", {"discovery", "held_out"}}}},
               {"tokens", count_property("the first so many tokens; default 512", kMostTokens)}},
              {"unit"}),
       [desk](const json& arguments, const std::stop_token& gone) {
         return heatmap(*desk, arguments, gone);
       }},
      {"live_text", "Type a text",
       "Run the model over a text of your own: one or two units' activations on each token, and the units "
       "that respond most.",
       schema({{"result", result},
               {"text", {{"type", "string"}, {"maxLength", 20000}}},
               {"units",
                {{"type", "array"}, {"items", {{"type", "string"}}}, {"minItems", 1}, {"maxItems", 2}}}},
              {"text", "units"}),
       [desk](const json& arguments, const std::stop_token& gone) {
         return live_text(*desk, arguments, gone);
       }}};
  if (!desk->options().model.empty() && !desk->options().texts.empty()) tools.push_back(scan_tool(desk));
  return tools;
}

}  // namespace penfield::mcp

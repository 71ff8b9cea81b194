// A unit's activations over running text, in SDs from the unit's mean. With colour: the diverging scale
// behind each token. Without: whole SDs as a raised number (`Bill⁺³`, in ASCII `Bill[+3]`).
// Targets are underlined, without colour between underscores.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "penfield/report/terminal/terminal.h"
#include "penfield/report/words/heatmap_text.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/visible_text.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

std::string mark_text(int mark, bool utf8) {
  static constexpr std::array<std::string_view, 4> kRaised = {"", "¹", "²", "³"};
  if (mark == 0) return "";
  if (!utf8) return fmt::format("[{:+}]", mark);
  return fmt::format("{}{}", mark > 0 ? "⁺" : "⁻", kRaised[static_cast<std::size_t>(std::abs(mark))]);
}

// Lays tokens into lines, words kept whole where they fit.
class TextSetter {
 public:
  TextSetter(const Screen& screen, const HeatText& text) : screen_(screen), text_(text) {}

  std::string set(std::span<const HeatToken> tokens) {
    for (std::size_t first = 0; first < tokens.size();) {
      std::size_t last = first + 1;
      while (last < tokens.size() && !tokens[last].has_leading_space && !tokens[last - 1].ends_line) ++last;
      set_word({tokens.data() + first, last - first});
      first = last;
    }
    if (column_ > 0) out_ += '\n';
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string shown(const HeatToken& token) const {
    std::string safe = screen_.text(token.text);
    if (screen_.options().color) return safe;
    const std::string mark = mark_text(heat_mark(token.value), screen_.options().utf8);
    return (token.is_target ? "_" + safe + "_" : safe) + mark;
  }

  // What the raised numbers tell from 2 on, by bold and italic type: meaning does not rest on colour.
  [[nodiscard]] static std::string attributes(const HeatToken& token) {
    const int mark = heat_mark(token.value);
    std::string out = token.is_target ? "4" : "";
    if (std::abs(mark) >= 2) out += std::string(out.empty() ? "" : ";") + (mark > 0 ? "1" : "3");
    return out;
  }

  void new_line() {
    out_ += '\n';
    column_ = 0;
  }

  void put(std::string_view safe, const HeatToken& token, const std::string& attributes) {
    out_ += screen_.paint_heat(safe, heat_colour(token.value, text_.limit), attributes);
    column_ += display_width(safe);
  }

  void set_word(std::span<const HeatToken> word) {
    std::size_t width = word.front().has_leading_space ? 1 : 0;
    for (const HeatToken& token : word) width += display_width(shown(token));
    const std::size_t room = screen_.options().width;
    if (column_ > 0 && column_ + width > room) new_line();
    if (word.front().has_leading_space && column_ > 0) put(" ", word.front(), "");
    for (const HeatToken& token : word) set_token(token, room);
  }

  void set_token(const HeatToken& token, std::size_t room) {
    const std::string text = shown(token);
    std::string_view rest = text;
    if (column_ > 0 && column_ + display_width(rest) > room) new_line();
    while (!rest.empty()) {
      const std::size_t cut = prefix_of_width(rest, room);
      put(rest.substr(0, cut), token, attributes(token));
      rest.remove_prefix(cut);
      if (!rest.empty()) new_line();
    }
    if (token.ends_line) new_line();
  }

  const Screen& screen_;
  const HeatText& text_;
  std::string out_;
  std::size_t column_ = 0;
};

std::string colour_bar(const std::string& limit, const Screen& screen) {
  std::string out = screen.text(fmt::format("−{} ", limit));
  for (int step = -kHeatSteps; step <= kHeatSteps; ++step) {
    out += screen.paint_heat(step == 0 ? "0" : " ", heat_step_colour(step), "");
  }
  return out + screen.text(fmt::format(" +{} SDs", limit)) + "\n";
}

std::string legend(const ReportData& data, const HeatText& text, const Screen& screen) {
  const std::string limit = significant_text(text.limit, 2);
  const std::string concept_name = data.run.concept_name.empty() ? "the concept" : data.run.concept_name;
  const std::string mean = fmt::format("the unit’s mean ({}; SD {})", significant_text(text.mean, 3),
                                       significant_text(text.sd, 3));
  if (!screen.options().color) {
    const bool utf8 = screen.options().utf8;
    return screen.wrap(
        fmt::format("{} {} {}: 1, 2, 3 or more SDs above {}; {} {} {}: below it; the same in "
                    "discovery and held out. _Underscored_: {} target.",
                    mark_text(1, utf8), mark_text(2, utf8), mark_text(3, utf8), mean, mark_text(-1, utf8),
                    mark_text(-2, utf8), mark_text(-3, utf8), concept_name));
  }
  std::string out = colour_bar(limit, screen);
  out +=
      screen.wrap(fmt::format("SDs from {}; the same scale in discovery and held out. Underlined: {} target. "
                              "Bold: 2 or more SDs above the mean. Italic: 2 or more below.",
                              mean, concept_name));
  if (text.n_beyond > 0) {
    out +=
        screen.wrap(fmt::format("{} beyond ±{} SDs {} the colour of the limit.",
                                counted(text.n_beyond, "token"), limit, text.n_beyond == 1 ? "has" : "have"));
  }
  return out;
}

Result<std::string> no_heatmap(const ReportData& data, const UnitId& unit) {
  constexpr std::size_t kNamed = 12;
  std::vector<std::string> names;
  for (const UnitId& has : data.heatmaps.units) {
    if (names.size() < kNamed) names.push_back(to_string(has));
  }
  if (names.empty()) return usage_error("{}: these results hold no heatmaps", to_string(unit));
  return usage_error("{}: no heatmap was kept for this unit; there are heatmaps of {}{}", to_string(unit),
                     fmt::join(names, ", "), data.heatmaps.units.size() > kNamed ? ", …" : "");
}

}  // namespace

Result<std::string> show_heatmap(const ReportData& data, const UnitId& unit, sample::Split split,
                                 const TerminalOptions& terminal, std::size_t max_tokens) {
  if (heatmap_values(data.heatmaps, unit).empty()) return no_heatmap(data, unit);
  const HeatText text = make_heat_text(data.heatmaps, unit, split);
  const std::string split_name = split == sample::Split::kDiscovery ? "discovery" : "held out";
  if (text.windows.empty()) {
    return usage_error("{}: no text of this split ({}) was kept with the heatmaps", to_string(unit),
                       split_name);
  }
  const Screen screen(terminal);
  std::string out =
      screen.paint(screen.text(fmt::format("{}, {}", to_string(unit), split_name)), Paint::kBold) + "\n";
  out += legend(data, text, screen);
  std::size_t n_left = max_tokens, n_shown_windows = 0;
  for (const HeatWindow& window : text.windows) {
    if (n_left == 0) break;
    ++n_shown_windows;
    out +=
        "\n" + screen.paint(screen.text(fmt::format("Window {} (document {}, {})", window.window,
                                                    window.document, counted(window.tokens.size(), "token"))),
                            Paint::kDim);
    const std::size_t n_shown = std::min(n_left, window.tokens.size());
    n_left -= n_shown;
    out += "\n" + TextSetter(screen, text).set(std::span(window.tokens).first(n_shown));
    if (n_shown < window.tokens.size()) out += screen.paint(screen.text("…"), Paint::kDim) + "\n";
  }
  if (const std::size_t n_more = text.windows.size() - n_shown_windows; n_more > 0) {
    out +=
        screen.paint(screen.text(fmt::format("and {} more", counted(n_more, "window"))), Paint::kDim) + "\n";
  }
  return out;
}

}  // namespace penfield::report

// The three texts of `penfield show`, over widths, with and without colour and UTF-8, and with hostile names.
#include "penfield/report/terminal/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "penfield/report/words/lookup.h"
#include "penfield/report/words/synthetic_report_for_tests.h"
#include "penfield/report/words/visible_text.h"

namespace penfield::report {
namespace {

using sample::Split;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string show_all(const ReportData& data, const TerminalOptions& terminal) {
  const UnitId unit = data.heatmaps.units.front();
  return show_summary(data, {}, terminal) + show_unit(data, unit, terminal).value() +
         show_heatmap(data, unit, Split::kDiscovery, terminal).value() +
         show_heatmap(data, unit, Split::kHeldOut, terminal).value();
}

// The text without the escape sequences that Penfield writes itself: ESC [ digits and semicolons m.
std::string without_paint(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b' && text.compare(at, 2, "\x1b[") == 0) {
      const std::size_t end = text.find_first_not_of("0123456789;", at + 2);
      if (end != std::string::npos && text[end] == 'm') {
        at = end;
        continue;
      }
    }
    out += text[at];
  }
  return out;
}

ReportData make_hostile_report() {
  ReportData data = make_synthetic_report();
  data.run.model.name = "m\x1b[31m\r\n";
  // NOLINTNEXTLINE(misc-misleading-bidirectional): an escape in this file
  data.run.concept_name = "\u202etnecco\x07";
  data.run.warnings = {"bell \x07 and \x1b]0;title\x1b\\"};
  data.run.text_files[0].path = "dir/\x1b[2J.txt";
  // NOLINTNEXTLINE(misc-misleading-bidirectional): an escape in this file
  const std::array<std::string, 6> tokens = {"·\x1b[2J", "\x9b\x33\x31m", "\u202eabc",
                                             "\xff\xfe", "a\nb",          "·\u009b0m"};
  for (std::size_t t = 0; t < data.heatmaps.tokens.size(); ++t) data.heatmaps.tokens[t].token = tokens[t % 6];
  return data;
}

TEST(Terminal, NoLineIsWiderThanTheScreen) {
  const ReportData data = make_synthetic_report();
  for (const std::size_t width : {50, 60, 72, 80, 100, 120, 200}) {
    for (const bool color : {false, true}) {
      for (const bool utf8 : {false, true}) {
        std::istringstream lines(show_all(data, {.width = width, .color = color, .utf8 = utf8}));
        for (std::string line; std::getline(lines, line);) {
          EXPECT_LE(display_width(without_paint(line)), width) << line;
        }
      }
    }
  }
}

TEST(Terminal, WithoutColourThereIsNoEscapeAndWithoutUtf8OnlyAscii) {
  const ReportData data = make_synthetic_report();
  EXPECT_THAT(show_all(data, {.color = false}), Not(HasSubstr("\x1b")));
  for (const char byte : show_all(data, {.color = false, .utf8 = false})) {
    EXPECT_TRUE(byte == '\n' || (byte >= 0x20 && byte < 0x7f));
  }
}

TEST(Terminal, HostileTextNeverReachesTheTerminal) {
  const ReportData data = make_hostile_report();
  for (const bool color : {false, true}) {
    for (const bool utf8 : {false, true}) {
      std::string text = without_paint(show_all(data, {.color = color, .utf8 = utf8}));
      std::erase(text, '\n');
      EXPECT_EQ(visible(text), text) << "a control or format character is left";
    }
  }
}

TEST(ShowSummary, HasTheFindingsWarningsAndTables) {
  const ReportData data = make_synthetic_report();
  const std::string text = show_summary(data, {.top = 5}, {.width = 80});
  EXPECT_THAT(text, HasSubstr("proper-noun in synthetic-gpt2\n"));
  EXPECT_THAT(text, HasSubstr("warning: Only 81 distinct tokens"));
  EXPECT_THAT(text, HasSubstr("Top 5 units, by −log10 p of the likelihood-ratio test"));
  EXPECT_THAT(text, HasSubstr("held-out AUC [95%]"));
  for (const auto* unit : top_units(data, 5))
    EXPECT_THAT(text, HasSubstr("  " + to_string(unit->unit) + " "));
}

TEST(ShowSummary, FiltersByLayer) {
  const ReportData data = make_synthetic_report();
  const std::string text = show_summary(data, {.top = 600, .layer = 2}, {.width = 80});
  EXPECT_THAT(text, HasSubstr("\n  L2.7 "));
  EXPECT_THAT(text, HasSubstr("separated"));
  EXPECT_THAT(text, Not(HasSubstr("\n  L3.")));
  EXPECT_THAT(show_summary(data, {.layer = 77}, {}), HasSubstr("There are no units of layer 77 to list."));
}

TEST(ShowSummary, NothingFoundAndNothingThere) {
  EXPECT_THAT(show_summary(make_synthetic_report({.is_null = true}), {}, {}), HasSubstr("No unit of 3,072"));
  EXPECT_THAT(show_summary(ReportData{}, {}, {}), HasSubstr("There are no units to list."));
}

TEST(ShowUnit, AnUnknownUnitIsAUsageError) {
  const auto text = show_unit(make_synthetic_report(), {Site::kMlpPre, 9, 1}, {});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(text.error().message, HasSubstr("L9.1: no such unit in these results; they hold 3072 units"));
}

TEST(ShowHeatmap, MarksTargetsAndStrengthWithoutColour) {
  ReportData data = make_synthetic_report();
  const UnitId unit = data.heatmaps.units[0];
  const std::vector<std::string> words = {"In", "·Wexley", "·it", "·rained", ".↵"};
  std::vector<float> values = {0, 9, -9, 3.1F};
  constexpr std::size_t kTokens = 30;
  data.heatmaps.tokens.resize(kTokens);
  for (std::size_t t = 0; t < kTokens; ++t) {
    data.heatmaps.tokens[t].token = t < words.size() ? words[t] : "·so";
    data.heatmaps.tokens[t].is_target = t == 1;
  }
  values.resize(data.heatmaps.units.size() * kTokens);
  data.heatmaps.values = values;
  const std::string text = show_heatmap(data, unit, Split::kDiscovery, {}).value();
  EXPECT_THAT(text, HasSubstr("\nIn _Wexley_⁺³ it⁻³ rained⁺¹.↵\n"));
  EXPECT_THAT(text, HasSubstr("3 or more SDs above the unit’s mean"));
  const std::string ascii = show_heatmap(data, unit, Split::kDiscovery, {.utf8 = false}).value();
  EXPECT_THAT(ascii, HasSubstr("\nIn _Wexley_[+3] it[-3] rained[+1].\\n\n"));
  const std::string colour = show_heatmap(data, unit, Split::kDiscovery, {.color = true}).value();
  EXPECT_THAT(colour, ContainsRegex("\x1b\\[4;1;38;2;20;20;20;48;2;23[0-9];1[0-9]+;[0-9]+mWexley\x1b\\[0m"));
  EXPECT_THAT(colour, HasSubstr("Underlined:"));
}

TEST(ShowHeatmap, AUnitWithoutHeatmapNamesThoseThatHaveOne) {
  const ReportData data = make_synthetic_report();
  const auto text = show_heatmap(data, {Site::kMlpPre, 0, 0}, Split::kDiscovery, {});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(text.error().message, HasSubstr(to_string(data.heatmaps.units[0])));
  EXPECT_THAT(show_heatmap(ReportData{}, {}, Split::kDiscovery, {}).error().message,
              HasSubstr("hold no heatmaps"));
}

}  // namespace
}  // namespace penfield::report

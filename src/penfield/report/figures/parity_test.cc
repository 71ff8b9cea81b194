// The program's figures and those of the page are drawn by different code: one palette and the same words are
// held here.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "penfield/report/figures/canvas.h"
#include "penfield/report/figures/figure.h"
#include "penfield/report/words/synthetic_report_for_tests.h"

namespace penfield::report {
namespace {

std::string source(const std::string& path) {
  std::ifstream file("web/src/" + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string hex(Rgb colour) {
  return fmt::format("'#{:02x}{:02x}{:02x}'", colour.r, colour.g, colour.b);
}

TEST(FigureParity, ThePagesPaletteIsThatOfTheFigures) {
  const std::string page = source("plots/palette.ts");
  const std::size_t dark_at = page.find("kDark");
  ASSERT_NE(dark_at, std::string::npos);
  for (const FigureTheme theme : {FigureTheme::kLight, FigureTheme::kDark}) {
    const std::string text = theme == FigureTheme::kLight ? page.substr(0, dark_at) : page.substr(dark_at);
    const Palette& colours = palette(theme);
    EXPECT_TRUE(has(text, "ground: " + hex(colours.ground)));
    EXPECT_TRUE(has(text, "ink: " + hex(colours.ink)));
    EXPECT_TRUE(has(text, "muted: " + hex(colours.muted)));
    EXPECT_TRUE(has(text, "grid: " + hex(colours.grid)));
    EXPECT_TRUE(has(text, "rest: " + hex(colours.rest)));
    EXPECT_TRUE(has(text, "restAlternate: " + hex(colours.rest_alternate)));
    EXPECT_TRUE(has(text, "positive: " + hex(colours.positive)));
    EXPECT_TRUE(has(text, "negative: " + hex(colours.negative)));
    EXPECT_TRUE(has(text, "band: " + hex(colours.band)));
  }
}

TEST(FigureParity, NamesOfUnitsCanBeReadInBothThemes) {
  for (const FigureTheme theme : {FigureTheme::kLight, FigureTheme::kDark}) {
    const Palette& colours = palette(theme);
    for (const Rgb ink : {colours.ink, colours.muted, colours.positive, colours.negative}) {
      EXPECT_GE(contrast_ratio(ink, colours.ground), 4.5) << hex(ink);  // WCAG 2.1, AA
    }
  }
}

TEST(FigureParity, TheTitlesAreThePages) {
  const std::string page = source("plots/view_words.ts");
  ReportData data = make_synthetic_report();
  for (const Figure figure : {Figure::kFunnel, Figure::kManhattan, Figure::kLayers, Figure::kQq}) {
    EXPECT_TRUE(has(page, figure_title(data, figure, {}))) << figure_title(data, figure, {});
  }
  const std::string held_out = figure_caption(data, Figure::kLayers, {});
  data.run.counts[1] = {};
  const std::string none_held_out = figure_caption(data, Figure::kLayers, {});
  EXPECT_TRUE(has(page, none_held_out));
  ASSERT_TRUE(held_out.starts_with(none_held_out));
  EXPECT_TRUE(has(page, held_out.substr(none_held_out.size())));
}

TEST(FigureParity, TheCaptionOfTheBandsIsThePages) {
  const std::string page = source("plots/view_words.ts");
  ReportData data = make_synthetic_report();
  const auto sentences_of = [&] {
    const std::string caption = figure_caption(data, Figure::kQq, {});
    const std::size_t begin = caption.find("If no unit"), end = caption.find(" λ = ");
    return caption.substr(begin, end - begin);
  };
  const std::string without = sentences_of();
  EXPECT_TRUE(has(page, without)) << without;
  data.run.families.resize(1);
  data.run.families[0].permutation.rank_bands = {{.rank = 1, .lo = 2, .median = 3, .hi = 5}};
  const std::string with = sentences_of();
  ASSERT_TRUE(with.starts_with(without));
  ASSERT_GT(with.size(), without.size());
  EXPECT_TRUE(has(page, with.substr(without.size()))) << with;
}

}  // namespace
}  // namespace penfield::report

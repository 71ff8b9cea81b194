#include "penfield/report/figures/figure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "penfield/report/figures/kinds.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/synthetic_report_for_tests.h"

namespace penfield::report {
namespace {

using testing::HasSubstr;

TEST(Figure, NamesAreThoseOfTheCommand) {
  for (const Figure figure : kFigures) EXPECT_EQ(parse_figure(figure_name(figure)), figure);
  EXPECT_EQ(parse_figure("pie"), std::nullopt);
}

TEST(Figure, EveryKindInEveryFormatIsAWholeFileAndRepeatable) {
  const ReportData data = make_synthetic_report();
  for (const Figure figure : kFigures) {
    const FigureTheme theme = figure == Figure::kQq ? FigureTheme::kDark : FigureTheme::kLight;
    const FigureOptions options{.theme = theme};
    const std::string svg = draw_figure(data, figure, FigureFormat::kSvg, options).value();
    EXPECT_TRUE(svg.starts_with("<?xml"));
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
    EXPECT_TRUE(draw_figure(data, figure, FigureFormat::kSvg, options).value() == svg);
    const std::string pdf = draw_figure(data, figure, FigureFormat::kPdf, options).value();
    EXPECT_TRUE(pdf.starts_with("%PDF-"));
    EXPECT_TRUE(pdf.ends_with("%%EOF\n"));
    EXPECT_TRUE(draw_figure(data, figure, FigureFormat::kPdf, options).value() == pdf);
    const std::string png = draw_figure(data, figure, FigureFormat::kPng, options).value();
    EXPECT_TRUE(png.starts_with("\x89PNG\r\n"));
    EXPECT_TRUE(draw_figure(data, figure, FigureFormat::kPng, options).value() == png);
  }
}

// The four bytes at `at`, most significant first.
std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

TEST(Figure, PngHasTheSizeAskedFor) {
  const FigureOptions options{.width = 300, .height = 250, .png_scale = 3};
  const std::string png =
      draw_figure(make_synthetic_report(), Figure::kFunnel, FigureFormat::kPng, options).value();
  EXPECT_EQ(big_endian(png, 16), 900u);
  EXPECT_EQ(big_endian(png, 20), 750u);
}

TEST(Figure, ManyUnitsAreAnImageInASmallFile) {
  const ReportData many = make_synthetic_report({.n_layers = 12, .n_units = 2048});
  const ReportData few = make_synthetic_report({.n_layers = 4, .n_units = 200});
  for (const Figure figure : {Figure::kFunnel, Figure::kManhattan}) {
    const std::string svg = draw_figure(many, figure, FigureFormat::kSvg, {}).value();
    EXPECT_TRUE(svg.find("data:image/png;base64") != std::string::npos);
    EXPECT_LT(svg.size(), 1500000u);
    EXPECT_TRUE(draw_figure(few, figure, FigureFormat::kSvg, {}).value().find("data:image") ==
                std::string::npos);
  }
}

TEST(Figure, WrongOptionsAreUsageErrors) {
  const ReportData data = make_synthetic_report();
  const auto kind_of = [&](const FigureOptions& options) {
    return draw_figure(data, Figure::kIndex, FigureFormat::kSvg, options).error().kind;
  };
  EXPECT_EQ(kind_of({.width = 20}), ErrorKind::kUsage);
  EXPECT_EQ(kind_of({.height = 1e9}), ErrorKind::kUsage);
  EXPECT_EQ(kind_of({.png_scale = std::nan("")}), ErrorKind::kUsage);
  EXPECT_EQ(kind_of({.layer = 99}), ErrorKind::kUsage);
  EXPECT_EQ(draw_figure(ReportData{}, Figure::kQq, FigureFormat::kPng, {}).error().kind,
            ErrorKind::kBadInput);
}

TEST(Figure, OddResultsAreDrawnToo) {
  ReportData null_run = make_synthetic_report({.is_null = true});
  ReportData no_p = make_synthetic_report();
  for (findings::Finding& unit : no_p.units) {
    unit.fit = {};
    unit.neglog10_p = association::UnitFit::kNone;
    unit.significant = unit.replicated = false;
    unit.direction = 0;
  }
  ReportData one = make_synthetic_report();
  one.units.resize(1);
  one.run.layer_summaries.resize(1);
  ReportData extreme = make_synthetic_report();
  extreme.units[3].neglog10_p = 1e5;
  extreme.units[4].fit.beta_sd = 1e300;
  ReportData sites = make_synthetic_report();
  const auto copy = sites.units;
  for (findings::Finding unit : copy) {
    unit.unit.site = Site::kAttnQ;
    sites.units.push_back(unit);
  }
  for (const ReportData* data : {&null_run, &no_p, &one, &extreme, &sites}) {
    for (const Figure figure : kFigures) {
      EXPECT_TRUE(draw_figure(*data, figure, FigureFormat::kSvg, {}));
      EXPECT_TRUE(draw_figure(*data, figure, FigureFormat::kPng, {.width = 200, .height = 200, .layer = 0}));
      EXPECT_TRUE(draw_figure(*data, figure, FigureFormat::kSvg, {}).value().find("=\"nan") ==
                  std::string::npos);
    }
  }
}

TEST(Figure, HostileNamesLeaveTheDrawingWhole) {
  ReportData data = make_synthetic_report();
  data.run.model.name = "</svg><script>\x1b\xff" + std::string(5000, 'x');
  data.run.concept_name = "*a*_{b}";
  for (const Figure figure : kFigures) {
    const std::string svg = draw_figure(data, figure, FigureFormat::kSvg, {}).value();
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
    EXPECT_TRUE(svg.find("<script") == std::string::npos);
  }
}

TEST(Figure, CaptionsSayWhatIsDrawn) {
  const ReportData data = make_synthetic_report();
  EXPECT_THAT(figure_caption(data, Figure::kQq, {}), HasSubstr("λ = 1."));
  EXPECT_EQ(figure_title(data, Figure::kIndex, {.layer = 3}), "The units of layer 3");
  EXPECT_EQ(index_layer(data, {}), top_units(data, 1)[0]->unit.layer);
  EXPECT_THAT(figure_caption(data, Figure::kIndex, {.beta_scale = BetaScale::kPerUnit}),
              HasSubstr("per unit"));
}

}  // namespace
}  // namespace penfield::report

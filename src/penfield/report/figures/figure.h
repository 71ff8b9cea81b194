// Figures for a paper: one drawing, by cairo, gives SVG, PDF and PNG.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/report/words/report_data.h"

namespace penfield::report {

enum class Figure : std::uint8_t {
  kFunnel,     // β per SD against −log10 p
  kIndex,      // β over the neurons of one layer
  kManhattan,  // −log10 p over all layers side by side
  kLayers,     // significant and replicated units a layer
  kQq,         // observed against expected −log10 p
};
inline constexpr std::array kFigures = {Figure::kFunnel, Figure::kIndex, Figure::kManhattan, Figure::kLayers,
                                        Figure::kQq};

enum class FigureFormat : std::uint8_t { kSvg, kPdf, kPng };
enum class FigureTheme : std::uint8_t { kLight, kDark };
enum class FigureHeading : std::uint8_t { kInside, kNone };  // kNone: the page has its own
enum class BetaScale : std::uint8_t { kPerSd, kPerUnit };

struct FigureOptions {
  double width = 720, height = 440;  // points (1/72 inch); 200 … 4000
  double png_scale = 2;              // pixels a point, 0.5 … 8
  // Index: this layer, default that of the best unit; others: this layer alone.
  std::optional<std::uint32_t> layer = std::nullopt;
  BetaScale beta_scale = BetaScale::kPerSd;  // of the index figure
  FigureTheme theme = FigureTheme::kLight;
  FigureHeading heading = FigureHeading::kInside;
};

// "funnel", "index", "manhattan", "layers", "qq".
[[nodiscard]] std::string_view figure_name(Figure figure);
[[nodiscard]] std::optional<Figure> parse_figure(std::string_view name);

// A short title, and a caption that also serves as alternative text.
[[nodiscard]] std::string figure_title(const ReportData& data, Figure figure, const FigureOptions& options);
[[nodiscard]] std::string figure_caption(const ReportData& data, Figure figure, const FigureOptions& options);

// The bytes of the file; the same data and options give the same bytes. Above 1,500 marks of one kind, the
// marks of SVG and PDF are an embedded image, so that a file with 98,304 units stays small. kUsage: a size
// out of bounds, or a layer that is not in the results. kBadInput: there are no units to draw.
[[nodiscard]] Result<std::string> draw_figure(const ReportData& data, Figure figure, FigureFormat format,
                                              const FigureOptions& options);

}  // namespace penfield::report

// The five drawings, each in its own file. draw_figure (figure.cc) checks options and data before it calls
// one.
#pragma once

#include <span>
#include <vector>

#include "penfield/report/figures/axes.h"

namespace penfield::report {

void draw_funnel(const Canvas& canvas, const ReportData& data, const FigureOptions& options);
void draw_index(const Canvas& canvas, const ReportData& data, const FigureOptions& options);
void draw_manhattan(const Canvas& canvas, const ReportData& data, const FigureOptions& options);
void draw_layers(const Canvas& canvas, const ReportData& data, const FigureOptions& options);
void draw_qq(const Canvas& canvas, const ReportData& data, const FigureOptions& options);

// The units with a p; with options.layer only those of that layer.
[[nodiscard]] std::vector<const findings::Finding*> units_to_draw(const ReportData& data,
                                                                  const FigureOptions& options);
// What permuted labels give at each rank of the units drawn, where the scan permuted the labels of just these
// units; else empty.
[[nodiscard]] std::span<const permutation::RankBand> permuted_bands(const ReportData& data,
                                                                    const FigureOptions& options);
// The layer of the index figure: options.layer, else that of the unit with the largest −log10 p.
[[nodiscard]] std::uint32_t index_layer(const ReportData& data, const FigureOptions& options);
// Genomic control's λ: the median χ² (1 degree of freedom) of the p-values over its expectation, .4549. NaN
// without p. Source: Devlin & Roeder 1999.
[[nodiscard]] double inflation(std::vector<double> neglog10_p);
// χ² (1 degree of freedom) whose upper tail is p; finite where p underflows.
[[nodiscard]] double chi2_of(double neglog10_p);

}  // namespace penfield::report

// −log10 p of every unit, layer beside layer; every other layer stands on a grey strip.
#include <algorithm>
#include <cmath>
#include <map>

#include "penfield/report/figures/kinds.h"
#include "penfield/report/figures/marks.h"
#include "penfield/report/words/lookup.h"

namespace penfield::report {
namespace {

// One site and layer: its units stand at first … first + n_units - 1.
struct Block {
  double first = 0;
  double n_units = 0;
  std::size_t ordinal = 0;
};
using Blocks = std::map<std::pair<Site, std::uint32_t>, Block>;

Blocks place_blocks(const std::vector<const findings::Finding*>& units) {
  Blocks blocks;
  for (const findings::Finding* unit : units) {
    Block& block = blocks[{unit->unit.site, unit->unit.layer}];
    block.n_units = std::max(block.n_units, unit->unit.index + 1.0);
  }
  double first = 0;
  std::size_t ordinal = 0;
  for (auto& [key, block] : blocks) {
    block.first = first;
    block.ordinal = ordinal++;
    first += block.n_units;
  }
  return blocks;
}

void draw_layer_axis(const Canvas& canvas, const Frame& frame, const ReportData& data, const Blocks& blocks) {
  const bool several_sites = blocks.begin()->first.first != blocks.rbegin()->first.first;
  const std::size_t room = static_cast<std::size_t>((frame.right - frame.left) / (several_sites ? 62 : 30));
  const std::size_t every = (blocks.size() + room - 1) / std::max<std::size_t>(1, room);
  std::vector<Tick> ticks;
  for (const auto& [key, block] : blocks) {
    const double threshold = threshold_of(data, key.first, key.second);
    if (std::isfinite(threshold) && threshold < frame.y.hi) {
      canvas.dashed_line(frame.x(block.first), frame.y(threshold), frame.x(block.first + block.n_units),
                         frame.y(threshold), canvas.colours().muted, 1);
    }
    if (block.ordinal % std::max<std::size_t>(1, every) != 0) continue;
    const std::string site = several_sites ? fmt::format(" {}", site_name(key.first)) : "";
    ticks.push_back({block.first + block.n_units / 2, fmt::format("L{}{}", key.second, site)});
  }
  draw_x_axis(canvas, frame, ticks,
              several_sites ? "site and layer" : "layer, its units in the order of the weights");
}

}  // namespace

void draw_manhattan(const Canvas& canvas, const ReportData& data, const FigureOptions& options) {
  const std::vector<const findings::Finding*> units = units_to_draw(data, options);
  const Blocks blocks = place_blocks(units);
  std::vector<UnitMark> marks;
  double top = 1;
  for (const findings::Finding* unit : units) {
    const Block& block = blocks.at({unit->unit.site, unit->unit.layer});
    marks.push_back({block.first + unit->unit.index + 0.5, unit->neglog10_p, unit, block.ordinal % 2 == 1});
    top = std::max(top, unit->neglog10_p);
  }
  Frame frame = lay_out(canvas, data, Figure::kManhattan, options);
  frame.y.hi = 1.06 * top;
  if (!blocks.empty()) {
    frame.x.hi = blocks.rbegin()->second.first + blocks.rbegin()->second.n_units;
    for (const auto& [key, block] : blocks) {
      if (block.ordinal % 2 == 0) continue;
      const double from = frame.x(block.first), to = frame.x(block.first + block.n_units);
      canvas.rectangle(from, frame.top, to - from, frame.bottom - frame.top, canvas.colours().band);
    }
    draw_layer_axis(canvas, frame, data, blocks);
  }
  draw_y_axis(canvas, frame, round_ticks(0, frame.y.hi, 6), "−log_{10} *p*");
  draw_units(canvas, frame, marks, 5);
  draw_unit_legend(canvas, frame, marks);
}

}  // namespace penfield::report

// Few marks are drawn as shapes, many are stamped into an image (stamp.h).
#include "penfield/report/figures/marks.h"

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "penfield/report/figures/labels.h"
#include "penfield/report/figures/stamp.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

constexpr std::size_t kMostShapes = 1500;

bool is_separated(const findings::Finding& unit) {
  return unit.fit.status == association::FitStatus::kSeparated ||
         unit.fit.status == association::FitStatus::kQuasiSeparated;
}

MarkKind kind_of(const UnitMark& mark) {
  if (!mark.unit->significant || mark.unit->direction == 0) {
    return mark.is_alternate ? MarkKind::kRestAlternate : MarkKind::kRest;
  }
  return mark.unit->direction > 0 ? MarkKind::kPositive : MarkKind::kNegative;
}

// Every kind's style; the more units are found, the smaller and the lighter their marks.
using Styles = std::array<MarkStyle, kMarkKinds>;
Styles make_styles(const Palette& colours, std::size_t n_found) {
  constexpr double kRestRadius = 1.7, kRestAlpha = 0.55;
  const double radius = n_found <= 500 ? 3.1 : n_found <= 3000 ? 2.6 : n_found <= 8000 ? 2.1 : 1.6;
  const double alpha = n_found <= 3000 ? 0.9 : 0.65;
  return {{{MarkKind::kRest, colours.rest, kRestRadius, kRestAlpha},
           {MarkKind::kRestAlternate, colours.rest_alternate, kRestRadius, kRestAlpha},
           {MarkKind::kPositive, colours.positive, radius, alpha},
           {MarkKind::kNegative, colours.negative, radius, alpha}}};
}
const MarkStyle& style_of(const Styles& styles, MarkKind kind) {
  return styles[static_cast<std::size_t>(kind)];
}

void draw_shapes(const Canvas& canvas, std::span<const PagePoint> points, const MarkStyle& style) {
  for (const PagePoint& point : points) outline_mark(canvas.cairo(), point.x, point.y, style);
  canvas.set_colour(style.colour, style.alpha);
  cairo_fill(canvas.cairo());
}

// The ground laid over the middle of a mark leaves it hollow.
void hollow_out(const Canvas& canvas, const PagePoint& point, MarkStyle style) {
  style.radius *= 0.5;
  style.colour = canvas.colours().ground;
  style.alpha = 1;
  draw_shapes(canvas, {&point, 1}, style);
}

struct PlacedMark {
  PagePoint at;
  MarkKind kind;
};

// One path a kind; or, of many marks, stamped in the order of the units, so that neither sign hides the
// other.
void draw_layer(const Canvas& canvas, const Frame& frame, const std::vector<PlacedMark>& marks,
                const Styles& styles, std::unique_ptr<StampedMarks>& stamped) {
  if (marks.size() > kMostShapes) {
    if (stamped == nullptr) stamped = std::make_unique<StampedMarks>(canvas, frame);
    for (const PlacedMark& mark : marks) stamped->add(mark.at, style_of(styles, mark.kind));
    return;
  }
  if (stamped != nullptr) stamped->embed();
  stamped.reset();
  std::array<std::vector<PagePoint>, kMarkKinds> points;
  for (const PlacedMark& mark : marks) points[static_cast<std::size_t>(mark.kind)].push_back(mark.at);
  for (std::size_t kind = 0; kind < kMarkKinds; ++kind) {
    if (!points[kind].empty()) draw_shapes(canvas, points[kind], styles[kind]);
  }
}

void name_best(const Canvas& canvas, const Frame& frame, const std::vector<UnitMark>& marks,
               std::size_t n_named) {
  std::vector<const UnitMark*> ranked;
  for (const UnitMark& mark : marks) {
    if (mark.unit->significant) ranked.push_back(&mark);
  }
  std::sort(ranked.begin(), ranked.end(), [](const UnitMark* a, const UnitMark* b) {
    if (a->unit->neglog10_p != b->unit->neglog10_p) return a->unit->neglog10_p > b->unit->neglog10_p;
    return a->unit->unit < b->unit->unit;
  });
  std::array<std::size_t, 2> n_of{};
  std::vector<Label> labels;
  std::vector<PagePoint> others;
  for (const UnitMark* mark : ranked) {
    const bool is_positive = mark->unit->direction > 0;
    const PagePoint at{frame.x(mark->x), frame.y(mark->y)};
    if (n_of[is_positive ? 1 : 0]++ >= n_named) {
      others.push_back(at);
    } else {
      labels.push_back({at, to_string(mark->unit->unit),
                        is_positive ? canvas.colours().positive : canvas.colours().negative});
    }
  }
  draw_labels(canvas, frame, labels, others);
}

}  // namespace

void draw_units(const Canvas& canvas, const Frame& frame, const std::vector<UnitMark>& marks,
                std::size_t n_named) {
  std::vector<PlacedMark> rest, found, hollow;
  for (const UnitMark& mark : marks) {
    const PlacedMark placed{{frame.x(mark.x), frame.y(mark.y)}, kind_of(mark)};
    const bool is_found = placed.kind == MarkKind::kPositive || placed.kind == MarkKind::kNegative;
    (is_found ? found : rest).push_back(placed);
    if (is_separated(*mark.unit)) hollow.push_back(placed);
  }
  const Styles styles = make_styles(canvas.colours(), found.size());
  std::unique_ptr<StampedMarks> stamped;
  draw_layer(canvas, frame, rest, styles, stamped);
  draw_layer(canvas, frame, found, styles, stamped);
  if (stamped != nullptr) stamped->embed();
  for (const PlacedMark& mark : hollow) hollow_out(canvas, mark.at, style_of(styles, mark.kind));
  name_best(canvas, frame, marks, n_named);
}

void draw_unit_legend(const Canvas& canvas, const Frame& frame, const std::vector<UnitMark>& marks) {
  std::uint64_t n_positive = 0, n_negative = 0, n_separated = 0;
  for (const UnitMark& mark : marks) {
    n_positive += kind_of(mark) == MarkKind::kPositive ? 1 : 0;
    n_negative += kind_of(mark) == MarkKind::kNegative ? 1 : 0;
    n_separated += is_separated(*mark.unit) ? 1 : 0;
  }
  const std::uint64_t n_rest = marks.size() - n_positive - n_negative;
  struct Entry {
    MarkKind kind;
    std::string text;
    bool is_hollow = false;
  };
  std::vector<Entry> entries = {
      {MarkKind::kPositive, fmt::format("fires more on targets ({})", count_text(n_positive))},
      {MarkKind::kNegative, fmt::format("fires less ({})", count_text(n_negative))},
      {MarkKind::kRest, fmt::format("not significant ({})", count_text(n_rest))}};
  if (n_separated > 0) {
    entries.push_back(
        {MarkKind::kPositive, fmt::format("hollow: separated ({})", count_text(n_separated)), true});
  }
  const TextStyle style{.size = 10, .colour = canvas.colours().muted};
  double x = frame.left;
  for (const Entry& entry : entries) {
    const double width = 12 + canvas.text_width(entry.text, style);
    if (x + width > canvas.width() - 4) break;
    MarkStyle mark = style_of(make_styles(canvas.colours(), 0), entry.kind);
    mark.radius *= 1.25;
    if (entry.is_hollow) mark.colour = canvas.colours().muted;
    const PagePoint at{x + 4, legend_y(frame) - 3.5};
    draw_shapes(canvas, {&at, 1}, mark);
    if (entry.is_hollow) hollow_out(canvas, at, mark);
    canvas.text(x + 12, legend_y(frame), entry.text, style);
    x += width + 18;
  }
}

}  // namespace penfield::report

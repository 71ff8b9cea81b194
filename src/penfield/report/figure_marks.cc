// Few marks are drawn as shapes. Many are stamped into an image that is embedded: cairo takes about a second for 98,304
// arcs and an SVG of them 20 MB; the stamp takes milliseconds and some 100 kB, and overlapping marks add up to a density.
#include "penfield/report/figure_marks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

#include "penfield/report/words.h"

namespace penfield::report {
namespace {

constexpr std::size_t kMostShapes = 1500;
constexpr double kRestAlpha = 0.55, kFoundAlpha = 0.9;

struct MarkStyle {
  MarkKind kind = MarkKind::kRest;
  Rgb colour;
  double radius = 2;
  double alpha = 1;
};

using Point = PagePoint;

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

MarkStyle style_of(MarkKind kind, const Palette& colours) {
  switch (kind) {
    case MarkKind::kRest:
      return {kind, colours.rest, 1.7, kRestAlpha};
    case MarkKind::kRestAlternate:
      return {kind, colours.rest_alternate, 1.7, kRestAlpha};
    case MarkKind::kPositive:
      return {kind, colours.positive, 3.1, kFoundAlpha};
    case MarkKind::kNegative:
      return {kind, colours.negative, 3.1, kFoundAlpha};
  }
  return {};
}

// Adds the outline of a mark around (x, y) to the path.
void outline(cairo_t* cairo, double x, double y, const MarkStyle& style) {
  const double r = style.radius;
  if (style.kind == MarkKind::kPositive || style.kind == MarkKind::kNegative) {
    const double tip = style.kind == MarkKind::kPositive ? -1 : 1;
    cairo_move_to(cairo, x, y + tip * 1.15 * r);
    cairo_line_to(cairo, x + 1.05 * r, y - tip * 0.75 * r);
    cairo_line_to(cairo, x - 1.05 * r, y - tip * 0.75 * r);
    cairo_close_path(cairo);
  } else {
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x, y, r, 0, 2 * std::numbers::pi);
  }
}

void draw_shapes(const Canvas& canvas, std::span<const Point> points, const MarkStyle& style) {
  cairo_t* cairo = canvas.cairo();
  for (const Point& point : points) outline(cairo, point.x, point.y, style);
  canvas.set_colour(style.colour, style.alpha);
  cairo_fill(cairo);
}

// An image whose pixels are premultiplied ARGB, as cairo keeps them.
class Image {
 public:
  Image(int width, int height) : surface_(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height)) {}
  ~Image() { cairo_surface_destroy(surface_); }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  [[nodiscard]] cairo_surface_t* surface() const { return surface_; }
  [[nodiscard]] int width() const { return cairo_image_surface_get_width(surface_); }
  [[nodiscard]] int height() const { return cairo_image_surface_get_height(surface_); }
  [[nodiscard]] std::uint32_t* row(int y) const {
    return reinterpret_cast<std::uint32_t*>(cairo_image_surface_get_data(surface_) +
                                            static_cast<std::ptrdiff_t>(y) *
                                                cairo_image_surface_get_stride(surface_));
  }

 private:
  cairo_surface_t* surface_;
};

// source over target, both premultiplied.
std::uint32_t over(std::uint32_t source, std::uint32_t target) {
  const std::uint32_t keep = 255 - (source >> 24);
  std::uint32_t out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const std::uint32_t below = ((target >> shift) & 0xff) * keep;
    const std::uint32_t sum = ((source >> shift) & 0xff) + (below + 127) / 255;
    out |= std::min<std::uint32_t>(sum, 255) << shift;
  }
  return out;
}

void stamp(const Image& image, const Image& mark, int left, int top) {
  for (int y = std::max(0, -top); y < mark.height() && top + y < image.height(); ++y) {
    const std::uint32_t* from = mark.row(y);
    std::uint32_t* to = image.row(top + y);
    for (int x = std::max(0, -left); x < mark.width() && left + x < image.width(); ++x) {
      if (from[x] != 0) to[left + x] = over(from[x], to[left + x]);
    }
  }
}

void draw_stamped(const Canvas& canvas, const Frame& frame, std::span<const Point> points, const MarkStyle& style) {
  const double scale = canvas.image_scale();
  constexpr double kRoom = 6;  // marks on the border stay whole
  const double left = frame.left - kRoom, top = frame.top - kRoom;
  const int half = static_cast<int>(std::ceil(1.5 * style.radius * scale));
  const Image mark(2 * half + 1, 2 * half + 1);
  cairo_t* cairo = cairo_create(mark.surface());
  cairo_scale(cairo, scale, scale);
  outline(cairo, (half + 0.5) / scale, (half + 0.5) / scale, style);
  cairo_set_source_rgba(cairo, style.colour.r / 255.0, style.colour.g / 255.0, style.colour.b / 255.0, style.alpha);
  cairo_fill(cairo);
  cairo_destroy(cairo);
  cairo_surface_flush(mark.surface());

  const Image image(static_cast<int>(std::ceil((frame.right - left + kRoom) * scale)),
                    static_cast<int>(std::ceil((frame.bottom - top + kRoom) * scale)));
  cairo_surface_flush(image.surface());
  for (const Point& point : points) {
    stamp(image, mark, static_cast<int>(std::lround((point.x - left) * scale)) - half,
          static_cast<int>(std::lround((point.y - top) * scale)) - half);
  }
  cairo_surface_mark_dirty(image.surface());
  cairo_save(canvas.cairo());
  cairo_translate(canvas.cairo(), left, top);
  cairo_scale(canvas.cairo(), 1 / scale, 1 / scale);
  cairo_set_source_surface(canvas.cairo(), image.surface(), 0, 0);
  cairo_paint(canvas.cairo());
  cairo_restore(canvas.cairo());
}

void draw_marks(const Canvas& canvas, const Frame& frame, std::span<const Point> points, const MarkStyle& style) {
  if (points.empty()) return;
  if (points.size() > kMostShapes) {
    draw_stamped(canvas, frame, points, style);
  } else {
    draw_shapes(canvas, points, style);
  }
}

// Separated units: the ground laid over the middle of the mark leaves it hollow.
void hollow_out(const Canvas& canvas, std::span<const Point> points, MarkStyle style) {
  if (points.empty()) return;
  style.radius *= 0.5;
  style.colour = canvas.colours().ground;
  style.alpha = 1;
  draw_shapes(canvas, points, style);
}

struct Box {
  double left, top, right, bottom;
  [[nodiscard]] bool meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

constexpr double kLabelSize = 10;

Box box_around(double x, double y) { return {x - 3, y - 3, x + 3, y + 3}; }
Box label_box(const Point& place, double width) {
  return {place.x - 1, place.y - kLabelSize + 1, place.x + width + 1, place.y + 2.5};
}

// Right of the mark, left, above, below, and the four corners.
std::array<Point, 8> label_places(const LabelRequest& mark, double width) {
  constexpr double kAway = 6;
  const double right = mark.x + kAway, left = mark.x - kAway - width, centre = mark.x - width / 2;
  const double above = mark.y - kAway, below = mark.y + kAway + 8;
  return {{{right, mark.y + 3.5}, {left, mark.y + 3.5}, {centre, above}, {centre, below},
           {right, above + 1}, {left, above + 1}, {right, below - 1}, {left, below - 1}}};
}

}  // namespace

void draw_units(const Canvas& canvas, const Frame& frame, const std::vector<UnitMark>& marks, std::size_t n_named) {
  for (const MarkKind kind :
       {MarkKind::kRestAlternate, MarkKind::kRest, MarkKind::kNegative, MarkKind::kPositive}) {
    std::vector<Point> points, hollow;
    for (const UnitMark& mark : marks) {
      if (kind_of(mark) != kind) continue;
      points.push_back({frame.x(mark.x), frame.y(mark.y)});
      if (is_separated(*mark.unit)) hollow.push_back(points.back());
    }
    draw_marks(canvas, frame, points, style_of(kind, canvas.colours()));
    hollow_out(canvas, hollow, style_of(kind, canvas.colours()));
  }
  std::vector<const UnitMark*> ranked;
  for (const UnitMark& mark : marks) {
    if (mark.unit->significant) ranked.push_back(&mark);
  }
  std::sort(ranked.begin(), ranked.end(), [](const UnitMark* a, const UnitMark* b) {
    if (a->unit->neglog10_p != b->unit->neglog10_p) return a->unit->neglog10_p > b->unit->neglog10_p;
    return a->unit->unit < b->unit->unit;
  });
  std::array<std::size_t, 2> n_of{};
  std::vector<LabelRequest> requests;
  std::vector<PagePoint> others;
  for (const UnitMark* mark : ranked) {
    const MarkStyle style = style_of(kind_of(*mark), canvas.colours());
    std::size_t& n = n_of[mark->unit->direction > 0 ? 1 : 0];
    const Point at{frame.x(mark->x), frame.y(mark->y)};
    if (n++ < n_named) {
      requests.push_back({at.x, at.y, to_string(mark->unit->unit), style.colour});
    } else {
      others.push_back(at);
    }
  }
  draw_labels(canvas, frame, requests, others);
}

void draw_labels(const Canvas& canvas, const Frame& frame, const std::vector<LabelRequest>& requests,
                 const std::vector<PagePoint>& others) {
  std::vector<Box> texts, marks;
  for (const LabelRequest& request : requests) texts.push_back(box_around(request.x, request.y));
  for (const PagePoint& other : others) marks.push_back(box_around(other.x, other.y));
  for (const LabelRequest& request : requests) {
    const TextStyle style{.size = kLabelSize, .colour = request.colour, .weight = Weight::kBold};
    const double width = canvas.text_width(request.text, style);
    const auto meets_any = [](const Box& box, const std::vector<Box>& taken) {
      return std::any_of(taken.begin(), taken.end(), [&](const Box& other) { return box.meets(other); });
    };
    const auto places = label_places(request, width);
    const auto is_free = [&](const Point& place, bool also_of_marks) {
      const Box box = label_box(place, width);
      const bool inside = box.left >= frame.left && box.right <= frame.right + 16 && box.top >= frame.top - 8 &&
                          box.bottom <= frame.bottom;
      return inside && !meets_any(box, texts) && !(also_of_marks && meets_any(box, marks));
    };
    auto best = std::find_if(places.begin(), places.end(), [&](const Point& place) { return is_free(place, true); });
    if (best == places.end()) {
      best = std::find_if(places.begin(), places.end(), [&](const Point& place) { return is_free(place, false); });
    }
    if (best == places.end()) continue;
    texts.push_back(label_box(*best, width));
    canvas.text_on_halo(best->x, best->y, request.text, style);
  }
}

void draw_unit_legend(const Canvas& canvas, const Frame& frame, const std::vector<UnitMark>& marks) {
  std::array<std::uint64_t, 4> n{};
  std::uint64_t n_separated = 0;
  for (const UnitMark& mark : marks) {
    ++n[static_cast<std::size_t>(kind_of(mark))];
    n_separated += is_separated(*mark.unit) ? 1 : 0;
  }
  const std::uint64_t n_rest =
      n[static_cast<std::size_t>(MarkKind::kRest)] + n[static_cast<std::size_t>(MarkKind::kRestAlternate)];
  struct Entry {
    MarkKind kind;
    std::string text;
    bool is_hollow;
  };
  std::vector<Entry> entries = {
      {MarkKind::kPositive, fmt::format("fires more on targets ({})", count_text(n[2])), false},
      {MarkKind::kNegative, fmt::format("fires less ({})", count_text(n[3])), false},
      {MarkKind::kRest, fmt::format("not significant ({})", count_text(n_rest)), false}};
  if (n_separated > 0) entries.push_back({MarkKind::kPositive, fmt::format("hollow: separated ({})", n_separated), true});
  const TextStyle style{.size = 10, .colour = canvas.colours().muted};
  double x = frame.left;
  for (const Entry& entry : entries) {
    const double width = 12 + canvas.text_width(entry.text, style);
    if (x + width > canvas.width() - 4) break;
    MarkStyle mark = style_of(entry.kind, canvas.colours());
    mark.radius *= 1.25;
    if (entry.is_hollow) mark.colour = canvas.colours().muted;
    const Point at{x + 4, legend_y(frame) - 3.5};
    draw_shapes(canvas, {&at, 1}, mark);
    if (entry.is_hollow) hollow_out(canvas, {&at, 1}, mark);
    canvas.text(x + 12, legend_y(frame), entry.text, style);
    x += width + 18;
  }
}

}  // namespace penfield::report

#include "penfield/report/figures/labels.h"

#include <algorithm>
#include <array>

namespace penfield::report {
namespace {

constexpr double kSize = 10;

struct Box {
  double left, top, right, bottom;
  [[nodiscard]] bool meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
  [[nodiscard]] bool meets_any(const std::vector<Box>& others) const {
    return std::any_of(others.begin(), others.end(), [&](const Box& other) { return meets(other); });
  }
};

Box box_of_mark(const PagePoint& mark) {
  return {mark.x - 3, mark.y - 3, mark.x + 3, mark.y + 3};
}

Box box_of_text(const PagePoint& place, double width) {
  return {place.x - 1, place.y - kSize + 1, place.x + width + 1, place.y + 2.5};
}

// Right of the mark, left, above, below, and the four corners.
std::array<PagePoint, 8> places_beside(const PagePoint& mark, double width) {
  constexpr double kAway = 6;
  const double right = mark.x + kAway, left = mark.x - kAway - width, centre = mark.x - width / 2;
  const double level = mark.y + 3.5, above = mark.y - kAway, below = mark.y + kAway + 8;
  return {{{right, level},
           {left, level},
           {centre, above},
           {centre, below},
           {right, above + 1},
           {left, above + 1},
           {right, below - 1},
           {left, below - 1}}};
}

}  // namespace

void draw_labels(const Canvas& canvas, const Frame& frame, const std::vector<Label>& labels,
                 const std::vector<PagePoint>& others) {
  std::vector<Box> texts, marks;
  for (const Label& label : labels) texts.push_back(box_of_mark(label.mark));
  for (const PagePoint& other : others) marks.push_back(box_of_mark(other));
  for (const Label& label : labels) {
    const TextStyle style{.size = kSize, .colour = label.colour, .weight = Weight::kBold};
    const double width = canvas.text_width(label.text, style);
    const auto is_free = [&](const PagePoint& place) {
      const Box box = box_of_text(place, width);
      return box.left >= frame.left && box.right <= frame.right + 16 && box.top >= frame.top - 8 &&
             box.bottom <= frame.bottom && !box.meets_any(texts);
    };
    const auto places = places_beside(label.mark, width);
    const auto* best = std::find_if(places.begin(), places.end(), [&](const PagePoint& place) {
      return is_free(place) && !box_of_text(place, width).meets_any(marks);
    });
    if (best == places.end()) best = std::find_if(places.begin(), places.end(), is_free);
    if (best == places.end()) continue;
    texts.push_back(box_of_text(*best, width));
    canvas.text_on_halo(best->x, best->y, label.text, style);
  }
}

}  // namespace penfield::report

// Stamps marks into one image, for figures with many thousand marks.
//
// 98,304 arcs take cairo about a second and make an SVG of 20 MB; stamping takes milliseconds and some 100
// kB, and overlapping marks add up to a density.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "penfield/report/figures/axes.h"
#include "penfield/report/figures/labels.h"

namespace penfield::report {

enum class MarkKind : std::uint8_t { kRest, kRestAlternate, kPositive, kNegative };
inline constexpr std::size_t kMarkKinds = 4;

struct MarkStyle {
  MarkKind kind = MarkKind::kRest;
  Rgb colour;
  double radius = 2;  // points
  double alpha = 1;
};

// Adds the outline of a mark at (x, y) to cairo's path.
void outline_mark(cairo_t* cairo, double x, double y, const MarkStyle& style);

// An image of premultiplied ARGB pixels, as in cairo; initially transparent. Throws std::bad_alloc where
// memory for it ends.
class Image {
 public:
  Image(int width, int height);
  ~Image();
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  [[nodiscard]] cairo_surface_t* surface() const { return surface_; }
  [[nodiscard]] int width() const;
  [[nodiscard]] int height() const;
  [[nodiscard]] std::uint32_t* row(int y) const;

 private:
  cairo_surface_t* surface_;
};

class StampedMarks {
 public:
  StampedMarks(const Canvas& canvas, const Frame& frame);

  // All marks of a kind have the style of the first.
  void add(const PagePoint& at, const MarkStyle& style);
  // Draws the image on the canvas.
  void embed() const;

 private:
  [[nodiscard]] std::unique_ptr<Image> make_mark(const MarkStyle& style) const;

  const Canvas& canvas_;
  double scale_, left_, top_;
  Image image_;
  std::array<std::unique_ptr<Image>, kMarkKinds> marks_;  // by MarkKind
};

}  // namespace penfield::report

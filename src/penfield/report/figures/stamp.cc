#include "penfield/report/figures/stamp.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <numbers>

namespace penfield::report {
namespace {

constexpr double kRoom = 6;  // around the frame: marks on the border stay whole

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

}  // namespace

void outline_mark(cairo_t* cairo, double x, double y, const MarkStyle& style) {
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

Image::Image(int width, int height)
    : surface_(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height)) {
  if (cairo_surface_status(surface_) != CAIRO_STATUS_SUCCESS) {
    cairo_surface_destroy(surface_);
    throw std::bad_alloc();  // the sizes are within cairo's bounds, so memory is what is missing
  }
  cairo_surface_flush(surface_);
}
Image::~Image() {
  cairo_surface_destroy(surface_);
}
int Image::width() const {
  return cairo_image_surface_get_width(surface_);
}
int Image::height() const {
  return cairo_image_surface_get_height(surface_);
}
std::uint32_t* Image::row(int y) const {
  const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface_);
  return reinterpret_cast<std::uint32_t*>(cairo_image_surface_get_data(surface_) + y * stride);
}

StampedMarks::StampedMarks(const Canvas& canvas, const Frame& frame)
    : canvas_(canvas),
      scale_(canvas.image_scale()),
      left_(frame.left - kRoom),
      top_(frame.top - kRoom),
      image_(static_cast<int>(std::ceil((frame.right + kRoom - left_) * scale_)),
             static_cast<int>(std::ceil((frame.bottom + kRoom - top_) * scale_))) {}

void StampedMarks::add(const PagePoint& at, const MarkStyle& style) {
  std::unique_ptr<Image>& mark = marks_[static_cast<std::size_t>(style.kind)];
  if (mark == nullptr) mark = make_mark(style);
  stamp(image_, *mark, static_cast<int>(std::lround((at.x - left_) * scale_)) - mark->width() / 2,
        static_cast<int>(std::lround((at.y - top_) * scale_)) - mark->height() / 2);
}

void StampedMarks::embed() const {
  cairo_t* cairo = canvas_.cairo();
  cairo_surface_mark_dirty(image_.surface());
  cairo_save(cairo);
  cairo_translate(cairo, left_, top_);
  cairo_scale(cairo, 1 / scale_, 1 / scale_);
  cairo_set_source_surface(cairo, image_.surface(), 0, 0);
  cairo_paint(cairo);
  cairo_restore(cairo);
}

std::unique_ptr<Image> StampedMarks::make_mark(const MarkStyle& style) const {
  const int half = static_cast<int>(std::ceil(1.5 * style.radius * scale_));
  auto mark = std::make_unique<Image>(2 * half + 1, 2 * half + 1);
  cairo_t* cairo = cairo_create(mark->surface());
  cairo_scale(cairo, scale_, scale_);
  outline_mark(cairo, (half + 0.5) / scale_, (half + 0.5) / scale_, style);
  cairo_set_source_rgba(cairo, style.colour.r / 255.0, style.colour.g / 255.0, style.colour.b / 255.0,
                        style.alpha);
  cairo_fill(cairo);
  cairo_destroy(cairo);
  cairo_surface_flush(mark->surface());
  return mark;
}

}  // namespace penfield::report

// A canvas for figures: cairo with Penfield's palette and type, the same for SVG, PDF and PNG.
#pragma once

#include <cairo.h>

#include <memory>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/report/figures/figure.h"
#include "penfield/report/words/colour_scale.h"

namespace penfield::report {

// Orange and blue of Okabe & Ito (2008), darkened or lightened for contrast with the background.
struct Palette {
  Rgb ground, ink, muted, grid, rest, rest_alternate, positive, negative, band;
};
[[nodiscard]] const Palette& palette(FigureTheme theme);

enum class Along : std::uint8_t { kLeft, kCentre, kRight };
enum class Weight : std::uint8_t { kNormal, kBold };

struct TextStyle {
  double size = 11;
  Rgb colour;
  Along along = Along::kLeft;  // which part of the text is at the given point
  Weight weight = Weight::kNormal;
};

class Canvas {
 public:
  Canvas(FigureFormat format, const FigureOptions& options);
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double height() const { return height_; }
  [[nodiscard]] const Palette& colours() const { return palette_; }
  // Pixels per point of images drawn into this canvas.
  [[nodiscard]] double image_scale() const { return image_scale_; }
  [[nodiscard]] cairo_t* cairo() const { return cairo_.get(); }

  void set_colour(Rgb colour, double alpha = 1) const;
  void line(double x0, double y0, double x1, double y1, Rgb colour, double width) const;
  void dashed_line(double x0, double y0, double x1, double y1, Rgb colour, double width) const;
  void rectangle(double x, double y, double width, double height, Rgb colour, double alpha = 1) const;

  // (x, y) is on the baseline. With Markup::kYes, `_{10}` is a subscript and `*p*` is slanted.
  enum class Markup : std::uint8_t { kNo, kYes };
  void text(double x, double y, std::string_view text, const TextStyle& style,
            Markup markup = Markup::kNo) const;
  // Text that stays legible on top of marks: its outline is drawn in the background colour first.
  void text_on_halo(double x, double y, std::string_view words, const TextStyle& style) const;
  [[nodiscard]] double text_width(std::string_view text, const TextStyle& style,
                                  Markup markup = Markup::kNo) const;
  // Rotated to read upwards; (x, y) is on the baseline.
  void text_upwards(double x, double y, std::string_view words, const TextStyle& style, Markup markup) const;

  // Ends the drawing and returns the bytes of the file.
  [[nodiscard]] Result<std::string> finish();

 private:
  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
  };

  FigureFormat format_;
  double width_, height_, image_scale_;
  const Palette& palette_;
  std::string bytes_;
  std::unique_ptr<cairo_surface_t, Destroy> surface_;
  std::unique_ptr<cairo_t, Destroy> cairo_;
};

}  // namespace penfield::report

#include "penfield/report/figures/canvas.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>

#include <array>
#include <cmath>
#include <map>
#include <vector>

namespace penfield::report {
namespace {

constexpr const char* kFont = "DejaVu Sans";
constexpr double kVectorImageScale = 3;  // 216 pixels an inch: sharp in print, small in bytes
constexpr double kSubscriptSize = 0.72, kSubscriptDrop = 0.22;

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

cairo_surface_t* make_surface(FigureFormat format, double width, double height, double png_scale,
                              std::string* bytes) {
  switch (format) {
    case FigureFormat::kSvg:
      return cairo_svg_surface_create_for_stream(append, bytes, width, height);
    case FigureFormat::kPdf: {
      cairo_surface_t* surface = cairo_pdf_surface_create_for_stream(append, bytes, width, height);
      // No clock in the file: the same figure is the same bytes.
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00");
      return surface;
    }
    case FigureFormat::kPng: {
      cairo_surface_t* surface =
          cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(width * png_scale)),
                                     static_cast<int>(std::lround(height * png_scale)));
      cairo_surface_set_device_scale(surface, png_scale, png_scale);
      return surface;
    }
  }
  return nullptr;
}

// cairo numbers the surfaces and images of an SVG by a counter of the process (surface404). Numbered anew in
// the order of the file, the same figure is the same bytes.
std::string renumber_ids(std::string_view svg) {
  static constexpr std::array<std::string_view, 3> kCounted = {"surface", "image", "source"};
  std::map<std::string, std::string, std::less<>> names;
  std::string out;
  while (!svg.empty()) {
    const std::size_t at = svg.find_first_of("\"#");
    const std::size_t copied = at == std::string_view::npos ? svg.size() : at + 1;
    out += svg.substr(0, copied);
    svg.remove_prefix(copied);
    for (const std::string_view prefix : kCounted) {
      if (!svg.starts_with(prefix)) continue;
      const std::size_t end = svg.find_first_not_of("0123456789", prefix.size());
      if (end == prefix.size() || end == std::string_view::npos || (svg[end] != '"' && svg[end] != ')'))
        continue;
      const std::string fresh = fmt::format("{}{}", prefix, names.size());
      out += names.emplace(svg.substr(0, end), fresh).first->second;
      svg.remove_prefix(end);
    }
  }
  return out;
}

struct Run {
  std::string text;
  bool is_low = false, is_slanted = false;
};

std::vector<Run> runs_of(std::string_view text, Canvas::Markup markup) {
  if (markup == Canvas::Markup::kNo) return {{std::string(text)}};
  std::vector<Run> runs(1);
  const auto turn = [&](bool low, bool slanted) { runs.push_back({"", low, slanted}); };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const Run last = runs.back();
    if (text.substr(at).starts_with("_{")) {
      turn(true, last.is_slanted);
      ++at;
    } else if (text[at] == '}' && last.is_low) {
      turn(false, last.is_slanted);
    } else if (text[at] == '*') {
      turn(last.is_low, !last.is_slanted);
    } else {
      runs.back().text += text[at];
    }
  }
  return runs;
}

void select_font(cairo_t* cairo, const TextStyle& style, const Run& run) {
  cairo_select_font_face(cairo, kFont, run.is_slanted ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
                         style.weight == Weight::kBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cairo, run.is_low ? style.size * kSubscriptSize : style.size);
}

}  // namespace

const Palette& palette(FigureTheme theme) {
  static constexpr Palette kLight = {.ground = {0xff, 0xff, 0xff},
                                     .ink = {0x1c, 0x24, 0x2e},
                                     .muted = {0x5b, 0x66, 0x74},
                                     .grid = {0xe6, 0xe9, 0xed},
                                     .rest = {0x9a, 0xa4, 0xb0},
                                     .rest_alternate = {0xb9, 0xc1, 0xca},
                                     .positive = {0xc0, 0x4f, 0x00},
                                     .negative = {0x12, 0x6c, 0xb4},
                                     .band = {0xee, 0xf0, 0xf3}};
  static constexpr Palette kDark = {.ground = {0x17, 0x1c, 0x23},
                                    .ink = {0xe6, 0xea, 0xee},
                                    .muted = {0x9a, 0xa6, 0xb4},
                                    .grid = {0x2b, 0x33, 0x3d},
                                    .rest = {0x6c, 0x78, 0x87},
                                    .rest_alternate = {0x4f, 0x5a, 0x67},
                                    .positive = {0xff, 0x9d, 0x45},
                                    .negative = {0x6d, 0xb5, 0xf5},
                                    .band = {0x24, 0x2b, 0x34}};
  return theme == FigureTheme::kLight ? kLight : kDark;
}

Canvas::Canvas(FigureFormat format, const FigureOptions& options)
    : format_(format),
      width_(options.width),
      height_(options.height),
      image_scale_(format == FigureFormat::kPng ? options.png_scale : kVectorImageScale),
      palette_(palette(options.theme)),
      surface_(make_surface(format, width_, height_, options.png_scale, &bytes_)),
      cairo_(cairo_create(surface_.get())) {
  rectangle(0, 0, width_, height_, palette_.ground);
}

void Canvas::set_colour(Rgb colour, double alpha) const {
  cairo_set_source_rgba(cairo_.get(), colour.r / 255.0, colour.g / 255.0, colour.b / 255.0, alpha);
}

void Canvas::line(double x0, double y0, double x1, double y1, Rgb colour, double width) const {
  set_colour(colour);
  cairo_set_line_width(cairo_.get(), width);
  cairo_move_to(cairo_.get(), x0, y0);
  cairo_line_to(cairo_.get(), x1, y1);
  cairo_stroke(cairo_.get());
}

void Canvas::dashed_line(double x0, double y0, double x1, double y1, Rgb colour, double width) const {
  constexpr double kDash[] = {4, 3};
  cairo_set_dash(cairo_.get(), kDash, 2, 0);
  line(x0, y0, x1, y1, colour, width);
  cairo_set_dash(cairo_.get(), nullptr, 0, 0);
}

void Canvas::rectangle(double x, double y, double width, double height, Rgb colour, double alpha) const {
  set_colour(colour, alpha);
  cairo_rectangle(cairo_.get(), x, y, width, height);
  cairo_fill(cairo_.get());
}

double Canvas::text_width(std::string_view text, const TextStyle& style, Markup markup) const {
  double width = 0;
  for (const Run& run : runs_of(text, markup)) {
    select_font(cairo_.get(), style, run);
    cairo_text_extents_t extents;
    cairo_text_extents(cairo_.get(), run.text.c_str(), &extents);
    width += extents.x_advance;
  }
  return width;
}

void Canvas::text(double x, double y, std::string_view text, const TextStyle& style, Markup markup) const {
  if (style.along != Along::kLeft) {
    const double width = text_width(text, style, markup);
    x -= style.along == Along::kRight ? width : width / 2;
  }
  set_colour(style.colour);
  for (const Run& run : runs_of(text, markup)) {
    select_font(cairo_.get(), style, run);
    cairo_move_to(cairo_.get(), x, run.is_low ? y + kSubscriptDrop * style.size : y);
    cairo_show_text(cairo_.get(), run.text.c_str());
    cairo_text_extents_t extents;
    cairo_text_extents(cairo_.get(), run.text.c_str(), &extents);
    x += extents.x_advance;
  }
}

void Canvas::text_on_halo(double x, double y, std::string_view words, const TextStyle& style) const {
  const Run run{std::string(words)};
  select_font(cairo_.get(), style, run);
  cairo_move_to(cairo_.get(), x, y);
  cairo_text_path(cairo_.get(), run.text.c_str());
  set_colour(palette_.ground, 0.85);
  cairo_set_line_width(cairo_.get(), 3);
  cairo_set_line_join(cairo_.get(), CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(cairo_.get());
  text(x, y, words, style);
}

void Canvas::text_upwards(double x, double y, std::string_view words, const TextStyle& style,
                          Markup markup) const {
  cairo_save(cairo_.get());
  cairo_translate(cairo_.get(), x, y);
  cairo_rotate(cairo_.get(), -std::acos(0.0));
  text(0, 0, words, style, markup);
  cairo_restore(cairo_.get());
}

Result<std::string> Canvas::finish() {
  cairo_status_t status = cairo_status(cairo_.get());
  cairo_.reset();
  if (status == CAIRO_STATUS_SUCCESS && format_ == FigureFormat::kPng) {
    status = cairo_surface_write_to_png_stream(surface_.get(), append, &bytes_);
  }
  cairo_surface_finish(surface_.get());
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface_.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    const bool no_memory = status == CAIRO_STATUS_NO_MEMORY;
    return fail(no_memory ? ErrorKind::kMemory : ErrorKind::kIo, "figure: cairo cannot draw it: {}",
                cairo_status_to_string(status));
  }
  return format_ == FigureFormat::kSvg ? renumber_ids(bytes_) : std::move(bytes_);
}

}  // namespace penfield::report

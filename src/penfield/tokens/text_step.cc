#include "penfield/tokens/text_step.h"

#include <algorithm>

#include "penfield/tokens/nfc.h"

namespace penfield::tokens {
namespace {

// The text that one step makes, piece by piece.
class Mapping {
 public:
  explicit Mapping(std::size_t n_bytes) {
    out_.text.reserve(n_bytes);
    out_.ends.reserve(n_bytes + 1);
    out_.ends.push_back(0);
  }
  // n_source bytes of the source became `made`.
  void add(std::string_view made, std::size_t n_source) {
    out_.text += made;
    for (std::size_t k = 1; k <= made.size(); ++k) {
      const std::size_t within = n_source == 0 ? 0 : std::min(k, n_source - 1);
      out_.ends.push_back(static_cast<std::uint32_t>(source_ + (k < made.size() ? within : n_source)));
    }
    source_ += n_source;
    if (made.empty()) out_.ends.back() = static_cast<std::uint32_t>(source_);
  }
  void keep(std::string_view text) {
    out_.text += text;
    for (std::size_t k = 0; k < text.size(); ++k) out_.ends.push_back(static_cast<std::uint32_t>(++source_));
  }
  [[nodiscard]] MappedText take() {
    out_.ends.front() = 0;  // what was removed from the beginning belongs to the first token
    return std::move(out_);
  }

 private:
  MappedText out_;
  std::size_t source_ = 0;
};

std::optional<MappedText> compose(std::string_view text) {
  if (is_surely_nfc(text)) return std::nullopt;
  Mapping mapping(text.size());
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = nfc_segment_end(text, begin);
    const std::string_view segment = text.substr(begin, end - begin);
    const std::string composed = nfc(segment);
    if (composed == segment) {
      mapping.keep(segment);
    } else {
      mapping.add(composed, segment.size());
    }
    begin = end;
  }
  return mapping.take();
}

std::optional<MappedText> replace(std::string_view text, std::string_view from, std::string_view to) {
  std::size_t found = text.find(from);
  if (found == std::string_view::npos) return std::nullopt;
  Mapping mapping(text.size());
  std::size_t begin = 0;
  for (; found != std::string_view::npos; found = text.find(from, begin)) {
    mapping.keep(text.substr(begin, found - begin));
    mapping.add(to, from.size());
    begin = found + from.size();
  }
  mapping.keep(text.substr(begin));
  return mapping.take();
}

std::optional<MappedText> prepend(std::string_view text, std::string_view before) {
  if (text.empty() || before.empty()) return std::nullopt;
  Mapping mapping(text.size() + before.size());
  mapping.add(before, 0);
  mapping.keep(text);
  return mapping.take();
}

std::optional<MappedText> apply_step(const TextStep& step, std::string_view text, Place place) {
  switch (step.kind) {
    case TextStep::Kind::kNfc:
      return compose(text);
    case TextStep::Kind::kReplace:
      return replace(text, step.from, step.to);
    case TextStep::Kind::kPrepend:
      return place == Place::kInside ? std::nullopt : prepend(text, step.to);
    case TextStep::Kind::kPrependUnless:
      return place == Place::kInside || text.starts_with(step.to) ? std::nullopt : prepend(text, step.to);
    case TextStep::Kind::kPrependFirst:
      return place != Place::kDocumentBegin || text.starts_with(step.to) ? std::nullopt
                                                                         : prepend(text, step.to);
  }
  return std::nullopt;
}

}  // namespace

std::optional<MappedText> apply_steps(const std::vector<TextStep>& steps, std::string_view text,
                                      Place place) {
  std::optional<MappedText> out;
  for (const TextStep& step : steps) {
    std::optional<MappedText> next = apply_step(step, out ? out->text : text, place);
    if (!next) continue;
    if (out) {
      for (std::uint32_t& end : next->ends) end = out->ends[end];
    }
    out = std::move(next);
  }
  return out;
}

}  // namespace penfield::tokens

#include "penfield/formats/npy_header.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "penfield/base/check.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/tsv.h"

namespace penfield::formats {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kMaxAxes = 32;  // NumPy's own limit

// Reads the literal {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } from the left. Every function
// returns false, or nullopt, where the text is something else.
class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : rest_(text) {}

  bool take(char c) {
    skip_space();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool at_end() {
    skip_space();
    return rest_.empty();
  }
  std::optional<std::string> quoted() {
    skip_space();
    if (!rest_.starts_with('\'') && !rest_.starts_with('"')) return std::nullopt;
    const std::size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    if (text.find('\\') != std::string::npos) return std::nullopt;
    return text;
  }
  std::optional<bool> boolean() {
    skip_space();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(word.size());
      return value;
    }
    return std::nullopt;
  }
  // (), (3,), (3, 4)
  std::optional<std::vector<std::uint64_t>> tuple() {
    if (!take('(')) return std::nullopt;
    std::vector<std::uint64_t> items;
    while (!take(')')) {
      const auto item = number();
      if (!item || items.size() == kMaxAxes) return std::nullopt;
      items.push_back(*item);
      if (take(',')) continue;
      // Python takes (3) for a number, not a tuple.
      if (items.size() == 1 || !take(')')) return std::nullopt;
      break;
    }
    return items;
  }

 private:
  void skip_space() {
    const std::size_t first = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
  }
  std::optional<std::uint64_t> number() {
    skip_space();
    const std::size_t n_digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    const auto value = parse_unsigned(rest_.substr(0, n_digits));
    rest_.remove_prefix(n_digits);
    if (rest_.starts_with('L')) rest_.remove_prefix(1);  // Python 2's long integer
    return value;
  }

  std::string_view rest_;
};

// The three entries, each once, in any order.
bool parse_dictionary(std::string_view text, NpyHeader& header) {
  LiteralReader reader(text);
  std::optional<std::string> descr;
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::uint64_t>> shape;
  if (!reader.take('{')) return false;
  while (!reader.take('}')) {
    const auto key = reader.quoted();
    if (!key || !reader.take(':')) return false;
    bool is_good = false;
    if (*key == "descr" && !descr) {
      is_good = (descr = reader.quoted()).has_value();
    } else if (*key == "fortran_order" && !fortran_order) {
      is_good = (fortran_order = reader.boolean()).has_value();
    } else if (*key == "shape" && !shape) {
      is_good = (shape = reader.tuple()).has_value();
    }
    if (!is_good) return false;
    if (reader.take(',')) continue;
    if (!reader.take('}')) return false;
    break;
  }
  if (!reader.at_end() || !descr || descr->empty() || !fortran_order || !shape) return false;
  header.descr = *std::move(descr);
  header.fortran_order = *fortran_order;
  header.shape = *std::move(shape);
  return true;
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i)
    value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return value;
}

}  // namespace

Result<NpyHeader> parse_npy_header(std::string_view file, std::string_view path) {
  if (!file.starts_with(kMagic) || file.size() < kMagic.size() + 2) {
    return bad_input("{}: is not a NumPy array file (.npy); save one with numpy.save", path);
  }
  const auto major = static_cast<unsigned char>(file[6]);
  const auto minor = static_cast<unsigned char>(file[7]);
  if (major < 1 || major > 3 || minor != 0) {
    return bad_input("{}: .npy format {}.{} is not one of 1.0, 2.0 and 3.0", path, major, minor);
  }
  const std::size_t n_length_bytes = major == 1 ? 2 : 4;
  const std::size_t begin = kMagic.size() + 2 + n_length_bytes;
  if (file.size() < begin) return bad_input("{}: the file ends within its header", path);
  const std::uint64_t length = little_endian(file.substr(begin - n_length_bytes, n_length_bytes));
  if (length > file.size() - begin) return bad_input("{}: the file ends within its header", path);

  NpyHeader header;
  header.n_bytes = begin + static_cast<std::size_t>(length);
  const std::string_view dictionary = file.substr(begin, static_cast<std::size_t>(length));
  if (dictionary.find("[(") != std::string_view::npos) {
    return bad_input("{}: a structured array cannot be read; save one of its fields", path);
  }
  if (!parse_dictionary(dictionary, header)) {
    return bad_input("{}: the .npy header is not of the form that numpy.save writes: '{}'", path,
                     message_text(dictionary));
  }
  return header;
}

std::string npy_header(std::string_view descr, std::span<const std::uint64_t> shape) {
  std::string tuple = fmt::format("{}", fmt::join(shape, ", "));
  if (shape.size() == 1) tuple += ',';
  const std::string dictionary =
      fmt::format("{{'descr': {}, 'fortran_order': False, 'shape': ({}), }}", descr, tuple);

  const auto padded_size = [&](std::size_t n_length_bytes) {  // of everything, with the newline at the end
    const std::size_t size = kMagic.size() + 2 + n_length_bytes + dictionary.size() + 1;
    return (size + kAlignment - 1) / kAlignment * kAlignment;
  };
  std::size_t n_length_bytes = 2;
  if (padded_size(2) - kMagic.size() - 4 > 0xffff) n_length_bytes = 4;
  const std::size_t size = padded_size(n_length_bytes);
  const std::size_t length = size - kMagic.size() - 2 - n_length_bytes;

  std::string out(kMagic);
  out += n_length_bytes == 2 ? '\1' : '\2';
  out += '\0';
  for (std::size_t i = 0; i < n_length_bytes; ++i) out += static_cast<char>(length >> (8 * i) & 0xff);
  out += dictionary;
  out.append(size - 1 - out.size(), ' ');
  out += '\n';
  return out;
}

}  // namespace penfield::formats

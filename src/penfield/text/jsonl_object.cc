#include "penfield/text/jsonl_object.h"

#include <algorithm>
#include <array>
#include <utility>

#include "penfield/formats/message_text.h"

namespace penfield::text {
namespace {

constexpr std::string_view kJsonSpace = " \t\r\n";

// Reads a row from left to right.
class ObjectReader {
 public:
  ObjectReader(std::string_view row, InvalidUtf8 invalid_utf8) : row_(row), invalid_utf8_(invalid_utf8) {}

  Result<JsonlObject> read();

 private:
  [[nodiscard]] char next() const { return at_ < row_.size() ? row_[at_] : '\0'; }
  void skip_space() { at_ = std::min(row_.find_first_not_of(kJsonSpace, at_), row_.size()); }
  bool take(char c) {
    skip_space();
    if (at_ == row_.size() || row_[at_] != c) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] tl::unexpected<Error> expected(std::string_view what) const {
    return bad_input("column {}: not valid JSON: {} is missing", at_ + 1, what);
  }

  Result<void> read_field(JsonlObject& out);
  // The raw characters of a string, between its quotes.
  Result<std::string_view> string_span();
  Result<void> skip_value();
  Result<std::string> decode(std::string_view span, JsonlObject& out) const;
  Result<void> decode_unicode(std::string_view& rest, std::string& text, JsonlObject& out) const;

  std::string_view row_;
  InvalidUtf8 invalid_utf8_;
  std::size_t at_ = 0;
  bool has_text_ = false;
};

Result<std::string_view> ObjectReader::string_span() {
  if (!take('"')) return expected("a string");
  const std::size_t begin = at_;
  while (at_ < row_.size() && row_[at_] != '"') at_ += row_[at_] == '\\' ? 2 : 1;
  if (at_ >= row_.size()) {
    at_ = row_.size();
    return expected("the end of a string");
  }
  return row_.substr(begin, at_++ - begin);
}

// A string, an object or array with all that is in it, or a run of other characters (a number, true, NaN).
Result<void> ObjectReader::skip_value() {
  std::string open;  // the brackets that are still to be closed
  do {
    skip_space();
    const char c = next();
    if (c == '"') {
      PENFIELD_TRY_VOID(string_span());
    } else if (c == '{' || c == '[') {
      open += c == '{' ? '}' : ']';
      ++at_;
    } else if (!open.empty() && c == open.back()) {
      open.pop_back();
      ++at_;
    } else if (!open.empty() && (c == ',' || c == ':')) {
      ++at_;
    } else {
      const std::size_t end = std::min(row_.find_first_of(",:{}[]\" \t\r\n", at_), row_.size());
      if (end == at_)
        return expected(open.empty() ? std::string_view("a value")
                                     : std::string_view(open).substr(open.size() - 1));
      at_ = end;
    }
  } while (!open.empty());
  return {};
}

// The value of four hexadecimal digits at the start of `digits`; -1 where they are not there.
int hex4(std::string_view digits) {
  if (digits.size() < 4) return -1;
  int value = 0;
  for (const char c : digits.substr(0, 4)) {
    const bool is_digit = c >= '0' && c <= '9';
    const char lower = static_cast<char>(c | 0x20);
    if (!is_digit && (lower < 'a' || lower > 'f')) return -1;
    value = value * 16 + (is_digit ? c - '0' : lower - 'a' + 10);
  }
  return value;
}

void append_utf8(char32_t c, std::string& out) {
  const auto byte = [&](char32_t value) { out += static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

// rest: begins behind "\u"; what is read is removed from it.
Result<void> ObjectReader::decode_unicode(std::string_view& rest, std::string& text, JsonlObject& out) const {
  const int first = hex4(rest);
  if (first < 0) return bad_input("not valid JSON: \\u without four hexadecimal digits in \"text\"");
  const std::string_view digits = rest.substr(0, 4);
  rest.remove_prefix(4);
  if (first < 0xD800 || first > 0xDFFF) {
    append_utf8(static_cast<char32_t>(first), text);
    return {};
  }
  const int second = first < 0xDC00 && rest.starts_with("\\u") ? hex4(rest.substr(2)) : -1;
  if (second >= 0xDC00 && second <= 0xDFFF) {
    rest.remove_prefix(6);
    append_utf8(static_cast<char32_t>(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)), text);
    return {};
  }
  if (invalid_utf8_ == InvalidUtf8::kRefuse) {
    return bad_input("\"text\" has an unpaired surrogate, \\u{}; replace it with --replace-invalid", digits);
  }
  text += "\uFFFD";
  out.n_bytes_replaced += 3;  // as three bytes it would stand in UTF-8, if UTF-8 allowed it
  return {};
}

Result<std::string> ObjectReader::decode(std::string_view span, JsonlObject& out) const {
  constexpr std::string_view kNames = "\"\\/bfnrt", kValues = "\"\\/\b\f\n\r\t";
  std::string text;
  text.reserve(span.size());
  for (;;) {
    const std::size_t plain = std::min(span.find('\\'), span.size());
    if (std::ranges::any_of(span.substr(0, plain), [](char c) { return c >= 0 && c < 0x20; }))
      return bad_input("not valid JSON: an unescaped control character in a string");
    text += span.substr(0, plain);
    span.remove_prefix(plain);
    if (span.empty()) return text;
    const char name = span[1];
    span.remove_prefix(2);
    if (name == 'u') {
      PENFIELD_TRY_VOID(decode_unicode(span, text, out));
      continue;
    }
    const std::size_t found = kNames.find(name);
    if (found == std::string_view::npos)
      return bad_input("not valid JSON: the escape \\{} in a string", formats::message_text({&name, 1}));
    text += kValues[found];
  }
}

const char* name_of_type(char first) {
  switch (first) {
    case '{':
      return "an object";
    case '[':
      return "an array";
    case 'n':
      return "null";
    case 't':
    case 'f':
      return "true or false";
    default:
      return "a number";
  }
}

Result<void> ObjectReader::read_field(JsonlObject& out) {
  PENFIELD_TRY(const std::string_view key, string_span());
  if (!take(':')) return expected("a colon");
  skip_space();
  const char first = next();
  JsonlObject of_key;  // an odd key is not worth an error: it is another field
  const Result<std::string> name = decode(key, of_key);
  const bool is_text = name && *name == "text";
  if (is_text && std::exchange(has_text_, true)) return bad_input("\"text\" stands twice in the object");
  if (first != '"' || !(is_text || (name && *name == "title"))) {
    PENFIELD_TRY_VOID(skip_value());
    if (is_text && first != '"') return bad_input("\"text\" is {}, not a string", name_of_type(first));
    return {};
  }
  PENFIELD_TRY(const std::string_view span, string_span());
  if (is_text) {
    PENFIELD_TRY(out.text, decode(span, out));
  } else if (Result<std::string> title = decode(span, of_key)) {
    out.title = *std::move(title);
  }
  return {};
}

Result<JsonlObject> ObjectReader::read() {
  JsonlObject out;
  if (!take('{')) return bad_input("not an object; each line is {{\"text\": \"…\"}}");
  if (!take('}')) {
    do {
      PENFIELD_TRY_VOID(read_field(out));
    } while (take(','));
    if (!take('}')) return expected("a comma or }");
  }
  skip_space();
  if (at_ < row_.size()) return bad_input("column {}: not valid JSON: text after the object", at_ + 1);
  if (!has_text_) return bad_input("no \"text\" in the object");
  return out;
}

}  // namespace

Result<JsonlObject> read_jsonl_object(std::string_view row, InvalidUtf8 invalid_utf8) {
  return ObjectReader(row, invalid_utf8).read();
}

}  // namespace penfield::text

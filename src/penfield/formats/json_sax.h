// The strict reading of JSON as events; private to this room (others use json.h or safetensors.h).
//
// A handler derives from StrictSax and adds what nlohmann's SAX interface asks for: null, boolean,
// number_integer, number_unsigned, number_float, string, start_object, key, end_object, start_array,
// end_array. A function that returns false ends the reading; refuse() says why.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "penfield/base/result.h"

namespace penfield::formats {

class StrictSax {
 public:
  explicit StrictSax(std::size_t max_depth) : max_depth_(max_depth) {}

  bool binary(const nlohmann::json::binary_t&) { return refuse("binary values are not JSON"); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error);

  [[nodiscard]] const std::string& problem() const { return problem_; }
  // Number of bytes read when the parser gave up; 0 where the handler refused.
  [[nodiscard]] std::size_t problem_position() const { return problem_position_; }

 protected:
  bool refuse(std::string why) {
    problem_ = std::move(why);
    return false;
  }
  // To be called first by start_object and start_array, and leave() by their ends.
  bool enter();
  bool leave() {
    --depth_;
    return true;
  }
  [[nodiscard]] std::size_t depth() const { return depth_; }

 private:
  std::size_t max_depth_;
  std::size_t depth_ = 0;
  std::string problem_;
  std::size_t problem_position_ = 0;
};

// What the format forbids and nlohmann's reader lets pass: a NUL byte (taken there for the end) and a
// byte-order mark.
[[nodiscard]] Result<void> check_json_bytes(std::string_view bytes, std::string_view name);
[[nodiscard]] tl::unexpected<Error> json_error(std::string_view bytes, std::string_view name,
                                               const StrictSax& sax);

template <class Handler>
[[nodiscard]] Result<void> parse_json_events(std::string_view bytes, std::string_view name,
                                             Handler& handler) {
  PENFIELD_TRY_VOID(check_json_bytes(bytes, name));
  // Strict: nothing but white space may follow the document. nlohmann's parser does not recurse.
  if (!nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &handler))
    return json_error(bytes, name, handler);
  return {};
}

}  // namespace penfield::formats

// Strict reading of JSON as events; private to this room (others use json.h or safetensors.h).
//
// A handler derives from StrictSax and adds the rest of nlohmann's SAX interface: null, boolean,
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
  // Number of bytes read when the parser failed; 0 if the handler refused.
  [[nodiscard]] std::size_t problem_position() const { return problem_position_; }

 protected:
  bool refuse(std::string why) {
    problem_ = std::move(why);
    return false;
  }
  // start_object and start_array must call enter() first, and their ends leave().
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

// Refuses what the format forbids but nlohmann's reader accepts: a NUL byte (which it takes for the end) and
// a byte-order mark.
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

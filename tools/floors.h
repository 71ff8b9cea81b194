// Which room may include what: the rules of src/penfield/floors.txt, and what of the sources breaks them.
//
// A room includes rooms of lower floors; on its own floor only the headers named behind "may", and never a
// higher one. A test may include anything of its own floor and below. Headers that bring in Highway, BLAS,
// OpenMP or server types stay within their room, so that nobody else is compiled against them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::floors {

struct Room {
  int floor = 0;
  std::vector<std::string> may;  // "text/document.h", or "model/*"
};

struct Rules {
  std::map<std::string, Room> rooms;
  std::vector<std::string> order;  // the rooms as they stand in the file: the order in which data flow
};

// kBadInput names the line.
[[nodiscard]] Result<Rules> parse_rules(std::string_view text);

// A source below src/penfield, named from there: "tokens/bpe.cc".
struct Source {
  std::string path;
  std::string text;
};

// The room that holds `path`: the innermost folder that floors.txt lists, else the folder as it is.
[[nodiscard]] std::string room_of(const Rules& rules, std::string_view path);
// x_test.cc, x_for_tests.h and x_for_tests.cc.
[[nodiscard]] bool is_for_tests(std::string_view source);

// What breaks the rules, a line each: "tokens/bpe.cc:3: …".
[[nodiscard]] std::vector<std::string> check_sources(const Rules& rules, const std::vector<Source>& sources);

// `cmake_lists`: the text of src/penfield/CMakeLists.txt, whose add_subdirectory lines name every room, in
// the order of the rules.
[[nodiscard]] std::vector<std::string> check_order(const Rules& rules, std::string_view cmake_lists);

// `readme`: the text of src/penfield/README.md, whose table has a row "| `room/` | floor | …" for every room,
// in the order of the rules. A room inside another may instead be named, as `rooms/`, in the row of that one.
[[nodiscard]] std::vector<std::string> check_tour(const Rules& rules, std::string_view readme);

}  // namespace penfield::floors

#include "sizes.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace penfield::floors {

std::vector<std::string> check_lengths(const Source& source) {
  std::vector<std::string> out;
  std::istringstream lines(source.text);
  std::string line;
  std::size_t number = 0, first = 0;  // first: the last line that begins in the first column with a name
  for (; std::getline(lines, line);) {
    ++number;
    const char c = line.empty() ? ' ' : line[0];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '[') first = number;
    const std::size_t n = number - first + 1;
    if (line == "}" && first > 0 && n > kMostFunctionLines)
      out.push_back(fmt::format("{}:{}: a function of {} lines; at most {}", source.path, first, n,
                                kMostFunctionLines));
  }
  if (number > kMostFileLines)
    out.push_back(fmt::format("{}: {} lines; a file has at most {}", source.path, number, kMostFileLines));
  return out;
}

std::vector<std::string> check_room_lengths(const Rules& rules, const std::vector<Source>& sources) {
  std::map<std::string, std::size_t> n_lines;
  for (const Source& source : sources) {
    if (is_for_tests(source.path)) continue;
    n_lines[room_of(rules, source.path)] +=
        static_cast<std::size_t>(std::count(source.text.begin(), source.text.end(), '\n'));
  }
  std::vector<std::string> out;
  for (const auto& [room, n] : n_lines) {
    if (n > kMostRoomLines)
      out.push_back(
          fmt::format("{}: {} lines without tests; a room has at most {}", room, n, kMostRoomLines));
  }
  return out;
}

}  // namespace penfield::floors

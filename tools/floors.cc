#include "floors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <sstream>

namespace penfield::floors {
namespace {

// Libraries whose types must not cross from room to room.
constexpr std::array kInnerLibraries = {"hwy/",        "immintrin.h", "cblas.h", "omp.h",
                                        "boost/beast", "boost/asio",  "mpi.h",   "oneapi/dnnl",
                                        "x86intrin.h", "arm_neon.h"};

struct Include {
  std::size_t line = 0;
  std::string target;  // what stands between the quotes or brackets
};

std::vector<Include> includes_of(const Source& source) {
  std::vector<Include> out;
  std::istringstream lines(source.text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    std::size_t at = line.find_first_not_of(" \t");
    if (at == std::string::npos || line[at] != '#') continue;
    at = line.find_first_not_of(" \t", at + 1);
    if (at == std::string::npos || !std::string_view(line).substr(at).starts_with("include")) continue;
    const std::size_t open = line.find_first_of("\"<", at);
    if (open == std::string::npos) continue;
    const std::size_t close = line.find_first_of("\">", open + 1);
    if (close == std::string::npos) continue;
    out.push_back({number, line.substr(open + 1, close - open - 1)});
  }
  return out;
}

bool is_listed(const Room& room, std::string_view header) {
  return std::ranges::any_of(room.may, [&](const std::string& may) {
    return may == header || (may.ends_with("/*") && header.starts_with(may.substr(0, may.size() - 1)));
  });
}

// Whether the room of `header` lies inside the room `from`, which then may use all of it.
bool is_inside(const Rules& rules, std::string_view header, const std::string& from) {
  return room_of(rules, header).starts_with(from + "/");
}

// Why `source` of room `from` may not include `header` (named from src/penfield); nothing where it may.
std::optional<std::string> why_not(const Rules& rules, std::string_view source, const std::string& from,
                                   std::string_view header) {
  const std::string to = room_of(rules, header);
  if (to == from) return std::nullopt;
  const auto target = rules.rooms.find(to);
  if (target == rules.rooms.end()) return fmt::format("there is no room {} in floors.txt", to);
  const Room& room = rules.rooms.at(from);
  if (target->second.floor < room.floor) return std::nullopt;
  if (target->second.floor > room.floor) {
    return fmt::format("{} is on floor {}, above {} on floor {}", to, target->second.floor, from, room.floor);
  }
  if (is_for_tests(source) || is_listed(room, header)) return std::nullopt;
  return fmt::format("{} and {} are both on floor {}, and floors.txt does not let {} include it", to, from,
                     room.floor, from);
}

// The headers that include one of kInnerLibraries.
std::set<std::string> inner_headers(const std::vector<Source>& sources) {
  std::set<std::string> out;
  for (const Source& source : sources) {
    if (!source.path.ends_with(".h") || is_for_tests(source.path)) continue;
    for (const Include& include : includes_of(source)) {
      if (std::ranges::any_of(kInnerLibraries,
                              [&](const char* library) { return include.target.starts_with(library); })) {
        out.insert(source.path);
      }
    }
  }
  return out;
}

// A row of the table of rooms: "| `formats/gguf/` | 1 | …".
struct TourRow {
  std::string name, floor;  // "formats/gguf", "1"
  std::string_view text;
};

std::optional<TourRow> row_of(std::string_view line) {
  constexpr std::string_view kBegin = "| `", kEnd = "/` | ";
  const std::size_t name_end = line.find(kEnd);
  if (!line.starts_with(kBegin) || name_end == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(name_end + kEnd.size());
  return TourRow{std::string(line.substr(kBegin.size(), name_end - kBegin.size())),
                 std::string(rest.substr(0, rest.find(' '))), line};
}

// The rooms that a row tells of, in the order of the rules: its own, and those inside it that it names.
std::vector<std::vector<std::string>::const_iterator> rooms_told(const Rules& rules, const TourRow& row) {
  std::vector<std::vector<std::string>::const_iterator> out;
  for (auto room = rules.order.begin(); room != rules.order.end(); ++room) {
    const bool is_named = room->starts_with(row.name + "/") &&
                          row.text.find("`" + room->substr(row.name.size() + 1) + "/`") != std::string::npos;
    if (*room == row.name || is_named) out.push_back(room);
  }
  return out;
}

}  // namespace

std::string room_of(const Rules& rules, std::string_view path) {
  std::string_view folder = path.substr(0, path.rfind('/'));
  while (!rules.rooms.contains(std::string(folder))) {
    const std::size_t slash = folder.rfind('/');
    if (slash == std::string_view::npos) return std::string(path.substr(0, path.rfind('/')));
    folder = folder.substr(0, slash);
  }
  return std::string(folder);
}

bool is_for_tests(std::string_view source) {
  return source.ends_with("_test.cc") || source.ends_with("_for_tests.h") ||
         source.ends_with("_for_tests.cc");
}

Result<Rules> parse_rules(std::string_view text) {
  Rules out;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line);
    std::string name;
    if (!(words >> name) || name.starts_with('#')) continue;
    Room room;
    if (!(words >> room.floor)) return bad_input("floors.txt:{}: no floor behind {}", number, name);
    std::string word;
    if (words >> word) {
      if (word != "may")
        return bad_input("floors.txt:{}: '{}' stands where \"may\" is expected", number, word);
      while (words >> word) room.may.push_back(word);
      if (room.may.empty()) return bad_input("floors.txt:{}: no header behind \"may\"", number);
    }
    if (!out.rooms.emplace(name, room).second)
      return bad_input("floors.txt:{}: {} comes twice", number, name);
    out.order.push_back(name);
  }
  if (out.rooms.empty()) return bad_input("floors.txt: no room in it");
  return out;
}

// A header named -inl.h is the inside of a kernel, compiled once for every set of instructions; a source file
// (never a header) of another room may use it where floors.txt lists it.
static bool is_listed_kernel(const Room& room, std::string_view path, std::string_view header) {
  return header.ends_with("-inl.h") && path.ends_with(".cc") &&
         std::find(room.may.begin(), room.may.end(), header) != room.may.end();
}

std::vector<std::string> check_sources(const Rules& rules, const std::vector<Source>& sources) {
  constexpr std::string_view kRoot = "penfield/";
  const std::set<std::string> inner = inner_headers(sources);
  std::vector<std::string> out;
  for (const Source& source : sources) {
    const std::string from = room_of(rules, source.path);
    if (!rules.rooms.contains(from)) {
      out.push_back(fmt::format("{}:1: there is no room {} in floors.txt", source.path, from));
      continue;
    }
    for (const Include& include : includes_of(source)) {
      if (include.target.find("..") != std::string::npos) {
        out.push_back(fmt::format("{}:{}: {}: name a header from its root, penfield/room/header.h",
                                  source.path, include.line, include.target));
      }
      if (!include.target.starts_with(kRoot)) continue;
      const std::string header = include.target.substr(kRoot.size());
      if (const auto why = why_not(rules, source.path, from, header)) {
        out.push_back(fmt::format("{}:{}: {}: {}", source.path, include.line, include.target, *why));
      } else if (room_of(rules, header) != from && !is_inside(rules, header, from) &&
                 inner.contains(header) && !is_listed_kernel(rules.rooms.at(from), source.path, header)) {
        out.push_back(
            fmt::format("{}:{}: {} brings in SIMD, BLAS, OpenMP or server types: it is its room's alone",
                        source.path, include.line, include.target));
      }
    }
  }
  return out;
}

std::vector<std::string> check_order(const Rules& rules, std::string_view cmake_lists) {
  constexpr std::string_view kCommand = "add_subdirectory(";
  std::vector<std::string> out;
  std::istringstream lines{std::string(cmake_lists)};
  std::string line;
  auto last = rules.order.begin();
  std::set<std::string> missing(rules.order.begin(), rules.order.end());
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (!line.starts_with(kCommand)) continue;
    const std::string room = line.substr(kCommand.size(), line.find(')') - kCommand.size());
    const auto here = std::ranges::find(rules.order, room);
    if (here == rules.order.end()) {
      out.push_back(fmt::format("CMakeLists.txt:{}: there is no room {} in floors.txt", number, room));
    } else if (here < last) {
      out.push_back(fmt::format("CMakeLists.txt:{}: {} stands behind {}, but before it in floors.txt", number,
                                room, *last));
    } else {
      last = here;
    }
    missing.erase(room);
  }
  for (const std::string& room : missing)
    out.push_back(fmt::format("CMakeLists.txt: {} is not added, but floors.txt lists it", room));
  return out;
}

std::vector<std::string> check_tour(const Rules& rules, std::string_view readme) {
  std::vector<std::string> out;
  std::set<std::string> missing(rules.order.begin(), rules.order.end());
  auto last = rules.order.begin();
  std::istringstream lines{std::string(readme)};
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    const auto row = row_of(line);
    if (!row) continue;
    const auto told = rooms_told(rules, *row);
    if (told.empty())
      out.push_back(fmt::format("README.md:{}: floors.txt has no room {}", number, row->name));
    for (const auto room : told) {
      missing.erase(*room);
      if (const int floor = rules.rooms.at(*room).floor; std::to_string(floor) != row->floor) {
        out.push_back(fmt::format("README.md:{}: {} is on floor {}, and on floor {} in floors.txt", number,
                                  *room, row->floor, floor));
      }
    }
    if (told.empty()) continue;
    if (told.front() < last)
      out.push_back(fmt::format("README.md:{}: {} stands behind {}, but before it in floors.txt", number,
                                row->name, *last));
    last = told.front();
  }
  for (const std::string& room : missing)
    out.push_back(fmt::format("README.md: {} is missing, but floors.txt lists it", room));
  return out;
}

}  // namespace penfield::floors

// The results in a written page, read back after web/PAYLOAD.md: a reader that shares nothing with the
// writer.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace penfield::cli {

// The JSON of the page; the test fails where there is none.
[[nodiscard]] nlohmann::json read_payload(const std::string& page);

struct PageColumn {
  nlohmann::json spec;         // name, type, digits
  std::vector<double> values;  // NaN: none
};
// The columns of a table of the payload, from the block that it names.
[[nodiscard]] std::vector<PageColumn> read_columns(const std::string& page, const nlohmann::json& table);

// Half of the last digit that a column keeps, at `value`: how far a shown value may lie from the full one. 0
// where all digits are kept.
[[nodiscard]] double rounding_of(const PageColumn& column, double value);

}  // namespace penfield::cli

#include "page_payload.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string_view>

namespace penfield::cli {
namespace {

using nlohmann::json;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string between(const std::string& page, const std::string& begin) {
  const std::size_t at = page.find(begin);
  if (at == std::string::npos) {
    ADD_FAILURE() << "the page has no " << begin;
    return "";
  }
  const std::size_t first = at + begin.size();
  return page.substr(first, page.find("</script>", first) - first);
}

std::string bytes_of_base64(const std::string& text) {
  std::string out(text.size() / 4 * 3, '\0');
  const int n =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  EXPECT_EQ(n, static_cast<int>(out.size())) << "no base64";
  const auto padding = std::count(text.begin(), text.end(), '=');
  out.resize(out.size() - static_cast<std::size_t>(padding));
  return out;
}

std::string inflated(const std::string& packed, std::size_t n_bytes) {
  std::string out(n_bytes + 1, '\0');
  uLongf n = out.size();
  EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(out.data()), &n,
                       reinterpret_cast<const Bytef*>(packed.data()), packed.size()),
            Z_OK);
  EXPECT_EQ(n, n_bytes) << "every byte of a block belongs to a column";
  out.resize(n_bytes);
  return out;
}

std::size_t width_of(const json& column) {
  static const std::map<std::string, std::size_t> kWidths = {{"const", 0}, {"u8", 1},    {"u32", 4},
                                                             {"f64", 8},   {"fixed", 4}, {"decimal", 3}};
  return kWidths.at(column["type"]);
}

double value_of(const json& column, std::uint64_t cell) {
  const std::string type = column["type"];
  if (type == "const") return column["value"].is_null() ? kNone : column["value"].get<double>();
  if (type == "f64") return std::bit_cast<double>(cell);
  if (type == "fixed") {
    const auto k = std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(cell));
    return cell == 0x80000000U ? kNone : k / std::pow(10.0, column["decimals"].get<int>());
  }
  if (type == "decimal") {
    const auto mantissa = std::bit_cast<std::int16_t>(static_cast<std::uint16_t>(cell & 0xFFFF));
    const auto exponent = std::bit_cast<std::int8_t>(static_cast<std::uint8_t>(cell >> 16));
    return mantissa == -0x8000 ? kNone : std::stod(std::to_string(mantissa) + "e" + std::to_string(exponent));
  }
  return static_cast<double>(cell);
}

}  // namespace

json read_payload(const std::string& page) {
  return json::parse(between(page, R"(<script type="application/json" id="penfield-payload">)"));
}

std::vector<PageColumn> read_columns(const std::string& page, const json& table) {
  const std::size_t n = table["n_rows"];
  std::size_t n_bytes = 0;
  for (const json& column : table["columns"]) n_bytes += n * width_of(column);
  const std::string element =
      R"(<script type="text/plain" id="penfield-block-)" + table["block"].get<std::string>() + "\">";
  const std::string bytes = inflated(bytes_of_base64(between(page, element)), n_bytes);
  std::vector<PageColumn> out;
  std::size_t at = 0;
  for (const json& column : table["columns"]) {
    PageColumn& read = out.emplace_back(PageColumn{column, {}});
    for (std::size_t row = 0; row < n; ++row) {
      std::uint64_t cell = 0;
      for (std::size_t plane = 0; plane < width_of(column); ++plane) {
        cell |= std::uint64_t{static_cast<unsigned char>(bytes[at + plane * n + row])} << (8 * plane);
      }
      read.values.push_back(value_of(column, cell));
    }
    at += n * width_of(column);
  }
  return out;
}

double rounding_of(const PageColumn& column, double value) {
  const std::string type = column.spec["type"];
  if (type == "fixed") return 0.5 * std::pow(10.0, -column.spec["decimals"].get<int>());
  if (type != "decimal" || value == 0) return 0;
  return 0.5 * std::pow(10.0, std::floor(std::log10(std::abs(value))) + 1 - column.spec["digits"].get<int>());
}

}  // namespace penfield::cli

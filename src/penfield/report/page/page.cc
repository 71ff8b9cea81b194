#include "penfield/report/page/page.h"

#include <string_view>

#include "penfield/base/check.h"
#include "penfield/report/page/page_source.h"
#include "penfield/report/page/payload_block.h"
#include "penfield/report/page/payload_json.h"
#include "penfield/report/page/payload_tables.h"

namespace penfield::report {
namespace {

constexpr std::string_view kPayloadBegin = R"(<script type="application/json" id="penfield-payload">)";
constexpr std::string_view kElementEnd = "</script>";
constexpr std::string_view kNoConnection = "connect-src 'none'";
constexpr std::string_view kOwnServer = "connect-src 'self'";

// `what` stands in the page once: its build makes sure of that.
std::string replaced(std::string_view page, std::string_view what, std::string_view by) {
  const std::size_t at = page.find(what);
  PENFIELD_CHECK(at != std::string_view::npos && page.find(what, at + 1) == std::string_view::npos);
  std::string out;
  out.reserve(page.size() + by.size());
  return out.append(page.substr(0, at)).append(by).append(page.substr(at + what.size()));
}

std::string payload_elements(const ReportData& data, const PageOptions& options) {
  const PayloadTable units = units_table(data);
  const ExactUnits exact = exact_table(data);
  const PayloadTable heatmaps = heatmaps_table(data.heatmaps);
  std::string out(kPayloadBegin);
  out.append(payload_json(data, options, units, exact, heatmaps)).append(kElementEnd);
  out.append("\n").append(block_element(units.block, units.bytes()));
  if (!data.heatmaps.tokens.empty()) {
    out.append("\n").append(block_element(heatmaps.block, heatmaps.bytes()));
  }
  if (exact.table.n_rows > 0) {
    out.append("\n").append(block_element(exact.table.block, exact.table.bytes()));
  }
  return out;
}

}  // namespace

std::string render_page(const ReportData& data, const PageOptions& options) {
  const std::string place = std::string(kPayloadBegin).append(kElementEnd);
  std::string page(page_source());
  if (options.explorer) page = replaced(page, kNoConnection, kOwnServer);
  return replaced(page, place, payload_elements(data, options));
}

}  // namespace penfield::report

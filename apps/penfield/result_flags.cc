#include "result_flags.h"

#include <utility>

#include "penfield/store/result_folder.h"

namespace penfield::app {

Result<report::ReportData> read_report_data(const std::string& folder) {
  PENFIELD_TRY(store::ResultData data, store::read_result(folder));
  return report::ReportData{std::move(data.run), std::move(data.units), std::move(data.heatmaps)};
}

}  // namespace penfield::app

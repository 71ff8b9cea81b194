#include "result_flags.h"

#include "penfield/store/result_folder.h"

namespace penfield::app {

Result<report::ReportData> read_report_data(const std::string& folder) {
  report::ReportData data;
  PENFIELD_TRY(data.run, store::read_run(folder));
  PENFIELD_TRY(data.units, store::read_units(folder));
  PENFIELD_TRY(data.heatmaps, store::read_heatmaps(folder));
  return data;
}

}  // namespace penfield::app

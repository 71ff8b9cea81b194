// A study with this program's progress, warnings and folder: what `scan` and `demo` share.
#pragma once

#include <string>

#include "command.h"
#include "penfield/report/words/report_data.h"
#include "penfield/study/study.h"

namespace penfield::app {

// Opens the folder, runs, prints warnings to standard error; gives back what was written.
Result<report::ReportData> run_scan(const study::StudyRequest& request, const std::string& folder, bool force,
                                    const Globals& globals);

// The same for one part of the passes, with the command that `join` will repeat.
Result<study::PartResult> run_scan_part(const study::StudyRequest& request, const std::string& folder,
                                        bool force, const Globals& globals);

// What `scan` prints: the summary for people, or the run's JSON, or the rows of the significant units.
std::string scan_summary(const report::ReportData& data, const Globals& globals);

}  // namespace penfield::app

// The page with results in it: the file that `penfield report` and `penfield demo` write, and what `penfield
// serve` sends.
//
// The page is built from web/ and embedded in the program as text. Its policy allows only the script and the
// style whose hashes it contains; results are data elements, which are never run. web/PAYLOAD.md specifies
// their format.
#pragma once

#include <optional>
#include <string>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

// What a server adds: web/PAYLOAD.md, section 6.
struct ExplorerSeat {
  std::string token;   // required in every POST
  bool live = false;   // a model is loaded
  std::string folder;  // the result folder's name, as it is shown
};

struct PageOptions {
  std::optional<ExplorerSeat> explorer;  // none: a report, which makes no connection
};

// The whole document, UTF-8. The same data and options give the same bytes; at most 5 MB for 98,304 units.
[[nodiscard]] std::string render_page(const ReportData& data, const PageOptions& options = {});

}  // namespace penfield::report

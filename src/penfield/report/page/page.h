// The page with results in it: the file that `penfield report` and `penfield demo` write, and what `penfield
// serve` sends.
//
// The page itself is made once, from web/, and lies in the program as text. Its policy allows the one script
// and the one style whose hashes it holds; results are data elements beside them, which nothing runs. The
// format of the elements is web/PAYLOAD.md.
#pragma once

#include <optional>
#include <string>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

// What a server adds, web/PAYLOAD.md, section 7.
struct ExplorerSeat {
  std::string token;   // what a POST must carry
  bool live = false;   // a model is loaded
  std::string folder;  // the result folder's name, as it is shown
};

struct PageOptions {
  std::optional<ExplorerSeat> explorer;  // none: a report, which may connect to nothing
};

// The whole document, UTF-8. The same data and options give the same bytes; at most 5 MB for 98,304 units.
[[nodiscard]] std::string render_page(const ReportData& data, const PageOptions& options = {});

}  // namespace penfield::report

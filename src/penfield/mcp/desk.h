// The results that the tools of a session read: those given at the start, and those that it scanned.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/mcp/tools.h"
#include "penfield/report/words/report_data.h"
#include "penfield/server/explorer.h"

namespace penfield::mcp {

class Desk {
 public:
  [[nodiscard]] static Result<std::shared_ptr<Desk>> open(ToolOptions options);
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk();  // removes what was scanned

  [[nodiscard]] const ToolOptions& options() const { return options_; }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& results() const { return results_; }

  // The result of this name; an empty name: the last one. kUsage: no such name. Read when it is asked for,
  // and kept until another is.
  [[nodiscard]] Result<const report::ReportData*> result(const std::string& name);
  // With its model where that is found.
  [[nodiscard]] Result<server::Explorer*> explorer(const std::string& name);
  // Whatever is asked for next is read anew.
  void forget();

  // Scans for a concept; gives the name of the result.
  [[nodiscard]] Result<std::string> scan(study::StudyRequest request, const std::stop_token& gone);

 private:
  explicit Desk(ToolOptions options) : options_(std::move(options)) {}
  [[nodiscard]] Result<std::pair<std::string, std::string>> find(const std::string& name) const;

  ToolOptions options_;
  std::vector<std::pair<std::string, std::string>> results_;  // name, folder
  std::string open_name_, explored_name_;
  std::optional<report::ReportData> open_;
  std::unique_ptr<server::Explorer> explorer_;
  std::string scratch_;  // folder; empty: nothing was scanned
};

}  // namespace penfield::mcp

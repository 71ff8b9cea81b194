// What the explorer answers: PAYLOAD.md of the page, section 7, over one result folder and its model.
//
// Everything but published() runs on one thread, the server's worker; so the model, its buffers and the
// result that is shown need no locks. Opening another folder builds the new state whole before the old one
// goes.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "penfield/base/result.h"
#include "penfield/report/words/report_data.h"
#include "penfield/server/answer.h"
#include "penfield/server/live_text.h"
#include "penfield/server/result_model.h"
#include "penfield/server/routes.h"
#include "penfield/server/scan_text.h"
#include "penfield/server/server.h"

namespace penfield::server {

struct ExplorerOptions {
  std::string folder;  // of the result
  std::string
      model;  // a model folder that must be the result's; empty: the one that the result names, if found
  // A model's name as run.json has it -> its folder.
  std::function<Result<std::string>(const std::string& name)> find_model;
  std::uint64_t scan_text_bytes = std::uint64_t{1} << 30;  // see ScanText
  Limits limits;
};

class Explorer {
 public:
  // Errors of the result folder; of the model where one is given.
  [[nodiscard]] static Result<std::unique_ptr<Explorer>> open(ExplorerOptions options);

  [[nodiscard]] Published published() const;
  // Why no text can be typed; empty where it can.
  [[nodiscard]] const std::string& why_not_live() const { return shown_.why_not_live; }

  [[nodiscard]] Answer answer(const Request& request, const std::stop_token& gone);
  [[nodiscard]] bool work_ahead(const std::stop_token& stop);

 private:
  struct Shown {
    std::string folder;
    report::ReportData data;
    std::shared_ptr<const ResultModel> model;  // none: no live text
    std::string why_not_live;
    std::optional<ScanText> scan_text;
    std::optional<LiveText> live_text;
  };

  explicit Explorer(ExplorerOptions options) : options_(std::move(options)) {}
  enum class Need { kModelMayMiss, kModelMustFit };
  Result<void> show(const std::string& folder, Need need);
  Result<std::shared_ptr<const ResultModel>> find_model(const store::RunRecord& run, Need need) const;

  [[nodiscard]] Outcome<std::string> unit(const std::string& name, const std::stop_token& gone);
  [[nodiscard]] Outcome<std::string> live(const std::string& body, const std::stop_token& gone);
  [[nodiscard]] Outcome<std::string> folders() const;
  [[nodiscard]] Outcome<std::string> open_folder(const std::string& body);

  ExplorerOptions options_;
  Shown shown_;
  mutable std::mutex published_mutex_;
  Published published_;
};

}  // namespace penfield::server

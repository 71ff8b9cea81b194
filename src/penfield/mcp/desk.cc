#include "penfield/mcp/desk.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "penfield/formats/file_descriptor.h"
#include "penfield/formats/message_text.h"
#include "penfield/store/result_folder.h"
#include "penfield/study/study.h"

namespace penfield::mcp {
namespace {

// The folder's last part, with a number where another has it.
std::string name_of(const std::string& folder, const auto& taken) {
  std::filesystem::path path = std::filesystem::path(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  const std::string base = path.filename().string();
  std::string name = base;
  for (int i = 2;; ++i) {
    bool is_taken = false;
    for (const auto& [other, place] : taken) is_taken = is_taken || other == name;
    if (!is_taken) return name;
    name = fmt::format("{}-{}", base, i);
  }
}

}  // namespace

Result<std::shared_ptr<Desk>> Desk::open(ToolOptions options) {
  std::shared_ptr<Desk> desk(new Desk(std::move(options)));
  for (const std::string& folder : desk->options_.folders) {
    PENFIELD_TRY([[maybe_unused]] const store::RunRecord run, store::read_run(folder));
    desk->results_.emplace_back(name_of(folder, desk->results_), folder);
  }
  return desk;
}

Desk::~Desk() {
  std::error_code ignored;
  if (!scratch_.empty()) std::filesystem::remove_all(scratch_, ignored);
}

Result<std::pair<std::string, std::string>> Desk::find(const std::string& name) const {
  if (results_.empty()) return usage_error("there is no result yet; scan for a concept first");
  if (name.empty()) return results_.back();
  std::string names;
  for (const auto& result : results_) {
    if (result.first == name) return result;
    names += (names.empty() ? "" : ", ") + result.first;
  }
  return usage_error("there is no result {}; there is {}", formats::message_text(name), names);
}

Result<const report::ReportData*> Desk::result(const std::string& name) {
  PENFIELD_TRY(const auto found, find(name));
  if (open_ && found.first == open_name_) return &*open_;
  PENFIELD_TRY(store::ResultData data, store::read_result(found.second));
  open_ = report::ReportData{std::move(data.run), std::move(data.units), std::move(data.heatmaps)};
  open_name_ = found.first;
  return &*open_;
}

Result<server::Explorer*> Desk::explorer(const std::string& name) {
  PENFIELD_TRY(const auto found, find(name));
  if (explorer_ != nullptr && found.first == explored_name_) return explorer_.get();
  explorer_.reset();
  // The model that was given may be another result's; the one that a result names is tried then.
  server::ExplorerOptions options{
      .folder = found.second, .model = {}, .find_model = options_.find_model, .limits = options_.limits};
  if (!options_.model.empty()) {
    options.model = options_.model;
    if (auto explorer = server::Explorer::open(options)) {
      explorer_ = *std::move(explorer);
    } else {
      options.model.clear();
    }
  }
  if (explorer_ == nullptr) {
    PENFIELD_TRY(explorer_, server::Explorer::open(std::move(options)));
  }
  explored_name_ = found.first;
  return explorer_.get();
}

void Desk::forget() {
  open_.reset();
  explorer_.reset();
}

Result<std::string> Desk::scan(study::StudyRequest request, const std::stop_token& gone) {
  if (scratch_.empty()) {
    std::string path = (std::filesystem::temp_directory_path() / "penfield-mcp-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) return io_error("{}: {}", path, formats::error_text(errno));
    scratch_ = path;
  }
  request.model = options_.model;
  PENFIELD_TRY(request.model_folder, options_.find_model(options_.model));
  request.texts = options_.texts;
  request.seed = options_.seed;
  const std::string folder = fmt::format("{}/scan-{}", scratch_, results_.size() + 1);
  PENFIELD_TRY(store::ResultWriter writer, store::ResultWriter::open(folder, true));
  PENFIELD_TRY([[maybe_unused]] const study::StudyResult result,
               study::run_study(request, options_.version, writer, Watch({}, gone)));
  results_.emplace_back(name_of(folder, results_), folder);
  return results_.back().first;
}

}  // namespace penfield::mcp

#include "penfield/store/unfinished_run.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "penfield/base/file_type.h"
#include "penfield/formats/atomic_file.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/formats/tsv.h"

namespace penfield::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = ".unfinished";
constexpr std::string_view kHeader = "name\tvalue";

std::string inputs_path(const std::string& folder, const Share& share = {}) {
  const std::string of = share.is_all() ? "" : fmt::format("-{}-of-{}", share.index + 1, share.n);
  return (fs::path(folder) / fmt::format("inputs{}.tsv", of)).string();
}

std::string command_path(const std::string& folder) {
  return (fs::path(folder) / "command.tsv").string();
}

std::string result_path(const std::string& folder) {
  return (fs::path(folder) / "result.sha256").string();
}

std::optional<std::string> value_of(const RunInputs& inputs, const std::string& name) {
  const auto found =
      std::find_if(inputs.begin(), inputs.end(), [&](const auto& input) { return input.first == name; });
  return found == inputs.end() ? std::nullopt : std::optional(found->second);
}

Result<RunInputs> read_table(const std::string& path) {
  PENFIELD_TRY(const formats::MappedFile file, formats::MappedFile::open(path));
  formats::TsvReader table(file.text(), path);
  PENFIELD_TRY_VOID(table.header(kHeader));
  RunInputs inputs;
  for (;;) {
    PENFIELD_TRY(const bool is_row, table.next_row());
    if (!is_row) return inputs;
    PENFIELD_TRY(std::string name, table.text());
    PENFIELD_TRY(std::string value, table.text());
    inputs.emplace_back(std::move(name), std::move(value));
  }
}

// Such a link may lead to any folder of the user's.
bool is_link(const std::string& path) {
  std::error_code error;
  return fs::is_symlink(path, error);
}

// What is left in a folder would be taken for the work of the run that follows.
Result<void> remove_folder(const std::string& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (!penfield::exists(folder)) return {};
  return io_error("{}: cannot be removed: {}; delete it", folder,
                  error ? error.message() : "something is written into it");
}

// Names in the order of `now`, then those that only `then` has.
std::vector<std::string> differing(const RunInputs& then, const RunInputs& now) {
  std::vector<std::string> names;
  for (const auto& [name, value] : now) {
    if (value_of(then, name) != value) names.push_back(name);
  }
  for (const auto& [name, value] : then) {
    if (!value_of(now, name)) names.push_back(name);
  }
  return names;
}

}  // namespace

UnfinishedRun::UnfinishedRun(const std::string& result_folder, const formats::FileCalls& calls)
    : result_folder_(result_folder), folder_((fs::path(result_folder) / kFolder).string()), calls_(&calls) {}

bool UnfinishedRun::exists() const {
  return !is_link(folder_) && penfield::exists(inputs_path(folder_));
}

Result<void> UnfinishedRun::make_folder() const {
  std::error_code error;
  fs::create_directory(folder_, error);
  if (error) return io_error("{}: the folder cannot be created: {}", folder_, error.message());
  if (is_link(folder_)) return io_error("{}: is a link and not a folder; remove it", folder_);
  return {};
}

std::string UnfinishedRun::part(const std::string& name) const {
  return (fs::path(folder_) / name).string();
}

Result<void> UnfinishedRun::make_part(const std::string& name) const {
  PENFIELD_TRY_VOID(remove_folder(part(name)));
  std::error_code error;
  fs::create_directory(part(name), error);
  if (error) return io_error("{}: the folder cannot be created: {}", part(name), error.message());
  return {};
}

Result<void> UnfinishedRun::record(const RunInputs& inputs, const Share& share) const {
  return write_table(inputs_path(folder_, share), inputs);
}

Result<void> UnfinishedRun::record_command(const RunInputs& command) const {
  return write_table(command_path(folder_), command);
}

Result<RunInputs> UnfinishedRun::command() const {
  if (!exists() || !penfield::exists(command_path(folder_)))
    return bad_input("{}: holds no part of a scan; penfield scan --part makes one", result_folder_);
  return read_table(command_path(folder_));
}

Result<void> UnfinishedRun::write_table(const std::string& path, const RunInputs& rows_of_table) const {
  std::string table = std::string(kHeader) + '\n';
  formats::TsvWriter rows(table);
  for (const auto& [name, value] : rows_of_table) rows.text(name).text(value).end_row();
  PENFIELD_TRY(formats::AtomicFile file, formats::AtomicFile::create(path, *calls_));
  PENFIELD_TRY_VOID(file.write(table));
  return file.commit();
}

Result<void> UnfinishedRun::check_same(const RunInputs& inputs) const {
  PENFIELD_TRY(const RunInputs then, read_table(inputs_path(folder_)));
  const std::vector<std::string> names = differing(then, inputs);
  if (names.empty()) return {};
  const std::string& name = names.front();
  return bad_input(
      "{}: holds an unfinished run of other inputs: {} was {}, is {}{}; give its command again to finish it, "
      "--force to start over, or choose another folder",
      result_folder_, name, value_of(then, name).value_or("not there"),
      value_of(inputs, name).value_or("not there"),
      names.size() == 1 ? "" : fmt::format(" ({} more differ)", names.size() - 1));
}

bool UnfinishedRun::is_same_share(const RunInputs& inputs, const Share& share) const {
  const Result<RunInputs> then = read_table(inputs_path(folder_, share));
  return then && differing(*then, inputs).empty();
}

Result<void> UnfinishedRun::name_result(const std::string& run_sha256) const {
  PENFIELD_TRY(formats::AtomicFile file, formats::AtomicFile::create(result_path(folder_), *calls_));
  PENFIELD_TRY_VOID(file.write(run_sha256));
  return file.commit();
}

bool UnfinishedRun::is_of_result(const std::string& run_sha256) const {
  const auto file = formats::MappedFile::open(result_path(folder_));
  return file && file->text() == run_sha256;
}

Result<void> UnfinishedRun::remove() const {
  if (is_link(folder_)) return {};
  std::error_code error;
  fs::remove(inputs_path(folder_), error);
  return remove_folder(folder_);
}

}  // namespace penfield::store

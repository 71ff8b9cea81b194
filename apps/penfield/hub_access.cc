#include "hub_access.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>

#include "output.h"
#include "penfield/model/architecture.h"
#include "progress.h"
#include "signals.h"

namespace penfield::app {
namespace {

// Of a user by name, or of this one.
std::string home_of(const std::string& user) {
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (user.empty()) {
    ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found);
  } else {
    ::getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found);
  }
  return found == nullptr || found->pw_dir == nullptr ? "" : found->pw_dir;
}

}  // namespace

hub::Settings hub_settings(const Globals& globals) {
  hub::Settings settings = hub::settings_from(
      {// NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in this program sets the environment
       .variable = [](const char* name) -> const char* { return std::getenv(name); },
       .home_of = home_of});
  settings.offline = settings.offline || globals.offline;
  return settings;
}

struct HubProgress::State {
  ProgressPrinter printer;
  bool quiet;
  std::stop_token stop;
  std::optional<StopAtSafeEdge> stop_at_safe_edge = {};  // from the first step of a download on
};

HubProgress::HubProgress(const Globals& globals)
    : state_(new State{ProgressPrinter(globals), globals.quiet, globals.stop}) {}
HubProgress::~HubProgress() = default;

Watch HubProgress::watch() {
  return Watch(
      [state = state_.get()](std::string_view stage, std::uint64_t done, std::uint64_t total,
                             std::string_view unit) {
        if (!state->stop_at_safe_edge) state->stop_at_safe_edge.emplace(StopAtSafeEdge::Announce::kNo);
        return state->printer.update(stage, done, total, unit);
      },
      state_->stop);
}

hub::FetchOptions HubProgress::options(hub::Needs needs) {
  hub::FetchOptions options;
  options.needs = needs;
  options.note = [state = state_.get()](const std::string& line) {
    if (state->quiet) return;
    state->printer.clear();
    print_note(line);
  };
  options.accept = [](const std::string& folder) -> Result<void> {
    PENFIELD_TRY([[maybe_unused]] const auto architecture, model::read_architecture(folder));
    return {};
  };
  return options;
}

Result<std::string> resolve_model_folder(const std::string& model, hub::Needs needs, const Globals& globals) {
  HubProgress progress(globals);
  return hub::resolve_or_fetch_model(model, hub_settings(globals), progress.options(needs), progress.watch());
}

Result<std::string> find_model_folder(const std::string& model, hub::Needs needs, const Globals& globals) {
  return hub::resolve_model(model, hub_settings(globals), needs);
}

}  // namespace penfield::app

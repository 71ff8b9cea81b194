// What an agent may do: read the results of the folders that it was given, type text into their model, and
// scan the text that it was given for another concept.
//
// No argument is a path, and nothing is written but scans into a temporary folder of this process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/mcp/session.h"
#include "penfield/server/explorer.h"
#include "penfield/study/options.h"

namespace penfield::mcp {

struct ToolOptions {
  std::vector<std::string> folders;  // of results
  std::string model;  // for live text and scans; empty: live text by the model that a result names
  std::vector<std::string> texts;  // for scans; without them, or without a model, there is no tool for scans
  std::function<Result<std::string>(const std::string& name)> find_model;  // as ExplorerOptions
  std::string version;
  std::uint64_t seed = 0;
  server::Limits limits;
};

// Most that one call may ask for.
inline constexpr std::uint64_t kMostUnits = 200, kMostTokens = 4096, kMostBudget = 40960;

// kBadInput and kIo: a folder is no result. The tools keep what they share, and its temporary folder.
[[nodiscard]] Result<std::vector<Tool>> make_tools(ToolOptions options);

}  // namespace penfield::mcp

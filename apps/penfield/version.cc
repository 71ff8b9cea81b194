#include "version.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>
#include <vector>

#include "build_facts.h"
#include "json_document.h"
#include "penfield/numeric/precision.h"
#include "penfield/numeric/simd_target.h"

namespace penfield::app {

const char* const kVersion = kBuildVersion;

namespace {

std::vector<std::pair<const char*, std::string>> facts() {
  return {{"source", kBuildCommit},
          {"compiler", kBuildCompiler},
          {"build", kBuildType},
          {"libraries", kBuildLibraries},
          {"simd_target", numeric::simd_target()},
          {"float32_kernel", numeric::product_kernel(numeric::Precision::kFloat32)},
          {"bfloat16_kernel", numeric::product_kernel(numeric::Precision::kBfloat16)}};
}

}  // namespace

std::string version_line() {
  return fmt::format("penfield {}\n", kVersion);
}

std::string version_facts() {
  std::string out = version_line();
  for (const auto& [name, value] : facts())
    fmt::format_to(std::back_inserter(out), "{:<16} {}\n", name, value);
  return out;
}

std::string version_json() {
  nlohmann::ordered_json out = json_document();
  out["version"] = kVersion;
  for (const auto& [name, value] : facts()) out[name] = value;
  return out.dump() + "\n";
}

}  // namespace penfield::app

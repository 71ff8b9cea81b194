#include "same_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "files.h"

namespace penfield::cli {
namespace {

nlohmann::json untimed_run(const std::string& folder) {
  nlohmann::json document = nlohmann::json::parse(read_file(folder + "/run.json"));
  document.erase("stages");
  document.erase("threads");
  return document;
}

}  // namespace

void expect_same_result(const std::string& folder, const std::string& as) {
  for (const char* name : {"units.tsv", "samples.tsv", "windows.tsv", "heatmaps.npy"})
    EXPECT_TRUE(read_file(folder + "/" + name) == read_file(as + "/" + name)) << folder << " " << name;
  EXPECT_EQ(untimed_run(folder), untimed_run(as));
  EXPECT_THAT(list(folder),
              ::testing::ElementsAre("heatmaps.npy", "run.json", "samples.tsv", "units.tsv", "windows.tsv"))
      << "nothing else is left";
}

}  // namespace penfield::cli

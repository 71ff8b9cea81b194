#include "penfield/store/result_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <thread>

#include "penfield/store/written_result_for_tests.h"

namespace penfield::store {
namespace {

namespace fs = std::filesystem;
using formats::ScratchFolder;
using testing::AllOf;
using testing::HasSubstr;

TEST(ResultFolder, ComesBack) {
  const ScratchFolder folder;
  const SmallResult result = make_result();
  const auto written = write_result(folder.path("a/b"), result);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(contents(folder, "a/b").size(), std::size(kResultNames)) << "no lock, no part stays";
  EXPECT_EQ(read_run(folder.path("a/b"))->seed, result.run.seed);
  const auto units = read_units(folder.path("a/b"));
  ASSERT_TRUE(units) << units.error().message;
  ASSERT_EQ(units->size(), result.units.size());
  for (std::size_t i = 0; i < units->size(); ++i)
    EXPECT_EQ(first_difference((*units)[i], result.units[i]), "");
  const auto samples = read_samples(folder.path("a/b"));
  ASSERT_TRUE(samples) << samples.error().message;
  EXPECT_EQ(samples->back().token, result.samples.back().token);
  const auto heatmaps = read_heatmaps(folder.path("a/b"));
  ASSERT_TRUE(heatmaps) << heatmaps.error().message;
  EXPECT_EQ(heatmaps->units, result.heatmaps.units);
  EXPECT_EQ(heatmaps->values, result.heatmaps.values);
  EXPECT_EQ(heatmaps->tokens.size(), result.heatmaps.tokens.size());
}

TEST(ResultFolder, WithoutHeatmapsComesBack) {
  const ScratchFolder folder;
  SmallResult result = make_result();
  result.heatmaps = {};
  result.samples.clear();
  result.units.clear();
  ASSERT_TRUE(write_result(folder.path("r"), result));
  EXPECT_EQ(read_units(folder.path("r"))->size(), 0u);
  EXPECT_EQ(read_samples(folder.path("r"))->size(), 0u);
  EXPECT_TRUE(read_heatmaps(folder.path("r"))->values.empty());
}

TEST(ResultFolder, TheSameResultIsTheSameBytes) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_result(folder.path("a"), make_result()));
  ASSERT_TRUE(write_result(folder.path("b"), make_result()));
  EXPECT_EQ(contents(folder, "a"), contents(folder, "b"));
}

TEST(ResultFolder, IsReplacedOnlyWhenAsked) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_result(folder.path("r"), make_result()));
  folder.write("r/report.html", "of the first run");
  folder.write("r/notes.txt", "mine");
  const auto before = contents(folder, "r");
  const auto refused = ResultWriter::open(folder.path("r"), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kIo);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr(folder.path("r")), HasSubstr("--force")));
  EXPECT_EQ(contents(folder, "r"), before);
  {
    const auto opened = ResultWriter::open(folder.path("r"), true);  // given up
    ASSERT_TRUE(opened) << opened.error().message;
  }
  EXPECT_EQ(contents(folder, "r"), before);
  ASSERT_TRUE(write_result(folder.path("r"), other_result(), true));
  EXPECT_EQ(read_units(folder.path("r"))->size(), 4u);
  EXPECT_EQ(read_run(folder.path("r"))->seed, 7u);
  EXPECT_EQ(folder.read("r/notes.txt"), "mine");
  EXPECT_FALSE(fs::exists(folder.path("r/report.html"))) << "it showed the other result";
}

// As `penfield show` beside `penfield scan --force`.
TEST(ResultFolder, IsReadAsOneRunWhileAnotherReplacesIt) {
  const ScratchFolder folder;
  const std::string path = folder.path("r");
  ASSERT_TRUE(write_result(path, make_result()));
  std::map<std::uint64_t, std::size_t> n_units;  // by seed
  for (const SmallResult& result : {make_result(), other_result()})
    n_units[result.run.seed] = result.units.size();
  ASSERT_EQ(n_units.size(), 2u);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i)
      EXPECT_TRUE(write_result(path, i % 2 == 0 ? other_result() : make_result(), true));
    done = true;
  });
  int n_read = 0;
  while (!done) {
    const auto data = read_result(path);
    if (!data) continue;  // it says that the result is being replaced
    ++n_read;
    EXPECT_EQ(data->units.size(), n_units.at(data->run.seed));
    EXPECT_EQ(data->heatmaps.units.size() * data->heatmaps.tokens.size(), data->heatmaps.values.size());
  }
  writer.join();
  EXPECT_TRUE(read_result(path));
  EXPECT_GT(n_read, 0);
}

TEST(ResultFolder, FilesOfThoseNamesThatAreNoResultsAreKept) {
  const ScratchFolder folder;
  folder.write("r/samples.tsv", "mine");
  const auto refused = ResultWriter::open(folder.path("r"), false);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("samples.tsv: exists already"));
  EXPECT_EQ(folder.read("r/samples.tsv"), "mine");
}

TEST(ResultFolder, WhatCannotBeWrittenIsSaidAtOnce) {
  const ScratchFolder folder;
  folder.write("plain", "a file");
  for (const std::string& path :
       {folder.path("plain"), folder.path("plain/r"), std::string("/proc/self/r")}) {
    const auto refused = ResultWriter::open(path, true);
    ASSERT_FALSE(refused) << path;
    EXPECT_EQ(refused.error().kind, ErrorKind::kIo);
    EXPECT_THAT(refused.error().message, HasSubstr(path));
  }
  EXPECT_EQ(folder.read("plain"), "a file");
}

TEST(ResultFolder, AFolderMadeForNothingGoes) {
  const ScratchFolder folder;
  { ASSERT_TRUE(ResultWriter::open(folder.path("r"), false)); }
  EXPECT_FALSE(fs::exists(folder.path("r")));
  fs::create_directory(folder.path("mine"));
  { ASSERT_TRUE(ResultWriter::open(folder.path("mine"), false)); }
  EXPECT_TRUE(fs::exists(folder.path("mine")));
}

TEST(ResultLock, ASecondWriterIsToldWhoHoldsTheFolder) {
  const ScratchFolder folder;
  auto first = ResultWriter::open(folder.path("r"), false);
  ASSERT_TRUE(first);
  const auto second = ResultWriter::open(folder.path("r"), true);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kIo);
  EXPECT_THAT(second.error().message, HasSubstr(fmt::format("is in use by process {}", ::getpid())));
  ResultWriter moved = std::move(*first);
  EXPECT_FALSE(ResultWriter::open(folder.path("r"), true).has_value());
  const SmallResult result = make_result();
  ASSERT_TRUE(moved.write(result.run, result.samples, result.units, result.heatmaps));
}

TEST(ResultFolder, ActivationsThatNoRunGoesOnWithAreRemoved) {
  const ScratchFolder folder;
  folder.write("r/.unfinished/activations.bin", "values");
  { ASSERT_TRUE(ResultWriter::open(folder.path("r"), false)); }
  EXPECT_FALSE(fs::exists(folder.path("r/.unfinished")));
}

class BrokenResult : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(write_result(folder_.path("r"), make_result())); }
  std::string refusal() {
    for (const auto& error :
         {error_of(read_run(folder_.path("r"))), error_of(read_units(folder_.path("r"))),
          error_of(read_samples(folder_.path("r"))), error_of(read_heatmaps(folder_.path("r")))}) {
      if (error.empty()) continue;
      return error;
    }
    return "accepted";
  }
  template <class T>
  static std::string error_of(const Result<T>& result) {
    if (result) return "";
    EXPECT_EQ(result.error().kind, ErrorKind::kBadInput) << result.error().message;
    return result.error().message;
  }
  ScratchFolder folder_;
};

TEST_F(BrokenResult, AMissingFileIsNamed) {
  for (const std::string name : kResultNames) {
    const std::string bytes = folder_.read("r/" + name);
    fs::remove(folder_.path("r/" + name));
    EXPECT_THAT(refusal(), HasSubstr(name));
    folder_.write("r/" + name, bytes);
  }
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(BrokenResult, ACutFileIsNamedAlsoWhereALineEnds) {
  for (const std::string name : kResultNames) {
    const std::string bytes = folder_.read("r/" + name);
    const std::size_t last_line = bytes.rfind('\n', bytes.size() - 2) + 1;
    for (const std::size_t size : {std::size_t{0}, bytes.size() / 2, last_line, bytes.size() - 2}) {
      folder_.write("r/" + name, std::string_view(bytes).substr(0, size));
      EXPECT_THAT(refusal(), HasSubstr(name)) << size;
    }
    folder_.write("r/" + name, bytes);
  }
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(BrokenResult, FilesOfTwoRunsAreTold) {
  ASSERT_TRUE(write_result(folder_.path("other"), other_result()));
  fs::copy_file(folder_.path("other/units.tsv"), folder_.path("r/units.tsv"),
                fs::copy_options::overwrite_existing);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("units.tsv: has 4 rows"), HasSubstr("not of one run")));
}

TEST_F(BrokenResult, HeatmapsAreOfUnitsOfTheTableEachOnce) {
  const auto refusal_with = [&](const std::vector<UnitId>& units) {
    SmallResult result = make_result();
    result.heatmaps.units = units;
    result.heatmaps.values.assign(units.size() * result.heatmaps.tokens.size(), 0);
    EXPECT_TRUE(write_result(folder_.path("r"), result, true));
    return error_of(read_result(folder_.path("r")));
  };
  const std::vector<findings::Finding> units = make_units();
  const UnitId first = units[1].unit, last = units[8].unit, none = {Site::kMlpPre, 7, 2};
  EXPECT_EQ(refusal_with({last, first}), "");
  EXPECT_THAT(refusal_with({last, none}),
              AllOf(HasSubstr("run.json"), HasSubstr("heatmap_units"), HasSubstr(to_string(none))));
  EXPECT_THAT(refusal_with({first, last, first}),
              AllOf(HasSubstr("run.json"), HasSubstr("heatmap_units"), HasSubstr(to_string(first))));
}

TEST_F(BrokenResult, WhatIsNoResultFolderIsSaid) {
  const ScratchFolder empty;
  EXPECT_THAT(error_of(read_run(empty.path())), HasSubstr("run.json"));
  EXPECT_THAT(error_of(read_run(empty.path("none"))), HasSubstr("run.json"));
  EXPECT_THAT(error_of(read_units(empty.path())), HasSubstr("run.json"));
  EXPECT_THAT(error_of(read_heatmaps(empty.path())), HasSubstr("run.json"));
}

}  // namespace
}  // namespace penfield::store

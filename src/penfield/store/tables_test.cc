#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/formats/npy_header.h"
#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/store/heatmap_files.h"
#include "penfield/store/samples_table.h"
#include "penfield/store/small_result_for_tests.h"

namespace penfield::store {
namespace {

using formats::ScratchFolder;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::StartsWith;

TEST(SamplesTable, EveryFieldComesBack) {
  const auto samples = make_result().samples;
  const std::string table = format_samples(samples);
  EXPECT_THAT(
      table,
      StartsWith(
          "split\tdocument\twindow\tposition\ttoken_id\ttoken\tgroup\ttoken_index\n"
          "discovery\t3\t1\t0\t50000\t·the\ttarget\t900\nheld_out\t3\t1\t1\t50001\t\tcomparison\t901\n"));
  const auto read = parse_samples(table, "samples.tsv");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const SampleRow& a = samples[i];
    const SampleRow& b = (*read)[i];
    EXPECT_EQ(
        std::tie(a.token_index, a.split, a.document, a.window, a.position, a.token_id, a.token, a.is_target),
        std::tie(b.token_index, b.split, b.document, b.window, b.position, b.token_id, b.token, b.is_target));
  }
}

TEST(SamplesTable, NoTokenReadsAsNoValue) {
  const auto written = [](const std::string& token) {
    const std::string table = format_samples(std::vector<SampleRow>{{.token = token}});
    const std::size_t begin = table.find('\n') + std::string_view("\ndiscovery\t0\t0\t0\t0\t").size();
    return table.substr(begin, table.find('\t', begin) - begin);
  };
  EXPECT_EQ(written("NA"), "‹4E›A");
  EXPECT_EQ(written("null"), "‹6E›ull");
  EXPECT_EQ(written("#N/A"), "‹23›N/A");
  EXPECT_EQ(written("·NA"), "·NA");
  EXPECT_EQ(written("\""), "\"\"\"\"");
  EXPECT_EQ(written("1984"), "\"1984\"");
  EXPECT_EQ(written("\\"), "\\");
}

TEST(SamplesTable, RefusesWithLineAndColumn) {
  const std::string header = "split\tdocument\twindow\tposition\ttoken_id\ttoken\tgroup\ttoken_index\n";
  for (const auto& [row, expected] : std::vector<std::pair<std::string, std::string>>{
           {"train\t0\t0\t0\t0\tx\ttarget\t7\n", "s.tsv:2: column split: 'train'"},
           {"discovery\t-1\t0\t0\t0\tx\ttarget\t7\n", "column document"},
           {"discovery\t0\t0\t0\t0\t\"a\"b\"\ttarget\t7\n", "column token"},
           {"discovery\t0\t0\t0\t0\tx\tother\t7\n", "column group: 'other'"},
           {"discovery\t0\t0\t0\t0\tx\ttarget\n", "7 fields"},
           {"discovery\t0\t0\t0\t0\tx\ttarget\t7", "incomplete"}}) {
    const auto read = parse_samples(header + row, "s.tsv");
    ASSERT_FALSE(read) << row;
    EXPECT_EQ(read.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(read.error().message, HasSubstr(expected));
  }
  EXPECT_EQ(parse_samples(header, "s.tsv")->size(), 0u);
  EXPECT_FALSE(parse_samples("", "s.tsv"));
}

TEST(WindowsTable, EveryFieldComesBack) {
  const auto tokens = make_result().heatmaps.tokens;
  const std::string table = format_windows(tokens);
  EXPECT_THAT(table, StartsWith("split\tdocument\twindow\tposition\ttoken_id\ttoken\tlabel\tsampled\n"
                                "discovery\t3\t1\t0\t50000\t·the\t1\t1\n"));
  const auto read = parse_windows(table, "windows.tsv");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const WindowToken& a = tokens[i];
    const WindowToken& b = (*read)[i];
    EXPECT_EQ(
        std::tie(a.split, a.document, a.window, a.position, a.token_id, a.token, a.is_target, a.is_sampled),
        std::tie(b.split, b.document, b.window, b.position, b.token_id, b.token, b.is_target, b.is_sampled));
  }
  EXPECT_THAT(parse_windows("split\tdocument\twindow\tposition\ttoken_id\ttoken\tlabel\tsampled\n"
                            "discovery\t0\t0\t0\t0\tx\t1\tyes\n",
                            "w.tsv")
                  .error()
                  .message,
              HasSubstr("w.tsv:2: column sampled: 'yes'"));
}

TEST(HeatmapValues, ComeBackAndMustFit) {
  const ScratchFolder folder;
  const Heatmaps heatmaps = make_result().heatmaps;
  const std::string path = folder.path("heatmaps.npy");
  auto file = formats::AtomicFile::create(path);
  ASSERT_TRUE(file);
  ASSERT_TRUE(write_heatmap_values(*file, heatmaps));
  ASSERT_TRUE(file->commit());
  const std::size_t n_tokens = heatmaps.tokens.size();
  EXPECT_THAT(read_heatmap_values(path, 2, n_tokens).value(), ElementsAreArray(heatmaps.values));
  EXPECT_THAT(read_heatmap_values(path, 3, n_tokens).error().message,
              HasSubstr("heatmaps.npy: must be float32 [3, "));
  EXPECT_FALSE(read_heatmap_values(path, n_tokens, 2));
  folder.write("doubles.npy",
               formats::npy_header("'<f8'", std::vector<std::uint64_t>{1, 1}) + std::string(8, '\0'));
  EXPECT_FALSE(read_heatmap_values(folder.path("doubles.npy"), 1, 1));
}

}  // namespace
}  // namespace penfield::store

// One token with an activation of 10,000 standard deviations: it can hide a unit from every test of means, so
// it must be noted, and the rank test must not care.
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

Table scan(const TempFolder& folder, const std::string& name) {
  const CommandResult scanned =
      run({"scan", "-m", folder.path(), "-t", folder / "text.txt", "-o", folder / name, "-q", "--site",
           "resid", "--layers", "0", "--null", "none"});
  EXPECT_EQ(scanned.exit_code, 0) << scanned.err;
  return parse_tsv(read_file(folder / (name + "/units.tsv")));
}

// Sets one component of a token's embedding, in float32.
void set_embedding(const std::string& path, std::size_t token, std::size_t component, float value) {
  std::string bytes = read_file(path);
  std::uint64_t n_header = 0;
  std::memcpy(&n_header, bytes.data(), sizeof n_header);
  const auto header = nlohmann::json::parse(bytes.substr(8, n_header));
  const nlohmann::json& tensor = header["wte.weight"];
  const std::size_t width = tensor["shape"][1].get<std::size_t>();
  const std::size_t at =
      8 + n_header + tensor["data_offsets"][0].get<std::size_t>() + 4 * (token * width + component);
  std::memcpy(bytes.data() + at, &value, sizeof value);
  write_file(path, bytes);
}

// The id of a comparison token of a split, which stands once in the text.
std::size_t comparison_token(const Table& samples, const std::string& split) {
  for (std::size_t row = 0; row < samples.rows.size(); ++row) {
    if (samples.at(row, "split") == split && samples.at(row, "group") == "comparison")
      return static_cast<std::size_t>(samples.number(row, "token_id"));
  }
  ADD_FAILURE() << "no comparison token";
  return 0;
}

bool is_noted(const Table& table, std::size_t row) {
  return table.at(row, "note").find("outlier") != std::string::npos;
}

// A component of the residual stream that tells names, and has no outlier.
std::size_t find_unit(const Table& table) {
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.at(row, "effect") == "strong" && !is_noted(table, row)) return row;
  }
  ADD_FAILURE() << "no unit tells names";
  return 0;
}

TEST(Outlier, OneTokenIsNotedInEitherSplitAndTheRankTestStands) {
  for (const std::string split : {"discovery", "held_out"}) {
    const TempFolder folder;
    make_planted_model(folder.path(), {"--seed", "5", "--shape", "64,1,4,256", "--text", folder / "text.txt",
                                       "--documents", "60", "--tokens-per-document", "60", "--sentences",
                                       "10", "--words", "7000", "--planted-names", "L0.9"});
    const Table before = scan(folder, "before");
    const std::size_t unit = find_unit(before);
    const std::size_t token = comparison_token(parse_tsv(read_file(folder / "before/samples.tsv")), split);
    const double direction = before.at(unit, "direction") == "+" ? 1 : -1;
    set_embedding(folder / "model.safetensors", token, unit,
                  static_cast<float>(direction * 1e4 * before.number(unit, "sd")));

    const Table after = scan(folder, "after");
    EXPECT_TRUE(is_noted(after, unit)) << split;
    EXPECT_NEAR(after.number(unit, "neglog10_p_rank"), before.number(unit, "neglog10_p_rank"),
                0.05 * before.number(unit, "neglog10_p_rank"));
    EXPECT_NEAR(after.number(unit, "held_out_auc"), before.number(unit, "held_out_auc"), 0.01);
    // What else changes its grade is noted, too.
    for (std::size_t row = 0; row < before.rows.size(); ++row) {
      if (after.at(row, "effect") == before.at(row, "effect")) continue;
      EXPECT_TRUE(is_noted(after, row))
          << after.at(row, "unit") << ": " << before.at(row, "effect") << " to " << after.at(row, "effect");
    }
  }
}

}  // namespace
}  // namespace penfield::cli

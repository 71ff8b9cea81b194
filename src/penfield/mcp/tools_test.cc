#include "penfield/mcp/tools.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "penfield/server/explorer_for_tests.h"

namespace penfield::mcp {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class ToolsTest : public server::ExplorerTest {
 protected:
  static Result<ToolAnswer> call(const std::vector<Tool>& tools, const std::string& name,
                                 const json& arguments) {
    return std::ranges::find(tools, name, &Tool::name)->call(arguments, {});
  }
};

// What was read before is of another size than what the explorer reads afterwards.
TEST_F(ToolsTest, AResultThatIsReplacedInBetweenIsReadAnew) {
  const formats::ScratchFolder scratch;
  std::filesystem::copy(scratch_->path("result"), scratch.path("result"));
  const auto tools = make_tools({.folders = {scratch.path("result")},
                                 .model = server::kModel,
                                 .texts = {},
                                 .find_model = options().find_model,
                                 .version = "test",
                                 .limits = {}})
                         .value();
  ASSERT_TRUE(call(tools, "card", {{"unit", "L3.1"}}));
  study::StudyRequest request;
  request.model = request.model_folder = server::kModel;
  request.texts = {"data/demo/articles.txt"};
  request.layers = "3";
  request.n_discovery = request.n_held_out = 3;
  request.max_rows = 10;
  auto writer = store::ResultWriter::open(scratch.path("result"), true).value();
  ASSERT_TRUE(study::run_study(request, "test", writer).has_value());
  ASSERT_LT(store::read_heatmaps(scratch.path("result"))->tokens.size(),
            store::read_heatmaps(scratch_->path("result"))->tokens.size());
  const json arguments = {{"unit", "L3.1"}, {"tokens", 4096u}};
  const auto between = call(tools, "heatmap", arguments);
  ASSERT_FALSE(between);
  EXPECT_THAT(between.error().message, HasSubstr("ask again"));
  EXPECT_TRUE(call(tools, "heatmap", arguments));
}

}  // namespace
}  // namespace penfield::mcp

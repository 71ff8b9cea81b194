// For tests only: an explorer over a small scan with the bundled model.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/server/explorer.h"
#include "penfield/store/result_folder.h"
#include "penfield/study/study.h"

namespace penfield::server {

inline constexpr const char* kModel = "models/demo";

// One scan for all tests of this file: two results beside each other, over two sites and three layers.
class ExplorerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = new formats::ScratchFolder;
    scan(scratch_->path("result"), "1,3,4");
    scan(scratch_->path("other"), "0");
  }
  static void scan(const std::string& folder, const std::string& layers,
                   numeric::Precision precision = numeric::Precision::kFloat32,
                   tokens::BosPolicy bos = tokens::BosPolicy::kAuto) {
    study::StudyRequest request;
    request.model = request.model_folder = kModel;
    request.texts = {"data/demo/articles.txt"};
    request.layers = layers;
    request.precision = precision;
    request.bos = bos;
    request.n_discovery = request.n_held_out = 6;
    request.max_rows = 30;
    auto writer = store::ResultWriter::open(folder, false).value();
    ASSERT_TRUE(study::run_study(request, "test", writer).has_value());
  }
  static void TearDownTestSuite() {
    delete scratch_;
    scratch_ = nullptr;
  }

  static ExplorerOptions options(const std::string& model = kModel) {
    return {.folder = scratch_->path("result"),
            .model = model,
            .find_model = [](const std::string& name) -> Result<std::string> {
              if (std::filesystem::exists(name)) return name;
              return fail(ErrorKind::kNetwork, "{}: is not here", name);
            },
            .limits = {}};
  }
  static std::unique_ptr<Explorer> open(const ExplorerOptions& asked) {
    return Explorer::open(asked).value();
  }

  struct Reply {
    unsigned status;
    nlohmann::json body;
  };
  static Reply ask(Explorer& explorer, Endpoint endpoint, const std::string& name,
                   const std::string& body = "") {
    const Answer answer = explorer.answer({endpoint, name, body}, {});
    EXPECT_EQ(answer.content_type, "application/json");
    return {answer.status, nlohmann::json::parse(*answer.body)};
  }
  static Reply live(Explorer& explorer, const std::string& text, const std::vector<std::string>& units) {
    return ask(explorer, Endpoint::kLive, "", nlohmann::json{{"text", text}, {"units", units}}.dump());
  }

  inline static formats::ScratchFolder* scratch_ = nullptr;
};

}  // namespace penfield::server

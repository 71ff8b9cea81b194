// `penfield mcp`: messages in, answers out, by the rules of JSON-RPC 2.0 and of the protocol's pages. The
// official SDK as a client is bindings/python/tests/test_mcp.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Mcp : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    ASSERT_EQ(run({"scan", "-m", "models/demo", "-t", "data/demo/articles.txt", "--budget", "4000",
                   "--layers", "1", "-j", "1", "-o", result(), "-q"})
                  .exit_code,
              0);
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string result() { return *folder_ / "result"; }

  // The answers to these lines, in order.
  static std::vector<json> ask(const std::vector<std::string>& sent,
                               const std::vector<std::string>& flags = {}) {
    std::vector<std::string> arguments = {"mcp", result(), "-j", "1"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    std::string input;
    for (const std::string& line : sent) input += line + "\n";
    const CommandResult done = run(arguments, {.standard_input = input});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_THAT(done.err, IsEmpty());
    std::vector<json> out;
    std::istringstream lines(done.out);
    for (std::string line; std::getline(lines, line);) out.push_back(json::parse(line));
    return out;
  }
  static json call(const std::string& tool, const json& arguments,
                   const std::vector<std::string>& flags = {}) {
    const json request{{"jsonrpc", "2.0"},
                       {"id", 7},
                       {"method", "tools/call"},
                       {"params", {{"name", tool}, {"arguments", arguments}}}};
    const std::vector<json> answers = ask({request.dump()}, flags);
    EXPECT_THAT(answers, SizeIs(1));
    if (answers.size() != 1) return {};
    EXPECT_EQ(answers[0]["id"], 7);
    return answers[0].value("result", answers[0]);
  }

  inline static TempFolder* folder_ = nullptr;
};

TEST_F(Mcp, BeginsWithTheVersionThatTheClientHas) {
  const auto version_for = [](const std::string& asked) {
    const json request{{"jsonrpc", "2.0"},
                       {"id", "a"},
                       {"method", "initialize"},
                       {"params",
                        {{"protocolVersion", asked},
                         {"capabilities", json::object()},
                         {"clientInfo", {{"name", "test"}, {"version", "1"}}}}}};
    const auto answers = ask({request.dump(), R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                              R"({"jsonrpc":"2.0","id":2,"method":"ping"})"});
    EXPECT_THAT(answers, SizeIs(2)) << "a notification is not answered";
    EXPECT_EQ(answers[0]["id"], "a");
    EXPECT_EQ(answers[0]["result"]["serverInfo"]["name"], "penfield");
    EXPECT_TRUE(answers[0]["result"]["capabilities"].contains("tools"));
    EXPECT_EQ(answers[1]["result"], json::object());
    return answers[0]["result"]["protocolVersion"].get<std::string>();
  };
  EXPECT_EQ(version_for("2025-06-18"), "2025-06-18");
  EXPECT_EQ(version_for("2024-11-05"), "2024-11-05");
  EXPECT_EQ(version_for("1999-01-01"), "2025-11-25");
}

TEST_F(Mcp, EveryToolHasASchema) {
  const auto answers = ask({R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})"});
  ASSERT_THAT(answers, SizeIs(1));
  std::vector<std::string> names;
  for (const json& tool : answers[0]["result"]["tools"]) {
    names.push_back(tool["name"]);
    EXPECT_EQ(tool["inputSchema"]["type"], "object");
    EXPECT_FALSE(tool["description"].get<std::string>().empty());
  }
  EXPECT_THAT(names, ::testing::ElementsAre("concepts", "results", "top", "card", "heatmap", "live_text"))
      << "without a text there is nothing to scan";
}

TEST_F(Mcp, ToolsReadTheResult) {
  EXPECT_EQ(call("results", json::object())["structuredContent"]["results"][0]["result"], "result");
  const json top = call("top", {{"n", 3}});
  ASSERT_THAT(top["structuredContent"]["units"], SizeIs(3));
  const std::string unit = top["structuredContent"]["units"][0]["unit"];
  const json card = call("card", {{"unit", unit}, {"result", "result"}});
  EXPECT_THAT(card["content"][0]["text"].get<std::string>(), HasSubstr(unit));
  EXPECT_EQ(card["structuredContent"]["unit"]["auc"], top["structuredContent"]["units"][0]["auc"]);
  const json heatmap = call("heatmap", {{"unit", unit}, {"split", "held_out"}, {"tokens", 40}});
  EXPECT_THAT(heatmap["structuredContent"]["values"], SizeIs(40));
  const json live = call("live_text", {{"text", "Anna went to Paris."}, {"units", {unit}}});
  EXPECT_FALSE(live["isError"]) << live.dump();
  EXPECT_EQ(live["structuredContent"]["tokens"].size(), live["structuredContent"]["values"][unit].size());
  EXPECT_GT(call("concepts", json::object())["structuredContent"]["concepts"].size(), 5U);
}

TEST_F(Mcp, ScansTheGivenTextForAnotherConcept) {
  const std::vector<std::string> flags = {"-m", "models/demo", "-t", "data/demo/articles.txt"};
  const json scanned = call("scan", {{"concept", "capital"}, {"layers", "1"}, {"budget", 4000}}, flags);
  EXPECT_FALSE(scanned["isError"]) << scanned.dump();
  EXPECT_EQ(scanned["structuredContent"]["result"], "scan-2");
  EXPECT_EQ(scanned["structuredContent"]["concept"], "capital");
  for (const char* reads_a_file :
       {"words:/etc/passwd", "words:./list.txt", "labels:mine", "capital and labels:x"}) {
    const json refused = call("scan", {{"concept", reads_a_file}}, flags);
    EXPECT_TRUE(refused["isError"]) << reads_a_file;
    EXPECT_THAT(refused["content"][0]["text"].get<std::string>(), HasSubstr("reads a file"));
  }
}

TEST_F(Mcp, WhatIsWrongIsSaid) {
  const auto error_of = [](const std::string& line) {
    const auto answers = ask({line});
    return answers.size() == 1 && answers[0].contains("error") ? answers[0]["error"]["code"].get<int>() : 0;
  };
  EXPECT_EQ(error_of("no json"), -32700);
  EXPECT_EQ(error_of("[]"), -32600);
  EXPECT_EQ(error_of(R"({"jsonrpc":"2.0","id":null,"method":"ping"})"), -32600);
  EXPECT_EQ(error_of(R"({"jsonrpc":"2.0","id":1,"method":"resources/list"})"), -32601);
  EXPECT_EQ(error_of(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}})"), -32602);
  EXPECT_EQ(error_of(std::string(300 << 10, ' ') + "{}"), -32700);
  for (const auto& [tool, arguments, words] : std::vector<std::tuple<std::string, json, std::string>>{
           {"card", {{"unit", "L99.1"}}, "no unit"},
           {"card", {{"unit", 3}}, "must be a string"},
           {"top", {{"n", 0}}, "from 1 to 200"},
           {"top", {{"m", 3}}, "has no argument"},
           {"top", {{"result", "../result"}}, "there is no result"},
           {"heatmap", {{"unit", "L1.1"}, {"split", "both"}}, "held_out"},
           {"live_text", {{"text", ""}, {"units", {"L1.1"}}}, "must be a string, and not empty"}}) {
    const json answer = call(tool, arguments);
    EXPECT_TRUE(answer["isError"]) << tool << arguments;
    EXPECT_THAT(answer["content"][0]["text"].get<std::string>(), HasSubstr(words));
  }
}

TEST_F(Mcp, NothingIsLeftBehind) {
  const std::filesystem::path scratch = *folder_ / "tmp";
  std::filesystem::create_directory(scratch);
  const std::string line =
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"scan","arguments":{"layers":"0","budget":3000}}})";
  const CommandResult done =
      run({"mcp", "-m", "models/demo", "-t", "data/demo/articles.txt", "-j", "1"},
          {.standard_input = line + "\n", .environment = {{"TMPDIR", scratch.string()}}});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("scan-1"));
  EXPECT_TRUE(std::filesystem::is_empty(scratch));
}

TEST_F(Mcp, WithoutAFolderThereIsNothingToRead) {
  const CommandResult none = run({"mcp"});
  EXPECT_EQ(none.exit_code, 2);
  const CommandResult wrong = run({"mcp", "data"});
  EXPECT_NE(wrong.exit_code, 0);
  EXPECT_THAT(wrong.err_lines(), SizeIs(1));
}

}  // namespace
}  // namespace penfield::cli

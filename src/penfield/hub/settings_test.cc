#include "penfield/hub/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::hub {
namespace {

class SettingsFrom : public testing::Test {
 protected:
  [[nodiscard]] Settings settings() const {
    return settings_from({.variable = [this](const char* name) -> const char* {
                            const auto found = variables_.find(name);
                            return found == variables_.end() ? nullptr : found->second.c_str();
                          },
                          .home_of = [](const std::string& user) -> std::string {
                            return user == "ada" ? "/people/ada" : "";
                          }});
  }
  std::map<std::string, std::string> variables_;
};

TEST_F(SettingsFrom, TheMostParticularVariableNamesTheCache) {
  EXPECT_EQ(settings().cache_folder, "");
  variables_["HOME"] = "/home/me";
  EXPECT_EQ(settings().cache_folder, "/home/me/.cache/huggingface/hub");
  variables_["XDG_CACHE_HOME"] = "/xdg";
  EXPECT_EQ(settings().cache_folder, "/xdg/huggingface/hub");
  variables_["HF_HOME"] = "~/hf";
  EXPECT_EQ(settings().cache_folder, "/home/me/hf/hub");
  variables_["HUGGINGFACE_HUB_CACHE"] = "/older";
  EXPECT_EQ(settings().cache_folder, "/older");
  variables_["HF_HUB_CACHE"] = "/cache";
  EXPECT_EQ(settings().cache_folder, "/cache");
  variables_["HF_HUB_CACHE"] = "";
  EXPECT_EQ(settings().cache_folder, "/older");
}

// The values are what os.path.expandvars(os.path.expanduser(value)) gives.
TEST_F(SettingsFrom, PathsAreExpanded) {
  variables_ = {{"HOME", "/home/me/"}, {"DISK", "/disk"}, {"A_1", "$DISK"}};
  const std::map<std::string, std::string> cases = {
      {"$HOME/x", "/home/me//x"},  {"~", "/home/me"},          {"~/x", "/home/me/x"},
      {"~ada/x", "/people/ada/x"}, {"~nobody/x", "~nobody/x"}, {"a~/x", "a~/x"},
      {"${DISK}/x", "/disk/x"},    {"$DISK-x", "/disk-x"},     {"$NONE/x", "$NONE/x"},
      {"${NONE}/x", "${NONE}/x"},  {"${DISK", "${DISK"},       {"x$", "x$"},
      {"$A_1/x", "$DISK/x"},       {"$$DISK", "$/disk"},       {"${}", "${}"},
  };
  for (const auto& [value, path] : cases) {
    variables_["HF_HUB_CACHE"] = value;
    EXPECT_EQ(settings().cache_folder, path) << value;
  }
  variables_["HF_HUB_CACHE"] = "";
  variables_["HF_HOME"] = "$DISK/hf";
  EXPECT_EQ(settings().cache_folder, "/disk/hf/hub");
  EXPECT_EQ(settings().token_path, "/disk/hf/token");
}

TEST_F(SettingsFrom, OfflineIsAWordOfFour) {
  for (const char* yes : {"1", "ON", "on", "Yes", "true"}) {
    variables_ = {{"HF_HUB_OFFLINE", yes}};
    EXPECT_TRUE(settings().offline) << yes;
    variables_ = {{"TRANSFORMERS_OFFLINE", yes}};
    EXPECT_TRUE(settings().offline) << yes;
  }
  for (const char* no : {"", "0", "off", "2", "y"}) {
    variables_ = {{"HF_HUB_OFFLINE", no}};
    EXPECT_FALSE(settings().offline) << no;
  }
}

TEST_F(SettingsFrom, EndpointProxiesAndCertificates) {
  EXPECT_EQ(settings().endpoint, "https://huggingface.co");
  variables_ = {{"HF_ENDPOINT", "https://mirror/hf//"},
                {"all_proxy", "http://p:1"},
                {"HTTPS_PROXY", "http://s:2"},
                {"NO_PROXY", "localhost,.corp"},
                {"CURL_CA_BUNDLE", "/ca.pem"}};
  EXPECT_EQ(settings().endpoint, "https://mirror/hf");
  EXPECT_EQ(settings().proxies.for_http, "http://p:1");
  EXPECT_EQ(settings().proxies.for_https, "http://s:2");
  EXPECT_EQ(settings().proxies.not_for, "localhost,.corp");
  EXPECT_EQ(settings().certificates, "/ca.pem");
}

TEST_F(SettingsFrom, TheTokenIsTheVariableOrTheFile) {
  const formats::ScratchFolder folder;
  variables_ = {{"HF_HOME", folder.path()}};
  EXPECT_EQ(read_token(settings())->text, "");
  folder.write("token", "hf_file\n");
  EXPECT_EQ(read_token(settings())->text, "hf_file");
  EXPECT_EQ(read_token(settings())->source, folder.path("token"));
  variables_["HF_TOKEN_PATH"] = folder.write("other", " hf_other \r\n");
  EXPECT_EQ(read_token(settings())->text, "hf_other");
  variables_["HUGGING_FACE_HUB_TOKEN"] = "hf_old";
  variables_["HF_TOKEN"] = " hf_variable\n";
  EXPECT_EQ(read_token(settings())->text, "hf_variable");
  EXPECT_EQ(read_token(settings())->source, "HF_TOKEN");
  variables_["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1";
  EXPECT_EQ(read_token(settings())->text, "");
}

TEST_F(SettingsFrom, ATokenIsOneWord) {
  for (const char* text : {"hf_a\r\nX-Evil: 1", "hf a", "hf_\xc3\xa4", "\x01"}) {
    variables_ = {{"HF_TOKEN", text}};
    EXPECT_EQ(read_token(settings()).error().kind, ErrorKind::kUsage);
    EXPECT_EQ(read_token(settings()).error().message.find(text), std::string::npos) << "a token is not shown";
  }
}

}  // namespace
}  // namespace penfield::hub

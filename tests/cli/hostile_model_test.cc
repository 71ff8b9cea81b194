// Model folders that break a rule: the program ends with 3 and one line that names the file and what is wrong
// in it, soon and without taking memory that the file only claims.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "files.h"
#include "penfield/base/sanitized_for_tests.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// A safetensors file taken apart: its JSON header as text, and the tensors' bytes.
struct Weights {
  std::string header, data;
};

std::string length_bytes(std::uint64_t n) {
  std::string out;
  for (int byte = 0; byte < 8; ++byte) out += static_cast<char>((n >> (8 * byte)) & 0xFF);
  return out;
}

Weights read_weights(const std::string& path) {
  const std::string bytes = read_file(path);
  std::uint64_t n = 0;
  for (int byte = 7; byte >= 0; --byte)
    n = n * 256 + static_cast<unsigned char>(bytes[static_cast<std::size_t>(byte)]);
  return {bytes.substr(8, n), bytes.substr(8 + n)};
}

std::string join(const Weights& weights) {
  return length_bytes(weights.header.size()) + weights.header + weights.data;
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

struct Fault {
  std::string name;
  std::function<void(const std::string& folder)> make;
  std::string told = {};  // what the error must hold
};

class HostileModel : public ::testing::Test {
 protected:
  void SetUp() override {
    make_planted_model(temp_ / "good",
                       {"--shape", "16,2,2,64", "--words", "800", "--text", temp_ / "text.txt", "--documents",
                        "4", "--tokens-per-document", "100"});
  }

  // A fresh copy of the good model, spoiled.
  std::string spoil(const Fault& fault) {
    std::string folder = temp_ / "spoiled";
    std::filesystem::remove_all(folder);
    std::filesystem::copy(temp_ / "good", folder);
    fault.make(folder);
    return folder;
  }

  CommandResult scan(const std::string& model) {
    return run({"scan", "--profile", "descriptive", "-m", model, "-t", temp_ / "text.txt", "-o",
                temp_ / "result", "-q"});
  }

  void expect_refused(const std::vector<Fault>& faults, int exit_code = 3) {
    for (const Fault& fault : faults) {
      const std::string folder = spoil(fault);
      const auto start = std::chrono::steady_clock::now();
      const CommandResult result = scan(folder);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      EXPECT_EQ(result.exit_code, exit_code) << fault.name << ": " << result.err;
      EXPECT_THAT(result.err_lines(), SizeIs(1)) << fault.name << ": " << result.err;
      EXPECT_THAT(result.err, HasSubstr(fault.told)) << fault.name;
      EXPECT_LT(seconds, 20 * kSanitizerFactor) << fault.name;
      EXPECT_FALSE(exists(temp_ / "result/run.json")) << fault.name;
    }
  }

  static Fault weights(const std::string& name, const std::function<void(Weights&)>& change,
                       const std::string& told = "model.safetensors") {
    return {name,
            [change](const std::string& folder) {
              Weights parts = read_weights(folder + "/model.safetensors");
              change(parts);
              write_file(folder + "/model.safetensors", join(parts));
            },
            told};
  }
  static Fault whole(const std::string& name, const std::string& bytes) {
    return {name, [bytes](const std::string& folder) { write_file(folder + "/model.safetensors", bytes); },
            "model.safetensors"};
  }
  static Fault header(const std::string& name, const std::string& from, const std::string& to,
                      const std::string& told = "model.safetensors") {
    return weights(
        name, [from, to](Weights& parts) { replace(parts.header, from, to); }, told);
  }
  static Fault config(const std::string& name, const std::function<void(nlohmann::json&)>& change) {
    return {name,
            [change](const std::string& folder) {
              auto json = nlohmann::json::parse(read_file(folder + "/config.json"));
              change(json);
              write_file(folder + "/config.json", json.dump());
            },
            "config.json"};
  }

  TempFolder temp_;
};

TEST_F(HostileModel, TheUnspoiledModelRuns) {
  const CommandResult result = scan(temp_ / "good");
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(HostileModel, HeaderLengthsThatLie) {
  const std::string big(1024, ' ');
  expect_refused({whole("empty", ""), whole("seven bytes", "1234567"),
                  whole("length 2^64-1", length_bytes(~std::uint64_t{0}) + big),
                  whole("length 100,000,001", length_bytes(100'000'001) + big),
                  whole("longer than the file", length_bytes(1025) + big)});
}

TEST_F(HostileModel, HeadersThatAreNoSingleJsonDocument) {
  expect_refused({weights("byte 0xFF", [](Weights& w) { w.header[1] = '\xFF'; }),
                  weights("a NUL behind", [](Weights& w) { w.header += '\0'; }),
                  weights("a comma behind", [](Weights& w) { w.header += ','; }),
                  weights("a second document", [](Weights& w) { w.header += "{}"; }),
                  weights("100,000 brackets", [](Weights& w) { w.header = std::string(100'000, '['); })});
}

TEST_F(HostileModel, HeadersThatBreakTheFormatsRules) {
  const std::string name = R"("h.0.ln_1.bias":)";
  const std::string offsets = R"("data_offsets":[)";
  expect_refused({
      header("a key twice", name, name + R"({"dtype":"F32","shape":[0],"data_offsets":[0,0]},)" + name),
      header("a key twice, escaped", name,
             R"("h.0.\u006cn_1.bias":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)" + name),
      header("unknown field", R"("dtype":)", R"("colour":"red","dtype":)"),
      header("metadata that is no string", R"("format":"pt")", R"("format":1)"),
      header("unknown dtype", R"("F32")", R"("F31")"),
      header("negative size", R"("shape":[)", R"("shape":[-)"),
      header("a size with a fraction", R"("shape":[48])", R"("shape":[48.0])"),
      header("size 2^64", R"("shape":[48])", R"("shape":[18446744073709551616])"),
      header("sizes whose product is beyond 2^64", R"("shape":[48])", R"("shape":[4611686018427387904,16])"),
      header("rank 9", R"("shape":[48])", R"("shape":[48,1,1,1,1,1,1,1,1])"),
      header("one offset", offsets + "0,192]", offsets + "192]"),
      header("three offsets", offsets + "0,192]", offsets + "0,192,192]"),
      header("end before begin", offsets + "0,192]", offsets + "192,0]"),
      header("a hole at the start", offsets + "0,192]", offsets + "4,192]"),
      header("an overlap", offsets + "0,192]", offsets + "0,196]"),
      header("shape and offsets disagree", R"("shape":[48])", R"("shape":[49])", "h.0.attn.c_attn.bias"),
  });
}

TEST_F(HostileModel, DataThatAreNotThereOrTooMany) {
  expect_refused({weights("a byte missing", [](Weights& w) { w.data.pop_back(); }),
                  weights("a byte more", [](Weights& w) { w.data += 'x'; }),
                  weights("half missing", [](Weights& w) { w.data.resize(w.data.size() / 2); })});
}

TEST_F(HostileModel, NumbersThatAreNoNumbersNameTheirTensor) {
  const std::string nan("\x00\x00\xC0\x7F", 4);
  const std::string infinity("\x00\x00\x80\xFF", 4);
  expect_refused(
      {weights(
           "NaN", [&](Weights& w) { w.data.replace(0, 4, nan); }, "h.0.attn.c_attn.bias"),
       weights(
           "infinity", [&](Weights& w) { w.data.replace(w.data.size() - 4, 4, infinity); }, "wte.weight")});
}

TEST_F(HostileModel, AMillionTensorsAreReadInBoundedTime) {
  expect_refused({weights("a million tensors", [](Weights& w) {
    w.header = "{";
    for (int i = 0; i < 1'000'000; ++i) {
      w.header +=
          fmt::format(R"({}"t{}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})", i == 0 ? "" : ",", i);
    }
    w.header += "}";
    w.data.clear();
  })});
}

TEST_F(HostileModel, ShardIndicesThatPointElsewhere) {
  const auto shards = [](const std::string& name, const std::string& index) {
    return Fault{name,
                 [index](const std::string& folder) {
                   std::filesystem::rename(folder + "/model.safetensors",
                                           folder + "/model-00001-of-00001.safetensors");
                   write_file(folder + "/model.safetensors.index.json", index);
                 },
                 ".safetensors"};
  };
  expect_refused({
      shards("out of the folder", R"({"weight_map":{"wte.weight":"../../etc/passwd"}})"),
      shards("an absolute path", R"({"weight_map":{"wte.weight":"/etc/passwd"}})"),
      shards("a shard that is not there",
             R"({"weight_map":{"wte.weight":"model-00002-of-00002.safetensors"}})"),
      shards("a tensor that is not there",
             R"({"weight_map":{"wtx.weight":"model-00001-of-00001.safetensors"}})"),
      shards("a tensor twice", R"({"weight_map":{"wte.weight":"model-00001-of-00001.safetensors",)"
                               R"("wte.weight":"model-00001-of-00001.safetensors"}})"),
      shards("no JSON", "weight_map"),
  });
}

TEST_F(HostileModel, ALinkOutOfTheFolderIsRefusedAndOneIntoTheCacheIsNot) {
  std::filesystem::copy(temp_ / "good", temp_ / "linked");
  std::filesystem::remove(temp_ / "linked/model.safetensors");
  std::filesystem::create_symlink(temp_ / "good/model.safetensors", temp_ / "linked/model.safetensors");
  const CommandResult refused = scan(temp_ / "linked");
  EXPECT_EQ(refused.exit_code, 3) << refused.err;
  EXPECT_THAT(refused.err_lines(), SizeIs(1)) << refused.err;

  const std::string cache = temp_ / "models--a--b";
  const std::string snapshot = cache + "/snapshots/0123456789abcdef0123456789abcdef01234567";
  std::filesystem::create_directories(snapshot);
  std::filesystem::create_directories(cache + "/blobs");
  for (const std::string& name : list(temp_ / "good")) {
    std::filesystem::copy(temp_ / ("good/" + name), cache + "/blobs/" + name);
    std::filesystem::create_symlink("../../blobs/" + name, snapshot + "/" + name);
  }
  const CommandResult taken = scan(snapshot);
  EXPECT_EQ(taken.exit_code, 0) << taken.err;
}

TEST_F(HostileModel, WhatIsNoPlainFileDoesNotHangTheProgram) {
  const auto put = [](const std::string& name, const std::function<void(const std::string&)>& make) {
    return Fault{name,
                 [make](const std::string& folder) {
                   std::filesystem::remove(folder + "/model.safetensors");
                   make(folder + "/model.safetensors");
                 },
                 "model.safetensors"};
  };
  expect_refused({put("FIFO", [](const std::string& path) { ASSERT_EQ(mkfifo(path.c_str(), 0600), 0); }),
                  put("directory", [](const std::string& path) { std::filesystem::create_directory(path); }),
                  put("/dev/zero",
                      [](const std::string& path) { std::filesystem::create_symlink("/dev/zero", path); })});
}

TEST_F(HostileModel, ConfigurationsThatCannotBe) {
  expect_refused({
      config("no heads", [](nlohmann::json& c) { c["n_head"] = 0; }),
      config("heads that do not divide the width", [](nlohmann::json& c) { c["n_head"] = 3; }),
      config("2^31 layers", [](nlohmann::json& c) { c["n_layer"] = 2147483648U; }),
      config("a negative width", [](nlohmann::json& c) { c["n_embd"] = -16; }),
      config("no width", [](nlohmann::json& c) { c.erase("n_embd"); }),
      config("no layers named", [](nlohmann::json& c) { c.erase("n_layer"); }),
      config("another kind of model", [](nlohmann::json& c) { c["model_type"] = "llama"; }),
      config("no kind of model", [](nlohmann::json& c) { c.erase("model_type"); }),
      config("another activation", [](nlohmann::json& c) { c["activation_function"] = "gelu_10"; }),
      Fault{"no JSON", [](const std::string& folder) { write_file(folder + "/config.json", "{"); },
            "config.json"},
  });
  expect_refused(
      {{"vocabulary and wte disagree", config("", [](nlohmann::json& c) { c["vocab_size"] = 9; }).make, ""},
       {"more layers than the file", config("", [](nlohmann::json& c) { c["n_layer"] = 3; }).make, "h.2."}});
}

TEST_F(HostileModel, TokenizersThatCannotBe) {
  const auto edit = [](const std::string& name, const std::string& file, const std::string& from,
                       const std::string& to) {
    return Fault{name,
                 [=](const std::string& folder) {
                   std::string text = read_file(folder + "/" + file);
                   replace(text, from, to);
                   write_file(folder + "/" + file, text);
                 },
                 file};
  };
  expect_refused({
      edit("id -1", "vocab.json", R"("!": 33)", R"("!": -1)"),
      edit("a gap", "vocab.json", R"("!": 33)", R"("!": 100000)"),
      edit("an id twice", "vocab.json", R"("!": 33)", R"("!": 34)"),
      edit("an id that is text", "vocab.json", R"("!": 33)", R"("!": "33")"),
      edit("a token twice", "vocab.json", R"("!": 33)", R"("\"": 33)"),
      edit("no JSON", "vocab.json", R"({"Ā": 0)", R"(["Ā": 0)"),
      edit("a line of three parts", "merges.txt", "\xC4\xA0 b\n", "\xC4\xA0 b d\n"),
      edit("a line of one part", "merges.txt", "\xC4\xA0 b\n", "b\n"),
      edit("a part that no token is", "merges.txt", "\xC4\xA0 b\n", "qq b\n"),
  });
  const CommandResult line = scan(spoil(edit("", "merges.txt", "\xC4\xA0 b\n", "\xC4\xA0 b d\n")));
  EXPECT_THAT(line.err, HasSubstr("merges.txt:2")) << "the line is named";
}

TEST_F(HostileModel, FilesThatAreNotThereAreNamed) {
  for (const std::string name : {"config.json", "model.safetensors", "vocab.json", "merges.txt"}) {
    const Fault absent = {
        name, [name](const std::string& folder) { std::filesystem::remove(folder + "/" + name); }, name};
    const CommandResult result = scan(spoil(absent));
    EXPECT_THAT(result.exit_code, ::testing::AnyOf(1, 3)) << name;
    EXPECT_THAT(result.err_lines(), SizeIs(1)) << name << result.err;
    EXPECT_THAT(result.err, HasSubstr(name));
  }
}

}  // namespace
}  // namespace penfield::cli

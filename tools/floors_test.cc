#include "floors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penfield::floors {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kRules =
    "# a comment\n"
    "base 0\n"
    "text 2\n"
    "tokens 2 may text/document.h\n"
    "model 2\n"
    "activations 2 may model/* tokens/token_stream.h\n"
    "study 3\n";

std::vector<std::string> check(const std::string& path, const std::string& text) {
  const auto rules = parse_rules(kRules);
  EXPECT_TRUE(rules.has_value());
  return check_sources(*rules, {{path, text}});
}

TEST(Floors, LowerFloorsAndListedHeadersMayBeIncluded) {
  EXPECT_THAT(check("tokens/bpe.cc",
                    "#include \"penfield/base/unit.h\"\n#include \"penfield/text/document.h\"\n"
                    "#include \"penfield/tokens/bpe.h\"\n#include <vector>\n"),
              IsEmpty());
  EXPECT_THAT(check("activations/tap.cc", "#include \"penfield/model/model.h\"\n"), IsEmpty());
  EXPECT_THAT(check("study/scan.cc", "#include \"penfield/tokens/bpe.h\"\n"), IsEmpty());
}

TEST(Floors, TheInsideOfAKernelIsForListedSourceFilesAlone) {
  const auto rules = parse_rules("numeric 1\nassociation 2 may numeric/exp-inl.h\nmodel 2\n");
  ASSERT_TRUE(rules.has_value());
  const std::string use = "#include \"penfield/numeric/exp-inl.h\"\n";
  const Source kernel{"numeric/exp-inl.h", "#include <hwy/highway.h>\n"};
  EXPECT_THAT(check_sources(*rules, {kernel, {"association/panel.cc", use}}), IsEmpty());
  EXPECT_THAT(check_sources(*rules, {kernel, {"association/panel/panel.h", use}}),
              ElementsAre(HasSubstr("its room's alone")));
  EXPECT_THAT(check_sources(*rules, {kernel, {"model/gelu.cc", use}}),
              ElementsAre(HasSubstr("its room's alone")));
}

TEST(Floors, AnUpwardIncludeIsCaught) {
  EXPECT_THAT(
      check("tokens/bpe.cc", "\n#  include \"penfield/study/scan.h\"\n"),
      ElementsAre(HasSubstr("tokens/bpe.cc:2: penfield/study/scan.h: study is on floor 3, above tokens")));
  EXPECT_THAT(check("tokens/bpe_test.cc", "#include <penfield/study/scan.h>\n"),
              ElementsAre(HasSubstr("study is on floor 3")));
}

TEST(Floors, AnAlgorithmOfTheSameFloorIsCaughtOutsideTests) {
  EXPECT_THAT(check("tokens/bpe.cc", "#include \"penfield/text/corpus.h\"\n"),
              ElementsAre(HasSubstr("both on floor 2")));
  EXPECT_THAT(check("model/model.h", "#include \"penfield/activations/tap.h\"\n"),
              ElementsAre(HasSubstr("both on floor 2")));
  EXPECT_THAT(check("tokens/bpe_test.cc", "#include \"penfield/text/corpus.h\"\n"), IsEmpty());
}

TEST(Floors, UnknownRoomsAndPathsUpwardsAreCaught) {
  EXPECT_THAT(check("attic/a.cc", ""), ElementsAre(HasSubstr("no room attic")));
  EXPECT_THAT(check("tokens/bpe.cc", "#include \"penfield/attic/a.h\"\n"),
              ElementsAre(HasSubstr("no room attic")));
  EXPECT_THAT(check("tokens/bpe.cc", "#include \"../study/scan.h\"\n"),
              ElementsAre(HasSubstr("from its root")));
}

TEST(Floors, AHeaderWithInnerTypesStaysInItsRoom) {
  const auto rules = parse_rules(kRules);
  ASSERT_TRUE(rules.has_value());
  const Source inner = {"base/lanes.h", "#include <hwy/highway.h>\n"};
  EXPECT_THAT(check_sources(*rules, {inner, {"base/lanes.cc", "#include \"penfield/base/lanes.h\"\n"}}),
              IsEmpty());
  EXPECT_THAT(check_sources(*rules, {inner, {"model/model.cc", "#include \"penfield/base/lanes.h\"\n"}}),
              ElementsAre(HasSubstr("its room's alone")));
}

TEST(Floors, EveryRoomIsBuiltInTheOrderOfTheFlow) {
  const auto rules = parse_rules("base 0\ntokens 2\nstudy 3\n");
  ASSERT_TRUE(rules.has_value());
  EXPECT_THAT(
      check_order(*rules, "add_subdirectory(base)\nadd_subdirectory(tokens)\nadd_subdirectory(study)\n"),
      IsEmpty());
  EXPECT_THAT(
      check_order(*rules, "add_subdirectory(tokens)\nadd_subdirectory(base)\nadd_subdirectory(attic)\n"),
      ElementsAre("CMakeLists.txt:2: base stands behind tokens, but before it in floors.txt",
                  "CMakeLists.txt:3: there is no room attic in floors.txt",
                  "CMakeLists.txt: study is not added, but floors.txt lists it"));
}

TEST(Floors, TheTourTellsOfEveryRoomOnItsFloor) {
  const auto rules =
      parse_rules("base 0\nformats 1\nformats/gguf 1\nreport/words 2\nreport/page 2\nstudy 3\n");
  ASSERT_TRUE(rules.has_value());
  const std::string head = "# Rooms\n| room | floor | gives |\n| --- | --- | --- |\n| `base/` | 0 | ids |\n";
  EXPECT_THAT(
      check_tour(*rules, head + "| `formats/` | 1 | files |\n| `formats/gguf/` | 1 | |\n"
                                "| `report/` | 2 | `words/`: sentences; `page/` |\n| `study/` | 3 | |\n"),
      IsEmpty());
  EXPECT_THAT(check_tour(*rules, head + "| `study/` | 4 | |\n| `formats/` | 1 | `gguf/` |\n"
                                        "| `report/` | 2 | `words/` |\n| `attic/` | 5 | |\n"),
              ElementsAre("README.md:5: study is on floor 4, and on floor 3 in floors.txt",
                          "README.md:6: formats stands behind study, but before it in floors.txt",
                          "README.md:8: floors.txt has no room attic",
                          "README.md: report/page is missing, but floors.txt lists it"));
}

TEST(Floors, MalformedRulesAreRefusedWithTheirLine) {
  for (const char* text :
       {"base\n", "base zero\n", "base 0 can x/y.h\n", "base 0 may\n", "base 0\nbase 1\n", ""}) {
    EXPECT_FALSE(parse_rules(text).has_value()) << text;
  }
  EXPECT_THAT(parse_rules("a 0\nb 1 can x\n").error().message, HasSubstr("floors.txt:2"));
}

}  // namespace
}  // namespace penfield::floors

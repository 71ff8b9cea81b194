#include "penfield/formats/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string refusal(std::string_view bytes) {
  const auto document = parse_json(bytes, "a.json");
  if (document) return "accepted: " + document->dump();
  EXPECT_EQ(document.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(document.error().message, Not(HasSubstr("\n")));
  return document.error().message;
}

TEST(Json, BuildsWhatNlohmannBuilds) {
  for (const char* text :
       {R"({"a": [1, -2, 3.5, 1e3, true, false, null, "x\ty\u00e9"], "b": {"c": {}, "d": []}})", "[]", "{}",
        "7", "\"\"", "null", " [ [ ] , {} ] \n", R"({"": 1, " ": 2})"}) {
    const auto document = parse_json(text, "a.json");
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(*document, json::parse(text)) << text;
    EXPECT_EQ(document->dump(), json::parse(text).dump()) << text;
  }
}

TEST(Json, RefusesAKeyTwiceHoweverItIsSpelled) {
  EXPECT_EQ(refusal(R"({"a": 1, "b": 2, "a": 3})"), "a.json: the key \"a\" stands twice in one object");
  EXPECT_THAT(refusal(R"({"a": 1, "\u0061": 3})"), HasSubstr("twice"));
  EXPECT_THAT(refusal(R"([{"x": {"é": 1, "\u00e9": 1}}])"), HasSubstr("twice"));
  EXPECT_TRUE(parse_json(R"([{"a": 1}, {"a": {"a": 2}}])", "a.json"));
}

TEST(Json, RefusesWhatIsNotOneDocument) {
  for (const std::string_view text :
       {std::string_view(""), std::string_view("{"), std::string_view("{} {}"), std::string_view("{},"),
        std::string_view("{}\0", 3), std::string_view("\0{}", 3), std::string_view("[1,]"),
        std::string_view(R"({"a":1,})"), std::string_view("// x\n{}"), std::string_view("NaN"),
        std::string_view("[01]"), std::string_view("['a']"), std::string_view("\xef\xbb\xbf{}"),
        std::string_view("1e999"), std::string_view(R"("\ud800")"), std::string_view("\"a\nb\"")}) {
    EXPECT_THAT(refusal(text), Not(HasSubstr("accepted"))) << text;
  }
}

TEST(Json, RefusesInvalidUtf8) {
  for (const char* text : {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
                           "\"\xe2\x82\"", "{\"\xff\": 1}", "\xff"}) {
    EXPECT_THAT(refusal(text), HasSubstr("not valid JSON")) << text;
  }
}

TEST(Json, SaysWhere) {
  EXPECT_EQ(refusal("{\n \"a\": tru }"),
            "a.json: line 2, column 10: not valid JSON: syntax error while parsing value - invalid literal");
  EXPECT_THAT(refusal("[1 2]"), HasSubstr("line 1, column 4:"));
  EXPECT_THAT(refusal(""), HasSubstr("line 1, column 1:"));
  EXPECT_LT(refusal("[" + std::string(1'000'000, 'x')).size(), 300u);
  EXPECT_LT(refusal(std::string(1'000'000, '9') + "e999999").size(), 300u);
}

TEST(Json, BoundsTheDepth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json(nested(128), "a.json"));
  EXPECT_THAT(refusal(nested(129)), HasSubstr("deeper than 128"));
  EXPECT_THAT(refusal(std::string(100'000, '[')), HasSubstr("deeper than 128"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_THAT(refusal(objects), HasSubstr("deeper than 128"));
  EXPECT_FALSE(parse_json("[[1], [2], {\"a\": []}]", "a.json", 2).has_value());
  EXPECT_TRUE(parse_json("[[1], [2], {}]", "a.json", 2));
}

TEST(Json, KeepsTheOrderWhereAsked) {
  const char* text = R"({"z":1,"a":{"y":[{"b":1,"a":2}],"x":null},"m":[]})";
  EXPECT_EQ(parse_ordered_json(text, "a.json")->dump(), text);
  EXPECT_EQ(parse_json(text, "a.json")->dump(), json::parse(text).dump());
  EXPECT_FALSE(parse_ordered_json(R"({"a":1,"b":2,"\u0061":3})", "a.json").has_value());
}

TEST(Json, ManyKeysTakeLinearTime) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += fmt::format("{}\"k{}\":{}", i == 0 ? "" : ",", i, i);
  text += '}';
  EXPECT_EQ(parse_ordered_json(text, "a.json")->size(), 200'000u);  // minutes where it is quadratic
  EXPECT_EQ(parse_json(text, "a.json")->size(), 200'000u);
}

TEST(Json, ReadsAFile) {
  const ScratchFolder folder;
  const auto document = read_json_file(folder.write("a.json", "{\"a\": 1}\n"));
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(*document, json::parse("{\"a\": 1}"));
  EXPECT_EQ(read_json_file(folder.path("b.json")).error().kind, ErrorKind::kIo);
}

TEST(JsonFields, GivesTypedFields) {
  const json object = json::parse(
      R"({"u": 4294967295, "i": -3, "d": 0.5, "b": true, "s": "x", "o": {}, "a": [], "n": null})");
  EXPECT_EQ(get_unsigned(object, "u", "f").value(), 4294967295u);
  EXPECT_EQ(get_unsigned32(object, "u", "f").value(), 4294967295u);
  EXPECT_EQ(get_integer(object, "i", "f").value(), -3);
  EXPECT_EQ(get_integer(object, "u", "f").value(), 4294967295);
  EXPECT_EQ(get_double(object, "d", "f").value(), 0.5);
  EXPECT_EQ(get_double(object, "i", "f").value(), -3.0);
  EXPECT_TRUE(get_bool(object, "b", "f").value());
  EXPECT_EQ(get_string(object, "s", "f").value(), "x");
  EXPECT_TRUE(get_object(object, "o", "f").value()->is_object());
  EXPECT_TRUE(get_array(object, "a", "f").value()->is_array());
  EXPECT_EQ(find_field(object, "n"), nullptr);
  EXPECT_EQ(find_field(object, "nothing"), nullptr);
  EXPECT_EQ(find_field(json("text"), "n"), nullptr);
  EXPECT_EQ(*find_field(object, "s"), json("x"));
}

TEST(JsonFields, RefusesTheWrongType) {
  const json object = json::parse(R"({"u": 18446744073709551615, "i": -3, "d": 1.0, "s": "x", "n": null})");
  EXPECT_EQ(get_unsigned(object, "i", "f").error().message,
            "f: \"i\" must be a whole number of at least 0, not a negative number");
  EXPECT_THAT(get_unsigned(object, "d", "f").error().message, HasSubstr("fraction"));
  EXPECT_EQ(get_unsigned(object, "n", "f").error().message, "f: \"n\" is missing");
  EXPECT_THAT(get_unsigned32(object, "u", "f").error().message, HasSubstr("too large"));
  EXPECT_THAT(get_integer(object, "u", "f").error().message, HasSubstr("too large"));
  EXPECT_THAT(get_integer(object, "s", "f").error().message, HasSubstr("not a string"));
  EXPECT_THAT(get_double(object, "s", "f").error().message, HasSubstr("must be a number"));
  EXPECT_THAT(get_bool(object, "s", "f").error().message, HasSubstr("true or false"));
  EXPECT_THAT(get_string(object, "u", "f").error().message, HasSubstr("must be a string"));
  EXPECT_THAT(get_object(object, "s", "f").error().message, HasSubstr("must be an object"));
  EXPECT_THAT(get_array(object, "s", "f").error().message, HasSubstr("must be an array"));
  EXPECT_THAT(get_string(json::array(), "s", "f").error().message, HasSubstr("not an array"));
  for (const auto& error : {get_unsigned(object, "d", "f").error(), get_string(object, "x", "f").error()}) {
    EXPECT_EQ(error.kind, ErrorKind::kBadInput);
  }
}

}  // namespace
}  // namespace penfield::formats

#include "penfield/formats/message_text.h"

#include <gtest/gtest.h>

namespace penfield::formats {
namespace {

TEST(MessageText, IsOneShortPrintableLine) {
  EXPECT_EQ(message_text("h.0.attn"), "h.0.attn");
  EXPECT_EQ(message_text(std::string_view("a\n\x1b[31m\0\xff", 8)), "a\\x0a\\x1b[31m\\x00");
  EXPECT_EQ(message_text("\xff"), "\\xff");
  EXPECT_EQ(message_text(std::string(81, 'x')), std::string(80, 'x') + "…");
}

}  // namespace
}  // namespace penfield::formats

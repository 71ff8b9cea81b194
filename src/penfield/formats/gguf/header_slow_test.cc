#include <gtest/gtest.h>

#include "penfield/formats/gguf/gguf_for_tests.h"
#include "penfield/formats/gguf/header.h"

namespace penfield::formats {
namespace {

TEST(GgufHeader, AMillionTensorsAreRead) {
  GgufBytes file;
  constexpr std::size_t kTensors = 1'000'000;
  file.tensors.reserve(kTensors);
  for (std::size_t i = 0; i < kTensors; ++i) file.tensors.push_back({std::to_string(i), {1}, 0, i * 32});
  file.data = std::string(kTensors * 32, '\0');
  const std::string bytes = file.bytes();
  const auto header = parse_gguf(std::as_bytes(std::span(bytes)), "m.gguf");
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->tensors.size(), kTensors);
}

}  // namespace
}  // namespace penfield::formats

#include "penfield/formats/safetensors_writer.h"

#include <gtest/gtest.h>

#include <vector>

#include "penfield/formats/safetensors.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

// That the library safetensors reads such a file is held in bindings/python/tests.
TEST(SafetensorsWriter, WritesWhatTheReaderReads) {
  const ScratchFolder folder;
  const std::vector<float> values = {1, 2, 3, -4, 0.5F, 6};
  auto writer = SafetensorsWriter::create(folder.path("x.safetensors"), "mlp.pre.L0-1", 2, 3);
  ASSERT_TRUE(writer) << writer.error().message;
  ASSERT_TRUE(writer->append(std::span(values).first(3)));
  EXPECT_FALSE(std::filesystem::exists(folder.path("x.safetensors"))) << "whole or not at all";
  ASSERT_TRUE(writer->append(std::span(values).last(3)));
  ASSERT_TRUE(writer->commit());
  const auto file = open_safetensors(folder.path("x.safetensors"));
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->tensors().size(), 1u);
  const Tensor& tensor = file->tensors().front();
  EXPECT_EQ(tensor.name, "mlp.pre.L0-1");
  EXPECT_EQ(tensor.shape, (std::vector<std::uint64_t>{2, 3}));
  const auto view = as_float_view(tensor);
  ASSERT_TRUE(view) << "aligned: " << view.error().message;
  EXPECT_EQ(std::vector<float>(view->begin(), view->end()), values);
}

}  // namespace
}  // namespace penfield::formats

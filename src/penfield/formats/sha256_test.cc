#include "penfield/formats/sha256.h"

#include <gtest/gtest.h>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

// The values are those of FIPS 180-4's examples.
constexpr const char* kOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, GivesTheStandardsValues) {
  EXPECT_EQ(sha256_hex("abc"), kOfAbc);
  EXPECT_EQ(sha256_hex(""), kOfNothing);
  Sha256 hash;
  for (int i = 0; i < 1'000'000; ++i) hash.update("a");
  EXPECT_EQ(hash.hex(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, GoesOnAfterAskingForTheValue) {
  Sha256 hash;
  EXPECT_EQ(hash.hex(), kOfNothing);
  hash.update("a");
  (void)hash.hex();
  hash.update("bc");
  EXPECT_EQ(hash.hex(), kOfAbc);
}

TEST(Sha256, OfAFile) {
  const ScratchFolder folder;
  EXPECT_EQ(sha256_file(folder.write("abc", "abc")).value(), kOfAbc);
  const std::string large(3'000'001, 'x');
  EXPECT_EQ(sha256_file(folder.write("large", large)).value(), sha256_hex(large));
  EXPECT_EQ(sha256_file(folder.path("none")).error().kind, ErrorKind::kIo);
  EXPECT_EQ(sha256_file(folder.path()).error().kind, ErrorKind::kBadInput);
}

}  // namespace
}  // namespace penfield::formats

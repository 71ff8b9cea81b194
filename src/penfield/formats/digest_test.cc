#include "penfield/formats/digest.h"

#include <gtest/gtest.h>

namespace penfield::formats {
namespace {

// FIPS 180-4's examples.
TEST(Digest, GivesTheStandardsValues) {
  Digest sha1(Digest::Algorithm::kSha1);
  sha1.update("abc");
  EXPECT_EQ(sha1.hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
  Digest sha256(Digest::Algorithm::kSha256);
  sha256.update("a");
  (void)sha256.hex();
  sha256.update("bc");
  EXPECT_EQ(sha256.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// Git's own names of an empty file and of "hello\n" (git hash-object).
TEST(Digest, NamesFilesAsGitDoes) {
  EXPECT_EQ(git_blob_digest(0).hex(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  Digest hello = git_blob_digest(6);
  hello.update("hello\n");
  EXPECT_EQ(hello.hex(), "ce013625030ba8dba906f756967f9e9ca394464a");
}

}  // namespace
}  // namespace penfield::formats

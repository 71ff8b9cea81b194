#include "penfield/labels/label_file.h"

#include <cstddef>
#include <string_view>

#include "penfield/formats/mapped_file.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/npy.h"

namespace penfield::labels {
namespace {

Result<std::vector<Label>> read_npy(const std::string& path) {
  PENFIELD_TRY(const auto file, formats::NpyFile::open(path));
  if (!file.is_vector()) {
    return bad_input("{}: labels need one axis, this array has {}", path, file.shape().size());
  }
  std::vector<Label> labels;
  labels.reserve(file.n_values());
  for (const double value : file.to_doubles()) {
    if (value != 0 && value != 1) {
      return bad_input("{}: value {} at index {} is neither 0 nor 1", path, value, labels.size());
    }
    labels.push_back(value == 1 ? Label::kTarget : Label::kOther);
  }
  return labels;
}

Result<std::vector<Label>> read_text(const std::string& path) {
  constexpr std::string_view kWhiteSpace = " \t\r\n";
  PENFIELD_TRY(const auto file, formats::MappedFile::open(path));
  std::vector<Label> labels;
  std::size_t line = 1;
  const std::string_view text = file.text();
  for (std::size_t at = 0; at < text.size();) {
    if (kWhiteSpace.find(text[at]) != std::string_view::npos) {
      line += text[at++] == '\n';
      continue;
    }
    const std::string_view word = text.substr(at, text.find_first_of(kWhiteSpace, at) - at);
    if (word != "0" && word != "1") {
      return bad_input("{}:{}: '{}' is neither 0 nor 1; write one of them for each token", path, line,
                       formats::message_text(word));
    }
    labels.push_back(word == "1" ? Label::kTarget : Label::kOther);
    at += word.size();
  }
  return labels;
}

}  // namespace

Result<std::vector<Label>> read_label_file(const std::string& path, std::uint64_t n_tokens) {
  PENFIELD_TRY(auto labels, path.ends_with(".npy") ? read_npy(path) : read_text(path));
  if (labels.size() != n_tokens) {
    return bad_input(
        "{}: {} labels, but the text has {} tokens with this tokenizer; `penfield label --format tsv` lists "
        "them",
        path, labels.size(), n_tokens);
  }
  return labels;
}

}  // namespace penfield::labels

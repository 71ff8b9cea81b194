#include "penfield/formats/safetensors_writer.h"

#include <nlohmann/json.hpp>

#include "penfield/base/check.h"
#include "penfield/base/checked.h"

namespace penfield::formats {

Result<SafetensorsWriter> SafetensorsWriter::create(const std::string& path, std::string_view name,
                                                    std::uint64_t rows, std::uint64_t cols) {
  const auto n_values = checked_mul(rows, cols);
  const auto n_bytes = n_values ? checked_mul(*n_values, sizeof(float)) : std::nullopt;
  PENFIELD_CHECK(n_bytes.has_value());
  const nlohmann::ordered_json tensor = {
      {"dtype", "F32"}, {"shape", {rows, cols}}, {"data_offsets", {0, *n_bytes}}};
  std::string header = nlohmann::ordered_json{{std::string(name), tensor}}.dump();
  header.resize((header.size() + 7) / 8 * 8, ' ');  // so that the values are aligned
  const std::uint64_t n_header = header.size();
  PENFIELD_TRY(AtomicFile file, AtomicFile::create(path));
  PENFIELD_TRY_VOID(file.write(std::as_bytes(std::span(&n_header, 1))));
  PENFIELD_TRY_VOID(file.write(header));
  return SafetensorsWriter(std::move(file), *n_values, cols);
}

Result<void> SafetensorsWriter::append(std::span<const float> values) {
  PENFIELD_CHECK(values.size() <= n_values_left_ && (values.empty() || values.size() % cols_ == 0));
  n_values_left_ -= values.size();
  return file_.write(std::as_bytes(values));
}

Result<void> SafetensorsWriter::commit() {
  PENFIELD_CHECK(n_values_left_ == 0);
  return file_.commit();
}

}  // namespace penfield::formats

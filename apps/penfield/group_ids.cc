#include "group_ids.h"

#include <algorithm>
#include <cmath>

#include "penfield/formats/npy.h"

namespace penfield::app {

Result<GroupIds> read_group_ids(const std::string& path, std::uint64_t n_samples, const char* what) {
  PENFIELD_TRY(const formats::NpyFile file, formats::NpyFile::open(path));
  if (!file.is_vector() || file.n_values() != n_samples) {
    return bad_input("{}: {} {}s with {} axes, but X has {} rows; {}s are one axis with a whole number a row",
                     path, file.n_values(), what, file.shape().size(), n_samples, what);
  }
  const std::vector<double> values = file.to_doubles();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::fabs(values[i]) <= 0x1p53) || values[i] != std::floor(values[i]))
      return bad_input("{}: {} {} is {}; {}s are whole numbers within ±2^53", path, what, i, values[i], what);
  }
  std::vector<double> distinct = values;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  GroupIds out;
  out.n = distinct.size();
  out.ids.reserve(values.size());
  for (const double value : values) {
    out.ids.push_back(static_cast<std::uint32_t>(std::lower_bound(distinct.begin(), distinct.end(), value) -
                                                 distinct.begin()));
  }
  return out;
}

}  // namespace penfield::app

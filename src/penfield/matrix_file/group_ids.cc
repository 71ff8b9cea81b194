#include "penfield/matrix_file/group_ids.h"

#include <algorithm>
#include <cmath>

namespace penfield::matrix_file {

Result<GroupIds> group_ids(const Values& given, std::uint64_t n_samples, const char* what) {
  const std::vector<double>& values = given.values;
  if (!given.is_vector() || values.size() != n_samples) {
    return bad_input("{}: {} {}s with {} axes, but X has {} rows; {}s are one axis with a whole number a row",
                     given.name, values.size(), what, given.shape.size(), n_samples, what);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::fabs(values[i]) <= 0x1p53) || values[i] != std::floor(values[i]))
      return bad_input("{}: {} {} is {}; {}s are whole numbers within ±2^53", given.name, what, i, values[i],
                       what);
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

}  // namespace penfield::matrix_file

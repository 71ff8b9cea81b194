#include "penfield/association/scalar/sample_order.h"

#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <type_traits>

#include "penfield/numeric/normal_tail.h"

namespace penfield::association {
namespace {

// A number whose order is that of the values; 0 and −0 are one value.
template <class T>
std::uint64_t key_of(T value) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits kSign = Bits{1} << (sizeof(T) * 8 - 1);
  const Bits bits = std::bit_cast<Bits>(value + T{0});
  return (bits & kSign) != 0 ? Bits(~bits) : Bits(bits | kSign);
}

double normal_quantile(double share) {
  if (share == 0.5) return 0;
  return share < 0.5 ? -numeric::normal_z_of_neglog10_p(-std::log10(2 * share))
                     : numeric::normal_z_of_neglog10_p(-std::log10(2 * (1 - share)));
}

}  // namespace

template <class T>
std::span<const std::uint32_t> SampleOrder<T>::sort(const T* x, std::size_t n, std::size_t stride) {
  constexpr std::size_t kValues = 256;
  std::array<std::array<std::uint32_t, kValues>, sizeof(T)> counts{};
  for (auto* buffer : {&keys_, &next_keys_}) buffer->resize(n);
  for (auto* buffer : {&order_, &next_order_}) buffer->resize(n);
  std::iota(order_.begin(), order_.end(), 0u);
  for (std::size_t i = 0; i < n; ++i) {
    keys_[i] = key_of(x[i * stride]);
    for (std::size_t byte = 0; byte < sizeof(T); ++byte) ++counts[byte][keys_[i] >> (8 * byte) & 255u];
  }
  for (std::size_t byte = 0; byte < sizeof(T) && n > 0; ++byte) {
    std::array<std::uint32_t, kValues>& place = counts[byte];
    if (place[keys_[0] >> (8 * byte) & 255u] == n) continue;  // the same in all keys
    std::exclusive_scan(place.begin(), place.end(), place.begin(), 0u);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t to = place[keys_[i] >> (8 * byte) & 255u]++;
      next_keys_[to] = keys_[i];
      next_order_[to] = order_[i];
    }
    keys_.swap(next_keys_);
    order_.swap(next_order_);
  }
  return order_;
}

NormalScores::NormalScores(std::size_t n) : of_twice_rank_(2 * n + 1) {
  for (std::size_t twice = 2; twice <= n + 1; ++twice) {
    const double score = normal_quantile((static_cast<double>(twice) - 1.0) / (2.0 * static_cast<double>(n)));
    of_twice_rank_[twice] = score;
    of_twice_rank_[2 * n + 2 - twice] = -score;
  }
}

template <class T>
void NormalScores::fill(std::span<const std::uint32_t> order, const T* x, std::size_t stride,
                        double* scores) const {
  for (std::size_t begin = 0; begin < order.size();) {
    const T value = x[order[begin] * stride];
    std::size_t end = begin + 1;
    while (end < order.size() && x[order[end] * stride] == value) ++end;
    // Ranks begin + 1 … end.
    for (std::size_t k = begin; k < end; ++k) scores[order[k] * stride] = of_twice_rank_[begin + 1 + end];
    begin = end;
  }
}

template class SampleOrder<float>;
template class SampleOrder<double>;
template void NormalScores::fill<float>(std::span<const std::uint32_t>, const float*, std::size_t,
                                        double*) const;
template void NormalScores::fill<double>(std::span<const std::uint32_t>, const double*, std::size_t,
                                         double*) const;

}  // namespace penfield::association

// Sorting sixteen columns at once: Batcher's merge exchange (Knuth, TAOCP vol. 3, 5.2.2, algorithm M), whose
// comparisons do not depend on the data, so that one comparison is one min and one max over the lanes.
// n·log²n/4 of them: less than a cycle a value at n = 440. Beyond kNetworkRows, where the panel leaves the
// second-level cache, each column goes through a radix sort of its bits, linear in n.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include "penfield/association/panel/panel.h"
#include "penfield/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/association/panel/sort.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
HWY_INLINE void CompareExchange(T* HWY_RESTRICT low_row, T* HWY_RESTRICT high_row) {
  const hn::CappedTag<T, kPanelUnits> d;
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    const auto a = hn::Load(d, low_row + c);
    const auto b = hn::Load(d, high_row + c);
    hn::Store(hn::Min(a, b), d, low_row + c);
    hn::Store(hn::Max(a, b), d, high_row + c);
  }
}

// rows [n, kPanelUnits]; no NaN.
template <class T>
HWY_INLINE void SortRows(T* rows, std::size_t n) {
  if (n < 2) return;
  const std::size_t top = std::bit_floor(n - 1);
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t q = top;
    std::size_t r = 0;
    for (std::size_t d = p;; d = q - p, q /= 2, r = p) {
      // Compare i with i + d for all i < n - d with (i & p) == r: runs of p rows, every other run.
      for (std::size_t begin = r; begin + d < n; begin += 2 * p) {
        const std::size_t end = std::min(begin + p, n - d);
        for (std::size_t i = begin; i < end; ++i)
          CompareExchange(rows + i * kPanelUnits, rows + (i + d) * kPanelUnits);
      }
      if (q == p) break;
    }
  }
}

void SortRowsFloat(float* rows, std::size_t n) {
  SortRows(rows, n);
}
void SortRowsDouble(double* rows, std::size_t n) {
  SortRows(rows, n);
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::association {
namespace {

HWY_EXPORT(SortRowsFloat);
HWY_EXPORT(SortRowsDouble);

constexpr std::size_t kNetworkRows = 8192;
static_assert(kPanelUnits % kRadixColumns == 0);

void sort_rows(float* rows, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(SortRowsFloat)(rows, n);
}
void sort_rows(double* rows, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(SortRowsDouble)(rows, n);
}

template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

// Unsigned numbers in the order of the floats that they stand for; −0 counts as 0.
template <class T>
BitsOf<T> key_of(T value) {
  using Bits = BitsOf<T>;
  constexpr Bits kSign = Bits{1} << (8 * sizeof(T) - 1);
  const auto bits = std::bit_cast<Bits>(value + T{0});
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

template <class T>
T value_of(BitsOf<T> key) {
  using Bits = BitsOf<T>;
  constexpr Bits kSign = Bits{1} << (8 * sizeof(T) - 1);
  return std::bit_cast<T>((key & kSign) != 0 ? key ^ kSign : ~key);
}

// Least significant digit first, 11 bits at a time; a digit that all keys share costs no pass. Returns the
// half of `keys` and `other`, each of n, that holds the result.
template <class Bits>
Bits* radix_sort(Bits* keys, Bits* other, std::size_t n) {
  constexpr int kDigitBits = 11;
  constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;
  constexpr std::size_t kDigits = (8 * sizeof(Bits) + kDigitBits - 1) / kDigitBits;
  const auto digit_of = [](Bits key, std::size_t digit) {
    return static_cast<std::size_t>(key >> (digit * kDigitBits)) & (kBuckets - 1);
  };
  std::array<std::array<std::size_t, kBuckets>, kDigits> starts{};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t digit = 0; digit < kDigits; ++digit) ++starts[digit][digit_of(keys[i], digit)];
  }
  for (std::size_t digit = 0; digit < kDigits; ++digit) {
    auto& start = starts[digit];
    if (start[digit_of(keys[0], digit)] == n) continue;
    std::size_t sum = 0;
    for (std::size_t& bucket : start) sum += std::exchange(bucket, sum);
    for (std::size_t i = 0; i < n; ++i) other[start[digit_of(keys[i], digit)]++] = keys[i];
    std::swap(keys, other);
  }
  return keys;
}

// A few columns at a time are copied out of the rows and back, as each walk over the rows reads whole lines
// of the cache for the sake of so many columns.
template <class T>
void radix_sort_columns(T* rows, std::size_t n) {
  using Bits = BitsOf<T>;
  std::vector<Bits> memory((kRadixColumns + 1) * n);
  for (std::size_t first = 0; first < kPanelUnits; first += kRadixColumns) {
    std::array<Bits*, kRadixColumns> columns{};
    for (std::size_t k = 0; k < kRadixColumns; ++k) columns[k] = memory.data() + k * n;
    Bits* spare = memory.data() + kRadixColumns * n;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < kRadixColumns; ++k)
        columns[k][i] = key_of(rows[i * kPanelUnits + first + k]);
    }
    for (Bits*& column : columns) {
      Bits* const sorted = radix_sort(column, spare, n);
      if (sorted == spare) std::swap(column, spare);
    }
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < kRadixColumns; ++k)
        rows[i * kPanelUnits + first + k] = value_of<T>(columns[k][i]);
    }
  }
}

template <class T>
void sort_group(T* rows, std::size_t n) {
  if (n <= kNetworkRows) {
    sort_rows(rows, n);
  } else {
    radix_sort_columns(rows, n);
  }
}

}  // namespace

template <class T>
void sort_panel(PanelView<T> panel) {
  sort_group(panel.data, panel.n_target);
  sort_group(panel.comparison(), panel.n_comparison);
}

template void sort_panel<float>(PanelView<float>);
template void sort_panel<double>(PanelView<double>);

}  // namespace penfield::association
#endif

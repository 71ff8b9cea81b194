// The order of one column's samples by value, for statistics that need to know which sample has which rank.
//
// A radix sort of the values' bits, a byte at a time from the lowest: its time does not depend on the data, 4
// to 8 passes over a few hundred samples in the first-level cache, and it is stable, so that equal values
// stay in their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace penfield::association {

template <class T>
class SampleOrder {
 public:
  // x [n]: sample i's value is at x[i * stride]; finite. Returns the samples in ascending order of their
  // values, valid until the next call.
  [[nodiscard]] std::span<const std::uint32_t> sort(const T* x, std::size_t n, std::size_t stride);

 private:
  std::vector<std::uint64_t> keys_, next_keys_;
  std::vector<std::uint32_t> order_, next_order_;
};

// Van der Waerden's normal scores Φ⁻¹((r − ½)/n) of midranks r.
class NormalScores {
 public:
  explicit NormalScores(std::size_t n);

  // scores[i * stride] of the samples in `order`, of the values x as SampleOrder takes them.
  template <class T>
  void fill(std::span<const std::uint32_t> order, const T* x, std::size_t stride, double* scores) const;

 private:
  std::vector<double> of_twice_rank_;  // [2n + 1], of r at 2r
};

}  // namespace penfield::association

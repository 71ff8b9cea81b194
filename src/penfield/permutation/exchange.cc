#include "penfield/permutation/exchange.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "penfield/base/check.h"

namespace penfield::permutation {
namespace {

struct Block {
  std::vector<std::uint32_t> samples;
  std::size_t n_target = 0;

  [[nodiscard]] bool has_both() const { return n_target > 0 && n_target < samples.size(); }
  [[nodiscard]] std::uint8_t label() const { return n_target > 0 ? 1 : 0; }
};

// Blocks in the order of their numbers, samples in theirs.
std::vector<Block> group(std::span<const std::uint8_t> labels, std::span<const std::uint32_t> ids) {
  std::vector<std::uint32_t> order(labels.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return ids[a] < ids[b]; });
  std::vector<Block> blocks;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (k == 0 || ids[order[k]] != ids[order[k - 1]]) blocks.emplace_back();
    blocks.back().samples.push_back(order[k]);
    blocks.back().n_target += labels[order[k]];
  }
  return blocks;
}

void add_item(std::span<const std::uint32_t> samples, std::uint8_t label, Exchange& out) {
  const auto item = static_cast<std::uint32_t>(out.n_items());
  for (const std::uint32_t sample : samples) out.item_of_sample[sample] = item;
  out.n_samples_of_item.push_back(static_cast<std::uint32_t>(samples.size()));
  out.label_of_item.push_back(label);
}

void end_stratum(Exchange& out) {
  out.first_of_stratum.push_back(static_cast<std::uint32_t>(out.n_items()));
}

using Labels = std::span<const std::uint8_t>;

Labels labels_of_stratum(const Exchange& exchange, std::size_t g) {
  const std::size_t first = exchange.first_of_stratum[g];
  return Labels(exchange.label_of_item).subspan(first, exchange.first_of_stratum[g + 1] - first);
}

}  // namespace

Exchange exchange_freely(std::span<const std::uint8_t> labels) {
  return exchange_within(labels, std::vector<std::uint32_t>(labels.size(), 0));
}

Exchange exchange_within(std::span<const std::uint8_t> labels,
                         std::span<const std::uint32_t> block_of_sample) {
  PENFIELD_CHECK(labels.size() == block_of_sample.size() && labels.size() < Exchange::kFixed);
  Exchange out;
  out.item_of_sample.assign(labels.size(), Exchange::kFixed);
  out.first_of_stratum.push_back(0);
  std::vector<const Block*> of_one_label;
  const std::vector<Block> blocks = group(labels, block_of_sample);
  std::size_t n_whole_targets = 0;
  for (const Block& block : blocks) {
    if (!block.has_both()) {
      of_one_label.push_back(&block);
      n_whole_targets += block.label();
      continue;
    }
    for (const std::uint32_t sample : block.samples) add_item({&sample, 1}, labels[sample], out);
    end_stratum(out);
    ++out.n_blocks_within;
  }
  const bool whole_blocks_move = n_whole_targets > 0 && n_whole_targets < of_one_label.size();
  for (const Block* block : of_one_label) {
    if (whole_blocks_move) {
      add_item(block->samples, block->label(), out);
    } else {
      out.n_samples_fixed += block->samples.size();
    }
  }
  if (whole_blocks_move) end_stratum(out);
  (whole_blocks_move ? out.n_blocks_whole : out.n_blocks_fixed) = of_one_label.size();
  return out;
}

double log10_arrangements(const Exchange& exchange) {
  double log10_product = 0;
  for (std::size_t g = 0; g < exchange.n_strata(); ++g) {
    const Labels labels = labels_of_stratum(exchange, g);
    const auto n = std::ssize(labels);
    const auto n_target = std::count(labels.begin(), labels.end(), std::uint8_t{1});
    for (auto k = n_target; k > 0; --k)  // n choose n_target, factor by factor
      log10_product += std::log10(static_cast<double>(n - n_target + k) / static_cast<double>(k));
  }
  return log10_product;
}

double neglog10_least_p(const Exchange& exchange) {
  if (exchange.n_strata() == 0) return 0;
  for (std::size_t g = 0; g < exchange.n_strata(); ++g) {
    const Labels labels = labels_of_stratum(exchange, g);
    if (2 * std::count(labels.begin(), labels.end(), std::uint8_t{1}) != std::ssize(labels))
      return log10_arrangements(exchange);
  }
  return log10_arrangements(exchange) - std::log10(2.0);
}

}  // namespace penfield::permutation

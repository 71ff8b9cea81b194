#include "penfield/permutation/exchange.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "penfield/base/check.h"

namespace penfield::permutation {
namespace {

struct Block {
  std::vector<std::uint32_t> samples;
  std::size_t n_target = 0;

  [[nodiscard]] bool has_both() const { return n_target > 0 && n_target < samples.size(); }
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

// The samples of a block that have one label are an item.
void add_items_of_labels(const Block& block, std::span<const std::uint8_t> labels, Exchange& out) {
  for (const std::uint8_t label : {std::uint8_t{1}, std::uint8_t{0}}) {
    std::vector<std::uint32_t> samples;
    std::copy_if(block.samples.begin(), block.samples.end(), std::back_inserter(samples),
                 [&](std::uint32_t sample) { return labels[sample] == label; });
    if (!samples.empty()) add_item(samples, label, out);
  }
}

void end_stratum(Exchange& out) {
  out.first_of_stratum.push_back(static_cast<std::uint32_t>(out.n_items()));
}

using Labels = std::span<const std::uint8_t>;

Labels labels_of_stratum(const Exchange& exchange, std::size_t g) {
  const std::size_t first = exchange.first_of_stratum[g];
  return Labels(exchange.label_of_item).subspan(first, exchange.first_of_stratum[g + 1] - first);
}

Exchange empty_exchange(std::span<const std::uint8_t> labels,
                        std::span<const std::uint32_t> block_of_sample) {
  PENFIELD_CHECK(labels.size() == block_of_sample.size() &&
                 labels.size() < std::numeric_limits<std::uint32_t>::max());
  Exchange out;
  out.item_of_sample.resize(labels.size());
  out.first_of_stratum.push_back(0);
  return out;
}

void count_blocks(std::span<const Block> blocks, Exchange& out) {
  out.n_blocks_mixed = static_cast<std::uint64_t>(
      std::count_if(blocks.begin(), blocks.end(), [](const Block& block) { return block.has_both(); }));
  out.n_blocks_pure = blocks.size() - out.n_blocks_mixed;
}

// strata  [n_samples], or empty: one stratum
void exchange_means_of(std::vector<Block> blocks, std::span<const std::uint8_t> labels,
                       std::span<const std::uint32_t> strata, Exchange& out) {
  out.statistic = Statistic::kStudentisedMeans;
  const auto stratum_of = [&](const Block& block) {
    return strata.empty() ? 0 : strata[block.samples.front()];
  };
  std::stable_sort(blocks.begin(), blocks.end(),
                   [&](const Block& a, const Block& b) { return stratum_of(a) < stratum_of(b); });
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    if (b > 0 && stratum_of(blocks[b]) != stratum_of(blocks[b - 1])) end_stratum(out);
    add_items_of_labels(blocks[b], labels, out);
  }
  end_stratum(out);
  out.n_target_items = static_cast<std::size_t>(
      std::count(out.label_of_item.begin(), out.label_of_item.end(), std::uint8_t{1}));
  out.n_comparison_items = out.n_items() - out.n_target_items;
}

}  // namespace

Exchange exchange_freely(std::span<const std::uint8_t> labels) {
  return exchange_within(labels, std::vector<std::uint32_t>(labels.size(), 0));
}

Exchange exchange_within(std::span<const std::uint8_t> labels,
                         std::span<const std::uint32_t> block_of_sample) {
  Exchange out = empty_exchange(labels, block_of_sample);
  const std::vector<Block> blocks = group(labels, block_of_sample);
  count_blocks(blocks, out);
  if (out.n_blocks_pure > 0) {
    exchange_means_of(blocks, labels, {}, out);
    return out;
  }
  for (const Block& block : blocks) {
    for (const std::uint32_t sample : block.samples) add_item({&sample, 1}, labels[sample], out);
    end_stratum(out);
  }
  return out;
}

Exchange exchange_means(std::span<const std::uint8_t> labels, std::span<const std::uint32_t> block_of_sample,
                        std::span<const std::uint32_t> stratum_of_sample) {
  PENFIELD_CHECK(stratum_of_sample.empty() || stratum_of_sample.size() == labels.size());
  Exchange out = empty_exchange(labels, block_of_sample);
  const std::vector<Block> blocks = group(labels, block_of_sample);
  count_blocks(blocks, out);
  exchange_means_of(blocks, labels, stratum_of_sample, out);
  return out;
}

Exchange flip_signs(std::span<const std::uint8_t> labels, std::span<const std::uint32_t> block_of_sample) {
  Exchange out = empty_exchange(labels, block_of_sample);
  out.statistic = Statistic::kSignFlips;
  const std::vector<Block> blocks = group(labels, block_of_sample);
  count_blocks(blocks, out);
  for (const Block& block : blocks) add_item(block.samples, 1, out);
  add_item({}, 1, out);
  end_stratum(out);
  const auto n_target = static_cast<double>(std::count(labels.begin(), labels.end(), std::uint8_t{1}));
  for (const std::uint8_t label : labels)
    out.weight_of_sample.push_back(label - n_target / static_cast<double>(labels.size()));
  return out;
}

bool has_too_few_items(const Exchange& exchange) {
  return exchange.statistic == Statistic::kStudentisedMeans &&
         std::min(exchange.n_target_items, exchange.n_comparison_items) < kFewestItems;
}

double log10_arrangements(const Exchange& exchange) {
  if (exchange.statistic == Statistic::kSignFlips)
    return static_cast<double>(exchange.n_items() - 1) * std::log10(2.0);
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
  if (exchange.statistic == Statistic::kSignFlips) return log10_arrangements(exchange) - std::log10(2.0);
  for (std::size_t g = 0; g < exchange.n_strata(); ++g) {
    const Labels labels = labels_of_stratum(exchange, g);
    if (2 * std::count(labels.begin(), labels.end(), std::uint8_t{1}) != std::ssize(labels))
      return log10_arrangements(exchange);
  }
  return log10_arrangements(exchange) - std::log10(2.0);
}

}  // namespace penfield::permutation

#include "penfield/model/tensor_rules.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <utility>

namespace penfield::model {
namespace {

using SlotKind = TensorSlot::Kind;

std::size_t n_outputs(const Architecture& architecture, const LinearRule& rule) {
  return std::accumulate(
      rule.parts.begin(), rule.parts.end(), std::size_t{0},
      [&](std::size_t sum, Linear Block::*part) { return sum + shape_of(architecture, part).n_out; });
}

void visit_norm(const NormRule& rule, std::size_t size, TensorSlot gain, SlotKind shift,
                const std::string& before, const TensorVisitor& visit) {
  visit(gain, before + rule.name + ".weight", {size});
  gain.kind = shift;
  if (rule.has_shift) visit(gain, before + rule.name + ".bias", {size});
}

void visit_linear(const Architecture& architecture, const LinearRule& rule, TensorSlot slot,
                  const std::string& before, const TensorVisitor& visit) {
  const std::uint64_t n_in = shape_of(architecture, rule.parts.front()).n_in;
  const std::uint64_t n_out = n_outputs(architecture, rule);
  const bool in_out = rule.stored == Stored::kInOut;
  visit(slot, before + rule.name + ".weight", {in_out ? n_in : n_out, in_out ? n_out : n_in});
  slot.kind = SlotKind::kBias;
  if (rule.has_bias) visit(slot, before + rule.name + ".bias", {n_out});
}

// "h.12.attn.bias" -> 12 and "attn.bias".
std::optional<std::pair<std::uint64_t, std::string_view>> parse_block_name(std::string_view blocks,
                                                                           std::string_view name) {
  if (!name.starts_with(blocks) || name.size() <= blocks.size() || name[blocks.size()] != '.')
    return std::nullopt;
  std::uint64_t layer = 0;
  const char* end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data() + blocks.size() + 1, end, layer);
  if (error != std::errc{} || at == end || *at != '.') return std::nullopt;
  return std::pair{layer, std::string_view(at + 1, static_cast<std::size_t>(end - at - 1))};
}

bool is_of(const BlockRule& rule, std::string_view part) {
  const std::string& name = std::visit([](const auto& r) -> const std::string& { return r.name; }, rule);
  const bool has_bias = std::holds_alternative<NormRule>(rule) ? std::get<NormRule>(rule).has_shift
                                                               : std::get<LinearRule>(rule).has_bias;
  if (!part.starts_with(name)) return false;
  part.remove_prefix(name.size());
  return part == ".weight" || (has_bias && part == ".bias");
}

}  // namespace

void for_each_tensor(const Architecture& architecture, const TensorRules& rules, const TensorVisitor& visit) {
  const std::uint64_t width = architecture.width;
  visit({SlotKind::kTokenEmbedding}, rules.token_embedding + ".weight", {architecture.vocab_size, width});
  if (architecture.learned_positions) {
    visit({SlotKind::kPositionEmbedding}, rules.position_embedding + ".weight",
          {std::uint64_t{architecture.n_positions} + architecture.first_position, width});
  }
  for (std::uint32_t layer = 0; layer < architecture.n_layers(); ++layer) {
    const std::string before = fmt::format("{}.{}.", rules.blocks, layer);
    for (std::uint32_t i = 0; i < rules.block.size(); ++i) {
      if (const auto* norm = std::get_if<NormRule>(&rules.block[i])) {
        visit_norm(*norm, size_of(architecture, norm->norm), {SlotKind::kGain, layer, i}, SlotKind::kShift,
                   before, visit);
      } else {
        visit_linear(architecture, std::get<LinearRule>(rules.block[i]), {SlotKind::kMatrix, layer, i},
                     before, visit);
      }
    }
  }
  visit_norm(rules.final_norm, width, {SlotKind::kFinalGain}, SlotKind::kFinalShift, "", visit);
  if (!architecture.tied) visit({SlotKind::kLogits}, rules.logits.front(), {architecture.vocab_size, width});
}

BlockTensor classify(const Architecture& architecture, const TensorRules& rules, std::string_view name) {
  const auto part = parse_block_name(rules.blocks, name);
  if (!part) return BlockTensor::kNotOfABlock;
  if (part->first >= architecture.n_layers()) return BlockTensor::kBeyond;
  if (std::ranges::find(rules.ignored, part->second) != rules.ignored.end()) return BlockTensor::kIgnored;
  const bool is_known =
      std::ranges::any_of(rules.block, [&](const BlockRule& rule) { return is_of(rule, part->second); });
  return is_known ? BlockTensor::kKnown : BlockTensor::kUnknown;
}

}  // namespace penfield::model

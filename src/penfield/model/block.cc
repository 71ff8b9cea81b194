#include "penfield/model/block.h"

namespace penfield::model {

LinearShape shape_of(const Architecture& architecture, Linear Block::*part) {
  const AttentionSpec& attention = architecture.attention;
  const std::size_t width = architecture.width, inner = architecture.mlp.n_inner;
  const std::size_t queries = std::size_t{attention.n_heads} * attention.d_head;
  if (part == &Block::query) return {width, queries};
  if (part == &Block::key || part == &Block::value)
    return {width, std::size_t{attention.n_kv_heads} * attention.d_head};
  if (part == &Block::attention_out) return {queries, width};
  if (part == &Block::down) return {inner, width};
  return {width, inner};
}

std::size_t size_of(const Architecture& architecture, Norm Block::*norm) {
  if (norm != &Block::query_norm && norm != &Block::key_norm) return architecture.width;
  if (architecture.attention.qk_norm == AttentionSpec::QkNorm::kPerHead) return architecture.attention.d_head;
  return shape_of(architecture, norm == &Block::query_norm ? &Block::query : &Block::key).n_out;
}

void for_each_product(const Architecture& architecture, const std::function<void(LinearShape)>& visit) {
  for (Linear Block::*const part : {&Block::query, &Block::key, &Block::value, &Block::attention_out,
                                    &Block::gate, &Block::up, &Block::down}) {
    if (part != &Block::gate || architecture.mlp.gated) visit(shape_of(architecture, part));
  }
}

}  // namespace penfield::model

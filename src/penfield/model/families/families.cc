#include "penfield/model/families/families.h"

#include <algorithm>
#include <array>

namespace penfield::model {
namespace {

struct Family {
  std::string_view model_type;
  ReadFamily* read;
};

constexpr std::array kFamilies = {Family{"gpt2", read_gpt2},         Family{"gpt_neo", read_gpt_neo},
                                  Family{"gpt_neox", read_gpt_neox}, Family{"opt", read_opt},
                                  Family{"llama", read_llama},       Family{"mistral", read_mistral},
                                  Family{"qwen2", read_qwen2},       Family{"qwen3", read_qwen3},
                                  Family{"gemma2", read_gemma2},     Family{"gemma3_text", read_gemma3_text},
                                  Family{"gemma3", read_gemma3},     Family{"olmo2", read_olmo2},
                                  Family{"smollm3", read_smollm3},   Family{"phi3", read_phi3}};

}  // namespace

ReadFamily* find_family(std::string_view model_type) {
  const auto found = std::ranges::find(kFamilies, model_type, &Family::model_type);
  return found == kFamilies.end() ? nullptr : found->read;
}

std::string known_families() {
  std::string out;
  for (const Family& family : kFamilies) out.append(out.empty() ? "" : ", ").append(family.model_type);
  return out;
}

}  // namespace penfield::model

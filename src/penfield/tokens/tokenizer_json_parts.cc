#include "penfield/tokens/tokenizer_json_parts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "penfield/formats/json.h"
#include "penfield/tokens/vocabulary.h"

namespace penfield::tokens {
namespace {

using nlohmann::json;

constexpr std::string_view kMetaspace = "▁";
constexpr std::size_t kMostInsertedBytes = 64;
constexpr std::size_t kMostParts = 16;  // of a Sequence; each is run over every text

// A part of the file, for messages: "tokenizer.json: pre_tokenizer".
struct Part {
  const json& object;
  std::string type;
  std::string where;
};

// The part `key` of the file, or those of its Sequence, in order. items: what a Sequence calls its list.
Result<std::vector<Part>> parts_of(const json& root, std::string_view key, std::string_view items,
                                   std::string_view file_name) {
  std::vector<Part> out;
  const std::string where = fmt::format("{}: {}", file_name, key);
  const json* const whole = formats::find_field(root, key);
  if (whole == nullptr) return out;
  PENFIELD_TRY(std::string type, formats::get_string(*whole, "type", where));
  if (type != "Sequence") {
    out.push_back({*whole, std::move(type), where});
    return out;
  }
  PENFIELD_TRY(const json* const list, formats::get_array(*whole, items, where));
  if (list->size() > kMostParts)
    return bad_input("{}: has {} parts; at most {} are supported", where, list->size(), kMostParts);
  for (const json& item : *list) {
    PENFIELD_TRY(std::string item_type, formats::get_string(item, "type", where));
    out.push_back({item, std::move(item_type), where});
  }
  return out;
}

tl::unexpected<Error> not_known(const Part& part) {
  return bad_input("{}: {} is not supported", part.where, in_quotes(part.type));
}

Result<bool> flag_of(const Part& part, std::string_view key, bool otherwise) {
  if (formats::find_field(part.object, key) == nullptr) return otherwise;
  return formats::get_bool(part.object, key, part.where);
}

// {"String": "…"} or {"Regex": "…"}
struct SplitPattern {
  bool is_regex = false;
  std::string text;
};
Result<SplitPattern> pattern_of(const Part& part) {
  PENFIELD_TRY(const json* const pattern, formats::get_object(part.object, "pattern", part.where));
  SplitPattern out;
  out.is_regex = formats::find_field(*pattern, "Regex") != nullptr;
  PENFIELD_TRY(out.text, formats::get_string(*pattern, out.is_regex ? "Regex" : "String", part.where));
  return out;
}

Result<TextStep> read_replace(const Part& part) {
  PENFIELD_TRY(SplitPattern pattern, pattern_of(part));
  if (pattern.is_regex) {
    return bad_input("{}: Replace of the pattern {} is not supported", part.where, in_quotes(pattern.text));
  }
  TextStep step{TextStep::Kind::kReplace, std::move(pattern.text), ""};
  PENFIELD_TRY(step.to, formats::get_string(part.object, "content", part.where));
  if (step.from.empty()) return bad_input("{}: Replace of an empty text", part.where);
  return step;
}

Result<void> read_normalizer(const json& root, std::string_view file_name, Spec& spec) {
  PENFIELD_TRY(const std::vector<Part> parts, parts_of(root, "normalizer", "normalizers", file_name));
  std::uint64_t lengthening = 1;
  for (const Part& part : parts) {
    if (part.type == "NFC") {
      spec.normalizer.push_back({TextStep::Kind::kNfc, "", ""});
      lengthening *= 3;
    } else if (part.type == "Replace") {
      PENFIELD_TRY(TextStep step, read_replace(part));
      lengthening *= std::max<std::uint64_t>(1, (step.to.size() + step.from.size() - 1) / step.from.size());
      spec.normalizer.push_back(std::move(step));
    } else if (part.type == "Prepend") {
      PENFIELD_TRY(std::string before, formats::get_string(part.object, "prepend", part.where));
      if (before.size() > kMostInsertedBytes) return bad_input("{}: Prepend of a long text", part.where);
      spec.normalizer.push_back({TextStep::Kind::kPrepend, "", std::move(before)});
    } else {
      return not_known(part);
    }
    if (lengthening > kMostLengthening)
      return bad_input("{}: makes a text more than {} times longer", part.where, kMostLengthening);
  }
  return {};
}

bool replaces_spaces(const Spec& spec) {
  return std::any_of(spec.normalizer.begin(), spec.normalizer.end(), [](const TextStep& step) {
    return step.kind == TextStep::Kind::kReplace && step.from == " ";
  });
}

Result<void> read_split(const Part& part, Spec& spec) {
  PENFIELD_TRY(const SplitPattern pattern, pattern_of(part));
  PENFIELD_TRY(const std::string behavior, formats::get_string(part.object, "behavior", part.where));
  PENFIELD_TRY(const bool invert, flag_of(part, "invert", false));
  // Gemma's: the normaliser has left no space to split at.
  if (!pattern.is_regex && pattern.text == " " && replaces_spaces(spec)) return {};
  const auto splitter = pattern.is_regex ? splitter_of_pattern(pattern.text) : std::nullopt;
  if (!splitter) return bad_input("{}: the pattern {} is not known", part.where, in_quotes(pattern.text));
  if (!(behavior == "Isolated" && !invert) && !(behavior == "Removed" && invert))
    return bad_input("{}: Split with behavior {} is not supported", part.where, in_quotes(behavior));
  if (spec.splitter != Splitter::kNone) return bad_input("{}: two patterns one after the other", part.where);
  spec.splitter = *splitter;
  return {};
}

Result<void> read_byte_level(const Part& part, bool is_first, Spec& spec) {
  spec.alphabet = Alphabet::kBytes;
  PENFIELD_TRY(const bool add_prefix_space, flag_of(part, "add_prefix_space", true));
  PENFIELD_TRY(const bool use_regex, flag_of(part, "use_regex", true));
  if (add_prefix_space && !is_first)
    return bad_input("{}: add_prefix_space behind another part is not supported", part.where);
  if (add_prefix_space) spec.before_split.push_back({TextStep::Kind::kPrependUnless, "", " "});
  if (!use_regex) return {};
  if (spec.splitter != Splitter::kNone) return bad_input("{}: two patterns one after the other", part.where);
  spec.splitter = Splitter::kGpt2;
  return {};
}

Result<void> read_metaspace(const Part& part, Spec& spec) {
  PENFIELD_TRY(const std::string replacement, formats::get_string(part.object, "replacement", part.where));
  if (replacement != kMetaspace)
    return bad_input("{}: Metaspace with {} is not supported", part.where, in_quotes(replacement));
  PENFIELD_TRY(const bool split, flag_of(part, "split", true));
  PENFIELD_TRY(const bool add_prefix_space, flag_of(part, "add_prefix_space", true));  // of older files
  std::string scheme = add_prefix_space ? "always" : "never";
  if (formats::find_field(part.object, "prepend_scheme") != nullptr) {
    PENFIELD_TRY(scheme, formats::get_string(part.object, "prepend_scheme", part.where));
  }
  spec.before_split.push_back({TextStep::Kind::kReplace, " ", replacement});
  if (scheme == "always" || scheme == "first") {
    spec.before_split.push_back(
        {scheme == "first" ? TextStep::Kind::kPrependFirst : TextStep::Kind::kPrependUnless, "",
         replacement});
  } else if (scheme != "never") {
    return bad_input("{}: prepend_scheme {} is not supported", part.where, in_quotes(scheme));
  }
  if (replaces_spaces(spec))
    return bad_input("{}: Metaspace and a normaliser that replaces spaces", part.where);
  if (split) spec.splitter = Splitter::kMetaspace;
  return {};
}

// The id that a template's special token stands for.
Result<TokenId> template_token(const Part& part, const json& item, const Spec& spec) {
  PENFIELD_TRY(const json* const special, formats::get_object(item, "SpecialToken", part.where));
  PENFIELD_TRY(const std::string name, formats::get_string(*special, "id", part.where));
  PENFIELD_TRY(const json* const tokens, formats::get_object(part.object, "special_tokens", part.where));
  PENFIELD_TRY(const json* const token, formats::get_object(*tokens, name, part.where));
  PENFIELD_TRY(const json* const ids, formats::get_array(*token, "ids", part.where));
  if (ids->size() != 1 || !ids->front().is_number_unsigned() ||
      ids->front().get<std::uint64_t>() >= spec.token_bytes.size()) {
    return bad_input("{}: the template's token {} is not one id of the vocabulary", part.where,
                     in_quotes(name));
  }
  return static_cast<TokenId>(ids->front().get<std::uint32_t>());
}

}  // namespace

Result<void> read_text_steps(const json& root, std::string_view file_name, Spec& spec) {
  PENFIELD_TRY_VOID(read_normalizer(root, file_name, spec));
  PENFIELD_TRY(const std::vector<Part> parts, parts_of(root, "pre_tokenizer", "pretokenizers", file_name));
  spec.alphabet = Alphabet::kCharacters;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.type == "ByteLevel") {
      if (i + 1 < parts.size()) return bad_input("{}: ByteLevel is not its last part", part.where);
      PENFIELD_TRY_VOID(read_byte_level(part, i == 0, spec));
    } else if (part.type == "Split") {
      PENFIELD_TRY_VOID(read_split(part, spec));
    } else if (part.type == "Digits") {
      PENFIELD_TRY(spec.isolate_digits, flag_of(part, "individual_digits", false));
      if (!spec.isolate_digits || i > 0)
        return bad_input("{}: Digits is supported as its first part, for individual digits", part.where);
    } else if (part.type == "Metaspace") {
      if (parts.size() > 1)
        return bad_input("{}: Metaspace combined with other parts is not supported", part.where);
      PENFIELD_TRY_VOID(read_metaspace(part, spec));
    } else {
      return not_known(part);
    }
  }
  return {};
}

Result<void> read_template(const json& root, std::string_view file_name, Spec& spec) {
  PENFIELD_TRY(const std::vector<Part> parts, parts_of(root, "post_processor", "processors", file_name));
  for (const Part& part : parts) {
    if (part.type == "ByteLevel") continue;  // changes offsets alone
    if (part.type != "TemplateProcessing") return not_known(part);
    PENFIELD_TRY(const json* const single, formats::get_array(part.object, "single", part.where));
    if (single->empty() || formats::find_field(single->front(), "SpecialToken") == nullptr) continue;
    if (single->size() > 1 && formats::find_field((*single)[1], "SpecialToken") != nullptr)
      return bad_input("{}: a template that begins with two tokens is not supported", part.where);
    PENFIELD_TRY(spec.bos, template_token(part, single->front(), spec));
    spec.adds_bos = true;
  }
  return {};
}

}  // namespace penfield::tokens

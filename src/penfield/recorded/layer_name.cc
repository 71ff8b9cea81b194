#include "penfield/recorded/layer_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace penfield::recorded {
namespace {

// What other programs call a site; a site's own name is known as well. The longer names first where one holds
// the other.
constexpr std::array<std::pair<std::string_view, Site>, 10> kOtherNames = {{
    {".mlp.hook.pre.linear.", Site::kMlpUp},
    {".mlp.hook.pre.", Site::kMlpPre},
    {".mlp.hook.post.", Site::kMlpPost},
    {".attn.hook.q.", Site::kAttnQ},
    {".attn.hook.k.", Site::kAttnK},
    {".attn.hook.v.", Site::kAttnV},
    {".hook.resid.pre.", Site::kRecorded},  // before the block: the stream after the one before it
    {".hook.resid.mid.", Site::kResidMid},
    {".hook.resid.post.", Site::kResid},
    {".resid.post.", Site::kResid},
}};

// dotted: the parts of a name, with a full stop before, between and after them.
std::optional<Site> find_site(std::string_view dotted) {
  for (const auto& [name, site] : kOtherNames) {
    if (dotted.find(name) != std::string_view::npos) return site;
  }
  std::optional<Site> found;
  for (const Site site : kModelSites) {
    const bool is_longer = !found || site_name(site).size() > site_name(*found).size();
    if (is_longer && dotted.find(fmt::format(".{}.", site_name(site))) != std::string_view::npos)
      found = site;
  }
  return found;
}

std::vector<std::string_view> parts_of(std::string_view name) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find_first_of("._-", begin), name.size());
    parts.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::optional<std::uint32_t> number(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || digits.empty() || end != digits.data() + digits.size()) return std::nullopt;
  constexpr std::uint32_t kMostLayers = 100'000;
  return value < kMostLayers ? std::optional(value) : std::nullopt;
}

bool is_word_for_layer(std::string_view part) {
  constexpr std::array<std::string_view, 7> kWords = {"L", "l", "layer", "layers", "block", "blocks", "h"};
  return std::find(kWords.begin(), kWords.end(), part) != kWords.end();
}

// The index in parts of the number that is the layer, and the number.
std::optional<std::pair<std::size_t, std::uint32_t>> find_layer(const std::vector<std::string_view>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t n_letters = std::min(parts[i].find_first_of("0123456789"), parts[i].size());
    if (!is_word_for_layer(parts[i].substr(0, n_letters))) continue;
    if (const auto layer = number(parts[i].substr(n_letters))) return std::pair(i, *layer);
    if (n_letters < parts[i].size() || i + 1 == parts.size()) continue;
    if (const auto layer = number(parts[i + 1])) return std::pair(i + 1, *layer);
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (const auto layer = number(parts[i])) return std::pair(i, *layer);
  }
  return std::nullopt;
}

}  // namespace

LayerName parse_layer_name(std::string_view name) {
  LayerName out;
  const std::vector<std::string_view> parts = parts_of(name);
  std::string dotted = ".";
  for (const std::string_view part : parts) dotted.append(part).append(".");
  if (const auto site = find_site(dotted)) out.site = *site;
  const auto layer = find_layer(parts);
  if (!layer) return out;
  out.first_layer = layer->second;
  const std::size_t next = layer->first + 1;
  if (next == parts.size() || *(parts[next].data() - 1) != '-') return out;
  const auto last = number(parts[next]);  // "L0-5"
  if (last && *last > layer->second) out.n_layers = *last - layer->second + 1;
  return out;
}

}  // namespace penfield::recorded

#include "penfield/model/sites.h"

#include <algorithm>
#include <array>

#include "penfield/base/check.h"

namespace penfield::model {
namespace {

using Part = Linear Block::*;

constexpr BlockParts kNothing = {false, false, false, false, false};
constexpr BlockParts kPost = {.attention = false, .gate = false, .up = false, .post = true, .output = false};
constexpr BlockParts kAttention = {
    .attention = true, .gate = false, .up = false, .post = false, .output = false};
constexpr BlockParts kWholeBlock = {};

struct SiteSpec {
  Site site = Site::kMlpPre, input = Site::kMlpPre;
  std::array<Part, 2> plain{}, gated{};  // nullptr: no further product
  BlockParts parts = kNothing;           // what it needs beside its products
};

constexpr Part kNone = nullptr;
constexpr std::array kSites = {
    SiteSpec{Site::kMlpPre, Site::kMlpPre, {&Block::up, kNone}, {&Block::gate, kNone}},
    SiteSpec{Site::kMlpUp, Site::kMlpPre, {kNone, kNone}, {&Block::up, kNone}},
    SiteSpec{Site::kMlpPost, Site::kMlpPre, {&Block::up, kNone}, {&Block::gate, &Block::up}, kPost},
    SiteSpec{Site::kAttnQ, Site::kAttnQ, {&Block::query, kNone}, {&Block::query, kNone}},
    SiteSpec{Site::kAttnK, Site::kAttnQ, {&Block::key, kNone}, {&Block::key, kNone}},
    SiteSpec{Site::kAttnV, Site::kAttnQ, {&Block::value, kNone}, {&Block::value, kNone}},
    SiteSpec{Site::kResidMid, Site::kResidMid, {kNone, kNone}, {kNone, kNone}, kAttention},
    SiteSpec{Site::kResid, Site::kResid, {kNone, kNone}, {kNone, kNone}, kWholeBlock},
};

const SiteSpec* find(Site site) {
  const auto found = std::ranges::find(kSites, site, &SiteSpec::site);
  return found == kSites.end() ? nullptr : &*found;
}

}  // namespace

Site input_of(Site site) {
  const SiteSpec* spec = find(site);
  PENFIELD_CHECK(spec != nullptr);
  return spec->input;
}

bool has_site(const Architecture& architecture, Site site) {
  if (site == Site::kMlpUp) return architecture.mlp.gated;
  if (site == Site::kResidMid) return architecture.residual == Residual::kSequential;
  return find(site) != nullptr;
}

Result<void> check_site(const Architecture& architecture, Site site) {
  if (has_site(architecture, site)) return {};
  return usage_error("site '{}' is not in this model ({}): it has {}", site_name(site), architecture.family,
                     site_names(architecture));
}

std::vector<Part> products_of(const Architecture& architecture, Site site) {
  const SiteSpec* spec = find(site);
  PENFIELD_CHECK(spec != nullptr);
  std::vector<Part> out;
  for (const Part part : architecture.mlp.gated ? spec->gated : spec->plain) {
    if (part != kNone) out.push_back(part);
  }
  return out;
}

BlockParts parts_for(const Architecture& architecture, std::span<const Site> sites) {
  BlockParts parts = kNothing;
  for (const Site site : sites) {
    const BlockParts& also = find(site)->parts;
    const auto products = products_of(architecture, site);
    const auto has = [&](Part part) { return std::ranges::find(products, part) != products.end(); };
    parts.gate |= also.gate || has(&Block::gate);
    parts.up |= also.up || has(&Block::up);
    parts.post |= also.post;
    parts.attention |= also.attention;
    parts.output |= also.output;
  }
  const bool mlp_reads_attention = architecture.residual == Residual::kSequential;
  parts.attention |= mlp_reads_attention && (parts.gate || parts.up);
  return parts;
}

std::vector<Site> sites_of(const Architecture& architecture) {
  std::vector<Site> out;
  for (const Site site : kModelSites) {
    if (has_site(architecture, site)) out.push_back(site);
  }
  return out;
}

std::string site_names(const Architecture& architecture) {
  std::string out;
  for (const Site site : sites_of(architecture)) out.append(out.empty() ? "" : ", ").append(site_name(site));
  return out;
}

}  // namespace penfield::model

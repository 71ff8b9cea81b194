#include "penfield/model/sites.h"

#include <algorithm>
#include <array>

#include "penfield/base/check.h"

namespace penfield::model {
namespace {

using Part = Linear Block::*;

struct SiteSpec {
  Site site;
  SiteInput input;
  std::array<Part, 2> plain, gated;  // nullptr: no further product
};

constexpr Part kNone = nullptr;
constexpr std::array kSites = {
    SiteSpec{Site::kMlpPre, SiteInput::kMlp, {&Block::up, kNone}, {&Block::gate, kNone}},
    SiteSpec{Site::kMlpUp, SiteInput::kMlp, {kNone, kNone}, {&Block::up, kNone}},
    SiteSpec{Site::kMlpPost, SiteInput::kMlp, {&Block::up, kNone}, {&Block::gate, &Block::up}},
    SiteSpec{Site::kAttnQ, SiteInput::kAttention, {&Block::query, kNone}, {&Block::query, kNone}},
    SiteSpec{Site::kAttnK, SiteInput::kAttention, {&Block::key, kNone}, {&Block::key, kNone}},
    SiteSpec{Site::kAttnV, SiteInput::kAttention, {&Block::value, kNone}, {&Block::value, kNone}},
    SiteSpec{Site::kResid, SiteInput::kBlock, {kNone, kNone}, {kNone, kNone}},
};

const SiteSpec* find(Site site) {
  const auto found = std::ranges::find(kSites, site, &SiteSpec::site);
  return found == kSites.end() ? nullptr : &*found;
}

}  // namespace

SiteInput input_of(Site site) {
  const SiteSpec* spec = find(site);
  PENFIELD_CHECK(spec != nullptr);
  return spec->input;
}

bool has_site(const Architecture& architecture, Site site) {
  return find(site) != nullptr && (site != Site::kMlpUp || architecture.mlp.gated);
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

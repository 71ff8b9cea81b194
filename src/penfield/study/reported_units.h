// Which units a report shows in full: with a heatmap and a card.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "penfield/findings/finding.h"

namespace penfield::study {

// At most n units, strongest first: half excited by the concept, half suppressed, where there are as many;
// ranked by −log10 p of the chosen test, significant ones first, so that a scan without findings shows the
// units that came closest. The unit that the headline names (report::surviving_units) is always among them,
// because the page opens with it.
[[nodiscard]] std::vector<UnitId> choose_reported_units(std::span<const findings::Finding> units,
                                                        std::size_t n);

}  // namespace penfield::study

// The flags of `scan` that say what the targets are compared with, and beside which scans of nothing.
#pragma once

#include "flags.h"
#include "penfield/study/rows/control_options.h"

namespace penfield::app {

void add_control_flags(CLI::App& command, study::ControlOptions& options);

}  // namespace penfield::app

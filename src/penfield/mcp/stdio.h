// A session over two file descriptors: standard input and output, which nothing else may write to.
#pragma once

#include <cstddef>
#include <stop_token>

#include "penfield/base/result.h"
#include "penfield/mcp/session.h"

namespace penfield::mcp {

struct StdioLimits {
  std::size_t line_bytes = 256 << 10;  // of a message, as of the explorer's; beyond: refused, and skipped
  std::size_t waiting = 256;           // messages that wait; beyond: the input is not read
};

// Reads messages until the input ends or `stop` is requested, answers them one after the other, and ends when
// all are answered. A request that the client cancels (notifications/cancelled) is stopped and not answered.
// kIo: the output cannot be written.
[[nodiscard]] Result<void> run_stdio(Session& session, int input, int output, const std::stop_token& stop,
                                     const StdioLimits& limits = {});

}  // namespace penfield::mcp

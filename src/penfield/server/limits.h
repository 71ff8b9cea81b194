// What one client, and all of them together, may take of the server. Every number is a bound on memory or on
// time: nothing that a client sends makes the process grow beyond connections × (head + body).
#pragma once

#include <chrono>
#include <cstddef>

namespace penfield::server {

struct Limits {
  std::size_t connections = 512;   // beyond: 503, closed
  std::size_t waiting_jobs = 256;  // requests that wait for the model; beyond: 503
  // Request line and header fields; a browser sends about 1 kB. Beyond: 431.
  std::size_t head_bytes = 16 << 10;
  std::size_t body_bytes = 256 << 10;    // 20,000 characters, each escaped as \u0000, and room. Beyond: 413
  std::size_t text_characters = 20'000;  // of live text; beyond: 413
  std::size_t requests = 10'000;         // on one connection, which is then closed
  std::size_t drained_bytes = 16 << 20;  // of a refused request, read so that the client gets to see why

  std::chrono::milliseconds head{
      10'000};  // from the first byte (of a new connection: from its start) on: 408
  std::chrono::milliseconds body{10'000};   // 408
  std::chrono::milliseconds idle{60'000};   // between two requests; then closed without a word
  std::chrono::milliseconds write{30'000};  // the whole answer; then closed
  std::chrono::milliseconds drain{2'000};
};

}  // namespace penfield::server

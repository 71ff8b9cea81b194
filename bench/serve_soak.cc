// Many clients of one running `penfield serve`: how many answers a second, how long each takes, how much
// memory.
//
//   serve_soak PORT PID [SECONDS [CLIENTS [SLOW]]]
//
// Loopback alone. The clients ask for units and for live text in turn, a page now and then; the slow ones
// send a head a byte at a time. Prints a line a figure; exit 1 where a request was not answered.
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "penfield/server/load_for_tests.h"

namespace {

std::string request(const std::string& host, const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

std::string live(const std::string& host, const std::string& token) {
  const std::string body =
      R"({"text":"In 1928 Wilder Penfield founded the Montreal Neurological Institute.","units":["L2.435","L5.134"]})";
  return "POST /api/v1/live HTTP/1.1\r\nHost: " + host +
         "\r\nContent-Type: application/json\r\nX-Penfield-Token: " + token +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string token_of(const std::string& page) {
  const std::string key = "\"explorer\":{\"token\":\"";
  const std::size_t at = page.find(key) + key.size();
  return page.substr(at, page.find('"', at) - at);
}

double resident_megabytes(const std::string& pid) {
  std::ifstream status("/proc/" + pid + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string pid = argv[2];
  penfield::server::LoadPlan plan;
  plan.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const double seconds = argc > 3 ? std::atof(argv[3]) : 60;
  if (argc > 4) plan.n_clients = std::strtoul(argv[4], nullptr, 10);
  if (argc > 5) plan.n_slow = std::strtoul(argv[5], nullptr, 10);
  const std::string host = "127.0.0.1:" + std::to_string(plan.port);
  penfield::server::RawClient first(plan.port);
  first.send(request(host, "/"));
  const std::string token = token_of(first.receive().body);
  for (int i = 0; i < 400; ++i) {
    plan.requests.push_back(i % 4 == 3 ? live(host, token)
                                       : request(host, fmt::format("/api/v1/units/L{}.{}", i % 6, i)));
  }
  plan.requests.push_back(request(host, "/"));
  plan.seconds = 3;  // until every buffer has its size
  (void)penfield::server::run_load(plan);
  const double before = resident_megabytes(pid);
  plan.seconds = seconds;
  const penfield::server::LoadResult load = penfield::server::run_load(plan);
  fmt::print("{} clients, {} slow, {} s: {} answers, {} errors\n", plan.n_clients, plan.n_slow, seconds,
             load.n_answers, load.n_errors);
  fmt::print("answers a second\t{:.0f}\n", static_cast<double>(load.n_answers) / seconds);
  fmt::print("ms: p50 {:.2f}, p99 {:.2f}, most {:.2f}\n", load.quantile(0.5), load.quantile(0.99),
             load.quantile(1));
  fmt::print("slow clients connected at the end\t{}\n", load.n_slow_connected);
  fmt::print("resident MB before {:.1f}, after {:.1f}\n", before, resident_megabytes(pid));
  return load.n_errors == 0 ? 0 : 1;
}

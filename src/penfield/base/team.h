// The processes that do one job together, each knowing its number; or one process alone.
//
// All run the same program on the same input and come to the same state. What takes long they share: each
// does its items (base/share.h), and an exchange gives all of them every result. So no process is told what
// to do, and none waits but for results.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/share.h"

namespace penfield {

class Team {
 public:
  Team() = default;
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  virtual ~Team() = default;

  // Which of the processes this is.
  [[nodiscard]] virtual Share share() const { return {}; }
  [[nodiscard]] bool is_alone() const { return share().is_all(); }
  [[nodiscard]] bool is_first() const { return share().index == 0; }

  // What each process gave, by its number. Every process calls this the same number of times, and waits until
  // all have. An error of one is the result of all, and the last exchange.
  [[nodiscard]] virtual Result<std::vector<std::string>> exchange(Result<std::string> mine) const {
    PENFIELD_TRY(std::string only, std::move(mine));
    return std::vector{std::move(only)};
  }
  // Waits until all processes are here. An error of one is the result of all.
  [[nodiscard]] Result<void> meet(const Result<void>& mine = {}) const {
    PENFIELD_TRY_VOID(exchange(mine ? Result<std::string>("") : tl::unexpected<Error>(mine.error())));
    return {};
  }
  // True once an exchange has given an error: there is none to come.
  [[nodiscard]] virtual bool has_ended() const { return false; }
  // To each of the others, by this process.
  [[nodiscard]] virtual std::uint64_t n_bytes_sent() const { return 0; }
  // An error where another process waits with one: the work should stop and be given to an exchange.
  [[nodiscard]] virtual Result<void> check() const { return {}; }
};

// One process.
[[nodiscard]] inline const Team& alone() {
  static const Team kTeam;
  return kTeam;
}

}  // namespace penfield

// Keeps SIGPIPE from ending the program while a library writes to sockets whose other end may be closed.
#pragma once

#include <signal.h>  // NOLINT(modernize-deprecated-headers): pthread_sigmask and sigtimedwait are POSIX
#include <time.h>    // NOLINT(modernize-deprecated-headers): as above

namespace penfield {

// Blocks SIGPIPE in the calling thread, so that a write to a closed socket fails with EPIPE; takes back what
// was raised meanwhile. TLS libraries write without MSG_NOSIGNAL.
class BlockedSigpipe {
 public:
  BlockedSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  BlockedSigpipe(const BlockedSigpipe&) = delete;
  BlockedSigpipe& operator=(const BlockedSigpipe&) = delete;
  ~BlockedSigpipe() {
    if (sigismember(&before_, SIGPIPE) == 0) {
      const timespec at_once{};
      while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{}, before_{};
};

}  // namespace penfield

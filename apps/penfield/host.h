// A program that runs commands in its own process instead of from a shell, as the Python module does: it
// gives arrays where a shell names files, and takes results before they become text.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/matrix_file/associate.h"
#include "penfield/study/labelled_text.h"

namespace penfield::app {

struct Host {
  Watch::Report progress = {};  // in place of the bar on standard error
  // associate: in place of the files that the arguments name; without its x that of the file is read.
  // take_associations gets the result.
  const matrix_file::AssociateInput* matrices = nullptr;
  std::function<Result<void>(const matrix_file::Associations&)> take_associations = {};
  // label: gets the result. Its track is empty for `activations`, which calls it before the first row.
  std::function<void(const study::LabelledText&)> take_labels = {};
  // activations: memory for [tokens, columns], in place of the file.
  std::function<MatrixView<float>(std::uint64_t rows, std::uint64_t cols)> activations = {};
};

// Runs a command by its arguments, as the shell would give them behind the program's name; returns what it
// would print to standard output. The errors are those of the command line. Threads are set for the calling
// thread alone.
[[nodiscard]] Result<std::string> run_arguments(std::vector<std::string> arguments, const Host& host,
                                                const std::stop_token& stop);

struct CommandEntry;
// The command's options as data (option_list.h), for lists that must not fall behind them; without a name
// those of every command.
[[nodiscard]] CommandEntry describe_command(const std::string& name);

}  // namespace penfield::app

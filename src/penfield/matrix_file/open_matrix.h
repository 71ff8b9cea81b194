// The matrix X of a file: .npy, or a tensor of a .safetensors file. Neither need fit into memory.
#pragma once

#include <memory>
#include <string>

#include "penfield/base/result.h"
#include "penfield/matrix_file/matrix_source.h"

namespace penfield::matrix_file {

// tensor: of a .safetensors file, told by its name's ending; empty: its only one.
// kUsage: a tensor of a .npy file; none named where there are several; one that is not there, with those that
// are. kBadInput: the file, or X's shape or type. kIo.
[[nodiscard]] Result<std::unique_ptr<MatrixSource>> open_matrix(const std::string& path,
                                                                const std::string& tensor = {});

}  // namespace penfield::matrix_file

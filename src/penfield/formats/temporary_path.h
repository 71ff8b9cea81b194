// Files that must not outlive the program: the parts of files that are being written, and locks.
//
// Their owners remove them; remove_temporary_paths() is for a program that ends while they exist, because a
// signal tells it to.
#pragma once

#include <functional>
#include <string>

namespace penfield::formats {

class TemporaryPath {
 public:
  TemporaryPath() = default;
  // make() creates what stands at `path` and returns whether it did; where it did not, the object is empty.
  TemporaryPath(std::string path, const std::function<bool()>& make);
  TemporaryPath(TemporaryPath&& other) noexcept;
  TemporaryPath& operator=(TemporaryPath&& other) noexcept;
  ~TemporaryPath();  // remove()

  [[nodiscard]] bool is_empty() const { return path_.empty(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  // Removes the file, or the folder where nothing is in it.
  void remove();
  // take() gives the file its lasting name and returns whether it did; where it did, the object is empty.
  bool keep(const std::function<bool()>& take);

 private:
  std::string path_;
};

// Removes every temporary path of the process, the newest first, and lets no thread make or keep one
// afterwards: such a thread waits for ever. A later call waits until they are gone. The caller ends the
// program.
void remove_temporary_paths();

}  // namespace penfield::formats

#include "fonts.h"

#include <fontconfig/fontconfig.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <system_error>

namespace penfield::python {
namespace {

constexpr const char* kFont = "DejaVu Sans";

const FcChar8* utf8(const char* text) {
  return reinterpret_cast<const FcChar8*>(text);
}

// Of a configuration of its own: the question to the current one would load it, and print that there is none.
bool is_configured(FcConfig* config) {
  FcChar8* const path = FcConfigGetFilename(config, nullptr);
  const bool found = path != nullptr;
  FcStrFree(path);
  return found;
}

// Is there a font of this very family? A match alone may be any other.
bool has_font() {
  const std::unique_ptr<FcPattern, decltype(&FcPatternDestroy)> family(
      FcPatternBuild(nullptr, FC_FAMILY, FcTypeString, kFont, nullptr), FcPatternDestroy);
  const std::unique_ptr<FcObjectSet, decltype(&FcObjectSetDestroy)> wanted(FcObjectSetBuild(FC_FILE, nullptr),
                                                                           FcObjectSetDestroy);
  FcFontSet* const found = FcFontList(nullptr, family.get(), wanted.get());
  const bool has_any = found != nullptr && found->nfont > 0;
  if (found != nullptr) FcFontSetDestroy(found);
  return has_any;
}

void add(const std::string& folder) {
  const std::unique_ptr<FcConfig, decltype(&FcConfigDestroy)> empty(FcConfigCreate(), FcConfigDestroy);
  if (empty && !is_configured(empty.get()) && FcConfigSetCurrent(empty.get()) == FcFalse) return;
  if (has_font()) return;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".ttf") FcConfigAppFontAddFile(nullptr, utf8(at->path().c_str()));
  }
}

}  // namespace

void add_fonts(const std::string& folder) {
  static std::once_flag once;
  std::call_once(once, add, folder);
}

}  // namespace penfield::python

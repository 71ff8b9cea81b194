# Writes a source file that holds the page as a string: cmake -D PAGE=… -D SOURCE=… -P embed_page.cmake
# A raw literal is read by the compiler a hundred times faster than as many numbers, and the compiler refuses it should
# the page ever hold its end mark.
file(READ "${PAGE}" page)
file(WRITE "${SOURCE}" "// Made by cmake/embed_page.cmake from web/dist/index.html.
#include \"penfield/report/page/page_source.h\"

namespace penfield::report {

std::string_view page_source() {
  static constexpr std::string_view kPage = R\"penfield_page(${page})penfield_page\";
  return kPage;
}

}  // namespace penfield::report
")

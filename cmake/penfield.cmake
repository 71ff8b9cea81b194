# What every target of Penfield is built with, and how a room is declared.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# -O2 as the kernels were measured; CMake's default is -O3.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

add_library(penfield_flags INTERFACE)
# GCC 12 sees overlapping copies in std::string's operator+ that are not there (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(penfield_flags INTERFACE -Wno-restrict)
endif()
# -ffp-contract=off: a*b+c rounds the same way in scalar code on every target; kernels ask for fused steps by name.
target_compile_options(penfield_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -ffp-contract=off
                       $<$<BOOL:${PENFIELD_WERROR}>:-Werror>)
target_include_directories(penfield_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")
if(PENFIELD_SANITIZE)
  target_compile_options(penfield_flags INTERFACE -fsanitize=${PENFIELD_SANITIZE} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  target_link_options(penfield_flags INTERFACE -fsanitize=${PENFIELD_SANITIZE})
endif()

# penfield_room(NAME [DEPENDS room...] [LINKS library...])
# A room is a folder: every *.cc in it belongs to the library penfield_NAME, except x_test.cc (fast tests),
# x_golden_test.cc (against numbers that other software made) and x_slow_test.cc, which become test programs.
function(penfield_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(TRANSFORM ROOM_DEPENDS PREPEND penfield_)
  if(sources)
    add_library(penfield_${name} STATIC ${sources})
    target_link_libraries(penfield_${name} PUBLIC penfield_flags ${ROOM_DEPENDS} PRIVATE ${ROOM_LINKS})
  else()
    add_library(penfield_${name} INTERFACE)
    target_link_libraries(penfield_${name} INTERFACE penfield_flags ${ROOM_DEPENDS} ${ROOM_LINKS})
  endif()
  if(PENFIELD_BUILD_TESTS)
    file(GLOB tests CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc")
    set(golden ${tests})
    set(slow ${tests})
    list(FILTER golden INCLUDE REGEX "_golden_test\\.cc$")
    list(FILTER slow INCLUDE REGEX "_slow_test\\.cc$")
    list(FILTER tests EXCLUDE REGEX "_(golden|slow)_test\\.cc$")
    penfield_room_test(${name} unit "${tests}" "${ROOM_LINKS}")
    penfield_room_test(${name} golden "${golden}" "${ROOM_LINKS}")
    penfield_room_test(${name} slow "${slow}" "${ROOM_LINKS}")
  endif()
endfunction()

# One test program a room and label; run from the source folder, so that tests find tests/golden and models/demo.
function(penfield_room_test name label sources links)
  if(NOT sources)
    return()
  endif()
  set(target penfield_${name}_${label}_test)
  add_executable(${target} ${sources})
  target_link_libraries(${target} PRIVATE penfield_${name} ${links} GTest::gmock GTest::gtest_main)
  add_test(NAME ${name}.${label} COMMAND ${target} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${name}.${label} PROPERTIES LABELS ${label} TIMEOUT 900)
endfunction()

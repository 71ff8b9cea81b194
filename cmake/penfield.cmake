# What every target of Penfield is built with, and how a room is declared.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# What ccache has seen before is not compiled again. Precompiled headers need the two allowances.
find_program(CCACHE ccache)
if(CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE}")
endif()

# -O2 as the kernels were measured; CMake's default is -O3.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

add_library(penfield_flags INTERFACE)
# GCC 12 sees overlapping copies in std::string's operator+ that are not there (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(penfield_flags INTERFACE $<BUILD_INTERFACE:-Wno-restrict>)
endif()
# A unity build makes sources "headers" of one file, which GCC's warning on types of unnamed namespaces is not meant for.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(penfield_flags INTERFACE $<BUILD_INTERFACE:-Wno-subobject-linkage>)
endif()
# -ffp-contract=off: a*b+c rounds the same way in scalar code on every target; kernels ask for fused steps by name.
target_compile_options(penfield_flags INTERFACE
  "$<BUILD_INTERFACE:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wnon-virtual-dtor;-ffp-contract=off>"
  "$<BUILD_INTERFACE:$<$<BOOL:${PENFIELD_WERROR}>:-Werror>>")
target_include_directories(penfield_flags INTERFACE "$<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src>" "$<INSTALL_INTERFACE:include>")
# Seconds after which a test is taken to hang.
set(penfield_test_seconds 900)
if(PENFIELD_SANITIZE)
  set(penfield_test_seconds 7200)
  target_compile_options(penfield_flags INTERFACE -fsanitize=${PENFIELD_SANITIZE} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  target_link_options(penfield_flags INTERFACE -fsanitize=${PENFIELD_SANITIZE})
endif()

# Headers that nearly every test includes are compiled once for all of them.
function(penfield_precompiled_tests)
  file(WRITE "${CMAKE_BINARY_DIR}/precompiled_tests.cc" "")
  add_library(penfield_precompiled_tests STATIC "${CMAKE_BINARY_DIR}/precompiled_tests.cc")
  target_link_libraries(penfield_precompiled_tests PUBLIC penfield_flags GTest::gmock fmt::fmt OpenMP::OpenMP_CXX)
  target_compile_options(penfield_precompiled_tests PRIVATE $<$<CONFIG:Release>:-O1>)
  target_precompile_headers(penfield_precompiled_tests PRIVATE
                            <gmock/gmock.h> <gtest/gtest.h> <algorithm> <cstdint> <string> <vector>)
endfunction()

# penfield_room(NAME [DEPENDS room...] [LINKS library...] [TESTS_WITH room...])
# A room is a folder: every *.cc in it belongs to the library penfield_NAME, except x_test.cc (fast tests),
# x_golden_test.cc (against numbers that other software made) and x_slow_test.cc, which become test programs, and
# x_for_tests.cc, which become the library penfield_NAME_for_tests. TESTS_WITH: rooms that the tests alone link.
# The sources of a room are compiled as one (a unity build); those that Highway compiles once for every instruction set
# include themselves and stay apart.
function(penfield_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LINKS;TESTS_WITH" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  set(support ${sources})
  list(FILTER support INCLUDE REGEX "_for_tests\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|_for_tests)\\.cc$")
  list(TRANSFORM ROOM_DEPENDS PREPEND penfield_)
  list(TRANSFORM ROOM_TESTS_WITH PREPEND penfield_)
  if(sources)
    add_library(penfield_${name} STATIC ${sources})
    target_link_libraries(penfield_${name} PUBLIC penfield_flags ${ROOM_DEPENDS} PRIVATE ${ROOM_LINKS})
    penfield_unity(penfield_${name} ${sources})
  else()
    add_library(penfield_${name} INTERFACE)
    target_link_libraries(penfield_${name} INTERFACE penfield_flags ${ROOM_DEPENDS} ${ROOM_LINKS})
  endif()
  if(PENFIELD_BUILD_TESTS)
    if(support)
      add_library(penfield_${name}_for_tests STATIC ${support})
      target_link_libraries(penfield_${name}_for_tests PUBLIC penfield_${name} PRIVATE GTest::gtest)
    endif()
    file(GLOB tests CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc")
    set(golden ${tests})
    set(slow ${tests})
    list(FILTER golden INCLUDE REGEX "_golden_test\\.cc$")
    list(FILTER slow INCLUDE REGEX "_slow_test\\.cc$")
    list(FILTER tests EXCLUDE REGEX "_(golden|slow)_test\\.cc$")
    set(libraries ${ROOM_LINKS} ${ROOM_TESTS_WITH})
    if(support)
      list(PREPEND libraries penfield_${name}_for_tests)
    endif()
    penfield_room_test(${name} unit "${tests}" "${libraries}")
    penfield_room_test(${name} golden "${golden}" "${libraries}")
    penfield_room_test(${name} slow "${slow}" "${libraries}")
  endif()
endfunction()

function(penfield_unity target)
  if(CMAKE_CXX_CLANG_TIDY)  # looks at each source on its own
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 16)
  foreach(source IN LISTS ARGN)
    file(STRINGS "${source}" dispatched REGEX "HWY_TARGET_INCLUDE" LIMIT_COUNT 1)
    if(dispatched)
      set_source_files_properties("${source}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()

# One test program a room and label; run from the source folder, so that tests find tests/golden and models/demo.
function(penfield_room_test name label sources links)
  if(NOT sources)
    return()
  endif()
  set(target penfield_${name}_${label}_test)
  add_executable(${target} ${sources})
  # The options of penfield_precompiled_tests, without which its headers cannot be used. Tests themselves need no speed.
  target_link_libraries(${target} PRIVATE penfield_${name} ${links} fmt::fmt OpenMP::OpenMP_CXX GTest::gmock
                                          GTest::gtest_main)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  # GCC 12 sees copies beyond std::string's own buffer that are not there (as GCC bug 105651).
  target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow>")
  if(NOT CMAKE_CXX_CLANG_TIDY)  # whose compiler is not that of the header
    target_precompile_headers(${target} REUSE_FROM penfield_precompiled_tests)
  endif()
  add_test(NAME ${name}.${label} COMMAND ${target} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${name}.${label} PROPERTIES LABELS ${label} TIMEOUT ${penfield_test_seconds})
endfunction()

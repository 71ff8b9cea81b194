add_executable(forward_bench forward_bench.cc)
target_link_libraries(forward_bench PRIVATE penfield_model PkgConfig::OPENBLAS)

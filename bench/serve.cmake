# Clients of a running server: bench/serve_soak.sh starts both.
add_executable(serve_soak serve_soak.cc)
target_link_libraries(serve_soak PRIVATE penfield_flags fmt::fmt)

# cmake --install, the library for find_package(Penfield), and the Debian package (cpack, in the build folder).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Component "program": the program with its bundled model and text, man page and completions, which it prints itself.
set(completions "${CMAKE_BINARY_DIR}/completions")
install(TARGETS penfield RUNTIME COMPONENT program)
install(DIRECTORY models/demo DESTINATION "${CMAKE_INSTALL_DATADIR}/penfield/models" COMPONENT program)
install(DIRECTORY data/demo DESTINATION "${CMAKE_INSTALL_DATADIR}/penfield/data" COMPONENT program)
install(FILES docs/penfield.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT manual)
install(FILES LICENSE README.md CHANGELOG.md CITATION.cff DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT manual)
install(FILES "${completions}/penfield" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" COMPONENT program)
# Debian's zsh reads vendor-completions in /usr, every other zsh site-functions.
install(FILES "${completions}/_penfield" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions" COMPONENT program)
install(FILES "${completions}/_penfield" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" COMPONENT manual)
install(FILES "${completions}/penfield.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" COMPONENT program)

# Component "mpi": the program for the ranks of an MPI job, a package of its own, as penfield needs no MPI.
if(TARGET penfield-mpi)
  install(TARGETS penfield-mpi RUNTIME COMPONENT mpi)
endif()

# Component "library": a matrix in, a table out. Rooms that association and findings are made of.
set(rooms base numeric association_scalar association_panel association permutation findings)
set(targets penfield_flags)
foreach(room IN LISTS rooms)
  set_target_properties(penfield_${room} PROPERTIES EXPORT_NAME ${room})
  list(APPEND targets penfield_${room})
endforeach()
install(TARGETS ${targets} EXPORT Penfield ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/penfield" COMPONENT library)
foreach(folder base numeric association permutation findings)
  install(DIRECTORY "src/penfield/${folder}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/penfield" COMPONENT library
          FILES_MATCHING PATTERN "*.h" PATTERN "*_for_tests.h" EXCLUDE PATTERN "*-inl.h" EXCLUDE)
endforeach()
set(config_folder "${CMAKE_INSTALL_LIBDIR}/cmake/Penfield")
install(EXPORT Penfield NAMESPACE Penfield:: FILE PenfieldTargets.cmake DESTINATION "${config_folder}" COMPONENT library)
write_basic_package_version_file("${CMAKE_BINARY_DIR}/PenfieldConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES packaging/PenfieldConfig.cmake "${CMAKE_BINARY_DIR}/PenfieldConfigVersion.cmake"
        DESTINATION "${config_folder}" COMPONENT library)

# The Debian package holds the component "program", and penfield-mpi the component "mpi". Their documents are compressed
# and named as Debian asks.
find_program(GZIP gzip)
if(GZIP)
  set(debian "${CMAKE_BINARY_DIR}/debian")
  file(MAKE_DIRECTORY "${debian}")
  foreach(document docs/penfield.1 packaging/changelog)
    get_filename_component(name "${document}" NAME)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${document}")
    execute_process(COMMAND "${GZIP}" -9nc "${CMAKE_SOURCE_DIR}/${document}" OUTPUT_FILE "${debian}/${name}.gz")
  endforeach()
  install(FILES "${debian}/penfield.1.gz" DESTINATION share/man/man1 COMPONENT debian)
  install(FILES "${debian}/changelog.gz" packaging/copyright DESTINATION share/doc/penfield COMPONENT debian)
  if(TARGET penfield-mpi)
    file(CREATE_LINK penfield.1.gz "${debian}/penfield-mpi.1.gz" SYMBOLIC)
    install(FILES "${debian}/penfield-mpi.1.gz" DESTINATION share/man/man1 COMPONENT mpi)
    install(FILES "${debian}/changelog.gz" packaging/copyright DESTINATION share/doc/penfield-mpi COMPONENT mpi)
  endif()
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "Penfield developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "find the neurons of a language model that respond to a concept")
set(CPACK_DEBIAN_MAIN_DESCRIPTION "Penfield fits one exact logistic regression for every neuron of every
layer of a language model, corrects for the number of neurons, and tests
each finding on text that had no part in finding it. It writes a table,
figures and an HTML report that opens offline.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program debian)
if(TARGET penfield-mpi)
  list(APPEND CPACK_COMPONENTS_ALL mpi)
endif()
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENT_PROGRAM_GROUP main)
set(CPACK_COMPONENT_DEBIAN_GROUP main)
set(CPACK_COMPONENT_MPI_GROUP mpi)
set(CPACK_DEBIAN_MAIN_PACKAGE_NAME penfield)
set(CPACK_DEBIAN_MPI_PACKAGE_NAME penfield-mpi)
set(CPACK_DEBIAN_MPI_DESCRIPTION "penfield-mpi runs the scans of penfield in several processes at once, which
share the passes through the model and the fits. Start it with mpirun; the
result has the same bytes as that of one process.")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "Penfield developers <penfield@example.org>")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_MAIN_PACKAGE_DEPENDS fonts-dejavu-core)
set(CPACK_DEBIAN_MPI_PACKAGE_DEPENDS "penfield, openmpi-bin")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
include(CPack)

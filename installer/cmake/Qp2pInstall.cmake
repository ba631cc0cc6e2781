# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# What is installed of the library and the CMake package that finds it: component "runtime" is what
# programs need to run, "devel" what they need to build.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(qp2pcore_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Qp2pCore")

install(TARGETS Qp2pCore EXPORT Qp2pCoreTargets
    RUNTIME COMPONENT runtime
    LIBRARY COMPONENT runtime NAMELINK_COMPONENT devel
    ARCHIVE COMPONENT devel
    FILE_SET HEADERS COMPONENT devel
    FILE_SET generated COMPONENT devel)
install(EXPORT Qp2pCoreTargets
    NAMESPACE Qp2pCore::
    DESTINATION "${qp2pcore_package_dir}"
    COMPONENT devel)

# No user's system has the unpacked ngtcp2, so it travels with the library in a folder of its own.
if(NGTCP2_PRIVATE_LIBRARY_DIR)
    file(GLOB private_libraries "${NGTCP2_PRIVATE_LIBRARY_DIR}/libngtcp2*.so.*")
    install(FILES ${private_libraries} DESTINATION "${CMAKE_INSTALL_LIBDIR}/qp2p" COMPONENT runtime)
    set(run_path BUILT "${NGTCP2_PRIVATE_LIBRARY_DIR}" INSTALLED "\$ORIGIN/qp2p")
endif()
qp2p_set_run_path(Qp2pCore DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime ${run_path})

configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/installer/cmake/Qp2pCoreConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/Qp2pCoreConfig.cmake"
    INSTALL_DESTINATION "${qp2pcore_package_dir}"
    PATH_VARS CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(
    "${PROJECT_BINARY_DIR}/Qp2pCoreConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/Qp2pCoreConfig.cmake"
    "${PROJECT_BINARY_DIR}/Qp2pCoreConfigVersion.cmake"
    DESTINATION "${qp2pcore_package_dir}"
    COMPONENT devel)

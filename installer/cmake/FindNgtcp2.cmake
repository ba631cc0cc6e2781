# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Finds ngtcp2, its GnuTLS glue and GnuTLS through pkg-config as the target Ngtcp2::GnuTLS. What
# installer/dependencies.sh unpacked into QP2P_DEPS_DIR goes before the system's.
#
# Sets NGTCP2_PRIVATE_LIBRARY_DIR when the libraries found are those unpacked ones, which no user's
# system has: an installed qp2pcore must carry them.

# Older ngtcp2 lets a hostile peer abort the process.
set(ngtcp2_modules libngtcp2>=1.22.1 libngtcp2_crypto_gnutls>=1.11 gnutls>=3.7.9)

find_package(PkgConfig QUIET)
if(NOT PkgConfig_FOUND)
    message(FATAL_ERROR "pkg-config was not found. Run installer/dependencies.sh, which installs it.")
endif()

file(GLOB ngtcp2_private_pc_dirs LIST_DIRECTORIES true
    "${QP2P_DEPS_DIR}/ngtcp2/usr/lib/*/pkgconfig" "${QP2P_DEPS_DIR}/ngtcp2/usr/lib/pkgconfig")
set(ngtcp2_saved_path "$ENV{PKG_CONFIG_PATH}")
list(JOIN ngtcp2_private_pc_dirs ":" ngtcp2_pc_path)
if(ngtcp2_saved_path)
    string(APPEND ngtcp2_pc_path ":${ngtcp2_saved_path}")
endif()
set(ENV{PKG_CONFIG_PATH} "${ngtcp2_pc_path}")

# The cache would keep the answer for a folder that is gone or that has come since.
if(NOT "${ngtcp2_pc_path}" STREQUAL "${NGTCP2_SEARCHED_PATH}")
    foreach(entry IN ITEMS NGTCP2_FOUND pkgcfg_lib_NGTCP2_ngtcp2
                           pkgcfg_lib_NGTCP2_ngtcp2_crypto_gnutls pkgcfg_lib_NGTCP2_gnutls)
        unset(${entry} CACHE)
    endforeach()
    set(NGTCP2_SEARCHED_PATH "${ngtcp2_pc_path}" CACHE INTERNAL "")
endif()
pkg_check_modules(NGTCP2 QUIET IMPORTED_TARGET ${ngtcp2_modules})

if(NOT NGTCP2_FOUND)
    set(report "")
    foreach(wanted IN LISTS ngtcp2_modules)
        string(REGEX MATCH "^([^>]+)>=(.+)$" _ "${wanted}")
        set(required "${CMAKE_MATCH_2}")
        set(module "${CMAKE_MATCH_1}")
        execute_process(COMMAND "${PKG_CONFIG_EXECUTABLE}" --modversion "${module}"
            OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
        if(found STREQUAL "")
            set(found "none")
        endif()
        string(APPEND report "  ${module}: found ${found}, required ${required} or newer\n")
    endforeach()
    set(ENV{PKG_CONFIG_PATH} "${ngtcp2_saved_path}")
    message(FATAL_ERROR
        "ngtcp2 with its GnuTLS glue is missing or too old.\n${report}"
        "Run installer/dependencies.sh, which unpacks new enough packages into .deps/ without "
        "touching the system's, then configure again.")
endif()
set(ENV{PKG_CONFIG_PATH} "${ngtcp2_saved_path}")

set(NGTCP2_PRIVATE_LIBRARY_DIR "")
if(ngtcp2_private_pc_dirs)
    foreach(folder IN LISTS ngtcp2_private_pc_dirs)
        cmake_path(GET folder PARENT_PATH library_dir)
        file(REAL_PATH "${library_dir}" library_dir)
        foreach(library IN LISTS NGTCP2_LINK_LIBRARIES)
            cmake_path(GET library PARENT_PATH found_dir)
            file(REAL_PATH "${found_dir}" found_dir)
            if(found_dir STREQUAL library_dir)
                set(NGTCP2_PRIVATE_LIBRARY_DIR "${library_dir}")
            endif()
        endforeach()
    endforeach()
endif()

if(NOT TARGET Ngtcp2::GnuTLS)
    add_library(Ngtcp2::GnuTLS INTERFACE IMPORTED GLOBAL)
    target_link_libraries(Ngtcp2::GnuTLS INTERFACE PkgConfig::NGTCP2)
endif()
set(Ngtcp2_FOUND TRUE)
message(STATUS "ngtcp2 ${NGTCP2_libngtcp2_VERSION}, glue ${NGTCP2_libngtcp2_crypto_gnutls_VERSION}, "
    "GnuTLS ${NGTCP2_gnutls_VERSION}")

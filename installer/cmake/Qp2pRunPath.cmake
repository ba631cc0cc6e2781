# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Where our programs and our library look for libraries, before and after they are installed.
#
# CMake can change that path during installation by itself, but pads the one of the build folder with
# ':' to have room. An empty entry is the current folder: a program that is run where somebody else may
# write would load that person's libraries.

# qp2p_set_run_path(<target> DESTINATION <folder> COMPONENT <name> [BUILT <folder>...] [INSTALLED <folder>...])
#
# <target>, which is installed into DESTINATION, looks into BUILT, INSTALLED and the folders of libraries
# that it links from outside of the project; once it is installed only into INSTALLED.
function(qp2p_set_run_path target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESTINATION;COMPONENT" "BUILT;INSTALLED")
    if(NOT UNIX OR APPLE OR CMAKE_SKIP_RPATH OR CMAKE_SKIP_INSTALL_RPATH)
        return()
    endif()
    # The longer path: what replaces it has to fit into its place.
    set_target_properties(${target} PROPERTIES
        BUILD_WITH_INSTALL_RPATH ON
        INSTALL_RPATH_USE_LINK_PATH ON
        INSTALL_RPATH "${arg_BUILT};${arg_INSTALLED}")
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
        return()
    endif()
    set(file "\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${arg_DESTINATION}/$<TARGET_FILE_NAME:${target}>")
    if(IS_ABSOLUTE "${arg_DESTINATION}")
        set(file "\$ENV{DESTDIR}${arg_DESTINATION}/$<TARGET_FILE_NAME:${target}>")
    endif()
    list(JOIN arg_INSTALLED ":" path)
    string(REPLACE "$" "\\$" path "${path}")
    set(change "file(RPATH_SET FILE \"${file}\" NEW_RPATH \"${path}\")")
    if(path STREQUAL "")
        set(change "file(RPATH_REMOVE FILE \"${file}\")")
    endif()
    install(CODE "${change}" COMPONENT ${arg_COMPONENT})
endfunction()

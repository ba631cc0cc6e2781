# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Installs the build folder BUILD_DIR for the tests that look at it from outside, and moves the result
# to PREFIX: what is installed must not know where it was installed to.

file(REMOVE_RECURSE "${PREFIX}" "${PREFIX}.first")
execute_process(
    COMMAND "${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${PREFIX}.first"
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(RENAME "${PREFIX}.first" "${PREFIX}")

file(GLOB_RECURSE headers RELATIVE "${PREFIX}" "${PREFIX}/include/*")
foreach(header IN LISTS headers)
    if(NOT header MATCHES "^include/qp2pcore/[a-z0-9_]+\\.h$" OR header MATCHES "_p\\.h$")
        message(SEND_ERROR "${header} is installed, but only the public face should be")
    endif()
endforeach()
foreach(header IN ITEMS qp2pcore_export.h version.h)
    if(NOT EXISTS "${PREFIX}/include/qp2pcore/${header}")
        message(SEND_ERROR "include/qp2pcore/${header} is not installed")
    endif()
endforeach()

# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Configures, builds and runs a project that finds Qp2pCore in PREFIX as anybody's project would.

file(REMOVE_RECURSE "${WORK_DIR}")
execute_process(
    COMMAND "${CMAKE_COMMAND}" -S "${SOURCE_DIR}" -B "${WORK_DIR}" -G "${GENERATOR}"
        "-DCMAKE_CXX_COMPILER=${COMPILER}"
        "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}"
        "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}"
        "-DCMAKE_CXX_FLAGS=${FLAGS}"
        "-DCMAKE_PREFIX_PATH=${PREFIX}"
        "-DQt6_DIR=${QT_DIR}"
    COMMAND_ERROR_IS_FATAL ANY)
execute_process(
    COMMAND "${CMAKE_COMMAND}" --build "${WORK_DIR}"
    COMMAND_ERROR_IS_FATAL ANY)

if(RUN)
    execute_process(
        COMMAND "${WORK_DIR}/${RUN}"
        OUTPUT_VARIABLE output
        COMMAND_ECHO STDOUT ECHO_OUTPUT_VARIABLE COMMAND_ERROR_IS_FATAL ANY)
    string(FIND "${output}" "${EXPECTED}" position)
    if(position EQUAL -1)
        message(SEND_ERROR "The program printed '${output}', which has no '${EXPECTED}' in it")
    endif()
endif()

# Where the system's ngtcp2 is too old, the installed library must bring its own.
if(RUN AND PRIVATE_LIBRARY_DIR)
    execute_process(
        COMMAND ldd "${WORK_DIR}/${RUN}"
        OUTPUT_VARIABLE libraries
        COMMAND_ERROR_IS_FATAL ANY)
    foreach(library IN ITEMS libngtcp2.so libngtcp2_crypto_gnutls.so)
        string(REGEX MATCH "${library}[^\n]*=> ([^ \n]*)" found "${libraries}")
        if(found STREQUAL "" AND NOT library STREQUAL "libngtcp2.so")
            continue() # a static qp2pcore leaves out what the program does not use
        endif()
        cmake_path(SET loaded NORMALIZE "${CMAKE_MATCH_1}")
        cmake_path(IS_PREFIX PRIVATE_LIBRARY_DIR "${loaded}" is_private)
        if(NOT is_private)
            message(SEND_ERROR "${library} is loaded from '${loaded}', not from ${PRIVATE_LIBRARY_DIR}")
        endif()
    endforeach()
endif()

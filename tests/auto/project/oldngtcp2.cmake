# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# An ngtcp2 that is too old is refused at configure time, with what was found, what is needed and the
# command that fixes it.

file(REMOVE_RECURSE "${WORK_DIR}")
foreach(module IN ITEMS libngtcp2 libngtcp2_crypto_gnutls)
    file(WRITE "${WORK_DIR}/pkgconfig/${module}.pc"
        "Name: ${module}\nDescription: too old\nVersion: 1.11.0\nLibs:\nCflags:\n")
endforeach()

execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env "PKG_CONFIG_PATH=${WORK_DIR}/pkgconfig"
        "${CMAKE_COMMAND}" -S "${SOURCE_DIR}" -B "${WORK_DIR}/build" -G "${GENERATOR}"
        "-DCMAKE_CXX_COMPILER=${COMPILER}"
        "-DQt6_DIR=${QT_DIR}"
        "-DQP2P_DEPS_DIR=${WORK_DIR}/none"
    OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)

if(result EQUAL 0)
    message(FATAL_ERROR "ngtcp2 1.11.0 was accepted:\n${output}")
endif()
# CMake breaks its messages into lines as it likes.
string(REGEX REPLACE "[ \n]+" " " words "${output}")
foreach(expected IN ITEMS
        "libngtcp2: found 1.11.0, required 1.22.1"
        "libngtcp2_crypto_gnutls: found 1.11.0, required 1.11"
        "Run installer/dependencies.sh")
    string(FIND "${words}" "${expected}" position)
    if(position EQUAL -1)
        message(SEND_ERROR "'${expected}' is not in what was printed:\n${output}")
    endif()
endforeach()

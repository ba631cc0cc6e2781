# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Compiler settings of our own targets, in one interface target that is linked privately and never
# reaches a user of the library.

add_library(qp2p_options INTERFACE)
target_compile_features(qp2p_options INTERFACE cxx_std_20)

target_compile_definitions(qp2p_options INTERFACE
    QT_NO_CAST_FROM_ASCII
    QT_NO_CAST_FROM_BYTEARRAY
    QT_NO_CAST_TO_ASCII
    QT_NO_CONTEXTLESS_CONNECT
    QT_NO_FOREACH
    QT_NO_JAVA_STYLE_ITERATORS
    QT_NO_KEYWORDS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    QT_NO_URL_CAST_FROM_STRING
    QT_STRICT_ITERATORS
    QT_USE_QSTRINGBUILDER
    QT_DISABLE_DEPRECATED_BEFORE=0x060400
    $<$<BOOL:${QP2P_ASSERTS}>:QT_FORCE_ASSERTS>)

if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(qp2p_options INTERFACE
        -Wall
        -Wextra
        -Wpedantic
        -Wconversion
        -Wextra-semi
        -Wformat=2
        -Wnon-virtual-dtor
        -Woverloaded-virtual
        -Wshadow
        -Wundef
        $<$<BOOL:${QP2P_WARNINGS_AS_ERRORS}>:-Werror>)
    if(QP2P_SANITIZE)
        # A report that does not end the program would let a test pass.
        target_compile_options(qp2p_options INTERFACE
            -fsanitize=${QP2P_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
        target_link_options(qp2p_options INTERFACE -fsanitize=${QP2P_SANITIZE})
    endif()
elseif(QP2P_SANITIZE)
    message(FATAL_ERROR "QP2P_SANITIZE needs GCC or Clang; leave it empty for ${CMAKE_CXX_COMPILER_ID}.")
endif()

include(Qp2pHardening)

# Generated code is not ours to fix. clang-tidy refuses to run without any check, so one stays that
# finds nothing there.
if(CMAKE_CXX_CLANG_TIDY)
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/.clang-tidy"
        CONTENT "Checks: '-*,misc-definitions-in-headers'\nInheritParentConfig: false\n")
endif()

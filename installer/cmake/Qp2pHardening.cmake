# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# What makes a fault in memory end a program instead of serving an attacker, in the release builds
# (Release, RelWithDebInfo, MinSizeRel): the flags of Debian's packages, as far as compiler and
# processor know them. They are on qp2p_options, which every target of ours uses. Never together with
# sanitizers, which watch more closely and which -D_FORTIFY_SOURCE would hide faults from.
#
# Sets QP2P_HARDENING to the flags in use, for the test that looks at the files.

set(QP2P_HARDENING "")
if(QP2P_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    return()
endif()

include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)

# Programs at a random address: -fPIE alone would not do, so this also finds the flag for the linker.
check_pie_supported(LANGUAGES CXX)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "QP2P_HAS${flag}" known)
    # A warning counts as "no": Clang only warns of what a processor does not have.
    set(CMAKE_REQUIRED_FLAGS -Werror)
    check_cxx_compiler_flag("${flag}" ${known})
    if(${known})
        list(APPEND qp2p_hardening_compile "${flag}")
    endif()
endforeach()

# Who builds packages passes a level of his own, and some compilers have one built in: a second
# definition would be a warning in every file. glibc only has it in optimised code.
set(CMAKE_REQUIRED_FLAGS "-O2 -Werror")
check_cxx_source_compiles("
    #include <cstdlib>
    #ifdef _FORTIFY_SOURCE
    #error built in
    #endif
    int main() {}" QP2P_FORTIFY_IS_FREE)
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
if(QP2P_FORTIFY_IS_FREE AND NOT "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}" MATCHES "_FORTIFY_SOURCE")
    foreach(level IN ITEMS 3 2)
        set(CMAKE_REQUIRED_DEFINITIONS -D_FORTIFY_SOURCE=${level})
        check_cxx_source_compiles("
            #include <cstdlib>
            #include <cstring>
            int main() {}" QP2P_HAS_FORTIFY_${level})
        if(QP2P_HAS_FORTIFY_${level})
            list(APPEND qp2p_hardening_compile -D_FORTIFY_SOURCE=${level})
            break()
        endif()
    endforeach()
    unset(CMAKE_REQUIRED_DEFINITIONS)
endif()
unset(CMAKE_REQUIRED_FLAGS)

# All symbols are looked up at the start, and their table is then read-only.
foreach(flag IN ITEMS relro now)
    check_linker_flag(CXX "LINKER:-z,${flag}" QP2P_HAS_Z_${flag})
    if(QP2P_HAS_Z_${flag})
        list(APPEND qp2p_hardening_link "LINKER:-z,${flag}")
    endif()
endforeach()

set(is_release "$<CONFIG:Release,RelWithDebInfo,MinSizeRel>")
target_compile_options(qp2p_options INTERFACE "$<${is_release}:${qp2p_hardening_compile}>")
target_link_options(qp2p_options INTERFACE "$<${is_release}:${qp2p_hardening_link}>")
if(CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
    set(QP2P_HARDENING ${qp2p_hardening_compile} ${qp2p_hardening_link})
endif()

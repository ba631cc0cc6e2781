# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# A faster linker for the many programs of the tests, where it is there: with sanitizers the usual one takes
# several seconds for each.

include(CheckLinkerFlag)

if(QP2P_BUILD_TESTS)
    find_program(QP2P_MOLD mold)
    mark_as_advanced(QP2P_MOLD)
    if(QP2P_MOLD)
        check_linker_flag(CXX -fuse-ld=mold QP2P_HAS_MOLD) # g++ knows it since 12
    endif()
    if(QP2P_HAS_MOLD)
        add_link_options(-fuse-ld=mold)
    endif()
endif()

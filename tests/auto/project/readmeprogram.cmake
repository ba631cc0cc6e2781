# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# The programs in the README and the pages of qp2pcore/doc are, to the letter, those that other tests build and run. They
# show no others. DOCUMENTS and PROGRAMS: paths with | between.

string(REPLACE "|" ";" DOCUMENTS "${DOCUMENTS}")
string(REPLACE "|" ";" PROGRAMS "${PROGRAMS}")
set(shown 0)
set(text "")
foreach(path IN LISTS DOCUMENTS)
    file(READ "${path}" document)
    string(REGEX MATCHALL "```cpp\n" blocks "${document}")
    list(LENGTH blocks count)
    math(EXPR shown "${shown} + ${count}")
    string(APPEND text "${document}")
endforeach()
list(LENGTH PROGRAMS known)
if(NOT shown EQUAL known)
    message(FATAL_ERROR "The documents show ${shown} programs, and ${known} are built and run by tests")
endif()
foreach(path IN LISTS PROGRAMS)
    file(READ "${path}" program)
    string(FIND "${program}" "#include <qp2pcore/" start)
    string(SUBSTRING "${program}" ${start} -1 program)
    string(FIND "${text}" "```cpp\n${program}```" position)
    if(position EQUAL -1)
        message(FATAL_ERROR "No document shows ${path} from its first include on; copy it there")
    endif()
endforeach()

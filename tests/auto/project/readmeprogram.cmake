# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# The programs in the README are, to the letter, those that other tests build and run. It shows no others.

string(REPLACE "|" ";" PROGRAMS "${PROGRAMS}")
file(READ "${README}" readme)
string(REGEX MATCHALL "```cpp\n" shown "${readme}")
list(LENGTH shown shown)
list(LENGTH PROGRAMS known)
if(NOT shown EQUAL known)
    message(FATAL_ERROR "README.md shows ${shown} programs, and ${known} are built and run by tests")
endif()
foreach(path IN LISTS PROGRAMS)
    file(READ "${path}" program)
    string(FIND "${program}" "#include <qp2pcore/" start)
    string(SUBSTRING "${program}" ${start} -1 program)
    string(FIND "${readme}" "```cpp\n${program}```" position)
    if(position EQUAL -1)
        message(FATAL_ERROR "README.md does not show ${path} from its first include on; copy it there")
    endif()
endforeach()

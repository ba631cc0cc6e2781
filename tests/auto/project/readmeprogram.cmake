# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# The program in the README is the one that the test "consumer" builds and runs, to the letter.

file(READ "${README}" readme)
file(READ "${PROGRAM}" program)
string(FIND "${program}" "#include <qp2pcore/" start)
string(SUBSTRING "${program}" ${start} -1 program)
string(FIND "${readme}" "```cpp\n${program}```" position)
if(position EQUAL -1)
    message(FATAL_ERROR "README.md does not show ${PROGRAM} from its first include on; copy it there")
endif()

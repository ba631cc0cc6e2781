# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# CHECK complete: no text of a catalogue in FOLDER lacks its translation, and none is a left-over.
# CHECK current: lupdate (LUPDATE, with OPTIONS) would change nothing in them. WORK_DIR is for the copies.

file(GLOB catalogues "${FOLDER}/*.ts")
list(LENGTH catalogues count)
if(count LESS 2)
    message(FATAL_ERROR "There are fewer than two catalogues in ${FOLDER}.")
endif()

if(CHECK STREQUAL "complete")
    foreach(catalogue IN LISTS catalogues)
        file(READ "${catalogue}" text)
        string(REGEX MATCHALL "type=\"(unfinished|vanished|obsolete)\"" found "${text}")
        list(LENGTH found found_count)
        if(found_count GREATER 0)
            message(SEND_ERROR "${catalogue} has ${found_count} texts that are not translated, or no longer used.")
        endif()
        string(REGEX MATCH "<translation></translation>|<numerusform></numerusform>" empty "${text}")
        if(empty)
            message(SEND_ERROR "${catalogue} has an empty translation.")
        endif()
    endforeach()
    return()
endif()

file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
foreach(catalogue IN LISTS catalogues)
    cmake_path(GET catalogue FILENAME name)
    string(REGEX REPLACE "qp2p_(.*)\\.ts" "\\1" language "${name}")
    file(COPY "${catalogue}" DESTINATION "${WORK_DIR}")
    set(plural_only)
    if(language STREQUAL "en")
        set(plural_only -pluralonly)
    endif()
    execute_process(
        COMMAND "${LUPDATE}" ${OPTIONS} ${plural_only} -target-language ${language}
            -ts "${WORK_DIR}/${name}"
        COMMAND_ERROR_IS_FATAL ANY)
    file(READ "${catalogue}" before)
    file(READ "${WORK_DIR}/${name}" after)
    if(NOT before STREQUAL after)
        message(SEND_ERROR "${catalogue} is not what the sources say. "
            "Run cmake --build BUILD_DIR --target translations, and translate what is new.")
    endif()
endforeach()

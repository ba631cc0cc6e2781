# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Unity builds: several sources of a part are compiled as one, so that headers and templates are compiled once for
# all of them. Good for a build from scratch (presets release and dev-asan), bad for one change after the other
# (preset dev, where every file also shows that it includes what it uses). Names in unnamed namespaces have to differ
# within a part.

option(QP2P_UNITY_BUILDS "Compile several sources of a part as one" OFF)
add_feature_info(unity-builds QP2P_UNITY_BUILDS "several sources are compiled as one")

# qp2p_unite(<target>...)
function(qp2p_unite)
    if(QP2P_UNITY_BUILDS)
        set_target_properties(${ARGN} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 16)
    endif()
endfunction()

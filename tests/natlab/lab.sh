# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
# shellcheck shell=bash
#
# A small internet in namespaces: public hosts on one bridge, routers with NATs, hosts behind them.
# Source it inside labrun. Public addresses are of 11.0.0.0/16, which no program takes for private.

[ -n "${NATLAB_INSIDE-}" ] || { echo "source this inside labrun" >&2; exit 77; }

ns() { # name command...
    local name=$1
    shift
    nsenter --net="/run/netns/$name" -- "$@"
}

lab_ns() { # name
    ip netns add "$1"
    ip -n "$1" link set lo up
    # One family is enough here, and duplicate address detection takes seconds. Without the bridge's own
    # filter, packets that a router has translated are not translated again.
    ns "$1" sh -c 'cd /proc/sys/net || exit
        echo 1 >ipv6/conf/all/disable_ipv6; echo 1 >ipv6/conf/default/disable_ipv6
        for f in ip ip6 arp; do echo 0 >bridge/bridge-nf-call-${f}tables; done' 2>/dev/null
    return 0
}

lab_plug() { # name interface address/length gateway bridge-namespace bridge
    local port=p_$1
    ip link add "$2" netns "$1" type veth peer name "${port:0:15}" netns "$5"
    ip -n "$5" link set "${port:0:15}" master "$6" up
    ip -n "$1" addr add "$3" dev "$2"
    ip -n "$1" link set "$2" up
    ip -n "$1" route add default via "$4"
}

lab_bridge() { # name bridge address/length
    ip -n "$1" link add "$2" type bridge stp_state 0 forward_delay 0
    ip -n "$1" addr add "$3" dev "$2"
    ip -n "$1" link set "$2" up
}

lab_internet() {
    lab_ns inet
    lab_bridge inet br0 11.0.0.1/16
}

# For a namespace without interfaces: those that it gets have IPv6, without the seconds of duplicate address
# detection.
lab_ipv6() { # name
    ns "$1" sh -c 'cd /proc/sys/net/ipv6/conf &&
        for d in all default; do echo 0 >$d/disable_ipv6; echo 0 >$d/accept_dad; done'
}

lab_internet6() {
    lab_ns inet
    lab_ipv6 inet
    lab_bridge inet br0 2a00::1/16
}

lab_public6() { # name address-of-2a00::/16
    lab_ns "$1"
    lab_ipv6 "$1"
    lab_plug "$1" eth0 "$2/16" 2a00::1 inet br0
}

lab_public() { # name address
    lab_ns "$1"
    lab_plug "$1" eth0 "$2/16" 11.0.0.1 inet br0
}

# Further public addresses of a host, of any network; everybody reaches them through the gateway.
lab_addresses() { # name address...
    local name=$1 address
    shift
    ns inet sh -c 'cd /proc/sys/net/ipv4 && echo 1 >ip_forward && echo 0 >conf/all/send_redirects &&
        echo 0 >conf/br0/send_redirects'
    for address in "$@"; do
        ip -n "$name" addr add "$address/32" dev eth0
        ip -n inet route replace "$address/32" dev br0
    done
}

# One more address, of any network, from which the programs of a public host dial.
lab_source() { # name address
    lab_addresses "$1" "$2"
    ip -n "$1" route replace 11.0.0.0/16 dev eth0 src "$2"
    ip -n "$1" route replace default via 11.0.0.1 src "$2"
}

# A router; type "port" lets in what was sent to, address and port (every Linux router with masquerade),
# "addr" any port of an address that was sent to, both with the port kept (RFC 4787 sections 4 and 5). "sym" lets in what
# "port" does, and gives every destination another port.
lab_router() { # name public-address type
    lab_ns "$1"
    lab_plug "$1" wan "$2/16" 11.0.0.1 inet br0
    lab_bridge "$1" lan 192.168.1.1/24
    ns "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
    local before='' masquerade=masquerade
    [ "$3" = sym ] && masquerade='masquerade fully-random'
    [ "$3" = addr ] && before='iifname "wan" udp dport . ip saddr @sentto dnat ip to udp dport map @inside'
    ns "$1" nft -f - <<RULES
table ip nat {
  map inside { type inet_service : ipv4_addr . inet_service; flags dynamic,timeout; timeout 120s; size 65535; }
  set sentto { type inet_service . ipv4_addr; flags dynamic,timeout; timeout 120s; size 65535; }
  chain before { type nat hook prerouting priority dstnat; policy accept; $before
  }
  chain after { type nat hook postrouting priority srcnat; policy accept; oifname "wan" $masquerade
  }
  chain learn { type filter hook postrouting priority 300; policy accept;
    oifname "wan" meta l4proto udp ct direction original update @inside { udp sport : ct original ip saddr . ct original proto-src } update @sentto { udp sport . ip daddr }
  }
}
table inet filter {
  chain input { type filter hook input priority filter; policy accept;
    ct state established,related accept
    iifname "wan" drop
  }
  chain forward { type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname "lan" accept
    iifname "wan" ct status dnat accept
  }
}
RULES
}

# What the owner of a router sets up by hand.
lab_forward() { # router outside-port host inside-port
    ns "$1" nft add rule ip nat before iifname wan udp dport "$2" dnat to "$3:$4"
}

lab_host() { # name router address
    lab_ns "$1"
    lab_plug "$1" eth0 "$3/24" 192.168.1.1 "$2" lan
}

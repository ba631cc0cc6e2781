# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
# shellcheck shell=bash
#
# The kinds of access of nattypes.txt, made of real routers. Source it after lab.sh.

# Every port of a block as an entry of a map "number : address . port". With the number itself as the port
# nftables 1.0.6 would take it in the wrong byte order.
nat_ports() { # address first count
    seq 0 $(($3 - 1)) | awk -v address="$1" -v first="$2" \
        '{ printf "%s%d : %s . %d", (NR > 1 ? ", " : ""), $1, address, first + $1 }'
}

# The rules of a router: type[+hairpin]. Beside conntrack, whose filter is the strictest, routers that let in more
# remember which socket has which public port (inside), and which addresses it has sent to (sentto).
nat_rules() { # public-address type
    local public=$1 type=$2 before='' source='masquerade' input='iifname "wan" drop' forward='' hairpin=''
    case ${type%+hairpin} in
    port) ;;
    port+reject) input='' ;;
    fullcone) before='iifname "wan" meta l4proto udp dnat ip to udp dport map @inside' ;;
    addr) before='iifname "wan" udp dport . ip saddr @sentto dnat ip to udp dport map @inside' ;;
    block) # of a carrier: RFC 6888
        before='iifname "wan" meta l4proto udp dnat ip to udp dport map @inside'
        source="meta l4proto udp snat ip to $public:20000-28191 persistent"
        ;;
    sym) source='masquerade fully-random' ;;
    symseq) source="meta l4proto udp snat ip to numgen inc mod 2000 map { $(nat_ports "$public" 40000 2000) }" ;;
    symaddr)
        source="meta l4proto udp snat ip to jhash ip saddr . udp sport . ip daddr mod 8192 map { $(nat_ports "$public" 40000 8192) }"
        ;;
    udpblock) forward='meta l4proto udp drop' ;;
    *)
        echo "no rules for a router of type $type" >&2
        return 1
        ;;
    esac
    if [[ $type == *+hairpin ]]; then
        before="$before
    iifname \"lan\" ip daddr $public meta l4proto udp dnat ip to udp dport map @inside"
        hairpin="iifname \"lan\" oifname \"lan\" ct status dnat meta l4proto udp snat ip to $public"
    fi
    cat <<RULES
table ip nat {
  map inside { type inet_service : ipv4_addr . inet_service; flags dynamic,timeout; timeout 120s; size 65535; }
  set sentto { type inet_service . ipv4_addr; flags dynamic,timeout; timeout 120s; size 65535; }
  chain before { type nat hook prerouting priority dstnat; policy accept;
    $before
  }
  chain after { type nat hook postrouting priority srcnat; policy accept;
    $hairpin
    oifname "wan" $source
  }
  chain learn { type filter hook postrouting priority 300; policy accept;
    oifname "wan" meta l4proto udp ct direction original update @inside { udp sport : ct original ip saddr . ct original proto-src } update @sentto { udp sport . ip daddr }
  }
}
table inet filter {
  chain input { type filter hook input priority filter; policy accept;
    ct state established,related accept
    $input
  }
  chain forward { type filter hook forward priority filter; policy drop;
    $forward
    ct state established,related accept
    iifname "lan" accept
    iifname "wan" ct status dnat accept
  }
}
RULES
}

nat_router() { # name public-address type lan-network upstream-namespace upstream-bridge upstream-length gateway
    lab_ns "$1"
    lab_plug "$1" wan "$2/$7" "$8" "$5" "$6"
    lab_bridge "$1" lan "$4.1/24"
    ns "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
    nat_rules "$2" "$3" | ns "$1" nft -f -
}

# A host with an access of a type of nattypes.txt; $address is its own address afterwards.
nat_host() { # name public-address type
    local name=$1 public=$2 type=$3
    case $type in
    none | fw)
        lab_public "$name" "$public"
        address=$public
        [ "$type" = none ] || ns "$name" nft -f - <<'RULES'
table inet filter {
  chain input { type filter hook input priority filter; policy drop;
    ct state established,related accept
    iif lo accept
  }
}
RULES
        return
        ;;
    cgn_eif | cgn_port)
        local carrier=port
        [ "$type" = cgn_port ] || carrier=block
        nat_router "$name-c" "$public" $carrier 100.64.0 inet br0 16 11.0.0.1
        nat_router "$name-r" 100.64.0.2 port 192.168.1 "$name-c" lan 24 100.64.0.1
        ;;
    *) nat_router "$name-r" "$public" "$type" 192.168.1 inet br0 16 11.0.0.1 ;;
    esac
    address=192.168.1.2
    lab_host "$name" "$name-r" $address
}

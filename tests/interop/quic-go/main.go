package main

import _ "github.com/quic-go/quic-go"

func main() {}

// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

package main

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"time"
)

// rssKib is the resident memory of this process, in KiB.
func rssKib() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			return strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
		}
	}
	return 0, errors.New("/proc/self/status has no VmRSS")
}

// percentile of times that are sorted, and at least one.
func percentile(sorted []time.Duration, p int) time.Duration {
	return sorted[max((len(sorted)*p+99)/100, 1)-1]
}

func ms(time time.Duration) float64 { return float64(time.Nanoseconds()) / 1e6 }

func us(time time.Duration) float64 { return float64(time.Nanoseconds()) / 1e3 }

// fairness is Jain's index: 1 where all got as much, 1/n where one of n got everything.
func fairness(shares []int64) float64 {
	var sum, squares float64
	for _, share := range shares {
		sum += float64(share)
		squares += float64(share) * float64(share)
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / (float64(len(shares)) * squares)
}

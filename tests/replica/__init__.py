"""The newspaper's site on loopback, with specimen articles and switchable faults: for tests and `goc-nhin demo`."""

module kube-latency/bench/rtt/reflector

go 1.26

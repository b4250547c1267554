// Prints, as JSON, what kind makes of a cluster configuration: its nodes with their mounts and ports, and the kubeadm
// configuration of each. No engine is asked; node addresses are made up.
//
//	render CONFIG KUBERNETES_VERSION
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/kind/pkg/cluster/internal/kubeadm"
	"sigs.k8s.io/kind/pkg/cluster/internal/providers/common"
	"sigs.k8s.io/kind/pkg/internal/apis/config"
	"sigs.k8s.io/kind/pkg/internal/apis/config/encoding"
	"sigs.k8s.io/kind/pkg/internal/patch"
)

type node struct {
	Name    string
	Role    config.NodeRole
	Mounts  []config.Mount
	Ports   []config.PortMapping
	Kubeadm string
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: render CONFIG KUBERNETES_VERSION"))
	}
	cluster, err := encoding.Load(os.Args[1])
	if err != nil {
		fail(err)
	}
	// The defaults that a run of kind sets before it validates.
	config.SetDefaultsCluster(cluster)
	if err := cluster.Validate(); err != nil {
		fail(err)
	}
	namer := common.MakeNodeNamer(cluster.Name)
	nodes := []node{}
	for index, each := range cluster.Nodes {
		name := namer(string(each.Role))
		rendered, err := render(cluster, each, name, fmt.Sprintf("172.18.0.%d", index+2))
		if err != nil {
			fail(fmt.Errorf("%s: %w", name, err))
		}
		nodes = append(nodes, node{name, each.Role, each.ExtraMounts, each.ExtraPortMappings, rendered})
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"name": cluster.Name, "nodes": nodes}); err != nil {
		fail(err)
	}
}

func render(cluster *config.Cluster, node config.Node, name, address string) (string, error) {
	rendered, err := kubeadm.Config(kubeadm.ConfigData{
		NodeProvider:         "docker",
		ClusterName:          cluster.Name,
		KubernetesVersion:    os.Args[2],
		ControlPlaneEndpoint: fmt.Sprintf("%s-control-plane:%d", cluster.Name, common.APIServerInternalPort),
		APIBindPort:          common.APIServerInternalPort,
		APIServerAddress:     cluster.Networking.APIServerAddress,
		Token:                kubeadm.Token,
		PodSubnet:            cluster.Networking.PodSubnet,
		KubeProxyMode:        string(cluster.Networking.KubeProxyMode),
		ServiceSubnet:        cluster.Networking.ServiceSubnet,
		ControlPlane:         node.Role == config.ControlPlaneRole,
		IPFamily:             cluster.Networking.IPFamily,
		FeatureGates:         cluster.FeatureGates,
		RuntimeConfig:        cluster.RuntimeConfig,
		NodeAddress:          address,
		NodeName:             name,
	})
	if err != nil {
		return "", err
	}
	rendered, err = patch.KubeYAML(rendered, cluster.KubeadmConfigPatches, cluster.KubeadmConfigPatchesJSON6902)
	if err != nil {
		return "", err
	}
	rendered, err = patch.KubeYAML(rendered, node.KubeadmConfigPatches, node.KubeadmConfigPatchesJSON6902)
	// kind takes this away too: it only serves the patches.
	return strings.ReplaceAll(rendered, "metadata:\n  name: config\n", ""), err
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

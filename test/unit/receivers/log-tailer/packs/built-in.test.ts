import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { builtInPacksFile, builtInPacksText } from '../../../../../build/log-packs-text.ts';
import {
  builtInPack,
  builtInPacks,
  type BuiltInPack,
} from '../../../../../receivers/log-tailer/packs/built-in.ts';
import { compilePack } from '../../../../../receivers/log-tailer/scan/compile-pack.ts';
import { needsExpression } from '../../../../../receivers/log-tailer/scan/pattern.ts';
import { scanLogs } from '../../../../support/log-scanning.ts';

/** Events of node-latency-for-k8s, Pod Scheduled of its branch for journals, and the end of what systemd starts. */
const classicMetrics = [
  'pod_created',
  'fleet_requested',
  'instance_pending',
  'vm_initialized',
  'network_start',
  'network_ready',
  'cloudinit_initial_start',
  'cloudinit_config_start',
  'cloudinit_final_start',
  'cloudinit_final_finish',
  'conatinerd_start',
  'conatinerd_initialized',
  'kubelet_start',
  'kubelet_initialized',
  'kubelet_registered',
  'kube_proxy_start',
  'vpc_cni_init_start',
  'aws_node_start',
  'vpc_cni_plugin_initialized',
  'kube_apiserver_throttled',
  'node_ready',
  'pod_ready',
  'pod_scheduled',
  'startup_finished',
];

const klog = 'I1128 02:59:14.598227    5712';
const time = 'time="2024-11-28T02:59:16.373083938Z" level=info';
const sandbox = String.raw`msg="CreateContainer within sandbox \"8a58\" for`;

/** Lines as nodes write them, and what each tells; undefined: nothing. */
const lines: Readonly<Record<string, readonly (readonly [string, string | undefined])[]>> = {
  'systemd before 250': [
    ['systemd: Reached target Network (Pre).', 'network_start'],
    ['systemd[1]: Reached target Preparation for Network.', 'network_start'],
    ['systemd: Reached target Network.', 'network_ready'],
    ['systemd[1]: Reached target Network is Online.', undefined],
    ['systemd[1]: Starting containerd container runtime...', 'conatinerd_start'],
    ['systemd[1]: Started containerd container runtime.', 'conatinerd_initialized'],
    ['systemd[1]: Starting Kubernetes Kubelet...', 'kubelet_start'],
    ['systemd[1]: Started Kubernetes Kubelet.', undefined],
    ['systemd[1]: Started kubelet: The Kubernetes Node Agent.', 'kubelet_start'],
  ],
  'systemd 250 and later': [
    ['systemd[1]: Reached target network-pre.target - Preparation for Network.', 'network_start'],
    ['systemd[1]: Reached target network.target - Network.', 'network_ready'],
    ['systemd[1]: Reached target network-online.target - Network is Online.', undefined],
    [
      'systemd[1]: Starting containerd.service - containerd container runtime...',
      'conatinerd_start',
    ],
    [
      'systemd[1]: Started containerd.service - containerd container runtime.',
      'conatinerd_initialized',
    ],
    ['systemd[1]: Starting kubelet.service - Kubernetes Kubelet...', 'kubelet_start'],
    ['systemd[1]: Started kubelet.service - kubelet: The Kubernetes Node Agent.', 'kubelet_start'],
  ],
  kernel: [
    ['kernel: Linux version 5.4.219 (builder@host) #1 SMP', 'vm_initialized'],
    ['kernel: [    0.000000] Linux version 6.8.0-1029-aws (buildd@host)', 'vm_initialized'],
  ],
  'cloud-init': [
    ["cloud-init: Cloud-init v. 19.3-46.amzn2 running 'init' at Mon", 'cloudinit_initial_start'],
    [
      "cloud-init[517]: Cloud-init v. 24.4-0ubuntu1~22.04.1 running 'init' at Fri",
      'cloudinit_initial_start',
    ],
    ["cloud-init[517]: Cloud-init v. 24.4-0ubuntu1~22.04.1 running 'init-local' at Fri", undefined],
    [
      "cloud-init[517]: Cloud-init v. 24.4 running 'modules:config' at Fri",
      'cloudinit_config_start',
    ],
    ["cloud-init[517]: Cloud-init v. 24.4 running 'modules:final' at Fri", 'cloudinit_final_start'],
    ['cloud-init[517]: Cloud-init v. 24.4 finished at Fri', 'cloudinit_final_finish'],
  ],
  kubelet: [
    [`kubelet[5712]: ${klog} server.go:1181] "Started kubelet"`, 'kubelet_initialized'],
    [`kubelet[5712]: ${klog} server.go:944] Started kubelet`, 'kubelet_initialized'],
    [
      `kubelet[5712]: ${klog} x.go:73] "Successfully registered node" node="a"`,
      'kubelet_registered',
    ],
    [`kubelet[5712]: ${klog} x.go:73] Successfully registered node a`, 'kubelet_registered'],
    [
      `kubelet[5712]: ${klog} x.go:563] "Recording event message for node" node="a" event="NodeReady"`,
      'node_ready',
    ],
    [
      `kubelet[5712]: ${klog} x.go:431] "Fast updating node status as it just became ready"`,
      'node_ready',
    ],
    [
      `kubelet[5712]: ${klog} x.go:563] "Recording event message for node" node="a" event="NodeNotReady"`,
      undefined,
    ],
    [
      `kubelet[5712]: ${klog} k.go:1] "SyncLoop (PLEG): event for pod" pod="default/a" event=&{ID:1 Type:ContainerStarted Data:2}`,
      'pod_ready',
    ],
    [
      `kubelet[5712]: ${klog} k.go:1] "SyncLoop (PLEG): event for pod" pod="default/a" event={"ID":"1","Type":"ContainerStarted","Data":"2"}`,
      'pod_ready',
    ],
    [
      `kubelet[5712]: ${klog} k.go:1] "SyncLoop (PLEG): event for pod" pod="default/a" event={"ID":"1","Type":"ContainerDied","Data":"2"}`,
      undefined,
    ],
    [
      `kubelet[5712]: ${klog} k.go:1] "SyncLoop (PLEG): event for pod" pod="not-default/a" event={"ID":"1","Type":"ContainerStarted","Data":"2"}`,
      undefined,
    ],
    [
      `kubelet[5712]: ${klog} r.go:1] Waited for 1.19s due to client-side throttling, not priority and fairness, request: GET:https://a`,
      'kube_apiserver_throttled',
    ],
    [
      `kubelet[5712]: ${klog} r.go:1] "Waited before sending request" delay="1.1s" reason="client-side throttling, not priority and fairness"`,
      'kube_apiserver_throttled',
    ],
  ],
  'containerd before 2.2': [
    [
      String.raw`containerd[9]: ${time} ${sandbox} container &ContainerMetadata{Name:kube-proxy,Attempt:0,}"`,
      undefined,
    ],
    [
      String.raw`containerd[9]: ${time} ${sandbox} &ContainerMetadata{Name:kube-proxy,Attempt:0,} returns container id \"1\""`,
      'kube_proxy_start',
    ],
    [
      String.raw`containerd[9]: ${time} ${sandbox} &ContainerMetadata{Name:kube-proxy-other,Attempt:0,} returns container id \"1\""`,
      undefined,
    ],
  ],
  'containerd 2.2 and later': [
    [String.raw`containerd[9]: ${time} ${sandbox} container name:\"kube-proxy\""`, undefined],
    [
      String.raw`containerd[9]: ${time} ${sandbox} name:\"kube-proxy\" returns container id \"1\""`,
      'kube_proxy_start',
    ],
    [
      String.raw`containerd[9]: ${time} ${sandbox} name:\"kube-proxy\"  attempt:1 returns container id \"1\""`,
      'kube_proxy_start',
    ],
    [
      'containerd[9]: CreateContainer within sandbox "8" for name:"kube-proxy" returns container id "1"',
      'kube_proxy_start',
    ],
  ],
};

const ofPacks: Readonly<
  Partial<Record<BuiltInPack, readonly (readonly [string, string | undefined])[]>>
> = {
  eks: [
    [
      String.raw`containerd[9]: ${time} ${sandbox} &ContainerMetadata{Name:aws-node,Attempt:0,} returns container id \"1\""`,
      'aws_node_start',
    ],
    [
      String.raw`containerd[9]: ${time} ${sandbox} name:\"aws-vpc-cni-init\" returns container id \"1\""`,
      'vpc_cni_init_start',
    ],
  ],
  al2023: [
    ['systemd[1]: Starting nodeadm-config.service - EKS Nodeadm Config...', 'nodeadm_config_start'],
    ['systemd[1]: Finished nodeadm-run.service - EKS Nodeadm Run.', 'nodeadm_run_finish'],
  ],
  bottlerocket: [
    ['systemd[1]: Starting Kubelet...', 'kubelet_start'],
    [`kubelet[1655]: ${klog} server.go:1264] "Started kubelet"`, 'kubelet_initialized'],
    ['systemd[1]: Started Kubelet.', undefined],
  ],
  ubuntu: [
    ['systemd[1]: Started Service for snap application kubelet-eks.daemon.', 'kubelet_start'],
  ],
  flatcar: [['systemd[1]: Finished ignition-files.service - Ignition (files).', 'ignition_finish']],
  kind: [
    [
      String.raw`containerd[9]: ${time} ${sandbox} name:\"kindnet-cni\" returns container id \"1\""`,
      'kindnet_start',
    ],
  ],
  generic: [
    [
      `kubelet[5712]: ${klog} server.go:545] "Kubelet version" kubeletVersion="v1.37.0"`,
      'kubelet_start',
    ],
  ],
};

async function eventsOf(pack: BuiltInPack, line: string): Promise<string[]> {
  const text = `2024-11-28T02:59:16.5+00:00 node ${line}\n`;
  const { occurrences } = await scanLogs(pack, [{ source: 'Journal', text, writtenUnixMs: 0 }]);
  return occurrences.map(({ event }) => event);
}

describe('the built-in packs', () => {
  it('are in one file as they are in their own', () => {
    assert.equal(readFileSync(builtInPacksFile, 'utf8'), builtInPacksText());
  });

  it('have all events of the classic project, under its names, and one more', () => {
    const metrics = builtInPack('eks').events.map(({ metric }) => metric);

    assert.deepEqual(metrics.toSorted(), classicMetrics.toSorted());
  });

  it('have the names that were meant beside those that are misspelt', () => {
    const aliases = builtInPack('node').events.flatMap((event) => event.aliases ?? []);

    assert.deepEqual(aliases, ['containerd_start', 'containerd_initialized']);
  });

  it('wait for the node and the pod', () => {
    const terminal = builtInPack('node').events.filter((event) => event.terminal);

    assert.deepEqual(
      terminal.map(({ metric }) => metric),
      ['node_ready', 'pod_ready'],
    );
  });

  for (const name of builtInPacks)
    it(`${name}: has patterns that are sound and need no engine`, async () => {
      const pack = builtInPack(name);
      const { problems } = await compilePack(pack, 'default');
      const patterns = [...pack.events, ...pack.counters].flatMap((each) => each.patterns);

      assert.deepEqual(problems, []);
      assert.deepEqual(
        patterns.filter(({ pattern }) => needsExpression(pattern)),
        [],
      );
    });

  for (const [writer, written] of Object.entries(lines))
    describe(`of lines of ${writer}`, () => {
      for (const [line, event] of written)
        it(`take ${line.slice(0, 110)} for ${event ?? 'nothing'}`, async () => {
          for (const pack of ['node', 'ubuntu'] as const)
            assert.deepEqual(await eventsOf(pack, line), event === undefined ? [] : [event]);
        });
    });

  for (const [name, written] of Object.entries(ofPacks))
    for (const [line, event] of written)
      it(`${name}: takes ${line.slice(0, 110)} for ${event ?? 'nothing'}`, async () => {
        const found = await eventsOf(name as BuiltInPack, line);

        assert.deepEqual(found, event === undefined ? [] : [event]);
      });

  it('chart units where nothing is known of a distribution, and there alone', () => {
    const charting = builtInPacks.filter((name) => builtInPack(name).chartsUnits);

    assert.deepEqual(charting, ['generic']);
  });
});
